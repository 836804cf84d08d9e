package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.driver.SparkTest;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.ColumnType.ListOf;
import org.trawl.driver.results.ColumnType.Scalar;

/** Every table reads the same through Spark SQL, through DuckDB and through our own reader. */
@TestInstance(Lifecycle.PER_CLASS)
class TablesInOtherReadersTest {
  private static final String SWEEP =
      """
      name = readers
      repeats = 2
      data { source = digits, validation = 0.2, test = 0.1 }
      training { epochs = 3 }
      sweep {
        variants = [
          { name = plain, sweep.network.hidden = [[4], [], [8, 4]] }
          { name = dropped, network { hidden = [8, 8], dropout = [0.1, 0.25] } }
        ]
        training.learning-rate = [0.1, 1e-3]
        training.batch-size = [32, all]
      }
      """;

  private RunFolder run;

  @BeforeAll
  void writeTables(@TempDir Path folder) {
    Plan plan = Plans.of(folder, SWEEP);
    run = RunFolder.at(folder.resolve("run").toString());
    List<PlannedTrial> trials = plan.trials();
    for (PlannedTrial trial : trials.subList(0, trials.size() - 4)) {
      run.journal().publish(JournalTest.segment(trial, 1, Status.COMPLETED, 3));
    }
    run.journal()
        .publish(JournalTest.segment(trials.get(trials.size() - 4), 2, Status.DIVERGED, 1));
    run.journal().record(JournalTest.attempt(trials.get(trials.size() - 3), 1, Status.FAILED, 0));
    new RunTables(plan, run).write();
    run.replaceEnsembles(
        List.of(
            Map.of(
                "ensemble",
                "abc",
                "method",
                "mean",
                "members",
                List.of("a", "b"),
                "size",
                2,
                "loss",
                0.25,
                "made",
                Instant.parse("2026-01-02T03:04:05.000006Z"))));
  }

  static List<Table> tables() {
    return Table.ALL;
  }

  @ParameterizedTest
  @MethodSource("tables")
  void duckDbReadsTheSameRows(Table table) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "select * from '%s/*.parquet'".formatted(run.tableAddress(table)))) {
      for (int column = 0; column < table.columns().size(); column++) {
        assertEquals(
            table.columns().get(column).name(), result.getMetaData().getColumnName(column + 1));
        assertEquals(
            duckDbType(table.columns().get(column).type()),
            result.getMetaData().getColumnTypeName(column + 1),
            table.columns().get(column).name());
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (Column column : table.columns()) {
          row.put(column.name(), javaValue(result.getObject(column.name())));
        }
        rows.add(row);
      }
      assertSameRows(table, rows);
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void sparkReadsTheSameRows(Table table) {
    SparkSession session = SparkTest.session();
    Dataset<Row> data = session.read().parquet(run.tableAddress(table));
    assertEquals(
        table.columns().stream().map(Column::name).toList(), Arrays.asList(data.columns()));
    for (Column column : table.columns()) {
      assertEquals(
          sparkType(column.type()), data.schema().apply(column.name()).dataType().simpleString());
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Row sparkRow : data.collectAsList()) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (Column column : table.columns()) {
        int index = sparkRow.fieldIndex(column.name());
        row.put(
            column.name(),
            sparkRow.isNullAt(index)
                ? null
                : column.type() instanceof ListOf
                    ? sparkRow.getList(index)
                    : javaValue(sparkRow.get(index)));
      }
      rows.add(row);
    }
    assertSameRows(table, rows);
  }

  private void assertSameRows(Table table, List<Map<String, Object>> rows) {
    List<Map<String, Object>> own = run.rows(table);
    assertEquals(own.size(), rows.size());
    for (int index = 0; index < own.size(); index++) {
      assertEquals(own.get(index), rows.get(index));
    }
    assertFalse(own.isEmpty());
  }

  private static Object javaValue(Object value) {
    try {
      if (value instanceof Array array) {
        return Arrays.asList((Object[]) array.getArray());
      } else if (value instanceof OffsetDateTime time) {
        return time.toInstant();
      } else if (value instanceof java.sql.Timestamp time) {
        return Instant.ofEpochSecond(time.getTime() / 1000, time.getNanos());
      }
      return value;
    } catch (SQLException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String duckDbType(ColumnType type) {
    if (type instanceof ListOf list) {
      return duckDbType(list.element()) + "[]";
    }
    return switch ((Scalar) type) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case STRING -> "VARCHAR";
      case TIMESTAMP -> "TIMESTAMP WITH TIME ZONE";
    };
  }

  private static String sparkType(ColumnType type) {
    if (type instanceof ListOf list) {
      return "array<" + sparkType(list.element()) + ">";
    }
    return switch ((Scalar) type) {
      case BOOLEAN -> "boolean";
      case INTEGER -> "int";
      case LONG -> "bigint";
      case DOUBLE -> "double";
      case STRING -> "string";
      case TIMESTAMP -> "timestamp";
    };
  }
}
