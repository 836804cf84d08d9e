package org.trawl.core.network;

import org.trawl.core.kernel.Kernels;

/**
 * The non-linearity of a layer. Every derivative is a function of the activation's output, so that
 * training keeps one array a layer and works in place.
 */
public enum Activation {
  /** max(z, 0). */
  RELU("relu") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.relu(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] output, float[] delta, int count) {
      kernels.reluDerivative(output, delta, count);
    }
  },
  /** 1 / (1 + exp(-z)). */
  SIGMOID("sigmoid") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.sigmoid(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] output, float[] delta, int count) {
      kernels.sigmoidDerivative(output, delta, count);
    }
  },
  /** tanh(z). */
  TANH("tanh") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.tanh(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] output, float[] delta, int count) {
      kernels.tanhDerivative(output, delta, count);
    }
  },
  /** z. */
  IDENTITY("identity") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {}

    @Override
    void multiplyDerivative(Kernels kernels, float[] output, float[] delta, int count) {}
  },
  /** Of the output layer only: exp(z) over the sum of exp(z) of a sample's outputs. */
  SOFTMAX("softmax") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      throw new IllegalStateException("Softmax needs whole rows");
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] output, float[] delta, int count) {
      throw new IllegalStateException("Softmax needs whole rows");
    }
  };

  private final String key;

  Activation(String key) {
    this.key = key;
  }

  /** The word for it in a sweep file. */
  public String key() {
    return key;
  }

  /**
   * Turns pre-activations into activations, in place.
   *
   * @param z overwritten
   */
  abstract void apply(Kernels kernels, float[] z, int count);

  /**
   * Multiplies derivatives by outputs into derivatives by pre-activations.
   *
   * @param output activations
   * @param delta overwritten
   */
  abstract void multiplyDerivative(Kernels kernels, float[] output, float[] delta, int count);
}
