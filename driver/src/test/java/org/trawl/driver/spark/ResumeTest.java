package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.kernel.Kernels;
import org.trawl.driver.SparkTest;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;

/** Trials go on from their last segment, with the rows of trials that were never interrupted. */
@Timeout(600)
class ResumeTest {
  @TempDir private Path folder;

  @BeforeEach
  void forget() {
    UnrulyTraining.EPOCHS.clear();
  }

  @Test
  void moreEpochsTrainOnlyTheDifference() throws InterruptedException {
    train("run", plan("0.05, 0.1", 5, ""));
    assertEquals(epochs(1, 5, 2), trained());
    assertEquals(2, files("run", "checkpoints"));

    train("run", plan("0.05, 0.1", 9, ""));
    assertEquals(epochs(6, 9, 2), trained());
    assertSameAsUndisturbed("run", plan("0.05, 0.1", 9, ""));
    // Bounds are the multiples of 2, and where a trial has ended.
    assertEquals(
        List.of("1-2", "3-4", "5-5", "6-6", "7-8", "9-9"),
        segments("run", plan("0.05", 9, "").trials().get(0)));

    train("run", plan("0.05, 0.1", 7, ""));
    assertEquals(List.of(), trained(), "fewer epochs are there already");
    assertSameAsUndisturbed("run", plan("0.05, 0.1", 7, ""));
  }

  @Test
  void trialsThatDifferInTheirEpochsAloneShareThem() throws InterruptedException {
    Plan plan = plan("0.05", 1, "sweep.training.epochs = [7, 3, 4]");
    train("run", plan);
    assertEquals(epochs(1, 7, 1), trained());
    assertEquals(1, files("run", "checkpoints"));
    assertSameAsUndisturbed("run", plan);
  }

  @Test
  void aFailedTrialGoesOnFromItsLastSegment() throws InterruptedException {
    Plan plan = plan("" + UnrulyTraining.THROWS_ONCE, 7, "");
    assertEquals(Map.of(Status.FAILED, 1), train("run", plan));
    assertEquals(epochs(1, 5, 1), trained());
    Map<String, Object> row = RunFolder.at(folder + "/run").rows(Table.TRIALS).get(0);
    assertEquals(4, row.get("epochs_run"));
    assertEquals(4, RunFolder.at(folder + "/run").rows(Table.EPOCHS).size());

    train("run", plan);
    assertEquals(epochs(5, 7, 1), trained());
    List<Map<String, Object>> attempts = RunFolder.at(folder + "/run").rows(Table.ATTEMPTS);
    assertEquals(
        List.of("FAILED", "COMPLETED"), attempts.stream().map(one -> one.get("outcome")).toList());
    assertEquals(List.of(5, 3), attempts.stream().map(one -> one.get("epochs_run")).toList());
    assertSameAsUndisturbed("run", plan);
  }

  @Test
  void aDivergedTrialIsFinishedHoweverManyItsEpochs() throws InterruptedException {
    String rates = "1e30";
    assertEquals(Map.of(Status.DIVERGED, 1), train("run", plan(rates, 3, "")));
    forget();
    assertEquals(List.of(), new SweepRun(plan(rates, 9, ""), run("run")).remaining());
    assertEquals(Map.of(Status.DIVERGED, 1), train("run", plan(rates, 9, "")));
    assertEquals(List.of(), trained());
  }

  @Test
  void withoutCheckpointsMoreEpochsAreTrainedFromTheFirst() throws InterruptedException {
    train("run", plan("0.05", 5, "keep.checkpoints = none"));
    assertEquals(0, files("run", "checkpoints"));
    forget();
    train("run", plan("0.05", 7, "keep.checkpoints = none"));
    assertEquals(epochs(1, 7, 1), trained());
    assertEquals(0, files("run", "checkpoints"));
    assertSameAsUndisturbed("run", plan("0.05", 7, "keep.checkpoints = none"));
  }

  /** Its best epoch may lie before the interruption. */
  @Test
  void theModelsOfInterruptedTrialsAreThoseOfUndisturbedOnes()
      throws InterruptedException, IOException {
    String rates = "0.05, 0.3, 3, " + UnrulyTraining.THROWS_ONCE;
    train("run", plan(rates, 7, "keep.models = all"));
    train("run", plan(rates, 7, "keep.models = all"));
    assertEquals(epochs(5, 7, 1), trained());
    train("run", plan(rates, 11, "keep.models = all"));
    assertEquals(epochs(8, 11, 4), trained(), "no trial is trained again for its model");
    train("whole", plan(rates, 11, "keep.models = all"), new CoreTraining(Kernels.Choice.AUTO));
    Map<String, String> models = models("run");
    models.keySet().retainAll(models("whole").keySet()); // those of fewer epochs stay there too
    assertEquals(models("whole"), models);
    assertEquals(4, models.size());
    assertTrue(models("run").keySet().stream().anyMatch(name -> !name.endsWith("-11.safetensors")));
  }

  private Map<String, String> models(String name) throws IOException {
    Map<String, String> models = new TreeMap<>();
    for (Path file : list(name, "models")) {
      models.put(file.getFileName().toString(), Arrays.toString(Files.readAllBytes(file)));
    }
    return models;
  }

  @Test
  void aDamagedCheckpointCostsTimeAndNoBit() throws InterruptedException, IOException {
    train("run", plan("0.05", 4, ""));
    for (Path file : list("run", "checkpoints")) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
    }
    forget();
    train("run", plan("0.05", 6, ""));
    assertEquals(epochs(1, 6, 1), trained());
    assertSameAsUndisturbed("run", plan("0.05", 6, ""));
  }

  @Test
  void aKillAfterACheckpointOrASegmentLosesOnlyWhatFollows()
      throws InterruptedException, IOException {
    Plan plan = plan("0.05", 8, "");
    PlannedTrial trial = plan.trials().get(0);
    train("whole", plan);
    for (int kept = 1; kept <= 3; kept++) {
      // The folder as a kill leaves it: the checkpoint of a segment, and the segment or not.
      for (boolean segment : new boolean[] {true, false}) {
        String run = "killed-" + kept + segment;
        train(run, plan("0.05", 2 * kept, ""));
        if (!segment) {
          Files.delete(
              folder
                  .resolve(run)
                  .resolve("journal")
                  .resolve(
                      String.format(
                          Locale.ROOT,
                          "%s-%d-%d.parquet",
                          trial.lineage(),
                          2 * kept - 1,
                          2 * kept)));
        }
        forget();
        train(run, plan);
        int first = segment ? 2 * kept + 1 : 1; // the last but one checkpoint has gone
        assertEquals(epochs(first, 8, 1), trained(), run);
        assertSameAsUndisturbed(run, plan);
      }
    }
  }

  private Plan plan(String rates, int epochs, String more) {
    return Plans.of(
        folder,
        String.format(
            Locale.ROOT,
            """
        name = resumed
        data { source = digits, validation = 0.2, test = 0.1, limit = 300 }
        network { hidden = [8], dropout = 0.2, batch-norm = true }
        training { optimizer = adam, epochs = %d }
        keep { every = 2, models = none }
        %s
        sweep.training.learning-rate = [%s]
        """,
            epochs,
            more,
            rates));
  }

  private Map<Status, Integer> train(String name, Plan plan) throws InterruptedException {
    return train(name, plan, UnrulyTraining.INSTANCE);
  }

  private Map<Status, Integer> train(String name, Plan plan, Training training)
      throws InterruptedException {
    UnrulyTraining.EPOCHS.clear();
    SweepRun run = new SweepRun(plan, run(name));
    if (run.remaining().isEmpty()) {
      return run.update(Plans.SESSION);
    }
    run.begin(Versions.session("trawl run", plan, 1, training));
    return run.train(SparkTest.session().sparkContext(), training, progress -> {});
  }

  private RunFolder run(String name) {
    return RunFolder.at(folder.resolve(name).toString());
  }

  private void assertSameAsUndisturbed(String name, Plan plan) throws InterruptedException {
    List<Integer> before = trained();
    String undisturbed = "undisturbed-" + files(".", "") + "-" + plan.trials().size();
    train(undisturbed, plan, new CoreTraining(Kernels.Choice.AUTO));
    SameTables.assertSame(run(undisturbed), run(name));
    plan.trials()
        .forEach(
            trial ->
                assertEquals(
                    run(undisturbed).journal().segment(trial).orElseThrow().epochs().size(),
                    run(name).journal().segment(trial).orElseThrow().epochs().size()));
    UnrulyTraining.EPOCHS.clear();
    UnrulyTraining.EPOCHS.addAll(before);
  }

  private static List<Integer> trained() {
    return UnrulyTraining.EPOCHS.stream().sorted().toList();
  }

  private static List<Integer> epochs(int first, int last, int trials) {
    List<Integer> epochs = new ArrayList<>();
    for (int epoch = first; epoch <= last; epoch++) {
      for (int trial = 0; trial < trials; trial++) {
        epochs.add(epoch);
      }
    }
    return epochs;
  }

  private List<String> segments(String name, PlannedTrial trial) {
    return list(name, "journal").stream()
        .map(file -> file.getFileName().toString())
        .filter(file -> file.startsWith(trial.lineage()))
        .map(file -> file.substring(13, file.length() - ".parquet".length()))
        .sorted()
        .toList();
  }

  private int files(String name, String part) {
    return list(name, part).size();
  }

  private List<Path> list(String name, String part) {
    Path path = folder.resolve(name).resolve(part);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> all = files.toList();
      assertTrue(all.size() < 1000);
      return all;
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
