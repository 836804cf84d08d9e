package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.training.SeedStreams;
import org.trawl.driver.SparkTest;
import org.trawl.driver.model.Model;
import org.trawl.driver.model.Outputs;
import org.trawl.driver.model.WeightFiles;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Models;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;

/** {@code keep.models}: which models lie in a run's folder after it. */
@Timeout(600)
class KeptModelsTest {
  private static final Training TRAINING = new CoreTraining(Kernels.Choice.AUTO);

  @TempDir private Path folder;

  private Plan plan(String learningRates, String more) {
    return Plans.of(
        folder,
        """
        name = models
        %s
        data { source = digits, validation = 0.2, test = 0.1 }
        network { hidden = [8], batch-norm = true, dropout = 0.2 }
        training { epochs = 3 }
        sweep { training.learning-rate = [%s] }
        """
            .formatted(more, learningRates));
  }

  private RunFolder folder() {
    return RunFolder.at(folder.resolve("run").toString());
  }

  /** What {@code trawl run} does; how many trials were trained, for their models included. */
  private int run(Plan plan) throws InterruptedException {
    SweepRun run = new SweepRun(plan, folder());
    int left = run.remaining().size();
    if (left == 0) {
      run.update(Plans.SESSION);
      left = run.withoutModel().size();
      if (left == 0) {
        return 0;
      }
    }
    run.begin(Versions.session("trawl run test.conf", plan, left, TRAINING));
    run.train(SparkTest.session().sparkContext(), TRAINING, progress -> {});
    return left;
  }

  /** The hashes of the best trials and their best epochs, from the table. */
  private Set<Models.Id> best(int count, String metric, boolean larger) {
    Comparator<Map<String, Object>> order =
        Comparator.comparingDouble(row -> (Double) row.get(metric));
    Set<Models.Id> best = new TreeSet<>();
    folder().rows(Table.TRIALS).stream()
        .sorted(larger ? order.reversed() : order)
        .limit(count)
        .forEach(
            row ->
                best.add(
                    new Models.Id((String) row.get("trial"), (Integer) row.get("best_epoch"))));
    return best;
  }

  private Set<Models.Id> kept() {
    return folder().models().list();
  }

  /** Such as where the master that is to train them cannot be reached. */
  @Test
  void modelsStayUntilThoseThatReplaceThemAreThere() throws InterruptedException {
    assertEquals(2, run(plan("0.01, 0.1", "")));
    Set<Models.Id> before = kept();
    String best = before.iterator().next().trial();
    double other =
        (double)
            folder().rows(Table.TRIALS).stream()
                .filter(row -> !row.get("trial").equals(best))
                .findFirst()
                .orElseThrow()
                .get("learning_rate");
    Plan fewer = plan(String.valueOf(other), "");
    List<List<Map<String, Object>>> tables = Table.ALL.stream().map(folder()::rows).toList();
    SweepRun next = new SweepRun(fewer, folder());
    assertEquals(List.of(), next.remaining());
    next.update(Plans.SESSION);
    assertEquals(1, next.withoutModel().size());
    assertEquals(before, kept());
    assertEquals(tables, Table.ALL.stream().map(folder()::rows).toList());
    assertEquals(1, run(fewer));
    assertEquals(best(1, "validation_accuracy", true), kept());
  }

  @Test
  void theBestTrialsModelIsKeptAndStaysTheBestOfAllWhenTheFileIsEdited()
      throws InterruptedException {
    assertEquals(2, run(plan("0.01, 0.1", "")));
    assertEquals(best(1, "validation_accuracy", true), kept());
    Set<Models.Id> first = kept();
    assertEquals(1, run(plan("0.01, 0.1, 1e-7", "")));
    assertEquals(first, kept());

    // Without the best trial the next one's is wanted, which was not kept: it is trained again.
    assertEquals(1, run(plan("0.01, 1e-7", "")));
    assertEquals(best(1, "validation_accuracy", true), kept());
    assertNotEquals(first, kept());
    assertEquals(1, run(plan("0.01, 0.1, 1e-7", "")));
    assertEquals(first, kept());
    assertEquals(0, run(plan("0.01, 0.1, 1e-7", "")));
    assertEquals(3, folder().rows(Table.ATTEMPTS).size());
  }

  @Test
  void asManyModelsAreKeptAsTheFileSays() throws InterruptedException {
    assertEquals(3, run(plan("0.01, 0.1, 1e-7", "keep.models = none")));
    assertEquals(Set.of(), kept());
    assertEquals(2, run(plan("0.01, 0.1, 1e-7", "keep.models = 2")));
    assertEquals(best(2, "validation_accuracy", true), kept());
    assertEquals(1, run(plan("0.01, 0.1, 1e-7", "keep { models = all }")));
    assertEquals(best(3, "validation_accuracy", true), kept());
    Models.Id one = kept().iterator().next();
    byte[] before = folder().models().read(one).orElseThrow();
    folder().models().remove(one);
    assertEquals(1, run(plan("0.01, 0.1, 1e-7", "keep { models = all }")));
    assertArrayEquals(before, folder().models().read(one).orElseThrow());

    run(plan("0.01, 0.1, 1e-7", "objective.metric = validation_loss"));
    assertEquals(best(1, "validation_loss", false), kept());
    assertEquals(0, run(plan("0.01, 0.1, 1e-7", "keep.models = none")));
    assertEquals(Set.of(), kept());
  }

  private static void assertPredicts(
      Model model, TrainingData data, int[] part, Object loss, Object accuracy) {
    int[] labels = Arrays.stream(part).map(sample -> data.dataset().labels()[sample]).toArray();
    Outputs outputs = Outputs.of(model, data.source(), part, labels);
    double lossSum = 0;
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      lossSum += outputs.losses()[i];
      right += outputs.predicted(i) == labels[i] ? 1 : 0;
    }
    assertEquals(loss, lossSum / labels.length);
    assertEquals(accuracy, (double) right / labels.length);
  }

  @Test
  void modelMessageAndBestEpochAgreeWhereverATrainingStops() throws InterruptedException {
    Plan plan =
        Plans.of(
            folder,
            """
            name = models
            keep.models = all
            data { source = digits, validation = 0.2 }
            network { hidden = [16] }
            training { epochs = 15, learning-rate = 0.5, batch-size = 16 }
            sweep.variants = [
              { name = free }
              { name = stops, training.early-stopping { patience = 2, metric = validation_loss } }
              { name = never, training.early-stopping { patience = 99, metric = validation_loss } }
              { name = train, training.early-stopping { patience = 2, metric = train_accuracy } }
              { name = last, training.early-stopping {
                  patience = 2, metric = validation_loss, restore-best = false } }
            ]
            """);
    run(plan);
    assertEquals(5, kept().size());
    List<Map<String, Object>> rows = folder().rows(Table.TRIALS);
    Pattern weights = Pattern.compile("its weights are those of epoch (\\d+)");
    int restored = 0;
    for (int i = 0; i < rows.size(); i++) {
      Map<String, Object> row = rows.get(i);
      PlannedTrial trial = plan.trials().get(i);
      String message = Objects.toString(row.get("message"), "");
      Matcher told = weights.matcher(message);
      if (told.find()) {
        restored++;
        assertEquals(Integer.valueOf(told.group(1)), row.get("best_epoch"), message);
      }
      boolean byLoss = List.of("stops", "never").contains(trial.variant());
      boolean byTraining = trial.variant().equals("train");
      String metric =
          byTraining ? "train_accuracy" : byLoss ? "validation_loss" : "validation_accuracy";
      assertEquals(bestEpoch(trial.trial(), metric), row.get("best_epoch"), trial.variant());
      Models.Id id = new Models.Id(trial.trial(), (Integer) row.get("best_epoch"));
      Model model = Model.decode(folder().models().read(id).orElseThrow(), "model");
      TrainingData data = TRAINING.load(trial.spec(), SeedStreams.trialSeed(1, 1, 0));
      assertPredicts(
          model,
          data,
          data.validation(),
          row.get("validation_loss"),
          row.get("validation_accuracy"));
    }
    assertTrue(restored > 0);
  }

  /** The first of the best epochs by a metric, from the table. */
  private int bestEpoch(String trial, String metric) {
    int best = 0;
    double value = Double.NaN;
    for (Map<String, Object> epoch : folder().rowsOf(trial, Table.EPOCHS)) {
      double next = (Double) epoch.get(metric);
      if (best == 0 || (metric.endsWith("_loss") ? next < value : next > value)) {
        best = (Integer) epoch.get("epoch");
        value = next;
      }
    }
    return best;
  }

  @Test
  void withAnotherObjectiveOnlyTheModelsOfItsBestEpochsStay() throws InterruptedException {
    String all = "keep { models = all }\nobjective { metric = validation_loss, direction = %s }";
    run(plan("0.1", all.formatted("maximize")));
    assertEquals(best(1, "validation_loss", true), kept());
    assertEquals(1, kept().iterator().next().epoch());
    run(plan("0.1", all.formatted("minimize")));
    assertEquals(best(1, "validation_loss", false), kept());
  }

  @Test
  void aModelIsTheNetworkAfterTheBestEpoch() throws InterruptedException {
    // The first epoch is the best: the worst loss is looked for.
    Plan plan = plan("0.1", "objective { metric = validation_loss, direction = maximize }");
    run(plan);
    Map<String, Object> row = folder().rows(Table.TRIALS).get(0);
    assertEquals(1, row.get("best_epoch"));
    PlannedTrial trial = plan.trials().get(0);
    Models.Id id = kept().iterator().next();
    assertEquals(new Models.Id(trial.trial(), 1), id);
    Model model = Model.decode(folder().models().read(id).orElseThrow(), "model");
    assertEquals(trial.trial(), model.trial());
    assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), model.classes());
    assertEquals(trial.config(), model.config());

    TrainingData data = TRAINING.load(trial.spec(), SeedStreams.trialSeed(1, 1, 0));
    assertPredicts(model, data, data.test(), row.get("test_loss"), row.get("test_accuracy"));
    assertArrayEquals(
        folder().models().read(id).orElseThrow(), model.encode(), "written as it was read");
    assertTrue(model.image().isPresent());

    // Another training can start from it.
    Plan next = plan("0.1", "network.initial = \"%s\"".formatted(folder().models().address(id)));
    assertNotEquals(trial.trial(), next.trials().get(0).trial());
    assertEquals(
        model.weights().keySet(),
        WeightFiles.tensors(next.trials().get(0).spec().network().initial(), Storage.local())
            .keySet());
  }
}
