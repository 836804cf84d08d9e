package org.trawl.core.data.format.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.SourceReader;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.FeatureForm;
import org.trawl.core.data.sample.Columns;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.TextValues;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.storage.Storage;

/** Which columns are numbers and which are texts, where they look like both. */
final class CsvColumnKindsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-", "inf", "50%", "n. a.", "\\"})
  void aTextAmongNumbers_isRefusedInWhicheverLine(String text) {
    for (int place = 0; place < 5; place++) {
      String[] values = {"1", "2.5", "", "4", "5"};
      values[place] = text;
      String message = error(List.of(), List.of(), values);
      int numbers = place == 2 ? 4 : 3;
      assertTrue(
          message.contains(
              String.format(
                  Locale.ROOT,
                  "t.csv:%d: column 0 (p): expected a number, found \"%s\" (%d of the column's %d values are numbers; cure: ",
                  2 + place,
                  text,
                  numbers,
                  numbers + 1)),
          message);
      assertTrue(
          message.endsWith(
              "missing = [\"%s\"] where that says that a value is missing, or texts = [\"p\"] where the column is one of texts)"
                  .formatted(text.replace("\\", "\\\\"))),
          message);
      assertFalse(message.contains("one-hot"), message);
    }
  }

  @Test
  void manyTextsAmongNumbers_areNoMarksOfMissingOnes() {
    String message =
        error(List.of(), List.of(), "1 %,2 %,3 %,4 %,5 %,6 %,7,8,9,10,11,12".split(","));
    assertTrue(message.contains("found \"1 %\" (6 of the column's 12 values"), message);
    assertFalse(message.contains("missing ="), message);
  }

  /** A number among texts, which does no harm there. */
  @Test
  void aColumnThatIsMostlyTexts_isOne() {
    for (List<String> values :
        List.of(List.of("1", "1.0", "x", "y", "z"), List.of("x", "y", "z", "1.0", "1"))) {
      Columns columns = read(List.of(), List.of(), values.toArray(String[]::new)).columns();
      assertEquals(values, columns.texts().get(0).values());
      assertEquals(
          List.of(
              "\"p\" is taken for a column of texts: 2 of its 5 values in %s are numbers"
                  .formatted(folder.resolve("t.csv"))),
          columns.notes());
    }
  }

  /** With or without values that are missing. */
  @Test
  void textsThatAreNumbersWithACommaAreTold() {
    for (String some : List.of("\"4,5\"", "", "NA")) {
      List<String> notes =
          read(List.of(), List.of(), "\"2,97\"", "\"-0,29\"", some, "\"1,5\"").columns().notes();
      assertTrue(
          notes.stream().anyMatch(note -> note.contains("are numbers with decimal = \",\"")),
          some + ": " + notes);
    }
  }

  /** What was read of the file before that is known is not counted twice. */
  @Test
  void aFileThatIsReadAgain_isReadOnce() {
    Dataset dataset = read(List.of(), List.of(), "0.1", "300", "x", "y", "z");
    assertEquals(5, dataset.samples().rows());
    assertEquals(5, dataset.labels().length);
    assertEquals(List.of("0.1", "300", "x", "y", "z"), dataset.texts().get(0).values());
    assertTrue(dataset.samples() instanceof Samples.Bytes);
  }

  @Test
  void valuesThatTheSourceSaysAreMissing_are() {
    Dataset dataset = read(List.of("-", "-999"), List.of(), "-", "1", "-999.0", "4", "");
    assertEquals(List.of(0), dataset.columns().missing().features());
    assertTrue(Double.isNaN(dataset.samples().value(0, 0)));
    assertTrue(Double.isNaN(dataset.samples().value(2, 0)));
    assertEquals(4, dataset.samples().value(3, 0));
    assertTrue(Double.isNaN(dataset.samples().value(4, 0)));
  }

  /** Marks that are numbers are compared by their values, in the file's own way of writing them. */
  @Test
  void marksOfMissingValues_areReadAsTheFilesNumbersAre() {
    CsvDialect german = new CsvDialect(Header.AUTO, ',', '.', List.of("-999", "1", "7,50", "k.A."));
    String text = "p;kind\n-999,0;a\n1.000;b\n1,0;a\n7,5;b\nk.A.;a\n2,5;b\n";
    Dataset dataset = read(german, List.of(), List.of(text), List.of());
    double[] values = new double[6];
    Arrays.setAll(values, row -> dataset.samples().value(row, 0));
    double none = Double.NaN;
    assertArrayEquals(new double[] {none, 1000, none, none, none, 2.5}, values);
    String message = dataset.columns().missing().first();
    assertTrue(message.endsWith("column 0 (p): expected a number, found \"-999,0\""), message);
    // below a header they are not numbers like those below it
    CsvDialect marked = new CsvDialect(Header.AUTO, '.', CsvDialect.NONE, List.of("-999"));
    String words = "city,kind\n" + "-999,a\nRome,b\n-999,a\nOslo,b\n-999,a\n-999,b\n";
    assertEquals(
        List.of("-999", "Rome", "Oslo"),
        read(marked, List.of(), List.of(words), List.of()).texts().get(0).values());
  }

  /** Labels are compared as the file's numbers are, or, where they are texts, letter by letter. */
  @Test
  void labels_areWrittenAsTheFilesNumbersAre() {
    CsvDialect german = new CsvDialect(Header.AUTO, ',', CsvDialect.NONE, List.of("-"));
    String text = "p;kind\n1;2,50\n2;10\n3;2,5\n4;10\n";
    for (TableForm.Labels type : TableForm.Labels.values()) {
      boolean texts = type == TableForm.Labels.TEXT;
      Path file = TestSources.write(folder, "german.csv", text);
      SourceSpec plain = TestSources.csv(file, "kind", Header.AUTO, "2,50", "10", "7");
      TableForm form = new TableForm(german, type, List.of(), List.of());
      SourceSpec source =
          TestSources.with(plain, "kind", form, Map.of("2,5", texts ? "2,50" : "7"));
      Dataset dataset = SourceReader.read(source, Storage.local());
      assertArrayEquals(texts ? new int[] {0, 1, 0, 1} : new int[] {2, 1, 2, 1}, dataset.labels());
      List<String> notes = dataset.columns().notes();
      assertTrue(notes.contains("no value is -, which missing names"), notes::toString);
    }
    String missing = "p;kind\n1;-\n2;10\n3;-\n4;10\n";
    List<String> notes = read(german, List.of(), List.of(missing), List.of()).columns().notes();
    assertTrue(
        notes.contains(
            "2 labels are \"-\", which says that a value is missing elsewhere: here it is a class"),
        notes::toString);
  }

  @Test
  void columnsOfSeveralFiles_areTheSameWhereverTheyStand() {
    String train = "a,mix,kind\n1,x,k\n2,y,l\n3,4,k\n";
    String test = "kind,a,mix\nk,5,6\nl,6,7\n";
    Dataset dataset = read(CsvDialect.PLAIN, List.of(), List.of(train), List.of(test));
    assertEquals(1, dataset.texts().size());
    assertEquals(1, dataset.texts().get(0).feature());
    assertEquals(List.of("x", "y", "4", "6", "7"), dataset.texts().get(0).values());
    assertEquals(
        List.of(
            "\"mix\" is taken for a column of texts: 1 of its 3 values in %s is a number"
                .formatted(folder.resolve("train0.csv"))),
        dataset.columns().notes());
    // texts in the first file, numbers alone in another one
    dataset =
        read(
            CsvDialect.PLAIN,
            List.of(),
            List.of("p,kind\nx,k\ny,l\n"),
            List.of("p,kind\n1,k\n2,l\n"));
    assertEquals(
        List.of(
            "\"p\" is taken for a column of texts: 2 of its 2 values in %s are numbers"
                .formatted(folder.resolve("test0.csv"))),
        dataset.columns().notes());
    // nothing in the first file
    for (String value : List.of("x", "8")) {
      List<String> tests = List.of("p,kind\n%s,k\n%s,l\n".formatted(value, value));
      dataset = read(CsvDialect.PLAIN, List.of("p"), List.of("p,kind\n,k\n,l\n"), tests);
      assertEquals(List.of("", value), dataset.texts().get(0).values());
    }
  }

  /** Columns of numbers first, of which most is texts below: all are found at once. */
  @Test
  void severalMixedColumns_areDecidedTogether() {
    String text = "a,b,c,kind\n1,2,3,k\nx,u,4,l\ny,v,5,k\nz,9,6,l\nz,w,7,l\n";
    Dataset dataset = read(CsvDialect.PLAIN, List.of(), List.of(text), List.of());
    assertEquals(List.of("1", "x", "y", "z"), dataset.texts().get(0).values());
    assertEquals(List.of("2", "u", "v", "9", "w"), dataset.texts().get(1).values());
    assertEquals(2, dataset.columns().notes().size());
    assertEquals(5, dataset.samples().rows());
    assertEquals(7, dataset.samples().value(4, 2));
  }

  private Dataset read(
      CsvDialect dialect, List<String> texts, List<String> train, List<String> test) {
    List<Path> trainFiles = new ArrayList<>();
    List<Path> testFiles = new ArrayList<>();
    train.forEach(
        text ->
            trainFiles.add(TestSources.write(folder, "train" + trainFiles.size() + ".csv", text)));
    test.forEach(
        text -> testFiles.add(TestSources.write(folder, "test" + testFiles.size() + ".csv", text)));
    SourceSpec plain = TestSources.csv(trainFiles, testFiles, "kind", Header.AUTO);
    TableForm form = new TableForm(dialect, TableForm.Labels.AUTO, List.of(), List.of(), texts);
    return SourceReader.read(TestSources.with(plain, "kind", form), Storage.local());
  }

  @Test
  void columnsThatTheSourceSaysAreTexts_are() {
    Dataset dataset = read(List.of(), List.of("p"), "8001", "8002", "8001", "", "9000");
    assertEquals(List.of("8001", "8002", "", "9000"), dataset.texts().get(0).values());
    assertEquals(1, dataset.texts().get(0).missingOf(dataset.samples()));
    assertEquals(
        List.of(
            "texts that are missing are a text of their own, which impute leaves as it is: 1 of p (empty)"),
        dataset.columns().notes());
    Dataset whole = read(List.of(), List.of("p"), "8001", "8002", "9000");
    assertEquals(List.of(), whole.columns().notes());
    String uncoded =
        assertThrows(DataException.class, () -> FeatureForm.of(whole, List.of())).getMessage();
    assertTrue(
        uncoded.endsWith(
            "t.csv:2: column 0 (p): expected numbers, found texts (" + TextValues.CURE + ")"),
        uncoded);
    assertTrue(
        error(List.of(), List.of("zip*"), "1", "2").contains("a column \"zip*\", as texts says"));
    assertTrue(
        error(List.of(), List.of("kind"), "1", "2")
            .contains("expected a column of features \"kind\", as texts says"));
  }

  private Dataset read(List<String> missing, List<String> texts, String... values) {
    StringBuilder text = new StringBuilder("p,kind\n");
    for (int i = 0; i < values.length; i++) {
      text.append(values[i]).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    SourceSpec plain =
        TestSources.csv(TestSources.write(folder, "t.csv", text.toString()), "kind", Header.AUTO);
    TableForm form =
        new TableForm(
            new CsvDialect(Header.AUTO, '.', CsvDialect.NONE, missing),
            TableForm.Labels.AUTO,
            List.of(),
            List.of(),
            texts);
    return SourceReader.read(TestSources.with(plain, "kind", form), Storage.local());
  }

  private String error(List<String> missing, List<String> texts, String... values) {
    return assertThrows(DataException.class, () -> read(missing, texts, values)).getMessage();
  }
}
