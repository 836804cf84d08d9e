package org.trawl.driver.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.trawl.core.data.DataSpec;
import org.trawl.core.data.TrainingData;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.plan.Workload;

/**
 * How long trials will take on a core of this machine: some of them, from the cheapest to the
 * dearest, are trained for a moment, and {@link Workload}'s estimate of each trial is scaled by
 * what came out for the probed one that is nearest in cost. The first of them is trained longer, as
 * the JVM has yet to compile; of all, the median of the second half counts.
 *
 * @param seconds of one core, for all trials
 * @param probed how many trials were trained for a moment; 0 where that was not worth it
 */
public record Probe(double seconds, int probed) {
  private static final int MOST_PROBED = 4;

  /** Below so many seconds of estimated work nothing is probed. */
  private static final double WORTH_IT = 30;

  private static final Duration FIRST_PROBE = Duration.ofSeconds(3);
  private static final Duration A_PROBE = Duration.ofMillis(500);

  /** Steps are timed together for at least as long. */
  private static final long WINDOW = Duration.ofMillis(20).toNanos();

  /**
   * A trial's cost as estimated from its specification, and how many times that it really takes.
   */
  private record Measured(double estimated, double factor) {}

  /**
   * Estimates some trials of a plan; trains a few of them for some five seconds together, in the
   * calling thread. Nothing is written, and a trial that fails here has no say.
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
    double preparation = preparation(plan, trials, training);
    TreeSet<Integer> chosen = new TreeSet<>();
    for (int i = 0; i < MOST_PROBED; i++) {
      chosen.add(Math.round((float) i * (byCost.size() - 1) / (MOST_PROBED - 1)));
    }
    List<Measured> measured = new ArrayList<>();
    for (int index : chosen.descendingSet()) {
      PlannedTrial trial = byCost.get(index);
      Duration time = measured.isEmpty() ? FIRST_PROBE : A_PROBE;
      double seconds = seconds(trial, plan.sweep().seed(), training, time);
      if (seconds > 0) {
        measured.add(new Measured(estimated(plan, trial), seconds / estimated(plan, trial)));
      }
    }
    if (measured.isEmpty()) {
      return new Probe(rough + preparation, 0);
    }
    double seconds =
        byCost.stream()
            .mapToDouble(trial -> estimated(plan, trial))
            .map(cost -> cost * nearest(cost, measured).factor())
            .sum();
    return new Probe(seconds + preparation, measured.size());
  }

  /**
   * What it takes to make samples of others, as hog and pca do, for the splits of some trials: one
   * split of each preparation is made, and counts for those of its others that a JVM has yet to
   * make. It stays in memory as long as there is room, so this is no time lost.
   */
  private static double preparation(Plan plan, List<PlannedTrial> trials, Training training) {
    record Split(int repeat, int fold) {}
    Map<DataSpec, Map<Split, PlannedTrial>> splits = new LinkedHashMap<>();
    for (PlannedTrial trial : trials) {
      if (plan.size(trial).bytes() > 0) {
        splits
            .computeIfAbsent(trial.spec().data(), data -> new LinkedHashMap<>())
            .putIfAbsent(new Split(trial.repeat(), trial.fold()), trial);
      }
    }
    double seconds = 0;
    for (Map<Split, PlannedTrial> ofSpec : splits.values()) {
      PlannedTrial last = List.copyOf(ofSpec.values()).get(ofSpec.size() - 1);
      TrialTask task = TrialTask.whole(last, plan.sweep().seed());
      long from = System.nanoTime();
      try {
        training.load(last.spec(), task.splitSeed());
      } catch (RuntimeException cannotLoad) {
        continue; // the run will tell why
      }
      seconds += (System.nanoTime() - from) * 1e-9 * ofSpec.size();
    }
    return seconds;
  }

  private static double estimated(Plan plan, PlannedTrial trial) {
    return plan.workload(trial).seconds();
  }

  private static Measured nearest(double cost, List<Measured> measured) {
    return measured.stream()
        .min(Comparator.comparingDouble(one -> Math.abs(Math.log(one.estimated() / cost))))
        .orElseThrow();
  }

  /** What the whole trial takes, by some of its steps; 0 if it cannot be told. */
  private static double seconds(
      PlannedTrial trial, long sweepSeed, Training training, Duration time) {
    TrialTask task = TrialTask.whole(trial, sweepSeed);
    try {
      TrialSpec spec = trial.spec();
      TrainingData data = training.load(spec, task.splitSeed());
      Steps steps = new Steps(time);
      // A short trial is over before the time is: again, as often as it takes.
      while (!steps.over()) {
        long before = steps.taken;
        training.train(spec, data, steps, Optional.empty());
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

  /** Times steps until the time is over. */
  private static final class Steps implements Watcher {
    private final List<Double> secondsAStep = new ArrayList<>();
    private final long end;
    private long from = System.nanoTime();
    private long taken;
    private long before;

    Steps(Duration time) {
      end = from + time.toNanos();
    }

    @Override
    public boolean cancelled() {
      long now = System.nanoTime();
      if (now - from >= WINDOW && taken > before) {
        secondsAStep.add((now - from) * 1e-9 / (taken - before));
        from = now;
        before = taken;
      }
      taken++;
      return over();
    }

    boolean over() {
      return System.nanoTime() - end > 0;
    }

    /** 0 where none was timed. */
    double secondsAStep() {
      List<Double> warm =
          secondsAStep.subList(secondsAStep.size() / 2, secondsAStep.size()).stream()
              .sorted()
              .toList();
      return warm.isEmpty() ? 0 : warm.get(warm.size() / 2);
    }
  }
}
