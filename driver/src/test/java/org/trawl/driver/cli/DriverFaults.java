package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.driver.Signal;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.Held;

/**
 * What happens to drivers, in processes of their own: each run is compared with an undisturbed one.
 * In the profile {@code faults}.
 */
@Timeout(600)
class DriverFaults {
  /** Nine segments a trial, of several hundred milliseconds together. */
  private static final String SWEEP =
      """
      name = killed
      repeats = 2
      data { source = digits, validation = 0.2, test = 0.1 }
      network { hidden = [64, 32], dropout = 0.1, batch-norm = true }
      training { optimizer = adam, epochs = 90, batch-size = 8 }
      keep.every = 10
      sweep.training.learning-rate = [0.001, 0.002, 0.003, 0.004]
      """;

  private static final int SEGMENTS = 8 * 9;

  /** Where trials are in their middle. */
  private static final String THIRD_SEGMENT = "journal/.*-21-30";

  @TempDir private static Path folder;

  @BeforeAll
  static void undisturbed() throws Exception {
    Files.writeString(folder.resolve("sweep.conf"), SWEEP);
    try (TrawlProcess run = run("undisturbed", "--master=local[2]")) {
      assertEquals(0, run.exit(), run.text());
    }
    assertEquals(8 * 90, rows("undisturbed", Table.EPOCHS).size());
  }

  @Test
  void aDriverKilledAtTenRandomPointsLosesNothing() throws Exception {
    Random random = new Random(20261121);
    // One trial waits with its last segment, so that no run ends before it is killed.
    Object lineage = rows("undisturbed", Table.TRIALS).get(7).get("lineage");
    List<String> held = Held.at("journal/%s-81-90".formatted(lineage));
    long kept = 0;
    for (int kill = 0; kill < 10; kill++) {
      try (TrawlProcess run = run(held, "killed", "--master=local[2]")) {
        // Some while they start, most while they train.
        boolean starting = kill % 5 == 4;
        long wanted = starting ? 0 : Math.min(kept + random.nextInt(8), SEGMENTS - 1);
        while (segments("killed") < wanted) {
          assertTrue(run.process().isAlive(), run.text());
          Thread.sleep(1);
        }
        Thread.sleep(random.nextInt(starting ? 3000 : 40));
        assertTrue(run.process().isAlive(), run.text());
        run.kill();
      }
      assertTrue(segments("killed") >= kept, "what is kept stays");
      assertReadable("killed");
      kept = segments("killed");
    }
    assertTrue(kept < SEGMENTS, "the trial that waited is finished");
    try (TrawlProcess last = run("killed", "--master=local[2]")) {
      assertEquals(0, last.exit(), last.text());
    }
    assertSame("killed");
  }

  @Test
  void twoDriversOnOneFolderGiveOneSetOfRows() throws Exception {
    try (TrawlProcess one = run("shared", "--master=local[1]");
        TrawlProcess two = run("shared", "--master=local[1]")) {
      assertEquals(0, one.exit(), one.text());
      assertEquals(0, two.exit(), two.text());
    }
    assertSame("shared");
    assertEquals(SEGMENTS, segments("shared"));
  }

  @Test
  void twoCopiesOfEachTaskGiveOneSetOfRows() throws Exception {
    List<String> speculation =
        List.of(
            "-Dspark.speculation=true",
            "-Dspark.speculation.interval=50ms",
            "-Dspark.speculation.minTaskRuntime=50ms",
            "-Dspark.speculation.task.duration.threshold=100ms",
            "-Dspark.executor.memory=700m",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1",
            "-Dspark.executor.extraClassPath="
                + System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
            // Executors whose locale writes numbers otherwise than the driver's.
            "-Dspark.executor.extraJavaOptions=-Duser.language=ar -Duser.country=EG -Dtrawl.home="
                + System.getProperty("trawl.home"));
    try (TrawlProcess run =
        TrawlProcess.start(
            folder,
            speculation,
            "run",
            "sweep.conf",
            "--out=copies",
            "--master=local-cluster[2,1,700]")) {
      assertEquals(0, run.exit(), run.text());
    }
    assertSame("copies");
  }

  @Test
  void aRunThatIsStoppedFromElsewhereGoesOnInMidTrial() throws Exception {
    assertTrue(stop("undisturbed").startsWith("No run is at"));
    try (TrawlProcess run = run(Held.at(THIRD_SEGMENT), "stopped", "--master=local[2]")) {
      while (segments("stopped") < 4) {
        assertTrue(run.process().isAlive(), run.text());
        Thread.sleep(5);
      }
      assertTrue(stop("stopped").startsWith("Stopped process"));
      assertTrue(run.process().waitFor(5, TimeUnit.MINUTES));
      assertEquals(130, run.exit(), run.text());
    }
    assertEquals(0, files("stopped/live"), "no session is left");
    assertTrue(stop("stopped").startsWith("No run is at"));
    List<Map<String, Object>> partly =
        rows("stopped", Table.TRIALS).stream()
            .filter(row -> "CANCELLED".equals(row.get("status")))
            .toList();
    assertEquals(2, partly.size());
    partly.forEach(trial -> assertEquals(30, trial.get("epochs_run")));
    try (TrawlProcess again = run("stopped", "--master=local[2]")) {
      assertEquals(0, again.exit(), again.text());
    }
    assertSame("stopped");
  }

  @Test
  void aRunIsStoppedBeforeSparkHasStartedAndLeavesNothing() throws Exception {
    try (TrawlProcess run = run(Held.atStart(), "early", "--master=local[2]")) {
      while (files("early/live") == 0) {
        assertTrue(run.process().isAlive(), run.text());
        Thread.sleep(1);
      }
      assertFalse(Files.exists(folder.resolve("early/provenance.json")), "it has begun already");
      assertEquals("Stopped process " + run.process().pid(), stop("early").split(" on ")[0]);
      assertTrue(run.process().waitFor(5, TimeUnit.MINUTES));
      assertEquals(130, run.exit(), run.text());
      assertTrue(run.text().contains("Stopped before anything was trained."), run.text());
    }
    assertFalse(Files.exists(folder.resolve("early")), "nothing is written");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-TERM", "-INT"})
  void aSignalToARunThatStartsIsACancellation(String signal) throws Exception {
    try (TrawlProcess run = run(Held.atStart(), "signal", "--master=local[2]")) {
      while (files("signal/live") == 0) {
        assertTrue(run.process().isAlive(), run.text());
        Thread.sleep(1);
      }
      Signal.send(signal, run.process().pid());
      assertTrue(run.process().waitFor(5, TimeUnit.MINUTES));
      assertEquals(130, run.exit(), run.text());
    }
    assertFalse(Files.exists(folder.resolve("signal")), "nothing is written");
  }

  /** There is no YARN, or none that answers: the command ends before it has written anything. */
  @Test
  void aMasterThatCannotBeStartedLeavesNothing() throws Exception {
    List<String> impatient =
        List.of(
            "-Dspark.hadoop.yarn.resourcemanager.connect.max-wait.ms=1000",
            "-Dspark.hadoop.yarn.resourcemanager.connect.retry-interval.ms=1000",
            "-Dspark.hadoop.ipc.client.connect.max.retries=0");
    try (TrawlProcess run =
        TrawlProcess.start(
            folder, impatient, "run", "sweep.conf", "--out=nowhere", "--master=yarn")) {
      assertEquals(3, run.exit(), run.text());
      assertTrue(run.text().contains("Cannot start Spark on yarn"), run.text());
      assertTrue(run.text().contains("run again"), run.text());
    }
    assertFalse(Files.exists(folder.resolve("nowhere")), "nothing is written");
  }

  /**
   * Each takes some 240 MB of the heap's 512, so that two would be too many; there are four slots.
   */
  @Test
  void trialsThatFitAloneAndNotTogetherWaitForEachOther() throws Exception {
    Files.writeString(
        folder.resolve("large.conf"),
        """
        name = large
        data { source = digits, validation = 0.1, limit = 100 }
        network.hidden = [2000, 2000]
        training { optimizer = adam, epochs = 2, batch-size = all, diagnostics = false }
        sweep.training.learning-rate = [0.0001, 0.0002, 0.0003, 0.0004]
        """);
    try (TrawlProcess run =
        TrawlProcess.start(
            folder, List.of(), "run", "large.conf", "--out=large", "--master=local[4]")) {
      assertEquals(0, run.exit(), run.text());
    }
    List<Map<String, Object>> trials = rows("large", Table.TRIALS);
    assertEquals(4, trials.size());
    trials.forEach(trial -> assertEquals("COMPLETED", trial.get("status")));
    assertEquals(4, rows("large", Table.ATTEMPTS).size(), "none was tried again");
  }

  @Test
  void aRunWhoseProvenanceWasRemovedIsToldToBeRunAgainWhichMakesItAnew() throws Exception {
    try (TrawlProcess run = run("removed", "--master=local[2]", "--max-trials=1")) {
      assertEquals(0, run.exit(), run.text());
      assertTrue(run.text().contains(", 1 to train"), run.text());
    }
    Files.delete(folder.resolve("removed/provenance.json"));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    assertEquals(2, Main.run(out, out, "status", folder.resolve("removed").toString()));
    assertTrue(text.toString().contains("provenance.json is missing"), text.toString());
    try (TrawlProcess run = run("removed", "--master=local[2]")) {
      assertEquals(0, run.exit(), run.text());
    }
    assertSame("removed");
    Files.delete(folder.resolve("removed/provenance.json"));
    try (TrawlProcess run = run("removed", "--master=local[2]")) { // with nothing to train
      assertEquals(0, run.exit(), run.text());
    }
    assertEquals(0, Main.run(out, out, "status", folder.resolve("removed").toString()));
  }

  private static String stop(String name) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    assertEquals(0, Main.run(out, out, "stop", folder.resolve(name).toString()), text::toString);
    return text.toString();
  }

  @Test
  void aTimeBudgetEndsARunThatGoesOnLater() throws Exception {
    try (TrawlProcess run = run("budget", "--master=local[2]", "--time-budget=300ms")) {
      assertEquals(2, run.exit(), run.text());
      assertTrue(run.text().contains("--time-budget: expected a time such as"), run.text());
    }
    List<String> held = Held.at(THIRD_SEGMENT);
    try (TrawlProcess run = run(held, "budget", "--master=local[1]", "--time-budget=0.4s")) {
      assertEquals(0, run.exit(), run.text());
      assertTrue(run.text().contains("The time of --time-budget is over."), run.text());
    }
    try (TrawlProcess run = run("budget", "--master=local[2]")) {
      assertEquals(0, run.exit(), run.text());
    }
    assertSame("budget");
  }

  private static TrawlProcess run(String out, String... more) throws IOException {
    return run(List.of(), out, more);
  }

  private static TrawlProcess run(List<String> jvm, String out, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "sweep.conf", "--out=" + out));
    arguments.addAll(List.of(more));
    return TrawlProcess.start(folder, jvm, arguments.toArray(String[]::new));
  }

  private static void assertSame(String run) {
    SameTables.assertSame(at("undisturbed"), at(run));
  }

  private static List<Map<String, Object>> rows(String run, Table table) {
    return SameTables.rows(at(run), table);
  }

  private static RunFolder at(String run) {
    return RunFolder.at(folder.resolve(run).toString());
  }

  /** Another reader finds whole files alone: what was not committed has no such name. */
  private static void assertReadable(String run) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder.resolve(run))) {
      files = all.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (Path file : files) {
        assertFalse(file.toString().contains("/."), file.toString());
        statement.execute("SELECT * FROM '%s'".formatted(file));
      }
    }
  }

  private static long segments(String run) throws IOException {
    return files(run + "/journal");
  }

  private static long files(String path) throws IOException {
    if (!Files.isDirectory(folder.resolve(path))) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder.resolve(path))) {
      return files.count();
    }
  }
}
