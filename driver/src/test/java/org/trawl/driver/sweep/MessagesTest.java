package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer's mistakes are answered with: place, expected, found and the cure. */
class MessagesTest {
  private static final String BASE =
      "data.source = digits\nnetwork.hidden = [8]\ntraining.learning-rate = 0.1\n";

  @TempDir Path folder;

  @Test
  void valuesInARowAfterSet_areAListWithoutItsBrackets() {
    assertSet(
        "training.learning-rate=1e-3,1e-2",
        "training.learning-rate: expected one value, found 2 (cure, to try each: --set"
            + " 'sweep.training.learning-rate=[1e-3, 1e-2]')");
    assertSet(
        "learning-rate = 1e-3, 1e-2",
        "learning-rate: expected one value, found 2 (cure, to try each: --set"
            + " 'sweep.training.learning-rate=[1e-3, 1e-2]')");
    assertSet(
        "sweep.training.learning-rate=1e-3,1e-2",
        "sweep.training.learning-rate: expected a list in [ ], found 1e-3,1e-2 (cure: --set"
            + " 'sweep.training.learning-rate=[1e-3, 1e-2]')");
    assertSet(
        "sweep.training.learning-rate=1e-3 1e-2",
        "sweep.training.learning-rate: expected a list of values, found \"1e-3 1e-2\" (cure: [1e-3,"
            + " 1e-2])");
    assertSet(
        "network.hidden=16,8",
        "network.hidden: expected a list in [ ], found 16,8 (cure: --set 'network.hidden=[16, 8]';"
            + " or, to try each, --set 'sweep.network.hidden=[16, 8]')");
    assertSet("seed=1,2", "seed: expected one value, found 2");
    assertSet(
        "x=1e-3,1e-2",
        "x: expected a key of trawl keys and one value, found 2 (cure: --set 'sweep.KEY=[1e-3,"
            + " 1e-2]')");
    assertEquals(
        2, read("training.epochs=3,training.l2=1").variants().get(0).settings().size() - 3);
    assertEquals(
        3, read("sweep.training.l2=[0,1,2]").variants().get(0).axes().get(0).values().size());
  }

  @Test
  void aSettingThatIsNone_isToldWithWhatWasMeant() {
    assertSet(
        "training.epochs 5",
        "expected key=value, found training.epochs 5 (cure: --set training.epochs=5)");
    assertSet(
        "training.epochs:5",
        "expected key=value, found training.epochs:5 (cure: --set training.epochs=5)");
    assertSet(
        "--training.epochs=5",
        "expected a key, found --training.epochs (cure: --set training.epochs=5)");
    assertSet("=5", "expected a key before =, found none");
    assertSet("training.epochs=", "training.epochs: expected a value after =, found none");
    assertSet(
        "training.learning-rate+=5",
        "training.learning-rate: expected a list that += adds to, found 0.1 (cure: --set"
            + " training.learning-rate=5)");
    List<String> added = List.of("data.prepare+=unit", "data.prepare+=gray");
    assertEquals(
        "[unit, gray]",
        Key.text(
            read(added.toArray(String[]::new))
                .variants()
                .get(0)
                .settings()
                .get(Keys.PREPARE)
                .value()));
    for (String before :
        List.of("data.prepare = [unit]\ndata.prepare += gray", "x = [unit]\ndata.prepare = ${x}")) {
      write("sweep.conf", (BASE + before).getBytes(StandardCharsets.UTF_8));
      problems(BASE + before + "\nnone = 1", "data.prepare+=gray"); // told, not thrown at
    }
    assertSet("network.hidden=[16,8", "expected a ] for this [, found the end");
    assertSet(
        "training.epochs==5",
        "cannot be read as HOCON: expected a value, found '=', in: training.epochs==5");
  }

  @Test
  void aBracketOrQuoteWithoutItsCounterpart_isToldWhereItStands() {
    assertProblem(
        "data { source = digits\nnetwork { hidden = [8]\n}",
        ":1: expected a } for this {, found the end");
    assertProblem("a = [1, 2\nb = 3 }", ":2: expected a ] for the [ of line 1, found }");
    assertProblem(BASE + "name = x ]", ":4: expected a [ before it, found ]");
    assertProblem(
        BASE + "name = \"abc", ":4: expected a second \" on the line of the first, found none");
    assertProblem( // brackets in comments and texts are none
        BASE + "name = \"a{\" # ]\n// {\nseed = = 3",
        ":6: cannot be read as HOCON: expected a value, found '=', in: seed = = 3");
  }

  @Test
  void otherLanguages_areRecognised() {
    assertProblem(
        "data:\n  source: digits\n",
        ":2: cannot be read as HOCON: expected a new line, found ':', in: source: digits (cure: not"
            + " YAML's indentation, but name { key = value })");
    assertProblem(
        BASE + "[training]\nepochs = 5",
        ":4: cannot be read as HOCON: expected a key, found '[', in: [training] (cure: a group of"
            + " keys is name { key = value })");
    assertProblem(
        BASE + "sweep.training.l2 = 0.1, 0.2\n",
        ":4: cannot be read as HOCON: Key '0.2' may not be followed by token: end of file, in:"
            + " sweep.training.l2 = 0.1, 0.2 (cure: values of a list stand in [ ], a value with other"
            + " signs in \"quotes\")");
    assertProblem(
        BASE + "training.shuffle = True",
        ":4: training.shuffle: expected true or false, found \"True\" (did you mean true?)");
    write("sweep.conf", new byte[] {'P', 'K', 3, 4, (byte) 0xFF, (byte) 0xFE, '{'});
    assertEquals(
        List.of(file() + ":1: expected a sweep file, which is a text in UTF-8, found other bytes"),
        refused());
  }

  @Test
  void numbersThatAreNone_areToldWithTheNearestOne() {
    assertNumber("\"0,1\"", "0.1, with a point");
    assertNumber("10%", "0.1");
    assertNumber("5 epochs", "5");
    assertNumber("1k", "1000");
    assertNumber("0.1; 0.2", "commas between values: 0.1, 0.2");
    assertProblem(
        BASE + "training.epochs = 99999999999",
        ":4: training.epochs: expected a whole number of at least 1 and at most 2147483647, found"
            + " 99999999999");
  }

  @Test
  void aListWhereOneValueIsExpected_isSwept() {
    assertProblem(
        BASE + "training.optimizer = [sgd, adam]",
        ":4: training.optimizer: expected one of sgd, adam, adamw, rmsprop, adagrad, found a list"
            + " [\"sgd\",\"adam\"] (cure, to try each: sweep.training.optimizer = [..])");
    assertProblem(
        BASE + "sweep.variants = [{ training.l2 = [0, 1] }]",
        ":4: sweep.variants[1].training.l2: expected a number of at least 0, found a list [0,1]"
            + " (cure, to try each: sweep.variants[1].sweep.training.l2 = [..])");
    assertProblem(
        BASE + "sweep.training.l2 = [[0, 1]]",
        ":4: sweep.training.l2: expected a number of at least 0, found a list [0,1]");
  }

  @Test
  void aKeyInTheWrongPlace_orOfAnotherProgram_isFound() {
    assertMeant("learning-rate = 1", "training.learning-rate");
    assertMeant("lr = 1", "training.learning-rate");
    assertMeant("training.weight_decay = 1", "training.l2");
    assertMeant("where = \"epochs > 1\"", "sweep.where");
    assertMeant("data.train = x.csv", "data.source.train");
    assertMeant("schedule { kind = step }", "training.schedule");
    assertMeant("metric = test_loss", "objective.metric");
    assertMeant("sweep.where = \"training.epochs > 1\"", "epochs");
    assertMeant("sweep.where = \"learning-rate > 1\"", "learning_rate");
    assertMeant(
        "objective { metric = accuracy }",
        "test_accuracy or train_accuracy or validation_accuracy");
    assertMeant("objective { metric = test_loss, direction = max }", "maximize");
  }

  @Test
  void aValueForAGroup_isToldWithItsKey() {
    assertProblem(
        BASE + "objective = test_loss",
        ":4: objective: expected an object { .. }, found \"test_loss\" (cure: objective.metric ="
            + " test_loss)");
    assertProblem(
        BASE + "training.schedule = step",
        ":4: training.schedule: expected an object { .. }, found \"step\" (cure:"
            + " training.schedule.kind = step)");
    assertProblem(
        BASE + "training.early-stopping = true",
        ":4: training.early-stopping: expected an object { .. }, found true (its keys: metric,"
            + " patience, minimum-gain, restore-best)");
  }

  @Test
  void aFileForASource_isToldWithItsDescription() {
    List<String> problems = problems(BASE + "data.source = own.csv");
    assertTrue(
        problems.get(0).endsWith("found \"own.csv\" (cure: { format = csv, train = \"own.csv\" })"),
        problems.get(0));
    InputException described =
        assertThrows(
            InputException.class, () -> Catalogue.installed().find("{ format = cvs, train = a }"));
    assertTrue(described.getMessage().startsWith("source.format: expected one of"));
  }

  @Test
  void aMissingFile_isToldWithItsNeighbour_andWhatItWouldHaveHadIsNot() throws IOException {
    write("first.conf", BASE.getBytes(StandardCharsets.UTF_8));
    for (String name : List.of("first", "frist.conf")) {
      InputException missing =
          assertThrows(
              InputException.class,
              () -> SweepReader.read(folder.resolve(name), List.of(), Catalogue.installed()));
      assertTrue(
          missing.getMessage().endsWith("(did you mean " + folder.resolve("first.conf") + "?)"),
          missing.getMessage());
    }
    assertProblem(
        "include \"bas.conf\"", ":1: include: expected a file, found none at \"bas.conf\"");
  }

  @Test
  void whatNoFileSays_standsAtTheStartOfTheFile() {
    Sweep sweep = read();
    assertEquals(file() + ":1", sweep.variants().get(0).place().toString());
    write(
        "sweep.properties",
        "data.source = digits\nnetwork.hidden = x".getBytes(StandardCharsets.UTF_8));
    InputException wrong =
        assertThrows(
            InputException.class,
            () ->
                SweepReader.read(
                    folder.resolve("sweep.properties"), List.of(), Catalogue.installed()));
    assertTrue(
        wrong.problems().stream().allMatch(line -> line.startsWith(folder + "/sweep.properties")),
        wrong.getMessage());
  }

  private void assertMeant(String line, String meant) {
    List<String> problems = problems(BASE + line);
    assertEquals(1, problems.size(), () -> "" + problems);
    assertTrue(problems.get(0).endsWith("(did you mean " + meant + "?)"), problems.get(0));
  }

  private void assertNumber(String written, String cure) {
    List<String> problems = problems(BASE + "data.limit = " + written);
    assertTrue(problems.get(0).endsWith("(cure: " + cure + ")"), problems.get(0));
  }

  private void assertSet(String setting, String expected) {
    assertEquals(List.of("--set " + setting + ": " + expected), problems(BASE, setting));
  }

  private void assertProblem(String text, String expected) {
    assertEquals(List.of(file() + expected), problems(text));
  }

  private List<String> problems(String text, String... settings) {
    write("sweep.conf", text.getBytes(StandardCharsets.UTF_8));
    return refused(settings);
  }

  private List<String> refused(String... settings) {
    return assertThrows(
            InputException.class,
            () ->
                SweepReader.read(
                    folder.resolve("sweep.conf"), List.of(settings), Catalogue.installed()))
        .problems();
  }

  private Sweep read(String... settings) {
    write("sweep.conf", BASE.getBytes(StandardCharsets.UTF_8));
    return SweepReader.read(
        folder.resolve("sweep.conf"), Stream.of(settings).toList(), Catalogue.installed());
  }

  private String file() {
    return folder.resolve("sweep.conf").toString();
  }

  private void write(String name, byte[] content) {
    try {
      Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
