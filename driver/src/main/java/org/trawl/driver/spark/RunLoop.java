package org.trawl.driver.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.logging.log4j.Logger;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunTables;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.SegmentName;
import org.trawl.driver.results.Session.Running;
import org.trawl.driver.results.Status;
import org.trawl.driver.spark.SweepRun.Observer;
import org.trawl.driver.spark.SweepRun.Progress;

/** Takes trials in as they end, and tells and writes how far the run is. */
final class RunLoop {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration REFRESH = Duration.ofSeconds(10);

  /** Trials that are packed together while others go on, in case that the driver is killed. */
  private static final int PACK_EARLY = 10_000;

  /**
   * Writing tables takes one part in {@code REFRESH_SHARE} of the driver's time, which on one
   * machine the trials share. Whoever looks at them waits {@code REFRESH_SOON} at most, unless that
   * would take more than a tenth.
   */
  private static final int REFRESH_SHARE = 50;

  private static final Duration REFRESH_SOON = Duration.ofSeconds(10);

  private final SweepRun run;
  private final Plan plan;
  private final RunTables tables;
  private final Runner runner;
  private final Observer observer;
  private final Logger log;
  private final Map<String, PlannedTrial> trials = new HashMap<>();
  private final boolean allPeers;
  private final Instant started = Instant.now();
  private final Pace pace = new Pace();
  private Optional<Double> best;
  private int ended;
  private int failed;
  private boolean changed = true;
  private Instant nextRefresh = started.plusSeconds(1);
  private Instant nextLook = started;
  private volatile Optional<Instant> end = Optional.empty();

  RunLoop(SweepRun run, RunTables tables, Runner runner, Observer observer, Logger log) {
    this.run = run;
    this.plan = run.plan();
    this.tables = tables;
    this.runner = runner;
    this.observer = observer;
    this.log = log;
    this.allPeers = plan.allPeers();
    this.best = tables.best();
    plan.trials().forEach(trial -> trials.put(trial.trial(), trial));
  }

  /** Runs until the runner is over. */
  void run() throws InterruptedException {
    while (!runner.over()) {
      runner.next(LOOK).ifPresent(this::take);
      look();
      RunMetrics.here().trialsNow(this::counts);
      observer.progress(progress());
      tables.pack(PACK_EARLY);
      if (changed && Instant.now().isAfter(nextRefresh)) {
        refresh();
      }
    }
    observer.progress(progress());
  }

  /** Works out when the run will end. */
  private void look() {
    Instant now = Instant.now();
    if (!now.isBefore(nextLook)) {
      nextLook = now.plus(LOOK);
      OptionalDouble left = runner.left(pace);
      end =
          left.isEmpty()
              ? Optional.empty()
              : Optional.of(now.plusMillis(Math.round(1000 * left.getAsDouble())));
    }
  }

  private void take(Runner.Ended end) {
    changed = true;
    if (end instanceof Runner.Ended.Finished finished) {
      ended++;
      PlannedTrial trial = trials.get(end.trial());
      tables.finished(trial, segments(finished));
      finished(trial, tables.segment(trial));
    } else {
      Runner.Ended.Failed failure = (Runner.Ended.Failed) end;
      ended += failure.again() ? 0 : 1;
      failed(failure);
    }
  }

  private void finished(PlannedTrial trial, Segment segment) {
    tables
        .objective(trial)
        .filter(value -> best.isEmpty() || plan.objective().better(value, best.get()))
        .filter(value -> allPeers)
        .ifPresent(value -> best = Optional.of(value));
    if (segment.attempt().outcome() != Status.COMPLETED) {
      log.info(
          "Trial {} {}: {}", trial.trial(), segment.attempt().outcome(), segment.attempt().cause());
    }
  }

  private void failed(Runner.Ended.Failed failure) {
    Attempt attempt = failure.attempt();
    tables.ended(attempt);
    if (attempt.outcome() == Status.FAILED || attempt.outcome() == Status.LOST) {
      failed += failure.again() ? 0 : 1;
      log.warn(
          "Trial {} {}: attempt {} on {}: {}{}\n{}",
          attempt.trial(),
          attempt.outcome(),
          attempt.number(),
          attempt.host(),
          attempt.cause(),
          failure.again() ? ", tried again" : "",
          failure.stackTrace());
    }
  }

  private Progress progress() {
    Duration elapsed = Duration.between(started, Instant.now());
    int left = run.remaining().size() - ended;
    return new Progress(
        plan.trials().size(),
        run.finished() + ended - failed,
        runner.running().stream().limit(left).toList(),
        failed,
        best,
        elapsed,
        left());
  }

  private Map<Status, Integer> counts() {
    markRunning();
    return tables.counts();
  }

  private void markRunning() {
    tables.running(runner.running().stream().map(Running::trial).toList());
  }

  private void refresh() {
    Instant begun = Instant.now();
    markRunning();
    tables.write();
    run.models().removeSpareOfFinished(tables);
    observer.tablesWritten();
    Instant now = Instant.now();
    Duration took = Duration.between(begun, now);
    Duration soon = longer(REFRESH_SOON, took.multipliedBy(10));
    Duration seldom = longer(REFRESH, took.multipliedBy(REFRESH_SHARE));
    nextRefresh = now.plus(seldom.compareTo(soon) < 0 ? seldom : soon);
    changed = false;
  }

  /** How long the run will go on; empty while that is not known. Any thread may ask. */
  Optional<Duration> left() {
    return end.map(at -> longer(Duration.ZERO, Duration.between(Instant.now(), at)));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** All segments of a trial that has ended; read where the executor did not send them. */
  private List<Segment> segments(Runner.Ended.Finished finished) {
    List<String> files = new ArrayList<>();
    List<String> last = finished.end().segments();
    if (last.isEmpty() || SegmentName.of(last.get(0)).orElseThrow().first() > 1) {
      files.addAll(finished.task().beginning().segments());
    }
    files.addAll(last);
    return files.stream()
        .map(
            file ->
                Optional.ofNullable(finished.copies().get(file))
                    .or(() -> run.folder().journal().read(file))
                    .orElseThrow(() -> missing(file)))
        .toList();
  }

  private InfrastructureException missing(String file) {
    return new InfrastructureException(
        "Cannot find %s in the journal of %s, where it was. Run again."
            .formatted(file, run.folder()),
        null);
  }
}
