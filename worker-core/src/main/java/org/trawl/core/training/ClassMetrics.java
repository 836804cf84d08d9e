package org.trawl.core.training;

import java.util.function.IntToDoubleFunction;

/**
 * Precision, recall and F1 of each class, from confusion counts. As scikit-learn defines them
 * (precision_recall_fscore_support with zero_division = 0): what has nothing to divide by is 0, and
 * macro means are over the classes that occur, as labels or as predictions.
 */
public final class ClassMetrics {
  private final int[] right;
  private final int[] predicted;
  private final int[] actual;

  /**
   * @param confusion of all samples; not modified
   */
  public ClassMetrics(Confusion confusion) {
    right = new int[confusion.classes()];
    predicted = new int[confusion.classes()];
    actual = new int[confusion.classes()];
    for (int pair = 0; pair < confusion.pairs(); pair++) {
      int row = confusion.actual()[pair];
      int column = confusion.predicted()[pair];
      int count = confusion.counts()[pair];
      actual[row] += count;
      predicted[column] += count;
      right[row] += row == column ? count : 0;
    }
  }

  /** Share of the samples predicted as the class that are of it. */
  public double precision(int type) {
    return ratio(right[type], predicted[type]);
  }

  /** Share of the class's samples that are predicted as it. */
  public double recall(int type) {
    return ratio(right[type], actual[type]);
  }

  /** Harmonic mean of precision and recall: 2 right / (predicted + actual). */
  public double f1(int type) {
    return ratio(2.0 * right[type], (double) predicted[type] + actual[type]);
  }

  /** Samples of the class. */
  public int support(int type) {
    return actual[type];
  }

  /** Mean precision of the classes that occur; NaN without samples. */
  public double macroPrecision() {
    return macro(this::precision);
  }

  /** Mean recall of the classes that occur; NaN without samples. */
  public double macroRecall() {
    return macro(this::recall);
  }

  /** Mean F1 of the classes that occur; NaN without samples. */
  public double macroF1() {
    return macro(this::f1);
  }

  /** Mean precision of the samples' classes; NaN without samples. */
  public double weightedPrecision() {
    return weighted(this::precision);
  }

  /** Mean recall of the samples' classes, which is the accuracy; NaN without samples. */
  public double weightedRecall() {
    return weighted(this::recall);
  }

  /** Mean F1 of the samples' classes; NaN without samples. */
  public double weightedF1() {
    return weighted(this::f1);
  }

  /**
   * Area under the ROC curve: with two classes the second one's, with more the mean of each against
   * the rest; NaN where a class has none.
   *
   * @param areas of the classes; empty for unknown
   */
  public double macroRocAuc(double[] areas) {
    if (areas.length == 2) {
      return areas[1];
    }
    double sum = 0;
    for (double area : areas) {
      sum += area;
    }
    return sum / areas.length;
  }

  /** As {@link #macroRocAuc}, the mean weighted by the samples of each class. */
  public double weightedRocAuc(double[] areas) {
    return areas.length <= 2 ? macroRocAuc(areas) : weighted(type -> areas[type]);
  }

  private double macro(IntToDoubleFunction metric) {
    double sum = 0;
    int occurring = 0;
    for (int type = 0; type < actual.length; type++) {
      if (actual[type] + predicted[type] > 0) {
        sum += metric.applyAsDouble(type);
        occurring++;
      }
    }
    return sum / occurring;
  }

  private double weighted(IntToDoubleFunction metric) {
    double sum = 0;
    int samples = 0;
    for (int type = 0; type < actual.length; type++) {
      sum += actual[type] * metric.applyAsDouble(type);
      samples += actual[type];
    }
    return sum / samples;
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
