package org.trawl.driver.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.trawl.core.data.split.DataSpec;
import org.trawl.driver.plan.Workload;

/**
 * Lets the trials of a JVM in as long as its heap holds them together, by estimate; the others wait
 * for some to end, in the order in which they came. A trial that has the JVM to itself is always
 * let in: whether one alone fits, the plan has looked.
 */
final class Admission {
  private static final Admission SHARED = new Admission(Workload.room());

  private static final long LOOK_MILLISECONDS = 50;

  private final long capacity;
  private final List<Place> inside = new ArrayList<>();
  private final Deque<Place> waiting = new ArrayDeque<>();

  /**
   * Of a heap.
   *
   * @param capacity bytes that trials may fill
   */
  Admission(long capacity) {
    this.capacity = capacity;
  }

  /** That of this JVM. */
  static Admission shared() {
    return SHARED;
  }

  /** The place of a trial that was let in, until it is closed. Two copies of a trial have two. */
  final class Place implements AutoCloseable {
    private final TrialTask task;

    private Place(TrialTask task) {
      this.task = task;
    }

    @Override
    public void close() {
      leave(this);
    }
  }

  /**
   * Waits until a trial fits.
   *
   * @param cancelled asked now and then; ends the waiting
   * @return its place; empty if the waiting was ended
   */
  synchronized Optional<Place> enter(TrialTask task, BooleanSupplier cancelled)
      throws InterruptedException {
    Place place = new Place(task);
    waiting.add(place);
    try {
      while (waiting.peek() != place || !fits(task)) {
        if (cancelled.getAsBoolean()) {
          return Optional.empty();
        }
        wait(LOOK_MILLISECONDS);
      }
      inside.add(place);
      return Optional.of(place);
    } finally {
      waiting.remove(place);
      notifyAll();
    }
  }

  private synchronized void leave(Place place) {
    inside.remove(place);
    notifyAll();
  }

  private boolean fits(TrialTask task) {
    if (inside.isEmpty()) {
      return true;
    }
    List<TrialTask> together = new ArrayList<>();
    inside.forEach(place -> together.add(place.task));
    together.add(task);
    return bytes(together) <= capacity;
  }

  /** Of trials at once: what they share counts once. */
  static long bytes(List<TrialTask> tasks) {
    record Split(DataSpec data, long seed, int fold) {}
    Map<Object, Long> shared = new HashMap<>();
    long own = 0;
    for (TrialTask task : tasks) {
      DataSpec data = task.spec().data();
      own += task.memory().own();
      shared.put(data.source(), task.memory().ofSource());
      shared.put(new Split(data, task.splitSeed(), task.spec().fold()), task.memory().ofSplit());
    }
    return own + shared.values().stream().mapToLong(Long::longValue).sum();
  }
}
