package org.trawl.driver.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.trawl.core.training.Confusion;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.Evaluation;
import org.trawl.core.training.RocCurve;

/**
 * Consecutive epochs of a trial as the journal keeps them: a Parquet file, one row an epoch, and
 * what holds for all of them in the file's metadata. Its name is a function of the specification.
 *
 * @param lineage hash of the trial's configuration without epochs
 * @param first epoch that the specification gives to the segment, from 1
 * @param last likewise; a training that diverged holds fewer epochs than that
 * @param config the whole trial as JSON
 * @param attempt that trained it: COMPLETED or DIVERGED
 * @param kernels version of the core's bulk operations
 * @param parameters weights and biases of the network
 * @param weights hash of their values at the end of the segment; empty where it is not known
 * @param checkpoint SHA-256 of the checkpoint that the segment ends with; empty for none
 * @param classes names of the classes in the order of their numbers
 * @param epochs finished ones, in order
 */
public record Segment(
    String lineage,
    int first,
    int last,
    String config,
    Attempt attempt,
    String kernels,
    long parameters,
    String weights,
    String checkpoint,
    List<String> classes,
    List<EpochResult> epochs) {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Column[] EVALUATION = {
    Column.real("loss", "mean data loss of the part's samples"),
    Column.real("accuracy", "share of the part's samples right"),
    Column.struct(
        "pairs",
        "of actual and predicted classes that occur, ordered by them",
        Column.whole("classes", "number of classes"),
        Column.list("actual", ColumnType.Scalar.INTEGER, "number of the class, from 0"),
        Column.list("predicted", ColumnType.Scalar.INTEGER, "number of the class, from 0"),
        Column.list("counts", ColumnType.Scalar.INTEGER, "samples, at least 1")),
    Column.list(
        "confusion",
        ColumnType.Scalar.INTEGER,
        "of a file without pairs, counts of all of them, row-major [actual][predicted]"),
    Column.real("top_k_accuracy", "share of samples whose class is among the k best"),
    Column.real("calibration_error", "expected calibration error"),
    Column.list("roc_auc", ColumnType.Scalar.DOUBLE, "of each class against the rest"),
    Column.list(
        "roc_curves",
        new ColumnType.Struct(
            List.of(
                Column.list("thresholds", ColumnType.Scalar.DOUBLE, "falling; the first NULL"),
                Column.list("false_positives", ColumnType.Scalar.INTEGER, "counts"),
                Column.list("true_positives", ColumnType.Scalar.INTEGER, "counts"))),
        "of each class; of epochs that are best by a metric only")
  };

  static final List<Column> COLUMNS =
      List.of(
          Column.whole("epoch", "from 1"),
          Column.real("learning_rate", "in force in the epoch"),
          Column.real("train_loss", "mean data loss over the epoch's samples as trained on"),
          Column.real("train_penalty", "mean over the epoch's samples of their batch's penalty"),
          Column.real("train_accuracy", "share of the epoch's samples right as trained on"),
          Column.struct("train", "after the epoch; none unless asked for", EVALUATION),
          Column.struct("validation", "after the epoch", EVALUATION),
          Column.struct("test", "after the epoch", EVALUATION),
          Column.list(
              "layers",
              new ColumnType.Struct(LayerMetrics.COLUMNS),
              "of the network, in order; none where they were not watched"),
          Column.real("seconds", "of the training loop, without evaluation"),
          Column.real("samples_per_second", "training samples over seconds"));

  public Segment {
    classes = List.copyOf(classes);
    epochs = List.copyOf(epochs);
    if (!attempt.outcome().finished()) {
      throw new IllegalArgumentException("Cannot keep a segment of outcome: " + attempt.outcome());
    }
  }

  /** The segment's name in the journal. */
  public SegmentName name() {
    boolean end = attempt.outcome() != Status.COMPLETED || epochs.size() < last - first + 1;
    return new SegmentName(lineage, first, last, end);
  }

  /** The segment's file in the journal. */
  public String fileName() {
    return name().file();
  }

  /**
   * A trial as one segment.
   *
   * @param trial hash of the trial
   * @param config the trial as JSON
   * @param asked epochs of the trial; what the segments hold beyond them is left out
   * @param segments of a chain, in order, at least one
   */
  static Segment joined(String trial, String config, int asked, List<Segment> segments) {
    Segment end = segments.get(segments.size() - 1);
    List<EpochResult> all = segments.stream().flatMap(part -> part.epochs.stream()).toList();
    boolean whole = all.size() <= asked;
    List<EpochResult> epochs = whole ? all : all.subList(0, asked);
    boolean reached = epochs.size() == asked; // before it diverged, if it does later
    Attempt attempt =
        new Attempt(
            trial,
            end.attempt.number(),
            end.attempt.host(),
            end.attempt.executor(),
            end.attempt.started(),
            end.attempt.ended(),
            reached ? Status.COMPLETED : end.attempt.outcome(),
            reached && (!whole || end.attempt.outcome() != Status.COMPLETED)
                ? ""
                : end.attempt.cause(),
            epochs.size(),
            0);
    return new Segment(
        end.lineage,
        1,
        asked,
        config,
        attempt,
        end.kernels,
        end.parameters,
        whole ? end.weights : "",
        end.checkpoint,
        end.classes,
        epochs);
  }

  /** The bytes of its file. */
  public byte[] encode() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("trawl.schema.version", String.valueOf(Table.SCHEMA_VERSION));
    metadata.put("trawl.trial", attempt.trial());
    metadata.put("trawl.lineage", lineage);
    metadata.put("trawl.first", String.valueOf(first));
    metadata.put("trawl.last", String.valueOf(last));
    metadata.put("trawl.config", config);
    metadata.put("trawl.attempt", String.valueOf(attempt.number()));
    metadata.put("trawl.host", attempt.host());
    metadata.put("trawl.executor", attempt.executor());
    metadata.put("trawl.started", attempt.started().toString());
    metadata.put("trawl.ended", attempt.ended().toString());
    metadata.put("trawl.outcome", attempt.outcome().name());
    metadata.put("trawl.message", attempt.cause());
    metadata.put("trawl.kernels", kernels);
    metadata.put("trawl.parameters", String.valueOf(parameters));
    metadata.put("trawl.weights", weights);
    metadata.put("trawl.checkpoint", checkpoint);
    metadata.put("trawl.classes", json(classes));
    // Curves are large: those of other epochs no table can ask for.
    Set<Integer> best = EpochMetrics.bestByAny(epochs);
    return ParquetFile.encode(
        COLUMNS,
        metadata,
        epochs.stream().map(epoch -> row(epoch, best.contains(epoch.epoch()))).iterator());
  }

  /**
   * Reads the bytes of a segment's file.
   *
   * @throws IOException if they are not that
   */
  public static Segment decode(byte[] bytes) throws IOException {
    ParquetFile file = ParquetFile.decode(bytes, COLUMNS);
    Map<String, String> metadata = file.metadata();
    List<EpochResult> epochs = file.rows().stream().map(Segment::epoch).toList();
    Attempt attempt =
        new Attempt(
            metadata.get("trawl.trial"),
            Integer.parseInt(metadata.get("trawl.attempt")),
            metadata.get("trawl.host"),
            metadata.get("trawl.executor"),
            Instant.parse(metadata.get("trawl.started")),
            Instant.parse(metadata.get("trawl.ended")),
            Status.valueOf(metadata.get("trawl.outcome")),
            metadata.get("trawl.message"),
            epochs.size(),
            0);
    return new Segment(
        metadata.get("trawl.lineage"),
        Integer.parseInt(metadata.get("trawl.first")),
        Integer.parseInt(metadata.get("trawl.last")),
        metadata.get("trawl.config"),
        attempt,
        metadata.get("trawl.kernels"),
        Long.parseLong(metadata.get("trawl.parameters")),
        metadata.getOrDefault("trawl.weights", ""),
        metadata.getOrDefault("trawl.checkpoint", ""),
        JSON.readValue(metadata.get("trawl.classes"), new TypeReference<List<String>>() {}),
        epochs);
  }

  /** The same without confusion counts but for those of its best epoch: what tables need. */
  public Segment forTables(EpochChoice choice) {
    return withConfusionOnlyOf(EpochMetrics.best(epochs, choice).map(EpochResult::epoch).orElse(0));
  }

  /** The same without confusion counts but for one epoch's, 0 for none. */
  private Segment withConfusionOnlyOf(int kept) {
    List<EpochResult> slim = new ArrayList<>();
    for (EpochResult epoch : epochs) {
      slim.add(epoch.epoch() == kept ? epoch : withoutConfusion(epoch));
    }
    return new Segment(
        lineage,
        first,
        last,
        config,
        attempt,
        kernels,
        parameters,
        weights,
        checkpoint,
        classes,
        slim);
  }

  private static EpochResult withoutConfusion(EpochResult epoch) {
    return new EpochResult(
        epoch.epoch(),
        epoch.learningRate(),
        epoch.trainLoss(),
        epoch.trainPenalty(),
        epoch.trainAccuracy(),
        epoch.train().map(Segment::withoutConfusion),
        epoch.validation().map(Segment::withoutConfusion),
        epoch.test().map(Segment::withoutConfusion),
        epoch.layers(),
        epoch.seconds(),
        epoch.samplesPerSecond());
  }

  private static Evaluation withoutConfusion(Evaluation evaluation) {
    return new Evaluation(evaluation.loss(), evaluation.accuracy(), Confusion.NONE);
  }

  static Map<String, Object> row(EpochResult epoch, boolean curves) {
    Map<String, Object> row = new HashMap<>();
    row.put("epoch", epoch.epoch());
    row.put("learning_rate", epoch.learningRate());
    row.put("train_loss", epoch.trainLoss());
    row.put("train_penalty", epoch.trainPenalty());
    row.put("train_accuracy", epoch.trainAccuracy());
    row.put("train", epoch.train().map(part -> fields(part, curves)).orElse(null));
    row.put("validation", epoch.validation().map(part -> fields(part, curves)).orElse(null));
    row.put("test", epoch.test().map(part -> fields(part, curves)).orElse(null));
    row.put("layers", epoch.layers().stream().map(LayerMetrics::row).toList());
    row.put("seconds", epoch.seconds());
    row.put("samples_per_second", epoch.samplesPerSecond());
    return row;
  }

  private static Map<String, Object> fields(Evaluation evaluation, boolean curves) {
    return Map.of(
        "loss", evaluation.loss(),
        "accuracy", evaluation.accuracy(),
        "pairs", fields(evaluation.pairs()),
        "top_k_accuracy", evaluation.topKAccuracy(),
        "calibration_error", evaluation.calibrationError(),
        "roc_auc", DoubleStream.of(evaluation.rocAuc()).boxed().toList(),
        "roc_curves",
            curves ? evaluation.rocCurves().stream().map(Segment::fields).toList() : List.of());
  }

  private static Map<String, Object> fields(Confusion pairs) {
    return Map.of(
        "classes", pairs.classes(),
        "actual", IntStream.of(pairs.actual()).boxed().toList(),
        "predicted", IntStream.of(pairs.predicted()).boxed().toList(),
        "counts", IntStream.of(pairs.counts()).boxed().toList());
  }

  private static Map<String, Object> fields(RocCurve curve) {
    return Map.of(
        "thresholds", DoubleStream.of(curve.thresholds()).boxed().toList(),
        "false_positives", IntStream.of(curve.falsePositives()).boxed().toList(),
        "true_positives", IntStream.of(curve.truePositives()).boxed().toList());
  }

  static EpochResult epoch(Map<String, Object> row) {
    return new EpochResult(
        (Integer) row.get("epoch"),
        real(row, "learning_rate"),
        real(row, "train_loss"),
        real(row, "train_penalty"),
        real(row, "train_accuracy"),
        Optional.ofNullable(row.get("train")).map(Segment::evaluation),
        Optional.ofNullable(row.get("validation")).map(Segment::evaluation),
        Optional.ofNullable(row.get("test")).map(Segment::evaluation),
        LayerMetrics.layers(row.get("layers")),
        real(row, "seconds"),
        real(row, "samples_per_second"));
  }

  private static Evaluation evaluation(Object struct) {
    Map<?, ?> fields = (Map<?, ?>) struct;
    return new Evaluation(
        real(fields, "loss"),
        real(fields, "accuracy"),
        confusion(fields),
        real(fields, "top_k_accuracy"),
        real(fields, "calibration_error"),
        reals(fields.get("roc_auc")),
        list(fields.get("roc_curves")).stream().map(Segment::curve).toList());
  }

  private static Confusion confusion(Map<?, ?> fields) {
    return fields.get("pairs") instanceof Map<?, ?> pairs
        ? new Confusion(
            (Integer) pairs.get("classes"),
            counts(pairs.get("actual")),
            counts(pairs.get("predicted")),
            counts(pairs.get("counts")))
        : Confusion.of(counts(fields.get("confusion")));
  }

  private static RocCurve curve(Object struct) {
    Map<?, ?> fields = (Map<?, ?>) struct;
    return new RocCurve(
        reals(fields.get("thresholds")),
        counts(fields.get("false_positives")),
        counts(fields.get("true_positives")));
  }

  /** A list; an empty one of what an older file lacks. */
  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static int[] counts(Object list) {
    return list(list).stream().mapToInt(count -> (Integer) count).toArray();
  }

  private static double[] reals(Object list) {
    return list(list).stream()
        .mapToDouble(value -> value instanceof Double real ? real : Double.NaN)
        .toArray();
  }

  /** A real number; NaN where it was not finite, and so stored as NULL. */
  private static double real(Map<?, ?> row, String name) {
    return row.get(name) instanceof Double value ? value : Double.NaN;
  }

  private static String json(List<String> words) {
    try {
      return JSON.writeValueAsString(words);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
