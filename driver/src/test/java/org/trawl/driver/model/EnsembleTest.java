package org.trawl.driver.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Loss;

class EnsembleTest {
  private static Outputs outputs(float... values) {
    return new Outputs(3, values, new float[values.length / 3]);
  }

  /**
   * Votes: 0, 1, 1. Means: (0.9 + 0.3 + 0.4) / 3 = 0.533, (0.1 + 0.6 + 0.5) / 3 = 0.4, 0.067: so
   * the majority says 1 and the mean says 0.
   */
  private static final Ensemble THREE =
      new Ensemble(
          List.of(outputs(0.9f, 0.1f, 0), outputs(0.3f, 0.6f, 0.1f), outputs(0.4f, 0.5f, 0.1f)));

  @Test
  void theMajorityAndTheMeanMayDiffer() {
    assertEquals(1, THREE.byMajority(0));
    assertEquals(0, THREE.byMean(0));
    assertEquals(1.6 / 3, THREE.mean(0, 0), 1e-7);
  }

  @Test
  void aTieOfVotesGoesToTheLargerMean() {
    Ensemble two = new Ensemble(List.of(outputs(0.5f, 0.4f, 0.1f), outputs(0, 0.2f, 0.8f)));
    // One vote each for 0 and 2, whose means are 0.25 and 0.45.
    assertEquals(2, two.byMajority(0));
  }

  @Test
  void theLossIsThatOfTheMeanOutputs() {
    double mean0 = THREE.mean(0, 0);
    double mean1 = THREE.mean(0, 1);
    double mean2 = THREE.mean(0, 2);
    assertEquals(-Math.log(mean0), THREE.loss(0, 0, Loss.CROSS_ENTROPY, Activation.SOFTMAX), 1e-12);
    assertEquals(
        -Math.log(mean0) - Math.log(1 - mean1) - Math.log(1 - mean2),
        THREE.loss(0, 0, Loss.CROSS_ENTROPY, Activation.SIGMOID),
        1e-12);
    assertEquals(
        ((1 - mean0) * (1 - mean0) + mean1 * mean1 + mean2 * mean2) / 2,
        THREE.loss(0, 0, Loss.SQUARED_ERROR, Activation.SOFTMAX),
        1e-12);
  }
}
