package org.trawl.core.training;

import java.io.Serializable;
import org.trawl.core.network.Loss;
import org.trawl.core.optimizer.OptimizerSpec;

/**
 * How a network is trained.
 *
 * @param learningRate above 0 (0 is allowed: nothing is learnt)
 * @param l1 weight of the sum of |w| over weights
 * @param l2 weight of half the sum of w² over weights
 * @param batchSize samples a step; {@link #ALL} for all training samples in one step
 * @param epochs passes over the training samples, at least 1
 * @param shuffle whether each epoch takes the samples in another order
 */
public record TrainingSpec(
    OptimizerSpec optimizer,
    double learningRate,
    Loss loss,
    Reduction reduction,
    double l1,
    double l2,
    int batchSize,
    int epochs,
    boolean shuffle,
    Noise noise)
    implements Serializable {

  /** The batch size that makes one step of all training samples. */
  public static final int ALL = Integer.MAX_VALUE;

  public TrainingSpec {
    checkNotNegative("learning-rate", learningRate);
    checkNotNegative("l1", l1);
    checkNotNegative("l2", l2);
    if (batchSize < 1) {
      throw new IllegalArgumentException("Invalid batch-size (at least 1): " + batchSize);
    }
    if (epochs < 1) {
      throw new IllegalArgumentException("Invalid epochs (at least 1): " + epochs);
    }
  }

  /** How the data losses of a batch's samples become the loss of the batch. */
  public enum Reduction {
    MEAN,
    SUM
  }

  /**
   * Gaussian noise added in training.
   *
   * @param sigma standard deviation, 0 for none
   */
  public record Noise(double sigma, Into into) implements Serializable {
    /** No noise. */
    public static final Noise NONE = new Noise(0, Into.ACTIVATIONS);

    public Noise {
      checkNotNegative("noise.sigma", sigma);
    }

    /** What the noise is added to. */
    public enum Into {
      /** The prepared samples of a batch. */
      INPUTS,
      /** The activations of every hidden layer, before dropout. */
      ACTIVATIONS,
      /** The back-propagated derivatives of every layer. */
      GRADIENTS
    }
  }

  private static void checkNotNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid %s (finite, at least 0): %s".formatted(name, value));
    }
  }
}
