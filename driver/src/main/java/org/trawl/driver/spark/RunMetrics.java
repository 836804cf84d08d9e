package org.trawl.driver.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.trawl.driver.results.Status;

/**
 * A run's metrics in Spark's metrics system, all of them the driver's: deploy/README.md says what
 * each means. Executors send what they have done.
 */
final class RunMetrics {
  private static volatile RunMetrics here = new RunMetrics();

  /** Counting trials takes one part in {@code SHARE} of its thread's time. */
  private static final int SHARE = 50;

  private final Meter epochs = new Meter();
  private final Meter samples = new Meter();
  private final Timer segments = new Timer();
  private final Timer checkpoints = new Timer();
  private volatile Map<Status, Integer> trials = Map.of();
  private volatile IntSupplier queue = () -> 0;
  private long nextCount = System.nanoTime();

  private RunMetrics() {}

  /** Those of the Spark that was started last in this JVM. */
  static RunMetrics here() {
    return here;
  }

  /** Begins anew, in the registry of a Spark that starts. */
  static void register(MetricRegistry registry) {
    RunMetrics metrics = new RunMetrics();
    for (Status status : Status.values()) {
      registry.register(
          "trials." + status.name().toLowerCase(Locale.ROOT),
          (Gauge<Integer>) () -> metrics.trials.getOrDefault(status, 0));
    }
    registry.register("queue.trials", (Gauge<Integer>) () -> metrics.queue.getAsInt());
    registry.register("training.epochs", metrics.epochs);
    registry.register("training.samples", metrics.samples);
    registry.register("journal.segments", metrics.segments);
    registry.register("journal.checkpoints", metrics.checkpoints);
    here = metrics;
  }

  /** An executor has told what it did. */
  void add(Work work) {
    epochs.mark(work.epochs());
    samples.mark(work.samples());
    work.segments().forEach(took -> segments.update(took, TimeUnit.NANOSECONDS));
    work.checkpoints().forEach(took -> checkpoints.update(took, TimeUnit.NANOSECONDS));
  }

  /** Who knows how many trials wait to be handed out; asked in any thread. */
  void queue(IntSupplier length) {
    queue = length;
  }

  /** How many trials stand where. */
  void trials(Map<Status, Integer> counts) {
    trials = Map.copyOf(counts);
  }

  /** The same, counted at most once a second; by one thread. */
  void trialsNow(Supplier<Map<Status, Integer>> counts) {
    long begun = System.nanoTime();
    if (begun - nextCount >= 0) {
      trials(counts.get());
      long took = System.nanoTime() - begun;
      nextCount = begun + Math.max(TimeUnit.SECONDS.toNanos(1), SHARE * took);
    }
  }
}
