package org.trawl.core.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableForm.Labels;

final class TableColumnsTest {
  private static final List<String> FLOWERS =
      List.of("id", "petal_length", "petal_width", "kind", "note");

  @TempDir private Path folder;

  @Test
  void columnsAndIgnore_areNamesAndPatterns() {
    assertEquals(List.of(1, 2), of(FLOWERS, "kind", List.of("petal_*"), List.of()).features());
    assertEquals(List.of(1, 2), of(FLOWERS, "kind", List.of(), List.of("id", "not?")).features());
    assertEquals(List.of(1), of(FLOWERS, "kind", List.of("petal*"), List.of("*width")).features());
    TableColumns last = of(FLOWERS, "", List.of(), List.of("id", "note"));
    assertEquals(3, last.label());
    assertEquals(3, of(FLOWERS, "-1", List.of(), List.of("note")).label());
    assertEquals(
        List.of(0), of(List.of("a*", "ab", "k"), "", List.of("a*", "k"), List.of()).features());
  }

  @Test
  void whatNamesNothing_isRefused() {
    String there = "found \"id\", \"petal_length\", \"petal_width\", \"kind\", \"note\"";
    checkError(
        "kind", List.of("petals*"), List.of(), "a column \"petals*\", as columns says, " + there);
    checkError("kind", List.of(), List.of("Id"), "a column \"Id\", as ignore says, " + there);
    checkError("kind", List.of(), List.of("kind"), "a label column that ignore does not leave out");
    checkError("kind", List.of(), List.of("id", "p*", "note"), "a column of features, found");
    checkError("", List.of(), List.of("*"), "a column of labels, found none");
    checkError("", List.of("petal_*"), List.of(), "found none, and \"note\" as the last column");
    checkError(
        "species", List.of(), List.of(), "a header with the label column \"species\", " + there);
  }

  @Test
  void aLabelsName_comesBeforeAPosition() {
    List<String> names = List.of("1", "2", "3", "4");
    TableColumns named = of(names, "3", List.of(), List.of());

    assertEquals(2, named.label());
    assertEquals(
        List.of("label = 3 is the column of this name, at position 2, rather than a position"),
        named.notes());
    assertEquals(0, of(names, "0", List.of(), List.of()).label());
    assertEquals(List.of(), of(names, "0", List.of(), List.of()).notes());
    assertEquals(1, of(List.of("0", "1", "k"), "1", List.of(), List.of()).label());
    assertEquals(List.of(), of(List.of("0", "1", "k"), "1", List.of(), List.of()).notes());
  }

  @Test
  void labelsByName_areFoundInCsvWhateverTheirDigits() {
    String text = "\"1\",\"2\",\"3\",\"4\"\n0.5,1.5,1,0\n0.25,3.5,2,1\n0.75,-1.5,3,0\n";
    SourceSpec source = csv(text, "3", Header.PRESENT, List.of(), List.of());
    assertEquals(List.of("1", "2", "3"), TestSources.read(source).classes());
    assertEquals(List.of("1", "2", "4"), TestSources.read(source).columns().names());

    String years = "2001,2002,2003\n0.5,1.5,7\n0.25,3.5,8\n";
    Dataset dataset = TestSources.read(csv(years, "2003", Header.AUTO, List.of(), List.of()));
    assertEquals(List.of("7", "8"), dataset.classes());
    assertEquals(2, dataset.trainRows());
  }

  @Test
  void whatNumbersTheRows_isNoFeatureAndNoLabelUnlessAskedFor() {
    List<String> names = List.of("Unnamed: 0", "a", "kind", "__index_level_0__");
    TableColumns columns = of(names, "", List.of(), List.of());

    assertEquals(List.of(1), columns.features());
    assertEquals(2, columns.label());
    assertEquals(
        List.of(
            "left out \"Unnamed: 0\", \"__index_level_0__\", which number the rows: columns or"
                + " label with its name takes it in"),
        columns.notes());
    assertEquals(2, of(names, "-1", List.of(), List.of()).label());
    assertEquals(3, of(names, "__index_level_0__", List.of(), List.of()).label());
    assertEquals(List.of(0, 1), of(names, "kind", List.of("a", "Unnamed*"), List.of()).features());
    assertEquals(List.of(), of(names, "", List.of(), List.of("Un*", "__*")).notes());
    TableColumns named =
        TableColumns.of(
            source("", List.of(), List.of()), List.of("a", "kind", "id"), true, Set.of(2), "t");
    assertEquals(1, named.label());
    assertEquals(List.of(0), named.features());
  }

  @Test
  void aLabelThatIsTheLastColumnOnlyAsOneIsIgnored_isTold() {
    List<String> names = List.of("a", "kind", "note");
    for (String label : List.of("", "-1")) {
      TableColumns columns = of(names, label, List.of(), List.of("note"));
      assertEquals(1, columns.label());
      assertEquals(
          List.of(
              "the label is \"kind\", counted from the end without the last column, \"note\", which"
                  + " ignore leaves out"),
          columns.notes());
    }
    assertEquals(List.of(), of(names, "kind", List.of(), List.of("note")).notes());
    assertEquals(List.of(), of(names, "", List.of(), List.of("a")).notes());
  }

  @Test
  void aFirstColumnWithoutAName_isAnIndexIfNoNumberComesTwice() {
    Dataset counted =
        TestSources.read(
            csv(",a,kind\n17,1,x\n3,2,y\n99,3,x\n", "", Header.AUTO, List.of(), List.of()));
    assertEquals(List.of("a"), counted.columns().names());
    assertTrue(
        counted.columns().notes().get(0).startsWith("left out \"\", which numbers the rows"));
    assertTrue(
        counted.columns().notes().get(0).endsWith("a name for it in the header takes it in"));

    Dataset measured =
        TestSources.read(csv(",a,kind\n7,1,x\n7,2,y\n", "", Header.AUTO, List.of(), List.of()));
    assertEquals(List.of("", "a"), measured.columns().names());
    Dataset asked =
        TestSources.read(
            csv(",a,kind\n0,1,x\n1,2,y\n", "kind", Header.AUTO, List.of("", "a"), List.of()));
    assertEquals(List.of("", "a"), asked.columns().names());
  }

  @Test
  void columnsOfCsv_areChosenBeforeTheyAreRead() {
    String text = "id,a,b,kind\nn1,1,oops,x\nn2,2,3,y\n";
    Dataset named = TestSources.read(csv(text, "kind", Header.AUTO, List.of(), List.of("id", "b")));
    assertEquals(List.of("a"), named.columns().names());
    assertEquals(1, named.features());

    Dataset bare =
        TestSources.read(
            csv("n1,1,7,x\nn2,2,3,y\n", "", Header.ABSENT, List.of(), List.of("0", "2")));
    assertEquals(1, bare.features());
    assertEquals(List.of("x", "y"), bare.classes());
  }

  private TableColumns of(
      List<String> names, String label, List<String> columns, List<String> ignore) {
    return TableColumns.of(source(label, columns, ignore), names, true, Set.of(), "t.csv:1");
  }

  private void checkError(String label, List<String> columns, List<String> ignore, String message) {
    DataException error =
        assertThrows(DataException.class, () -> of(FLOWERS, label, columns, ignore), message);
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private SourceSpec csv(
      String text, String label, Header header, List<String> columns, List<String> ignore) {
    TestSources.write(folder, "t.csv", text);
    SourceSpec source = source(label, columns, ignore);
    return TestSources.with(
        source, label, new TableForm(CsvDialect.PLAIN.with(header), Labels.AUTO, columns, ignore));
  }

  private SourceSpec source(String label, List<String> columns, List<String> ignore) {
    return TestSources.with(
        TestSources.csv(folder.resolve("t.csv"), label, Header.AUTO),
        label,
        new TableForm(CsvDialect.PLAIN, Labels.AUTO, columns, ignore));
  }
}
