package org.trawl.driver.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.trawl.core.data.TrainingData;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.plan.Workload;

/**
 * How long trials will take on a core of this machine: some of them, from the cheapest to the
 * dearest, are trained for a moment, and {@link Workload}'s estimate of each trial is scaled by
 * what came out for the probed one that is nearest in cost. A probe's first half, in which the JVM
 * still compiles, does not count.
 *
 * @param seconds of one core, for all trials
 * @param probed how many trials were trained for a moment; 0 where that was not worth it
 */
public record Probe(double seconds, int probed) {
  private static final int MOST_PROBED = 4;

  /** Below so many seconds of estimated work nothing is probed. */
  private static final double WORTH_IT = 20;

  private static final Duration A_PROBE = Duration.ofMillis(600);

  /**
   * A trial's cost as estimated from its specification, and how many times that it really takes.
   */
  private record Measured(double estimated, double factor) {}

  /**
   * Estimates some trials of a plan; trains for up to {@link #A_PROBE} each of a few of them, in
   * the calling thread. Nothing is written, and a trial that fails here has no say.
   */
  public static Probe of(Plan plan, List<PlannedTrial> trials, Training training) {
    List<PlannedTrial> byCost =
        trials.stream()
            .sorted(Comparator.comparingDouble(trial -> estimated(plan, trial)))
            .toList();
    double rough = byCost.stream().mapToDouble(trial -> estimated(plan, trial)).sum();
    if (rough < WORTH_IT) {
      return new Probe(rough, 0);
    }
    TreeSet<Integer> chosen = new TreeSet<>();
    for (int i = 0; i < MOST_PROBED; i++) {
      chosen.add(Math.round((float) i * (byCost.size() - 1) / (MOST_PROBED - 1)));
    }
    List<Measured> measured = new ArrayList<>();
    for (int index : chosen) {
      PlannedTrial trial = byCost.get(index);
      double seconds = seconds(trial, plan.sweep().seed(), training);
      if (seconds > 0) {
        measured.add(new Measured(estimated(plan, trial), seconds / estimated(plan, trial)));
      }
    }
    if (measured.isEmpty()) {
      return new Probe(rough, 0);
    }
    double seconds =
        byCost.stream()
            .mapToDouble(trial -> estimated(plan, trial))
            .map(cost -> cost * nearest(cost, measured).factor())
            .sum();
    return new Probe(seconds, measured.size());
  }

  private static double estimated(Plan plan, PlannedTrial trial) {
    return Workload.of(trial.spec(), plan.dataset(trial)).seconds();
  }

  private static Measured nearest(double cost, List<Measured> measured) {
    return measured.stream()
        .min(Comparator.comparingDouble(one -> Math.abs(Math.log(one.estimated() / cost))))
        .orElseThrow();
  }

  /** What the whole trial takes, by some of its steps; 0 if it cannot be told. */
  private static double seconds(PlannedTrial trial, long sweepSeed, Training training) {
    TrialTask task = TrialTask.of(trial, sweepSeed, 1);
    try {
      TrialSpec spec = trial.spec();
      TrainingData data = training.load(spec, task.splitSeed());
      Steps steps = new Steps();
      // A short trial is over before the time is: again, as often as it takes.
      while (!steps.over()) {
        long before = steps.taken;
        training.train(spec, data, steps);
        if (steps.taken == before) {
          return 0;
        }
      }
      double batches = Math.ceil((double) data.train().length / spec.training().batchSize());
      return steps.secondsAStep() * batches * spec.training().epochs();
    } catch (RuntimeException cannotTrain) {
      return 0; // the run will tell why
    }
  }

  /** Counts steps until the time is over, and times those of its second half. */
  private static final class Steps implements Watcher {
    private final long begun = System.nanoTime();
    private long taken;
    private long warmAt;
    private long warmFrom;
    private long last;

    @Override
    public boolean cancelled() {
      if (over()) {
        return true;
      }
      long now = System.nanoTime();
      if (warmAt == 0 && now - begun > A_PROBE.toNanos() / 2) {
        warmAt = now;
        warmFrom = taken;
      }
      taken++;
      last = now;
      return false;
    }

    boolean over() {
      return System.nanoTime() - begun > A_PROBE.toNanos();
    }

    /** 0 where none was taken in the second half. */
    double secondsAStep() {
      // The step that `last` begins is not over.
      long steps = taken - 1 - warmFrom;
      return warmAt == 0 || steps < 1 ? 0 : (last - warmAt) * 1e-9 / steps;
    }
  }
}
