package org.trawl.driver.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Logger;
import org.apache.spark.SparkContext;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.Models;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunTables;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.Status;
import org.trawl.driver.sweep.Keep;

/**
 * The run of a plan in a folder: trains what the journal does not hold, and keeps the tables up to
 * date. Can be ended at any moment, by {@link #cancel} or by pulling the plug: what is finished is
 * in the journal, and another run goes on from there.
 */
public final class SweepRun {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration REFRESH = Duration.ofSeconds(10);

  /** Writing tables takes at most one part in this many of the driver's time. */
  private static final int REFRESH_SHARE = 10;

  private final Plan plan;
  private final RunFolder folder;
  private final List<PlannedTrial> remaining;
  private RunTables tables;
  private Runner runner;
  private boolean cancelled;

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
   * @param best value of the objective so far
   * @param elapsed since the first trial began
   * @param left as long as trials go on as they did; empty before the first has ended
   */
  public record Progress(
      int trials,
      int finished,
      int running,
      int failed,
      Optional<Double> best,
      Duration elapsed,
      Optional<Duration> left) {}

  /** A run that has not begun: reads the journal, and writes nothing. */
  public SweepRun(Plan plan, RunFolder folder) {
    this.plan = plan;
    this.folder = folder;
    Set<String> finished = folder.journal().finished(plan.trials());
    this.remaining =
        plan.trials().stream().filter(trial -> !finished.contains(trial.trial())).toList();
  }

  /** The trials to train. */
  public List<PlannedTrial> remaining() {
    return remaining;
  }

  /**
   * Brings folder and tables of a plan without remaining trials up to date, if they are not.
   *
   * @return how many trials stand where
   */
  public Map<Status, Integer> update() {
    String sweep = plan.sweep().resolved();
    List<String> hashes = plan.trials().stream().map(PlannedTrial::trial).toList();
    if (folder.text(RunFolder.SWEEP).equals(Optional.of(sweep))) {
      Optional<Map<Status, Integer>> counts = folder.countsIfAllFinished(hashes);
      if (counts.isPresent() && hasModels(counts.get())) {
        return counts.get();
      }
    }
    folder.judgedBy(plan.objective());
    folder.replace(RunFolder.SWEEP, sweep);
    tables = new RunTables(plan, folder);
    tables.write();
    removeSpareModels();
    return tables.counts();
  }

  /** As many models as there should be; runs leave no others. */
  private boolean hasModels(Map<Status, Integer> counts) {
    int completed = counts.getOrDefault(Status.COMPLETED, 0);
    return folder.models().list().size() == Math.min(completed, plan.sweep().keep().models());
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
    Set<Models.Id> there = folder.models().list();
    List<PlannedTrial> missing = new ArrayList<>();
    tables
        .models(plan.sweep().keep().models())
        .forEach(
            (trial, model) -> {
              if (!there.contains(model)) {
                missing.add(trial);
              }
            });
    return missing;
  }

  private void removeSpareModels() {
    int count = plan.sweep().keep().models();
    if (count != Keep.ALL) {
      folder.models().keepOnly(tables.models(count).values());
    }
  }

  /** Writes what the run is made with, and the tables as they stand, before anything is trained. */
  public void begin(Provenance.Session session) {
    folder.began(plan.sweep().name(), plan.objective(), session);
    folder.replace(RunFolder.SWEEP, plan.sweep().resolved());
    tables = new RunTables(plan, folder);
    tables.write();
  }

  /** Ends the run within seconds. May be called by any thread, at any time. */
  public synchronized void cancel() {
    cancelled = true;
    if (runner != null) {
      runner.cancel();
    }
  }

  /** Whether {@link #cancel} was called. */
  public synchronized boolean cancelled() {
    return cancelled;
  }

  /**
   * Trains the remaining trials, after {@link #begin}.
   *
   * @return how many trials stand where
   * @throws InfrastructureException if the storage or Spark failed; what is finished is kept
   */
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
        if (!remaining.isEmpty()) {
          start(context, training, remaining, keeping());
          new Loop(observer, log.logger()).run();
        }
        trainForModels(context, training, log.logger());
      } catch (InterruptedException | InfrastructureException known) {
        throw known;
      } catch (Exception thrown) { // Spark's, which its Scala does not declare
        log.logger().error("The run ended", thrown);
        throw gaveUp(thrown);
      } finally {
        end();
      }
      Optional<Throwable> failure = runner == null ? Optional.empty() : runner.failure();
      if (failure.isPresent() && !cancelled()) {
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
    tables.write();
    removeSpareModels();
  }

  private ModelKeeping keeping() {
    int count = plan.sweep().keep().models();
    List<Double> values = count == Keep.ALL ? List.of() : tables.bestValues(count);
    return keeping(count, values);
  }

  private ModelKeeping keeping(int count, List<Double> values) {
    return new ModelKeeping(
        folder.absolute(), plan.objective(), count, UUID.randomUUID().toString(), values);
  }

  /** Trains finished trials whose models are missing again; their segments stay as they are. */
  private void trainForModels(SparkContext context, Training training, Logger log)
      throws InterruptedException {
    boolean failed = runner != null && runner.failure().isPresent();
    List<PlannedTrial> missing = cancelled() || failed ? List.of() : withoutModel();
    if (missing.isEmpty()) {
      return;
    }
    log.info("{} finished trials are trained again for their models", missing.size());
    if (runner != null) {
      runner.close();
    }
    start(context, training, missing, keeping(Keep.ALL, List.of()));
    while (!runner.over()) {
      runner
          .next(LOOK)
          .flatMap(Runner.Ended::failure)
          .ifPresent(
              attempt ->
                  log.warn(
                      "The model of trial {} is not kept: {}", attempt.trial(), attempt.cause()));
    }
  }

  private synchronized void start(
      SparkContext context, Training training, List<PlannedTrial> trials, ModelKeeping models) {
    runner = new Runner(context, folder, trials, plan.sweep().seed(), training, models);
    if (cancelled) {
      runner.cancel();
    }
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

  /** Takes trials in as they end, and tells and writes how far the run is. */
  private final class Loop {
    private final Observer observer;
    private final Logger log;
    private final Instant started = Instant.now();
    private Optional<Double> best;
    private int ended;
    private int failed;
    private boolean changed = true;
    private Instant nextRefresh = started.plusSeconds(1);

    Loop(Observer observer, Logger log) {
      this.observer = observer;
      this.log = log;
      this.best = tables.best();
    }

    void run() throws InterruptedException {
      while (!runner.over()) {
        runner.next(LOOK).ifPresent(this::take);
        observer.progress(progress());
        if (changed && Instant.now().isAfter(nextRefresh)) {
          refresh();
        }
      }
      observer.progress(progress());
    }

    private void take(Runner.Ended end) {
      ended++;
      changed = true;
      end.segment().ifPresent(segment -> finished(end.trial(), segment));
      end.failure().ifPresent(attempt -> failed(attempt, end.stackTrace()));
    }

    private void finished(PlannedTrial trial, Segment segment) {
      tables.finished(trial, segment);
      Optional<Double> value = tables.objective(segment);
      if (value.isPresent()
          && (best.isEmpty() || plan.objective().better(value.get(), best.get()))) {
        best = value;
      }
      if (segment.attempt().outcome() != Status.COMPLETED) {
        log.info(
            "Trial {} {}: {}",
            trial.trial(),
            segment.attempt().outcome(),
            segment.attempt().cause());
      }
    }

    private void failed(Attempt attempt, String stackTrace) {
      tables.ended(attempt);
      if (attempt.outcome() == Status.FAILED) {
        failed++;
        log.warn(
            "Trial {} FAILED: attempt {} on {}\n{}",
            attempt.trial(),
            attempt.number(),
            attempt.host(),
            stackTrace);
      }
    }

    private Progress progress() {
      Duration elapsed = Duration.between(started, Instant.now());
      int left = remaining.size() - ended;
      return new Progress(
          plan.trials().size(),
          plan.trials().size() - remaining.size() + ended - failed,
          Math.min(runner.running().size(), left),
          failed,
          best,
          elapsed,
          ended == 0 ? Optional.empty() : Optional.of(elapsed.multipliedBy(left).dividedBy(ended)));
    }

    /** Of the trials that are known to have ended; others may just have written theirs. */
    private void removeSpareModels() {
      int count = plan.sweep().keep().models();
      if (count == Keep.ALL) {
        return;
      }
      Models models = folder.models();
      Set<Models.Id> wanted = Set.copyOf(tables.models(count).values());
      Set<String> finished = tables.finished();
      models.list().stream()
          .filter(model -> finished.contains(model.trial()) && !wanted.contains(model))
          .forEach(models::remove);
    }

    private void refresh() {
      Instant begun = Instant.now();
      tables.running(
          runner.running().stream().map(PlannedTrial::trial).collect(Collectors.toSet()));
      tables.write();
      removeSpareModels();
      observer.tablesWritten();
      Instant now = Instant.now();
      Duration pause = Duration.between(begun, now).multipliedBy(REFRESH_SHARE);
      nextRefresh = now.plus(pause.compareTo(REFRESH) > 0 ? pause : REFRESH);
      changed = false;
    }
  }
}
