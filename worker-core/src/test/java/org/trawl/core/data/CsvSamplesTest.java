package org.trawl.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvSamplesTest {
  @TempDir private Path folder;

  private CsvSamples read(String text, String label) {
    return read(text, label, List.of());
  }

  @Test
  void valuesThatAreMissing_areKeptForAModelThatFillsThemIn() {
    assertArrayEquals(
        new double[] {1, Double.NaN, Double.NaN, 4},
        read("1,\nNA,4\n", "", List.of(), CsvSamples.Missing.KEPT).features());
    assertThrows(DataException.class, () -> read("1,\nNA,4\n", ""));
    assertThrows(
        DataException.class, () -> read("1,2\nx,4\n", "", List.of(), CsvSamples.Missing.KEPT));
  }

  @Test
  void texts_areTakenByTheirPositions() {
    List<TextColumn> texts = List.of(new TextColumn(1, List.of("b", "a"), ""));

    assertArrayEquals(
        new double[] {1, 1, 2, 0, 3, -1}, read("1,a\n2,b\n3,c\n", "", texts).features());
    CsvSamples named = read("kind,x,city\nk,1,b\n", "kind", texts);
    assertArrayEquals(new double[] {1, 0}, named.features());
    assertEquals(List.of("k"), named.labels());
  }

  private CsvSamples read(String text, String label, List<TextColumn> texts) {
    return read(text, label, texts, CsvSamples.Missing.REFUSED);
  }

  private CsvSamples read(
      String text, String label, List<TextColumn> texts, CsvSamples.Missing missing) {
    try {
      Path file = Files.writeString(folder.resolve("samples.csv"), text);
      return CsvSamples.read(file.toString(), Storage.local(), 2, label, texts, missing);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void asManyColumnsAsFeaturesAreSamplesWithoutLabels() {
    CsvSamples samples = read("1,2\n3,-4.5\n", "");
    assertEquals(2, samples.rows());
    assertArrayEquals(new double[] {1, 2, 3, -4.5f}, samples.features());
    assertEquals(List.of(), samples.labels());
  }

  @Test
  void oneColumnMoreHasTheLabels() {
    assertEquals(List.of("a", "b"), read("1,2,a\n3,4,b\n", "").labels());
    CsvSamples named = read("kind;x;y\nb;1;2\n", "kind");
    assertEquals(List.of("b"), named.labels());
    assertArrayEquals(new double[] {1, 2}, named.features());
    assertEquals(List.of("7"), read("7,1,2\n", "0").labels());
    assertEquals(List.of("7"), read("1,7,2\n", "-2").labels());
  }

  @Test
  void aFirstLineWithATextForAFeatureNamesTheColumns() {
    assertEquals(1, read("x,y\n1,2\n", "").rows());
    assertEquals(1, read("x,y,label\n1,2,c\n", "label").rows());
  }

  @Test
  void manySamplesAreReadWhole() {
    CsvSamples many = read("1,2\n".repeat(5_000), "");
    assertEquals(5_000, many.rows());
    assertEquals(10_000, many.features().length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1;2;3;4 | '' | samples.csv:1: expected 2 columns, the model's features, or 3 with a label, found 4",
        "1;2/3 | '' | samples.csv:2: expected 2 columns, found 1",
        "1;2/3;x | '' | samples.csv:2: column 1: expected a finite number, found \"\"x\"\"",
        "1;2/3;1e99 | '' | samples.csv:2: column 1: expected a finite number",
        "x;y | '' | samples.csv:1: expected a sample below the header",
        "1;2;3 | kind | expected a header with the label column \"\"kind\"\" beside 2 features",
        "1;2;3 | 3 | expected column 3 for the label, found 3 columns",
      })
  void whatIsNoSuchFileIsRefused(String text, String label, String expected) {
    DataException refused =
        assertThrows(
            DataException.class,
            () -> read(text.replace('/', '\n') + "\n", label.replace("'", "")));
    assertTrue(refused.getMessage().contains(expected.replace("\"\"", "\"")), refused.getMessage());
  }
}
