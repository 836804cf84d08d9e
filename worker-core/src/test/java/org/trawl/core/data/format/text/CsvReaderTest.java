package org.trawl.core.data.format.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.FeatureForm;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.TextValues;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.kernel.RandomStream;

final class CsvReaderTest {
  @TempDir private Path folder;

  @Test
  void digits_areWhatUciPublished() {
    Dataset digits = TestSources.read(TestSources.DIGITS);

    Samples.Bytes samples = (Samples.Bytes) digits.samples();
    assertEquals(1797, samples.rows());
    assertEquals(64, samples.columns());
    assertEquals(16, digits.fullScale());
    int[] counts = new int[10];
    for (int label : digits.labels()) {
      counts[label]++;
    }
    assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, counts);
    assertEquals(5, samples.data()[2]); // the file's first line: 0,0,5,13,…
    assertEquals(8, digits.labels()[1796]); // and its last: …,12,1,0,8
    assertEquals(1, samples.data()[1796 * 64 + 62]);
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t"})
  void separators_areDetected(String separator) {
    String text = "1,2,a\n3,4,b\n".replace(",", separator);

    checkTwoByTwo(read(text, "-1", Header.ABSENT));
  }

  @Test
  void theMostFrequentSeparatorOutsideQuotes_isTaken() {
    Dataset dataset = read("\"x;y;z;w\",1,2\nb,3,4\n", "0", Header.AUTO);

    assertEquals(List.of("b", "x;y;z;w"), dataset.classes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,2,a\n3,4,b",
        "1,2,a\r\n3,4,b\r\n",
        "1,2,a\r3,4,b\r",
        "\uFEFF1,2,a\n3,4,b\n\n",
        "\n\n1,2,a\n\n3,4,b\r\n\r\n",
        "\"1\",\"2\",\"a\"\n\"3\",\"4\",\"b\"\n",
        " 1 , 2 ,a \n3, 4, b\n",
        "+1,2.0,a\n3e0,.4e1,b\n"
      })
  void linesAndFields_areReadAsTheyAreWritten(String text) {
    checkTwoByTwo(read(text, "-1", Header.ABSENT));
    checkTwoByTwo(read(text, "2", Header.AUTO));
  }

  @Test
  void quotedFields_mayHoldSeparatorsQuotesAndLines() {
    Dataset dataset =
        read("1,\"a, \"\"b\"\"\nc\"\n2,d\nx,e\n".replace("x", "3"), "1", Header.ABSENT);

    assertEquals(List.of("a, \"b\"\nc", "d", "e"), dataset.classes());
    checkError("1,\"a\nb\"\nx,c\n", "1", Header.ABSENT, "t.csv:3: column 0: expected a number");
  }

  @Test
  void headers_areDetected() {
    Dataset byName = read("1,kind,2\n3,a,4\n5,b,6\n", "kind", Header.AUTO);
    assertEquals(2, byName.trainRows());
    assertEquals(List.of("a", "b"), byName.classes());
    assertArrayEquals(new byte[] {3, 4, 5, 6}, ((Samples.Bytes) byName.samples()).data());

    assertEquals(2, read("0,1,target\n3,4,0\n5,6,1\n", "", Header.AUTO).trainRows());
    assertEquals(2, read("x,y,kind\n3,4,a\n5,6,b\n", "-1", Header.AUTO).trainRows());
    assertEquals(3, read("1,2,a\n3,4,b\n5,6,b\n", "-1", Header.AUTO).trainRows());
    assertEquals(2, read("1,2,kind\n3,4,a\n5,6,b\n", "-1", Header.PRESENT).trainRows());
    checkError(
        "x,y,kind\n3,4,a\n",
        "-1",
        Header.ABSENT,
        "t.csv:1: column 0: expected a number, found \"x\"");
    checkError(
        "1,2,a\n3,4,b\n",
        "kind",
        Header.ABSENT,
        "t.csv:1: expected a header with the label column \"kind\", found no header");
    checkError(
        "x,y,a\n3,4,b\n",
        "kind",
        Header.AUTO,
        "t.csv:1: expected a header with the label column \"kind\", found \"x\", \"y\", \"a\"");
    checkError("x,x,y\n3,4,b\n", "x", Header.AUTO, "t.csv:1: expected one column \"x\", found two");
    checkError(
        "x,y,kind\n",
        "kind",
        Header.AUTO,
        "t.csv:1: expected a sample below the header, found the end of the file");
  }

  @Test
  void labelPositions_countFromTheStartOrTheEnd() {
    String text = "1,2,4\n4,5,6\n";

    assertEquals(List.of("1", "4"), read(text, "0", Header.AUTO).classes());
    assertEquals(List.of("2", "5"), read(text, "-2", Header.AUTO).classes());
    assertEquals(List.of("4", "6"), read(text, "", Header.AUTO).classes());
    checkError(
        text,
        "3",
        Header.AUTO,
        "t.csv:1: expected column 3 for the label, found columns 0 to 2 (or -1 to -3 from the"
            + " end)");
    checkError(text, "-4", Header.AUTO, "t.csv:1: expected column -4 for the label");
  }

  @Test
  void classes_areInNumericElseInUnicodeOrder() {
    assertEquals(
        List.of("-1", "2", "10.0"), read("0,10.0\n0,2\n0,-1\n0,2.0\n0,10\n", "").classes());
    assertArrayEquals(
        new int[] {2, 1, 0, 1, 2}, read("0,10.0\n0,2\n0,-1\n0,2.0\n0,10\n", "").labels());
    assertEquals(
        List.of("10", "2", "Z", "a", "ä", "\uFFFD", "\uD83D\uDE00"),
        read("0,a\n0,2\n0,\uD83D\uDE00\n0,\uFFFD\n0,ä\n0,Z\n0,10\n", "", Header.ABSENT).classes());
  }

  @Test
  void namedClasses_areInTheirOrderAndOthersAreRefused() {
    Dataset numbers = read("0,1.0\n0,2\n", "", Header.AUTO, "2", "3", "1");
    assertEquals(List.of("2", "3", "1"), numbers.classes());
    assertArrayEquals(new int[] {2, 0}, numbers.labels());

    checkError(
        "0,1\n0,4\n",
        "",
        Header.AUTO,
        "t.csv:2: column 1: expected a label of 1, 2, found \"4\"",
        "1",
        "2");
    checkError(
        "0,1\n",
        "",
        Header.AUTO,
        "Cannot read table: classes: expected different ones, found \"1\" and \"1.0\", which are one number (cure: label-type = text)",
        "1",
        "1.0");
    checkError("0,1\n", "", Header.AUTO, "expected at least 2 classes, found 1: 1", "1");
  }

  @Test
  void trainAndTest_areSeveralFilesOfTheSameColumns() {
    Path a = write("a.csv", "x,y,kind\n1,2,b\n");
    Path b = write("b.csv", "3;4;c\n");
    Path c = write("c.csv", "kind,x,y\nd,0.5,-6\n");
    Dataset dataset =
        TestSources.read(TestSources.csv(List.of(a, c), List.of(c, a), "kind", Header.AUTO));

    assertEquals(2, dataset.trainRows());
    assertEquals(2, dataset.testRows());
    assertArrayEquals(
        new float[] {1, 2, 0.5f, -6, 0.5f, -6, 1, 2},
        ((Samples.Reals) dataset.samples()).held().data);
    assertEquals(List.of("b", "d"), dataset.classes());

    assertEquals(
        3,
        TestSources.read(TestSources.csv(List.of(a, b), List.of(a), "-1", Header.AUTO))
            .samples()
            .rows());
    Path wider = write("wider.csv", "1,2,3,b\n");
    Path other = write("other.csv", "y,x,kind\n1,2,b\n");
    checkError(
        TestSources.csv(List.of(a), List.of(wider), "-1", Header.AUTO),
        "wider.csv:1: expected 3 columns as in the files before it, found 4");
    checkError(
        TestSources.csv(List.of(a), List.of(other), "-1", Header.AUTO),
        "other.csv:1: expected the feature \"x\" as in the files before it, found \"y\"");
  }

  @Test
  void gzip_isKnownByItsContent() {
    byte[] part = TestSources.gzip("1,2,a\n".getBytes(StandardCharsets.UTF_8));
    byte[] rest = TestSources.gzip("3,4,b\n".getBytes(StandardCharsets.UTF_8));
    byte[] both = new byte[part.length + rest.length]; // a file of two gzip members is one text
    System.arraycopy(part, 0, both, 0, part.length);
    System.arraycopy(rest, 0, both, part.length, rest.length);

    Path file = TestSources.write(folder, "packed.csv", both);

    checkTwoByTwo(TestSources.read(TestSources.csv(file, "", Header.AUTO)));
  }

  @Test
  void bytes_areKeptOnlyWhereTheyAreExact() {
    assertTrue(read("0,255,a\n3,4,b\n", "").samples() instanceof Samples.Bytes);
    assertEquals(0, read("0,255,a\n3,4,b\n", "").fullScale());
    for (String value : List.of("256", "-1", "0.5", "1e9")) {
      Dataset dataset = read("7,9,a\n3,%s,b\n".formatted(value), "");
      assertArrayEquals(
          new float[] {7, 9, 3, Float.parseFloat(value)},
          ((Samples.Reals) dataset.samples()).held().data);
    }
  }

  @Test
  void badFeatures_areRefusedWithLineAndColumn() {
    checkError("1,,a\n1,2,b\n", "", "t.csv:1: column 1: expected a number, found nothing");
    checkError("x,y,k\n1,2,a\n1,NA,b\n", "t.csv:3: column 1 (y): expected a number, found \"NA\"");
    for (String text :
        List.of("NaN", "Infinity", "1f", "0x1", "1e", "1.2.3", "--1", ".", "-", "e5", "1 2")) {
      checkError(
          "1,2,a\n1,%s,b\n".formatted(text),
          "t.csv:2: column 1: expected a number, found \"%s\"".formatted(text));
    }
    checkError("1,1e39,a\n", "t.csv:1: column 1: expected a number below 3.5e38, found \"1e39\"");
    checkError("1,2,a\n1,a\n", "t.csv:2: expected 3 columns, found 2");
    checkError("1,2,a\n1,2,3,a\n", "t.csv:2: expected 3 columns, found 4");
    checkError("1,2,a\n1,2,\n", "t.csv:2: column 2: expected a label of 1 to 256 bytes, found no");
    checkError("1,2,a\n1,2,%s\n".formatted("b".repeat(257)), "t.csv:2: column 2: expected a label");
  }

  @Test
  void columnsWhoseFirstSampleHasAText_areTexts() {
    Dataset dataset =
        read("x,city,n,kind\n1,b,2,k\n3,\"a, b\",4,l\n5,b,6,k\n7,8,8,l\n", "kind", Header.AUTO);

    assertArrayEquals(
        new byte[] {1, 0, 2, 3, 1, 4, 5, 0, 6, 7, 2, 8},
        ((Samples.Bytes) dataset.samples()).data());
    assertEquals(1, dataset.texts().size());
    assertEquals(1, dataset.texts().get(0).feature());
    assertEquals(List.of("b", "a, b", "8"), dataset.texts().get(0).values());
    DataException uncoded =
        assertThrows(DataException.class, () -> FeatureForm.of(dataset, List.of()));
    assertTrue(
        uncoded
            .getMessage()
            .endsWith(
                "t.csv:2: column 1 (city): expected a number, found \"b\" (cure for columns of"
                    + " text: one-hot in data.prepare, before other features' steps)"),
        uncoded.getMessage());
    assertNotEquals(
        TestSources.fingerprint(dataset),
        TestSources.fingerprint(
            read(
                "x,city,n,kind\n1,c,2,k\n3,\"a, b\",4,l\n5,c,6,k\n7,8,8,l\n",
                "kind",
                Header.AUTO)));
    StringBuilder names = new StringBuilder("n0,a\n");
    for (int i = 1; i <= TextValues.MOST_VALUES; i++) {
      names.append("n").append(i).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    checkError(
        names.toString(), "t.csv:10001: column 0: expected at most 10000 different texts in a");
    checkError(
        "t,a\nt,b\n%s,b\n".formatted("t".repeat(257)), "t.csv:3: column 0: expected a text of at");
  }

  /** Also where the first samples have nothing there. */
  @Test
  void columnsWhoseFirstValueIsAText_areTexts() {
    Dataset dataset = read("city,n,kind\n,3,k\nNA,4,l\nb,6,k\n?,7,l\n", "kind", Header.AUTO);

    assertEquals(1, dataset.texts().size());
    assertEquals(0, dataset.texts().get(0).feature());
    assertEquals(List.of("", "NA", "b", "?"), dataset.texts().get(0).values());
  }

  @Test
  void badTexts_areRefused() {
    checkError("", "t.csv:1: expected a sample, found an empty file");
    checkError("\n\n", "t.csv:1: expected a sample, found an empty file");
    checkError("abc\n", "t.csv:1: expected at least 2 columns between commas, semicolons or tabs");
    checkError("1,\"a\"b\n", "t.csv:1: expected a separator after the closing quote, found 0x62");
    checkError("1,a\n2,\"b\n3,c\n", "t.csv:2: expected a closing quote, found the end of the file");
    checkError("1,a\n2,a\n", "Cannot classify table: expected at least 2 classes, found 1: a");
    checkError(
        "1," + "a".repeat((1 << 24) + 1),
        "t.csv:1: expected a record of at most 16 MiB, found more");
    checkError(
        TestSources.csv(
            TestSources.write(folder, "t.csv", new byte[] {'1', ',', (byte) 0xC3, '\n'}),
            "",
            Header.AUTO),
        "t.csv:1: column 1: expected text in UTF-8");
    checkError(
        TestSources.csv(
            TestSources.write(folder, "t.csv", "1,a\n".getBytes(StandardCharsets.UTF_16)),
            "",
            Header.AUTO),
        "t.csv: offset 0: expected text in UTF-8, found the byte order mark of UTF-16");
    StringBuilder measurements = new StringBuilder();
    for (int i = 0; i <= 10_000; i++) {
      measurements.append("1,").append(i).append('\n');
    }
    checkError(measurements.toString(), "expected at most 10000 different labels");
  }

  @Test
  void missingFiles_areNamed() {
    checkError(
        TestSources.csv(folder.resolve("none.csv"), "", Header.AUTO),
        "none.csv: no such file; expected a CSV file, gzip or not");
    checkError(
        TestSources.csv(folder, "", Header.AUTO), ": a folder, not a file; expected a CSV file");
  }

  @Test
  void numbers_areRoundedAsTheJdkRoundsThem() throws IOException {
    RandomStream random = new RandomStream(3);
    StringBuilder text = new StringBuilder();
    float[] expected = new float[20_000];
    for (int i = 0; i < expected.length; i++) {
      String number =
          switch (random.nextInt(5)) {
            case 0 -> Integer.toString((int) random.nextLong());
            case 1 -> Double.toString(random.nextDouble());
            case 2 ->
                String.format(
                    Locale.ROOT, "-%d.%05d", random.nextInt(300), random.nextInt(100_000));
            case 3 -> Float.toString(Float.intBitsToFloat((int) random.nextLong() & 0xBF7FFFFF));
            default -> random.nextInt(10_000) + "e-" + random.nextInt(50);
          };
      expected[i] = Float.parseFloat(number);
      text.append(number).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }

    Dataset dataset = read(text.toString(), "");

    assertArrayEquals(expected, ((Samples.Reals) dataset.samples()).held().data, 0);
  }

  private static void checkTwoByTwo(Dataset dataset) {
    assertArrayEquals(new byte[] {1, 2, 3, 4}, ((Samples.Bytes) dataset.samples()).data());
    assertEquals(List.of("a", "b"), dataset.classes());
    assertArrayEquals(new int[] {0, 1}, dataset.labels());
  }

  private Dataset read(String text, String label) {
    return read(text, label, Header.AUTO);
  }

  private Dataset read(String text, String label, Header header, String... classes) {
    return TestSources.read(TestSources.csv(write("t.csv", text), label, header, classes));
  }

  private void checkError(String text, String message) {
    checkError(text, "-1", message);
  }

  private void checkError(String text, String label, String message) {
    checkError(text, label, Header.AUTO, message);
  }

  private void checkError(
      String text, String label, Header header, String message, String... classes) {
    checkError(TestSources.csv(write("t.csv", text), label, header, classes), message);
  }

  private static void checkError(SourceSpec source, String message) {
    DataException error =
        assertThrows(
            DataException.class,
            () -> FeatureForm.of(TestSources.read(source), List.of()),
            message);
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private Path write(String name, String text) {
    return TestSources.write(folder, name, text);
  }
}
