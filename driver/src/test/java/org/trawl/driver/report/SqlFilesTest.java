package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.SparkSessions;

/** The files of deploy/sql, each statement of them. */
class SqlFilesTest {
  private static final Path FILES = Path.of(System.getProperty("trawl.home"), "deploy/sql");

  @TempDir static Path folder;
  private static SparkSession session;
  private static List<RunFolder> runs;

  @BeforeAll
  static void writeRuns() {
    session = SparkSessions.session(Optional.of("local[2]"), "tests");
    runs =
        List.of(
            new SampleRun("animals").write(folder.resolve("animals"), "animals"),
            new SampleRun("birds").write(folder.resolve("birds + 1%20"), "birds"));
  }

  private static List<String> statements(String file) throws IOException {
    String text =
        Files.readString(FILES.resolve(file))
            .replaceAll("(?m)^--.*$", "")
            .replace("'runs/*/", "'" + folder + "/*/")
            .replace("`runs/*/", "`" + folder + "/*/");
    return Arrays.stream(text.split(";")).map(String::strip).filter(one -> !one.isEmpty()).toList();
  }

  @Test
  void everyExampleHasAnAnswer() throws IOException {
    List<String> examples = statements("examples.sql");
    assertEquals(12, examples.size());
    for (String sql : examples) {
      Rows rows = SqlQuery.rows(session, runs, sql);
      long count = StreamSupport.stream(rows.values().spliterator(), false).count();
      // The sample has neither layers nor attempts.
      boolean none = sql.contains("FROM layers") || sql.contains("FROM attempts");
      assertTrue(none == (count == 0), () -> count + " rows of " + sql);
    }
  }

  @Test
  void sparkAndDuckDbSeeTheSameNamesAndRows() throws Exception {
    Map<String, Long> expected = new TreeMap<>();
    SampleRun sample = new SampleRun("animals");
    Table.ALL.forEach(table -> expected.put(table.name(), 0L));
    expected.put("trials", 2L * sample.trials.size());
    expected.put("epochs", 2L * sample.epochs.size());
    expected.put("classes", 2L * sample.classes.size());
    expected.put("confusion", 2L * sample.confusion.size());

    SparkSession own = session.newSession();
    statements("views.sql").forEach(own::sql);
    Map<String, Long> inSpark = new TreeMap<>();
    expected.keySet().forEach(name -> inSpark.put(name, own.table(name).count()));
    assertEquals(expected, inSpark);
    List<String> names = List.of("animals", "birds + 1%20");
    String distinct = "SELECT DISTINCT run FROM trials JOIN epochs USING (trial, run) ORDER BY run";
    assertEquals(
        names, own.sql(distinct).collectAsList().stream().map(row -> row.getString(0)).toList());
    List<Object> asked = new ArrayList<>();
    SqlQuery.rows(session, runs, distinct).values().forEach(row -> asked.add(row.get("run")));
    assertEquals(names, asked);

    Map<String, Long> inDuckDb = new TreeMap<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      for (String sql : statements("views-duckdb.sql")) {
        statement.execute(sql);
      }
      List<String> inDuck = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(distinct)) {
        while (rows.next()) {
          inDuck.add(rows.getString(1));
        }
      }
      assertEquals(names, inDuck);
      for (String name : expected.keySet()) {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + name)) {
          count.next();
          inDuckDb.put(name, count.getLong(1));
        }
      }
    }
    assertEquals(expected, inDuckDb);
  }
}
