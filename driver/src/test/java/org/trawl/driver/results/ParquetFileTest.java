package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.trawl.driver.results.ColumnType.ListOf;
import org.trawl.driver.results.ColumnType.Scalar;

class ParquetFileTest {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("text", ""),
          Column.flag("flag", ""),
          Column.whole("whole", ""),
          Column.large("large", ""),
          Column.real("real", ""),
          Column.time("time", ""),
          Column.list("wholes", Scalar.INTEGER, ""),
          Column.list("words", Scalar.STRING, ""),
          Column.list("matrix", new ListOf(Scalar.DOUBLE), ""),
          Column.struct("struct", "", Column.real("loss", ""), Column.list("n", Scalar.LONG, "")));

  @Test
  void everyTypeReadsBackAsItWasWritten() throws IOException {
    List<Map<String, Object>> rows =
        List.of(
            row(
                "Größe, \"quoted\"\n",
                true,
                -1,
                1L << 40,
                0.1,
                Instant.parse("1969-12-31T23:59:59.999999Z"),
                List.of(1, 2, 3),
                List.of("a", ""),
                List.of(List.of(1.0), List.of()),
                struct(2.5, List.of(7L))),
            row("", false, 0, 0L, -0.0, Instant.EPOCH, List.of(), List.of(), List.of(), null));
    assertEquals(rows, roundTrip(rows));
  }

  @Test
  void nullsStayNullsAlsoInsideListsAndStructs() throws IOException {
    List<Map<String, Object>> rows =
        List.of(
            row(null, null, null, null, null, null, null, null, null, null),
            row(
                null,
                null,
                null,
                null,
                null,
                null,
                Arrays.asList(1, null, 3),
                Collections.singletonList(null),
                Arrays.asList(null, List.of(1.0)),
                struct(null, null)));
    assertEquals(rows, roundTrip(rows));
  }

  @Test
  void whatIsNotFiniteBecomesNull() throws IOException {
    for (double value :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      Map<String, Object> row =
          row(
              null,
              null,
              null,
              null,
              value,
              null,
              null,
              null,
              List.of(List.of(value, 1.0)),
              struct(value, null));
      Map<String, Object> read = roundTrip(List.of(row)).get(0);
      assertEquals(null, read.get("real"));
      assertEquals(List.of(Arrays.asList(null, 1.0)), read.get("matrix"));
      assertEquals(struct(null, null), read.get("struct"));
    }
  }

  @Test
  void manyRowsOfRandomValuesReadBackInOrder() throws IOException {
    Random random = new Random(1);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int index = 0; index < 50_000; index++) {
      rows.add(
          row(
              "word" + random.nextInt(30_000),
              random.nextBoolean(),
              random.nextInt(),
              random.nextLong(),
              random.nextGaussian(),
              Instant.ofEpochSecond(random.nextInt(), 1000L * random.nextInt(1_000_000)),
              random.ints(random.nextInt(4)).boxed().toList(),
              null,
              null,
              null));
    }
    assertEquals(rows, roundTrip(rows));
  }

  @Test
  void columnsAreReadInTheOrderAskedForAndOnesThatTheFileLacksAreNull() throws IOException {
    byte[] file =
        ParquetFile.encode(
            List.of(Column.text("a", ""), Column.whole("b", "")),
            Map.of(),
            List.of(Map.<String, Object>of("a", "x", "b", 1)).iterator());
    Map<String, Object> row =
        ParquetFile.decode(file, List.of(Column.whole("b", ""), Column.real("c", "")))
            .rows()
            .get(0);
    assertEquals(List.of("b", "c"), List.copyOf(row.keySet()));
    assertEquals(1, row.get("b"));
    assertEquals(null, row.get("c"));
  }

  @Test
  void rowsOfOneKeyAreTheSameAsThoseThatAFilterLeaves() throws IOException {
    Random random = new Random(3);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) { // two pages
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("trial", random.nextInt(9) == 0 ? null : "t" + random.nextInt(3));
      row.put("widths", random.ints(random.nextInt(3)).boxed().toList());
      row.put("value", random.nextBoolean() ? null : (Object) random.nextDouble());
      rows.add(row);
    }
    List<Column> columns =
        List.of(
            Column.text("trial", ""),
            Column.list("widths", ColumnType.Scalar.INTEGER, ""),
            Column.real("value", ""));
    byte[] file = ParquetFile.encode(columns, Map.of(), rows.iterator());
    for (String wanted : List.of("t0", "t2", "none")) {
      List<Map<String, Object>> read = new ArrayList<>();
      ParquetFile.decode(file, columns, Optional.of(wanted::equals), read::add);
      assertEquals(
          rows.stream().filter(row -> wanted.equals(row.get("trial"))).toList(), read, wanted);
    }
  }

  @Test
  void metadataReadsBack() throws IOException {
    byte[] file = ParquetFile.encode(COLUMNS, Map.of("trawl.x", "ü"), Collections.emptyIterator());
    assertEquals("ü", ParquetFile.decode(file, COLUMNS).metadata().get("trawl.x"));
    assertTrue(ParquetFile.decode(file, COLUMNS).rows().isEmpty());
  }

  @Test
  void equalRowsMakeEqualBytes() {
    List<Map<String, Object>> rows = List.of(Map.of("text", "x", "real", 1.5));
    assertArrayEquals(
        ParquetFile.encode(COLUMNS, Map.of("a", "b"), rows.iterator()),
        ParquetFile.encode(COLUMNS, Map.of("a", "b"), rows.iterator()));
  }

  @Test
  void whatIsNoParquetFileIsRefused() {
    byte[] text = "this is not a Parquet file, but text".getBytes(StandardCharsets.UTF_8);
    assertThrows(IOException.class, () -> ParquetFile.decode(text, COLUMNS));
    assertThrows(IOException.class, () -> ParquetFile.decode(new byte[0], COLUMNS));
    byte[] file = ParquetFile.encode(COLUMNS, Map.of(), Collections.emptyIterator());
    byte[] half = Arrays.copyOf(file, file.length / 2);
    assertThrows(IOException.class, () -> ParquetFile.decode(half, COLUMNS));
  }

  private static List<Map<String, Object>> roundTrip(List<Map<String, Object>> rows)
      throws IOException {
    return ParquetFile.decode(ParquetFile.encode(COLUMNS, Map.of(), rows.iterator()), COLUMNS)
        .rows();
  }

  private static Map<String, Object> row(Object... values) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int index = 0; index < values.length; index++) {
      row.put(COLUMNS.get(index).name(), values[index]);
    }
    return row;
  }

  private static Map<String, Object> struct(Object loss, Object counts) {
    Map<String, Object> struct = new LinkedHashMap<>();
    struct.put("loss", loss);
    struct.put("n", counts);
    return struct;
  }
}
