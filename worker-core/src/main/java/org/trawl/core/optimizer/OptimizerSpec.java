package org.trawl.core.optimizer;

import java.io.Serializable;

/** An update rule and its settings, without the learning rate, which a schedule may change. */
public sealed interface OptimizerSpec extends Serializable {

  /**
   * Stochastic gradient descent. With momentum m: v = m v + g, w = w - rate v; Nesterov's: w = w -
   * rate (g + m v) (Sutskever et al. 2013, in the form of PyTorch's SGD).
   *
   * @param momentum in [0, 1)
   */
  record Sgd(double momentum, boolean nesterov) implements OptimizerSpec {
    public Sgd {
      if (!(momentum >= 0 && (float) momentum < 1)) {
        throw new IllegalArgumentException("Invalid momentum (at least 0, below 1): " + momentum);
      }
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("Invalid nesterov (needs momentum above 0): true");
      }
    }
  }

  /**
   * Adam (Kingma and Ba 2015, algorithm 1).
   *
   * @param beta1 decay of the mean of gradients, in [0, 1)
   * @param beta2 decay of the mean of squared gradients, in [0, 1)
   * @param epsilon added to the root of the second moment, above 0
   */
  record Adam(double beta1, double beta2, double epsilon) implements OptimizerSpec {
    public Adam {
      checkShare("beta1", beta1);
      checkShare("beta2", beta2);
      checkEpsilon(epsilon);
    }
  }

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter 2019): w = w - rate decay w, then
   * Adam's update. The decay is of weights, never of biases or batch normalisation.
   */
  record AdamW(double beta1, double beta2, double epsilon, double decay) implements OptimizerSpec {
    public AdamW {
      checkShare("beta1", beta1);
      checkShare("beta2", beta2);
      checkEpsilon(epsilon);
      if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("Invalid decay (finite, at least 0): " + decay);
      }
    }
  }

  /** RMSProp (Tieleman and Hinton 2012), its mean of squared gradients decaying by 0.99. */
  record RmsProp(double epsilon) implements OptimizerSpec {
    /** Decay of the mean of squared gradients. */
    public static final double ALPHA = 0.99;

    public RmsProp {
      checkEpsilon(epsilon);
    }
  }

  /** AdaGrad (Duchi et al. 2011), with the sum of squared gradients. */
  record AdaGrad(double epsilon) implements OptimizerSpec {
    public AdaGrad {
      checkEpsilon(epsilon);
    }
  }

  private static void checkShare(String name, double value) {
    // As the float that it is used as: Adam divides by 1 less its powers.
    if (!(value >= 0 && (float) value < 1)) {
      throw new IllegalArgumentException(
          "Invalid %s (at least 0, below 1): %s".formatted(name, value));
    }
  }

  private static void checkEpsilon(double epsilon) {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Invalid epsilon (above 0): " + epsilon);
    }
  }
}
