package org.trawl.core.network;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * A network as a sweep file describes it; the number of inputs and outputs comes from the data.
 *
 * @param hidden widths of the hidden layers, each at least 1; empty for a linear model
 * @param activation of the hidden layers
 * @param output of the output layer
 * @param bias whether layers have biases
 * @param initializer of the weights
 * @param dropout probability of dropping a unit, in [0, 1), one a hidden layer
 * @param batchNorm whether hidden layers are batch-normalised before their activation
 * @param initial the file that weights start from, before the initializer
 */
public record NetworkSpec(
    List<Integer> hidden,
    Activation activation,
    Activation output,
    boolean bias,
    Initializer initializer,
    List<Double> dropout,
    boolean batchNorm,
    InitialWeights initial)
    implements Serializable {

  public NetworkSpec {
    hidden = List.copyOf(hidden);
    dropout = List.copyOf(dropout);
    for (int width : hidden) {
      if (width < 1) {
        throw new IllegalArgumentException("Invalid hidden (a width is at least 1): " + hidden);
      }
    }
    if (dropout.size() != hidden.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid dropout (one a hidden layer, %d expected): %s",
              hidden.size(),
              dropout));
    }
    for (double rate : dropout) {
      // As the float that it is used as, so that some unit is kept.
      if (!(rate >= 0 && (float) rate < 1)) {
        throw new IllegalArgumentException("Invalid dropout (at least 0, below 1): " + dropout);
      }
    }
    if (activation == Activation.SOFTMAX && hidden.contains(1)) {
      throw new IllegalArgumentException(
          "Invalid activation (softmax of one unit is always 1): softmax, hidden " + hidden);
    }
  }

  /** A network whose weights all start as the initializer says. */
  public NetworkSpec(
      List<Integer> hidden,
      Activation activation,
      Activation output,
      boolean bias,
      Initializer initializer,
      List<Double> dropout,
      boolean batchNorm) {
    this(hidden, activation, output, bias, initializer, dropout, batchNorm, InitialWeights.NONE);
  }
}
