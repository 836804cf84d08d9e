package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatTest {
  private static final int WIDE = Integer.MAX_VALUE;

  static Map<String, Object> row(Object... namesAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return row;
  }

  static String printed(Format format, int width, List<Map<String, Object>> rows) {
    StringWriter text = new StringWriter();
    List<String> columns = List.copyOf(rows.get(0).keySet());
    format.print(new Rows(columns, rows), width, new PrintWriter(text));
    return text.toString();
  }

  private static List<Map<String, Object>> trials() {
    return List.of(
        row(
            "learning_rate",
            0.1,
            "hidden",
            List.of(50, 20),
            "bias",
            true,
            "batch_size",
            32L,
            "validation_accuracy",
            0.97412345,
            "train_loss",
            2.3456789,
            "message",
            null),
        row(
            "learning_rate",
            0.005,
            "hidden",
            List.of(),
            "bias",
            false,
            "batch_size",
            null,
            "validation_accuracy",
            1.0,
            "train_loss",
            0.0000123456,
            "message",
            "a\nb\u001b[2J"));
  }

  @Test
  void aTableAlignsAndRounds() {
    assertEquals(
        """
        learning_rate  hidden    bias   batch_size  validation_accuracy  train_loss  message
        ─────────────  ────────  ─────  ──────────  ───────────────────  ──────────  ─────────────
                  0.1  [50, 20]  true           32               0.9741       2.346
                0.005  []        false                           1.0000      1.2e-5  a\\nb\\u001b[2J
        """,
        printed(Format.TABLE, WIDE, trials()));
  }

  @Test
  void headersOfATableThatIsTooWideAreBroken() {
    assertEquals(
        """
        learning_                   batch_  validation_  train_
             rate  hidden    bias     size     accuracy    loss  message
        ─────────  ────────  ─────  ──────  ───────────  ──────  ─────────────
              0.1  [50, 20]  true       32       0.9741   2.346
            0.005  []        false               1.0000  1.2e-5  a\\nb\\u001b[2J
        """,
        printed(Format.TABLE, 75, trials()));
  }

  @Test
  void aFewRowsThatStayTooWideStandUpright() {
    String table = printed(Format.TABLE, 50, trials());
    assertTrue(table.startsWith("learning_rate        0.1"), table);
    assertTrue(table.lines().allMatch(line -> line.length() <= 50), table);
    assertEquals(7, table.lines().count());
  }

  @Test
  void oneColumnThatIsLeftOutIsTold() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rows.add(row("first", 1111111, "second", 22222222, "third", 3333333, "fourth", 4444444));
    }
    assertTrue(printed(Format.TABLE, 40, rows).contains("fourth"));
    String table = printed(Format.TABLE, 34, rows);
    assertTrue(
        table.contains("\n1 column left out to fit; --format csv and json show all 4"), table);
  }

  /** It would lose its scale, and what it says with it. */
  @Test
  void aTableWithDrawnCellsIsCutButNeverStandsUpright() {
    String long1 = "[unit, hog { pixels-per-cell = [2, 2], cells-per-block = [2, 2] } ]";
    List<Map<String, Object>> rows =
        List.of(row("value", long1, "mean", 0.5, "0.1            0.9", "╶───●────╴"));
    String table = printed(Format.TABLE, 50, rows);
    assertTrue(table.startsWith("value "), table);
    assertTrue(table.contains("0.1            0.9"), table);
    assertTrue(table.contains("╶───●────╴"), table);
    assertTrue(table.lines().allMatch(line -> line.length() <= 50), table);
  }

  @Test
  void manyRowsThatStayTooWideLoseColumnsOfTheMiddleAndSaySo() {
    List<Map<String, Object>> rows = new ArrayList<>(trials());
    rows.addAll(trials());
    String table = printed(Format.TABLE, 50, rows);
    assertTrue(table.lines().limit(7).allMatch(line -> line.length() <= 50), table);
    assertTrue(table.contains("columns left out to fit"), table);
    assertTrue(table.contains("…"), table);
  }

  @Test
  void csvReadsBackWithFullPrecision(@TempDir Path folder) throws Exception {
    double third = 1.0 / 3;
    String hostile = "=1,\"quoted\"\r\nnext; DROP TABLE trials --";
    String csv =
        printed(
            Format.CSV,
            WIDE,
            List.of(
                row(
                    "name, of \"it\"",
                    hostile,
                    "value",
                    third,
                    "list",
                    List.of("a", "b,c"),
                    "time",
                    Instant.parse("2026-11-20T10:11:12.123456Z"),
                    "flag",
                    true),
                row(
                    "name, of \"it\"",
                    "",
                    "value",
                    Double.NaN,
                    "list",
                    null,
                    "time",
                    null,
                    "flag",
                    null)));
    Path file = Files.writeString(folder.resolve("rows.csv"), csv);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT * FROM read_csv('%s', header = true, quote = '\"', escape = '\"', "
                        .formatted(file)
                    + "delim = ',', all_varchar = true, new_line = '\\n', strict_mode = false)")) {
      assertEquals("name, of \"it\"", rows.getMetaData().getColumnName(1));
      rows.next();
      assertEquals(hostile, rows.getString(1));
      assertEquals(third, Double.parseDouble(rows.getString(2)));
      assertEquals("[\"a\",\"b,c\"]", rows.getString(3));
      assertEquals("2026-11-20T10:11:12.123456Z", rows.getString(4));
      assertEquals("true", rows.getString(5));
    }
    assertTrue(csv.endsWith("\n\"\",,,,\n"), csv);
  }

  @Test
  void jsonReadsBackWithFullPrecisionAndTypes() throws Exception {
    double third = 1.0 / 3;
    String hostile = "\"},{\"status\":\"</script>\u0000\n";
    String json =
        printed(
            Format.JSON,
            WIDE,
            List.of(
                row(
                    "name",
                    hostile,
                    "value",
                    third,
                    "whole",
                    Long.MAX_VALUE,
                    "list",
                    List.of(50, 20),
                    "nothing",
                    null,
                    "infinite",
                    Double.POSITIVE_INFINITY,
                    "real",
                    new BigDecimal("1E-3"),
                    "time",
                    Instant.parse("2026-11-20T10:11:12.123456Z"))));
    JsonNode rows =
        new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(json);
    assertEquals(1, rows.size());
    JsonNode row = rows.get(0);
    assertEquals(hostile, row.get("name").textValue());
    assertEquals(third, row.get("value").doubleValue());
    assertEquals(Long.MAX_VALUE, row.get("whole").longValue());
    assertEquals("[50,20]", row.get("list").toString());
    assertTrue(row.get("nothing").isNull());
    assertTrue(row.get("infinite").isNull());
    assertEquals("0.001", row.get("real").toString());
    assertEquals("2026-11-20T10:11:12.123456Z", row.get("time").textValue());
  }

  @Test
  void noRows_everyFormatStillSaysTheColumns() {
    Rows none = new Rows(List.of("trial", "status"), List.of());
    List<String> texts =
        Arrays.stream(Format.values())
            .map(
                format -> {
                  StringWriter text = new StringWriter();
                  format.print(none, WIDE, new PrintWriter(text));
                  return text.toString();
                })
            .toList();
    assertEquals(
        List.of(
            "trial  status\n─────  ──────\n",
            "| trial | status |\n| --- | --- |\n",
            "trial,status\n",
            "[]\n"),
        texts);
  }

  @Test
  void whatJsonDoesNotKnowIsText() throws Exception {
    List<Map<String, Object>> rows =
        List.of(row("day", Duration.ofHours(24), "year", Period.ofYears(1), "none", Double.NaN));
    JsonNode row = new ObjectMapper().readTree(printed(Format.JSON, WIDE, rows)).get(0);
    assertEquals("PT24H", row.get("day").textValue());
    assertEquals("P1Y", row.get("year").textValue());
    assertTrue(row.get("none").isNull());
    assertEquals("day,year,none\nPT24H,P1Y,\n", printed(Format.CSV, WIDE, rows));
  }
}
