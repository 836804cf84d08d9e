package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Plans;
import org.trawl.driver.spark.TrialQueue.Batch;
import org.trawl.driver.spark.TrialQueue.Unit;

class TrialQueueTest {
  @TempDir private Path folder;
  private TrialTask task;

  @BeforeEach
  void makeTask() {
    PlannedTrial trial =
        Plans.of(folder, "data.source = digits\nnetwork.hidden = []\ntraining.learning-rate = 1\n")
            .trials()
            .get(0);
    task = TrialTask.whole(trial, 1);
  }

  @Test
  void theLongestComeFirstEachAlone() {
    TrialQueue queue = queue(3, 100, 20);
    assertEquals(List.of(100.0), seconds(queue.next(2)));
    assertEquals(List.of(20.0), seconds(queue.next(2)));
    assertEquals(List.of(3.0), seconds(queue.next(2)));
    assertTrue(queue.isEmpty());
    assertEquals(Optional.empty(), queue.next(2));
  }

  /** 100 batches a second at most: on 1,000 slots 10 s each. */
  @Test
  void onManySlotsBatchesAreLonger() {
    TrialQueue queue = queue(IntStream.range(0, 1_000_000).mapToDouble(i -> 0.997).toArray());
    assertEquals(10, queue.next(1000).orElseThrow().units().size());
    assertEquals(4, queue.next(10).orElseThrow().units().size());
  }

  /** 10,000 of 10 ms: 130 s with what each takes besides, 4 s a batch but for the last ones. */
  @Test
  void manyShortOnesShareBatchesThatBecomeSmaller() {
    TrialQueue queue = queue(IntStream.range(0, 10_000).mapToDouble(i -> 0.01).toArray());
    List<Integer> sizes = new ArrayList<>();
    for (Optional<Batch> batch = queue.next(4); batch.isPresent(); batch = queue.next(4)) {
      sizes.add(batch.get().units().size());
    }
    assertEquals(10_000, sizes.stream().mapToInt(size -> size).sum());
    assertEquals(307, sizes.get(0));
    assertTrue(sizes.size() > 32 && sizes.size() < 150, sizes.size() + " batches");
    assertEquals(1, sizes.get(sizes.size() - 1));
    for (int index = 1; index < sizes.size(); index++) {
      assertTrue(sizes.get(index) <= sizes.get(index - 1));
    }
  }

  @Test
  void whatComesBackGoesOutFirstAndAlone() {
    TrialQueue queue = queue(0.01, 0.01, 0.01);
    queue.again(new Unit(List.of(task), 0.02, 1));
    assertEquals(List.of(0.02), seconds(queue.next(1)));
  }

  @Test
  void suspectsGoOutOneAtATime() {
    TrialQueue queue = queue(5);
    queue.again(new Unit(List.of(task), 7, 2));
    queue.again(new Unit(List.of(task), 8, 2));
    Batch first = queue.next(9).orElseThrow();
    assertEquals(List.of(7.0), seconds(Optional.of(first)));
    assertEquals(List.of(5.0), seconds(queue.next(9)));
    assertEquals(Optional.empty(), queue.next(9));
    assertFalse(queue.isEmpty());
    queue.over(first);
    assertEquals(List.of(8.0), seconds(queue.next(9)));
    assertTrue(queue.isEmpty());
  }

  private TrialQueue queue(double... seconds) {
    return new TrialQueue(
        IntStream.range(0, seconds.length)
            .mapToObj(index -> new Unit(List.of(task), seconds[index], 0))
            .toList());
  }

  private static List<Double> seconds(Optional<Batch> batch) {
    return batch.orElseThrow().units().stream().map(Unit::seconds).toList();
  }
}
