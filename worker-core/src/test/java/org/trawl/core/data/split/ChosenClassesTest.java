package org.trawl.core.data.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.source.TableForm.Labels;
import org.trawl.core.data.split.DataSpec.Part;

final class ChosenClassesTest {
  private static final TableForm NUMBERS = TableForm.of(Header.ABSENT);
  private static final TableForm TEXTS =
      new TableForm(NUMBERS.csv(), Labels.TEXT, List.of(), List.of());

  @TempDir private Path folder;

  @Test
  void classesThatArePrepared_areTheSameTextBeforeTheSameNumber() {
    SourceSpec versions = source(TEXTS, "2.1", "2.10", "2.2", "3");
    assertArrayEquals(new int[] {-1, 0, -1, 1}, chosenLabels(versions, "2.10", "3"));
    assertThrows(DataException.class, () -> chosenLabels(versions, "2.20", "3"));

    SourceSpec numbers = source(NUMBERS, "1.0", "2", "3");
    assertArrayEquals(new int[] {0, -1, 1}, chosenLabels(numbers, "1", "3.0"));
  }

  private static int[] chosenLabels(SourceSpec source, String... names) {
    List<PrepareStep> classes = List.of(new PrepareStep.Classes(List.of(names)));
    DataSpec spec = new DataSpec(source, Part.NONE, Part.NONE, 0, false, 0, classes);
    return ChosenClasses.of(TestSources.read(source), spec).labels();
  }

  private SourceSpec source(TableForm form, String... labels) {
    String lines = "7," + String.join("\n7,", labels) + '\n';
    Path file = TestSources.write(folder, labels.length + ".csv", lines);
    return TestSources.with(TestSources.csv(file, "", Header.ABSENT), "", form);
  }
}
