package org.trawl.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.SourceSpec.Header;

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
          List.of("\"p\" is taken for a column of texts: 2 of its 5 values are numbers"),
          columns.notes());
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

  @Test
  void columnsThatTheSourceSaysAreTexts_are() {
    Dataset dataset = read(List.of(), List.of("p"), "8001", "8002", "8001", "", "9000");
    assertEquals(List.of("8001", "8002", "", "9000"), dataset.texts().get(0).values());
    assertEquals(1, dataset.texts().get(0).missingOf(dataset.samples()));
    assertEquals(
        List.of(
            "texts that are missing are a text of their own, which impute leaves as it is: 1 of p (empty)"),
        dataset.columns().notes());
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
    return Dataset.withMissing(TestSources.with(plain, "kind", form), Storage.local());
  }

  private String error(List<String> missing, List<String> texts, String... values) {
    return assertThrows(DataException.class, () -> read(missing, texts, values)).getMessage();
  }
}
