package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.TrainingState;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.results.Plans;

class ProbeTest {
  @TempDir Path folder;

  /** Steps and preparations of a known time. */
  private static final class Slow implements Training {
    private static final long serialVersionUID = 1L;
    private static final long STEP = 2_000_000;
    private static final long PREPARATION = 300_000_000;

    private final AtomicInteger prepared = new AtomicInteger();

    @Override
    public TrainingData load(TrialSpec trial, long splitSeed) {
      prepared.incrementAndGet();
      await(PREPARATION);
      return new CoreTraining(Kernels.Choice.PLAIN).load(trial, splitSeed);
    }

    @Override
    public TrainingResult train(
        TrialSpec trial, TrainingData data, Watcher watcher, Optional<TrainingState> from) {
      while (!watcher.cancelled()) {
        await(STEP);
      }
      return new TrainingResult(Outcome.CANCELLED, "", List.of(), 1, "");
    }

    @Override
    public String kernels() {
      return "slow";
    }

    private static void await(long nanoseconds) {
      for (long end = System.nanoTime() + nanoseconds; System.nanoTime() < end; ) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
    }
  }

  @Test
  void stepsEvaluationsAndPreparationsAreCounted() {
    Plan plan =
        Plans.of(
            folder,
            """
            name = test
            repeats = 6
            data { source = digits, validation = 0.2, test = 0.2 }
            network.hidden = [1024]
            training { learning-rate = 0.1, batch-size = 100, epochs = 1000 }
            """);
    double second = 1e9;
    double preparation = 6 * Slow.PREPARATION / second;
    // 11 batches of the 1,079 samples, and a third of a step for each of 718 others.
    double steps = 6 * 1000 * 11 * (1 + 718 / 1079.0 / 3) * Slow.STEP / second;
    List<Probe> probes = new ArrayList<>();
    boolean busy = true;
    while (busy) { // the machine may stand still for a while, but hardly each time
      Slow training = new Slow();
      Probe probe = Probe.of(plan, plan.trials(), training);
      probes.add(probe);
      assertEquals(1, probe.probed(), "all cost the same");
      // Six repeats divide the data six times; four divisions are timed.
      assertEquals(4, training.prepared.get());
      double estimated = probe.seconds() - probe.preparation();
      assertTrue(probe.preparation() >= preparation, probe::toString);
      assertTrue(estimated > 0.99 * steps, steps + " " + probe);
      busy = probe.preparation() >= 10 * preparation || estimated >= 10 * steps;
      assertTrue(!busy || probes.size() < 3, steps + " " + probes);
    }
  }

  @Test
  void littleWorkIsNotProbed() {
    Plan plan =
        Plans.of(
            folder,
            "name = test, data.source = digits, network.hidden = [], training.learning-rate = 0.1");
    Slow training = new Slow();
    assertEquals(0, Probe.of(plan, plan.trials(), training).probed());
    assertEquals(0, training.prepared.get());
  }
}
