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
 * @param schedule of the learning rate
 * @param earlyStopping when it ends before its last epoch
 * @param measures what is measured of the training; changes nothing of it
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
    Noise noise,
    Schedule schedule,
    Clip clip,
    EarlyStopping earlyStopping,
    Measures measures)
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

  /** A training of all epochs that is measured as usual. */
  public TrainingSpec(
      OptimizerSpec optimizer,
      double learningRate,
      Loss loss,
      Reduction reduction,
      double l1,
      double l2,
      int batchSize,
      int epochs,
      boolean shuffle,
      Noise noise,
      Schedule schedule,
      Clip clip) {
    this(
        optimizer,
        learningRate,
        loss,
        reduction,
        l1,
        l2,
        batchSize,
        epochs,
        shuffle,
        noise,
        schedule,
        clip,
        EarlyStopping.NONE,
        Measures.USUAL);
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

  /**
   * How the learning rate changes from epoch to epoch.
   *
   * @param every step: epochs between two changes, at least 1
   * @param factor step and exponential: of each change, above 0
   * @param warmUp epochs over which the rate first rises in equal steps to its full value
   */
  public record Schedule(Kind kind, int every, double factor, int warmUp) implements Serializable {
    /** The same rate in all epochs. */
    public static final Schedule CONSTANT = new Schedule(Kind.CONSTANT, 1, 1, 0);

    public Schedule {
      if (every < 1) {
        throw new IllegalArgumentException("Invalid schedule.every (at least 1): " + every);
      }
      if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("Invalid schedule.factor (above 0): " + factor);
      }
      if (warmUp < 0) {
        throw new IllegalArgumentException("Invalid schedule.warm-up (at least 0): " + warmUp);
      }
    }

    /** The shapes of a schedule. */
    public enum Kind {
      CONSTANT,
      /** factor^floor(n / every), n the epochs done since the warm-up. */
      STEP,
      /** factor^n. */
      EXPONENTIAL,
      /** (1 + cos(pi n / all)) / 2: half a cosine (Loshchilov and Hutter 2017, equation 5). */
      COSINE
    }

    /**
     * The factor of the learning rate in an epoch.
     *
     * @param epoch from 1
     * @param epochs of the whole training
     */
    public double factor(int epoch, int epochs) {
      if (epoch <= warmUp) {
        return (double) epoch / warmUp;
      }
      int done = epoch - warmUp - 1;
      return switch (kind) {
        case CONSTANT -> 1;
        case STEP -> StrictMath.pow(factor, Math.floorDiv(done, every));
        case EXPONENTIAL -> StrictMath.pow(factor, done);
        case COSINE -> (1 + StrictMath.cos(StrictMath.PI * done / (epochs - warmUp))) / 2;
      };
    }
  }

  /**
   * Limits of the gradient, penalty included, before each update.
   *
   * @param norm of the whole gradient: a longer one is scaled to it; 0 for no limit (Pascanu et al.
   *     2013, algorithm 1)
   * @param value magnitude of each element; 0 for no limit
   */
  public record Clip(double norm, double value) implements Serializable {
    /** No limits. */
    public static final Clip NONE = new Clip(0, 0);

    public Clip {
      checkNotNegative("clip.norm", norm);
      checkNotNegative("clip.value", value);
    }
  }

  /**
   * What is measured of a training.
   *
   * @param diagnostics whether its layers are watched
   * @param train whether the training part is evaluated after each epoch, as the others are
   * @param topK k of the top-k accuracy, at least 1
   * @param rocPoints points that are kept of each class's ROC curve, at least 2; 0 for no curves
   */
  public record Measures(boolean diagnostics, boolean train, int topK, int rocPoints)
      implements Serializable {
    /** What is measured unless asked otherwise. */
    public static final Measures USUAL = new Measures(true, false, 3, 0);

    public Measures {
      if (topK < 1) {
        throw new IllegalArgumentException("Invalid top-k (at least 1): " + topK);
      }
      if (rocPoints < 0 || rocPoints == 1) {
        throw new IllegalArgumentException("Invalid roc-points (0 or at least 2): " + rocPoints);
      }
    }
  }

  private static void checkNotNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid %s (finite, at least 0): %s".formatted(name, value));
    }
  }
}
