package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.ImageChanges;
import org.trawl.driver.sweep.Objective.Direction;

class SweepReaderTest {
  private static final String BASE =
      "data.source = digits\nnetwork.hidden = [8]\ntraining.learning-rate = 0.1\n";

  private static final String NETWORK = "network.hidden = [8]\ntraining.learning-rate = 0.1\n";

  @TempDir Path folder;
  private Catalogue catalogue;

  @BeforeEach
  void readCatalogue() throws IOException {
    write("datasets.conf", "digits { format = csv, train = d.csv, prepare = [unit] }");
    catalogue = Catalogue.read(folder.resolve("datasets.conf"));
  }

  @Test
  void classNamesBelongToTheClassesOfTheirOrder() throws IOException {
    write(
        "named.conf",
        "a { format = csv, train = a.csv, classes = [7, 8], class-names = [seven, eight] }");
    ClassNames names = Catalogue.read(folder.resolve("named.conf")).classNames("a").orElseThrow();
    assertEquals(Map.of("7", "seven", "8", "eight"), names.names());
    assertEquals("eight", names.called("8"));
    assertEquals(ClassNames.NONE, names.where(List.of("7", "9")));
    for (String wrong :
        List.of(
            "class-names = [a, b]",
            "classes = 3, class-names = [a, b]",
            "classes = 2, class-names = [a, a]",
            "classes = 2, class-names = a")) {
      write("wrong.conf", "a { format = csv, train = a.csv, " + wrong + " }");
      InputException refused =
          assertThrows(
              InputException.class, () -> Catalogue.read(folder.resolve("wrong.conf")), wrong);
      assertTrue(refused.getMessage().contains("a.class-names: expected"), refused.getMessage());
    }
  }

  @Test
  void whatIsNotGiven_hasItsDefault() {
    Sweep sweep = read(BASE);
    assertEquals("sweep", sweep.name());
    assertEquals(1, sweep.seed());
    assertEquals(1, sweep.repeats());
    assertEquals(Optional.empty(), sweep.objective());
    assertEquals(Optional.empty(), sweep.where());
    Variant only = onlyVariant(sweep);
    assertEquals("", only.name());
    assertEquals(List.of(), only.axes());
    assertEquals(
        Map.of(
            Keys.SOURCE,
            "digits",
            Keys.HIDDEN,
            List.of(8L),
            Keys.LEARNING_RATE,
            new BigDecimal("0.1")),
        values(only));
  }

  @Test
  void everyKindOfValue_isReadInTheFormsThatPeopleWrite() {
    Sweep sweep =
        read(
            """
            name = many, seed = -7, repeats = 3
            objective { metric = validation_loss }
            data { source = digits, prepare = standardize, validation = 100 }
            network { hidden = 50, bias = off, dropout = [0.10, 2e-1] }
            training { learning-rate = "1e-1", batch-size = all, epochs = 2e1, shuffle = yes }
            """);
    assertEquals("many", sweep.name());
    assertEquals(-7, sweep.seed());
    assertEquals(3, sweep.repeats());
    assertEquals(
        Optional.of(new Objective("validation_loss", Direction.MINIMIZE)), sweep.objective());
    Map<Key, Object> values = values(onlyVariant(sweep));
    assertEquals(List.of("standardize"), values.get(Keys.PREPARE));
    assertEquals(0, new BigDecimal(100).compareTo((BigDecimal) values.get(Keys.VALIDATION)));
    assertEquals(List.of(50L), values.get(Keys.HIDDEN));
    assertEquals(false, values.get(Keys.BIAS));
    assertEquals(List.of(new BigDecimal("0.1"), new BigDecimal("0.2")), values.get(Keys.DROPOUT));
    assertEquals(new BigDecimal("0.1"), values.get(Keys.LEARNING_RATE));
    assertEquals("all", values.get(Keys.BATCH_SIZE));
    assertEquals(20L, values.get(Keys.EPOCHS));
    assertEquals(true, values.get(Keys.SHUFFLE));
  }

  @Test
  void axes_areOrderedByWhereTheyStand_alsoOnOneLine() {
    Sweep sweep =
        read(
            BASE
                + """
                sweep.training.l2 = [0, 1]
                sweep {
                  network.activation = [relu, tanh]
                  training { momentum = [0, 0.9], l1 = [0, 1] }
                  data.validation = [0.1, 0.2]
                }
                """);
    assertEquals(
        List.of(Keys.L2, Keys.ACTIVATION, Keys.MOMENTUM, Keys.L1, Keys.VALIDATION),
        axisKeys(sweep));
  }

  @Test
  void anIncludedFilesAxes_standWhereItIsIncluded() throws IOException {
    write("deeper.conf", "sweep.training.l1 = [0, 1]");
    write("more.conf", "\n\n\nsweep.training.l2 = [0, 1]\ninclude \"deeper.conf\"\n");
    Sweep sweep =
        read(
            BASE
                + "sweep.network.activation = [relu, tanh]\n"
                + "include \"more\"\n"
                + "sweep.training.momentum = [0, 0.9]\n");
    assertEquals(List.of(Keys.ACTIVATION, Keys.L2, Keys.L1, Keys.MOMENTUM), axisKeys(sweep));
  }

  @Test
  void anAxisOfSet_keepsThePlaceOfTheOneItReplaces_andIsLastOtherwise() {
    String text =
        BASE
            + "sweep.training.l2 = [0, 1]\n"
            + "sweep.training.momentum = [0, 0.9]\n"
            + "sweep.network.activation = ${activations}\nactivations = [relu]\n"
            + "sweep.training.l1 = [0]\n";
    Sweep sweep =
        read(
            text,
            "sweep.training.epochs=[1, 2]",
            "sweep.training.l2=[5]",
            "sweep.network.activation=[tanh]");
    assertEquals(
        List.of(Keys.L2, Keys.MOMENTUM, Keys.ACTIVATION, Keys.L1, Keys.EPOCHS), axisKeys(sweep));
    assertEquals(List.of(new BigDecimal("5")), axis(sweep, Keys.L2));
    assertEquals(List.of("tanh"), axis(sweep, Keys.ACTIVATION));
    assertEquals(List.of(Keys.L2, Keys.MOMENTUM, Keys.ACTIVATION, Keys.L1), axisKeys(read(text)));
  }

  @Test
  void anAxisOfAListValuedKey_isAListOfLists() {
    Sweep sweep =
        read(
            BASE
                + """
                sweep {
                  network.hidden = [20, [50, 20], []]
                  network.dropout = [0.1, [0.1, 0.2]]
                  data.prepare = [unit, [unit, standardize], []]
                }
                """);
    assertEquals(List.of(List.of(20L), List.of(50L, 20L), List.of()), axis(sweep, Keys.HIDDEN));
    BigDecimal tenth = new BigDecimal("0.1");
    assertEquals(List.of(tenth, List.of(tenth, new BigDecimal("0.2"))), axis(sweep, Keys.DROPOUT));
    assertEquals(
        List.of(List.of("unit"), List.of("unit", "standardize"), List.of()),
        axis(sweep, Keys.PREPARE));
  }

  @Test
  void stepsWithOptions_areTextsInOneForm() {
    Sweep sweep =
        read(
            BASE
                + """
                sweep.data.prepare = [
                  [gray, { resize = [14, 14.0] }, unit, { scale = 5e-1 }]
                  { hog { orientations = 10, pixels-per-cell = [7, 8], cells-per-block = [3, 3] } }
                  [{ hog {} }, { pca = 0.95 }, { pca = 2e1 }]
                  [{ classes = [b, 3, "a b", "true"] }, { limit = 1000 }, { balance = over }]
                  [{ standardize = each }, { standardize = all }, "pca = 7"]
                  [impute]
                  [{ impute = mean }, { impute { indicator = false } }]
                  [{ impute = median }, { impute { value = median } }]
                  [{ impute = 0 }, { impute { value = 0.0, indicator = true } }]
                ]
                """);
    assertEquals(
        List.of(
            List.of("gray", "resize = [14, 14]", "unit", "scale = 0.5"),
            List.of("hog { orientations = 10, pixels-per-cell = [7, 8] }"),
            List.of("hog", "pca = 0.95", "pca = 20"),
            List.of("classes = [3, \"a b\", b, \"true\"]", "limit = 1000", "balance = over"),
            List.of("standardize", "standardize = all", "pca = 7"),
            List.of("impute"),
            List.of("impute", "impute"),
            List.of("impute { value = median }", "impute { value = median }"),
            List.of("impute { value = 0 }", "impute { value = 0, indicator = true }")),
        axis(sweep, Keys.PREPARE));
    for (Object steps : axis(sweep, Keys.PREPARE)) {
      for (Object step : (List<?>) steps) {
        String word = step.toString().split(" ", -1)[0];
        assertEquals(word, PrepareSteps.step(step.toString()).key());
      }
    }
  }

  @Test
  void stepsThatAreNone_areRefusedWithTheNearest() {
    String words = String.join(", ", PrepareSteps.words());
    assertEquals(
        List.of(
            "sweep.conf:4: data.prepare: expected one of "
                + words
                + " or a list of such, found"
                + " \"grey\" (did you mean gray?)",
            "sweep.conf:5: data.prepare.pka: expected one of "
                + words
                + ", found an unknown step"
                + " (did you mean pca?)",
            "sweep.conf:6: data.prepare.hog.orientation: expected one of orientations,"
                + " pixels-per-cell, cells-per-block, found an unknown option (did you mean"
                + " orientations?)",
            "sweep.conf:7: data.prepare.hog.pixels-per-cell: expected [rows, columns] of at least 1,"
                + " found a list [8]",
            "sweep.conf:8: data.prepare.pca: expected a number of components, or below 1 the share"
                + " of the variance, found 2.5",
            "sweep.conf:9: data.prepare: expected { pca = a number of components, or below 1 the"
                + " share of the variance }, found pca without it",
            "sweep.conf:10: data.prepare.gray: expected gray alone, found an object {\"gray\":1}",
            "sweep.conf:11: data.prepare.classes: expected a list of at least 2 classes, found a"
                + " list [3]",
            "sweep.conf:12: data.prepare: expected one of "
                + words
                + " or a list of such, found an"
                + " object {\"pca\":1,\"unit\":1} (cure: each step in { } of its own, in their"
                + " order)"),
        problems(
            """
            data.source = digits
            network.hidden = [8]
            training.learning-rate = 0.1, data.prepare = [
              grey
              { pka = 3 }
              { hog { orientation = 3 } }
              { hog { pixels-per-cell = [8] } }
              { pca = 2.5 }
              pca
              { gray = 1 }
              { classes = [3] }
              { unit = 1, pca = 1 }
            ]
            """));
  }

  @Test
  void aValueTwiceInAnAxis_isOneValue() {
    Sweep sweep = read(BASE + "sweep.training.l2 = [0.10, 1e-1, 0.1, \"0.1\", 0]");
    assertEquals(List.of(new BigDecimal("0.1"), BigDecimal.ZERO), axis(sweep, Keys.L2));
    assertEquals(
        List.of(List.of(5L)), axis(read(BASE + "sweep.network.hidden = [5, [5]]"), Keys.HIDDEN));
  }

  @Test
  void aRange_countsInDecimal_andEndsAtItsLastValueWithinTheEnd() {
    assertEquals(
        decimals("0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1"),
        axis(read(BASE + "sweep.training.l2 { range = [0, 1], step = 0.1 }"), Keys.L2));
    assertEquals(
        decimals("0.5 1 1.5"),
        axis(read(BASE + "sweep.training.l2 { range = [0.5, 1.9], step = 0.5 }"), Keys.L2));
    assertEquals(
        List.of(List.of(10L), List.of(20L), List.of(30L)),
        axis(read(BASE + "sweep.network.hidden { range = [10, 30], step = 10 }"), Keys.HIDDEN));
  }

  @Test
  void aLogRange_hasExactEnds_andInnerPointsOfSixDigits() {
    assertEquals(
        decimals("0.0001 0.000316228 0.001 0.00316228 0.01 0.0316228 0.1"),
        axis(read(BASE + "sweep.training.l2 { log-range = [1e-4, 1e-1], points = 7 }"), Keys.L2));
    assertEquals(
        decimals("0.123456789 0.246914 0.493827156"),
        axis(
            read(BASE + "sweep.training.l2{log-range=[0.123456789,0.493827156],points=3}"),
            Keys.L2));
    assertEquals(
        List.of(List.of(10L), List.of(32L), List.of(100L)),
        axis(
            read(BASE + "sweep.network.hidden { log-range = [10, 100], points = 3 }"),
            Keys.HIDDEN));
  }

  @Test
  void nullSetsARangeFree_forAnotherOne() {
    String text = BASE + "sweep.training.l2 { range = [0, 1], step = 0.5 }\n";
    Sweep sweep =
        read(
            text
                + "sweep.training.l2 { range = null, step = null, log-range = [1, 4], points = 3 }");
    assertEquals(decimals("1 2 4"), axis(sweep, Keys.L2));
    assertEquals(List.of(), axisKeys(read(text, "sweep.training.l2=null")));
    assertEquals(
        List.of(
            "sweep.conf:5: sweep.training.l2: expected range or log-range, found both, as HOCON"
                + " merges objects (cure: set the one to be replaced to null)"),
        problems(text + "sweep.training.l2 { log-range = [1, 4], points = 3 }"));
  }

  @Test
  void variants_overrideTheSections_andHaveAxesOfTheirOwn() {
    Sweep sweep =
        read(
            """
            data.source = digits
            training.learning-rate = 0.1
            sweep {
              training.l2 = [0, 1]
              variants = [
                { network { hidden = [300, 120] } }
                { name = wide, network.hidden = 9, sweep { training { l1 = [1], epochs = [5] } } }
              ]
            }
            """);
    assertEquals(List.of("1", "wide"), sweep.variants().stream().map(Variant::name).toList());
    Variant first = sweep.variants().get(0);
    assertEquals(List.of(300L, 120L), values(first).get(Keys.HIDDEN));
    assertEquals(List.of(Keys.L2), first.axes().stream().map(Axis::key).toList());
    Variant second = sweep.variants().get(1);
    assertEquals(List.of(9L), values(second).get(Keys.HIDDEN));
    assertEquals("digits", values(second).get(Keys.SOURCE));
    assertEquals(
        List.of(Keys.L2, Keys.L1, Keys.EPOCHS), second.axes().stream().map(Axis::key).toList());
  }

  @Test
  void set_winsOverTheFile_andOverEarlierOnes() {
    Sweep sweep =
        read(
            "data.source { format = csv, train = a.csv }\n"
                + "training { learning-rate = ${rate}, epochs = 3 }, network.hidden = []\nrate = 5",
            "data.source=digits",
            "training.epochs=4",
            "training { epochs = 6, l2 = 1 }",
            "rate=0.5");
    Map<Key, Object> values = values(onlyVariant(sweep));
    assertEquals("digits", values.get(Keys.SOURCE));
    assertEquals(6L, values.get(Keys.EPOCHS));
    assertEquals(new BigDecimal("0.5"), values.get(Keys.LEARNING_RATE));
  }

  @Test
  void aSetThatCouldHaveNoEffect_isRefused() {
    assertEquals(
        List.of(
            "--set training.l2=1: training.l2: expected a key that is not swept, found one that is"
                + " (cure: --set sweep.training.l2=[..], or =null to sweep it no longer)"),
        problems(BASE + "sweep.training.l2 = [0, 1]", "training.l2=1"));
    assertEquals(
        1, read(BASE + "sweep.variants = [{training.l2 = 1}, {}]", "training.l2=2").repeats());
  }

  @Test
  void substitutions_seeTheFile_systemProperties_andTheEnvironment() {
    System.setProperty("trawl.test.rate", "0.25");
    try {
      Sweep sweep =
          read(
              """
              rate = 1
              rates = [${rate}, ${trawl.test.rate}, ${?trawl.test.no-such}]
              name = ${PATH_OF_NOTHING_AT_ALL}
              data.source = digits, network.hidden = [8]
              sweep.training.learning-rate = ${rates} [7]
              """,
              "name=given");
      assertEquals(decimals("1 0.25 7"), axis(sweep, Keys.LEARNING_RATE));
    } finally {
      System.clearProperty("trawl.test.rate");
    }
    String path = System.getenv("PATH");
    assertTrue(problems(BASE + "training.epochs = ${PATH}").get(0).contains(path.substring(0, 10)));
  }

  @Test
  void addressesOfADescribedSource_areRelativeToTheirFile() throws IOException {
    Files.createDirectory(folder.resolve("inner"));
    write("inner/source.conf", "data.source { format = csv, train = [a.csv, \"hdfs://h/b\"] }");
    Sweep sweep =
        read(
            "include \"inner/source.conf\"\nnetwork.hidden = []\ntraining.learning-rate = 1\n"
                + "data.source { test = c.csv, label = class, classes = 3 }");
    SourceSpec source = (SourceSpec) values(onlyVariant(sweep)).get(Keys.SOURCE);
    assertEquals("a", source.name());
    assertEquals(List.of(folder.resolve("inner/a.csv").toString(), "hdfs://h/b"), source.train());
    assertEquals(List.of(folder.resolve("c.csv").toString()), source.test());
    assertEquals(List.of("0", "1", "2"), source.classes());
  }

  @Test
  void aFileWithTenMistakes_givesTenLines() {
    assertEquals(
        List.of(
            "sweep.conf:1: sed: expected one of name, seed, repeats, objective, data, network,"
                + " training, sweep, keep, found an unknown key (did you mean seed?)",
            "sweep.conf:2: objective.direction: expected one of minimize, maximize, found \"up\"",
            "sweep.conf:3: data.source: expected one of digits, or { format, train, .. }, found"
                + " \"digit\" (did you mean digits?)",
            "sweep.conf:4: network.hidden: expected a whole number of at least 1 or a list of such,"
                + " found -8",
            "sweep.conf:5: network.learning-rate: expected one of activation, batch-norm, bias, dropout, hidden,"
                + " initial, initializer, output, found an unknown key (did you mean training.learning-rate?)",
            "sweep.conf:6: training.optimizer: expected one of sgd, adam, adamw, rmsprop, adagrad, found \"adm\" (did you"
                + " mean adam?)",
            "sweep.conf:7: training.epochs: expected a whole number of at least 1, found a list [5]"
                + " (cure, to try each: sweep.training.epochs = [..])",
            "sweep.conf:8: sweep.training.l2: expected a list of values, { range = [first, last], step"
                + " = .. } or { log-range = [first, last], points = .. }, found 0.1 (cure: [0.1]; or,"
                + " for one value, training.l2 = 0.1 outside sweep)",
            "sweep.conf:9: sweep.where: expected a Spark SQL predicate over key columns, found"
                + " \"validation_loss > 1\": validation_loss does not exist before training",
            "sweep.conf:10: sweep.training.learning-rate: expected at least one value, found an"
                + " empty list"),
        problems(
            """
            sed = 3
            objective { metric = test_loss, direction = up }
            data.source = digit
            network { hidden = [20, -8]
              learning-rate = 0.1 }
            training { optimizer = adm
              epochs = [5] }
            sweep { training.l2 = 0.1
              where = "validation_loss > 1"
              training.learning-rate = [] }
            """));
  }

  @Test
  void whatCannotBeRead_saysWhere() throws IOException {
    assertEquals(
        List.of("sweep.conf:4: expected a ] for this [, found the end"),
        problems(BASE + "name = [1\n"));
    assertEquals(
        List.of(
            "sweep.conf:4: include: expected a file, found none at \"gone.conf\"",
            "sweep.conf:5: ${nothing.here}: expected a key of the file, a system property or a"
                + " variable of the environment, found none",
            "sweep.conf:6: include: expected a file, found none at \"lost\"",
            "sweep.conf:7: ${nor.here}: expected a key of the file, a system property or a variable"
                + " of the environment, found none"),
        problems(
            BASE
                + "include \"gone.conf\"\ntraining.epochs = ${nothing.here}\n"
                + "include required(file(\"lost\"))\nname = ${nor.here}x\n"));
    assertEquals(
        List.of("--set training.epochs: expected key=value, found training.epochs"),
        problems(BASE, "training.epochs"));
    assertEquals(1, problems("a = ${b}\nb = ${a}\n").size());
    write("broken.conf", "a = {\n b = ]\n}");
    assertTrue(problems(BASE + "include \"broken.conf\"").get(0).matches(".*broken.conf:2: .*"));
    InputException missing =
        assertThrows(
            InputException.class,
            () -> SweepReader.read(Path.of("no-such.conf"), List.of(), catalogue));
    assertEquals(
        List.of("Cannot read no-such.conf: expected a file, found none"), missing.problems());
  }

  @Test
  void requiredKeys_areAskedFor_ofEachVariant() {
    assertEquals(
        List.of(
            "sweep.conf:1: data.source: expected a value, or an axis sweep.data.source, found none",
            "sweep.conf:1: network.hidden: expected a value, or an axis sweep.network.hidden,"
                + " found none",
            "sweep.conf:1: training.learning-rate: expected a value, or an axis"
                + " sweep.training.learning-rate, found none"),
        problems("name = empty"));
    assertEquals(
        List.of(
            "sweep.conf:5: training.learning-rate: expected a value, or an axis"
                + " sweep.training.learning-rate, found none"),
        problems(
            """
            data.source = digits
            network.hidden = []
            sweep.variants = [
              { training.learning-rate = 1 }
              { training.epochs = 3 }
            ]
            """));
  }

  @Test
  void aKeyBothInAVariantAndBesideIt_isRefused() {
    List<String> problems =
        problems(
            BASE
                + """
                sweep.training.l2 = [0, 1]
                sweep.variants = [ { training.l2 = 5 } ]
                """);
    assertEquals(1, problems.size());
    assertTrue(problems.get(0).contains("cure: move that axis into the variants"), problems.get(0));
  }

  @Test
  void unknownKeys_areFoundAtEveryLevel() {
    List<String> problems =
        problems(
            BASE
                + """
                dta.source = x
                data.sorce = x
                training.noise.sgma = 1
                sweep.vriants = []
                sweep.training.l3 = [1]
                sweep.training.l2 { rnge = [0, 1], step = 1 }
                sweep.variants = [ { sweep.where = "true" }, { nme = x } ]
                objective { metrik = test_loss }
                data.source { format = csv, trian = x }
                """);
    for (String suggestion :
        List.of(
            "data?",
            "source?",
            "sigma?",
            "variants?",
            "l1?",
            "range?",
            "name?",
            "metric?",
            "train?")) {
      assertTrue(
          problems.stream().anyMatch(line -> line.contains("(did you mean " + suggestion + ")")),
          suggestion + " in " + problems);
    }
    assertTrue(problems.stream().anyMatch(line -> line.contains("sweep.variants[1].sweep.where")));
  }

  @Test
  void theResolvedText_readsAsAnEqualSweep() throws IOException {
    write("rates.conf", "rates = { log-range = [1e-4, 1], points = 5 }");
    Sweep sweep =
        read(
            """
            include "rates.conf"
            name = "a name", repeats = 2
            objective { metric = test_loss, direction = maximize }
            data.source { format = csv, train = a.csv, label = "a \\"b\\"", header = true, classes = [x, y] }
            sweep {
              training.l2 = [0, 1]
              network.hidden = [[], [5, 3]]
              where = "l2 = 0 or size(hidden) > 0"
              variants = [
                { name = one, sweep.training.learning-rate = ${rates} }
                { training { learning-rate = 1, batch-size = all }, network.dropout = [0.1, 0.2] }
              ]
            }
            """);
    String resolved = sweep.resolved();
    write("again.conf", resolved);
    Sweep again = SweepReader.read(folder.resolve("again.conf"), List.of(), catalogue);
    assertEquals(resolved, again.resolved());
    assertEquals(sweep.name(), again.name());
    assertEquals(sweep.objective(), again.objective());
    assertEquals(sweep.where().get().predicate(), again.where().get().predicate());
    for (int i = 0; i < 2; i++) {
      assertEquals(values(sweep.variants().get(i)), values(again.variants().get(i)));
      assertEquals(
          sweep.variants().get(i).axes().stream().map(Axis::values).toList(),
          again.variants().get(i).axes().stream().map(Axis::values).toList());
    }
  }

  @Test
  void everyKeyOfASource_isReadAndWritten() throws IOException {
    String keys =
        """
        name = n, format = images, train = [a, b], validation = c, test = d, classes = [x, y]
        relabel { z = x }, full-scale = 9, shape = [4, 5, 3], resize = [4, 5], transposed = true
        """;
    Sweep sweep = read("data.source { %s }\n%s".formatted(keys, NETWORK));
    SourceSpec source = (SourceSpec) values(onlyVariant(sweep)).get(Keys.SOURCE);

    assertEquals(new SampleShape(4, 5, 3), source.shape());
    assertEquals(new ImageChanges(4, 5, true), source.changes());
    assertEquals(List.of(folder.resolve("a") + "", folder.resolve("b") + ""), source.train());
    assertEquals(Map.of("z", "x"), source.relabel());
    write("again.conf", sweep.resolved());
    Sweep again = SweepReader.read(folder.resolve("again.conf"), List.of(), catalogue);
    assertEquals(source, values(onlyVariant(again)).get(Keys.SOURCE));
  }

  @Test
  void changesOfImages_areChecked() {
    List<String> problems =
        problems(
            "data.source { format = csv, train = a, resize = [2, 2] }\n"
                + NETWORK
                + "\nsweep.data.source = [{ format = images, train = b, resize = [0, 5] }"
                + ", { format = images, train = c, resize = 3, transposed = 2 }]");
    String all = String.join("\n", problems);
    assertTrue(all.contains("resize: expected no such key with format = csv"), all);
    assertTrue(all.contains("resize: expected [rows, columns] of 1 to 4096, found a list"), all);
    assertTrue(all.contains("resize: expected [rows, columns] of 1 to 4096, found 3"), all);
    assertTrue(all.contains("transposed: expected true or false, found 2"), all);
  }

  @Test
  void definitions_areAllowedWhereASubstitutionUsesThem() {
    assertEquals(
        4L, values(onlyVariant(read(BASE + "few = 4\ntraining.epochs = ${few}"))).get(Keys.EPOCHS));
    assertTrue(problems(BASE + "few = 4").get(0).startsWith("sweep.conf:4: few: expected one of"));
  }

  private Sweep read(String text, String... settings) {
    try {
      write("sweep.conf", text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return SweepReader.read(folder.resolve("sweep.conf"), Arrays.asList(settings), catalogue);
  }

  /** What is wrong, without the folder's name. */
  private List<String> problems(String text, String... settings) {
    InputException wrong = assertThrows(InputException.class, () -> read(text, settings));
    return wrong.problems().stream().map(line -> line.replace(folder + "/", "")).toList();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static Variant onlyVariant(Sweep sweep) {
    assertEquals(1, sweep.variants().size());
    return sweep.variants().get(0);
  }

  private static Map<Key, Object> values(Variant variant) {
    return variant.settings().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().value()));
  }

  private static List<Key> axisKeys(Sweep sweep) {
    return onlyVariant(sweep).axes().stream().map(Axis::key).toList();
  }

  private static List<Object> axis(Sweep sweep, Key key) {
    return onlyVariant(sweep).axes().stream()
        .filter(axis -> axis.key().equals(key))
        .findFirst()
        .orElseThrow()
        .values();
  }

  private static List<BigDecimal> decimals(String numbers) {
    return Arrays.stream(numbers.split(" ", -1)).map(BigDecimal::new).toList();
  }
}
