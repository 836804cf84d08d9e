package org.trawl.core.network;

import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;

/** How the weights of a layer start; biases start at 0. */
public enum Initializer {
  ZERO("zero") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {}
  },
  /** Uniform in [0, 1) times 0.01. */
  RANDOM("random") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {
      uniform(weights, stream, 0, 0.01, parameters);
    }
  },
  /** N(0, 1) times 0.01. */
  NORMAL("normal") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {
      normal(weights, stream, kernels, 0.01, parameters);
    }
  },
  /** N(0, 1). */
  GAUSSIAN("gaussian") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {
      normal(weights, stream, kernels, 1, parameters);
    }
  },
  /** Uniform within ±sqrt(6 / (inputs + outputs)); Glorot and Bengio 2010, equation 16. */
  GLOROT_UNIFORM("glorot-uniform") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {
      double limit = Math.sqrt(6.0 / (fans.in() + fans.out()));
      uniform(weights, stream, -limit, limit, parameters);
    }
  },
  /** Normal of variance 2 / (inputs + outputs); Glorot and Bengio 2010, equation 12. */
  GLOROT_NORMAL("glorot-normal") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {
      double deviation = Math.sqrt(2.0 / (fans.in() + fans.out()));
      normal(weights, stream, kernels, deviation, parameters);
    }
  },
  /** Uniform within ±sqrt(6 / inputs); He et al. 2015, the variance of equation 10. */
  HE_UNIFORM("he-uniform") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {
      double limit = Math.sqrt(6.0 / fans.in());
      uniform(weights, stream, -limit, limit, parameters);
    }
  },
  /** Normal of variance 2 / inputs; He et al. 2015, equation 10. */
  HE_NORMAL("he-normal") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {
      normal(weights, stream, kernels, Math.sqrt(2.0 / fans.in()), parameters);
    }
  },
  /** Normal of variance 1 / inputs; LeCun et al. 1998, section 4.6. */
  LECUN_NORMAL("lecun-normal") {
    @Override
    void fill(
        LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters) {
      normal(weights, stream, kernels, Math.sqrt(1.0 / fans.in()), parameters);
    }
  };

  private final String key;

  /**
   * What the variance of weights follows from.
   *
   * @param in terms of an output
   * @param out outputs that an input is a term of
   */
  record Fans(int in, int out) {}

  Initializer(String key) {
    this.key = key;
  }

  /** The word for it in a sweep file. */
  public String key() {
    return key;
  }

  /**
   * Fills weights, which are 0 before.
   *
   * @param parameters of the network; the weights are written
   */
  abstract void fill(
      LayerTensor weights, Fans fans, RandomStream stream, Kernels kernels, float[] parameters);

  private static void uniform(
      LayerTensor weights, RandomStream stream, double low, double high, float[] parameters) {
    for (int i = 0; i < weights.depth(); i++) {
      for (int j = 0; j < weights.outputs(); j++) {
        parameters[weights.place(i, j)] = (float) (low + (high - low) * stream.nextDouble());
      }
    }
  }

  private static void normal(
      LayerTensor weights,
      RandomStream stream,
      Kernels kernels,
      double deviation,
      float[] parameters) {
    float[] row = new float[weights.outputs()];
    for (int i = 0; i < weights.depth(); i++) {
      kernels.fillNormal(stream, row, row.length);
      for (int j = 0; j < row.length; j++) {
        parameters[weights.place(i, j)] = (float) deviation * row[j];
      }
    }
  }
}
