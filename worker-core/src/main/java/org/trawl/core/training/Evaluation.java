package org.trawl.core.training;

import java.util.List;

/**
 * A network's results on one part of the data, dropout and noise off.
 *
 * @param loss mean data loss of its samples
 * @param accuracy share of samples whose class has the largest output
 * @param pairs of actual and predicted classes, with their samples
 * @param topKAccuracy share of samples whose class is among the k with the largest outputs; NaN
 *     where it was not computed
 * @param calibrationError expected calibration error of the largest outputs; NaN where they are no
 *     probabilities
 * @param rocAuc of each class, the area under the ROC curve of its output, it against the rest; NaN
 *     where all samples or none are of it
 * @param rocCurves of each class; empty where they are not kept
 */
public record Evaluation(
    double loss,
    double accuracy,
    Confusion pairs,
    double topKAccuracy,
    double calibrationError,
    double[] rocAuc,
    List<RocCurve> rocCurves) {

  public Evaluation {
    rocCurves = List.copyOf(rocCurves);
  }

  /** Loss, accuracy and confusion alone. */
  public Evaluation(double loss, double accuracy, Confusion pairs) {
    this(loss, accuracy, pairs, Double.NaN, Double.NaN, new double[0], List.of());
  }

  /**
   * Loss, accuracy and confusion alone.
   *
   * @param confusion counts, row-major [actual][predicted]
   */
  public Evaluation(double loss, double accuracy, int[] confusion) {
    this(loss, accuracy, Confusion.of(confusion));
  }

  /** Counts of all pairs of classes, row-major [actual][predicted]: for few classes. */
  public int[] confusion() {
    return pairs.all();
  }
}
