package org.trawl.core.data.format.text;

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
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.storage.SampleInput;
import org.trawl.core.data.storage.Storage;

class CsvSamplesTest {
  @TempDir private Path folder;

  private CsvSamples read(String text, String label) {
    return read(text, label, List.of());
  }

  @Test
  void valuesThatAreMissing_areKeptForAModelThatFillsThemIn() {
    assertArrayEquals(
        new double[] {1, Double.NaN, Double.NaN, 4},
        read("1,\nNA,4\n", "", List.of(), CsvForm.Missing.KEPT).features());
    assertThrows(DataException.class, () -> read("1,\nNA,4\n", ""));
    assertThrows(
        DataException.class, () -> read("1,2\nx,4\n", "", List.of(), CsvForm.Missing.KEPT));
  }

  @Test
  void texts_areTakenByTheirPositions() {
    List<TextColumn> texts = List.of(new TextColumn(1, List.of("b", "a"), ""));

    assertArrayEquals(new double[] {1, 1, 2, 0}, read("1,a\n2,b\n", "", texts).features());
    CsvSamples named = read("kind,x,city\nk,1,b\n", "kind", texts);
    assertArrayEquals(new double[] {1, 0}, named.features());
    assertEquals(List.of("k"), named.labels());
  }

  private CsvSamples read(String text, String label, List<TextColumn> texts) {
    return read(text, label, texts, CsvForm.Missing.REFUSED);
  }

  private CsvSamples read(
      String text, String label, List<TextColumn> texts, CsvForm.Missing missing) {
    return read(text, new CsvForm(2, List.of(), label, texts, TableForm.PLAIN, missing));
  }

  private CsvSamples read(String text, CsvForm form) {
    try {
      Path file = Files.writeString(folder.resolve("samples.csv"), text);
      try (SampleInput input = SampleInput.open(file.toString(), Storage.local())) {
        return CsvSamples.read(input, form);
      }
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static final CsvForm NAMED =
      new CsvForm(
          3,
          List.of("bmi", "city", "Age"),
          "kind",
          List.of(new TextColumn(1, List.of("Rome", "Bonn"), "")));

  @Test
  void columnsWithNamesAreFoundByThemInAnyOrderWithOrWithoutTheLabel() {
    double[] expected = {1, 1, 30, 2, 0, 40};
    for (String text :
        List.of(
            "bmi,city,Age\n1,Bonn,30\n2,Rome,40\n",
            "Age;kind;bmi;city\n30;a;1;Bonn\n40;b;2;Rome\n",
            "\ufeffcity,bmi,Age,kind\nBonn,1,30,a\nRome,2,40,b\n")) {
      CsvSamples samples = read(text, NAMED);
      assertArrayEquals(expected, samples.features(), text);
      assertEquals(text.contains("kind") ? List.of("a", "b") : List.of(), samples.labels());
      assertEquals(List.of(), samples.notes());
    }
  }

  @Test
  void anIndexOfPandasIsLeftOutAndTold() {
    for (String name : List.of("", "Unnamed: 0", "__index_level_0__")) {
      CsvSamples samples = read(name + ",city,Age,bmi\n7,Rome,4,3\n", NAMED);
      assertArrayEquals(new double[] {3, 0, 4}, samples.features());
      assertEquals(1, samples.notes().size());
      assertTrue(samples.notes().get(0).contains("left out"), samples.notes().toString());
    }
    CsvForm trained = new CsvForm(2, List.of("Unnamed: 0", "x"), "kind", List.of());
    assertArrayEquals(new double[] {5, 6}, read("x,Unnamed: 0\n6,5\n", trained).features());
  }

  @Test
  void aNameInOtherLettersIsTakenWhereItIsTheOnlyOneAndTold() {
    CsvSamples samples = read("BMI,city,age\n3,Rome,4\n", NAMED);
    assertArrayEquals(new double[] {3, 0, 4}, samples.features());
    assertEquals(2, samples.notes().size());
    CsvForm both = new CsvForm(2, List.of("x", "X"), "", List.of());
    assertArrayEquals(new double[] {2, 1}, read("X,x\n1,2\n", both).features());
  }

  @Test
  void columnsThatTheDataLeftOutAreLeftOutWithoutAWord() {
    CsvForm ignoring =
        new CsvForm(
            1,
            List.of("x"),
            "kind",
            List.of(),
            new TableForm(CsvDialect.PLAIN, TableForm.Labels.AUTO, List.of(), List.of("id*", "a?")),
            CsvForm.Missing.REFUSED);
    CsvSamples samples = read("ids,x,ab,kind,id\n1,2,3,k,4\n", ignoring);
    assertArrayEquals(new double[] {2}, samples.features());
    assertEquals(List.of(), samples.notes());
    assertThrows(DataException.class, () -> read("x,abc\n1,2\n", ignoring));
    CsvForm chosen =
        new CsvForm(
            1,
            List.of("x"),
            "kind",
            List.of(),
            new TableForm(CsvDialect.PLAIN, TableForm.Labels.AUTO, List.of("x"), List.of()),
            CsvForm.Missing.REFUSED);
    assertArrayEquals(new double[] {2}, read("y,x,z\n1,2,3\n", chosen).features());
  }

  @Test
  void numbersAreWrittenAsThoseOfTheData() {
    CsvForm german =
        new CsvForm(
            2,
            List.of("x", "y"),
            "kind",
            List.of(),
            new TableForm(
                new CsvDialect(SourceSpec.Header.AUTO, ',', '.'),
                TableForm.Labels.AUTO,
                List.of(),
                List.of()),
            CsvForm.Missing.REFUSED);
    CsvSamples samples = read("y;x;kind\n1.234,5;-0,25;1,0\n", german);
    assertArrayEquals(new double[] {-0.25, 1234.5}, samples.features());
    assertEquals(List.of("1.0"), samples.labels());
  }

  @Test
  void aHeaderOfNumbersIsOneWhereTheFeaturesAreCalledSo() {
    CsvForm numbers = new CsvForm(2, List.of("1", "2"), "3", List.of());
    assertArrayEquals(new double[] {8, 9}, read("2,1,3\n9,8,a\n", numbers).features());
  }

  @Test
  void severalFeaturesOfOneNameAreTakenInTheirOrder() {
    CsvForm twice = new CsvForm(2, List.of("x", "x"), "kind", List.of());
    assertArrayEquals(new double[] {1, 2}, read("x,kind,x\n1,a,2\n", twice).features());
    assertThrows(DataException.class, () -> read("x,y\n1,2\n", twice));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1;2;3/4;Rome;5 | expected a header with the columns bmi, city, Age in any order",
        "0;0;0/4;Rome;5 | found 0, 0, 0 (cure where it is a sample: put such a line above it)",
        "4;Rome;5 | found 4, Rome, 5 (cure where it is a sample",
        "index;bmi;city;Age/0;1;Rome;3 | found the unknown column index (cure: leave it out)",
        "bmi;city/1;Rome | found no column Age",
        "bmi;city;kind/1;Rome;a | found no column Age",
        "bmi;town;Age/1;Rome;3 | found no column city and the unknown column town",
        "bmi;city;Age;bmi/1;Rome;3;4 | expected one column \"bmi\", found several",
        "bmi;city;Age/1;Paris;3 | samples.csv:2: column 1 (city): expected a text that the model's data has: Bonn, Rome, found \"Paris\"",
        "bmi;city;Age/1;;3 | found nothing",
        "bmi;city;Age/;Rome;3 | samples.csv:2: column 0 (bmi): expected a finite number, found nothing",
      })
  void columnsThatAreNotThoseOfTheDataAreRefused(String text, String expected) {
    DataException refused =
        assertThrows(DataException.class, () -> read(text.replace('/', '\n') + "\n", NAMED));
    assertTrue(refused.getMessage().contains(expected), refused.getMessage());
  }

  @Test
  void namesThatTheDataDoesNotHaveAreTold() {
    assertEquals(1, read("x,y\n1,2\n", "").notes().size());
    assertEquals(0, read("1,2\n", "").notes().size());
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
        ";x/0;1 | '' | found column 0 without a name, an index as tools write it (cure: leave it out)",
        "x;kind/1;2 | kind | expected 2 features beside the label kind, found 1",
        "0;1;2/5;6;7 | '' | found 0, 1, 2, which numbers the columns",
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
