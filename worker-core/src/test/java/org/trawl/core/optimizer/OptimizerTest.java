package org.trawl.core.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;

/** Each rule against its formula in double over some steps of random gradients. */
class OptimizerTest {
  /** Odd, so that no vector width divides it. */
  private static final int LENGTH = 37;

  private static final int SPLIT = 18;
  private static final int STEPS = 20;
  private static final double RATE = 0.01;

  /** Weights below 1 are rounded in every step; the moments' errors are less. */
  private static final double TOLERANCE = 0x1p-24 * STEPS;

  /** One update in double: the gradient of the step, numbered from 1. */
  private interface Rule {
    void update(double[] weights, double[] gradient, int step);
  }

  @Test
  void sgdSubtractsTheGradientTimesTheRate() {
    check(
        new OptimizerSpec.Sgd(0, false),
        (w, g, step) -> {
          for (int i = 0; i < w.length; i++) {
            w[i] -= RATE * g[i];
          }
        });
  }

  @Test
  void momentumAddsTheGradientToTheDecayedVelocity() {
    double[] v = new double[LENGTH];
    check(
        new OptimizerSpec.Sgd(0.9, false),
        (w, g, step) -> {
          for (int i = 0; i < w.length; i++) {
            v[i] = 0.9 * v[i] + g[i];
            w[i] -= RATE * v[i];
          }
        });
  }

  @Test
  void nesterovLooksAheadByTheNewVelocity() {
    double[] v = new double[LENGTH];
    check(
        new OptimizerSpec.Sgd(0.8, true),
        (w, g, step) -> {
          for (int i = 0; i < w.length; i++) {
            v[i] = 0.8 * v[i] + g[i];
            w[i] -= RATE * (g[i] + 0.8 * v[i]);
          }
        });
  }

  @Test
  void adamFollowsAlgorithm1OfKingmaAndBa() {
    checkAdam(0.9, 0.999, 1e-8);
    checkAdam(0.5, 0.75, 0.1);
    checkAdam(0, 0.9, 1e-4);
    // As a float 1 - 0.99999 is 0.14 % larger.
    checkAdam(0.9, 0.99999, 1e-8);
  }

  private static void checkAdam(double beta1, double beta2, double epsilon) {
    double[] m = new double[LENGTH];
    double[] v = new double[LENGTH];
    check(
        new OptimizerSpec.Adam(beta1, beta2, epsilon),
        (w, g, step) -> {
          for (int i = 0; i < w.length; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            double mean = m[i] / (1 - Math.pow(beta1, step));
            double square = v[i] / (1 - Math.pow(beta2, step));
            w[i] -= RATE * mean / (Math.sqrt(square) + epsilon);
          }
        });
  }

  @Test
  void adamsFirstStepIsTheRateInTheDirectionOfTheGradientsSign() {
    float[] weights = {1, 1, 1};
    OptimizerSpec spec = new OptimizerSpec.Adam(0.9, 0.999, 1e-8);
    Optimizer adam = Optimizer.of(spec, weights, Kernels.best());
    adam.begin(0.125);
    adam.update(new float[] {0.25f, -300, 0}, 0, 0, 3);
    assertArrayEquals(new float[] {0.875f, 1.125f, 1}, weights, 1e-6f);
  }

  @Test
  void theRateOfEachStepIsUsed() {
    float[] weights = {1};
    Optimizer sgd = Optimizer.of(new OptimizerSpec.Sgd(0, false), weights, Kernels.best());
    for (double rate : new double[] {0.5, 0.25, 0}) {
      sgd.begin(rate);
      sgd.update(new float[] {1}, 0, 0, 1);
    }
    assertEquals(0.25f, weights[0]);
  }

  @Test
  void momentumRefusedOutsideZeroToOne() {
    for (double momentum : new double[] {-0.1, 1, Double.NaN}) {
      assertRefused(
          "Invalid momentum (at least 0, below 1): " + momentum,
          () -> new OptimizerSpec.Sgd(momentum, false));
    }
  }

  @Test
  void nesterovRefusedWithoutMomentum() {
    assertRefused(
        "Invalid nesterov (needs momentum above 0): true", () -> new OptimizerSpec.Sgd(0, true));
  }

  @Test
  void adamsSettingsRefusedOutsideTheirRanges() {
    assertRefused(
        "Invalid beta1 (at least 0, below 1): 1.0", () -> new OptimizerSpec.Adam(1, 0.9, 1e-8));
    assertRefused(
        "Invalid beta2 (at least 0, below 1): -0.5", () -> new OptimizerSpec.Adam(0.9, -0.5, 1e-8));
    assertRefused("Invalid epsilon (above 0): 0.0", () -> new OptimizerSpec.Adam(0.9, 0.999, 0));
    assertRefused(
        "Invalid epsilon (above 0): NaN", () -> new OptimizerSpec.Adam(0.9, 0.999, Double.NaN));
  }

  private static void assertRefused(String message, Executable executable) {
    var exception = assertThrows(IllegalArgumentException.class, executable);
    assertEquals(message, exception.getMessage());
  }

  private static void check(OptimizerSpec spec, Rule rule) {
    RandomStream stream = new RandomStream(11);
    float[] weights = new float[LENGTH];
    Optimizer optimizer = Optimizer.of(spec, weights, Kernels.best());
    double[] expected = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      weights[i] = (float) (stream.nextDouble() - 0.5);
      expected[i] = weights[i];
    }
    for (int step = 1; step <= STEPS; step++) {
      float[] gradient = new float[LENGTH];
      double[] same = new double[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        gradient[i] = (float) (stream.nextDouble() - 0.3);
        same[i] = gradient[i];
      }
      // In two ranges: of one gradient array, and of one of its own.
      optimizer.begin(RATE);
      optimizer.update(gradient, 0, 0, SPLIT);
      float[] rest = Arrays.copyOfRange(gradient, SPLIT, LENGTH);
      optimizer.update(rest, 0, SPLIT, LENGTH - SPLIT);
      rule.update(expected, same, step);
      for (int i = 0; i < LENGTH; i++) {
        assertEquals(expected[i], weights[i], TOLERANCE, spec + ", step " + step);
      }
    }
  }
}
