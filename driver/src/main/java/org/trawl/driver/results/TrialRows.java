package org.trawl.driver.results;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.trawl.core.training.ClassMetrics;
import org.trawl.core.training.Confusion;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.Evaluation;
import org.trawl.core.training.RocCurve;
import org.trawl.driver.plan.PlannedTrial;

/**
 * The rows that the tables of a run have of one trial.
 *
 * @param sweep name of the sweep
 * @param finished all that is kept of it, where it is finished
 * @param beginning what is kept of it, where it is not
 * @param last its attempt that ended last, or the one that finished it
 * @param ended its attempts by their numbers
 */
record TrialRows(
    String sweep,
    PlannedTrial trial,
    Status status,
    Optional<Segment> finished,
    Optional<Segment> beginning,
    Optional<Attempt> last,
    Collection<Attempt> ended) {
  /** That of the table of trials. */
  Map<String, Object> row() {
    Map<String, Object> row = trial.row();
    row.put("sweep", sweep);
    row.put("trial", trial.trial());
    row.put("point", trial.point());
    row.put("lineage", trial.lineage());
    row.put("repeat", trial.repeat());
    row.put("fold", trial.fold());
    row.put("variant", emptyToNull(trial.variant()));
    row.put("status", status.name());
    row.put("config", trial.config());
    row.put("seed", trial.seed());
    last.filter(attempt -> status != Status.RUNNING)
        .ifPresent(
            attempt -> {
              row.put("epochs_run", attempt.epochs());
              row.put("started", attempt.started());
              row.put("ended", attempt.ended());
              row.put("host", attempt.host());
              row.put("attempt", attempt.number());
              row.put("message", emptyToNull(attempt.cause()));
            });
    beginning.ifPresent(segment -> row.put("epochs_run", segment.epochs().size()));
    finished.ifPresent(segment -> putEnd(segment, row));
    return row;
  }

  private void putEnd(Segment segment, Map<String, Object> row) {
    row.put("parameters", segment.parameters());
    row.put("kernels", segment.kernels());
    double seconds = segment.epochs().stream().mapToDouble(EpochResult::seconds).sum();
    double samples =
        segment.epochs().stream()
            .mapToDouble(epoch -> epoch.seconds() * epoch.samplesPerSecond())
            .sum();
    row.put("seconds", seconds);
    row.put("samples_per_second", samples / seconds);
    best(segment).ifPresent(epoch -> putBest(epoch, row));
  }

  private void putBest(EpochResult epoch, Map<String, Object> row) {
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

  Stream<Map<String, Object>> epochs() {
    return Stream.concat(finished.stream(), beginning.stream())
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

  Stream<Map<String, Object>> layers() {
    return finished.stream()
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

  Stream<Map<String, Object>> parts() {
    return finished.stream()
        .flatMap(
            segment ->
                parts(segment).entrySet().stream()
                    .map(part -> part(part.getKey(), part.getValue())));
  }

  private Map<String, Object> part(String part, Evaluation evaluation) {
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

  Stream<Map<String, Object>> roc() {
    return finished.stream()
        .flatMap(
            segment ->
                parts(segment).entrySet().stream()
                    .flatMap(part -> roc(part.getKey(), part.getValue(), segment.classes())));
  }

  private Stream<Map<String, Object>> roc(String part, Evaluation evaluation, List<String> names) {
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

  Stream<Map<String, Object>> classes() {
    return finished.stream()
        .flatMap(
            segment ->
                parts(segment).entrySet().stream()
                    .flatMap(part -> classes(part.getKey(), part.getValue(), segment.classes())));
  }

  private Stream<Map<String, Object>> classes(
      String part, Evaluation evaluation, List<String> names) {
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

  Stream<Map<String, Object>> confusion() {
    return finished.stream()
        .flatMap(
            segment ->
                parts(segment).entrySet().stream()
                    .flatMap(part -> confusion(part.getKey(), part.getValue(), segment.classes())));
  }

  private Stream<Map<String, Object>> confusion(
      String part, Evaluation evaluation, List<String> names) {
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

  /** The evaluations of a segment's best epoch by the names of their parts. */
  private Map<String, Evaluation> parts(Segment segment) {
    Map<String, Evaluation> parts = new LinkedHashMap<>();
    best(segment)
        .ifPresent(
            epoch -> {
              epoch.train().ifPresent(part -> parts.put("train", part));
              epoch.validation().ifPresent(part -> parts.put("validation", part));
              epoch.test().ifPresent(part -> parts.put("test", part));
            });
    return parts;
  }

  Stream<Map<String, Object>> attempts() {
    return ended.stream().map(Attempt::row);
  }

  private Optional<EpochResult> best(Segment segment) {
    return RunTables.bestEpoch(trial, segment);
  }

  private static String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
