package org.trawl.core.network;

import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;

/**
 * The non-linearity of a layer. But for one, each derivative is a function of the activation's
 * output, so that training keeps one array a layer and works in place.
 */
public enum Activation {
  /** max(z, 0). */
  RELU("relu") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.relu(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {
      kernels.reluDerivative(kept, delta, count);
    }
  },
  /** 1 / (1 + exp(-z)). */
  SIGMOID("sigmoid") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.sigmoid(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {
      kernels.sigmoidDerivative(kept, delta, count);
    }
  },
  /** tanh(z). */
  TANH("tanh") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.tanh(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {
      kernels.tanhDerivative(kept, delta, count);
    }
  },
  /** z. */
  IDENTITY("identity") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {}

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {}
  },
  /** z for z above 0, else 0.01 z. */
  LEAKY_RELU("leaky-relu") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.leakyRelu(z, LEAKY_SLOPE, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {
      kernels.leakyReluDerivative(kept, LEAKY_SLOPE, delta, count);
    }
  },
  /** z for z above 0, else exp(z) - 1 (Clevert et al. 2016, alpha 1). */
  ELU("elu") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.elu(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {
      kernels.eluDerivative(kept, delta, count);
    }
  },
  /** log(1 + exp(z)). */
  SOFTPLUS("softplus") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.softplus(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {
      kernels.softplusDerivative(kept, delta, count);
    }
  },
  /** 1.7159 tanh(2z/3) + 0.01z (LeCun et al. 1998, section 4.4, with a twisting term). */
  LECUN_TANH("lecun-tanh") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      kernels.lecunTanh(z, count);
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {
      kernels.lecunTanhDerivative(kept, delta, count);
    }

    @Override
    boolean keepsInput() {
      return true;
    }
  },
  /** exp(z) over the sum of exp(z) of a sample's units. */
  SOFTMAX("softmax") {
    @Override
    void apply(Kernels kernels, float[] z, int count) {
      throw new IllegalStateException("Softmax is of whole rows");
    }

    @Override
    void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count) {
      throw new IllegalStateException("Softmax is of whole rows");
    }

    @Override
    void apply(Kernels kernels, int rows, int columns, float[] z, int stride) {
      kernels.softmax(rows, columns, z, stride);
    }

    @Override
    void multiplyDerivative(
        Kernels kernels, int rows, int columns, float[] kept, int stride, float[] delta) {
      kernels.softmaxDerivative(rows, columns, kept, stride, delta);
    }
  };

  private static final float LEAKY_SLOPE = 0.01f;

  private final String key;

  Activation(String key) {
    this.key = key;
  }

  /** The word for it in a sweep file. */
  public String key() {
    return key;
  }

  /** Whether the derivative needs the pre-activations, not the activations. */
  boolean keepsInput() {
    return false;
  }

  /**
   * Turns a layer's pre-activations into activations, in place.
   *
   * @param z rows x columns, with stride rows a panel; overwritten
   */
  void apply(Kernels kernels, int rows, int columns, float[] z, int stride) {
    apply(kernels, z, Panels.length(stride, columns));
  }

  /**
   * Multiplies derivatives by a layer's activations into those by its pre-activations.
   *
   * @param kept the layer's activations, or its pre-activations if {@link #keepsInput}
   * @param delta rows x columns, with stride rows a panel; overwritten
   */
  void multiplyDerivative(
      Kernels kernels, int rows, int columns, float[] kept, int stride, float[] delta) {
    multiplyDerivative(kernels, kept, delta, Panels.length(stride, columns));
  }

  abstract void apply(Kernels kernels, float[] z, int count);

  abstract void multiplyDerivative(Kernels kernels, float[] kept, float[] delta, int count);
}
