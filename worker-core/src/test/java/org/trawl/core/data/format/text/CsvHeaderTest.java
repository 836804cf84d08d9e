package org.trawl.core.data.format.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.SourceReader;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.storage.Storage;

final class CsvHeaderTest {
  private static final int LINES = 60;
  private static final String[] CAPS = {"convex", "flat", "bell"};
  private static final String[] KINDS = {"edible", "poisonous"};
  private static final String[] NAMES = {"ann", "bob", "cid"};

  @TempDir private Path folder;

  @Test
  void textOverNumbers_isAHeaderWithoutANote() {
    checkHeader("x,y,kind", CsvHeaderTest::reals, 0);
    checkHeader(",x,y,kind", i -> i + "," + reals(i), 0);
    checkHeader("x,y,kind", i -> (i < 3 ? "?," : i + ".5,") + i + "," + NAMES[i % 3], 0);
    checkHeader("a;b;kind", i -> line("-0,%d;1,%d;%s", 100 + i, i, NAMES[i % 3]), 0);
  }

  @Test
  void textAndNumbersOverNumbers_isAHeaderThatIsTold() {
    checkHeader("0,1,target", i -> line("%d.5,%d.25,%d", i, i % 7, i % 2), 1);
    checkHeader("id,2001,2003,kind", i -> i + "," + reals(i), 1);
  }

  @Test
  void aHeaderOverTexts_isToldByWhatRepeatsBelowIt() {
    checkHeader("cap,odor,class", CsvHeaderTest::mushroom, 1);
    checkHeader("name,cap,class", i -> "n" + i + "," + CAPS[i % 3] + "," + KINDS[i % 2], 1);
  }

  @Test
  void aHeaderOfNumbers_isToldByBeingUnlikeAllBelowIt() {
    checkHeader("2001,2002,2003,outcome", i -> i % 5 + ".25," + reals(i), 1);
    checkHeader("2001,2004,2013,outcome", i -> i % 5 + ".25," + reals(i), 1);
    checkHeader("2001,2002,2003,2004", i -> i % 5 + ".25," + measured(i) + "," + i % 2, 1);
    checkHeader("400.1,400.2,400.3,kind", i -> "0.1" + i + "," + reals(i), 1);
    checkHeader("0,1,2,3", i -> i % 5 + ".25," + reals(i), 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "convex,almond,edible",
        "-0.8,1.5,ann",
        "0,1,2,3,4,5,ann",
        "5.1,3.5,1.4,0.2,bob",
        "0,0,5,13,1",
        "7,1,4,2",
        "?,1.5,ann"
      })
  void aLineLikeThoseBelowIt_isASample(String line) {
    String[] fields = line.split(",", -1);
    IntFunction<String> others =
        i -> {
          StringBuilder other = new StringBuilder();
          for (int j = 0; j < fields.length - 1; j++) {
            boolean text = fields[j].matches("[a-z]+");
            String number =
                fields[j].contains(".") ? (i * 7 + j) % 9 + ".5" : "" + (i * 7 + j) % 19;
            other.append(text ? ((i + j) % 3 == 0 ? fields[j] : CAPS[i % 3]) : number).append(',');
          }
          String label = fields[fields.length - 1];
          return other + (i % 2 == 0 ? label : label.matches("\\d+") ? "3" : NAMES[i % 3]);
        };
    checkSamples(line, others);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1,2,a\n3,4,b\n5,6,b\n", "0,1\n0,2\n", "1,2,4\n4,5,6\n", "1,2,3\n2,2,4\n"})
  void aFewLinesOfNumbers_areSamples(String text) {
    boolean steps = text.startsWith("1,2,3");
    if (steps) {
      assertTrue(error(text).contains("either a header or a sample"));
    } else {
      assertEquals(text.lines().count(), read(text).trainRows());
    }
  }

  @Test
  void whatCannotBeSeen_isAskedFor() {
    checkAsked("a,b,k\nc,d,l\ne,f,m\n");
    checkAsked("1,2,3,4\n" + lines(i -> line("%d,%d,%d,%d", i % 5, i % 7, i % 6, i % 5)));
    checkAsked("0,1\n" + lines(i -> i + ".5," + i % 2));
    checkAsked("5.5,1.5,dan\n" + lines(CsvHeaderTest::reals)); // a class of one, or a header
    checkAsked("oops,1.5,ann\n" + lines(CsvHeaderTest::reals)); // a bad number, or a header
    checkAsked("cap,none,ann\n" + lines(i -> CAPS[i % 3] + ",none," + NAMES[i % 3]));
  }

  @Test
  void textsAmongWhichSomeAreNumbers_areTexts() {
    Dataset dataset =
        read(
            "A12,7,ann\n"
                + lines(i -> (i % 2 == 0 ? i : "B" + i) + "," + i % 9 + "," + NAMES[i % 3]));
    assertEquals(LINES + 1, dataset.trainRows());
    assertEquals(
        List.of(
            "\"0\" is taken for a column of texts: 30 of its 61 values in %s are numbers"
                .formatted(folder.resolve("t.csv"))),
        dataset.columns().notes());
  }

  @Test
  void otherFiles_areAsThoseBeforeThem() {
    Path train =
        TestSources.write(folder, "a.csv", "cap,odor,class\n" + lines(CsvHeaderTest::mushroom));
    Path test = TestSources.write(folder, "b.csv", "cap,odor,class\nflat,none,edible\n");
    Path bare = TestSources.write(folder, "c.csv", "flat,none,edible\n");
    Dataset dataset =
        TestSources.read(TestSources.csv(List.of(train), List.of(test, bare), "", Header.AUTO));
    assertEquals(2, dataset.testRows());
    assertEquals(List.of("edible", "poisonous"), dataset.classes());

    Path samples = TestSources.write(folder, "d.csv", lines(CsvHeaderTest::mushroom));
    assertEquals(
        1,
        TestSources.read(TestSources.csv(List.of(samples), List.of(bare), "", Header.AUTO))
            .testRows());
  }

  @Test
  void aHeaderThatComesAgain_isRefused() {
    String both = "cap,odor,class\n" + lines(CsvHeaderTest::mushroom);
    assertTrue(
        error(both + both).endsWith("t.csv:62: expected a sample, found the header again"),
        error(both + both));
  }

  private void checkHeader(String header, IntFunction<String> below, int notes) {
    Dataset dataset = read(header + "\n" + lines(below));
    assertEquals(LINES, dataset.trainRows(), header);
    List<String> fields = List.of(header.split("[,;]", -1));
    List<String> names = dataset.columns().names();
    assertEquals(names, fields.subList(fields.size() - 1 - names.size(), fields.size() - 1));
    assertEquals(
        notes,
        dataset.columns().notes().stream().filter(n -> n.contains("taken for a header")).count(),
        () -> dataset.columns().notes().toString());
  }

  private void checkSamples(String first, IntFunction<String> below) {
    Dataset dataset = read(first + "\n" + lines(below));
    assertEquals(LINES + 1, dataset.trainRows(), first);
    assertEquals(List.of(), dataset.columns().notes());
  }

  private void checkAsked(String text) {
    assertTrue(
        error(text).endsWith(" (cure: header = true or header = false in its description)"),
        () -> error(text));
  }

  private String error(String text) {
    return assertThrows(DataException.class, () -> read(text), text).getMessage();
  }

  private Dataset read(String text) {
    return SourceReader.read(
        TestSources.csv(TestSources.write(folder, "t.csv", text), "", Header.AUTO),
        Storage.local());
  }

  private static String lines(IntFunction<String> line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      text.append(line.apply(i)).append('\n');
    }
    return text.toString();
  }

  private static String mushroom(int i) {
    return CAPS[i % 3] + "," + (i % 5 == 0 ? "none" : "foul") + "," + KINDS[i % 2];
  }

  private static String reals(int i) {
    return measured(i) + "," + NAMES[i % 3];
  }

  private static String measured(int i) {
    return line("%d.%d,-%d.25", i % 7, i + 1, i % 11);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
