package org.trawl.driver.report;

import java.util.List;
import java.util.stream.Stream;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Nearest;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/** The columns of the table trials that trials can be compared by. */
public final class Metrics {
  /** What was learnt: losses, smaller is better, and shares, larger is better. */
  static final List<String> LEARNT =
      List.of(
          "train_loss",
          "train_accuracy",
          "validation_loss",
          "validation_accuracy",
          "test_loss",
          "test_accuracy",
          "macro_f1",
          "test_macro_f1");

  /** What it took: smaller is better, but for samples_per_second. */
  static final List<String> TAKEN =
      List.of("seconds", "samples_per_second", "parameters", "epochs_run", "best_epoch");

  private Metrics() {}

  /**
   * A metric by its name, written with underscores or hyphens, and which of its values are better:
   * as the run's objective says where it is the same metric, else as its name says.
   *
   * @throws InputException if there is no such metric
   */
  public static Objective named(String name, Objective ofRun) {
    String column = name.replace('-', '_');
    if (column.equals(ofRun.metric())) {
      return ofRun;
    }
    List<String> known = Stream.concat(LEARNT.stream(), TAKEN.stream()).toList();
    if (!known.contains(column)) {
      throw new InputException(
          "Cannot compare by the metric %s%s. Expected one of: %s"
              .formatted(name, Nearest.suggestion(column, known), String.join(", ", known)));
    }
    boolean larger =
        column.endsWith("_accuracy") || column.endsWith("macro_f1") || column.endsWith("_second");
    return new Objective(column, larger ? Direction.MAXIMIZE : Direction.MINIMIZE);
  }
}
