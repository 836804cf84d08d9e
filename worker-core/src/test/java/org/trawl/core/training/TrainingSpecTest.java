package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.trawl.core.network.Loss;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;
import org.trawl.core.training.TrainingSpec.Schedule;

class TrainingSpecTest {

  @Test
  void ratesAndPenaltiesRefusedUnlessFiniteAndNotNegative() {
    for (double value : new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY}) {
      String cause = " (finite, at least 0): " + value;
      assertRefused("Invalid learning-rate" + cause, () -> spec(value, 0, 0, 1, 1));
      assertRefused("Invalid l1" + cause, () -> spec(0, value, 0, 1, 1));
      assertRefused("Invalid l2" + cause, () -> spec(0, 0, value, 1, 1));
      assertRefused("Invalid noise.sigma" + cause, () -> new Noise(value, Noise.Into.ACTIVATIONS));
      assertRefused("Invalid clip.norm" + cause, () -> new Clip(value, 0));
      assertRefused("Invalid clip.value" + cause, () -> new Clip(0, value));
    }
  }

  @Test
  void countsRefusedBelowOne() {
    assertRefused("Invalid batch-size (at least 1): 0", () -> spec(0, 0, 0, 0, 1));
    assertRefused("Invalid epochs (at least 1): 0", () -> spec(0, 0, 0, 1, 0));
    assertEquals(TrainingSpec.ALL, spec(0, 0, 0, TrainingSpec.ALL, 1).batchSize());
  }

  @Test
  void schedulesRefusedOutOfRange() {
    Schedule.Kind step = Schedule.Kind.STEP;
    assertRefused("Invalid schedule.every (at least 1): 0", () -> new Schedule(step, 0, 1, 0));
    assertRefused("Invalid schedule.factor (above 0): 0.0", () -> new Schedule(step, 1, 0, 0));
    assertRefused(
        "Invalid schedule.factor (above 0): NaN", () -> new Schedule(step, 1, Double.NaN, 0));
    assertRefused("Invalid schedule.warm-up (at least 0): -1", () -> new Schedule(step, 1, 1, -1));
  }

  @Test
  void schedulesGiveTheirFactors() {
    Schedule.Kind[] kinds = Schedule.Kind.values();
    for (Schedule.Kind kind : kinds) {
      Schedule warm = new Schedule(kind, 2, 0.5, 4);
      assertEquals(0.25, warm.factor(1, 10), kind::toString);
      assertEquals(1, warm.factor(4, 10), kind::toString);
      assertEquals(1, warm.factor(5, 10), kind::toString);
    }
    Schedule step = new Schedule(Schedule.Kind.STEP, 2, 0.5, 1);
    assertEquals(1, step.factor(3, 10));
    assertEquals(0.5, step.factor(4, 10));
    assertEquals(0.25, step.factor(6, 10));
    assertEquals(0.125, new Schedule(Schedule.Kind.EXPONENTIAL, 1, 0.5, 0).factor(4, 10));
    Schedule cosine = new Schedule(Schedule.Kind.COSINE, 1, 1, 0);
    assertEquals(0.5, cosine.factor(6, 10), 1e-15);
    assertEquals((1 + Math.sqrt(0.5)) / 2, cosine.factor(3, 8), 1e-15);
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
        Schedule.CONSTANT,
        Clip.NONE);
  }

  private static void assertRefused(String message, Executable executable) {
    var exception = assertThrows(IllegalArgumentException.class, executable);
    assertEquals(message, exception.getMessage());
  }
}
