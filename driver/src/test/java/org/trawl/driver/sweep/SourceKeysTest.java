package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.source.TableForm.Labels;

/** The keys of a source that say how a table is read, and where its files are. */
final class SourceKeysTest {
  private static final String NETWORK = "\nnetwork.hidden = [8]\ntraining.learning-rate = 0.1\n";

  @TempDir private Path folder;
  private Catalogue catalogue;

  @BeforeEach
  void emptyCatalogue() {
    write("datasets.conf", "");
    catalogue = Catalogue.read(folder.resolve("datasets.conf"));
  }

  @Test
  void everyKeyOfATable_isReadAndWritten() {
    String keys =
        """
        format = csv, train = a.csv, header = false, decimal = ",", thousands = "."
        label-type = text, columns = ["x*", 3], ignore = id, classes = [2.1, 2.10]
        relabel { "2.20" = 2.10 }, missing = ["-", -999], texts = "zip*"
        """;
    Sweep sweep = read("data.source { %s }".formatted(keys));
    SourceSpec source = source(sweep);

    assertEquals(
        new TableForm(
            new CsvDialect(Header.ABSENT, ',', '.', List.of("-", "-999")),
            Labels.TEXT,
            List.of("x*", "3"),
            List.of("id"),
            List.of("zip*")),
        source.form());
    assertEquals(List.of("2.1", "2.10"), source.classes());
    assertEquals(Map.of("2.20", "2.10"), source.relabel());
    write("again.conf", sweep.resolved());
    assertEquals(
        source, source(SweepReader.read(folder.resolve("again.conf"), List.of(), catalogue)));
  }

  @Test
  void whatIsNot_isRefused() {
    check("format = csv, decimal = \";\"", "decimal: expected \".\" or \",\", found \";\"");
    check("format = csv, thousands = x", "thousands: expected \",\", \".\", \" \", \"'\" or \"_\"");
    check(
        "format = csv, thousands = \".\"",
        "thousands: expected another character than decimal is, \".\" (cure: decimal = \",\""
            + " beside");
    check("format = csv, label = \"\"", "label: expected a name or a position, such as 0 of the");
    check("format = csv, label-type = number", "label-type: expected text or auto");
    check("format = csv, ignore = []", "ignore: expected a column's name or a pattern");
    check("format = csv, columns = [[a]]", "columns: expected a column's name or a pattern");
    check(
        "format = parquet, decimal = \",\"", "decimal: expected no such key with format = parquet");
    check("format = csv, missing = [[a]]", "missing: expected a text or a number, such as");
    check("format = npz, missing = 0", "missing: expected no such key with format = npz");
    check("format = parquet, texts = id", "texts: expected no such key with format = parquet");
    check("format = npy, ignore = id", "ignore: expected no such key with format = npy");
    check("format = mat, label-type = text", "label-type: expected no such key with format = mat");
    check("format = table, folder = x", "folder: expected no such key with format = table");
    check("format = csv, relabel { a = \"\" }", "relabel: expected another label, found \"\"");
    check("format = csv, relabel { 2.10 = x }", "a label with a point between quotes, found an");
  }

  @Test
  void folder_isWhereRelativeFilesStart() throws IOException {
    Files.createDirectory(folder.resolve("there"));
    write("there/a.csv", "1,x\n");
    String files = "format = csv, train = a.csv, test = \"/b.csv\"";

    SourceSpec source = source(read("data.source { folder = there, %s }".formatted(files)));
    assertEquals(List.of(folder.resolve("there/a.csv").toString()), source.train());
    assertEquals(List.of("/b.csv"), source.test());
    assertEquals(
        source, source(read("data.source { folder = [gone, there], %s }".formatted(files))));
    assertEquals(
        List.of("hdfs://h/d/a.csv"),
        source(read("data.source { folder = \"hdfs://h/d\", %s }".formatted(files))).train());
    assertEquals(
        List.of(folder.resolve("there/a.csv").toString()),
        catalogue
            .find("{ folder = \"%s\", %s }".formatted(folder.resolve("there"), files))
            .train());
  }

  private void check(String keys, String message) {
    String all =
        String.join(
            "\n",
            assertThrows(
                    InputException.class,
                    () -> read("data.source { train = a, %s }".formatted(keys)),
                    message)
                .problems());
    assertTrue(all.contains(message), all);
  }

  private Sweep read(String text) {
    write("sweep.conf", text + NETWORK);
    return SweepReader.read(folder.resolve("sweep.conf"), List.of(), catalogue);
  }

  private static SourceSpec source(Sweep sweep) {
    return (SourceSpec) sweep.variants().get(0).settings().get(Keys.SOURCE).value();
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
