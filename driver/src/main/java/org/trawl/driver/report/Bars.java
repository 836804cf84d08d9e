package org.trawl.driver.report;

import java.util.List;

/** Small charts made of letters. */
final class Bars {
  private static final String VERTICAL = "▁▂▃▄▅▆▇█";

  private Bars() {}

  /**
   * A curve of at most {@code width} letters, from the smallest value at the bottom to the largest
   * at the top; each letter is the mean of its share of the values.
   *
   * @param values NULL where there is none
   */
  static String curve(List<Double> values, int width) {
    int letters = Math.min(width, values.size());
    double[] means = new double[letters];
    for (int i = 0; i < letters; i++) {
      means[i] =
          values.subList(i * values.size() / letters, (i + 1) * values.size() / letters).stream()
              .filter(value -> value != null && Double.isFinite(value))
              .mapToDouble(Double::doubleValue)
              .average()
              .orElse(Double.NaN);
    }
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double mean : means) {
      if (!Double.isNaN(mean)) {
        least = Math.min(least, mean);
        most = Math.max(most, mean);
      }
    }
    StringBuilder curve = new StringBuilder();
    for (double mean : means) {
      double height = most > least ? (mean - least) / (most - least) : 0;
      curve.append(Double.isNaN(mean) ? ' ' : VERTICAL.charAt((int) Math.round(height * 7)));
    }
    return curve.toString();
  }
}
