package org.trawl.core.kernel;

/** What statistical tests compare with. The bounds are passed by chance once in about 10,000. */
public final class Statistics {
  /** The normal quantile of a one-sided chance of 1 in 10,000, with some room for two sides. */
  public static final double DEVIATIONS = 4;

  private Statistics() {}

  /** The distribution function of the standard normal distribution, to about 1e-15. */
  public static double normal(double x) {
    return x < 0 ? normalTail(-x) : 1 - normalTail(x);
  }

  /** 1 - normal(x) for x at least 0, to about 1e-14 of itself. */
  public static double normalTail(double x) {
    double density = StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    if (x < 3) {
      // 1/2 + density (x + x³/3 + x⁵/15 + ...): Abramowitz and Stegun 26.2.11.
      double term = x;
      double sum = x;
      for (int k = 3; term > sum * 1e-17; k += 2) {
        term *= x * x / k;
        sum += term;
      }
      return 0.5 - density * sum;
    }
    // density / (x + 1/(x + 2/(x + 3/(x + ...)))): Abramowitz and Stegun 26.2.14.
    double fraction = x;
    for (int k = 200; k > 0; k--) {
      fraction = x + k / fraction;
    }
    return density / fraction;
  }

  /** The chi-square statistic of counts that should be equal. */
  public static double chiSquare(long[] counts) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    double expected = total / counts.length;
    double sum = 0;
    for (long count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }

  /** What {@link #chiSquare} seldom passes for so many counts (Wilson and Hilferty 1931). */
  public static double chiSquareBound(int counts) {
    double freedom = counts - 1;
    double part = 2 / (9 * freedom);
    return freedom * Math.pow(1 - part + DEVIATIONS * Math.sqrt(part), 3);
  }

  public static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The mean of ((x - mean) / deviation)^power. */
  public static double moment(double[] values, double mean, double deviation, int power) {
    double sum = 0;
    for (double value : values) {
      sum += Math.pow((value - mean) / deviation, power);
    }
    return sum / values.length;
  }

  public static double deviation(double[] values) {
    return Math.sqrt(moment(values, mean(values), 1, 2));
  }

  /** Pearson's correlation; of n independent pairs it has the deviation 1 / sqrt(n). */
  public static double correlation(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - meanX) * (y[i] - meanY);
    }
    return sum / x.length / (deviation(x) * deviation(y));
  }

  /** What the size of the correlation of n independent pairs seldom passes. */
  public static double correlationBound(int n) {
    return DEVIATIONS / Math.sqrt(n);
  }
}
