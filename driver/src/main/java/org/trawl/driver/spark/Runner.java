package org.trawl.driver.spark;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Segment;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Trains trials as one Spark job, a task a trial, each in one thread, as many at once as there are
 * slots. Trials come back one by one as they end; they are published by then.
 */
final class Runner {
  /** How long after a cancellation its trials may take to stop. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SparkContext context;
  private final List<PlannedTrial> trials;
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final RunningTasks running = new RunningTasks(UUID.randomUUID().toString());
  private final FutureAction<BoxedUnit> job;

  /**
   * A trial that has ended.
   *
   * @param segment of a finished trial
   * @param failure of one that is not
   * @param stackTrace of the failure; empty where there is none
   */
  record Ended(
      PlannedTrial trial,
      Optional<Segment> segment,
      Optional<Attempt> failure,
      String stackTrace) {}

  private record Answer(int index, TrialEnd end) {}

  /** Starts the job, and returns at once. */
  Runner(
      SparkContext context,
      RunFolder folder,
      List<PlannedTrial> trials,
      long sweepSeed,
      Training training,
      ModelKeeping models) {
    this.context = context;
    this.trials = List.copyOf(trials);
    Map<String, Integer> last = folder.journal().lastAttempts();
    List<TrialTask> tasks =
        trials.stream()
            .map(trial -> TrialTask.of(trial, sweepSeed, last.getOrDefault(trial.trial(), 0) + 1))
            .toList();
    List<Object> partitions =
        IntStream.range(0, tasks.size()).mapToObj(index -> (Object) index).toList();
    context.addSparkListener(running);
    context.setJobGroup(running.group, "trials of " + folder, false);
    try {
      job =
          context.submitJob(
              JavaSparkContext.fromSparkContext(context).parallelize(tasks, tasks.size()).rdd(),
              new TrialExecution(
                  TrialExecution.Keeper.in(folder, models),
                  training,
                  SharedData.of(context, trials)),
              CollectionConverters.asScala(partitions).toSeq(),
              (index, end) -> {
                running.hasAnswered((Integer) index);
                answers.add(new Answer((Integer) index, end));
                return BoxedUnit.UNIT;
              },
              () -> BoxedUnit.UNIT);
    } finally {
      context.clearJobGroup();
    }
  }

  /** The next trial that has ended, waiting for it a while. */
  Optional<Ended> next(Duration patience) throws InterruptedException {
    return Optional.ofNullable(answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS))
        .map(this::ended);
  }

  /** Whether no more trials will end. */
  boolean over() {
    return job.isCompleted() && answers.isEmpty();
  }

  /** The trials that are on executors now. */
  Set<PlannedTrial> running() {
    return running.tasks.stream().map(trials::get).collect(Collectors.toSet());
  }

  /** Stops all trials between two of their steps. May be called by any thread. */
  void cancel() {
    job.cancel();
  }

  /** Waits until the trials of a job that is over have left their executors. */
  void close() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!running.tasks.isEmpty() && System.nanoTime() < end && !context.isStopped()) {
      Thread.sleep(20);
    }
    context.removeSparkListener(running);
  }

  /** Why the job failed; empty if it did not. */
  Optional<Throwable> failure() {
    return job.value().isDefined() && job.value().get().isFailure()
        ? Optional.of(job.value().get().failed().get())
        : Optional.empty();
  }

  private Ended ended(Answer answer) {
    PlannedTrial trial = trials.get(answer.index());
    if (answer.end() instanceof TrialEnd.Failed failed) {
      return new Ended(trial, Optional.empty(), Optional.of(failed.attempt()), failed.stackTrace());
    }
    byte[] segment = ((TrialEnd.Finished) answer.end()).segment();
    try {
      return new Ended(trial, Optional.of(Segment.decode(segment)), Optional.empty(), "");
    } catch (IOException damaged) {
      throw new InfrastructureException(
          "Cannot read the segment of trial %s. Remove %s from the journal, and run again."
              .formatted(trial.trial(), trial.lineage()),
          damaged);
    }
  }

  /**
   * Which tasks of a job group are on executors. Spark's events come late; a task that has answered
   * is not running whatever they say.
   */
  private static final class RunningTasks extends SparkListener {
    private final String group;
    private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
    private final Set<Integer> tasks = ConcurrentHashMap.newKeySet();
    private final Set<Integer> answered = ConcurrentHashMap.newKeySet();

    RunningTasks(String group) {
      this.group = group;
    }

    void hasAnswered(int task) {
      answered.add(task);
      tasks.remove(task);
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      if (group.equals(start.properties().getProperty("spark.jobGroup.id"))) {
        CollectionConverters.asJava(start.stageInfos())
            .forEach(stage -> stages.add(stage.stageId()));
      }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      if (stages.contains(start.stageId())) {
        int task = start.taskInfo().partitionId();
        tasks.add(task);
        if (answered.contains(task)) {
          tasks.remove(task);
        }
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (stages.contains(end.stageId())) {
        tasks.remove(end.taskInfo().partitionId());
      }
    }
  }
}
