package org.trawl.core.data;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.data.DataSpec.PrepareStep;

/**
 * The steps of a preparation as one factor and one summand a feature, fitted to the rows that are
 * trained on. Computed in double precision in the order of the rows (bytes: in whole numbers), and
 * rounded to single precision once, at the end.
 */
record Preparation(float[] scale, float[] shift) {

  /**
   * Fits the steps, in order.
   *
   * @param train rows to fit to
   * @throws DataException if a step cannot be applied to the data set
   */
  static Preparation fit(Dataset dataset, int[] train, List<PrepareStep> steps) {
    double[] scale = new double[dataset.features()];
    double[] shift = new double[dataset.features()];
    Arrays.fill(scale, 1);
    Moments moments = null;
    for (PrepareStep step : steps) {
      switch (step) {
        case UNIT -> {
          if (dataset.fullScale() == 0) {
            throw new DataException(
                "Cannot apply unit to %s: expected full-scale in its description (the largest value"
                        .formatted(dataset.name())
                    + " that a feature can have), found none");
          }
          for (int i = 0; i < scale.length; i++) {
            scale[i] /= dataset.fullScale();
            shift[i] /= dataset.fullScale();
          }
        }
        case STANDARDIZE -> {
          moments = moments == null ? Moments.of(dataset.samples(), train) : moments;
          standardize(moments, scale, shift);
        }
      }
    }
    return new Preparation(rounded(dataset, "factor", scale), rounded(dataset, "summand", shift));
  }

  /** Composes scale and shift with the standardization of the values that they make. */
  private static void standardize(Moments moments, double[] scale, double[] shift) {
    for (int i = 0; i < scale.length; i++) {
      double deviation = Math.abs(scale[i]) * moments.deviation[i];
      if (deviation == 0) {
        scale[i] = 0;
        shift[i] = 0;
      } else {
        scale[i] /= deviation;
        shift[i] = -moments.mean[i] * scale[i];
      }
    }
  }

  private static float[] rounded(Dataset dataset, String what, double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
      if (!Float.isFinite(rounded[i])) {
        throw new DataException(
            "Cannot prepare %s: feature %d: expected a %s in single precision, found %s"
                .formatted(dataset.name(), i, what, values[i]));
      }
    }
    return rounded;
  }

  /** Mean and population deviation of each feature over some rows. */
  private static final class Moments {
    final double[] mean;
    final double[] deviation;

    private Moments(int features) {
      mean = new double[features];
      deviation = new double[features];
    }

    static Moments of(Samples samples, int[] rows) {
      Moments moments = new Moments(samples.columns());
      if (samples instanceof Samples.Bytes bytes) {
        moments.fit(bytes, rows);
      } else if (samples instanceof Samples.Reals reals) {
        moments.fit(reals.data(), rows);
      }
      return moments;
    }

    /** Exact but for the last operations: variance = (n sum x² - (sum x)²) / n². */
    private void fit(Samples.Bytes samples, int[] rows) {
      int features = mean.length;
      long[] sum = new long[features];
      long[] squares = new long[features];
      byte[] data = samples.data();
      for (int row : rows) {
        int start = row * features;
        for (int i = 0; i < features; i++) {
          int value = data[start + i] & 0xFF;
          sum[i] += value;
          squares[i] += (long) value * value;
        }
      }
      double count = rows.length;
      BigInteger wholeCount = BigInteger.valueOf(rows.length);
      for (int i = 0; i < features; i++) {
        BigInteger scaledVariance =
            wholeCount
                .multiply(BigInteger.valueOf(squares[i]))
                .subtract(BigInteger.valueOf(sum[i]).pow(2));
        mean[i] = sum[i] / count;
        deviation[i] = StrictMath.sqrt(scaledVariance.doubleValue()) / count;
      }
    }

    /** In two passes: the means, then the squared differences from them. */
    private void fit(FMatrixRMaj samples, int[] rows) {
      int features = mean.length;
      float[] data = samples.data;
      boolean[] constant = new boolean[features];
      Arrays.fill(constant, true);
      for (int row : rows) {
        int start = row * features;
        int first = rows[0] * features;
        for (int i = 0; i < features; i++) {
          mean[i] += data[start + i];
          constant[i] &= data[start + i] == data[first + i];
        }
      }
      for (int i = 0; i < features; i++) {
        mean[i] /= rows.length;
      }
      for (int row : rows) {
        int start = row * features;
        for (int i = 0; i < features; i++) {
          double difference = data[start + i] - mean[i];
          deviation[i] += difference * difference;
        }
      }
      for (int i = 0; i < features; i++) {
        deviation[i] = constant[i] ? 0 : StrictMath.sqrt(deviation[i] / rows.length);
      }
    }
  }
}
