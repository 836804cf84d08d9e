package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.driver.results.FaultyFileSystem;
import org.trawl.driver.results.HadoopConfiguration;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.spark.SparkSessions;
import org.trawl.driver.sweep.InputException;

class SqlQueryTest {
  @TempDir static Path folder;
  private static SparkSession session;
  private static RunFolder animals;
  private static RunFolder birds;

  @BeforeAll
  static void writeRuns() {
    session = SparkSessions.session(Optional.of("local[2]"), "tests");
    animals = new SampleRun("animals").write(folder.resolve("animals"), "animals");
    birds = new SampleRun("birds").write(folder.resolve("birds"), "birds");
  }

  private static List<Map<String, Object>> answer(String sql, RunFolder... runs) {
    List<Map<String, Object>> rows = new ArrayList<>();
    SqlQuery.rows(session, List.of(runs), sql).values().forEach(rows::add);
    return rows;
  }

  @Test
  void everyTableIsThereUnderItsName() {
    assertEquals(
        List.of(
            "attempts",
            "classes",
            "confusion",
            "ensembles",
            "epochs",
            "layers",
            "parts",
            "roc",
            "trials"),
        answer("SHOW TABLES", animals).stream().map(row -> row.get("tableName")).toList());
    assertEquals(640L, answer("SELECT count(*) AS n FROM epochs;", animals).get(0).get("n"));
    assertEquals(0L, answer("SELECT count(*) AS n FROM attempts", animals).get(0).get("n"));
  }

  @Test
  void aTableWhoseNameIsPutTogetherIsThereToo() {
    for (String name : List.of("IDENTIFIER('TRI' || 'als')", "`Trials`")) {
      assertEquals(36L, answer("SELECT count(*) AS n FROM " + name, animals).get(0).get("n"));
    }
  }

  @Test
  void runsAreUnited() {
    assertEquals(
        List.of(Map.of("sweep", "animals", "n", 36L), Map.of("sweep", "birds", "n", 36L)),
        answer("SELECT sweep, count(*) AS n FROM trials GROUP BY ALL ORDER BY 1", animals, birds));
  }

  @Test
  void aFolderWithAnyName_isTakenByItsLetters() {
    RunFolder odd = new SampleRun("odd").write(folder.resolve("run [1] {a,b} *%20?:x"), "odd");
    assertEquals(36L, answer("SELECT count(*) AS n FROM trials", odd).get(0).get("n"));
  }

  @Test
  void aFolderWithoutTables_hasEmptyOnes() {
    RunFolder none = RunFolder.at(folder.resolve("none").toString());
    assertEquals(List.of(), answer("SELECT * FROM trials", none));
  }

  @Test
  void aDamagedTable_isNamed() throws Exception {
    RunFolder damaged = new SampleRun("damaged").write(folder.resolve("damaged"), "damaged");
    Path file = folder.resolve("damaged/tables/epochs/part-00000.parquet");
    Files.writeString(file, "no Parquet");
    InfrastructureException failure =
        assertThrows(InfrastructureException.class, () -> answer("SELECT * FROM epochs", damaged));
    assertTrue(failure.getMessage().startsWith("Cannot answer the query: "));
    assertTrue(failure.getMessage().contains("tables/epochs"), failure.getMessage());
  }

  /** As by a run that goes on. */
  @Test
  void aTableThatIsWrittenWhileItIsReadIsReadAnew() {
    FaultyFileSystem.know(session.sparkContext().hadoopConfiguration());
    FaultyFileSystem.know(HadoopConfiguration.current());
    Path path = folder.resolve("going");
    RunFolder local = new SampleRun("going").write(path, "going");
    RunFolder going = RunFolder.at("faulty:" + path);
    FaultyFileSystem.beforeReading(
        () -> local.replaceEnsembles(List.of(Map.of("method", "mean"), Map.of("method", "mean"))));
    assertEquals(2L, answer("SELECT count(*) AS n FROM ensembles", going).get(0).get("n"));
  }

  @Test
  void valuesKeepTheirTypes() {
    Map<String, Object> row =
        answer(
                "SELECT hidden, learning_rate, seed, bias, message, timestamp'2026-11-20 10:00:00' "
                    + "AS time, 1.50BD AS exact, map('a', array(1)) AS map, "
                    + "named_struct('x', 1) AS struct, 1 AS twice, 2 AS twice "
                    + "FROM trials LIMIT 1",
                animals)
            .get(0);
    assertEquals(List.of(50, 20), row.get("hidden"));
    assertEquals(0.005, row.get("learning_rate"));
    assertEquals(8_000_000_001L, row.get("seed"));
    assertEquals(true, row.get("bias"));
    assertEquals(null, row.get("message"));
    assertEquals(Instant.parse("2026-11-20T10:00:00Z"), row.get("time"));
    assertEquals(new BigDecimal("1.50"), row.get("exact"));
    assertEquals(Map.of("a", List.of(1)), row.get("map"));
    assertEquals(Map.of("x", 1), row.get("struct"));
    assertEquals(1, row.get("twice"));
    assertEquals(2, row.get("twice_2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE copy USING parquet AS SELECT * FROM trials",
        "CREATE TEMPORARY VIEW v AS SELECT 1",
        "INSERT INTO trials SELECT * FROM trials",
        "INSERT OVERWRITE DIRECTORY '%s/out' USING csv SELECT 1",
        "FROM trials INSERT OVERWRITE DIRECTORY '%s/out' USING csv SELECT trial",
        "DROP VIEW trials",
        "SET spark.sql.ansi.enabled = false",
        "CACHE TABLE trials",
        "EXPLAIN SELECT 1",
      })
  void whatIsNotAQueryIsRefused(String sql) {
    InputException refused =
        assertThrows(InputException.class, () -> answer(sql.formatted(folder), animals));
    assertTrue(refused.getMessage().startsWith("Cannot run what is not a query: "));
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT TRANSFORM(trial) USING 'touch %s/out' AS x FROM trials",
        "SELECT * FROM (SELECT TRANSFORM(trial) USING 'touch %s/out' AS x FROM trials)",
        "WITH t AS (SELECT TRANSFORM(trial) USING 'touch %s/out' AS x FROM trials) SELECT * FROM t",
        "SELECT (SELECT max(x) FROM (SELECT TRANSFORM(trial) USING 'touch %s/out' AS x FROM trials))",
        "SELECT java_method('java.lang.System', 'setProperty', 'harmed', 'yes')",
        "SELECT 1 WHERE length(try_reflect('java.lang.System', 'setProperty', 'harmed', 'yes')) > 0",
      })
  void aQueryRunsNoPrograms(String sql) {
    assertTrue(error(sql.formatted(folder)).startsWith("Cannot run programs from a query: "));
    assertFalse(Files.exists(folder.resolve("out")));
    assertEquals(null, System.getProperty("harmed"));
  }

  @Test
  void whatAQueryRaisesOrCannotMeanIsWrongInput() {
    assertEquals("Cannot run the query: none left", error("SELECT raise_error('none left')"));
    assertTrue(error("SELECT (SELECT repeat FROM trials)").contains("More than one row"));
  }

  @Test
  void errorsStandOnOneLineWithTheirPlace() {
    assertEquals(
        "Cannot run the query: line 1, position 1: Syntax error at or near 'SELEC'.",
        error("SELEC 1"));
    assertEquals(
        "Cannot run the query: line 2, position 3: Division by zero. Use `try_divide` to tolerate "
            + "divisor being 0 and return NULL instead.",
        error("SELECT\n  repeat / 0 FROM trials"));
    assertEquals(
        "Cannot run the query: there is no table trails (did you mean trials?). Expected one of: "
            + "trials, epochs, layers, parts, classes, confusion, roc, attempts, ensembles",
        error("SELECT * FROM trails"));
    String unknown = error("SELECT learing_rate FROM trials");
    assertTrue(unknown.contains("line 1, position 8: "), unknown);
    assertTrue(unknown.contains("`learning_rate`"), unknown);
    assertFalse(unknown.contains("\n"), unknown);
  }

  private static String error(String sql) {
    return assertThrows(InputException.class, () -> answer(sql, animals)).getMessage();
  }
}
