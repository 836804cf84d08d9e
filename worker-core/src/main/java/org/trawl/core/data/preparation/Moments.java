package org.trawl.core.data.preparation;

import java.math.BigInteger;
import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.data.sample.Samples;

/** Mean and population deviation of what is held of each feature over some rows. */
final class Moments {
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
      moments.fit(reals.held(), rows);
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
