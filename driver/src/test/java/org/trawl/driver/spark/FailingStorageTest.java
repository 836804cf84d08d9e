package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trawl.core.kernel.Kernels;
import org.trawl.driver.SparkTest;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.results.FaultyStorage;
import org.trawl.driver.results.FaultyStorage.Fault;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Status;

/** A storage that fails now and then, or for good; and a live channel that does. */
@Timeout(600)
class FailingStorageTest {
  @TempDir private static Path folder;
  private static Plan plan;
  private static int runs;

  /** A folder of its own for each test. */
  private final String name = "run-" + ++runs;

  @BeforeAll
  static void trainUndisturbed() throws InterruptedException {
    plan =
        Plans.of(
            folder,
            """
            name = storage
            data { source = digits, validation = 0.2, test = 0.1, limit = 300 }
            network { hidden = [8] }
            training { optimizer = adam, epochs = 5 }
            keep.every = 2
            sweep.training.learning-rate = [0.05, 0.1, 0.2]
            """);
    assertEquals(Map.of(Status.COMPLETED, 3), train("undisturbed"));
  }

  @AfterEach
  void repair() {
    FaultyStorage.uninstall();
    Live.close();
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, journal/, 1",
    "REFUSED, checkpoints/, 4",
    "FAILED_AFTERWARDS, journal/, 2",
    "FAILED_AFTERWARDS, checkpoints/, 1"
  })
  void aFailureThatPassesCostsAnotherAttempt(Fault fault, String part, int when)
      throws InterruptedException {
    AtomicInteger published = new AtomicInteger();
    FaultyStorage.install(
        fault, path -> path.startsWith(part) && published.incrementAndGet() == when);
    assertEquals(Map.of(Status.COMPLETED, 3), train(name));
    assertTrue(published.get() > when);
    assertSame(name);
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, journal/, 4",
    "REFUSED, checkpoints/, 2",
    "FAILED_AFTERWARDS, checkpoints/, 3"
  })
  void aFailureThatStaysEndsTheRunWhichGoesOnLater(Fault fault, String part, int from)
      throws InterruptedException {
    AtomicInteger published = new AtomicInteger();
    FaultyStorage.install(
        fault, path -> path.startsWith(part) && published.incrementAndGet() >= from);
    InfrastructureException failure =
        assertThrows(InfrastructureException.class, () -> train(name));
    assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
    FaultyStorage.uninstall();
    assertEquals(Map.of(Status.COMPLETED, 3), train(name));
    assertSame(name);
  }

  @Test
  void aRunThatOthersCannotSeeIsTrainedAllTheSame() throws InterruptedException {
    FaultyStorage.install(Fault.REFUSED, path -> path.startsWith("live/"));
    assertEquals(Map.of(Status.COMPLETED, 3), train(name));
    FaultyStorage.uninstall();
    assertSame(name);
  }

  @Test
  void aLiveChannelThatThrowsIsNotFelt() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    Live.open(
        epoch -> {
          asked.countDown();
          throw new IllegalStateException("no channel");
        });
    assertEquals(Map.of(Status.COMPLETED, 3), train(name));
    asked.await(); // by another thread than those that train
    assertSame(name);
  }

  @Test
  void aLiveChannelThatBlocksIsNotFelt() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    Live.open(
        epoch -> {
          blocked.countDown();
          try {
            over.await();
          } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
          }
        });
    try {
      for (int more = 0; more < 1000; more++) { // more than wait for it
        Live.tell(new Live.Epoch("none", more, 1000));
      }
      blocked.await();
      assertEquals(Map.of(Status.COMPLETED, 3), train(name));
    } finally {
      over.countDown();
    }
    assertSame(name);
  }

  private static Map<Status, Integer> train(String name) throws InterruptedException {
    Training training = new CoreTraining(Kernels.Choice.AUTO);
    SweepRun run = new SweepRun(plan, run(name));
    run.begin(Versions.session("trawl run", plan, 3, training));
    return run.train(SparkTest.session().sparkContext(), training, progress -> {});
  }

  private static void assertSame(String name) {
    SameTables.assertSame(run("undisturbed"), run(name));
  }

  private static RunFolder run(String name) {
    return RunFolder.at(folder.resolve(name).toString());
  }
}
