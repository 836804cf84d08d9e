package org.trawl.core.network;

/** The data loss of a sample, as a function of its outputs and its class. */
public enum Loss {
  /** Softmax outputs: -log p(class). Sigmoid outputs: binary, summed over the outputs. */
  CROSS_ENTROPY("cross-entropy"),
  /** Half the sum over outputs of the squared difference from the one-hot class. */
  SQUARED_ERROR("squared-error");

  private final String key;

  Loss(String key) {
    this.key = key;
  }

  /** The word for it in a sweep file. */
  public String key() {
    return key;
  }
}
