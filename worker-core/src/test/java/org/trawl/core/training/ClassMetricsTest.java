package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClassMetricsTest {

  /**
   * actual 0: 3 as 0, 1 as 1; actual 1: 2 as 0, 4 as 1; actual 2: 1 as 1, 1 as 2.
   *
   * <p>Class 0: precision 3/5, recall 3/4, F1 6/9. Class 1: 4/6, 4/6, 8/12. Class 2: 1/1, 1/2, 2/3.
   * All three F1 are 2/3.
   */
  @Test
  void threeClasses() {
    ClassMetrics metrics = metrics(new int[] {3, 1, 0, 2, 4, 0, 0, 1, 1});
    assertEquals(3.0 / 5, metrics.precision(0));
    assertEquals(3.0 / 4, metrics.recall(0));
    assertEquals(6.0 / 9, metrics.f1(0));
    assertEquals(4, metrics.support(0));
    assertEquals(4.0 / 6, metrics.precision(1));
    assertEquals(4.0 / 6, metrics.recall(1));
    assertEquals(8.0 / 12, metrics.f1(1));
    assertEquals(6, metrics.support(1));
    assertEquals(1.0, metrics.precision(2));
    assertEquals(1.0 / 2, metrics.recall(2));
    assertEquals(2.0 / 3, metrics.f1(2));
    assertEquals(2, metrics.support(2));
    assertEquals(2.0 / 3, metrics.macroF1(), 1e-15);
  }

  /**
   * scikit-learn: f1_score([0, 0, 1, 1, 2], [0, 0, 0, 0, 0], average="macro", zero_division=0):
   * class 0 has F1 4/7, classes 1 and 2 occur as labels only and have 0: 4/21.
   */
  @Test
  void aClassThatIsNeverPredictedCountsWithZero() {
    ClassMetrics metrics = metrics(new int[] {2, 0, 0, 2, 0, 0, 1, 0, 0});
    assertEquals(0.0, metrics.precision(1));
    assertEquals(0.0, metrics.recall(1));
    assertEquals(0.0, metrics.f1(1));
    assertEquals(4.0 / 21, metrics.macroF1(), 1e-15);
  }

  /**
   * scikit-learn takes the labels present in either list: f1_score([0, 1], [0, 1], average="macro")
   * is 1 whatever other classes there are; ([0, 0], [0, 2]) is the mean of 2/3 and 0.
   */
  @Test
  void aClassThatDoesNotOccurIsLeftOutOfTheMean() {
    assertEquals(1.0, metrics(new int[] {1, 0, 0, 0, 1, 0, 0, 0, 0}).macroF1());
    assertEquals(1.0 / 3, metrics(new int[] {1, 0, 1, 0, 0, 0, 0, 0, 0}).macroF1(), 1e-15);
  }

  @Test
  void withoutSamplesThereIsNoMean() {
    assertTrue(Double.isNaN(metrics(new int[4]).macroF1()));
  }

  private static ClassMetrics metrics(int[] confusion) {
    return new ClassMetrics(Confusion.of(confusion));
  }
}
