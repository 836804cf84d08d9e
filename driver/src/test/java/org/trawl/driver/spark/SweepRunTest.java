package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingState;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.SparkTest;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.InputException;

@Timeout(600)
class SweepRunTest {
  @TempDir private Path folder;

  @BeforeEach
  void forget() {
    UnrulyTraining.TRAINED.clear();
  }

  @Test
  void everyTrialIsTrainedAndInTheTables() throws InterruptedException {
    Plan plan = plan("0.05, 0.1, 0.2");
    List<SweepRun.Progress> seen = new ArrayList<>();
    SweepRun run = begun(plan);
    Map<Status, Integer> counts = run.train(context(), UnrulyTraining.INSTANCE, seen::add);
    assertEquals(Map.of(Status.COMPLETED, 3), counts);
    List<Map<String, Object>> trials = folder().rows(Table.TRIALS);
    for (Map<String, Object> trial : trials) {
      assertEquals("COMPLETED", trial.get("status"));
      assertEquals(2, trial.get("epochs_run"));
      assertEquals(1, trial.get("attempt"));
      assertEquals(Kernels.best().name(), trial.get("kernels"));
      assertTrue((Long) trial.get("parameters") > 0);
      assertTrue((Double) trial.get("validation_accuracy") > 0.1);
    }
    assertEquals(6, folder().rows(Table.EPOCHS).size());
    assertEquals(3 * 2 * 10, folder().rows(Table.CLASSES).size());
    List<Map<String, Object>> confusion = folder().rows(Table.CONFUSION);
    assertTrue(confusion.stream().allMatch(pair -> (Integer) pair.get("count") > 0));
    assertEquals(
        folder().rows(Table.PARTS).stream().mapToInt(part -> (Integer) part.get("samples")).sum(),
        confusion.stream().mapToInt(pair -> (Integer) pair.get("count")).sum());
    SweepRun.Progress last = seen.get(seen.size() - 1);
    assertEquals(3, last.finished());
    assertEquals(List.of(), last.running());
    double best =
        trials.stream()
            .mapToDouble(trial -> (Double) trial.get("validation_accuracy"))
            .max()
            .orElseThrow();
    assertEquals(Optional.of(best), last.best());
  }

  /** Another driver at the run may have put what it knew before into the tables. */
  @Test
  void tablesOfAnotherDriverThatKnowLess_areWrittenAgain() throws Exception {
    Plan plan = plan("0.05, 0.1");
    SweepRun other = begun(plan);
    Path table = folder.resolve("run/tables/trials/part-00000.parquet");
    byte[] before = Files.readAllBytes(table);
    SweepRun run = begun(plan);
    run.train(context(), UnrulyTraining.INSTANCE, progress -> {});
    Files.write(table, before);
    run.settle();
    assertTrue(
        folder().rows(Table.TRIALS).stream()
            .allMatch(row -> row.get("status").equals("COMPLETED")));
    assertEquals(2, other.remaining().size());
  }

  /** Spark's page and its event log say what a job trains. */
  @Test
  void aJobIsCalledAsItsSweepAndTrials() throws Exception {
    Set<String> descriptions = ConcurrentHashMap.newKeySet();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            descriptions.add(String.valueOf(job.properties().get("spark.job.description")));
            descriptions.add(String.valueOf(job.properties().get("callSite.short")));
          }
        };
    context().addSparkListener(listener);
    Plan plan = plan("0.05, 0.1");
    try {
      train(plan);
      context().listenerBus().waitUntilEmpty();
    } finally {
      context().removeSparkListener(listener);
    }
    String all = String.join("\n", descriptions);
    plan.trials().forEach(trial -> assertTrue(all.contains(trial.trial()), all));
    assertTrue(all.contains("run: trial"), all);
    assertTrue(descriptions.contains("trawl run"), all);
  }

  /** What is trained first shows the whole grid. */
  @Test
  void eachPointIsTrainedOnceBeforeAnyIsTrainedAgain() {
    Plan plan = plan("0.05, 0.1, 0.2", "repeats = 3");
    List<String> order =
        TrialUnits.lineages(plan.trials()).stream()
            .map(sharing -> sharing.get(0))
            .map(t -> t.repeat() + " " + t.spec().training().learningRate())
            .toList();
    List<String> expected = new ArrayList<>();
    for (String sample : List.of("1", "2", "3")) {
      List.of("0.05", "0.1", "0.2").forEach(rate -> expected.add(sample + " " + rate));
    }
    assertEquals(expected, order);
  }

  @Test
  void aSecondRunTrainsOnlyTheRest() throws InterruptedException {
    train(plan("0.05, 0.1"));
    UnrulyTraining.TRAINED.clear();
    train(plan("0.05, 0.1, 0.2"));
    assertEquals(Set.of(0.2), UnrulyTraining.TRAINED);
    assertEquals(3, folder().rows(Table.TRIALS).size());
    assertEquals(2, folder().provenance().orElseThrow().sessions().size());

    SweepRun again = new SweepRun(plan("0.2, 0.05, 0.1"), folder());
    assertEquals(List.of(), again.remaining());
    assertEquals(Map.of(Status.COMPLETED, 3), again.update(Plans.SESSION));
    assertEquals(0.2, folder().rows(Table.TRIALS).get(0).get("learning_rate"));
  }

  @Test
  void anUpdateWithoutChangesWritesNothing() throws InterruptedException, IOException {
    Plan plan = plan("0.05");
    train(plan);
    Path table = folder.resolve("run/tables/trials/part-00000.parquet");
    Object written = Files.readAttributes(table, "unix:ino").get("ino");
    new SweepRun(plan, folder()).update(Plans.SESSION);
    assertEquals(written, Files.readAttributes(table, "unix:ino").get("ino"));
  }

  @Test
  void anotherObjectiveTrainsNothingAndIsTheRunsOwn() throws InterruptedException {
    train(plan("0.05, 0.1"));
    Plan plan = plan("0.05, 0.1", "objective.metric = validation_loss");
    SweepRun again = new SweepRun(plan, folder());
    assertEquals(List.of(), again.remaining());
    again.update(Plans.SESSION);
    assertEquals(plan.objective(), folder().provenance().orElseThrow().objective());
    assertEquals(1, folder().provenance().orElseThrow().sessions().size());
  }

  @Test
  void oneBadTrialNeverStopsTheOthers() throws InterruptedException, IOException {
    Plan plan = plan("0.05, 13, 14, 16, 0.1");
    assertEquals(Map.of(Status.COMPLETED, 2, Status.FAILED, 2, Status.DIVERGED, 1), train(plan));
    List<Map<String, Object>> trials = folder().rows(Table.TRIALS);
    assertEquals("IllegalStateException: poison", trials.get(1).get("message"));
    assertEquals("OutOfMemoryError: Java heap space", trials.get(2).get("message"));
    assertEquals("DIVERGED", trials.get(3).get("status"));
    assertEquals("train_loss is not finite in epoch 1", trials.get(3).get("message"));
    assertNull(trials.get(3).get("best_epoch"));
    assertEquals(0, trials.get(3).get("epochs_run"));
    String log = Files.readString(folder.resolve("run/run.log"));
    assertTrue(log.contains("and more of it"), log);
    assertTrue(log.contains("at org.trawl.driver.spark.UnrulyTraining.train"), log);

    // Failed trials run again, and their attempts are counted on; diverged ones do not.
    UnrulyTraining.TRAINED.clear();
    train(plan);
    assertEquals(Set.of(13.0, 14.0), UnrulyTraining.TRAINED);
    assertEquals(2, folder().rows(Table.TRIALS).get(1).get("attempt"));
    assertEquals(7, folder().rows(Table.ATTEMPTS).size());
  }

  @Test
  void aCancelledRunKeepsWhatIsFinishedAndGoesOnLater() throws InterruptedException {
    Plan plan = plan("0.05, 0.1, 15, 15.0, 0.2");
    assertEquals(4, plan.trials().size());
    SweepRun run = begun(plan);
    Map<Status, Integer> counts =
        run.train(
            context(),
            UnrulyTraining.INSTANCE,
            progress -> {
              if (progress.finished() == 3 && progress.running().size() == 1) {
                run.cancel();
              }
            });
    assertTrue(run.cancelled());
    assertEquals(Map.of(Status.COMPLETED, 3, Status.CANCELLED, 1), counts);
    assertEquals(
        List.of("COMPLETED", "COMPLETED", "CANCELLED", "COMPLETED"),
        folder().rows(Table.TRIALS).stream().map(trial -> trial.get("status")).toList());
    assertEquals(1, new SweepRun(plan, folder()).remaining().size());
  }

  @Test
  void aRunCancelledBeforeItsFirstTrialTrainsNothing() throws InterruptedException {
    Plan plan = plan("15");
    SweepRun run = begun(plan);
    run.cancel();
    Map<Status, Integer> counts = run.train(context(), UnrulyTraining.INSTANCE, progress -> {});
    assertFalse(counts.containsKey(Status.COMPLETED));
    assertEquals(1, new SweepRun(plan, folder()).remaining().size());
  }

  @Test
  void aStorageThatFailsEndsTheRunAndSaysWhatToDo() throws IOException {
    Plan plan = plan("0.05, 0.1");
    SweepRun run = begun(plan);
    Files.writeString(folder.resolve("run/journal"), "in the way");
    InfrastructureException failure =
        assertThrows(
            InfrastructureException.class,
            () -> run.train(context(), UnrulyTraining.INSTANCE, progress -> {}));
    assertTrue(failure.getMessage().contains("run/journal"), failure.getMessage());
    assertTrue(failure.getMessage().contains("run again"), failure.getMessage());
  }

  @Test
  void aTrialIsNeverTrainedOnOtherDataThanItWasPlannedWith()
      throws InterruptedException, IOException {
    Path data = Files.writeString(folder.resolve("flowers.csv"), "1,a\n2,b\n3,a\n4,b\n");
    Plan plan =
        Plans.of(
            folder,
            """
            data { source { format = csv, train = flowers.csv }, validation = 0 }
            network { hidden = [2] }
            training { learning-rate = 0.1, epochs = 2 }
            """);
    Files.writeString(data, "1,a\n2,b\n3,a\n4,b\n5,b\n");
    assertEquals(Map.of(Status.FAILED, 1), train(plan));
    Object message = folder().rows(Table.TRIALS).get(0).get("message");
    assertTrue(message.toString().contains("changed since the sweep was planned"), "" + message);

    Files.writeString(data, "1,a\n2,b\n3,a\n4,b\n");
    assertEquals(Map.of(Status.COMPLETED, 1), train(plan));
  }

  /** A training that cannot be sent to an executor. */
  private static final class Unsendable implements Training {
    @SuppressWarnings({"serial", "unused"})
    private final Object thread = Thread.currentThread();

    @Override
    public TrainingData load(TrialSpec trial, long splitSeed) {
      throw new IllegalStateException();
    }

    @Override
    public TrainingResult train(
        TrialSpec trial, TrainingData data, Watcher watcher, Optional<TrainingState> from) {
      throw new IllegalStateException();
    }

    @Override
    public String kernels() {
      return "";
    }
  }

  @Test
  void whatCannotBeSentToAnExecutorFailsInsteadOfHanging() {
    SweepRun run = begun(plan("0.05"));
    assertThrows(
        InfrastructureException.class,
        () -> run.train(context(), new Unsendable(), progress -> {}));
  }

  @Test
  void twoRunsOfOneFolderAtTheSameTimeGiveOneSetOfRows() throws Exception {
    Plan plan = plan("0.05, 0.1, 0.2, 0.3");
    SweepRun one = begun(plan);
    SweepRun two = begun(plan);
    List<Throwable> failures = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              try {
                two.train(context(), UnrulyTraining.INSTANCE, progress -> {});
              } catch (InterruptedException | RuntimeException failure) {
                failures.add(failure);
              }
            });
    other.start();
    one.train(context(), UnrulyTraining.INSTANCE, progress -> {});
    other.join();
    assertEquals(List.of(), failures);
    assertEquals(4, folder().rows(Table.TRIALS).size());
    assertEquals(8, folder().rows(Table.EPOCHS).size());
    assertEquals(4, folder().rows(Table.ATTEMPTS).size());
    try (var files = Files.list(folder.resolve("run/journal"))) {
      assertEquals(4, files.count());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "local[0]", "local[x]", "local-cluster[2]", "spark://"})
  void aMasterThatIsNoneIsRefused(String master) {
    assertThrows(InputException.class, () -> SparkSessions.requireUsable(Optional.of(master)));
  }

  @Test
  void aMasterThatDoesNotListenIsAnErrorOfTheInfrastructure() {
    InfrastructureException failure =
        assertThrows(
            InfrastructureException.class,
            () -> SparkSessions.context(Optional.of("spark://127.0.0.1:1"), "test"));
    assertTrue(failure.getMessage().contains("spark://127.0.0.1:1"), failure.getMessage());
  }

  private Plan plan(String learningRates) {
    return plan(learningRates, "");
  }

  private Plan plan(String learningRates, String more) {
    return Plans.of(
        folder,
        """
        name = runs
        %s
        data { source = digits, validation = 0.2, test = 0.1 }
        network { hidden = [8] }
        training { epochs = 2 }
        sweep { training.learning-rate = [%s] }
        """
            .formatted(more, learningRates));
  }

  private SweepRun begun(Plan plan) {
    SweepRun run = new SweepRun(plan, folder());
    run.begin(
        Versions.session(
            "trawl run test.conf", plan, run.remaining().size(), UnrulyTraining.INSTANCE));
    return run;
  }

  private Map<Status, Integer> train(Plan plan) throws InterruptedException {
    return begun(plan).train(context(), UnrulyTraining.INSTANCE, progress -> {});
  }

  private RunFolder folder() {
    return RunFolder.at(folder.resolve("run").toString());
  }

  private static SparkContext context() {
    return SparkTest.session().sparkContext();
  }
}
