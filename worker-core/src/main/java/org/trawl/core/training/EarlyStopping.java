package org.trawl.core.training;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Ends a training whose metric gains nothing any more (Prechelt 1998, "Early stopping - but when?",
 * the class UP, counted in epochs). Everything follows from the epochs so far.
 *
 * @param metric watched
 * @param patience epochs in a row without a gain after which the training ends; 0 for never
 * @param minimumGain a gain is a value that is better by more than that than the one at the last
 *     gain; the first epoch is one
 * @param restoreBest whether the network ends with the weights of its best epoch by the metric, the
 *     first of equals, instead of the last epoch's; also where all epochs were trained
 */
public record EarlyStopping(Metric metric, int patience, double minimumGain, boolean restoreBest)
    implements Serializable {
  /** All epochs are trained. */
  public static final EarlyStopping NONE =
      new EarlyStopping(Metric.VALIDATION_ACCURACY, 0, 0, true);

  public EarlyStopping {
    if (patience < 0) {
      throw new IllegalArgumentException(
          "Invalid early-stopping.patience (at least 0): " + patience);
    }
    if (!(minimumGain >= 0 && minimumGain < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid early-stopping.minimum-gain (finite, at least 0): " + minimumGain);
    }
  }

  /** Whether it can end a training at all. */
  public boolean enabled() {
    return patience > 0;
  }

  /** Whether the best epoch's weights are needed at the end. */
  public boolean restores() {
    return enabled() && restoreBest;
  }

  /**
   * The number of the best epoch by the metric, the first of equals.
   *
   * @param values of the metric, of all epochs so far
   */
  int bestOf(List<Double> values) {
    return lastGain(values, 0);
  }

  /**
   * Why the training ends after some epochs; empty if it goes on.
   *
   * @param values of the metric, of all epochs so far
   */
  Optional<String> reasonAfter(List<Double> values) {
    if (!enabled() || values.size() - lastGain(values, minimumGain) < patience) {
      return Optional.empty();
    }
    String weights = restoreBest ? "; its weights are those of epoch " + bestOf(values) : "";
    String gain = minimumGain > 0 ? " of more than " + minimumGain : "";
    return Optional.of(
        String.format(
            Locale.ROOT,
            "stopped early after epoch %d: no gain%s in %s since epoch %d%s",
            values.size(),
            gain,
            metric.key(),
            lastGain(values, minimumGain),
            weights));
  }

  /** From 1; 0 before the first epoch. */
  private int lastGain(List<Double> values, double gain) {
    int last = 0;
    double value = Double.NaN;
    for (int index = 0; index < values.size(); index++) {
      double next = values.get(index);
      double gained = metric.smallerIsBetter ? value - next : next - value;
      if (index == 0 || gained > gain) {
        last = index + 1;
        value = next;
      }
    }
    return last;
  }

  /** What can be watched, by its column in the table epochs. */
  public enum Metric {
    TRAIN_LOSS("train_loss", true, EpochResult::trainLoss),
    TRAIN_ACCURACY("train_accuracy", false, EpochResult::trainAccuracy),
    VALIDATION_LOSS("validation_loss", true, epoch -> loss(epoch.validation())),
    VALIDATION_ACCURACY("validation_accuracy", false, epoch -> accuracy(epoch.validation())),
    TEST_LOSS("test_loss", true, epoch -> loss(epoch.test())),
    TEST_ACCURACY("test_accuracy", false, epoch -> accuracy(epoch.test()));

    private final String key;
    private final boolean smallerIsBetter;
    private final ToDoubleFunction<EpochResult> value;

    Metric(String key, boolean smallerIsBetter, ToDoubleFunction<EpochResult> value) {
      this.key = key;
      this.smallerIsBetter = smallerIsBetter;
      this.value = value;
    }

    /** The word for it in a sweep file. */
    public String key() {
      return key;
    }

    /** Whether it is of the validation part. */
    public boolean ofValidation() {
      return this == VALIDATION_LOSS || this == VALIDATION_ACCURACY;
    }

    /** Whether it is of the test part. */
    public boolean ofTest() {
      return this == TEST_LOSS || this == TEST_ACCURACY;
    }

    double value(EpochResult epoch) {
      return value.applyAsDouble(epoch);
    }

    private static double loss(Optional<Evaluation> part) {
      return part.orElseThrow().loss();
    }

    private static double accuracy(Optional<Evaluation> part) {
      return part.orElseThrow().accuracy();
    }
  }
}
