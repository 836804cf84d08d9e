package org.trawl.driver.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.TrainingSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;
import org.trawl.core.training.TrainingSpec.Schedule;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.model.SafeTensors;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;
import org.trawl.driver.sweep.SweepReader;

class PlannerTest {
  private static final String BASE =
      "data.source = digits\nnetwork.hidden = [8, 4]\ntraining.learning-rate = 0.1\n";
  private static final long MEMORY = 1L << 30;

  @TempDir Path folder;

  @Test
  void aTrialOfDefaults_isWhatTheKeysSay() {
    PlannedTrial trial = onlyTrial(BASE);
    DataSpec data = trial.spec().data();
    assertEquals("digits", data.source().name());
    assertEquals(
        new DataSpec(
            data.source(), new Part(0.1), Part.NONE, 0, false, 0, List.of(new PrepareStep.Unit())),
        data);
    assertEquals(
        new NetworkSpec(
            List.of(8, 4),
            Activation.RELU,
            Activation.SOFTMAX,
            true,
            Initializer.GLOROT_UNIFORM,
            List.of(0.0, 0.0),
            false),
        trial.spec().network());
    assertEquals(
        new TrainingSpec(
            new OptimizerSpec.Sgd(0, false),
            0.1,
            Loss.CROSS_ENTROPY,
            Reduction.MEAN,
            0,
            0,
            32,
            10,
            true,
            new Noise(0, Noise.Into.ACTIVATIONS),
            new Schedule(Schedule.Kind.CONSTANT, 1, 0.5, 0),
            Clip.NONE),
        trial.spec().training());
    assertEquals(SeedStreams.trialSeed(1, 1, 0), trial.seed());
    assertEquals(Keys.all(), List.copyOf(trial.values().keySet()));
  }

  @Test
  void everyKey_reachesTheSpecification_andTheHash() throws IOException {
    write("other.csv", "a,b,c\n0,1,x\n1,0,y\n0,2,x\n2,0,y\n0,3,x\n3,0,y\n0,4,x\n4,0,y\n");
    Map<Key, String> changes = new LinkedHashMap<>();
    changes.put(Keys.SOURCE, "data.source = { format = csv, train = other.csv }");
    changes.put(Keys.VALIDATION, "data.validation = 0.2");
    changes.put(Keys.TEST, "data.test = 100");
    changes.put(Keys.FOLDS, "data.folds = 3");
    changes.put(Keys.POOLED, "data.pooled = true");
    changes.put(Keys.LIMIT, "data.limit = 500");
    changes.put(Keys.PREPARE, "data.prepare = [standardize]");
    changes.put(Keys.AUGMENT_SIGMA, "data.augment { noise-sigma = 2, copies = 1 }");
    changes.put(Keys.AUGMENT_COPIES, "data.augment.copies = 2");
    changes.put(Keys.HIDDEN, "network.hidden = [9]");
    changes.put(Keys.ACTIVATION, "network.activation = tanh");
    changes.put(Keys.OUTPUT, "network.output = sigmoid");
    changes.put(Keys.BIAS, "network.bias = false");
    changes.put(Keys.INITIALIZER, "network.initializer = he-normal");
    changes.put(Keys.DROPOUT, "network.dropout = [0, 0.5]");
    changes.put(Keys.BATCH_NORM, "network.batch-norm = true");
    write("weights.safetensors", SafeTensors.of(Map.of(), Map.of()).encode());
    changes.put(Keys.INITIAL, "network.initial = weights.safetensors");
    changes.put(Keys.OPTIMIZER, "training.optimizer = adam");
    changes.put(Keys.LEARNING_RATE, "training.learning-rate = 0.2");
    changes.put(Keys.MOMENTUM, "training.momentum = 0.9");
    changes.put(Keys.NESTEROV, "training { nesterov = true, momentum = 0.5 }");
    changes.put(Keys.BETA1, "training { beta1 = 0.5, optimizer = adam }");
    changes.put(Keys.BETA2, "training { beta2 = 0.5, optimizer = adam }");
    changes.put(Keys.EPSILON, "training { epsilon = 1e-6, optimizer = adam }");
    changes.put(Keys.DECAY, "training { decay = 0.5, optimizer = adamw }");
    changes.put(Keys.LOSS, "training.loss = squared-error");
    changes.put(Keys.REDUCTION, "training.reduction = sum");
    changes.put(Keys.L1, "training.l1 = 0.1");
    changes.put(Keys.L2, "training.l2 = 0.1");
    changes.put(Keys.BATCH_SIZE, "training.batch-size = all");
    changes.put(Keys.EPOCHS, "training.epochs = 11");
    changes.put(Keys.SHUFFLE, "training.shuffle = false");
    changes.put(Keys.NOISE_SIGMA, "training.noise.sigma = 0.1");
    changes.put(Keys.NOISE_INTO, "training.noise.into = inputs");
    changes.put(Keys.SCHEDULE_KIND, "training.schedule.kind = step");
    changes.put(Keys.SCHEDULE_EVERY, "training.schedule { kind = step, every = 3 }");
    changes.put(Keys.SCHEDULE_FACTOR, "training.schedule { kind = step, factor = 0.1 }");
    changes.put(Keys.WARM_UP, "training.schedule.warm-up = 2");
    changes.put(Keys.CLIP_NORM, "training.clip.norm = 1");
    changes.put(Keys.CLIP_VALUE, "training.clip.value = 0.1");
    changes.put(
        Keys.STOPPING_METRIC, "training.early-stopping { patience = 3, metric = validation_loss }");
    changes.put(Keys.STOPPING_PATIENCE, "training.early-stopping.patience = 4");
    changes.put(
        Keys.STOPPING_GAIN, "training.early-stopping { patience = 3, minimum-gain = 0.01 }");
    changes.put(
        Keys.RESTORE_BEST, "training.early-stopping { patience = 3, restore-best = false }");
    changes.put(Keys.DIAGNOSTICS, "training.diagnostics = false");
    changes.put(Keys.EVALUATE_TRAIN, "training.evaluate-train = true");
    changes.put(Keys.TOP_K, "training.top-k = 2");
    changes.put(Keys.ROC_POINTS, "training.roc-points = 20");
    assertEquals(Keys.all(), List.copyOf(changes.keySet()));

    String stopping = "training.early-stopping.patience = 3";
    Map<Key, String> others = new HashMap<>();
    others.put(Keys.AUGMENT_SIGMA, "data.augment.copies = 1");
    others.put(Keys.STOPPING_METRIC, stopping);
    others.put(Keys.STOPPING_GAIN, stopping);
    others.put(Keys.RESTORE_BEST, stopping);
    others.putAll(
        Map.of(
            Keys.NESTEROV, "training.momentum = 0.5",
            Keys.BETA1, "training.optimizer = adam",
            Keys.BETA2, "training.optimizer = adam",
            Keys.EPSILON, "training.optimizer = adam",
            Keys.DECAY, "training.optimizer = adamw",
            Keys.SCHEDULE_EVERY, "training.schedule.kind = step",
            Keys.SCHEDULE_FACTOR, "training.schedule.kind = step"));
    Set<String> points = new HashSet<>();
    changes.forEach(
        (key, change) -> {
          PlannedTrial without = firstTrial(BASE + others.getOrDefault(key, ""));
          PlannedTrial with = firstTrial(BASE + change);
          assertNotEquals(parts(without.spec()), parts(with.spec()), key.path());
          assertNotEquals(without.point(), with.point(), key.path());
          assertNotEquals(without.trial(), with.trial(), key.path());
          assertNotEquals(without.config(), with.config(), key.path());
          assertEquals(key.equals(Keys.EPOCHS), without.lineage().equals(with.lineage()));
          assertTrue(points.add(with.point()), key.path());
        });
  }

  private static List<Object> parts(TrialSpec spec) {
    return List.of(spec.data(), spec.network(), spec.training());
  }

  @Test
  void theHash_dependsOnWhatIsTrained_notOnHowItIsWritten() throws IOException {
    String text = BASE + "training { l2 = 0.1, batch-size = 50 }, network.dropout = 0.2\n";
    PlannedTrial trial = onlyTrial(text);
    assertEquals("[0-9a-f]{12}", trial.trial().replaceAll("^[0-9a-f]{12}$", "[0-9a-f]{12}"));
    for (String same :
        List.of(
            "training.l2 = 1e-1",
            "training.l2 = 0.10",
            "training.l2 = \"0.1\"",
            "network.dropout = [0.20, 2e-1]",
            "network.activation = relu",
            "training.momentum = 0",
            "training.batch-size = 5e1",
            "data.prepare = unit",
            "data.prepare = [unit]",
            "data.prepare = [\"unit\"]",
            "name = another",
            "repeats = 2",
            "sweep.training.l2 = [0.1]",
            "sweep.variants = [{ name = x, training.l2 = 0.1 }]",
            "sweep.where = \"true\"")) {
      assertEquals(trial.trial(), firstTrial(text + same).trial(), same);
    }
    String reordered =
        "network.dropout = 0.2, training { batch-size = 50, l2 = 0.1, learning-rate = 0.1 }\n"
            + "network.hidden = [8, 4], data.source = digits";
    assertEquals(trial.trial(), onlyTrial(reordered).trial());
    assertEquals(
        onlyTrial(BASE + "network.hidden = 50").trial(),
        onlyTrial(BASE + "network.hidden = [50]").trial());
    PlannedTrial otherSeed = onlyTrial(text + "seed = 2");
    assertEquals(trial.point(), otherSeed.point());
    assertNotEquals(trial.trial(), otherSeed.trial());
    assertNotEquals(trial.seed(), otherSeed.seed());
  }

  @Test
  void theHash_coversTheOptionsOfAPreparation_howeverTheyAreWritten() {
    String hog = "data.prepare = [{ hog { pixels-per-cell = [2, 2], orientations = 8 } }]";
    PlannedTrial trial = onlyTrial(BASE + hog);
    assertEquals(List.of(new PrepareStep.Hog(8, 2, 2, 3, 3)), trial.spec().data().prepare());
    assertTrue(
        trial.config().contains("\"hog { orientations = 8, pixels-per-cell = [2, 2] }\""),
        trial.config());
    for (String same :
        List.of(
            "data.prepare = { hog { orientations = 8.0, pixels-per-cell = [2, 2] } }",
            "data.prepare = [\"hog { orientations = 8, pixels-per-cell = [2, 2] }\"]",
            "data.prepare = [{ hog { orientations = 8, pixels-per-cell = [2, 2],"
                + " cells-per-block = [3, 3] } }]")) {
      assertEquals(trial.trial(), onlyTrial(BASE + same).trial(), same);
    }
    Set<String> trials = new HashSet<>();
    for (String other :
        List.of(
            hog,
            "data.prepare = [{ hog { pixels-per-cell = [2, 2] } }]",
            "data.prepare = [{ hog { pixels-per-cell = [1, 2], orientations = 8 } }]",
            "data.prepare = [{ pca = 8 }]",
            "data.prepare = [{ pca = 0.8 }]",
            "data.prepare = [standardize]",
            "data.prepare = [{ standardize = all }]",
            "data.prepare = [{ classes = [3, 5] }]",
            "data.prepare = [balance]",
            "data.prepare = [{ balance = over }]",
            "data.prepare = [unit, { scale = 2 }]",
            "data.prepare = [{ resize = [4, 4] }]",
            "data.prepare = [{ limit = 100 }]")) {
      assertTrue(trials.add(onlyTrial(BASE + other).trial()), other);
    }
    assertEquals(
        onlyTrial(BASE + "data.prepare = [{ standardize = each }]").trial(),
        onlyTrial(BASE + "data.prepare = [standardize]").trial());
    assertEquals(
        onlyTrial(BASE + "data.prepare = [{ classes = [5, 3.0, 3] }]").trial(),
        onlyTrial(BASE + "data.prepare = [{ classes = [\"3\", 5] }]").trial());
  }

  @Test
  void aPreparationThatCannotBeApplied_isRefusedAtItsPlace() {
    assertProblem(
        BASE + "data.prepare = [unit, { limit = 100 }]",
        ":4: data.prepare: Cannot apply limit after unit: expected the steps that choose samples"
            + " (classes, limit, balance) first (the only point)");
    assertProblem(
        BASE + "data.prepare = [{ pca = 10 }, gray]",
        ":4: data.prepare: Cannot apply gray to digits: expected images (cure: shape = [rows,"
            + " columns] in the data set's description; or this step before those that make other"
            + " features), found 10 features without a shape (the only point)");
    assertProblem(
        BASE + "data.prepare = [{ pca = 10 }, unit]",
        ":4: data.prepare: Cannot apply unit to digits: expected it before the steps that make other"
            + " features of the source's, found it after them (the only point)");
    assertProblem(
        BASE + "data.prepare = [hog]",
        ":4: data.prepare: Cannot apply hog to digits: expected images of at least 24 x 24 pixels,"
            + " which one block of 3 x 3 cells takes, found images of 8x8 (the only point)");
    assertProblem(
        BASE + "data.prepare = [{ pca = 65 }]",
        ":4: data.prepare: Cannot apply pca to digits: expected at most as many components as there"
            + " are features, 64, found 65 (the only point)");
    assertProblem(
        BASE + "data.prepare = [{ classes = [3, x] }]",
        ":4: data.prepare: Cannot apply classes to digits: expected some of 0, 1, 2, 3, 4, 5, 6, 7,"
            + " 8, 9, found \"x\" (the only point)");
    assertProblem(
        BASE + "data.prepare = [{ limit = 1700 }]",
        ":1: data: Cannot take limit = 1700 training samples of digits: it has 1617 (the only"
            + " point)");
  }

  @Test
  void preparedSamplesLargerThanMemory_areRefusedWithTheirBytes() {
    assertProblem(
        BASE + "data.prepare = [{ resize = [1000, 1000] }]",
        ":4: data.prepare: expected prepared samples that fit the 1,073,741,824 bytes of memory"
            + " beside the data's 122,196, found about 1,797,000,000 bytes. Trials may fill two thirds"
            + " of the heap, which TRAWL_MEMORY sets, such as 8g (the only point)");
  }

  @Test
  void theHash_followsTheDatasContent_notItsPlace() throws IOException {
    String rows = "1,2,x\n2,1,y\n1,3,x\n3,1,y\n1,4,x\n4,1,y\n1,5,x\n5,1,y\n";
    write("one.csv", rows);
    write("two.csv", rows);
    write("three.csv", rows.replace('5', '6'));
    String text = BASE + "data { validation = 2, source { format = csv, train = %s.csv } }";
    assertEquals(
        onlyTrial(text.formatted("one")).trial(), onlyTrial(text.formatted("two")).trial());
    assertNotEquals(
        onlyTrial(text.formatted("one")).trial(), onlyTrial(text.formatted("three")).trial());
  }

  @Test
  void theFirstAxis_variesSlowest_andRepeatsFastest() {
    Plan plan =
        plan(BASE + "repeats = 2\nsweep.training.l2 = [0, 1]\nsweep.training.l1 = [0, 2, 3]\n");
    assertEquals(12, plan.trials().size());
    assertEquals(6, plan.points());
    assertEquals(
        List.of("0 0 1", "0 0 2", "0 2 1", "0 2 2", "0 3 1", "0 3 2", "1 0 1", "1 0 2"),
        plan.trials().stream()
            .limit(8)
            .map(
                trial ->
                    trial.values().get(Keys.L2)
                        + " "
                        + trial.values().get(Keys.L1)
                        + " "
                        + trial.repeat())
            .toList());
    Set<Long> seeds = new HashSet<>(plan.trials().stream().map(PlannedTrial::seed).toList());
    assertEquals(2, seeds.size(), "the points of a repeat share its seed");
    assertEquals(12, plan.trials().stream().map(PlannedTrial::trial).distinct().count());
  }

  @Test
  void folds_makeATrialEach_withoutAValidationPart() {
    Plan plan = plan(BASE + "data.folds = 3\nrepeats = 2");
    assertEquals(1, plan.points());
    assertEquals(
        List.of("1 1", "1 2", "1 3", "2 1", "2 2", "2 3"),
        plan.trials().stream().map(trial -> trial.repeat() + " " + trial.fold()).toList());
    assertEquals(Part.NONE, plan.trials().get(0).spec().data().validation());
    assertEquals("validation_accuracy", plan.objective().metric());
    assertProblem(
        BASE + "data { folds = 3, validation = 0.2 }",
        ":4: data.validation: expected none, or 0, beside folds: each fold validates in turn,"
            + " found 0.2 (the only point)");
  }

  @Test
  void aPointPlannedTwice_isOneTrialUnderTheFirstVariant() {
    Plan plan =
        plan(
            BASE
                + """
                sweep.variants = [
                  { name = first, sweep.training.l2 = [0, 0.1] }
                  { name = second, sweep.training.l2 = [0.10, 0.2] }
                ]
                """);
    assertEquals(3, plan.points());
    assertEquals(1, plan.duplicates());
    assertEquals(
        List.of("first 0", "first 0.1", "second 0.2"),
        plan.trials().stream()
            .map(trial -> trial.variant() + " " + trial.values().get(Keys.L2))
            .toList());
  }

  @Test
  void where_dropsPoints_beforeContradictionsAreLookedFor() {
    String text = BASE + "sweep.training { optimizer = [sgd, adam], momentum = [0, 0.5, 0.9] }\n";
    assertProblem(
        text,
        ":4: training.momentum: expected none, or the default 0, with optimizer = adam, found 0.5"
            + " (training.optimizer = adam, training.momentum = 0.5)",
        ":4: training.momentum: expected none, or the default 0, with optimizer = adam, found 0.9"
            + " (training.optimizer = adam, training.momentum = 0.9)");
    Plan plan = plan(text + "sweep.where = \"optimizer = 'sgd' or momentum = 0\"");
    assertEquals(4, plan.points());
    assertEquals(2, plan.dropped());
    assertProblem(
        text + "sweep.where = \"l2 > 5\"",
        ":5: sweep.where: expected a predicate that keeps a point, found one that drops all 6");
    assertProblem(
        text + "sweep.where = \"1 / momentum > 1 and optimizer = 'sgd'\"",
        ":5: sweep.where: expected a Spark SQL predicate over key columns, found \"1 / momentum > 1"
            + " and optimizer = 'sgd'\": Division by zero. Use `try_divide` to tolerate divisor"
            + " being 0 and return NULL instead (2 points, the first: training.optimizer = sgd,"
            + " training.momentum = 0)");
  }

  @Test
  void contradictions_areAllTold_withTheirPlaces() {
    assertProblem(
        BASE
            + """
            training { beta1 = 0.5, nesterov = true }
            network.dropout = [0.1, 0.2, 0.3]
            network.output = identity
            """,
        ":4: training.beta1: expected none, or the default 0.9, with optimizer = sgd, found 0.5"
            + " (the only point)",
        ":4: training.nesterov: expected false without a momentum above 0, found true (the only"
            + " point)",
        ":5: network.dropout: expected one rate, or one for each of the 2 hidden layers of [8, 4],"
            + " found [0.1, 0.2, 0.3] (the only point)",
        ":6: network.output: expected softmax or sigmoid with loss = cross-entropy, found identity"
            + " (the only point)");
  }

  @Test
  void aSoftmaxOfOneUnit_andAnEpsilonOfSgd_areRefused() {
    assertProblem(
        BASE + "network { hidden = [8, 1], activation = softmax }\ntraining.epsilon = 1e-4",
        ":4: network.activation: expected another one with a hidden layer of one unit, whose softmax"
            + " is always 1, found softmax (the only point)",
        ":5: training.epsilon: expected none with optimizer = sgd, found 0.0001 (the only point)");
    onlyTrial(BASE + "network { hidden = [8, 2], activation = softmax }");
  }

  @Test
  void oneSampleCannotBeNormalised() throws IOException {
    write("one.csv", "1,2,x\n");
    String one =
        "data { source { format = csv, train = one.csv, header = false, classes = [x, y] }, validation"
            + " = 0 }\nnetwork { hidden = [8], batch-norm = true }\ntraining.learning-rate = 0.1\n";
    assertProblem(
        one,
        ":2: network.batch-norm: expected false with a training part of one sample, which has no"
            + " variance, found true (the only point)");
    onlyTrial(one + "data.augment { noise-sigma = 1, copies = 1 }");
    onlyTrial(one + "network.hidden = []");
  }

  @Test
  void anOutputWhoseDerivativeIsNotKnown_isRefused() {
    assertProblem(
        BASE + "network.output = lecun-tanh\ntraining.loss = squared-error\n",
        ":4: network.output: expected another one: the derivative of this does not follow from its"
            + " value, found lecun-tanh (the only point)");
  }

  @Test
  void noiseNeedsCopies_andCopiesMemory() {
    assertProblem(
        BASE + "data.augment.noise-sigma = 12",
        ":4: data.augment.noise-sigma: expected none, or 0, without data.augment.copies of at least"
            + " 1, found 12 (the only point)");
    assertProblem(
        BASE + "data.augment { noise-sigma = -1, copies = 1.5 }",
        ":4: data.augment.noise-sigma: expected a number of at least 0, found -1",
        ":4: data.augment.copies: expected a whole number of at least 0, found 1.5");
    assertProblem(
        BASE + "data.augment { noise-sigma = 1, copies = 1000000 }",
        ":4: data.augment.copies: expected a value that is at most 2,147,483,639 feature values with"
            + " those of digits, found 1000000 (the only point)");
    PlannedTrial plain = onlyTrial(BASE);
    PlannedTrial copies = onlyTrial(BASE + "data.augment { noise-sigma = 1, copies = 3 }");
    Dataset digits = plan(BASE).datasets().get(0);
    assertEquals(
        0, Workload.augmentedBytes(plain.spec(), PreparedSize.of(digits, plain.spec().data())));
    // 1,617 training samples four times, and 180 to validate on, with their labels.
    assertEquals(
        4 * (4 * 1617 + 180) * 65,
        Workload.augmentedBytes(copies.spec(), PreparedSize.of(digits, copies.spec().data())));
    assertEquals(
        4 * Workload.of(plain.spec(), digits).multiplyAdds(),
        Workload.of(copies.spec(), digits).multiplyAdds());
  }

  @Test
  void earlyStopping_needsPatienceAndThePartThatItWatches() {
    assertProblem(
        BASE
            + """
            training.early-stopping { metric = test_loss, minimum-gain = 0.1, restore-best = false }
            """,
        ":4: training.early-stopping.metric: expected none, or the default validation_accuracy,"
            + " without a training.early-stopping.patience above 0, found test_loss (the only"
            + " point)",
        ":4: training.early-stopping.minimum-gain: expected none, or the default 0, without a"
            + " training.early-stopping.patience above 0, found 0.1 (the only point)",
        ":4: training.early-stopping.restore-best: expected none, or the default true, without a"
            + " training.early-stopping.patience above 0, found false (the only point)");
    assertProblem(
        BASE + "training.early-stopping { metric = test_loss, patience = 2 }",
        ":4: training.early-stopping.metric: expected a metric of a part that the data has, found"
            + " test_loss (cure: one of train_loss, train_accuracy, validation_loss,"
            + " validation_accuracy) (the only point)");
    assertProblem(
        BASE + "data.validation = 0\ntraining.early-stopping.patience = 2",
        ":5: training.early-stopping.metric: expected a metric of a part that the data has, found"
            + " validation_accuracy (cure: one of train_loss, train_accuracy) (the only point)");
    assertEquals(
        1,
        plan(BASE + "data.folds = 2\ntraining.early-stopping.patience = 2").trials().get(0).fold());
  }

  @Test
  void theDefaultObjective_isOfThePartThatTheDataHas() {
    assertEquals(Objective.of("validation_accuracy"), plan(BASE).objective());
    assertEquals(
        Objective.of("test_accuracy"),
        plan(BASE + "data { validation = 0, test = 0.2 }").objective());
    assertEquals(
        new Objective("train_loss", Direction.MINIMIZE),
        plan(BASE + "data.validation = 0").objective());
    assertEquals(
        List.of("train_loss", "validation_accuracy"),
        plan(BASE + "sweep.data.validation = [0, 0.1]").trials().stream()
            .map(trial -> trial.peers().objective().metric())
            .toList(),
        "each data set has its own");
    assertProblem(
        BASE + "objective.metric = test_loss",
        ":4: objective.metric: expected a metric of a part that the data has, found test_loss"
            + " (cure: one of macro_f1, train_accuracy, train_loss, train_penalty,"
            + " validation_accuracy, validation_loss) (the only point)");
    assertSetProblem("objective.metric=test_loss", "objective.metric: expected a metric of a part");
    assertSetProblem("data.limit=2000", "data: Cannot take limit = 2000 samples of digits");
    assertSetProblem("data.test=0.9995", "data: Cannot divide digits: of its 1797 samples");
  }

  /** What is wrong with a setting stands at the setting. */
  private void assertSetProblem(String setting, String expected) {
    InputException wrong = assertThrows(InputException.class, () -> plan(BASE, setting));
    String start = "--set " + setting + ": " + expected;
    assertTrue(wrong.problems().get(0).startsWith(start), wrong.problems().get(0));
  }

  /** The data of the trials of a plan of several points. */
  private long differentData(String axis) {
    return plan(BASE + axis).trials().stream()
        .map(trial -> trial.peers().data())
        .distinct()
        .count();
  }

  @Test
  void trialsHaveTheSameDataWhereTheyAreEvaluatedOnTheSameSamples() {
    assertEquals(
        1, differentData("sweep.data.prepare = [[unit], [{ pca = 3 }], [{ limit = 90 }]]"));
    assertEquals(1, differentData("sweep.data.augment.copies = [0, 1]"));
    assertEquals(1, differentData("repeats = 3"));
    assertEquals(1, differentData("data { folds = 3 }"));
    assertEquals(1, differentData("data.validation = 0\nsweep.data.limit = [500, 900]"));
    assertEquals(2, differentData("sweep.data.limit = [500, 900]"), "of what is divided");
    assertEquals(2, differentData("sweep.data.validation = [0.1, 0.2]"));
    assertEquals(2, differentData("sweep.data.test = [0.1, 0.2]"));
    assertEquals(2, differentData("data.validation = 0\nsweep.data.folds = [2, 3]"));
    assertEquals(
        3,
        differentData(
            "sweep.data.prepare = [[unit], [{ classes = [3, 5] }], [{ classes = [3, 7] }],"
                + " [{ classes = [5, 3] }, unit]]"));
    assertEquals(
        plan(BASE).trials().get(0).peers(),
        plan(BASE + "seed = 2").trials().get(0).peers(),
        "whatever the seed");
  }

  @Test
  void whatIsNotComparedAndWhatChoosesByTheTestPartIsTold() {
    assertEquals(List.of(), plan(BASE).remarks());
    assertEquals(
        List.of(
            "trials are compared within the same data only, and these have different samples to"
                + " validate or test: digits, validation 0 by train_loss; digits, validation 0.1 by"
                + " validation_accuracy"),
        plan(BASE + "sweep.data.validation = [0, 0.1]").remarks());
    assertEquals(
        List.of(
            "objective.metric = test_macro_f1 chooses by the test part, so that it says too much of"
                + " other samples (cure: macro_f1)",
            "training.early-stopping.metric = test_loss chooses by the test part, so that it says"
                + " too much of other samples (cure: validation_loss)"),
        plan(BASE
                + "data.test = 0.1\nobjective.metric = test_macro_f1\n"
                + "training.early-stopping { patience = 2, metric = test_loss }")
            .remarks());
    assertEquals(
        List.of(),
        plan(BASE + "data { validation = 0, test = 0.1 }, objective.metric = test_accuracy")
            .remarks(),
        "there is no other part");
  }

  @Test
  void dataThatCannotBeUsed_isRefusedAtItsPlace() throws IOException {
    InputException missing =
        assertThrows(
            InputException.class,
            () -> plan(BASE + "data.source { format = csv, train = gone.csv }"));
    assertEquals(1, missing.problems().size());
    assertTrue(missing.getMessage().matches(".*sweep.conf:4: data.source: .*gone.csv.*"));
    InputException damaged =
        assertThrows(
            InputException.class,
            () -> {
              write("bad.csv", "1,2,x\n1,x\n");
              plan(BASE + "data.source { format = csv, train = bad.csv }");
            });
    assertTrue(damaged.getMessage().matches(".*sweep.conf:4: data.source: .*bad.csv:2.*"));
    InputException small =
        assertThrows(InputException.class, () -> plan(BASE + "data.test = 1790"));
    assertTrue(small.getMessage().contains("data: "), small.getMessage());
  }

  @Test
  void aWorkloadTooLargeForMemory_isRefusedWithItsBytes() {
    InputException wrong =
        assertThrows(InputException.class, () -> plan(BASE + "network.hidden = [60000, 60000]"));
    assertTrue(
        wrong.getMessage().contains("(at most 2147483639 parameters in all)")
            || wrong.getMessage().contains("at most 2147483639 parameters"),
        wrong.getMessage());
    InputException large =
        assertThrows(InputException.class, () -> plan(BASE + "network.hidden = [12000, 12000]"));
    assertTrue(
        large.getMessage().matches(".*fits the 1,073,741,824 bytes of memory, found one of .*"),
        large.getMessage());
    assertTrue(
        assertThrows(
                InputException.class,
                () ->
                    plan(
                        BASE
                            + "sweep.training.l2 { range = [0, 1], step = 1e-3 }\n"
                            + "sweep.training.l1 { range = [0, 1], step = 1e-3 }"))
            .getMessage()
            .contains("at most 1000000 trials"));
  }

  @Test
  void equalHashesOfDifferentConfigurations_areRefused() {
    Map<String, String> hashes = new HashMap<>();
    Planner.checkHash(hashes, "00", "a");
    Planner.checkHash(hashes, "00", "a");
    assertThrows(InputException.class, () -> Planner.checkHash(hashes, "00", "b"));
  }

  @Test
  void theResolvedFile_plansTheSameTrials() throws IOException {
    Plan plan =
        plan(
            BASE
                + """
                sweep {
                  network.hidden = [[], [5]]
                  training.l2 { log-range = [1e-4, 1], points = 3 }
                  data.prepare = [unit, [unit, { hog { pixels-per-cell = [2, 2] } }], { pca = 5 }]
                  where = "size(hidden) > 0 or l2 < 1"
                }
                """);
    write("again.conf", plan.sweep().resolved());
    Plan again = plan(folder.resolve("again.conf"));
    assertEquals(
        plan.trials().stream().map(PlannedTrial::trial).toList(),
        again.trials().stream().map(PlannedTrial::trial).toList());
  }

  private PlannedTrial onlyTrial(String text) {
    Plan plan = plan(text);
    assertEquals(1, plan.trials().size());
    return plan.trials().get(0);
  }

  private PlannedTrial firstTrial(String text) {
    return plan(text).trials().get(0);
  }

  private Plan plan(String text, String... settings) {
    try {
      write("sweep.conf", text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return plan(folder.resolve("sweep.conf"), settings);
  }

  private static Plan plan(Path file, String... settings) {
    Catalogue catalogue = Catalogue.installed();
    return Planner.plan(
        SweepReader.read(file, List.of(settings), catalogue), catalogue, Storage.local(), MEMORY);
  }

  private void assertProblem(String text, String... expected) {
    InputException wrong = assertThrows(InputException.class, () -> plan(text));
    assertEquals(
        Arrays.asList(expected),
        wrong.problems().stream()
            .map(line -> line.replace(folder.resolve("sweep.conf").toString(), ""))
            .toList());
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
