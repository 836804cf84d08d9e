package org.trawl.core.kernel;

/** What is done element by element, in place; derivatives from the output. */
public sealed interface Elementwise permits Kernels, VectorElementwise {
  /** Of {@link #lecunTanh}: LeCun et al. 1998, section 4.4. */
  float LECUN_SCALE = 1.7159f;

  float LECUN_SLOPE = 2f / 3f;
  float LECUN_TWIST = 0.01f;

  /** x = max(x, 0). */
  default void relu(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = Math.max(x[i], 0f);
    }
  }

  /** delta = output > 0 ? delta : 0. */
  default void reluDerivative(float[] output, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = output[i] > 0f ? delta[i] : 0f;
    }
  }

  /** x = 1 / (1 + e^-x). */
  default void sigmoid(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = ElementaryFunctions.sigmoid(x[i]);
    }
  }

  /** delta = delta * (output * (1 - output)). */
  default void sigmoidDerivative(float[] output, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = delta[i] * (output[i] * (1f - output[i]));
    }
  }

  /** x = tanh(x). */
  default void tanh(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = ElementaryFunctions.tanh(x[i]);
    }
  }

  /** delta = delta * (1 - output²). */
  default void tanhDerivative(float[] output, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = delta[i] * Math.fma(-output[i], output[i], 1f);
    }
  }

  /** x = x > 0 ? x : slope x. */
  default void leakyRelu(float[] x, float slope, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = x[i] > 0f ? x[i] : slope * x[i];
    }
  }

  /** delta = output > 0 ? delta : slope delta. */
  default void leakyReluDerivative(float[] output, float slope, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = output[i] > 0f ? delta[i] : slope * delta[i];
    }
  }

  /** x = x > 0 ? x : e^x - 1. */
  default void elu(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = x[i] > 0f ? x[i] : ElementaryFunctions.expm1(x[i]);
    }
  }

  /** delta = output > 0 ? delta : delta * (output + 1). */
  default void eluDerivative(float[] output, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = output[i] > 0f ? delta[i] : delta[i] * (output[i] + 1f);
    }
  }

  /** x = log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). */
  default void softplus(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      float rest = ElementaryFunctions.log1p(ElementaryFunctions.exp(-Math.abs(x[i])));
      x[i] = Math.max(x[i], 0f) + rest;
    }
  }

  /** delta = delta * (1 - e^-output). */
  default void softplusDerivative(float[] output, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = delta[i] * -ElementaryFunctions.expm1(-output[i]);
    }
  }

  /** x = 1.7159 tanh(2x/3) + 0.01x. */
  default void lecunTanh(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      float t = ElementaryFunctions.tanh(x[i] * LECUN_SLOPE);
      x[i] = Math.fma(LECUN_SCALE, t, LECUN_TWIST * x[i]);
    }
  }

  /**
   * delta = delta * (1.7159 * 2/3 * (1 - tanh(2z/3)²) + 0.01).
   *
   * @param z pre-activations: its output alone does not tell this derivative
   */
  default void lecunTanhDerivative(float[] z, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      float t = ElementaryFunctions.tanh(z[i] * LECUN_SLOPE);
      float slope = Math.fma(LECUN_SCALE * LECUN_SLOPE, Math.fma(-t, t, 1f), LECUN_TWIST);
      delta[i] = delta[i] * slope;
    }
  }

  /** target = target * factors. */
  default void multiplyElements(float[] target, float[] factors, int count) {
    for (int i = 0; i < count; i++) {
      target[i] *= factors[i];
    }
  }

  /**
   * x = x + factor * values.
   *
   * @param x accumulated into
   */
  default void addMultiple(float[] x, float factor, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = Math.fma(factor, values[i], x[i]);
    }
  }
}
