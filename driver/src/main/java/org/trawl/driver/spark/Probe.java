package org.trawl.driver.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
 * what came out for the probed one that is nearest in cost; of several that cost the same, one is
 * trained. The first of them is trained longer, as the JVM has yet to compile; of all, the median
 * of the second half counts. The evaluation of the other parts after each epoch is counted as
 * forward passes, a third of a step a sample; dividing and preparing the data as often as splits
 * differ, each as long as those of the probed trials took.
 *
 * @param seconds of one core, for all trials, with their preparation
 * @param preparation seconds of them that prepare data
 * @param probed how many trials were trained for a moment; 0 where that was not worth it
 */
public record Probe(double seconds, double preparation, int probed) {
  private static final int MOST_PROBED = 4;

  /** Below so many seconds of estimated work nothing is probed. */
  private static final double WORTH_IT = 30;

  /** The first one goes on while steps become faster: compiling them may take as long. */
  private static final Duration FIRST_PROBE = Duration.ofSeconds(3);

  private static final Duration LONGEST_PROBE = Duration.ofSeconds(15);
  private static final Duration A_PROBE = Duration.ofMillis(500);

  /** Windows whose middle one tells how fast steps are, and whether they still become faster. */
  private static final int LATEST = 25;

  private static final double FASTER = 0.9;

  /** Costs that differ by less than a hundredth are one. */
  private static final double SAME = 0.01;

  /** What a sample costs forward, of what it costs forward and back to weights and inputs. */
  private static final double FORWARD = 1.0 / 3;

  /** Steps are timed together for at least as long. */
  private static final long WINDOW = Duration.ofMillis(20).toNanos();

  /**
   * A trial's cost as estimated from its specification, and how many times that it really takes.
   */
  private record Measured(double estimated, double factor) {
    double distance(double cost) {
      return Math.abs(Math.log(estimated / cost));
    }
  }

  /** What the data of a trial depends on. */
  private record Split(DataSpec data, long seed, int fold) {
    static Split of(PlannedTrial trial, long sweepSeed) {
      return new Split(
          trial.spec().data(), TrialTask.whole(trial, sweepSeed).splitSeed(), trial.fold());
    }
  }

  /**
   * Estimates some trials of a plan; trains a few of them for three to five seconds together, in
   * the calling thread. Nothing is written, and a trial that fails here has no say.
   */
  public static Probe of(Plan plan, List<PlannedTrial> trials, Training training) {
    List<PlannedTrial> byCost =
        trials.stream()
            .sorted(Comparator.comparingDouble(trial -> estimated(plan, trial)))
            .toList();
    double rough = byCost.stream().mapToDouble(trial -> estimated(plan, trial)).sum();
    if (rough < WORTH_IT) {
      return new Probe(rough, 0, 0);
    }
    TreeSet<Integer> chosen = new TreeSet<>();
    for (int i = 0; i < MOST_PROBED; i++) {
      chosen.add(Math.round((float) i * (byCost.size() - 1) / (MOST_PROBED - 1)));
    }
    List<Measured> measured = new ArrayList<>();
    Map<Split, Double> prepared = new HashMap<>();
    for (int index : chosen.descendingSet()) {
      PlannedTrial trial = byCost.get(index);
      double cost = estimated(plan, trial);
      Optional<Steps> steps =
          measured.isEmpty()
              ? Optional.of(new Steps(FIRST_PROBE, LONGEST_PROBE))
              : known(cost, measured) ? Optional.empty() : Optional.of(new Steps(A_PROBE, A_PROBE));
      double seconds = seconds(trial, plan.sweep().seed(), training, steps, prepared);
      if (seconds > 0) {
        measured.add(new Measured(cost, seconds / cost));
      }
    }
    if (measured.isEmpty()) {
      return new Probe(rough, 0, 0);
    }
    double seconds =
        byCost.stream()
            .mapToDouble(trial -> estimated(plan, trial))
            .map(cost -> cost * nearest(cost, measured).factor())
            .sum();
    double preparation =
        prepared.values().stream().mapToDouble(Double::doubleValue).average().orElse(0)
            * trials.stream().map(trial -> Split.of(trial, plan.sweep().seed())).distinct().count();
    return new Probe(seconds + preparation, preparation, measured.size());
  }

  private static double estimated(Plan plan, PlannedTrial trial) {
    return plan.workload(trial).seconds();
  }

  private static Measured nearest(double cost, List<Measured> measured) {
    return measured.stream()
        .min(Comparator.comparingDouble(one -> one.distance(cost)))
        .orElseThrow();
  }

  /** Whether a trial's cost is that of one that was measured. */
  private static boolean known(double cost, List<Measured> measured) {
    return measured.stream().anyMatch(one -> one.distance(cost) < SAME);
  }

  /**
   * What the whole trial takes once its data is prepared, by some of its steps; 0 if it cannot be
   * told.
   *
   * @param timed times its steps; if empty, its data are prepared only
   * @param prepared gets what preparing its data took, unless that was there
   */
  private static double seconds(
      PlannedTrial trial,
      long sweepSeed,
      Training training,
      Optional<Steps> timed,
      Map<Split, Double> prepared) {
    TrialTask task = TrialTask.whole(trial, sweepSeed);
    try {
      TrialSpec spec = trial.spec();
      long began = System.nanoTime();
      TrainingData data = training.load(spec, task.splitSeed());
      prepared.putIfAbsent(Split.of(trial, sweepSeed), (System.nanoTime() - began) * 1e-9);
      if (timed.isEmpty()) {
        return 0;
      }
      Steps steps = timed.get();
      steps.begin();
      // A short trial is over before the time is: again, as often as it takes.
      while (!steps.over()) {
        long before = steps.taken;
        training.train(spec, data, steps, Optional.empty());
        if (steps.taken == before) {
          return 0;
        }
      }
      double samples = data.train().length;
      double batches = Math.ceil(samples / spec.training().batchSize());
      double evaluated = data.validation().length + data.test().length;
      if (spec.training().measures().train()) {
        evaluated += samples;
      }
      double passes = 1 + FORWARD * evaluated / samples;
      return steps.secondsAStep() * batches * passes * spec.training().epochs();
    } catch (RuntimeException cannotTrain) {
      return 0; // the run will tell why
    }
  }

  /** Times steps until the time is over, and longer while they become faster. */
  private static final class Steps implements Watcher {
    private final List<Double> secondsAStep = new ArrayList<>();
    private final Duration shortest;
    private final Duration longest;
    private long began;
    private long from;
    private long taken;
    private long before;

    Steps(Duration shortest, Duration longest) {
      this.shortest = shortest;
      this.longest = longest;
    }

    void begin() {
      began = System.nanoTime();
      from = began;
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
      long time = System.nanoTime() - began;
      return time > longest.toNanos() || (time > shortest.toNanos() && !becomeFaster());
    }

    private boolean becomeFaster() {
      int count = secondsAStep.size();
      return count >= 2 * LATEST
          && middle(count - LATEST, count) < FASTER * middle(count - 2 * LATEST, count - LATEST);
    }

    /** By the latest windows; 0 where none was timed. */
    double secondsAStep() {
      int count = secondsAStep.size();
      return count == 0 ? 0 : middle(Math.max(count / 2, count - LATEST), count);
    }

    private double middle(int first, int end) {
      List<Double> sorted = secondsAStep.subList(first, end).stream().sorted().toList();
      return sorted.get(sorted.size() / 2);
    }
  }
}
