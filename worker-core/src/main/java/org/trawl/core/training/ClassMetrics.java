package org.trawl.core.training;

/**
 * Precision, recall and F1 of each class, from confusion counts. As scikit-learn defines them
 * (precision_recall_fscore_support with zero_division = 0): what has nothing to divide by is 0, and
 * the macro mean is over the classes that occur, as labels or as predictions.
 */
public final class ClassMetrics {
  private final int[] right;
  private final int[] predicted;
  private final int[] actual;

  /**
   * @param confusion counts, row-major [actual][predicted]; not modified
   * @param classes number of classes
   */
  public ClassMetrics(int[] confusion, int classes) {
    if (confusion.length != classes * classes) {
      throw new IllegalArgumentException(
          "Invalid confusion counts (%d x %d expected): %d values"
              .formatted(classes, classes, confusion.length));
    }
    right = new int[classes];
    predicted = new int[classes];
    actual = new int[classes];
    for (int row = 0; row < classes; row++) {
      right[row] = confusion[row * classes + row];
      for (int column = 0; column < classes; column++) {
        int count = confusion[row * classes + column];
        actual[row] += count;
        predicted[column] += count;
      }
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

  /** Mean F1 of the classes that occur; NaN without samples. */
  public double macroF1() {
    double sum = 0;
    int occurring = 0;
    for (int type = 0; type < actual.length; type++) {
      if (actual[type] + predicted[type] > 0) {
        sum += f1(type);
        occurring++;
      }
    }
    return sum / occurring;
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
