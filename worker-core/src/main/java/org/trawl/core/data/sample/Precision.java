package org.trawl.core.data.sample;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is held of features in single precision, decided by the values of their source in its own.
 *
 * <p>A feature is held as it is, unless single precision makes one of more than 1 in {@value
 * #SHARE} of its different values, or rounds by more than 1/{@value #ERROR} of its deviation (root
 * mean square); then it is held as differences from its median, if they halve both at least. Looked
 * at are all samples, or {@value #LOOKED_AT} of many, evenly chosen. A feature with ten times the
 * precision that it needs (a deviation of 1 around 1,000, say) is held as it is.
 */
public final class Precision {
  private static final int LOOKED_AT = 4096;
  private static final int SHARE = 100;
  private static final int ERROR = 1024;

  /** The cure of values that are lost beside others. */
  static final String FAR =
      "a few values that are far from the others leave them no digits (cure for such as stand for"
          + " missing ones: leave them empty, and impute in data.prepare)";

  /** Features that are told of one by one. */
  private static final int TOLD = 5;

  private final double[] offsets;
  private final List<Loss> losses;

  private Precision(double[] offsets, List<Loss> losses) {
    this.offsets = offsets;
    this.losses = List.copyOf(losses);
  }

  /**
   * A feature of which single precision does not tell all values apart.
   *
   * @param feature from 0
   * @param example one of its values
   * @param different values among those that were looked at
   * @param left of them in single precision
   */
  record Loss(int feature, double example, int different, int left) {
    String told(Columns columns, String cure) {
      return String.format(
          Locale.ROOT,
          "%s: single precision makes %,d of %,d different values (such as %s): %s",
          columns.name(feature),
          left,
          different,
          new BigDecimal(example).round(new MathContext(17)).stripTrailingZeros().toPlainString(),
          cure);
    }
  }

  /** Decides by all values, row after row. */
  static Precision of(DoubleChunks values, int rows, int columns) {
    double[] offsets = new double[columns];
    List<Loss> losses = new ArrayList<>();
    int looked = Math.min(rows, LOOKED_AT);
    double[] sample = new double[looked];
    for (int column = 0; column < columns; column++) {
      int count = 0;
      for (int i = 0; i < looked; i++) {
        int row = (int) ((long) i * rows / looked);
        double value = values.value(row * columns + column);
        if (!Double.isNaN(value)) {
          sample[count++] = value;
        }
      }
      Arrays.sort(sample, 0, count);
      decide(column, sample, count, offsets, losses);
    }
    boolean none = Arrays.stream(offsets).allMatch(offset -> offset == 0);
    return new Precision(none ? Samples.NONE : offsets, losses);
  }

  private static void decide(
      int column, double[] sorted, int count, double[] offsets, List<Loss> losses) {
    Rounding plain = Rounding.of(sorted, count, 0);
    boolean merged = (long) plain.lost() * SHARE > plain.different();
    boolean coarse = plain.error() * ERROR * ERROR > plain.variance();
    if (plain.different() < 2 || !(merged || coarse)) {
      return;
    }
    double median = sorted[count / 2];
    Rounding shifted = Rounding.of(sorted, count, median);
    if (2 * shifted.lost() <= plain.lost() && 4 * shifted.error() <= plain.error()) {
      offsets[column] = median;
    } else if (merged) {
      losses.add(new Loss(column, median, plain.different(), plain.different() - plain.lost()));
    }
  }

  /**
   * What single precision makes of some values less an offset.
   *
   * @param different values
   * @param lost how many of them are equal to their neighbours afterwards
   * @param error mean of the squares of what is rounded off
   * @param variance of the values
   */
  private record Rounding(int different, int lost, double error, double variance) {
    static Rounding of(double[] sorted, int count, double offset) {
      int different = 0;
      int lost = 0;
      double error = 0;
      double mean = 0;
      double squares = 0;
      for (int i = 0; i < count; i++) {
        double exact = sorted[i] - offset;
        float rounded = held(sorted[i], offset);
        if (i == 0 || sorted[i] != sorted[i - 1]) {
          different++;
          lost += i > 0 && rounded == held(sorted[i - 1], offset) ? 1 : 0;
        }
        double square = (exact - rounded) * (exact - rounded);
        error += (square - error) / (i + 1);
        double difference = sorted[i] - mean; // Welford 1962
        mean += difference / (i + 1);
        squares += difference * (sorted[i] - mean);
      }
      return new Rounding(different, lost, error, count == 0 ? 0 : squares / count);
    }
  }

  /** What is held of a value. */
  public static float held(double value, double offset) {
    return Double.isNaN(value) ? Float.NaN : (float) (value - offset);
  }

  /** Of each feature; empty where all are 0. */
  double[] offsets() {
    return offsets;
  }

  /** Of features for which differences would not help. */
  List<Loss> losses() {
    return losses;
  }

  /**
   * What is told of features that are held as differences, but whose values a preparation makes one
   * all the same: a sentence each.
   */
  public static List<String> collapsed(Dataset dataset, Use use) {
    double[] offsets = dataset.samples().offsets();
    List<Loss> losses = new ArrayList<>();
    for (int column = 0; column < offsets.length && use != Use.FITTED; column++) {
      if (offsets[column] != 0) {
        loss(dataset.samples(), column, use).ifPresent(losses::add);
      }
    }
    return told(
        losses,
        dataset.columns(),
        use == Use.STANDARDIZED
            ? FAR
            : "standardize in data.prepare, before other steps of its kind, tells them apart");
  }

  /** Sentences about some features; of many, about the first ones. */
  static List<String> told(List<Loss> losses, Columns columns, String cure) {
    List<String> told = new ArrayList<>();
    losses.stream().limit(TOLD).forEach(loss -> told.add(loss.told(columns, cure)));
    if (losses.size() > TOLD) {
      told.add(
          String.format(
              Locale.ROOT,
              "single precision does not tell all values apart of %,d more features",
              losses.size() - TOLD));
    }
    return told;
  }

  /** What a preparation does with offsets. */
  public enum Use {
    /** They are added to what is held. */
    ADDED,
    /** They have a part in a summand. */
    STANDARDIZED,
    /** They drop out. */
    FITTED
  }

  private static Optional<Loss> loss(Samples samples, int column, Use use) {
    int looked = Math.min(samples.rows(), LOOKED_AT);
    double offset = samples.offsets()[column];
    double[] values =
        IntStream.range(0, looked)
            .mapToDouble(i -> samples.value((int) ((long) i * samples.rows() / looked), column))
            .filter(value -> !Double.isNaN(value))
            .sorted()
            .toArray();
    Rounding plain = Rounding.of(values, values.length, 0);
    int lost = plain.lost();
    if (use == Use.STANDARDIZED) {
      double mean = Arrays.stream(values).map(value -> value - offset).average().orElse(0);
      double deviation = Math.sqrt(plain.variance());
      lost = 0;
      for (int i = 1; i < values.length; i++) {
        boolean merged =
            standardized(values[i] - offset, mean, deviation)
                == standardized(values[i - 1] - offset, mean, deviation);
        lost += merged && values[i] != values[i - 1] ? 1 : 0;
      }
    }
    return (long) lost * SHARE <= plain.different()
        ? Optional.empty()
        : Optional.of(new Loss(column, offset, plain.different(), plain.different() - lost));
  }

  private static float standardized(double difference, double mean, double deviation) {
    return Math.fma((float) difference, (float) (1 / deviation), (float) (-mean / deviation));
  }

  /** What is held of all values; they are gone afterwards. */
  float[] held(DoubleChunks values, int size) {
    float[] held = new float[size];
    for (int i = 0; i < size; i++) {
      double offset = offsets.length == 0 ? 0 : offsets[i % offsets.length];
      held[i] = held(values.value(i), offset);
      if ((i + 1) % DoubleChunks.LENGTH == 0) {
        values.release(i);
      }
    }
    return held;
  }
}
