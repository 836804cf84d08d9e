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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.trawl.core.training.ClassMetrics;
import org.trawl.core.training.Confusion;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.Evaluation;
import org.trawl.core.training.RocCurve;
import org.trawl.driver.plan.Peers;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;

/**
 * The tables of a run: what its journal holds of the trials that the current file plans. Used by
 * one thread.
 */
public final class RunTables {
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
   * pack that the storage refuses is not tried again before there are as many more.
   *
   * @param many at least so many, and a quarter of those that are
   */
  public void pack(int many) {
    if (segments.size() - packed >= Math.max(many, packed / 4)) {
      packed = segments.size();
      folder.replacePack(
          plan.sweep().objective(),
          plan.trials().stream()
              .filter(trial -> segments.containsKey(trial.trial()))
              .map(
                  trial ->
                      new Pack.Trial(segments.get(trial.trial()), trained.get(trial.trial()))));
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
    folder.replace(Table.EPOCHS, rows(this::epochs));
    folder.replace(Table.LAYERS, rows(this::layers));
    folder.replace(Table.PARTS, rows(this::parts));
    folder.replace(Table.CLASSES, rows(this::classes));
    folder.replace(Table.CONFUSION, rows(this::confusion));
    folder.replace(Table.ROC, rows(this::roc));
    folder.replace(Table.ATTEMPTS, rows(this::attempts));
    folder.createEmpty(Table.ENSEMBLES); // trawl ensemble fills it
    folder.replace(Table.TRIALS, plan.trials().stream().map(this::trial));
  }

  private interface RowsOfTrial {
    Stream<Map<String, Object>> of(PlannedTrial trial);
  }

  private Stream<Map<String, Object>> rows(RowsOfTrial rows) {
    return plan.trials().stream().flatMap(rows::of);
  }

  private Map<String, Object> trial(PlannedTrial trial) {
    Map<String, Object> row = trial.row();
    row.put("sweep", plan.sweep().name());
    row.put("trial", trial.trial());
    row.put("point", trial.point());
    row.put("lineage", trial.lineage());
    row.put("repeat", trial.repeat());
    row.put("fold", trial.fold());
    row.put("variant", emptyToNull(trial.variant()));
    row.put("status", status(trial).name());
    row.put("config", trial.config());
    row.put("seed", trial.seed());
    Segment segment = segments.get(trial.trial());
    Segment beginning = beginnings.get(trial.trial());
    Optional<Attempt> last = segment != null ? Optional.of(segment.attempt()) : lastFailure(trial);
    last.filter(attempt -> status(trial) != Status.RUNNING)
        .ifPresent(
            attempt -> {
              row.put("epochs_run", attempt.epochs());
              row.put("started", attempt.started());
              row.put("ended", attempt.ended());
              row.put("host", attempt.host());
              row.put("attempt", attempt.number());
              row.put("message", emptyToNull(attempt.cause()));
            });
    if (beginning != null) {
      row.put("epochs_run", beginning.epochs().size());
    }
    if (segment != null) {
      row.put("parameters", segment.parameters());
      row.put("kernels", segment.kernels());
      double seconds = segment.epochs().stream().mapToDouble(EpochResult::seconds).sum();
      double samples =
          segment.epochs().stream()
              .mapToDouble(epoch -> epoch.seconds() * epoch.samplesPerSecond())
              .sum();
      row.put("seconds", seconds);
      row.put("samples_per_second", samples / seconds);
      bestEpoch(trial, segment).ifPresent(epoch -> putBest(epoch, row));
    }
    return row;
  }

  private static void putBest(EpochResult epoch, Map<String, Object> row) {
    row.put("best_epoch", epoch.epoch());
    for (String metric :
        List.of(
            "train_loss",
            "train_penalty",
            "train_accuracy",
            "validation_loss",
            "validation_accuracy",
            "test_loss",
            "test_accuracy",
            "macro_f1",
            "test_macro_f1")) {
      row.put(metric, EpochMetrics.value(epoch, metric));
    }
    row.put("macro_f1_part", EpochMetrics.judgingPart(epoch));
  }

  private Stream<Map<String, Object>> epochs(PlannedTrial trial) {
    return Stream.concat(ofSegment(trial), Stream.ofNullable(beginnings.get(trial.trial())))
        .flatMap(segment -> segment.epochs().stream())
        .map(
            epoch -> {
              Map<String, Object> row = new HashMap<>();
              row.put("trial", trial.trial());
              row.put("epoch", epoch.epoch());
              for (Column column :
                  Table.EPOCHS.columns().subList(2, Table.EPOCHS.columns().size())) {
                row.put(column.name(), EpochMetrics.value(epoch, column.name()));
              }
              return row;
            });
  }

  private Stream<Map<String, Object>> layers(PlannedTrial trial) {
    return ofSegment(trial)
        .flatMap(segment -> segment.epochs().stream())
        .flatMap(
            epoch ->
                epoch.layers().stream()
                    .map(
                        layer -> {
                          Map<String, Object> row = LayerMetrics.row(layer);
                          row.put("trial", trial.trial());
                          row.put("epoch", epoch.epoch());
                          return row;
                        }));
  }

  private Stream<Map<String, Object>> parts(PlannedTrial trial) {
    return ofSegment(trial)
        .flatMap(
            segment ->
                parts(trial, segment).entrySet().stream()
                    .map(part -> part(trial, part.getKey(), part.getValue())));
  }

  private static Map<String, Object> part(PlannedTrial trial, String part, Evaluation evaluation) {
    ClassMetrics metrics = EpochMetrics.classes(evaluation);
    Map<String, Object> row = new HashMap<>();
    row.put("trial", trial.trial());
    row.put("part", part);
    row.put("samples", evaluation.pairs().samples());
    row.put("loss", evaluation.loss());
    row.put("accuracy", evaluation.accuracy());
    row.put("top_k_accuracy", evaluation.topKAccuracy());
    row.put("macro_precision", metrics.macroPrecision());
    row.put("macro_recall", metrics.macroRecall());
    row.put("macro_f1", metrics.macroF1());
    row.put("weighted_precision", metrics.weightedPrecision());
    row.put("weighted_recall", metrics.weightedRecall());
    row.put("weighted_f1", metrics.weightedF1());
    row.put("macro_roc_auc", metrics.macroRocAuc(evaluation.rocAuc()));
    row.put("weighted_roc_auc", metrics.weightedRocAuc(evaluation.rocAuc()));
    row.put("calibration_error", evaluation.calibrationError());
    return row;
  }

  private Stream<Map<String, Object>> roc(PlannedTrial trial) {
    return ofSegment(trial)
        .flatMap(
            segment ->
                parts(trial, segment).entrySet().stream()
                    .flatMap(
                        part -> roc(trial, part.getKey(), part.getValue(), segment.classes())));
  }

  private static Stream<Map<String, Object>> roc(
      PlannedTrial trial, String part, Evaluation evaluation, List<String> names) {
    return IntStream.range(0, evaluation.rocCurves().size())
        .boxed()
        .flatMap(
            type -> {
              RocCurve curve = evaluation.rocCurves().get(type);
              return IntStream.range(0, curve.thresholds().length)
                  .mapToObj(
                      point -> {
                        Map<String, Object> row = new HashMap<>();
                        row.put("trial", trial.trial());
                        row.put("part", part);
                        row.put("class", names.get(type));
                        row.put("point", point + 1);
                        row.put("threshold", curve.thresholds()[point]);
                        row.put("false_positive_rate", curve.falsePositiveRate(point));
                        row.put("true_positive_rate", curve.truePositiveRate(point));
                        return row;
                      });
            });
  }

  private Stream<Map<String, Object>> classes(PlannedTrial trial) {
    return ofSegment(trial)
        .flatMap(
            segment ->
                parts(trial, segment).entrySet().stream()
                    .flatMap(
                        part -> classes(trial, part.getKey(), part.getValue(), segment.classes())));
  }

  private static Stream<Map<String, Object>> classes(
      PlannedTrial trial, String part, Evaluation evaluation, List<String> names) {
    ClassMetrics metrics = EpochMetrics.classes(evaluation);
    return IntStream.range(0, names.size())
        .mapToObj(
            type -> {
              Map<String, Object> row = new HashMap<>();
              row.put("trial", trial.trial());
              row.put("part", part);
              row.put("class", names.get(type));
              row.put("precision", metrics.precision(type));
              row.put("recall", metrics.recall(type));
              row.put("f1", metrics.f1(type));
              row.put("support", metrics.support(type));
              row.put(
                  "roc_auc", evaluation.rocAuc().length == 0 ? null : evaluation.rocAuc()[type]);
              return row;
            });
  }

  private Stream<Map<String, Object>> confusion(PlannedTrial trial) {
    return ofSegment(trial)
        .flatMap(
            segment ->
                parts(trial, segment).entrySet().stream()
                    .flatMap(
                        part ->
                            confusion(trial, part.getKey(), part.getValue(), segment.classes())));
  }

  private static Stream<Map<String, Object>> confusion(
      PlannedTrial trial, String part, Evaluation evaluation, List<String> names) {
    Confusion confusion = evaluation.pairs();
    return IntStream.range(0, confusion.pairs())
        .mapToObj(
            pair -> {
              Map<String, Object> row = new HashMap<>();
              row.put("trial", trial.trial());
              row.put("part", part);
              row.put("actual", names.get(confusion.actual()[pair]));
              row.put("predicted", names.get(confusion.predicted()[pair]));
              row.put("count", confusion.counts()[pair]);
              return row;
            });
  }

  private Stream<Map<String, Object>> attempts(PlannedTrial trial) {
    Map<Integer, Attempt> numbered = new TreeMap<>();
    trained.getOrDefault(trial.trial(), List.of()).forEach(one -> numbered.put(one.number(), one));
    if (status(trial) == Status.RUNNING) {
      numbered.keySet().removeIf(number -> number == nextAttempt(trial) - 1);
    }
    attempts
        .getOrDefault(trial.trial(), List.of())
        .forEach(recorded -> numbered.put(recorded.number(), recorded));
    return numbered.values().stream().map(Attempt::row);
  }

  /** The evaluations of a segment's best epoch by the names of their parts. */
  private Map<String, Evaluation> parts(PlannedTrial trial, Segment segment) {
    Map<String, Evaluation> parts = new LinkedHashMap<>();
    bestEpoch(trial, segment)
        .ifPresent(
            epoch -> {
              epoch.train().ifPresent(part -> parts.put("train", part));
              epoch.validation().ifPresent(part -> parts.put("validation", part));
              epoch.test().ifPresent(part -> parts.put("test", part));
            });
    return parts;
  }

  private Stream<Segment> ofSegment(PlannedTrial trial) {
    return Stream.ofNullable(segments.get(trial.trial()));
  }

  private static Optional<EpochResult> bestEpoch(PlannedTrial trial, Segment segment) {
    return EpochMetrics.best(segment.epochs(), choice(trial));
  }

  private static EpochChoice choice(PlannedTrial trial) {
    return EpochChoice.of(trial.peers().objective(), trial.spec().training().earlyStopping());
  }

  private Optional<Attempt> lastFailure(PlannedTrial trial) {
    return attempts.getOrDefault(trial.trial(), List.of()).stream()
        .max(Comparator.comparingInt(Attempt::number));
  }

  private static String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
