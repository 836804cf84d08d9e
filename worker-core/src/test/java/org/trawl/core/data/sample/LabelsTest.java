package org.trawl.core.data.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.source.TableForm.Labels;

final class LabelsTest {
  private static final TableForm TEXT =
      new TableForm(CsvDialect.PLAIN, Labels.TEXT, List.of(), List.of());

  @TempDir private Path folder;

  @Test
  void spellingsOfOneNumber_areOneClassWithANote() {
    Dataset versions = read(TableForm.PLAIN, Map.of(), "2.1", "2.10", "2.2", "2.1", "2.10");

    assertEquals(List.of("2.1", "2.2"), versions.classes());
    assertArrayEquals(new int[] {0, 0, 1, 0, 0}, versions.labels());
    assertEquals(
        List.of(
            "labels that are the same number are one class: 2.1 (2) = 2.10 (2) (samples);"
                + " label-type = text keeps them apart"),
        versions.columns().notes());
    assertTrue(
        read(TableForm.PLAIN, Map.of(), "1E2", "100", "1.0", "1")
            .columns()
            .notes()
            .get(0)
            .contains(": 1E2 (1) = 100 (1), 1.0 (1) = 1 (1) (samples)"));
    assertEquals(List.of(), read(TableForm.PLAIN, Map.of(), "1.0", "1", "x").columns().notes());
  }

  @Test
  void labelsThatAreTexts_areTheSameOnlyIfTheirLettersAre() {
    Dataset versions = read(TEXT, Map.of(), "2.10", "2.1", "2.2", "2.1");

    assertEquals(List.of("2.1", "2.10", "2.2"), versions.classes());
    assertArrayEquals(new int[] {1, 0, 2, 0}, versions.labels());
    assertEquals(List.of(), versions.columns().notes());
  }

  /** One label's being taken for another one does not make others of the rest. */
  @Test
  void relabel_leavesLabelsThatAreOneNumberTogether() {
    Dataset dataset =
        read(TableForm.PLAIN, Map.of("10", "ten"), "10.0", "10", "9", "9.0", "10.0", "1e1");
    assertEquals(List.of("9", "ten"), dataset.classes());
    assertArrayEquals(new int[] {1, 1, 0, 0, 1, 1}, dataset.labels());
    LabelForm form = dataset.columns().labels();
    assertEquals("ten", form.taken("10.00"));
    assertTrue(form.same(form.taken("9.000"), "9"));
    // words that become numbers, and words with a number among them
    assertEquals(
        List.of("1", "2"), read(TableForm.PLAIN, Map.of("x", "1.0"), "1", "x", "2").classes());
    LabelForm words = read(TableForm.PLAIN, Map.of("x", "y"), "1", "x", "1.0").columns().labels();
    assertFalse(words.same("1", "1.0"));
  }

  @Test
  void keysOfRelabel_areNumbersWhereAllLabelsAre() {
    for (String key : List.of("10", "10.0", "1e1")) {
      Dataset dataset = read(TableForm.PLAIN, Map.of(key, "0"), "10.0", "1.0", "2.0", "10.0");
      assertEquals(List.of("0", "1.0", "2.0"), dataset.classes());
      assertArrayEquals(new int[] {0, 1, 2, 0}, dataset.labels());
      assertEquals(List.of(), dataset.columns().notes());
    }
    Dataset exact = read(TableForm.PLAIN, Map.of("10", "a", "10.0", "b"), "10.0", "10", "2");
    assertEquals(List.of("2", "a", "b"), exact.classes());
    assertArrayEquals(new int[] {2, 1, 0}, exact.labels());
    assertEquals(
        List.of("0", "2"), read(TableForm.PLAIN, Map.of("10", "0"), "10.0", "1e1", "2").classes());
    assertTrue(
        read(TableForm.PLAIN, Map.of("10", "0"), "10.0", "1e1", "2")
            .columns()
            .notes()
            .get(0)
            .contains("10.0 (1) = 1e1 (1)"));
  }

  @Test
  void keysOfRelabelThatMatchNothing_areRefusedWithTheLabelsThatThereAre() {
    String expected = "relabel: expected labels that there are, some of %s, found \"%s\"";
    checkError(TableForm.PLAIN, Map.of("anne", "bob"), expected.formatted("ann, bob", "anne"));
    checkError(
        TableForm.PLAIN, Map.of("10", "0"), expected.formatted("10.0, x", "10"), "10.0", "x");
    checkError(TEXT, Map.of("10", "0"), expected.formatted("2, 10.0", "10"), "10.0", "2");
  }

  @Test
  void aLabelThatRelabelMakesNoClass_isToldWithWhatItBecame() {
    SourceSpec source = TestSources.csv(write("10", "2"), "", Header.ABSENT, "10", "2");
    SourceSpec relabelled =
        TestSources.with(
            source,
            "",
            new TableForm(CsvDialect.PLAIN.with(Header.ABSENT), Labels.AUTO, List.of(), List.of()),
            Map.of("10", "0"));
    String message =
        assertThrows(DataException.class, () -> TestSources.read(relabelled)).getMessage();
    assertTrue(
        message.contains("a label of 10, 2 (relabel takes it for \"0\"), found \"10\""), message);
  }

  @Test
  void relabel_meetsNamedClasses() {
    SourceSpec named =
        TestSources.csv(write("1.0", "2", "10.0", "1"), "", Header.ABSENT, "0", "1", "2");
    Dataset dataset =
        TestSources.read(TestSources.with(named, "", TableForm.PLAIN, Map.of("10", "0")));
    assertArrayEquals(new int[] {1, 2, 0, 1}, dataset.labels());
    assertTrue(dataset.columns().notes().get(0).contains("1.0 (1) = 1 (1)"));

    SourceSpec more = TestSources.csv(write("1", "2", "1"), "", Header.ABSENT, "0", "1", "2", "3");
    assertEquals(
        List.of("no sample is of 0, 3, which classes names"),
        TestSources.read(more).columns().notes());
    DataException unused =
        assertThrows(
            DataException.class,
            () -> TestSources.read(TestSources.with(more, "", TableForm.PLAIN, Map.of("10", "0"))));
    assertTrue(unused.getMessage().endsWith("some of 1, 2, found \"10\""), unused.getMessage());
  }

  @Test
  void libsvmLabels_areMergedAndKeptApartLikewise() {
    Path file = TestSources.write(folder, "t.svm", "+1 1:2\n1 1:3\n-1 1:4\n");
    SourceSpec source =
        new SourceSpec(
            "lines",
            Format.LIBSVM,
            List.of(file.toString()),
            List.of(),
            List.of(),
            List.of(),
            "",
            Header.AUTO,
            List.of(),
            0);

    assertTrue(TestSources.read(source).columns().notes().get(0).contains("+1 (1) = 1 (1)"));
    assertEquals(
        List.of("-1", "+1", "1"), TestSources.read(TestSources.with(source, "", TEXT)).classes());
  }

  private Dataset read(TableForm form, Map<String, String> relabel, String... labels) {
    SourceSpec source = TestSources.csv(write(labels), "", Header.ABSENT);
    CsvDialect csv = form.csv().with(Header.ABSENT);
    return TestSources.read(
        TestSources.with(
            source, "", new TableForm(csv, form.labels(), List.of(), List.of()), relabel));
  }

  private void checkError(
      TableForm form, Map<String, String> relabel, String message, String... labels) {
    String[] written = labels.length == 0 ? new String[] {"ann", "bob"} : labels;
    DataException error =
        assertThrows(DataException.class, () -> read(form, relabel, written), message);
    assertTrue(error.getMessage().endsWith(message), error.getMessage());
  }

  /** A file with a feature and these labels. */
  private Path write(String... labels) {
    StringBuilder text = new StringBuilder();
    Arrays.stream(labels).forEach(label -> text.append("7,").append(label).append('\n'));
    return TestSources.write(folder, "t.csv", text.toString());
  }
}
