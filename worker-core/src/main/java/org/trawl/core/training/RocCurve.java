package org.trawl.core.training;

/**
 * Points of a ROC curve: how many samples of the other classes, and how many of the class, have an
 * output of at least a threshold. The first point is (0, 0), with a threshold of NaN: above all
 * outputs. The last one counts all samples.
 *
 * @param thresholds falling
 * @param falsePositives rising
 * @param truePositives rising
 */
public record RocCurve(double[] thresholds, int[] falsePositives, int[] truePositives) {

  /** Samples of the other classes at or above a point's threshold, as a share of all of them. */
  public double falsePositiveRate(int point) {
    return rate(falsePositives, point);
  }

  /** Samples of the class at or above a point's threshold, as a share of all of them. */
  public double truePositiveRate(int point) {
    return rate(truePositives, point);
  }

  private static double rate(int[] counts, int point) {
    return (double) counts[point] / counts[counts.length - 1];
  }
}
