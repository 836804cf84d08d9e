package org.trawl.driver.results;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.trawl.core.training.EpochResult;
import org.trawl.driver.plan.Peers;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;

/**
 * The tables of a run: what its journal holds of the trials that the current file plans. Used by
 * one thread.
 */
public final class RunTables {
  private static final Logger LOG = LogManager.getLogger(RunTables.class);

  private final Plan plan;
  private final RunFolder folder;

  /** The finished trials. */
  private final Map<String, Segment> segments = new ConcurrentHashMap<>();

  /** What is kept of the others, where something is. */
  private final Map<String, Segment> beginnings = new ConcurrentHashMap<>();

  /** Attempts that segments tell of. */
  private final Map<String, List<Attempt>> trained = new ConcurrentHashMap<>();

  private final Map<String, List<Attempt>> attempts = new HashMap<>();
  private Set<String> running = Set.of();
  private int packed;

  /** Reads what the journal holds of a plan's trials. */
  public RunTables(Plan plan, RunFolder folder) {
    this.plan = plan;
    this.folder = folder;
    refresh();
  }

  /** Reads what others have added to the journal. */
  public void refresh() {
    Journal journal = folder.journal();
    Journal.Listing listing = journal.listing();
    if (segments.isEmpty()) {
      unpack(listing);
    }
    plan.trials().parallelStream()
        .filter(trial -> !segments.containsKey(trial.trial()))
        .forEach(trial -> refresh(trial, listing.chain(trial), journal));
    Set<String> planned = new HashSet<>();
    plan.trials().forEach(trial -> planned.add(trial.trial()));
    attempts.clear();
    journal.attempts(planned).forEach(this::ended);
  }

  private void unpack(Journal.Listing listing) {
    Map<String, Pack.Trial> pack = folder.pack(plan.sweep().objective());
    for (PlannedTrial trial : plan.trials()) {
      Pack.Trial packedTrial = pack.get(trial.trial());
      if (packedTrial != null && listing.finished(trial)) {
        segments.put(trial.trial(), packedTrial.whole());
        trained.put(trial.trial(), packedTrial.attempts());
        packed++;
      }
    }
  }

  /**
   * Packs the finished trials, so that the next run reads them fast, if many are not packed yet. A
   * pack that the storage refuses costs time alone: what is packed can be read elsewhere. It is not
   * tried again before there are as many more.
   *
   * @param many at least so many, and a quarter of those that are
   */
  public void pack(int many) {
    if (segments.size() - packed >= Math.max(many, packed / 4)) {
      packed = segments.size();
      try {
        folder.replacePack(
            plan.sweep().objective(),
            plan.trials().stream()
                .filter(trial -> segments.containsKey(trial.trial()))
                .map(
                    trial ->
                        new Pack.Trial(segments.get(trial.trial()), trained.get(trial.trial()))));
      } catch (InfrastructureException refused) {
        LOG.warn("Cannot pack finished trials for fast reading: {}", refused.getMessage());
      }
    }
  }

  private void refresh(PlannedTrial trial, Chain chain, Journal journal) {
    List<Segment> kept = journal.segments(chain);
    if (!kept.isEmpty() && chain.complete()) {
      finished(trial, kept);
    } else if (!kept.isEmpty()) {
      beginnings.put(trial.trial(), Journal.joined(trial, kept).forTables(choice(trial)));
      trained.put(trial.trial(), attempts(trial, kept));
    }
  }

  /**
   * A trial is finished.
   *
   * @param kept its segments, in order
   */
  public void finished(PlannedTrial trial, List<Segment> kept) {
    beginnings.remove(trial.trial());
    segments.put(trial.trial(), Journal.joined(trial, kept).forTables(choice(trial)));
    trained.put(trial.trial(), attempts(trial, kept));
  }

  /**
   * The attempts that trained some segments, by their numbers. One that kept segments but not the
   * trial's end was ended from outside, as by a kill; unless it is recorded or runs now.
   */
  private static List<Attempt> attempts(PlannedTrial trial, List<Segment> kept) {
    Map<Integer, Attempt> attempts = new TreeMap<>();
    for (Segment segment : kept) {
      Attempt attempt = segment.attempt();
      if (attempt.trial().equals(trial.trial())) {
        Attempt before = attempts.get(attempt.number());
        int epochs = segment.epochs().size() + (before == null ? 0 : before.epochs());
        attempts.put(attempt.number(), attempt.with(attempt.outcome(), attempt.cause(), epochs));
      }
    }
    Segment end = kept.get(kept.size() - 1);
    boolean over = end.name().end() || end.last() >= trial.spec().training().epochs();
    attempts.replaceAll(
        (number, attempt) ->
            over && number == end.attempt().number()
                ? attempt
                : attempt.with(Status.LOST, "ended from outside", attempt.epochs()));
    return List.copyOf(attempts.values());
  }

  /** A finished trial as one segment, with the confusion counts of its best epoch alone. */
  public Segment segment(PlannedTrial trial) {
    return segments.get(trial.trial());
  }

  /** The number that a trial's next attempt has. */
  public int nextAttempt(PlannedTrial trial) {
    return 1
        + Stream.of(attempts, trained)
            .flatMap(known -> known.getOrDefault(trial.trial(), List.of()).stream())
            .mapToInt(Attempt::number)
            .max()
            .orElse(0);
  }

  /** An attempt ended without a segment, and is recorded. */
  public void ended(Attempt attempt) {
    attempts.computeIfAbsent(attempt.trial(), trial -> new ArrayList<>()).add(attempt);
  }

  /** The hashes of the trials that are on executors now. */
  public void running(Collection<String> trials) {
    running = Set.copyOf(trials);
  }

  /** Where a trial stands. */
  public Status status(PlannedTrial trial) {
    Segment segment = segments.get(trial.trial());
    if (segment != null) {
      return segment.attempt().outcome();
    } else if (running.contains(trial.trial())) {
      return Status.RUNNING;
    }
    return lastFailure(trial).map(Attempt::outcome).orElse(Status.PENDING);
  }

  /** How many trials stand where; those that occur. */
  public Map<Status, Integer> counts() {
    Map<Status, Integer> counts = new EnumMap<>(Status.class);
    plan.trials().forEach(trial -> counts.merge(status(trial), 1, Integer::sum));
    return counts;
  }

  /**
   * The objective's best value over the completed trials, at their best epochs; empty where trials
   * are not all peers.
   */
  public Optional<Double> best() {
    return plan.allPeers()
        ? ranked().values().stream()
            .map(peers -> peers.get(0).rank().value())
            .filter(Double::isFinite)
            .findFirst()
        : Optional.empty();
  }

  /** The objective of a completed trial at its best epoch; empty where it has none. */
  public Optional<Double> objective(PlannedTrial trial) {
    return candidate(trial).map(candidate -> candidate.rank().value()).filter(Double::isFinite);
  }

  /** A completed trial, its best epoch and how good it is there. */
  private record Candidate(PlannedTrial trial, int epoch, Rank rank) {}

  private Optional<Candidate> candidate(PlannedTrial trial) {
    return ofSegment(trial)
        .filter(segment -> segment.attempt().outcome() == Status.COMPLETED)
        .findFirst()
        .flatMap(
            segment ->
                bestEpoch(trial, segment)
                    .map(
                        epoch ->
                            new Candidate(
                                trial,
                                epoch.epoch(),
                                Rank.of(
                                    trial.peers().objective().metric(),
                                    metric -> EpochMetrics.value(epoch, metric),
                                    segment.parameters()))));
  }

  /** The completed trials, the best first among those that are compared with each other. */
  private Map<Peers, List<Candidate>> ranked() {
    Map<Peers, List<Candidate>> ranked = new LinkedHashMap<>();
    plan.trials().stream()
        .flatMap(trial -> candidate(trial).stream())
        .forEach(
            candidate ->
                ranked
                    .computeIfAbsent(candidate.trial().peers(), peers -> new ArrayList<>())
                    .add(candidate));
    ranked.forEach(
        (peers, candidates) ->
            candidates.sort(
                Comparator.comparing(Candidate::rank, Rank.bestFirst(peers.objective()))));
    return ranked;
  }

  /**
   * The completed trials whose models are to be kept, and the best epoch of each.
   *
   * @param count of the best ones of each data set
   */
  public Map<PlannedTrial, Models.Id> models(int count) {
    Map<PlannedTrial, Models.Id> models = new LinkedHashMap<>();
    ranked()
        .values()
        .forEach(
            peers ->
                peers.stream()
                    .limit(count)
                    .forEach(
                        each ->
                            models.put(
                                each.trial(), new Models.Id(each.trial().trial(), each.epoch()))));
    return models;
  }

  /** The objective's values of the best completed trials, the best first. */
  public Map<Peers, List<Double>> bestValues(int count) {
    Map<Peers, List<Double>> values = new LinkedHashMap<>();
    ranked()
        .forEach(
            (peers, candidates) ->
                values.put(
                    peers,
                    candidates.stream()
                        .map(candidate -> candidate.rank().value())
                        .filter(Double::isFinite)
                        .limit(count)
                        .toList()));
    return values;
  }

  /** The hashes of the trials that are finished. */
  public Set<String> finished() {
    return Set.copyOf(segments.keySet());
  }

  /** Replaces the tables in the run's folder; trials last, whose status speaks of the others. */
  public void write() {
    folder.replace(Table.EPOCHS, rows(TrialRows::epochs));
    folder.replace(Table.LAYERS, rows(TrialRows::layers));
    folder.replace(Table.PARTS, rows(TrialRows::parts));
    folder.replace(Table.CLASSES, rows(TrialRows::classes));
    folder.replace(Table.CONFUSION, rows(TrialRows::confusion));
    folder.replace(Table.ROC, rows(TrialRows::roc));
    folder.replace(Table.ATTEMPTS, rows(TrialRows::attempts));
    folder.createEmpty(Table.ENSEMBLES); // trawl ensemble fills it
    folder.replace(Table.TRIALS, plan.trials().stream().map(this::rows).map(TrialRows::row));
  }

  private Stream<Map<String, Object>> rows(
      Function<TrialRows, Stream<Map<String, Object>>> ofTrial) {
    return plan.trials().stream().map(this::rows).flatMap(ofTrial);
  }

  private TrialRows rows(PlannedTrial trial) {
    Optional<Segment> finished = Optional.ofNullable(segments.get(trial.trial()));
    return new TrialRows(
        plan.sweep().name(),
        trial,
        status(trial),
        finished,
        Optional.ofNullable(beginnings.get(trial.trial())),
        finished.map(Segment::attempt).or(() -> lastFailure(trial)),
        ended(trial));
  }

  /** The attempts at a trial that have ended, by their numbers. */
  private Collection<Attempt> ended(PlannedTrial trial) {
    Map<Integer, Attempt> numbered = new TreeMap<>();
    trained.getOrDefault(trial.trial(), List.of()).forEach(one -> numbered.put(one.number(), one));
    if (status(trial) == Status.RUNNING) {
      numbered.keySet().removeIf(number -> number == nextAttempt(trial) - 1);
    }
    attempts
        .getOrDefault(trial.trial(), List.of())
        .forEach(recorded -> numbered.put(recorded.number(), recorded));
    return numbered.values();
  }

  private Stream<Segment> ofSegment(PlannedTrial trial) {
    return Stream.ofNullable(segments.get(trial.trial()));
  }

  /** The epoch that a trial is judged by, of those in a segment. */
  static Optional<EpochResult> bestEpoch(PlannedTrial trial, Segment segment) {
    return EpochMetrics.best(segment.epochs(), choice(trial));
  }

  private static EpochChoice choice(PlannedTrial trial) {
    return EpochChoice.of(trial.peers().objective(), trial.spec().training().earlyStopping());
  }

  private Optional<Attempt> lastFailure(PlannedTrial trial) {
    return attempts.getOrDefault(trial.trial(), List.of()).stream()
        .max(Comparator.comparingInt(Attempt::number));
  }
}
