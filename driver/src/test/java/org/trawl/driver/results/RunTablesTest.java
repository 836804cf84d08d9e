package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.Evaluation;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;

class RunTablesTest {
  private static final String SWEEP =
      """
      name = tables
      data { source = digits, validation = 0.2, test = 0.1 }
      network { hidden = [4, 3] }
      training { epochs = 3, learning-rate = 0.1 }
      sweep { training.batch-size = [8, 16, all, 64, 128] }
      """;

  @TempDir private Path folder;

  @Test
  void packedTrialsGiveTheSameTables() throws IOException {
    Plan plan = Plans.of(folder, SWEEP);
    List<PlannedTrial> trials = plan.trials();
    publish(trials.get(0), Status.COMPLETED, 0.5, 0.75, 0.75);
    publish(trials.get(1), Status.DIVERGED);
    publish(trials.get(2), Status.COMPLETED, 0.1, 0.2, 0.3);
    RunTables tables = new RunTables(plan, run());
    tables.pack(4);
    assertEquals(Optional.empty(), run().text(Pack.FILE), "they are few");
    tables.pack(3);
    tables.write();
    List<List<Map<String, Object>>> before = Table.ALL.stream().map(run()::rows).toList();

    // The segments' names count, and the pack is read instead of them.
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve("run/journal"))) {
      file =
          files.filter(path -> path.toString().contains(trials.get(2).lineage())).findAny().get();
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, new byte[0]);
    new RunTables(plan, run()).write();
    assertEquals(before, Table.ALL.stream().map(run()::rows).toList());
    Files.write(file, bytes);

    // Another objective has other best epochs; a damaged pack is none.
    Plan other = Plans.of(folder, SWEEP + "objective.metric = train_loss");
    assertEquals(Map.of(), run().pack(other.sweep().objective()));
    Path pack = folder.resolve("run").resolve(Pack.FILE);
    byte[] packed = Files.readAllBytes(pack);
    Files.write(pack, Arrays.copyOf(packed, packed.length / 2));
    new RunTables(plan, run()).write();
    assertEquals(before, Table.ALL.stream().map(run()::rows).toList());
    Files.write(pack, packed);

    // What the journal does not hold is not finished.
    Files.delete(file);
    assertEquals(3, new RunTables(plan, run()).counts().get(Status.PENDING));

    // A storage that refuses the pack.
    FaultyStorage.install(FaultyStorage.Fault.REFUSED, path -> path.startsWith("packs/"));
    try {
      RunTables refused = new RunTables(plan, run());
      publish(trials.get(3), Status.COMPLETED, 0.5);
      refused.refresh();
      refused.pack(1); // costs time alone
      refused.write();
      assertArrayEquals(packed, Files.readAllBytes(pack));
    } finally {
      FaultyStorage.uninstall();
    }
    assertEquals(3, new RunTables(plan, run()).counts().get(Status.COMPLETED) + 1);
  }

  @Test
  void everyPlannedTrialHasARowWithItsStatus() {
    Plan plan = Plans.of(folder, SWEEP);
    List<PlannedTrial> trials = plan.trials();
    publish(trials.get(0), Status.COMPLETED, 0.5, 0.75, 0.75);
    publish(trials.get(1), Status.DIVERGED);
    run().journal().record(JournalTest.attempt(trials.get(2), 1, Status.FAILED, 1));
    RunTables tables = new RunTables(plan, run());
    tables.running(List.of(trials.get(3).trial()));
    tables.write();

    List<Map<String, Object>> rows = run().rows(Table.TRIALS);
    assertEquals(
        List.of("COMPLETED", "DIVERGED", "FAILED", "RUNNING", "PENDING"), values(rows, "status"));
    assertEquals(trials.stream().map(PlannedTrial::trial).toList(), values(rows, "trial"));
    Map<String, Object> completed = rows.get(0);
    assertEquals("tables", completed.get("sweep"));
    assertEquals(8, completed.get("batch_size"));
    assertNull(rows.get(2).get("batch_size"));
    assertEquals(List.of(4, 3), completed.get("hidden"));
    assertEquals("[4, 3]", completed.get("hidden_text"));
    assertEquals(0.0, completed.get("dropout"));
    assertNull(completed.get("dropout_by_layer"));
    assertEquals(3, completed.get("epochs_run"));
    assertEquals(2, completed.get("best_epoch"));
    assertEquals(0.75, completed.get("validation_accuracy"));
    assertEquals(3.0, completed.get("seconds"));
    assertEquals(100.0, completed.get("samples_per_second"));
    assertEquals(trials.get(0).seed(), completed.get("seed"));
    assertNull(completed.get("message"));
    assertEquals("cause", rows.get(1).get("message"));
    assertEquals(0, rows.get(1).get("epochs_run"));
    assertNull(rows.get(1).get("best_epoch"));
    assertEquals("cause", rows.get(2).get("message"));
    assertNull(rows.get(4).get("attempt"));
    assertTrue(rows.stream().allMatch(row -> row.get("config") != null));

    assertEquals(3, run().rows(Table.EPOCHS).size());
    assertEquals(List.of(), run().rows(Table.LAYERS)); // of epochs that were not watched
    assertEquals(
        List.of("COMPLETED", "DIVERGED", "FAILED"), values(run().rows(Table.ATTEMPTS), "outcome"));
  }

  @Test
  void layersAreThoseOfAllEpochs() {
    PlannedTrial trial = Plans.of(folder, SWEEP).trials().get(0);
    run().journal().publish(JournalTest.segment(trial, 1, Status.COMPLETED, 2));
    new RunTables(Plans.of(folder, SWEEP), run()).write();
    List<Map<String, Object>> rows = run().rows(Table.LAYERS);
    assertEquals(List.of(1, 1, 2, 2), values(rows, "epoch"));
    assertEquals(List.of(1, 2, 1, 2), values(rows, "layer"));
    assertEquals(Collections.nCopies(4, trial.trial()), values(rows, "trial"));
    Map<String, Object> first = rows.get(0);
    assertEquals(0.01, first.get("gradient_mean"));
    assertEquals(0.1, first.get("gradient_max"));
    assertNull(first.get("bias_gradient_mean"));
    assertNull(first.get("bias_gradient_max"));
    assertEquals(0.25, first.get("inactive_fraction"));
    assertEquals(3.0, first.get("weight_norm"));
    assertEquals(-0.5, first.get("activation_mean"));
    assertEquals(List.of(1.0, 1.0, 1.0, 2.0), values(rows, "activation_deviation"));
  }

  @Test
  void theBestEpochIsTheFirstOfEqualsByTheObjective() {
    Plan plan = Plans.of(folder, SWEEP);
    List<EpochResult> epochs = List.of(epoch(1, 0.5, 0.9), epoch(2, 0.8, 0.2), epoch(3, 0.8, 0.1));
    assertEquals(
        2,
        EpochMetrics.best(epochs, new EpochChoice(plan.objective(), false)).orElseThrow().epoch());
    Plan loss =
        Plans.of(folder, SWEEP + "objective { metric = validation_loss, direction = minimize }");
    assertEquals(
        3,
        EpochMetrics.best(epochs, new EpochChoice(loss.objective(), false)).orElseThrow().epoch());
    Plan f1 = Plans.of(folder, SWEEP + "objective { metric = macro_f1, direction = maximize }");
    assertEquals(
        1, EpochMetrics.best(epochs, new EpochChoice(f1.objective(), false)).orElseThrow().epoch());
  }

  @Test
  void macroF1IsOfTheValidationPart_ofTheTestPartWhereThereIsNone() {
    Plan plan = Plans.of(folder, SWEEP + "objective.metric = macro_f1");
    Evaluation right = new Evaluation(0.1, 1, new int[] {2, 0, 0, 2});
    Evaluation wrong = new Evaluation(0.9, 0.5, new int[] {2, 0, 2, 0});
    List<EpochResult> epochs =
        List.of(
            parts(1, Optional.of(right), Optional.of(wrong)),
            parts(2, Optional.of(wrong), Optional.of(right)));
    publish(plan.trials().get(0), epochs);
    publish(plan.trials().get(1), List.of(parts(1, Optional.of(wrong), Optional.empty())));
    publish(plan.trials().get(2), List.of(parts(1, Optional.empty(), Optional.of(right))));
    new RunTables(plan, run()).write();
    List<Map<String, Object>> rows = run().rows(Table.TRIALS).subList(0, 3);
    assertEquals(1, rows.get(0).get("best_epoch"), "not chosen by the test part");
    assertEquals(List.of(1.0, 1.0 / 3, 1.0), values(rows, "macro_f1"));
    assertEquals(List.of("validation", "validation", "test"), values(rows, "macro_f1_part"));
    assertEquals(Arrays.asList(1.0 / 3, null, 1.0), values(rows, "test_macro_f1"));

    Plan byTest = Plans.of(folder, SWEEP + "objective.metric = test_macro_f1");
    new RunTables(byTest, run()).write();
    assertEquals(2, run().rows(Table.TRIALS).get(0).get("best_epoch"), "its name says test");
  }

  @Test
  void whereEarlyStoppingRestoresTheBestWeights_theBestEpochIsTheirs() {
    String stopping = "training.early-stopping { patience = 3, metric = %s, restore-best = %s }";
    List<EpochResult> epochs = List.of(epoch(1, 0.5, 0.1), epoch(2, 0.8, 0.2), epoch(3, 0.7, 0.3));
    for (boolean restores : List.of(true, false)) {
      Plan plan = Plans.of(folder, SWEEP + stopping.formatted("validation_loss", restores));
      PlannedTrial trial = plan.trials().get(0);
      publish(trial, epochs);
      RunTables tables = new RunTables(plan, run());
      tables.write();
      int best = restores ? 1 : 2;
      Map<String, Object> row = run().rows(Table.TRIALS).get(0);
      assertEquals(best, row.get("best_epoch"));
      assertEquals(restores ? 0.5 : 0.8, row.get("validation_accuracy"));
      assertEquals(new Models.Id(trial.trial(), best), tables.models(1).get(trial));
      assertEquals(EpochChoice.of(plan.objective(), row), choice(trial, plan));
    }
    // Also where nothing else is chosen: without a validation part.
    Plan plan = Plans.of(folder, SWEEP + stopping.formatted("train_loss", true));
    List<EpochResult> tested =
        List.of(
            trained(1, 0.1), // as trained on
            trained(2, 0.2));
    assertEquals(
        1, EpochMetrics.best(tested, choice(plan.trials().get(0), plan)).orElseThrow().epoch());
  }

  private static EpochChoice choice(PlannedTrial trial, Plan plan) {
    return EpochChoice.of(plan.objective(), trial.spec().training().earlyStopping());
  }

  private static EpochResult trained(int epoch, double loss) {
    return new EpochResult(epoch, 0.1, loss, 0, 0.5, Optional.empty(), Optional.empty(), 1, 100);
  }

  private static EpochResult parts(
      int epoch, Optional<Evaluation> validation, Optional<Evaluation> test) {
    return new EpochResult(epoch, 0.1, 1, 0, 0.5, validation, test, 1, 100);
  }

  private void publish(PlannedTrial trial, List<EpochResult> epochs) {
    Attempt attempt = JournalTest.attempt(trial, 1, Status.COMPLETED, epochs.size());
    run().journal().publish(JournalTest.segment(trial, epochs, attempt));
  }

  @Test
  void ofTrialsWithTheSameValueTheOneWithTheSmallestLossIsTheBest() {
    Plan plan = Plans.of(folder, SWEEP);
    List<PlannedTrial> trials = plan.trials();
    publish(trials.get(0), List.of(epoch(1, 0.9, 0.4)));
    publish(trials.get(1), List.of(epoch(1, 0.9, 0.2)));
    publish(trials.get(2), List.of(epoch(1, 0.9, 0.3)));
    publish(trials.get(3), List.of(epoch(1, 0.8, 0.1)));
    RunTables tables = new RunTables(plan, run());
    tables.write();
    assertEquals(
        List.of(trials.get(1), trials.get(2), trials.get(0), trials.get(3)),
        List.copyOf(tables.models(4).keySet()));
    run().began("tables", plan.objective(), Plans.SESSION);
    RunStatus.Best best = RunStatus.of(run(), Instant.now()).best().get(0);
    assertEquals(trials.get(1).trial(), best.trial());
    assertEquals(3, best.equals());
  }

  @Test
  void eachDataSetHasABestTrialOfItsOwn() {
    Plan plan = Plans.of(folder, SWEEP + "sweep.data.validation = [0.2, 0]");
    List<PlannedTrial> trials = plan.trials();
    trials.forEach(
        trial ->
            publish(
                trial,
                List.of(
                    trial.peers().objective().metric().equals("test_accuracy")
                        ? parts(1, Optional.empty(), Optional.of(part(0.5)))
                        : parts(1, Optional.of(part(0.9)), Optional.of(part(0.1))))));
    RunTables tables = new RunTables(plan, run());
    tables.write();
    Set<PlannedTrial> kept = tables.models(1).keySet();
    assertEquals(2, kept.size());
    assertEquals(2, kept.stream().map(PlannedTrial::peers).distinct().count());
    assertEquals(Optional.empty(), tables.best(), "of no one data set");
    assertEquals(
        Set.of("validation_accuracy", "test_accuracy"),
        Set.copyOf(values(run().rows(Table.TRIALS), "objective")));
    run().began("tables", plan.objective(), Plans.SESSION);
    List<RunStatus.Best> best = RunStatus.of(run(), Instant.now()).best();
    assertEquals(
        List.of("digits, validation 0.2", "digits, validation 0"),
        best.stream().map(RunStatus.Best::data).toList());
    assertEquals(List.of(0.9, 0.5), best.stream().map(RunStatus.Best::value).toList());
  }

  private static Evaluation part(double accuracy) {
    return new Evaluation(1, accuracy, new int[] {1, 0, 0, 1});
  }

  @Test
  void anEpochWithoutTheMetricIsNotTheBest() {
    Plan plan = Plans.of(folder, SWEEP);
    assertEquals(
        2,
        EpochMetrics.best(
                List.of(epoch(1, Double.NaN, 1), epoch(2, 0.1, 1)),
                new EpochChoice(plan.objective(), false))
            .orElseThrow()
            .epoch());
    assertEquals(
        Optional.empty(), EpochMetrics.best(List.of(), new EpochChoice(plan.objective(), false)));
  }

  @Test
  void withoutAValidationPartTheLastEpochIsTheBest() {
    Plan plan = Plans.of(folder, SWEEP);
    List<EpochResult> epochs = new ArrayList<>();
    for (int epoch = 1; epoch <= 2; epoch++) {
      epochs.add(
          new EpochResult(
              epoch,
              0.1,
              epoch,
              0,
              0.5,
              Optional.empty(),
              Optional.of(new Evaluation(epoch, 1.0 / epoch, new int[] {1, 0, 0, 1})),
              1,
              100));
    }
    assertEquals(
        2,
        EpochMetrics.best(epochs, new EpochChoice(plan.objective(), false)).orElseThrow().epoch());
  }

  /**
   * Confusion of the best epoch, rows actual: validation {{1, 1}, {0, 2}}, test {{2, 0}, {1, 1}}.
   */
  @Test
  void classesAndConfusionAreThoseOfTheBestEpoch() {
    Plan plan = Plans.of(folder, SWEEP);
    publish(plan.trials().get(0), Status.COMPLETED, 0.9, 0.1);
    new RunTables(plan, run()).write();
    List<Map<String, Object>> classes = run().rows(Table.CLASSES);
    assertEquals(List.of("validation", "validation", "test", "test"), values(classes, "part"));
    assertEquals(List.of("cat", "dog", "cat", "dog"), values(classes, "class"));
    assertEquals(List.of(1.0, 2.0 / 3, 2.0 / 3, 1.0), values(classes, "precision"));
    assertEquals(List.of(0.5, 1.0, 1.0, 0.5), values(classes, "recall"));
    assertEquals(List.of(2.0 / 3, 0.8, 0.8, 2.0 / 3), values(classes, "f1"));
    assertEquals(List.of(2, 2, 2, 2), values(classes, "support"));
    List<Map<String, Object>> confusion = run().rows(Table.CONFUSION);
    assertEquals(List.of(1, 1, 2, 2, 1, 1), values(confusion, "count"), "without those of 0");
    assertEquals(List.of("cat", "cat", "dog", "cat", "dog", "dog"), values(confusion, "actual"));
    assertEquals(List.of("cat", "dog", "dog", "cat", "cat", "dog"), values(confusion, "predicted"));
    assertEquals((0.8 + 2.0 / 3) / 2, run().rows(Table.TRIALS).get(0).get("macro_f1"));
  }

  @Test
  void trialsThatAreNoLongerPlannedReturnWhenPlannedAgain() {
    Plan plan = Plans.of(folder, SWEEP);
    plan.trials().forEach(trial -> publish(trial, Status.COMPLETED, 0.5));
    Plan smaller = Plans.of(folder, SWEEP + "sweep.training.batch-size = [8]");
    RunTables tables = new RunTables(smaller, run());
    tables.write();
    assertEquals(1, run().rows(Table.TRIALS).size());
    List<String> planned = smaller.trials().stream().map(PlannedTrial::trial).toList();
    assertEquals(Optional.of(Map.of(Status.COMPLETED, 1)), run().countsIfAllFinished(planned));
    assertEquals(5, run().journal().finished(plan.trials()).size());
    assertEquals(
        Optional.empty(),
        run().countsIfAllFinished(plan.trials().stream().map(PlannedTrial::trial).toList()));
    assertEquals(Map.of(Status.COMPLETED, 5), new RunTables(plan, run()).counts());
  }

  @Test
  void theBestSoFarIsOfCompletedTrialsOnly() {
    Plan plan = Plans.of(folder, SWEEP);
    publish(plan.trials().get(0), Status.COMPLETED, 0.5, 0.6);
    publish(plan.trials().get(1), Status.DIVERGED, 0.9);
    publish(plan.trials().get(2), Status.COMPLETED, 0.55);
    assertEquals(Optional.of(0.6), new RunTables(plan, run()).best());
  }

  @Test
  void aSecondLookTakesInWhatOthersHaveAdded() {
    Plan plan = Plans.of(folder, SWEEP);
    RunTables tables = new RunTables(plan, run());
    publish(plan.trials().get(0), Status.COMPLETED, 0.5);
    run().journal().record(JournalTest.attempt(plan.trials().get(1), 1, Status.CANCELLED, 1));
    tables.refresh();
    tables.refresh();
    tables.write();
    assertEquals(Status.COMPLETED, tables.status(plan.trials().get(0)));
    assertEquals(Status.CANCELLED, tables.status(plan.trials().get(1)));
    assertEquals(2, run().rows(Table.ATTEMPTS).size());
  }

  @Test
  void columnNamesAreUniqueAndInSnakeCase() {
    for (Table table : Table.ALL) {
      List<String> names = table.columns().stream().map(Column::name).toList();
      assertEquals(names.size(), Set.copyOf(names).size(), table.name());
      assertTrue(names.stream().allMatch(name -> name.matches("[a-z][a-z0-9_]*")), table.name());
      assertTrue(
          table.columns().stream().noneMatch(column -> column.sentence().isBlank()), table.name());
    }
  }

  private RunFolder run() {
    return RunFolder.at(folder.resolve("run").toString());
  }

  private void publish(PlannedTrial trial, Status outcome, double... validationAccuracies) {
    List<EpochResult> epochs = new ArrayList<>();
    for (double accuracy : validationAccuracies) {
      epochs.add(epoch(epochs.size() + 1, accuracy, 1));
    }
    run()
        .journal()
        .publish(
            JournalTest.segment(
                trial, epochs, JournalTest.attempt(trial, 1, outcome, epochs.size())));
  }

  private static EpochResult epoch(int epoch, double validationAccuracy, double validationLoss) {
    return new EpochResult(
        epoch,
        0.1,
        1.0 / epoch,
        0.01,
        0.5,
        Optional.of(new Evaluation(validationLoss, validationAccuracy, new int[] {1, 1, 0, 2})),
        Optional.of(new Evaluation(0.6, 0.75, new int[] {2, 0, epoch, epoch})),
        1,
        100);
  }

  private static List<Object> values(List<Map<String, Object>> rows, String column) {
    List<Object> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.get(column)));
    return values;
  }
}
