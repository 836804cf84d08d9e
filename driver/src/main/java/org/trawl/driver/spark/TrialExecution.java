package org.trawl.driver.spark;

import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.DataException;
import org.trawl.core.data.SourceSpec;
import org.trawl.core.data.TrainingData;
import org.trawl.core.network.Network;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.Watcher;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.Status;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * The body of a Spark task: trains one trial and keeps its segment from where it ran. Whatever the
 * training throws is the trial's own end; only a storage that fails ends the task.
 */
final class TrialExecution extends AbstractFunction1<Iterator<TrialTask>, TrialEnd>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Keeper keeper;
  private final Training training;
  private final SharedData shared;

  /** Where a trial that has ended is kept. */
  interface Keeper extends Serializable {
    /** Keeps a segment; the bytes of its file. */
    byte[] keep(Segment segment);

    /** Keeps an attempt that ended without a segment; what was kept. */
    Attempt keep(Attempt attempt);

    /** Which models are kept; empty for none. */
    Optional<ModelKeeping> models();

    /** In a run's folder. */
    static Keeper in(RunFolder folder, ModelKeeping models) {
      return new InFolder(folder.absolute(), models);
    }

    /** Nowhere: it is for who has asked alone. */
    static Keeper none() {
      return NoKeeper.INSTANCE;
    }
  }

  private record InFolder(RunFolder folder, ModelKeeping keeping) implements Keeper {
    @Override
    public byte[] keep(Segment segment) {
      return folder.journal().publish(segment);
    }

    @Override
    public Attempt keep(Attempt attempt) {
      return folder.journal().record(attempt);
    }

    @Override
    public Optional<ModelKeeping> models() {
      return Optional.of(keeping);
    }
  }

  private enum NoKeeper implements Keeper {
    INSTANCE;

    @Override
    public byte[] keep(Segment segment) {
      return segment.encode();
    }

    @Override
    public Attempt keep(Attempt attempt) {
      return attempt;
    }

    @Override
    public Optional<ModelKeeping> models() {
      return Optional.empty();
    }
  }

  TrialExecution(Keeper keeper, Training training, SharedData shared) {
    this.keeper = keeper;
    this.training = training;
    this.shared = shared;
  }

  @Override
  public TrialEnd apply(Iterator<TrialTask> partition) {
    return run(partition.next());
  }

  /** Trains a trial in a task of Spark. */
  TrialEnd run(TrialTask task) {
    TaskContext context = TaskContext.get();
    Instant started = Instant.now();
    Progress progress = new Progress(context, keeper.models().map(ModelKeeping::candidate));
    TrainingResult result;
    TrainingData data;
    try {
      shared.offer();
      data = training.load(task.spec(), task.splitSeed());
      requirePlannedContent(task);
      result = training.train(task.spec(), data, progress);
    } catch (Throwable thrown) { // an error as well: one bad trial never ends the sweep
      Status outcome = context.isInterrupted() ? Status.CANCELLED : Status.FAILED;
      Attempt attempt = attempt(task, started, outcome, line(thrown), progress.epochs);
      return failed(attempt, outcome == Status.FAILED ? stackTrace(thrown) : "");
    }
    Attempt attempt =
        attempt(
            task,
            started,
            Status.valueOf(result.outcome().name()),
            result.message(),
            result.epochs().size());
    if (result.outcome() == Outcome.COMPLETED) {
      // Before its segment: a trial that is finished has its model.
      progress.candidate.ifPresent(candidate -> candidate.completed(task, data));
    }
    return result.outcome() == Outcome.CANCELLED
        ? failed(attempt, "")
        : finished(task, attempt, result, data);
  }

  /** A trial's name says what its data are: trained on others, it would be a wrong result. */
  private static void requirePlannedContent(TrialTask task) {
    SourceSpec source = task.spec().data().source();
    String found = DataCache.shared().fingerprint(source, ClusterStorage.INSTANCE);
    if (!found.equals(task.content())) {
      throw new DataException(
          "Cannot train on %s: its files have changed since the sweep was planned"
              .formatted(source.name()));
    }
  }

  private TrialEnd finished(
      TrialTask task, Attempt attempt, TrainingResult result, TrainingData data) {
    Segment segment =
        new Segment(
            task.lineage(),
            1,
            task.spec().training().epochs(),
            task.config(),
            attempt,
            training.kernels(),
            result.parameters(),
            result.weights(),
            data.classes(),
            result.epochs());
    return new TrialEnd.Finished(keeper.keep(segment));
  }

  private TrialEnd failed(Attempt attempt, String stackTrace) {
    return new TrialEnd.Failed(keeper.keep(attempt), stackTrace);
  }

  private static Attempt attempt(
      TrialTask task, Instant started, Status outcome, String cause, int epochs) {
    return new Attempt(
        task.trial(),
        task.attempt() + TaskContext.get().attemptNumber(),
        host(),
        SparkEnv.get().executorId(),
        started,
        Instant.now(),
        outcome,
        cause,
        epochs);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  /** The kind of an exception and the first line of its message. */
  private static String line(Throwable thrown) {
    String kind = thrown.getClass().getSimpleName();
    String message = thrown.getMessage();
    return message == null || message.isBlank()
        ? kind
        : kind + ": " + message.strip().lines().findFirst().orElseThrow();
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Counts epochs, and stops the training when Spark has cancelled its task. */
  private static final class Progress implements Watcher {
    private final TaskContext context;
    private final Optional<ModelKeeping.Candidate> candidate;
    private int epochs;

    Progress(TaskContext context, Optional<ModelKeeping.Candidate> candidate) {
      this.context = context;
      this.candidate = candidate;
    }

    @Override
    public void learnt(EpochResult epoch, Network network) {
      candidate.ifPresent(model -> model.learnt(epoch, network));
    }

    @Override
    public void epochEnded(EpochResult epoch) {
      epochs = epoch.epoch();
    }

    @Override
    public boolean cancelled() {
      return context.isInterrupted();
    }
  }
}
