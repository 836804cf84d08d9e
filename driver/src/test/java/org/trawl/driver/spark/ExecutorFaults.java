package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.trawl.driver.Signal;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.FaultyTraining.Kind;

/**
 * What happens to executors, in processes of their own: each run is compared with an undisturbed
 * one. In the profile {@code faults}.
 */
@Timeout(600)
class ExecutorFaults {
  private static final double UNLUCKY = 0.2;

  @TempDir private static Path folder;
  private static SparkContext cluster;
  private static Plan plan;
  private static RunFolder undisturbed;

  @BeforeAll
  static void startCluster() throws InterruptedException {
    cluster = new SparkContext(settings("faults"));
    plan =
        Plans.of(
            folder,
            """
            name = faults
            data { source = digits, validation = 0.2, test = 0.1, limit = 300 }
            network { hidden = [8], dropout = 0.2, batch-norm = true }
            training { optimizer = adam, epochs = 12 }
            keep.every = 7
            sweep.training.learning-rate = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3]
            """);
    undisturbed = run("undisturbed");
    train(undisturbed, training(Kind.NOTHING, 0), 4);
    assertEquals(6 * 12, undisturbed.rows(Table.EPOCHS).size());
  }

  /** A cluster of two executors with one core each; its messages are signed and encrypted. */
  static SparkConf settings(String name) {
    return new SparkConf()
        .setMaster("local-cluster[2,1,700]")
        .setAppName(name)
        .set("spark.ui.enabled", "false")
        .set("spark.executor.memory", "700m")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.executor.extraClassPath", classPath())
        .set(
            "spark.executor.extraJavaOptions",
            "-XX:+UseParallelGC -Dtrawl.home=" + System.getProperty("trawl.home"))
        .set("spark.plugins", TrawlPlugin.class.getName())
        .set("spark.task.maxFailures", "1")
        .set("spark.network.timeout", "15s")
        .set("spark.network.timeoutInterval", "2s")
        .set("spark.executor.heartbeatInterval", "1s")
        .set("spark.authenticate", "true")
        .set("spark.authenticate.secret", "of the test")
        .set("spark.network.crypto.enabled", "true")
        .set("spark.io.encryption.enabled", "true");
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  @AfterAll
  static void stopCluster() {
    cluster.stop();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"KILLED", "HALT_BEFORE_SEGMENT", "HALT_AFTER_SEGMENT", "HALT_AFTER_CHECKPOINT"})
  void anExecutorThatDiesCostsAtMostItsUnfinishedSegment(Kind kind) throws Exception {
    RunFolder run = run(kind.name());
    int times = kind == Kind.KILLED ? 2 : 1;
    Map<Status, Integer> counts = train(run, training(kind, times), 4);
    assertEquals(Map.of(Status.COMPLETED, 6), counts);
    assertSame(run);
    List<Map<String, Object>> lost =
        run.rows(Table.ATTEMPTS).stream().filter(row -> "LOST".equals(row.get("outcome"))).toList();
    assertEquals(times, lost.size(), lost.toString());
    for (Map<String, Object> attempt : lost) {
      assertTrue(attempt.get("cause").toString().contains("ExecutorLostFailure"), lost.toString());
      assertFalse(attempt.get("host").toString().isEmpty());
      assertTrue((Double) attempt.get("seconds_lost") >= 0);
    }
  }

  @Test
  void aTrialWhoseExecutorsKeepDyingIsLostAndTheOthersGoOn() throws Exception {
    RunFolder run = run("poison");
    Map<Status, Integer> counts = train(run, training(Kind.KILLED, 1000), 3);
    assertEquals(Map.of(Status.COMPLETED, 5, Status.LOST, 1), counts);
    Map<String, Object> poison =
        run.rows(Table.TRIALS).stream()
            .filter(row -> "LOST".equals(row.get("status")))
            .findFirst()
            .orElseThrow();
    assertEquals(UNLUCKY, poison.get("learning_rate"));
    assertEquals(7, poison.get("epochs_run"));
    long deaths =
        run.rows(Table.ATTEMPTS).stream()
            .filter(row -> poison.get("trial").equals(row.get("trial")))
            .filter(row -> "LOST".equals(row.get("outcome")))
            .count();
    assertEquals(3, deaths);

    // Another run tries it again.
    assertEquals(Map.of(Status.COMPLETED, 6), train(run, training(Kind.NOTHING, 0), 3));
    assertSame(run);
  }

  /** In one batch: what the second does to their executor is not counted against the first. */
  @Test
  void aTrialThatFailsBesideOneThatKillsIsNotLost() throws Exception {
    StringBuilder rates = new StringBuilder("%s, %s".formatted(UnrulyTraining.THROWS, UNLUCKY));
    for (int trial = 2; trial < 40; trial++) {
      rates.append(", ").append(0.001 * trial);
    }
    Plan many =
        Plans.of(
            Files.createDirectories(folder.resolve("beside-plan")),
            """
            name = beside
            data { source = digits, validation = 0.2, limit = 300 }
            network.hidden = [8]
            training.epochs = 12
            sweep.training.learning-rate = [%s]
            """
                .formatted(rates));
    RunFolder run = run("beside");
    SweepRun sweep = new SweepRun(many, run);
    Training training = training(Kind.KILLED, 1);
    sweep.begin(Versions.session("trawl run", many, 40, training));
    assertEquals(
        Map.of(Status.COMPLETED, 39, Status.FAILED, 1),
        sweep.train(cluster, training, progress -> {}));
    assertEquals(List.of("FAILED", "FAILED"), outcomes(run, UnrulyTraining.THROWS));
    assertEquals(List.of("LOST", "COMPLETED"), outcomes(run, UNLUCKY));
  }

  /** How the attempts at a trial ended, in order. */
  private static List<Object> outcomes(RunFolder run, double rate) {
    Object trial =
        run.rows(Table.TRIALS).stream()
            .filter(row -> row.get("learning_rate").equals(rate))
            .findFirst()
            .orElseThrow()
            .get("trial");
    return run.rows(Table.ATTEMPTS).stream()
        .filter(row -> row.get("trial").equals(trial))
        .sorted(Comparator.comparing(row -> (Integer) row.get("attempt")))
        .map(row -> row.get("outcome"))
        .toList();
  }

  @Test
  void anExecutorThatIsStoppedTooLongAndGoesOnLaterChangesNothing() throws Exception {
    RunFolder run = run("stopped");
    FaultyTraining training = training(Kind.STOPPED, 1);
    Map<Status, Integer> counts = train(run, training, 4);
    assertEquals(Map.of(Status.COMPLETED, 6), counts);
    String pid = Files.readString(Path.of(training.marks(), "pid"));
    Signal.send("-CONT", Long.parseLong(pid));
    Thread.sleep(1500);
    new RunStateCheck(run).assertConsistent();
    assertSame(run);
  }

  /** The current folder of an executor is another one than the driver's. */
  @Test
  void aFileThatTheDriverAloneHasIsSentToExecutors() throws Exception {
    Path file = Files.createTempFile(Path.of("target").toAbsolutePath(), "alone", ".csv");
    try {
      StringBuilder rows = new StringBuilder("a,b,kind\n");
      for (int i = 0; i < 60; i++) {
        rows.append(i % 7).append(',').append(i % 3).append(",k").append(i % 3).append('\n');
      }
      Files.writeString(file, rows);
      String address = "/proc/self/cwd/target/" + file.getFileName();
      Plan alone =
          Plans.of(
              Files.createDirectories(folder.resolve("alone-plan")),
              """
              name = alone
              data { source { format = csv, train = "%s" }, validation = 0.2, test = 0.2 }
              network.hidden = [4]
              training.epochs = 2
              sweep.training.learning-rate = [0.1, 0.2, 0.3]
              """
                  .formatted(address));
      SweepRun sweep = new SweepRun(alone, run("alone"));
      Training training = training(Kind.NOTHING, 0);
      sweep.begin(Versions.session("trawl run", alone, 3, training));
      assertEquals(Map.of(Status.COMPLETED, 3), sweep.train(cluster, training, progress -> {}));

      List<String> messages =
          JavaSparkContext.fromSparkContext(cluster)
              .parallelize(List.of(address), 1)
              .map(ExecutorFaults::messageOf)
              .collect();
      assertTrue(
          messages
              .get(0)
              .matches(
                  ".*/target/alone.*csv \\(no such file on the executor \\d+ on .+: put it where all machines reach it.*"),
          messages.get(0));
    } finally {
      Files.delete(file);
    }
  }

  private static String messageOf(String address) {
    try (InputStream opened = ClusterStorage.INSTANCE.open(address)) {
      return "opened " + opened;
    } catch (IOException missing) {
      return missing.getMessage();
    }
  }

  /** Reads the folder as the next run would. */
  private record RunStateCheck(RunFolder run) {
    void assertConsistent() {
      assertEquals(List.of(), new SweepRun(plan, run).remaining());
      new SweepRun(plan, run).update(Plans.SESSION);
    }
  }

  private static void assertSame(RunFolder run) {
    SameTables.assertSame(undisturbed, run);
  }

  private static Map<Status, Integer> train(RunFolder run, Training training, int attempts)
      throws InterruptedException {
    SweepRun sweep =
        new SweepRun(plan, run, new SweepRun.Limits(attempts, Optional.empty(), Optional.empty()));
    sweep.begin(Versions.session("trawl run", plan, 6, training));
    return sweep.train(cluster, training, progress -> {});
  }

  private static FaultyTraining training(Kind kind, int times) {
    try {
      return new FaultyTraining(
          kind, UNLUCKY, times, Files.createTempDirectory(folder, "marks").toString());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static RunFolder run(String name) {
    return RunFolder.at(folder.resolve(name).toString());
  }
}
