package org.trawl.driver.spark;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.network.Network;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.TrainingState;
import org.trawl.core.training.Watcher;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.Journal.Force;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.SegmentName;
import org.trawl.driver.results.Status;

/**
 * One attempt at a trial in a task of Spark: goes on from what is kept of it, and keeps a segment
 * whenever one is done, its checkpoint first. Whatever the training throws is the trial's own end;
 * only a storage that fails ends the task.
 */
final class TrialExecution implements Watcher {
  /**
   * Forcing a checkpoint to the disk takes some milliseconds: too much for what it saves when the
   * power fails and all that was trained took less than this.
   */
  private static final Duration CHEAP = Duration.ofSeconds(1);

  private final TrialTask task;
  private final Keeper keeper;
  private final Training training;
  private final SharedData shared;
  private final Optional<ModelKeeping.Candidate> candidate;
  private final TaskContext context = TaskContext.get();
  private Instant started = Instant.now();

  private final Consumer<Segment> copies;

  /** The segments that the driver does not know of. */
  private final List<String> pieces = new ArrayList<>();

  /** Finished epochs that no segment holds yet. */
  private final List<EpochResult> pending = new ArrayList<>();

  private TrainingData data;

  /** What the training has become after the trial's last epoch. */
  private Optional<TrainingState> end = Optional.empty();

  /** The last epoch that a segment holds. */
  private int reached;

  /** The epoch of the checkpoint that is kept; 0 for none. */
  private int checkpoint;

  /** Whether this attempt has trained all epochs that are kept. */
  private boolean anew;

  private int epochs;
  private Instant kept = started;

  private TrialExecution(
      TrialTask task,
      Keeper keeper,
      Training training,
      SharedData shared,
      Consumer<Segment> copies) {
    this.task = task;
    this.keeper = keeper;
    this.training = training;
    this.shared = shared;
    this.copies = copies;
    this.candidate = keeper.models().map(keeping -> keeping.candidate(task));
  }

  /**
   * Trains a trial.
   *
   * @param copies gets the segments that are kept, as tables need them
   * @throws InfrastructureException if the keeper cannot keep it
   */
  static TrialEnd run(
      TrialTask task,
      Keeper keeper,
      Training training,
      SharedData shared,
      Consumer<Segment> copies) {
    return new TrialExecution(task, keeper, training, shared, copies).run();
  }

  private TrialEnd run() {
    try {
      Optional<TrainingState> from = beginning();
      if (reached < task.epochs()) {
        trainWhereItFits(from);
      }
      return new TrialEnd.Finished(task.trial(), pieces);
    } catch (InfrastructureException storage) {
      throw storage;
    } catch (Cancelled cancelled) {
      return failed(Status.CANCELLED, "cancelled", "");
    } catch (Throwable thrown) { // an error as well: one bad trial never ends the sweep
      return context.isInterrupted()
          ? failed(Status.CANCELLED, line(thrown), "")
          : failed(Status.FAILED, line(thrown), stackTrace(thrown));
    }
  }

  /** The training was asked to stop. */
  private static final class Cancelled extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Finds what is kept by now: others may have trained on since the driver looked. */
  private Optional<TrainingState> beginning() {
    reached = task.beginning().epoch();
    String last = task.beginning().last();
    for (int looked = -1; looked < reached; ) {
      looked = reached;
      for (SegmentName name : task.keptAfter(reached, keeper)) {
        pieces.add(name.file());
        reached = name.end() ? task.epochs() : name.last();
        last = name.file();
      }
      if (reached == 0 || reached == task.epochs()) {
        return Optional.empty();
      }
      Optional<TrainingState> state = keeper.state(last);
      if (state.isPresent()) {
        checkpoint = reached;
        return state;
      }
      // A checkpoint goes once a later segment is there: look again.
    }
    reached = 0;
    pieces.clear();
    return Optional.empty();
  }

  @SuppressWarnings("try") // the place is held
  private void trainWhereItFits(Optional<TrainingState> from)
      throws Cancelled, InterruptedException {
    Optional<Admission.Place> place = Admission.shared().enter(task, context::isInterrupted);
    if (place.isEmpty()) {
      throw new Cancelled();
    }
    try (Admission.Place held = place.get()) {
      started = Instant.now();
      kept = started;
      anew = from.isEmpty();
      train(from);
    }
  }

  private void train(Optional<TrainingState> from) throws Cancelled {
    Live.tell(new Live.Epoch(task.trial(), reached, task.epochs()));
    shared.offer();
    data = training.load(task.spec(), task.splitSeed());
    from.ifPresent(state -> candidate.ifPresent(model -> model.resume(state)));
    requirePlannedContent();
    TrainingResult result = training.train(task.spec(), data, this, from);
    if (result.outcome() == Outcome.CANCELLED) {
      throw new Cancelled();
    }
    if (result.outcome() == Outcome.COMPLETED) {
      // Before its last segment: a trial that is finished has its model.
      candidate.ifPresent(model -> model.completed(data));
    }
    boolean all = reached + pending.size() == task.epochs() && end.isPresent();
    keep(
        task.next(reached, !all),
        Status.valueOf(result.outcome().name()),
        result.message(),
        result.parameters(),
        result.weights(),
        end.filter(state -> task.checkpoint()));
  }

  /** A trial's name says what its data are: trained on others, it would be a wrong result. */
  private void requirePlannedContent() {
    SourceSpec source = task.spec().data().source();
    String found = DataCache.shared().fingerprint(source, ClusterStorage.INSTANCE);
    if (!found.equals(task.content())) {
      throw new DataException(
          "Cannot train on %s: its files have changed since the sweep was planned"
              .formatted(source.name()));
    }
  }

  @Override
  public void learnt(EpochResult epoch, Network network) {
    candidate.ifPresent(model -> model.learnt(epoch, network));
  }

  @Override
  public void epochEnded(EpochResult epoch) {
    pending.add(epoch);
    epochs++;
    Tally.HERE.epoch(data.train().length);
    Live.tell(new Live.Epoch(task.trial(), epoch.epoch(), task.epochs()));
  }

  @Override
  public void resumable(int epoch, Supplier<TrainingState> state) {
    SegmentName name = task.next(reached, false);
    if (epoch == name.last()) {
      TrainingState become = state.get();
      candidate.ifPresent(model -> model.save(become));
      if (epoch == task.epochs()) {
        end = Optional.of(become); // kept with what the training ends with
      } else {
        keep(
            name, Status.COMPLETED, "", become.parameters(), become.weights(), Optional.of(become));
      }
    }
  }

  @Override
  public boolean cancelled() {
    return context.isInterrupted();
  }

  /** Keeps the pending epochs: the checkpoint, then the segment that names it. */
  private void keep(
      SegmentName name,
      Status outcome,
      String message,
      long parameters,
      String weights,
      Optional<TrainingState> state) {
    boolean cheap = anew && Instant.now().isBefore(started.plus(CHEAP));
    Force force = cheap ? Force.NOT : Force.TO_DISK;
    String named = state.map(become -> keeper.keep(task.lineage(), become, force)).orElse("");
    Segment segment =
        new Segment(
            task.lineage(),
            name.first(),
            name.last(),
            task.config(),
            attempt(outcome, message, pending.size(), 0),
            training.kernels(),
            parameters,
            weights,
            named,
            data.classes(),
            pending);
    pieces.add(segment.fileName());
    if (keeper.keep(segment)) {
      copies.accept(keeper.models().isPresent() ? segment.forTables(task.choice()) : segment);
    }
    if (checkpoint > 0) {
      keeper.drop(task.lineage(), checkpoint);
    }
    checkpoint = state.map(TrainingState::epoch).orElse(0);
    reached = name.last();
    pending.clear();
    kept = Instant.now();
  }

  private TrialEnd failed(Status outcome, String cause, String stackTrace) {
    double lost = Duration.between(kept, Instant.now()).toMillis() / 1000.0;
    return new TrialEnd.Failed(keeper.keep(attempt(outcome, cause, epochs, lost)), stackTrace);
  }

  private Attempt attempt(Status outcome, String cause, int finished, double lost) {
    return new Attempt(
        task.trial(),
        task.attempt() + context.attemptNumber(),
        host(),
        SparkEnv.get().executorId(),
        started,
        Instant.now(),
        outcome,
        cause,
        finished,
        lost);
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
}
