package org.trawl.driver.spark;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.Logger;
import org.apache.spark.SparkContext;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunTables;
import org.trawl.driver.results.Session.Running;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.TrialQueue.Unit;

/**
 * The run of a plan in a folder: trains what the journal does not hold, and keeps the tables up to
 * date. Can be ended at any moment, by {@link #cancel} or by pulling the plug: what is finished is
 * in the journal, and another run goes on from there.
 */
public final class SweepRun {
  /** Other drivers do not write that often at the end. */
  private static final int SETTLED = 5;

  private static final Duration LOOK = Duration.ofMillis(200);

  /** Trials that are packed together at the end: fewer are read fast enough one by one. */
  private static final int PACK = 1000;

  private final Plan plan;
  private final RunFolder folder;
  private final RunModels models;
  private final TrialUnits units;
  private final int finished;
  private final List<PlannedTrial> remaining;
  private RunTables tables;
  private volatile Runner runner;
  private Optional<Presence> presence = Optional.empty();
  private final Limits limits;
  private boolean cancelled;
  private boolean timeIsOver;
  private volatile RunLoop loop;

  /**
   * What a run may take.
   *
   * @param attempts executors that may die with a trial before it is LOST
   * @param trials to train at most; the rest is left for another run
   * @param time after which it ends as if cancelled
   */
  public record Limits(int attempts, Optional<Integer> trials, Optional<Duration> time) {
    /** No limit but on attempts. */
    public static final Limits DEFAULT = new Limits(4, Optional.empty(), Optional.empty());
  }

  /** Sees how far a run is. Called in the run's thread, a few times a second. */
  @FunctionalInterface
  public interface Observer {
    void progress(Progress progress);

    /** The tables have been written, while trials go on. */
    default void tablesWritten() {}
  }

  /**
   * How far a run is.
   *
   * @param trials that are planned
   * @param finished of them, in this session and before
   * @param running on executors now
   * @param failed in this session
   * @param best value of the objective so far; empty where the trials are of several data sets
   * @param elapsed since the first trial began
   * @param left until the last trial ends, by what has been done so far; empty while that is not
   *     known
   */
  public record Progress(
      int trials,
      int finished,
      List<Running> running,
      int failed,
      Optional<Double> best,
      Duration elapsed,
      Optional<Duration> left) {}

  /** A run that has not begun: reads the journal, and writes nothing. */
  public SweepRun(Plan plan, RunFolder folder) {
    this(plan, folder, Limits.DEFAULT);
  }

  /** A run with limits, likewise. */
  public SweepRun(Plan plan, RunFolder folder, Limits limits) {
    this.limits = limits;
    this.plan = plan;
    this.folder = folder;
    this.models = new RunModels(plan, folder);
    this.units = new TrialUnits(plan);
    Set<String> done = folder.journal().finished(plan.trials());
    this.finished = done.size();
    this.remaining =
        plan.trials().stream()
            .filter(trial -> !done.contains(trial.trial()))
            .limit(limits.trials().orElse(Integer.MAX_VALUE))
            .toList();
  }

  Plan plan() {
    return plan;
  }

  RunFolder folder() {
    return folder;
  }

  RunModels models() {
    return models;
  }

  /** How many trials were finished when the run was made. */
  public int finished() {
    return finished;
  }

  /** The trials to train. */
  public List<PlannedTrial> remaining() {
    return remaining;
  }

  /**
   * Brings folder and tables of a plan without remaining trials up to date, if they are not; unless
   * models are missing, for which {@link #begin} does, once it is sure that they can be trained.
   *
   * @param session this one, for a folder that does not say what its run was made with any more
   * @return how many trials stand where
   */
  public Map<Status, Integer> update(Provenance.Session session) {
    String sweep = plan.sweep().resolved();
    List<String> hashes = plan.trials().stream().map(PlannedTrial::trial).toList();
    if (folder.holdsRun() && folder.text(RunFolder.SWEEP).equals(Optional.of(sweep))) {
      Optional<Map<Status, Integer>> counts = folder.countsIfAllFinished(hashes);
      if (counts.isPresent() && models.complete(counts.get())) {
        return counts.get();
      }
    }
    tables = new RunTables(plan, folder);
    if (!withoutModel().isEmpty()) {
      return tables.counts();
    }
    if (!folder.holdsRun()) {
      folder.began(plan.sweep().name(), plan.objective(), session);
    }
    folder.judgedBy(plan.objective());
    folder.replace(RunFolder.SWEEP, sweep);
    tables.write();
    models.removeSpare(tables);
    tables.pack(PACK);
    return tables.counts();
  }

  /**
   * The finished trials whose models are to be kept but are not there, such as those of a run that
   * kept fewer: they are trained again, with the same bits. Known after {@link #update} or {@link
   * #begin}.
   */
  public List<PlannedTrial> withoutModel() {
    if (tables == null) {
      return List.of(); // all is up to date
    }
    return models.missing(tables);
  }

  /** Writes what the run is made with, and the tables as they stand, before anything is trained. */
  public void begin(Provenance.Session session) {
    folder.clean();
    folder.began(plan.sweep().name(), plan.objective(), session);
    folder.replace(RunFolder.SWEEP, plan.sweep().resolved());
    tables = new RunTables(plan, folder);
    tables.write();
  }

  /**
   * Lets others see that a run is about to begin, and hears from them that it should stop, as
   * {@link #train} does; of use before what takes long, such as starting Spark. What is shown goes
   * when it is closed, or with the end of the training.
   *
   * @throws InfrastructureException if the folder cannot be written
   */
  public AutoCloseable appear() {
    Presence here = present();
    presence = Optional.of(here);
    try {
      here.show(); // what the folder's storage refuses is told before anything else is done
      folder.check();
    } catch (InfrastructureException refused) {
      here.close();
      throw refused;
    }
    return () -> {
      here.close();
      folder.removeIfEmpty();
    };
  }

  /** Ends the run within seconds. May be called by any thread, at any time. */
  public synchronized void cancel() {
    cancelled = true;
    if (runner != null) {
      runner.cancel();
    }
  }

  /** Whether the run was cancelled: here, or from elsewhere. */
  public synchronized boolean cancelled() {
    return cancelled;
  }

  /** Whether the run ended because its time was over. */
  public synchronized boolean timeIsOver() {
    return timeIsOver;
  }

  private synchronized void endInTime() {
    timeIsOver = true;
    if (runner != null) {
      runner.cancel();
    }
  }

  /**
   * Trains the remaining trials, after {@link #begin}.
   *
   * @return how many trials stand where
   * @throws InfrastructureException if the storage or Spark failed; what is finished is kept
   */
  @SuppressWarnings("try") // the presence acts by being there
  public Map<Status, Integer> train(SparkContext context, Training training, Observer observer)
      throws InterruptedException {
    try (RunLog log = new RunLog(folder)) {
      log.logger()
          .info(
              "Sweep {}: {} trials, {} to train",
              plan.sweep().name(),
              plan.trials().size(),
              remaining.size());
      try {
        if (context.isLocal()) {
          training.log(); // before the first trial; on a cluster each executor does
        }
        try (Presence here = presence.orElseGet(this::present)) {
          here.trainingBegins();
          if (!remaining.isEmpty()) {
            start(context, training);
            loop = new RunLoop(this, tables, runner, observer, log.logger());
            loop.run();
          }
          trainForModels(context, training, log.logger());
        }
      } catch (InterruptedException | InfrastructureException known) {
        throw known;
      } catch (Exception thrown) { // Spark's, which its Scala does not declare
        log.logger().error("The run ended", thrown);
        throw gaveUp(thrown);
      } finally {
        end();
      }
      Optional<Throwable> failure = runner == null ? Optional.empty() : runner.failure();
      if (failure.isPresent() && !cancelled() && !timeIsOver()) {
        log.logger().error("Spark gave up", failure.get());
        throw gaveUp(failure.get());
      }
      log.logger().info("{}", tables.counts());
      return tables.counts();
    }
  }

  private void end() throws InterruptedException {
    if (runner != null) {
      runner.cancel();
      runner.close();
    }
    tables.running(Set.of());
    tables.refresh();
    Thread packing =
        new Thread(() -> tables.pack(PACK), "trawl-pack"); // from what the tables are from
    packing.start();
    try {
      tables.write();
      RunMetrics.here().trials(tables.counts());
      models.removeSpare(tables);
    } finally {
      packing.join();
    }
  }

  /** Trains finished trials whose models are missing again; their segments stay as they are. */
  private void trainForModels(SparkContext context, Training training, Logger log)
      throws InterruptedException {
    boolean failed = runner != null && runner.failure().isPresent();
    List<PlannedTrial> missing = over() || failed ? List.of() : withoutModel();
    if (missing.isEmpty()) {
      return;
    }
    log.info("{} finished trials are trained again for their models", missing.size());
    if (runner != null) {
      runner.close();
    }
    start(context, training, units.whole(missing), missing, Keeper.ofModels(models.keepingAll()));
    while (!runner.over()) {
      runner
          .next(LOOK)
          .filter(Runner.Ended.Failed.class::isInstance)
          .map(Runner.Ended.Failed.class::cast)
          .ifPresent(
              end ->
                  log.warn(
                      "The model of trial {} is not kept: {}", end.trial(), end.attempt().cause()));
    }
  }

  private Presence present() {
    return new Presence(
        folder,
        limits.time(),
        new Presence.Run() {
          @Override
          public List<Running> running() {
            Runner now = runner;
            return now == null ? List.of() : now.running();
          }

          @Override
          public Optional<Duration> left() {
            RunLoop now = loop;
            return now == null ? Optional.empty() : now.left();
          }

          @Override
          public boolean cancelled() {
            return SweepRun.this.cancelled();
          }

          @Override
          public void cancel() {
            SweepRun.this.cancel();
          }

          @Override
          public void endInTime() {
            SweepRun.this.endInTime();
          }
        });
  }

  private synchronized boolean over() {
    return cancelled || timeIsOver;
  }

  private void start(SparkContext context, Training training) {
    start(
        context,
        training,
        units.remaining(remaining, folder.journal(), tables),
        remaining,
        Keeper.in(folder, models.keeping(tables)));
  }

  private synchronized void start(
      SparkContext context,
      Training training,
      List<Unit> units,
      List<PlannedTrial> trials,
      Keeper keeper) {
    BatchExecution execution = new BatchExecution(keeper, training, SharedData.of(context, trials));
    runner = new Runner(context, folder, keeper, units, execution, limits.attempts());
    if (cancelled || timeIsOver) {
      runner.cancel();
    }
    runner.start();
  }

  /**
   * Writes the tables again where another driver at this run has put an older view in their place,
   * for what is told at the end.
   */
  public void settle() {
    for (int i = 0; i < SETTLED && finishedInTables() < tables.finished().size(); i++) {
      tables.write();
    }
  }

  private long finishedInTables() {
    return folder.rows(Table.TRIALS, List.of("status")).stream()
        .filter(row -> Status.valueOf((String) row.get("status")).finished())
        .count();
  }

  private static InfrastructureException gaveUp(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InfrastructureException known) {
        return known;
      }
    }
    String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return new InfrastructureException(
        "Spark gave up: %s. Finished trials are kept; run again to go on.".formatted(line),
        failure);
  }
}
