package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Plans;
import org.trawl.driver.spark.Admission.Place;

@Timeout(600)
class AdmissionTest {
  @TempDir private Path folder;
  private TrialTask first;
  private TrialTask second;

  @BeforeEach
  void makeTasks() {
    List<PlannedTrial> trials =
        Plans.of(
                folder,
                """
                data { source = digits, validation = 0.1 }
                network.hidden = []
                sweep.training.learning-rate = [1, 2]
                """)
            .trials();
    first = TrialTask.whole(trials.get(0), 1);
    second = TrialTask.whole(trials.get(1), 1);
  }

  @Test
  void trialsThatFitTogetherDoNotWait() throws Exception {
    Admission admission = new Admission(100);
    assertTrue(enter(admission, first.taking(new Memory(40, 10, 10))).isPresent());
    // 80 of their own, and 20 that they share.
    assertTrue(enter(admission, second.taking(new Memory(40, 10, 10))).isPresent());
    assertEquals(Optional.empty(), enter(admission, first.taking(new Memory(1, 10, 10))));
  }

  @Test
  void whatTrialsShareCountsOnce() {
    assertEquals(
        40 + 30 + 5 + 2,
        Admission.bytes(
            List.of(first.taking(new Memory(40, 5, 2)), second.taking(new Memory(30, 5, 2)))));
  }

  @Test
  void aTrialAloneIsLetInWhateverItTakes() throws Exception {
    assertTrue(enter(new Admission(100), first.taking(new Memory(1000, 0, 0))).isPresent());
  }

  @Test
  void aTrialWaitsUntilAnotherOneHasLeft() throws Exception {
    Admission admission = new Admission(100);
    Place place = enter(admission, first.taking(new Memory(60, 0, 0))).orElseThrow();
    CountDownLatch asked = new CountDownLatch(2);
    CompletableFuture<Boolean> later =
        CompletableFuture.supplyAsync(
            () -> waits(admission, second.taking(new Memory(60, 0, 0)), asked));
    asked.await(); // twice: it has waited in between
    assertFalse(later.isDone());
    // One that would fit comes after it: no trial is passed over again and again.
    assertEquals(Optional.empty(), enter(admission, first.taking(new Memory(1, 0, 0))));
    place.close();
    assertTrue(later.get(5, TimeUnit.MINUTES));
  }

  /** Two attempts at one trial in one JVM are two. */
  @Test
  void copiesOfATrialAreToldApart() throws Exception {
    Admission admission = new Admission(100);
    TrialTask task = first.taking(new Memory(60, 0, 0));
    Place place = enter(admission, task).orElseThrow();
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Boolean> one =
        CompletableFuture.supplyAsync(() -> waits(admission, task, asked));
    asked.await();
    assertEquals(Optional.empty(), enter(admission, task));
    place.close();
    assertTrue(one.get(5, TimeUnit.MINUTES));
  }

  /**
   * Whether a trial is let in sooner or later.
   *
   * @param asked counts how often it is asked whether it still wants to be
   */
  private static boolean waits(Admission admission, TrialTask task, CountDownLatch asked) {
    try {
      return admission
          .enter(
              task,
              () -> {
                asked.countDown();
                return false;
              })
          .isPresent();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Asks once. */
  private static Optional<Place> enter(Admission admission, TrialTask task)
      throws InterruptedException {
    return admission.enter(task, () -> true);
  }
}
