package org.trawl.driver.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.storage.Storage;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.SweepReader;

class RemarksTest {
  private static final String NETWORK =
      "network.hidden = [8]\ntraining { learning-rate = 0.1, epochs = 1 }\n";
  private static final String OWN = "data.source { format = csv, train = own.csv }\n" + NETWORK;
  private static final String HEADLESS = OWN + "data.source.header = false\n";

  @TempDir Path folder;

  @Test
  void nothingIsToldOfTheFilesThatComeWithIt() {
    for (String name : List.of("quickstart.conf", "card-grid.conf")) {
      Path file = Path.of("../sweeps", name);
      assertEquals(List.of(), plan(file).remarks(), name);
    }
  }

  @Test
  void nothingIsToldOfATableOfThreeClassesAndLikeFeatures() {
    write(150, i -> row(4 + i % 7 / 10.0, i % 5 * 0.3, "kind" + i % 3));
    assertRemarks(OWN + "data { validation = 0.2, test = 0.2 }");
    assertRemarks(OWN + "data.folds = 5");
  }

  @Test
  void labelsThatOccurOnce_areOneLineOfTheirOwn() {
    write(40, i -> row(i % 7, i % 5, String.format(Locale.ROOT, "%.2f", 10 + i * 0.37)));
    assertRemarks(
        OWN,
        "own: 40 training samples have 40 different labels, each once, as the values of a continuous"
            + " quantity, or ids, do: each is a class of its own, for Trawl classifies and has no"
            + " regression (cure: label = a column of few values)");
    write(40, i -> row(i % 7, i % 5, "name" + (i < 10 ? 0 : i)));
    assertRemarks(
        OWN,
        "own: 40 training samples have 31 different labels, 30 of them only once, as names or ids do:"
            + " each is a class of its own, for Trawl classifies and has no regression (cure: label ="
            + " a column of few values)");
  }

  @Test
  void labelsThatAreMeasured_areToldThoughTheyComeAgain() {
    write(200, i -> row(i % 7, i % 5, 0.5 + i % 50));
    assertTold(OWN, "200 training samples have 50 different labels");
    write(200, i -> row(i % 7, i % 5, i * 7 % 100));
    assertTold(OWN, "200 training samples have 100 different labels");
    write(400, i -> row(i % 7, i % 5, i * 7 % 40)); // ten of each whole number: classes
    assertRemarks(OWN);
  }

  @Test
  void labelsThatCountTheRows_areAnIndex() {
    write(40, i -> row(i % 7, i % 5, 100 + i));
    assertRemarks(
        OWN,
        "own: the labels count the samples, 100 to 139, each once, as an index column does (cure:"
            + " label = the column that names the class)");
  }

  @Test
  void aFeatureThatIsTheLabel_orCountsTheRows_isTold() throws IOException {
    IntFunction<String> row = i -> row(i, i % 4, i % 3 == 0 ? 7 : i % 3, "kind" + i % 3);
    write(60, row);
    assertRemarks(
        OWN,
        "own: feature 2: one value a class, another for each, so that a network need only read it"
            + " (cure, if it is the label in other words: leave it out of the file)",
        "own: feature 0: counts the samples, as an index column does, and is a feature (cure: leave"
            + " it out of the file)");
    Path file = folder.resolve("own.csv");
    Files.writeString(file, "id,b,code,kind\n" + Files.readString(file));
    assertTold(OWN, "code: one value a class");
    assertTold(OWN, "ignore = [code] in data.source");
    assertTold(OWN, "ignore = [id] in data.source");
  }

  @Test
  void classesThatFoldsLack() {
    write(
        60,
        i -> row(i % 7, i % 5, i == 0 ? "one" : i < 3 ? "two" : i < 7 ? "four" : "many" + i % 2));
    assertRemarks(
        HEADLESS + "data.folds = 5",
        "own: 3 classes (four: 4, one: 1, two: 2): fewer samples than the 5 folds, so that some folds"
            + " do not validate them, and one that has a single sample is validated without having"
            + " been trained on (cure: fewer folds, or leave such classes out: prepare = [{ classes ="
            + " [..] }])");
    assertRemarks(HEADLESS + "data { folds = 5, prepare = [{ classes = [many0, many1] }] }");
    assertRemarks(
        HEADLESS + "data.folds = 2",
        "own: 1 class (one: 1): fewer samples than the 2 folds, so that some folds do not validate"
            + " them, and one that has a single sample is validated without having been trained on"
            + " (cure: fewer folds, or leave such classes out: prepare = [{ classes = [..] }])");
  }

  @Test
  void classesThatAPartLacks() throws IOException {
    write(60, i -> row(i % 7, i % 5, i == 0 ? "one" : "many" + i % 2));
    assertRemarks(
        HEADLESS + "data.validation = 0.2",
        "own: the validation part has no sample of 1 class (one: 1) and says nothing of them (cure: a"
            + " larger part, or leave such classes out: prepare = [{ classes = [..] }])");
    assertTold(
        HEADLESS + "data { validation = 0.2, prepare = [{ limit = 1 }] }",
        "the training part has no sample of 1 class (many0: 29)");
    Files.writeString(folder.resolve("test.csv"), "1,2,many0\n2,3,new\n3,1,many1\n");
    assertTold(
        HEADLESS + "data { source.test = test.csv, validation = 0.2 }",
        "the training part has no sample of 1 class (new: 0), which other parts have");
  }

  @Test
  void aComplaintOfSomePoints_isOneLineThatNamesTheFirst() {
    write(60, i -> row(i % 7, i % 5, "kind" + i % 6));
    assertRemarks(
        OWN + "data.validation = 0.2\nsweep { data.limit = [12, 15, 60] }",
        "trials are compared within the same data only, and these have different samples to validate"
            + " or test: own, sample_limit 12 by validation_accuracy; own, sample_limit 15 by"
            + " validation_accuracy; own, sample_limit 60 by validation_accuracy",
        "own: the validation part has no sample of 4 classes (kind2: 2, kind3: 2, kind4: 2 and 1"
            + " more) and says nothing of them (cure: a larger part, or leave such classes out:"
            + " prepare = [{ classes = [..] }]); so 2 of 3 points, the first: data.limit = 12");
  }

  @Test
  void scalesThatAreFarApart_areToldWithoutStandardizeOnly() {
    write(60, i -> row(i % 7 * 709, i % 5 * 0.25, "kind" + i % 3));
    String told =
        "own: the ranges of features differ by more than a hundred, from 1 (feature 1) to 4254"
            + " (feature 0), and the largest drown the others (cure: prepare = [standardize])";
    assertRemarks(OWN, told);
    assertRemarks(OWN + "data.prepare = [standardize]");
    assertRemarks(OWN + "data.prepare = [standardize, { pca = 2 }]");
    assertRemarks(
        OWN + "data.prepare = [{ scale = 0.01 }, { pca = 2 }]",
        told.replace("[standardize]", "[{ scale = 0.01 }, standardize, { pca = 2 }]"));
    assertRemarks(
        OWN + "sweep.data.prepare = [[], [standardize]]",
        told + "; so 1 of 2 points, the first: data.prepare = []");
  }

  @Test
  void featuresThatAreLarge_areTold() {
    write(60, i -> row(20_000 + i % 7 * 100, -300 + i % 5 * 50, "kind" + i % 3));
    String told =
        "own: features are as large as 20600 (feature 0), from which networks hardly learn (cure:"
            + " prepare = [standardize])";
    assertRemarks(OWN, told);
    assertRemarks(OWN + "data.prepare = [{ scale = 0.001 }]");
  }

  @Test
  void pixelsHaveOneScale_whateverRangeEachHas() {
    write(
        60,
        i ->
            IntStream.range(0, 64)
                    .mapToObj(j -> String.valueOf(j == 0 ? i % 2 : i * (j + 2) % 256))
                    .collect(Collectors.joining(","))
                + ",kind"
                + i % 3);
    assertRemarks(OWN);
  }

  @Test
  void valuesOfAnAxisThatComeAgain_areToldWithTheirPlace() {
    write(60, i -> row(i % 7, i % 5, "kind" + i % 3));
    Plan plan = plan(OWN + "sweep.training.learning-rate = [0.1, 0.10, 1e-1]");
    assertEquals(1, plan.trials().size());
    assertEquals(
        List.of(
            folder.resolve("sweep.conf")
                + ":4: sweep.training.learning-rate: 0.1 is written 3 times (0.1, 0.10, 1e-1), and"
                + " planned once"),
        plan.remarks());
  }

  private static String row(Object... values) {
    return List.of(values).stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private void write(int rows, IntFunction<String> row) {
    try {
      Files.writeString(
          folder.resolve("own.csv"),
          IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRemarks(String text, String... expected) {
    assertEquals(List.of(expected), plan(text).remarks());
  }

  private void assertTold(String text, String part) {
    List<String> remarks = plan(text).remarks();
    assertEquals(
        1, remarks.stream().filter(remark -> remark.contains(part)).count(), () -> "" + remarks);
  }

  private Plan plan(String text) {
    try {
      return plan(Files.writeString(folder.resolve("sweep.conf"), text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Plan plan(Path file) {
    Catalogue catalogue = Catalogue.installed();
    return Planner.plan(
        SweepReader.read(file, List.of(), catalogue), catalogue, Storage.local(), 1L << 30);
  }
}
