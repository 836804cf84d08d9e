package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.trawl.core.network.Loss;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;

class TrainingSpecTest {

  @Test
  void ratesAndPenaltiesRefusedUnlessFiniteAndNotNegative() {
    for (double value : new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY}) {
      String cause = " (finite, at least 0): " + value;
      assertRefused("Invalid learning-rate" + cause, () -> spec(value, 0, 0, 1, 1));
      assertRefused("Invalid l1" + cause, () -> spec(0, value, 0, 1, 1));
      assertRefused("Invalid l2" + cause, () -> spec(0, 0, value, 1, 1));
      assertRefused("Invalid noise.sigma" + cause, () -> new Noise(value, Noise.Into.ACTIVATIONS));
    }
  }

  @Test
  void countsRefusedBelowOne() {
    assertRefused("Invalid batch-size (at least 1): 0", () -> spec(0, 0, 0, 0, 1));
    assertRefused("Invalid epochs (at least 1): 0", () -> spec(0, 0, 0, 1, 0));
    assertEquals(TrainingSpec.ALL, spec(0, 0, 0, TrainingSpec.ALL, 1).batchSize());
  }

  private static TrainingSpec spec(
      double learningRate, double l1, double l2, int batchSize, int epochs) {
    return new TrainingSpec(
        new OptimizerSpec.Sgd(0, false),
        learningRate,
        Loss.CROSS_ENTROPY,
        Reduction.MEAN,
        l1,
        l2,
        batchSize,
        epochs,
        true,
        Noise.NONE,
        TrainingSpec.Schedule.CONSTANT,
        TrainingSpec.Clip.NONE);
  }

  private static void assertRefused(String message, Executable executable) {
    var exception = assertThrows(IllegalArgumentException.class, executable);
    assertEquals(message, exception.getMessage());
  }
}
