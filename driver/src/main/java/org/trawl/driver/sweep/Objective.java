package org.trawl.driver.sweep;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What makes one trial better than another.
 *
 * @param metric a metric column of the table epochs, or macro_f1
 */
public record Objective(String metric, Direction direction) implements Serializable {
  private static final List<String> LOSSES =
      List.of("train_loss", "train_penalty", "validation_loss", "test_loss");

  private static final List<String> SCORES =
      List.of(
          "train_accuracy", "validation_accuracy", "test_accuracy", "macro_f1", "test_macro_f1");

  /** Whether a smaller or a larger value is better. */
  public enum Direction {
    MINIMIZE,
    MAXIMIZE
  }

  /** The objective of a metric in its natural direction: losses are minimized. */
  public static Objective of(String metric) {
    return new Objective(metric, LOSSES.contains(metric) ? Direction.MINIMIZE : Direction.MAXIMIZE);
  }

  /** The objective where a sweep file names none. */
  public static Objective byDefault(boolean validation, boolean test) {
    return of(validation ? "validation_accuracy" : test ? "test_accuracy" : "train_loss");
  }

  /** All metrics that can be an objective. */
  public static List<String> metrics() {
    return Stream.concat(LOSSES.stream(), SCORES.stream()).sorted().toList();
  }

  /** Those that data with these parts has. */
  public static List<String> metrics(boolean validation, boolean test) {
    return metrics().stream().filter(metric -> of(metric).isOf(validation, test)).toList();
  }

  /** Whether data with these parts has the metric. */
  public boolean isOf(boolean validation, boolean test) {
    return metric.startsWith("train_")
        || (metric.startsWith("validation_") && validation)
        || (metric.startsWith("test_") && test)
        || (metric.equals("macro_f1") && (validation || test));
  }

  /** Whether a value is better than another. */
  public boolean better(double value, double than) {
    return direction == Direction.MAXIMIZE ? value > than : value < than;
  }
}
