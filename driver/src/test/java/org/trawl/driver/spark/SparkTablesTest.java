package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.SourceSpec.ImageChanges;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.RandomStream;
import org.trawl.driver.SparkTest;

/** Parquet files that DuckDB wrote, and what Spark itself knows. */
final class SparkTablesTest {
  private static SparkSession session;

  @TempDir private Path folder;

  @BeforeAll
  static void startSpark() {
    session = SparkTest.session();
  }

  private static void duckDb(String sql) throws SQLException {
    DamagedParquet.duckDb(sql);
  }

  private static SourceSpec source(Format format, String train, String label) {
    return new SourceSpec(
        "t",
        format,
        List.of(train),
        List.of(),
        List.of(),
        List.of(),
        label,
        Header.AUTO,
        List.of(),
        0);
  }

  private static Dataset read(SourceSpec source) {
    return DataCache.shared().load(source, ClusterStorage.INSTANCE);
  }

  private static float[] reals(Dataset dataset) {
    return ((Samples.Reals) dataset.samples()).held().data;
  }

  @Test
  void parquet_ofDuckDb() throws SQLException {
    Path file = folder.resolve("t.parquet");
    duckDb(
        "COPY (SELECT 1.5::FLOAT AS a, 'x' AS kind, 2::TINYINT AS b, [3.5, 4] AS c, true AS d"
            + " UNION ALL SELECT -1, 'y', 30, [0, 0.25], false) TO '"
            + file
            + "' (FORMAT parquet)");

    Dataset dataset = read(source(Format.PARQUET, file.toString(), "kind"));

    assertArrayEquals(new float[] {1.5f, 2, 3.5f, 4, 1, -1, 30, 0, 0.25f, 0}, reals(dataset));
    assertEquals(List.of("x", "y"), dataset.classes());
    assertArrayEquals(new int[] {0, 1}, dataset.labels());
    assertEquals(SampleShape.NONE, dataset.shape());
  }

  @Test
  void parquet_inFilesAndFoldersOfAValue() throws SQLException, IOException {
    Path data = folder.resolve("data");
    duckDb(
        "COPY (SELECT i::DOUBLE / 4 AS a, i AS b, i % 3 AS kind FROM range(30) t(i)) TO '"
            + data
            + "' (FORMAT parquet, PARTITION_BY (kind))");

    Dataset dataset = read(source(Format.PARQUET, data.toString(), "kind"));

    assertEquals(30, dataset.trainRows());
    assertEquals(List.of("0", "1", "2"), dataset.classes());
    assertEquals(0.75f, reals(dataset)[2]); // kind=0: 0, 3, …
    assertEquals(2, dataset.labels()[29]);
  }

  @Test
  void parquet_ofImages() throws SQLException, IOException {
    Random random = new Random(1);
    StringBuilder rows = new StringBuilder();
    byte[] expected = new byte[2 * 4 * 5 * 3];
    random.nextBytes(expected);
    for (int n = 0; n < 2; n++) {
      BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 20; i++) {
        int at = 60 * n + 3 * i;
        image.setRGB(
            i % 5,
            i / 5,
            (expected[at] & 0xFF) << 16
                | (expected[at + 1] & 0xFF) << 8
                | (expected[at + 2] & 0xFF));
      }
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(image, n == 0 ? "png" : "bmp", png);
      StringBuilder hex = new StringBuilder();
      for (byte b : png.toByteArray()) {
        hex.append(String.format(Locale.ROOT, "\\x%02X", b));
      }
      rows.append(n == 0 ? "" : " UNION ALL ");
      rows.append(
          String.format(
              Locale.ROOT,
              "SELECT {'bytes': '%s'::BLOB, 'path': 'p'} AS image, %d AS label",
              hex,
              n));
    }
    Path file = folder.resolve("images.parquet");
    duckDb("COPY (%s) TO '%s' (FORMAT parquet)".formatted(rows, file));

    Dataset dataset = read(source(Format.PARQUET, file.toString(), "label"));

    assertEquals(new SampleShape(4, 5, 3), dataset.shape());
    assertArrayEquals(expected, ((Samples.Bytes) dataset.samples()).data());
    assertEquals(255, dataset.fullScale());
  }

  /** Spark would read one of them as NULL. */
  @Test
  void namesThatDifferInCapitalLettersAlone_areRefused() {
    SparkSession sensitive = session.newSession();
    sensitive.conf().set("spark.sql.caseSensitive", "true");
    String path = folder.resolve("case").toString();
    sensitive.sql("SELECT id AS x, -id AS X, id % 2 AS kind FROM range(4)").write().parquet(path);
    String refused = message(source(Format.PARQUET, path, "kind"));
    assertTrue(
        refused.contains("names differ in more than capital letters, found \"x\" and \"X\""),
        refused);
  }

  @Test
  void wholeNumbersThatAreRounded_areTold() {
    String text = "SELECT 9007199254740993L + 2 * id AS a, id % 2 AS kind FROM range(4)";
    List<String> notes = read(source(Format.TABLE, text, "")).columns().notes();
    assertTrue(notes.get(0).contains("double precision holds: 4, the first at"), "" + notes);
    text =
        "SELECT array(9007199254740993L) AS a, CAST('9007199254740993' AS DECIMAL(20, 0)) AS b,"
            + " CAST(0.1 AS DECIMAL(3, 1)) AS c, id % 2 AS kind FROM range(2)";
    notes = read(source(Format.TABLE, text, "")).columns().notes();
    assertTrue(notes.get(0).contains("double precision holds: 4, the first at"), "" + notes);
  }

  @Test
  void queriesAndTables_areSorted() {
    session
        .sql("SELECT 2 AS a, 0.5 AS b, 'x' AS kind UNION ALL SELECT 1, 0.25, 'y'")
        .createOrReplaceGlobalTempView("flowers");

    for (String text : List.of("global_temp.flowers", "SELECT * FROM global_temp.flowers")) {
      Dataset dataset = read(source(Format.TABLE, text, ""));
      assertArrayEquals(new float[] {1, 0.25f, 2, 0.5f}, reals(dataset));
      assertEquals(List.of("x", "y"), dataset.classes());
      assertArrayEquals(new int[] {1, 0}, dataset.labels());
    }
  }

  @Test
  void imagesOfSparksOwnSource_areTurnedToRgb() {
    String image = "named_struct('height', 1, 'width', 2, 'nChannels', 3, 'data', X'%s') AS image";
    Dataset dataset =
        read(
            source(
                Format.TABLE,
                "SELECT %s, 1 AS label UNION ALL SELECT %s, 2"
                    .formatted(image.formatted("010203040506"), image.formatted("0A0B0C0D0E0F")),
                "label"));

    assertEquals(new SampleShape(1, 2, 3), dataset.shape());
    assertArrayEquals(
        new byte[] {3, 2, 1, 6, 5, 4, 12, 11, 10, 15, 14, 13},
        ((Samples.Bytes) dataset.samples()).data());
  }

  /** Rows are sorted, NULL first. */
  @Test
  void numbersThatAreNull_areFilledIn_andTextsThatAreAreAKind() {
    TrainingData data =
        prepared(
            source(
                Format.TABLE,
                "SELECT 1 AS a, 'u' AS b, 'x' AS kind UNION ALL SELECT NULL, 'v', 'y' UNION ALL"
                    + " SELECT 5, NULL, 'x'",
                ""),
            List.of(
                new PrepareStep.Impute(PrepareStep.Impute.With.MEAN, 0, true),
                new PrepareStep.OneHot()));

    assertArrayEquals( // a; "", u, v; whether a is missing
        new float[] {3, 0, 0, 1, 1, 1, 0, 1, 0, 0, 5, 1, 0, 0, 0}, values(data.dataset()));
  }

  @Test
  void whatCannotBeFeatures_isRefused() throws IOException {
    check(
        "SELECT 1 AS a, date'2020-01-01' AS b, 2 AS c",
        "column b: expected numbers, texts, an array of numbers or an image, found date");
    String withNull = "SELECT 1 AS a, 'x' AS kind UNION ALL SELECT NULL, 'y'";
    DataException refused =
        assertThrows(
            DataException.class,
            () -> prepared(source(Format.TABLE, withNull, ""), List.of()),
            withNull);
    assertTrue(
        refused
            .getMessage()
            .contains("row 1: column a: expected a finite number, found NaN or NULL (cure"),
        refused.getMessage());
    check(
        "SELECT array(1, 2) AS a, 'x' AS kind UNION ALL SELECT array(3), 'y'",
        "row 2: column a: expected 2 values as in other rows, found 1");
    check(
        "SELECT 1 AS a, CAST(NULL AS STRING) AS kind",
        "row 1: label: expected a label of 1 to 256 characters, found NULL");
    check(
        "SELECT 1 AS a, CAST('x' AS BINARY) AS kind",
        "row 1: label: expected a label that is a number or a text, found a value of byte[]");
    check("SELECT 1 AS a, array(1) AS kind", "expected a label that is a number or a text");
    check(
        "SELECT 1 AS a, CAST('NaN' AS DOUBLE) AS kind",
        "expected a label that is a finite number or a text, found NaN");
    check("SELECT 1 AS kind", "expected a column of features, found the label's alone");
    check("SELECT 1 AS a, 2 AS b WHERE 1 = 2", "expected rows, found none");
    check("SELECT a FROM nowhere", "TABLE_OR_VIEW_NOT_FOUND");
    check("DROP TABLE nowhere", "expected a table or a query of Spark");
    checkParquet(new byte[] {120}, "expected a Parquet file, or a folder of them");
    String nowhere = message(source(Format.PARQUET, folder.resolve("none").toString(), ""));
    assertTrue(nowhere.contains("none: no such file or folder; expected a Parquet"), nowhere);
  }

  @Test
  void texts_becomeFeaturesByOneHot() throws SQLException {
    String rows =
        "SELECT 2 AS a, 'red' AS color, array(5, 6) AS c, 'x' AS kind UNION ALL SELECT 1, 'blue',"
            + " array(7, 8), 'y' UNION ALL SELECT 3, 'red', array(9, 0), 'y'";
    Path file = folder.resolve("t.parquet");
    duckDb(
        "COPY (%s ORDER BY 1) TO '%s'"
            .formatted(
                rows.replaceAll("array(\\([^)]*\\))", "[$1]").replace("[(", "[").replace(")]", "]"),
                file));

    for (SourceSpec source :
        List.of(source(Format.TABLE, rows, "kind"), source(Format.PARQUET, "" + file, "kind"))) {
      Dataset dataset = read(source);
      assertEquals(List.of("blue", "red"), dataset.texts().get(0).values());
      assertEquals(1, dataset.texts().get(0).feature());
      String refused =
          assertThrows(DataException.class, () -> prepared(source, List.of())).getMessage();
      assertTrue(
          refused.contains(
              "row 1: column color: expected a number, found \"blue\" (cure for columns of text:"
                  + " one-hot"),
          refused);

      TrainingData data = prepared(source, List.of(new PrepareStep.OneHot()));
      assertArrayEquals(
          new float[] {1, 1, 0, 7, 8, 2, 0, 1, 5, 6, 3, 0, 1, 9, 0}, values(data.dataset()));
    }
  }

  @Test
  void columnsOfTables_areChosenAndIndexesLeftOut() throws SQLException {
    String rows =
        "SELECT 7 AS id, DATE '2020-01-02' AS day, 1.5 AS a, 2 AS b, '2.1' AS kind, 0 AS"
            + " __index_level_0__ UNION ALL SELECT 8, DATE '2020-01-03', 2.5, 3, '2.10', 1"
            + " UNION ALL SELECT 9, DATE '2020-01-03', 3.5, 4, '3', 2";
    Path file = folder.resolve("t.parquet");
    duckDb(
        "COPY (%s ORDER BY 1) TO '%s' (FORMAT parquet, KV_METADATA {pandas: '{\"index_columns\": [\"id\"]}'})"
            .formatted(rows, file));

    Dataset parquet =
        read(chosen(source(Format.PARQUET, "" + file, ""), "", List.of(), List.of("day")));
    assertArrayEquals(new float[] {1.5f, 2, 2.5f, 3, 3.5f, 4}, reals(parquet));
    assertEquals(List.of("2.1", "3"), parquet.classes());
    List<String> notes = parquet.columns().notes();
    assertTrue(notes.get(0).startsWith("left out \"id\", \"__index_level_0__\""), notes.toString());
    assertTrue(notes.get(1).contains("2.1 (1) = 2.10 (1)"), notes.toString());

    SourceSpec table = source(Format.TABLE, rows, "");
    Dataset named = read(chosen(table, "kind", List.of("a", "id"), List.of()));
    assertArrayEquals(new float[] {7, 1.5f, 8, 2.5f, 9, 3.5f}, reals(named));
    Dataset byPosition = read(chosen(table, "3", List.of("a"), List.of()));
    assertEquals(List.of("2", "3", "4"), byPosition.classes());
    DataException none =
        assertThrows(
            DataException.class, () -> read(chosen(table, "kind", List.of(), List.of("days"))));
    assertTrue(
        none.getMessage()
            .contains("expected a column \"days\", as ignore says, found \"id\", \"day\""),
        none.getMessage());
  }

  private static SourceSpec chosen(
      SourceSpec source, String label, List<String> columns, List<String> ignore) {
    return new SourceSpec(
        source.name(),
        source.format(),
        source.train(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        label,
        new TableForm(CsvDialect.PLAIN, TableForm.Labels.AUTO, columns, ignore),
        List.of(),
        Map.of(),
        0,
        SampleShape.NONE,
        ImageChanges.NONE,
        "");
  }

  /** All samples are for training. */
  private static TrainingData prepared(SourceSpec source, List<PrepareStep> prepare) {
    return DataCache.shared()
        .trainingData(
            new DataSpec(source, Part.NONE, Part.NONE, 0, false, 0, prepare),
            new RandomStream(1),
            0,
            ClusterStorage.INSTANCE);
  }

  private static float[] values(Dataset dataset) {
    if (dataset.samples() instanceof Samples.Reals reals) {
      return reals.held().data;
    }
    byte[] bytes = ((Samples.Bytes) dataset.samples()).data();
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    return values;
  }

  @Test
  void aColumnOfTextsInOneFileAndNumbersInAnother_isRefused() throws SQLException {
    Path parts = folder.resolve("parts");
    duckDb(
        "COPY (SELECT 'x' AS a, 1 AS kind) TO '%s' (FORMAT parquet)"
            .formatted(makeFolder(parts).resolve("1")));
    duckDb(
        "COPY (SELECT 2 AS a, 2 AS kind) TO '%s' (FORMAT parquet)".formatted(parts.resolve("2")));
    String message = message(source(Format.PARQUET, parts.toString(), ""));
    assertTrue(message.contains("row 2: column a: expected a text as in the rows"), message);

    duckDb(
        "COPY (SELECT 2 AS a, 2 AS kind) TO '%s' (FORMAT parquet)".formatted(parts.resolve("0")));
    message = message(source(Format.PARQUET, parts.toString(), ""));
    assertTrue(message.contains("row 2: column a: expected a number as in the rows"), message);
  }

  private static Path makeFolder(Path path) {
    assertTrue(path.toFile().mkdirs());
    return path;
  }

  /** Images of several sizes in a table. */
  @Test
  void imagesOfSeveralSizes_becomeOneSize() {
    String query =
        "SELECT named_struct('height', 1, 'width', 2, 'nChannels', 1, 'data', X'0A0A') AS image, 1"
            + " AS label UNION ALL SELECT named_struct('height', 2, 'width', 4, 'nChannels', 1,"
            + " 'data', X'1414141414141414'), 2";
    SourceSpec plain = source(Format.TABLE, query, "label");
    assertTrue(message(plain).contains("expected 2 values as in other rows"), message(plain));

    SourceSpec resized =
        new SourceSpec(
            plain.name(),
            plain.format(),
            plain.train(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            plain.label(),
            Header.AUTO,
            List.of(),
            Map.of(),
            0,
            SampleShape.NONE,
            new ImageChanges(2, 2, false),
            "");
    Dataset dataset = read(resized);
    assertEquals(new SampleShape(2, 2, 1), dataset.shape());
    assertArrayEquals(
        new byte[] {10, 10, 10, 10, 20, 20, 20, 20}, ((Samples.Bytes) dataset.samples()).data());
  }

  /** A few of those of {@link ParquetFaults}. */
  @Test
  void damagedParquet_isReadOrRefused() throws SQLException, IOException {
    DamagedParquet.check(folder, DamagedParquet.NUMBERS, 60);
    DamagedParquet.check(folder, DamagedParquet.MIXED, 60);
  }

  private static void check(String query, String expected) {
    String message = message(source(Format.TABLE, query, ""));
    assertTrue(message.contains(expected), message);
  }

  private void checkParquet(byte[] content, String expected) throws IOException {
    Path file = Files.write(folder.resolve("damaged.parquet"), content);
    String message = message(source(Format.PARQUET, file.toString(), ""));
    assertTrue(message.contains(expected), message);
  }

  private static String message(SourceSpec source) {
    return assertThrows(DataException.class, () -> read(source)).getMessage();
  }
}
