package org.trawl.driver.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.trawl.driver.results.ColumnType.Scalar;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.KeyColumns;
import org.trawl.driver.sweep.Keys;

/**
 * A table of a run's results: the same columns in every sweep. Lies in the run's folder as flat
 * Parquet below {@code tables/<name>/}.
 *
 * @param name of the table and of its folder
 * @param sentence what a row is
 */
public record Table(String name, String sentence, List<Column> columns) {

  /** Rises when a column is renamed, or changes its type or meaning; stored with each table. */
  public static final int SCHEMA_VERSION = 2;

  public static final Table TRIALS =
      new Table("trials", "a trial that the sweep file plans, in the order of the plan", trials());

  public static final Table EPOCHS =
      new Table(
          "epochs",
          "a finished epoch of a trial",
          List.of(
              Column.text("trial", "hash of the trial"),
              Column.whole("epoch", "from 1"),
              Column.real("learning_rate", "in force in the epoch"),
              Column.real("train_loss", "mean data loss over the epoch's samples as trained on"),
              Column.real(
                  "train_penalty", "mean over the epoch's samples of their batch's penalty"),
              Column.real("train_accuracy", "share of the epoch's samples right as trained on"),
              Column.real(
                  "evaluated_train_loss",
                  "mean data loss of the training part after the epoch, dropout and noise off; NULL"
                      + " without training.evaluate-train"),
              Column.real("evaluated_train_accuracy", "share of the training part right then"),
              Column.real("validation_loss", "mean data loss of the validation part"),
              Column.real("validation_accuracy", "share of the validation part right"),
              Column.real("test_loss", "mean data loss of the test part"),
              Column.real("test_accuracy", "share of the test part right"),
              Column.real("seconds", "of the training loop, without evaluation"),
              Column.real("samples_per_second", "training samples over seconds")));

  public static final Table LAYERS =
      new Table(
          "layers",
          "a layer of a trial's network in an epoch",
          Stream.concat(
                  Stream.of(
                      Column.text("trial", "hash of the trial"), Column.whole("epoch", "from 1")),
                  LayerMetrics.COLUMNS.stream())
              .toList());

  public static final Table PARTS =
      new Table(
          "parts",
          "a part of the data, at the trial's best epoch",
          List.of(
              Column.text("trial", "hash of the trial"),
              Column.text("part", "validation or test; train with training.evaluate-train"),
              Column.whole("samples", "of the part"),
              Column.real("loss", "mean data loss"),
              Column.real("accuracy", "share of samples right"),
              Column.real(
                  "top_k_accuracy", "share of samples whose class is among the k = top_k best"),
              Column.real("macro_precision", "mean precision of the classes that occur"),
              Column.real("macro_recall", "mean recall of the classes that occur"),
              Column.real("macro_f1", "mean F1 of the classes that occur"),
              Column.real("weighted_precision", "mean precision of the samples' classes"),
              Column.real("weighted_recall", "mean recall of the samples' classes"),
              Column.real("weighted_f1", "mean F1 of the samples' classes"),
              Column.real(
                  "macro_roc_auc",
                  "area under the ROC curve: of the second of two classes, else the mean of each"
                      + " class against the rest; NULL where the part lacks a class"),
              Column.real("weighted_roc_auc", "the same, weighted by the samples of each class"),
              Column.real(
                  "calibration_error",
                  "expected calibration error, 15 bins of the largest output; NULL where outputs"
                      + " are not in [0, 1]")));

  public static final Table CLASSES =
      new Table(
          "classes",
          "a class of a part of the data, at the trial's best epoch",
          List.of(
              Column.text("trial", "hash of the trial"),
              Column.text("part", "validation or test; train with training.evaluate-train"),
              Column.text("class", "the class"),
              Column.real("precision", "share right of the samples predicted as it; 0 for none"),
              Column.real("recall", "share right of the samples of it; 0 for none"),
              Column.real("f1", "harmonic mean of precision and recall; 0 for none"),
              Column.whole("support", "samples of the class"),
              Column.real(
                  "roc_auc",
                  "area under the ROC curve of the class against the rest; NULL where it has none")));

  public static final Table ROC =
      new Table(
          "roc",
          "a point of the ROC curve of a class against the rest, at the trial's best epoch; with"
              + " training.roc-points",
          List.of(
              Column.text("trial", "hash of the trial"),
              Column.text("part", "validation or test; train with training.evaluate-train"),
              Column.text("class", "the class"),
              Column.whole("point", "from 1, in the order of falling thresholds"),
              Column.real("threshold", "smallest output counted; NULL at (0, 0), above all"),
              Column.real(
                  "false_positive_rate", "share counted of the other classes; NULL without any"),
              Column.real("true_positive_rate", "share counted of the class; NULL without any")));

  public static final Table CONFUSION =
      new Table(
          "confusion",
          "a pair of classes that occurs in a part of the data, at the trial's best epoch",
          List.of(
              Column.text("trial", "hash of the trial"),
              Column.text("part", "validation or test; train with training.evaluate-train"),
              Column.text("actual", "class of the samples"),
              Column.text("predicted", "class with the largest output"),
              Column.whole("count", "samples, at least 1: a pair without any has no row")));

  public static final Table ATTEMPTS =
      new Table(
          "attempts",
          "an execution of a trial that ended",
          List.of(
              Column.text("trial", "hash of the trial"),
              Column.whole("attempt", "from 1"),
              Column.text("host", "where it ran"),
              Column.text("executor", "Spark's name of the executor"),
              Column.time("started", "when it began"),
              Column.time("ended", "when it ended"),
              Column.text("outcome", "COMPLETED, DIVERGED, FAILED, CANCELLED or LOST"),
              Column.text("cause", "why, in one line; NULL when all epochs were trained"),
              Column.whole("epochs_run", "epochs that it finished"),
              Column.real("seconds_lost", "of training that is not kept")));

  public static final Table ENSEMBLES =
      new Table(
          "ensembles",
          "an ensemble of stored models, as trawl ensemble made it",
          List.of(
              Column.text("ensemble", "hash of its members"),
              Column.text("method", "majority (most votes) or mean (largest mean probability)"),
              Column.list("members", Scalar.STRING, "hashes of the trials"),
              Column.whole("size", "number of members"),
              Column.text("part", "that it was tested on: test"),
              Column.whole("samples", "of the part"),
              Column.real("accuracy", "share of the samples right"),
              Column.real("loss", "mean data loss of the mean probabilities; NULL for majority"),
              Column.time("made", "when it was made")));

  /** All tables. */
  public static final List<Table> ALL =
      List.of(TRIALS, EPOCHS, LAYERS, PARTS, CLASSES, CONFUSION, ROC, ATTEMPTS, ENSEMBLES);

  public Table {
    columns = List.copyOf(columns);
  }

  /** The columns of a key: one, or two where a value can be given a layer. */
  static List<Column> columnsOf(Key key) {
    String name = key.column();
    String sentence = key.meaning();
    return switch (key.type()) {
      case TEXT, FILE, SOURCE -> List.of(Column.text(name, sentence));
      case FLAG -> List.of(Column.flag(name, sentence));
      case WHOLE, COUNT_OR_ALL -> List.of(Column.whole(name, sentence));
      case REAL -> List.of(Column.real(name, sentence));
      case WIDTHS -> List.of(Column.list(name, Scalar.INTEGER, sentence), asText(key));
      case STEPS -> List.of(Column.list(name, Scalar.STRING, sentence), asText(key));
      case RATES ->
          List.of(
              Column.real(name, sentence + "; NULL where given a layer"),
              Column.list(name + "_by_layer", Scalar.DOUBLE, name + " where given a layer"));
    };
  }

  private static Column asText(Key key) {
    return Column.text(
        KeyColumns.text(key).orElseThrow(),
        key.column() + " as a text, for tools that cannot group by lists");
  }

  /** What is stored with the table: its sentences and the schema's version. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("trawl.schema.version", String.valueOf(SCHEMA_VERSION));
    metadata.put("trawl.table", name);
    metadata.put("trawl.row", sentence);
    columns.forEach(column -> metadata.put("trawl.column." + column.name(), column.sentence()));
    return metadata;
  }

  private static List<Column> trials() {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.text("sweep", "name of the sweep"),
                Column.text("trial", "hash of the trial"),
                Column.text("point", "hash of the trial without seed, repeat and fold"),
                Column.text("lineage", "hash of the trial without epochs: names journal files"),
                Column.whole("repeat", "from 1"),
                Column.whole("fold", "from 1; 0 where the data has no folds"),
                Column.text("variant", "name of the variant that planned it; NULL for none"),
                Column.text(
                    "data",
                    "hash of what its validation and test samples are of; trials are compared"
                        + " within the same data"),
                Column.text("objective", "metric that it is compared by with others of its data"),
                Column.text(
                    "status", "PENDING, RUNNING, COMPLETED, DIVERGED, FAILED, CANCELLED or LOST")));
    Keys.all().forEach(key -> columns.addAll(columnsOf(key)));
    Stream.of(
            Column.text("config", "the whole trial as JSON"),
            Column.large("seed", "the trial's only source of randomness"),
            Column.large("parameters", "weights and biases of the network"),
            Column.whole("epochs_run", "finished epochs"),
            Column.whole(
                "best_epoch",
                "its model's: the best by the objective, the first of equals; without a validation"
                    + " part the last; with early stopping that restores the best weights, theirs"),
            Column.real("train_loss", "of the training part as trained on in the best epoch"),
            Column.real("train_penalty", "of the best epoch"),
            Column.real("train_accuracy", "of the training part as trained on in the best epoch"),
            Column.real("validation_loss", "of the validation part after the best epoch"),
            Column.real("validation_accuracy", "of the validation part after the best epoch"),
            Column.real("test_loss", "of the test part after the best epoch"),
            Column.real("test_accuracy", "of the test part after the best epoch"),
            Column.real(
                "macro_f1",
                "mean F1 of the classes of the validation part, else of the test part, after the"
                    + " best epoch"),
            Column.text("macro_f1_part", "the part that macro_f1 is of: validation or test"),
            Column.real(
                "test_macro_f1", "mean F1 of the classes of the test part after the best epoch"),
            Column.real("seconds", "of all epochs' training loops"),
            Column.real("samples_per_second", "training samples of all epochs over seconds"),
            Column.time("started", "when the last attempt began"),
            Column.time("ended", "when the last attempt ended"),
            Column.text("host", "where the last attempt ran"),
            Column.whole("attempt", "number of the last attempt, from 1"),
            Column.text(
                "kernels", "which of the core's bulk operations: plain, or vector with its width"),
            Column.text("message", "why it ended before its last epoch, in one line; NULL if not"))
        .forEach(columns::add);
    return columns;
  }
}
