package org.trawl.driver.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.spark.SparkContext;
import org.trawl.core.data.DataSpec;
import org.trawl.core.data.PreparedSize;
import org.trawl.driver.plan.Cost;
import org.trawl.driver.plan.Peers;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.plan.Workload;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.Journal.Beginning;
import org.trawl.driver.results.Models;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunTables;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.SegmentName;
import org.trawl.driver.results.Session;
import org.trawl.driver.results.Session.Running;
import org.trawl.driver.results.Sessions;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.TrialQueue.Unit;
import org.trawl.driver.sweep.Keep;

/**
 * The run of a plan in a folder: trains what the journal does not hold, and keeps the tables up to
 * date. Can be ended at any moment, by {@link #cancel} or by pulling the plug: what is finished is
 * in the journal, and another run goes on from there.
 */
public final class SweepRun {
  /** Other drivers do not write that often at the end. */
  private static final int SETTLED = 5;

  private static final Logger LOG = LogManager.getLogger(SweepRun.class);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration REFRESH = Duration.ofSeconds(10);

  /** Trials that are packed together at the end: fewer are read fast enough one by one. */
  private static final int PACK = 1000;

  /** And while trials go on, in case that the driver is killed. */
  private static final int PACK_EARLY = 10_000;

  /**
   * Writing tables takes one part in {@code REFRESH_SHARE} of the driver's time, which on one
   * machine the trials share. Whoever looks at them waits {@code REFRESH_SOON} at most, unless that
   * would take more than a tenth.
   */
  private static final int REFRESH_SHARE = 50;

  private static final Duration REFRESH_SOON = Duration.ofSeconds(10);

  private final Plan plan;
  private final RunFolder folder;
  private final Map<String, PlannedTrial> trials = new HashMap<>();
  private final Map<DataSpec, PreparedSize> sizes = new HashMap<>();
  private final int finished;
  private final List<PlannedTrial> remaining;
  private RunTables tables;
  private volatile Runner runner;
  private Optional<Presence> presence = Optional.empty();
  private final Limits limits;
  private boolean cancelled;
  private boolean timeIsOver;
  private volatile Optional<Instant> end = Optional.empty();

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
    plan.trials().forEach(trial -> trials.put(trial.trial(), trial));
    Set<String> done = folder.journal().finished(plan.trials());
    this.finished = done.size();
    this.remaining =
        plan.trials().stream()
            .filter(trial -> !done.contains(trial.trial()))
            .limit(limits.trials().orElse(Integer.MAX_VALUE))
            .toList();
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
   * Brings folder and tables of a plan without remaining trials up to date, if they are not.
   *
   * @param session this one, for a folder that does not say what its run was made with any more
   * @return how many trials stand where
   */
  public Map<Status, Integer> update(Provenance.Session session) {
    String sweep = plan.sweep().resolved();
    List<String> hashes = plan.trials().stream().map(PlannedTrial::trial).toList();
    if (!folder.holdsRun()) {
      folder.began(plan.sweep().name(), plan.objective(), session);
    }
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
    pack(PACK);
    return tables.counts();
  }

  /** As many models as there should be; runs leave no others. */
  private boolean hasModels(Map<Status, Integer> counts) {
    int completed = counts.getOrDefault(Status.COMPLETED, 0);
    int models = plan.sweep().keep().models();
    boolean ofAll = plan.allPeers() || models == 0 || models == Keep.ALL;
    return ofAll // else it depends on how many trials of each data set there are
        && folder.models().list().size() == Math.min(completed, models);
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

  /** With all models, those of trials that are not planned now stay, but none of another epoch. */
  private void removeSpareModels() {
    int count = plan.sweep().keep().models();
    Set<Models.Id> wanted = new HashSet<>(tables.models(count).values());
    if (count == Keep.ALL) {
      folder.models().list().stream()
          .filter(model -> !trials.containsKey(model.trial()))
          .forEach(wanted::add);
    }
    folder.models().keepOnly(wanted);
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
    Presence here = new Presence();
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
        try (Presence here = presence.orElseGet(Presence::new)) {
          here.trainingBegins();
          if (!remaining.isEmpty()) {
            start(context, training);
            new Loop(observer, log.logger()).run();
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
    Thread packing = new Thread(() -> pack(PACK), "trawl-pack"); // from what the tables are from
    packing.start();
    try {
      tables.write();
      RunMetrics.here().trials(tables.counts());
      removeSpareModels();
    } finally {
      packing.join();
    }
  }

  private ModelKeeping keeping() {
    int count = plan.sweep().keep().models();
    Map<Peers, List<Double>> values = count == Keep.ALL ? Map.of() : tables.bestValues(count);
    return keeping(count, values);
  }

  private ModelKeeping keeping(int count, Map<Peers, List<Double>> values) {
    return new ModelKeeping(folder.absolute(), count, UUID.randomUUID().toString(), values);
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
    List<Unit> units =
        missing.stream()
            .map(
                trial ->
                    new Unit(
                        List.of(
                            TrialTask.whole(trial, plan.sweep().seed())
                                .taking(Memory.of(plan, trial))),
                        cost(trial).ofEpochs(trial.spec().training().epochs()),
                        0))
            .toList();
    start(context, training, units, missing, Keeper.ofModels(keeping(Keep.ALL, Map.of())));
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

  private synchronized boolean over() {
    return cancelled || timeIsOver;
  }

  /** What is packed can be read elsewhere: a storage that refuses it costs time alone. */
  private void pack(int many) {
    try {
      tables.pack(many);
    } catch (InfrastructureException refused) {
      LOG.warn("Cannot pack finished trials for fast reading: {}", refused.getMessage());
    }
  }

  private void start(SparkContext context, Training training) {
    start(context, training, units(), remaining, Keeper.in(folder, keeping()));
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
   * Trials of one lineage together, shortest first. Each point comes once before any comes again:
   * what is trained first is of the whole grid then, for who watches and for the time left.
   */
  static Collection<List<PlannedTrial>> lineages(Collection<PlannedTrial> trials) {
    Map<String, List<PlannedTrial>> lineages = new LinkedHashMap<>();
    trials.stream()
        .sorted(
            Comparator.<PlannedTrial>comparingInt(trial -> trial.spec().training().epochs())
                .thenComparingInt(PlannedTrial::repeat)
                .thenComparingInt(PlannedTrial::fold))
        .forEach(
            trial -> lineages.computeIfAbsent(trial.lineage(), l -> new ArrayList<>(1)).add(trial));
    return lineages.values();
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

  /** The remaining trials as executors get them. */
  private List<Unit> units() {
    Map<String, Beginning> beginnings = folder.journal().beginnings(remaining);
    Map<String, Set<Integer>> stops = new HashMap<>();
    plan.trials()
        .forEach(
            trial ->
                stops
                    .computeIfAbsent(trial.lineage(), lineage -> new TreeSet<>())
                    .add(trial.spec().training().epochs()));
    return lineages(remaining).stream()
        .map(
            sharing -> {
              List<TrialTask> tasks = new ArrayList<>(sharing.size());
              double seconds = 0;
              for (PlannedTrial trial : sharing) {
                Workload workload = workload(trial);
                Beginning beginning = beginnings.getOrDefault(trial.trial(), Beginning.NONE);
                int epochs = trial.spec().training().epochs();
                tasks.add(task(trial, workload, beginning, stops.get(trial.lineage())));
                // Of trials that share their epochs the longest has them all.
                seconds = cost(trial).ofEpochs(epochs - beginning.epoch());
              }
              return new Unit(tasks, seconds, 0);
            })
        .toList();
  }

  private TrialTask task(
      PlannedTrial trial, Workload workload, Beginning beginning, Set<Integer> stops) {
    Keep keep = plan.sweep().keep();
    int epochs = trial.spec().training().epochs();
    boolean longerFollows = stops.stream().anyMatch(stop -> stop > epochs);
    return TrialTask.of(
            trial,
            plan.sweep().seed(),
            tables.nextAttempt(trial),
            beginning,
            keep.every() > 0 ? keep.every() : workload.epochsOfSegment(),
            List.copyOf(stops),
            longerFollows || keep.checkpoints() == Keep.Checkpoints.LAST)
        .taking(Memory.of(plan, trial));
  }

  /** By the size that its data have as the sweep file tells, whatever a pca then comes to. */
  private Workload workload(PlannedTrial trial) {
    return Workload.of(trial.spec(), size(trial));
  }

  private Cost cost(PlannedTrial trial) {
    return Cost.of(trial.spec(), size(trial));
  }

  private PreparedSize size(PlannedTrial trial) {
    return sizes.computeIfAbsent(
        trial.spec().data(), data -> PreparedSize.of(plan.dataset(trial), data));
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

  /**
   * Shows others that the run goes on, hears from them that it should stop, and ends it in time; in
   * a thread of its own. What the storage refuses of that is no reason to end the run.
   */
  private final class Presence implements AutoCloseable {
    private final String id = UUID.randomUUID().toString();
    private final Sessions sessions = folder.sessions();
    private final Duration look = folder.local() ? LOOK : LOOK.multipliedBy(10);
    private final Duration write = look.multipliedBy(5);
    private volatile Instant started = Instant.MAX;
    private final ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "trawl-presence");
              daemon.setDaemon(true);
              return daemon;
            });
    private Instant nextWrite = Instant.MIN;

    @SuppressWarnings("FutureReturnValueIgnored") // what it throws is dropped
    Presence() {
      quietly(() -> sessions.clean(Instant.now()));
      quietly(this::show);
      thread.scheduleWithFixedDelay(
          () -> quietly(this::showAndHear), 0, look.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The time that the run may take counts from now on. */
    void trainingBegins() {
      started = Instant.now();
    }

    private void show() {
      Runner now = runner;
      sessions.write(
          Session.here(
              id,
              now == null ? List.of() : now.running(),
              left().map(Duration::toMillis).map(millis -> millis / 1000.0)));
    }

    private void showAndHear() {
      Instant now = Instant.now();
      if (limits.time().isPresent()
          && now.isAfter(started)
          && Duration.between(started, now).compareTo(limits.time().get()) > 0) {
        endInTime();
      }
      if (now.isAfter(nextWrite)) {
        nextWrite = now.plus(write);
        show();
      }
      if (!cancelled() && sessions.stopped(id)) {
        cancel();
      }
    }

    @Override
    public void close() {
      if (thread.isShutdown()) {
        return;
      }
      thread.shutdown();
      try {
        thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      quietly(() -> sessions.remove(id));
    }

    private static void quietly(Runnable action) {
      try {
        action.run();
      } catch (InfrastructureException refused) {
        LOG.debug("Others do not see the run", refused);
      }
    }
  }

  /** Takes trials in as they end, and tells and writes how far the run is. */
  private final class Loop {
    private final Observer observer;
    private final Logger log;
    private final Instant started = Instant.now();
    private final boolean allPeers = plan.allPeers();
    private Optional<Double> best;
    private int ended;
    private int failed;
    private boolean changed = true;
    private Instant nextRefresh = started.plusSeconds(1);
    private final Pace pace = new Pace();
    private Instant nextLook = started;

    Loop(Observer observer, Logger log) {
      this.observer = observer;
      this.log = log;
      this.best = tables.best();
    }

    void run() throws InterruptedException {
      while (!runner.over()) {
        runner.next(LOOK).ifPresent(this::take);
        look();
        RunMetrics.here().trialsNow(this::counts);
        observer.progress(progress());
        pack(PACK_EARLY);
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
            "Trial {} {}: {}",
            trial.trial(),
            segment.attempt().outcome(),
            segment.attempt().cause());
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
      int left = remaining.size() - ended;
      return new Progress(
          plan.trials().size(),
          finished + ended - failed,
          runner.running().stream().limit(left).toList(),
          failed,
          best,
          elapsed,
          left());
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
      removeSpareModels();
      observer.tablesWritten();
      Instant now = Instant.now();
      Duration took = Duration.between(begun, now);
      Duration soon = longer(REFRESH_SOON, took.multipliedBy(10));
      Duration seldom = longer(REFRESH, took.multipliedBy(REFRESH_SHARE));
      nextRefresh = now.plus(seldom.compareTo(soon) < 0 ? seldom : soon);
      changed = false;
    }
  }

  /** How long the run will go on; empty while that is not known. */
  private Optional<Duration> left() {
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
                    .or(() -> folder.journal().read(file))
                    .orElseThrow(() -> missing(file)))
        .toList();
  }

  private InfrastructureException missing(String file) {
    return new InfrastructureException(
        "Cannot find %s in the journal of %s, where it was. Run again.".formatted(file, folder),
        null);
  }
}
