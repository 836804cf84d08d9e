package org.trawl.core.network;

/**
 * The non-linearity of a layer. Every derivative is a function of the activation's output, so that
 * training keeps one array a layer and works in place.
 */
public enum Activation {
  RELU("relu"),
  SIGMOID("sigmoid"),
  TANH("tanh"),
  IDENTITY("identity"),
  /** Of the output layer only: exp(z) over the sum of exp(z) of a sample's outputs. */
  SOFTMAX("softmax");

  private final String key;

  Activation(String key) {
    this.key = key;
  }

  /** The word for it in a sweep file. */
  public String key() {
    return key;
  }
}
