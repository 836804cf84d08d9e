package org.trawl.driver.spark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.training.EarlyStopping;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.plan.Cost;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Journal.Beginning;

/**
 * How long trials will take on this machine. {@link Cost} tells how the times of trials compare; a
 * few of them, which stand for equal parts of the work, are trained for a moment, as many at a time
 * as there are cores, until the JVM has compiled their steps. Each trial's cost is then scaled by
 * what came out for the probed one that is nearest in cost. Times are those of the processor, which
 * load does not change; what the clock says besides tells how much load there is. What a probe
 * finds is held against the formula, and against the other probes: all ran on one machine. So a
 * moment of trouble cannot make hours of minutes.
 *
 * <p>Dividing and preparing the data is timed too, a preparation each.
 */
public final class Probe {
  private static final int MOST_PROBED = 4;

  /** Below so many seconds of estimated work nothing is probed. */
  private static final double WORTH_IT = 15;

  /** Each probe goes on until its steps take no less time than before, between these times. */
  private static final Duration SHORTEST = Duration.ofMillis(600);

  private static final Duration LONGEST = Duration.ofSeconds(5);

  /**
   * Where nothing is probed, the load is seen in so long, and more than so much is not believed.
   */
  private static final Duration SPIN = Duration.ofMillis(150);

  private static final double MOST_LOAD = 4;

  /** Samples that a preparation makes of others are worth a look from so many bytes on. */
  private static final long LARGE = 1_000_000;

  private static final Duration LOOK = Duration.ofMillis(5);

  /** A formula may be wrong by so much: by the machine, and by a probe against the fastest one. */
  private static final double OF_FORMULA = 8;

  private static final double OF_PROBES = 2.5;

  /** How much longer plain kernels take than those on vectors, for which the formula is. */
  private static final double PLAIN = 15;

  private static final String VECTOR = "vector";

  /** Costs that differ by less than a hundredth are one. */
  private static final double SAME = 0.01;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Probe() {}

  /** What a probed trial came to, beside its cost by the formula. */
  record Measured(double cost, double factor, double slowdown) {
    private double distance(double other) {
      return Math.abs(Math.log(cost / other));
    }
  }

  /** What is made of the data for a trial. */
  private record Made(DataSpec data, long seed, int fold) {
    static Made of(PlannedTrial trial, long sweepSeed) {
      DataSpec data = trial.spec().data();
      boolean fitted = data.prepare().stream().anyMatch(PrepareStep.Pca.class::isInstance);
      // All divisions share what is made of each sample alone.
      return fitted
          ? new Made(data, TrialTask.whole(trial, sweepSeed).splitSeed(), trial.fold())
          : new Made(data, 0, 0);
    }
  }

  /** What making data took. */
  private static final class Makings {
    private final Map<Made, Double> times = new ConcurrentHashMap<>();

    void took(Made made, double seconds) {
      times.merge(made, seconds, Math::max); // who comes second may find it made
    }

    /** Seconds for all trials: of what was not made, as long as the same of other rows took. */
    double seconds(Plan plan, List<PlannedTrial> trials) {
      double mean = times.values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
      return trials.stream()
          .map(trial -> Made.of(trial, plan.sweep().seed()))
          .distinct()
          .mapToDouble(
              made ->
                  times.entrySet().stream()
                      .filter(time -> time.getKey().data().equals(made.data()))
                      .mapToDouble(Map.Entry::getValue)
                      .max()
                      .orElse(mean))
          .sum();
    }
  }

  /**
   * Estimates what is left of some trials of a plan; trains a few of them for some seconds. Nothing
   * is written, and a trial that fails here has no say.
   *
   * @param beginnings what is kept of trials
   * @param cores to try trials on at the same time
   */
  public static Estimate of(
      Plan plan,
      List<PlannedTrial> trials,
      Map<String, Beginning> beginnings,
      Training training,
      int cores) {
    // Of trials that share their epochs the longest has them all.
    Map<String, PlannedTrial> longest = new LinkedHashMap<>();
    trials.forEach(
        trial ->
            longest.merge(
                trial.lineage(), trial, (one, other) -> epochs(one) > epochs(other) ? one : other));
    List<PlannedTrial> left = List.copyOf(longest.values());
    double plain = training.kernels().startsWith(VECTOR) ? 1 : PLAIN;
    double[] costs = new double[left.size()];
    double sum = 0;
    for (int index = 0; index < costs.length; index++) {
      PlannedTrial trial = left.get(index);
      int kept = beginnings.getOrDefault(trial.trial(), Beginning.NONE).epoch();
      costs[index] = plain * cost(plan, trial).ofEpochs(epochs(trial) - kept);
      sum += costs[index];
    }
    Makings made = new Makings();
    List<Measured> measured = new ArrayList<>();
    List<PlannedTrial> prepared = prepared(plan, left);
    if (sum >= WORTH_IT || !prepared.isEmpty()) {
      List<Callable<Optional<Measured>>> tasks = new ArrayList<>();
      for (PlannedTrial trial : chosen(left, costs, sum)) {
        tasks.add(() -> probe(plan, trial, training, plain, made));
      }
      for (PlannedTrial trial : prepared) {
        tasks.add(
            () -> {
              tryToLoad(plan, trial, training, made);
              return Optional.empty();
            });
      }
      List<Measured> found = sideBySide(cores, tasks).stream().flatMap(Optional::stream).toList();
      measured.addAll(bounded(found));
    }
    double slowdown =
        measured.isEmpty()
            ? busy(cores)
            : measured.stream().mapToDouble(Measured::slowdown).average().orElse(1);
    return estimate(left, costs, measured, made.seconds(plan, left), slowdown);
  }

  /** What follows for all trials from those that were probed. */
  private static Estimate estimate(
      List<PlannedTrial> trials,
      double[] costs,
      List<Measured> measured,
      double preparation,
      double slowdown) {
    List<Estimate.Seconds> seconds = new ArrayList<>();
    for (int index = 0; index < costs.length; index++) {
      PlannedTrial trial = trials.get(index);
      double factor = factor(costs[index], measured);
      double most = factor * costs[index] + TrialQueue.SECONDS_A_TRIAL;
      seconds.add(new Estimate.Seconds(most * leastShare(trial), most));
    }
    return new Estimate(seconds, preparation, slowdown, measured.size());
  }

  private static int epochs(PlannedTrial trial) {
    return trial.spec().training().epochs();
  }

  private static Cost cost(Plan plan, PlannedTrial trial) {
    return Cost.of(trial.spec(), plan.size(trial));
  }

  /** The share of its epochs that a trial trains even if it stops as early as it can. */
  private static double leastShare(PlannedTrial trial) {
    EarlyStopping stopping = trial.spec().training().earlyStopping();
    return stopping.enabled() ? Math.min(1, (stopping.patience() + 1.0) / epochs(trial)) : 1;
  }

  /** A factor of the probed trial that is nearest in cost; 1 without one. */
  private static double factor(double cost, List<Measured> measured) {
    return measured.stream()
        .min(Comparator.comparingDouble(one -> one.distance(cost)))
        .map(Measured::factor)
        .orElse(1.0);
  }

  /** No factor is far from what the formula says, nor from that of the fastest probe. */
  static List<Measured> bounded(List<Measured> measured) {
    double fastest = measured.stream().mapToDouble(Measured::factor).min().orElse(1);
    double least = Math.max(1 / OF_FORMULA, Math.min(OF_FORMULA, fastest));
    return measured.stream()
        .map(
            one ->
                new Measured(
                    one.cost(),
                    Math.max(least, Math.min(least * OF_PROBES, one.factor())),
                    one.slowdown()))
        .toList();
  }

  /** The trials in the middle of equal parts of the work, by cost; of equal ones one. */
  private static List<PlannedTrial> chosen(List<PlannedTrial> trials, double[] costs, double sum) {
    List<Integer> byCost =
        IntStream.range(0, costs.length)
            .boxed()
            .sorted(Comparator.comparingDouble(index -> -costs[index]))
            .toList();
    List<PlannedTrial> chosen = new ArrayList<>();
    double before = 0;
    double last = 0;
    for (int index : byCost) {
      before += costs[index];
      boolean middle = before >= sum * (chosen.size() + 0.5) / MOST_PROBED;
      if (middle && chosen.size() < MOST_PROBED && Math.abs(last / costs[index] - 1) > SAME) {
        chosen.add(trials.get(index));
        last = costs[index];
      }
    }
    return chosen;
  }

  /** A trial of each preparation that makes samples of samples, of some: that may take long. */
  private static List<PlannedTrial> prepared(Plan plan, List<PlannedTrial> trials) {
    Map<DataSpec, PlannedTrial> firsts = new LinkedHashMap<>();
    trials.stream()
        .filter(trial -> plan.size(trial).bytes() > LARGE)
        .forEach(trial -> firsts.putIfAbsent(trial.spec().data(), trial));
    return firsts.values().stream().limit(MOST_PROBED).toList();
  }

  private static void tryToLoad(Plan plan, PlannedTrial trial, Training training, Makings made) {
    try {
      load(plan, trial, training, made);
    } catch (RuntimeException cannotLoad) {
      // The run will tell why.
    }
  }

  /** Loads and prepares the data of a trial, and keeps in mind how long that takes. */
  private static TrainingData load(Plan plan, PlannedTrial trial, Training training, Makings made) {
    long sweepSeed = plan.sweep().seed();
    long began = System.nanoTime();
    TrainingData data = training.load(trial.spec(), TrialTask.whole(trial, sweepSeed).splitSeed());
    made.took(Made.of(trial, sweepSeed), (System.nanoTime() - began) * 1e-9);
    return data;
  }

  /** How many times as long work takes by the clock, where nothing is probed: by a moment of it. */
  private static double busy(int cores) {
    Callable<Double> spin =
        () -> {
          long core = coreTime();
          long began = System.nanoTime();
          while (System.nanoTime() - began < SPIN.toNanos()) {
            Thread.onSpinWait();
          }
          return (double) (System.nanoTime() - began) / Math.max(1, coreTime() - core);
        };
    double load =
        sideBySide(cores, Collections.nCopies(cores, spin)).stream()
            .mapToDouble(Double::doubleValue)
            .average()
            .orElse(1);
    return Math.max(1, Math.min(MOST_LOAD, load));
  }

  private static <T> List<T> sideBySide(int cores, List<Callable<T>> tasks) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(cores, tasks.size())),
            task -> {
              Thread daemon = new Thread(task, "trawl-probe");
              daemon.setDaemon(true);
              return daemon;
            });
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException unforeseen) {
      throw new IllegalStateException(unforeseen);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      threads.shutdownNow();
    }
  }

  /** The time that this thread was on a core, or of the clock where that is not known. */
  private static long coreTime() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  /** Trains a trial for a moment; empty if it cannot be told how long it takes. */
  private static Optional<Measured> probe(
      Plan plan, PlannedTrial trial, Training training, double plain, Makings made) {
    Cost cost = cost(plan, trial);
    try {
      TrialSpec spec = trial.spec();
      TrainingData data = load(plan, trial, training, made);
      Timed timed =
          new Timed(
              plain * cost.ofStep(data.train().length, spec.training().batchSize()),
              plain * cost.evaluation());
      // A short trial is over before the time is: again, as often as it takes.
      while (!timed.over()) {
        double before = timed.done;
        timed.between = true;
        training.train(spec, data, timed, Optional.empty());
        if (timed.done == before) {
          return Optional.empty();
        }
      }
      double factor = timed.times.factor();
      return factor > 0
          ? Optional.of(
              new Measured(plain * cost.ofEpochs(epochs(trial)), factor, timed.times.slowdown()))
          : Optional.empty();
    } catch (RuntimeException cannotTrain) {
      return Optional.empty(); // the run will tell why
    }
  }

  /** Times steps and evaluations until they are compiled. */
  private static final class Timed implements Watcher {
    private final StepTimes times = new StepTimes();
    private final long began = System.nanoTime();
    private final double step;
    private final double evaluation;

    /** Whether the next step is the first since an epoch, or a training, ended. */
    private boolean between = true;

    private double done;
    private long looked = began - LOOK.toNanos();

    /** Of a step and of an evaluation, what it costs. */
    Timed(double step, double evaluation) {
      this.step = step;
      this.evaluation = evaluation;
    }

    @Override
    public boolean cancelled() {
      done += between ? 0 : step;
      between = false;
      look();
      return over();
    }

    @Override
    public void epochEnded(EpochResult epoch) {
      done += step + evaluation;
      between = true;
      look();
    }

    private void look() {
      long wall = System.nanoTime();
      if (wall - looked < LOOK.toNanos()) {
        return; // asking for the processor's time takes as long as a small step
      }
      looked = wall;
      times.at(wall * 1e-9, coreTime() * 1e-9, done);
    }

    boolean over() {
      long time = System.nanoTime() - began;
      return time > LONGEST.toNanos() || (time > SHORTEST.toNanos() && times.settled());
    }
  }
}
