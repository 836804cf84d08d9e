package org.trawl.driver.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.SegmentName;
import org.trawl.driver.results.Session.Running;
import org.trawl.driver.results.Status;
import org.trawl.driver.spark.TrialQueue.Batch;
import org.trawl.driver.spark.TrialQueue.Unit;
import scala.collection.immutable.Seq;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Trains trials as Spark jobs of one task, a batch each, so many at a time that every slot has one
 * and the next one waits for it. Trials come back one by one as their batches end; they are
 * published by then. Slots are kept busy whoever waits for what.
 */
final class Runner {
  /** Where Spark's page has the name of a job, which would else be a line of this file. */
  private static final String CALL_SITE = "callSite.short";

  private static final int TRIALS_SHOWN = 5;

  /** How long after a cancellation its trials may take to stop. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String BATCH = "trawl.batch";

  /** How Spark tells a task's last failure; the reason, on Kubernetes, in another line. */
  private static final Pattern LAST_FAILURE =
      Pattern.compile("\\(TID \\d+\\) \\((\\S+) executor (\\S+)\\): (.*Reason:\\s*.*|.*)");

  private final SparkContext context;
  private final RunFolder folder;
  private final Keeper keeper;
  private final BatchExecution execution;
  private final TrialQueue queue;
  private final int attempts;
  private final Map<String, Handed> handed = new LinkedHashMap<>();
  private final Map<String, Integer> storageFailures = new HashMap<>();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

  /** The batches that have answered since somebody asked how long it takes. */
  private final List<Pace.Batch> worked = new ArrayList<>();

  private final RunningBatches running = new RunningBatches(this::more);
  private final ExecutorWatch executors;
  private Optional<Throwable> failure = Optional.empty();
  private boolean begun;
  private boolean cancelled;

  /** What became of a trial. */
  sealed interface Ended {
    /** Hash of the trial. */
    String trial();

    /**
     * It is finished.
     *
     * @param end what its executor answered
     * @param task as it was handed out
     * @param copies of segments that its executor has kept, by the names of their files
     */
    record Finished(TrialEnd.Finished end, TrialTask task, Map<String, Segment> copies)
        implements Ended {
      @Override
      public String trial() {
        return task.trial();
      }
    }

    /**
     * An attempt ended.
     *
     * @param stackTrace of the failure; empty where there is none
     * @param again whether the trial is tried again in this run
     */
    record Failed(Attempt attempt, String stackTrace, boolean again) implements Ended {
      @Override
      public String trial() {
        return attempt.trial();
      }
    }
  }

  private record Handed(Batch batch, FutureAction<BoxedUnit> job, Instant since) {}

  /**
   * A runner that has not begun.
   *
   * @param attempts executors that may die with a trial before it is LOST
   */
  Runner(
      SparkContext context,
      RunFolder folder,
      Keeper keeper,
      List<Unit> units,
      BatchExecution execution,
      int attempts) {
    this.context = context;
    this.folder = folder;
    this.keeper = keeper;
    this.execution = execution;
    this.queue = new TrialQueue(units);
    this.attempts = attempts;
    this.executors = new ExecutorWatch(context);
    context.addSparkListener(running);
    context.addSparkListener(executors);
    RunMetrics.here().queue(this::waiting);
  }

  private synchronized int waiting() {
    return queue.trials();
  }

  /** Hands out the first batches. */
  synchronized void start() {
    begun = true;
    fill();
  }

  /** The next trial that has ended, waiting for it a while. */
  Optional<Ended> next(Duration patience) throws InterruptedException {
    executors.look().ifPresent(this::giveUp);
    return Optional.ofNullable(ended.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Whether no more trials will end. */
  synchronized boolean over() {
    boolean last = cancelled || failure.isPresent() || queue.isEmpty();
    return last && handed.isEmpty() && ended.isEmpty();
  }

  /** The trials that are on executors now: of each batch the one that was last heard of. */
  synchronized List<Running> running() {
    return handed.entrySet().stream()
        .filter(entry -> running.started.contains(entry.getKey()))
        .map(entry -> running(entry.getValue().batch().tasks()))
        .toList();
  }

  private static Running running(List<TrialTask> tasks) {
    for (int index = tasks.size() - 1; index > 0; index--) {
      Optional<Live.Epoch> heard = Live.of(tasks.get(index).trial());
      if (heard.isPresent()) {
        return new Running(heard.get().trial(), heard.get().epoch(), heard.get().epochs());
      }
    }
    TrialTask first = tasks.get(0);
    int epoch = Live.of(first.trial()).map(Live.Epoch::epoch).orElse(first.beginning().epoch());
    return new Running(first.trial(), epoch, first.epochs());
  }

  /**
   * How many seconds the trials will take from now on; empty while that is not known.
   *
   * @param pace gets what has been done since it was asked last
   */
  synchronized OptionalDouble left(Pace pace) {
    List<Pace.Batch> onSlots = new ArrayList<>();
    List<Double> waiting = queue.costs();
    handed.forEach(
        (id, one) -> {
          if (running.started.contains(id)) {
            onSlots.add(new Pace.Batch(id, parts(one.batch())));
          } else {
            one.batch().units().forEach(unit -> waiting.add(unit.cost()));
          }
        });
    OptionalDouble left =
        pace.look(System.nanoTime() * 1e-9, context.defaultParallelism(), onSlots, worked, waiting);
    worked.clear();
    return left;
  }

  /** How far a batch that is on an executor is, by what was heard of it. */
  private static List<Pace.Part> parts(Batch batch) {
    List<Pace.Part> parts = new ArrayList<>();
    boolean laterHeard = false;
    for (int index = batch.units().size() - 1; index >= 0; index--) {
      Unit unit = batch.units().get(index);
      OptionalInt heard = heard(unit);
      double share = heard.isPresent() ? unit.share(heard.getAsInt()) : laterHeard ? 1 : 0;
      parts.add(0, new Pace.Part(unit.cost(), share, laterHeard));
      laterHeard |= heard.isPresent();
    }
    return parts;
  }

  /** How far a batch came that has answered. */
  private static List<Pace.Part> parts(Batch batch, Map<String, Segment> copies) {
    Map<String, Integer> trained = new HashMap<>();
    copies
        .values()
        .forEach(
            segment -> trained.merge(segment.lineage(), segment.epochs().size(), Integer::sum));
    return batch.units().stream()
        .map(
            unit -> {
              TrialTask first = unit.tasks().get(0);
              int kept = first.beginning().epoch() + trained.getOrDefault(first.lineage(), 0);
              double share = unit.share(Math.max(kept, heard(unit).orElse(0)));
              return new Pace.Part(unit.cost(), share, true);
            })
        .toList();
  }

  /** The last epoch that an executor told of. */
  private static OptionalInt heard(Unit unit) {
    return unit.tasks().stream()
        .flatMap(task -> Live.of(task.trial()).stream())
        .mapToInt(Live.Epoch::epoch)
        .max();
  }

  /** Stops all trials between two of their steps. May be called by any thread. */
  synchronized void cancel() {
    cancelled = true;
    handed.values().forEach(batch -> batch.job().cancel());
  }

  /** Waits until the trials of a run that is over have left their executors. */
  void close() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!running.started.isEmpty() && System.nanoTime() < end && !context.isStopped()) {
      Thread.sleep(20);
    }
    context.removeSparkListener(running);
    context.removeSparkListener(executors);
  }

  /** Why no more trials are trained; empty if that is not so. */
  synchronized Optional<Throwable> failure() {
    return failure;
  }

  /** An executor has registered, which on a cluster may be long after the first: it has slots. */
  private synchronized void more() {
    try {
      if (begun) {
        fill();
      }
    } catch (Exception unforeseen) { // Spark's too, which its Scala does not declare
      giveUp(unforeseen);
    }
  }

  private void fill() {
    int slots = context.defaultParallelism();
    while (!cancelled && failure.isEmpty() && handed.size() < slots + Math.max(2, slots)) {
      Optional<Batch> batch = queue.next(slots);
      if (batch.isEmpty()) {
        return;
      }
      hand(batch.get());
    }
  }

  private void hand(Batch batch) {
    String id = UUID.randomUUID().toString();
    AtomicReference<BatchEnd> answer = new AtomicReference<>();
    context.setLocalProperty(BATCH, id);
    context.setLocalProperty(CALL_SITE, "trawl " + folder.name());
    context.setJobDescription(description(batch));
    try {
      FutureAction<BoxedUnit> job =
          context.submitJob(
              JavaSparkContext.fromSparkContext(context)
                  .parallelize(List.of(batch.tasks()), 1)
                  .rdd(),
              execution,
              onlyPartition(),
              (index, end) -> {
                answer.set(end);
                return BoxedUnit.UNIT;
              },
              () -> BoxedUnit.UNIT);
      handed.put(id, new Handed(batch, job, Instant.now()));
      job.onComplete(
          result -> {
            if (result.isFailure()) {
              over(id, List.of(), Map.of(), Optional.of(result.failed().get()));
            } else {
              over(id, answer.get().ends(), answer.get().segments(), Optional.empty());
            }
            return BoxedUnit.UNIT;
          },
          ExecutionContext.global());
    } finally {
      context.setLocalProperty(BATCH, null);
      context.setLocalProperty(CALL_SITE, null);
      context.setJobDescription(null);
    }
  }

  /** What Spark's page and event log say that a job does. */
  private String description(Batch batch) {
    List<String> trials = batch.tasks().stream().map(TrialTask::trial).toList();
    int more = trials.size() - TRIALS_SHOWN;
    return String.format(
        Locale.ROOT,
        "%s: %s %s%s",
        folder.name(),
        trials.size() == 1 ? "trial" : "trials",
        String.join(", ", trials.subList(0, Math.min(trials.size(), TRIALS_SHOWN))),
        more > 0 ? " and " + more + " more" : "");
  }

  private static Seq<Object> onlyPartition() {
    return CollectionConverters.asScala(List.<Object>of(0)).toSeq();
  }

  /** A batch has come back; in a thread of Spark's or another one. */
  private synchronized void over(
      String id, List<TrialEnd> ends, Map<String, Segment> copies, Optional<Throwable> thrown) {
    Handed batch = handed.remove(id);
    try {
      if (thrown.isEmpty()) {
        worked.add(new Pace.Batch(id, parts(batch.batch(), copies)));
      }
      batch.batch().tasks().forEach(task -> Live.forget(task.trial()));
      queue.over(batch.batch());
      Optional<Instant> since = running.ended(id);
      if (thrown.isEmpty()) {
        running.answered(id);
        List<TrialTask> tasks = batch.batch().tasks();
        for (int index = 0; index < ends.size(); index++) {
          ended.add(ended(tasks.get(index), ends.get(index), copies));
        }
      } else if (!cancelled && failure.isEmpty()) {
        failed(batch, thrown.get(), since.orElse(batch.since()));
      }
      fill();
    } catch (Exception unforeseen) { // Spark's too, which its Scala does not declare
      giveUp(unforeseen);
    }
  }

  private synchronized void giveUp(Throwable thrown) {
    failure = failure.or(() -> Optional.of(thrown));
    handed.values().forEach(batch -> batch.job().cancel());
  }

  private static Ended ended(TrialTask task, TrialEnd end, Map<String, Segment> copies) {
    return end instanceof TrialEnd.Failed failed
        ? new Ended.Failed(failed.attempt(), failed.stackTrace(), false)
        : new Ended.Finished((TrialEnd.Finished) end, task, copies);
  }

  /** A batch came back without answers: its executor died, or could not keep what it trained. */
  private void failed(Handed handed, Throwable thrown, Instant started) {
    String message = String.valueOf(thrown.getMessage());
    List<Unit> units = handed.batch().units();
    if (message.contains("ExecutorLostFailure")) {
      Map<String, Integer> recorded = folder.journal().lastAttempts();
      int first = 0;
      while (first < units.size() && over(units.get(first), recorded)) {
        first++;
      }
      // Those before are over, and say so when they are asked once more.
      for (int index = units.size() - 1; index >= 0; index--) {
        if (index == first) {
          lost(units.get(index), recorded, message, started);
        } else {
          queue.again(again(units.get(index), recorded));
        }
      }
    } else if (caused(thrown, InfrastructureException.class)
        && storageFailures.merge(units.get(0).tasks().get(0).trial(), 1, Integer::sum) < attempts) {
      units.forEach(queue::again);
    } else {
      giveUp(thrown);
    }
  }

  /** Whether an executor was through with a unit when it died. */
  private boolean over(Unit unit, Map<String, Integer> recorded) {
    return unit.tasks().stream().allMatch(task -> over(task, recorded));
  }

  private boolean over(TrialTask task, Map<String, Integer> recorded) {
    return failed(task, recorded) || task.finished(keeper);
  }

  /** Whether an attempt at a trial ended without finishing it: only such ones are recorded. */
  private static boolean failed(TrialTask task, Map<String, Integer> recorded) {
    return recorded.getOrDefault(task.trial(), 0) >= task.attempt();
  }

  private static Unit again(Unit unit, Map<String, Integer> recorded) {
    List<TrialTask> tasks = new ArrayList<>();
    for (TrialTask task : unit.tasks()) {
      tasks.add(failed(task, recorded) ? task.again(recorded.get(task.trial()) + 1) : task);
    }
    return new Unit(tasks, unit.seconds(), unit.deaths());
  }

  /** The executor died with a trial of a unit: the first that was not over. */
  private void lost(Unit unit, Map<String, Integer> recorded, String message, Instant started) {
    int place = 0;
    while (over(unit.tasks().get(place), recorded)) {
      place++;
    }
    List<TrialTask> tasks = new ArrayList<>(again(unit, recorded).tasks());
    TrialTask task = tasks.get(place);
    Attempt attempt = keeper.keep(attempt(task, message, started));
    int deaths = unit.deaths() + 1;
    boolean again = deaths < attempts;
    ended.add(new Ended.Failed(attempt, "", again));
    if (again) {
      tasks.set(place, task.again(attempt.number() + 1));
    } else {
      tasks.remove(place);
      deaths = 0;
    }
    if (!tasks.isEmpty()) {
      queue.again(new Unit(tasks, unit.seconds(), deaths));
    }
  }

  private Attempt attempt(TrialTask task, String message, Instant started) {
    Matcher told = LAST_FAILURE.matcher(message);
    boolean known = told.find();
    Instant now = Instant.now();
    Instant kept = started;
    int epochs = 0;
    for (SegmentName name : task.keptAfter(task.beginning().epoch(), keeper)) {
      Optional<Segment> segment = folder.journal().read(name.file());
      if (segment.isPresent() && segment.get().attempt().ended().isAfter(started)) {
        kept = segment.get().attempt().ended();
        epochs += segment.get().epochs().size();
      }
    }
    return new Attempt(
        task.trial(),
        task.attempt(),
        known ? told.group(1) : "",
        known ? told.group(2) : "",
        started,
        now,
        Status.LOST,
        known ? told.group(3).strip().replaceAll("\\s+", " ") : "its executor died",
        epochs,
        Math.max(0, Duration.between(kept, now).toMillis() / 1000.0));
  }

  private static boolean caused(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Which batches are on executors, and since when. Spark's events come late. */
  private static final class RunningBatches extends SparkListener {
    private final Map<Integer, String> stages = new ConcurrentHashMap<>();
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> since = new ConcurrentHashMap<>();
    private final Runnable executorAdded;

    RunningBatches(Runnable executorAdded) {
      this.executorAdded = executorAdded;
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded added) {
      executorAdded.run();
    }

    /** A batch has answered: it is not running, whatever later events say. */
    void answered(String id) {
      started.remove(id);
    }

    /** Since when a batch, which has ended, was on an executor; empty where that is not known. */
    Optional<Instant> ended(String id) {
      return Optional.ofNullable(since.remove(id));
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      String id = start.properties() == null ? null : start.properties().getProperty(BATCH);
      if (id != null) {
        CollectionConverters.asJava(start.stageInfos())
            .forEach(stage -> stages.put(stage.stageId(), id));
      }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      String id = stages.get(start.stageId());
      if (id != null) {
        started.add(id);
        since.put(id, Instant.ofEpochMilli(start.taskInfo().launchTime()));
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      String id = stages.get(end.stageId());
      if (id != null) {
        started.remove(id);
      }
    }
  }
}
