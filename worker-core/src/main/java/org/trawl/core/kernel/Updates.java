package org.trawl.core.kernel;

/**
 * What is done to a range of the parameters: its norms, and how it learns from its gradient. Sums
 * use 16 partial sums: partial i takes the elements whose index is i modulo 16, and they are added
 * up in order.
 */
public sealed interface Updates permits Kernels, VectorUpdates {
  /** Of the sums over a range. */
  int PARTIAL_SUMS = 16;

  /** The sum of |x|, in double. */
  default double sumAbsolute(float[] x, int from, int count) {
    double sum = 0;
    for (int lane = 0; lane < PARTIAL_SUMS; lane++) {
      double partial = 0;
      for (int i = lane; i < count; i += PARTIAL_SUMS) {
        partial += Math.abs(x[from + i]);
      }
      sum += partial;
    }
    return sum;
  }

  /** The largest |x|; 0 of none. */
  default float largestAbsolute(float[] x, int from, int count) {
    float largest = 0f;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    return largest;
  }

  /** The sum of x², in double. */
  default double sumSquares(float[] x, int from, int count) {
    double sum = 0;
    for (int lane = 0; lane < PARTIAL_SUMS; lane++) {
      double partial = 0;
      for (int i = lane; i < count; i += PARTIAL_SUMS) {
        double value = x[from + i];
        partial += value * value;
      }
      sum += partial;
    }
    return sum;
  }

  /**
   * Adds the gradient of a penalty: gradient = gradient + l2 w + l1 sign(w).
   *
   * @param gradient of the range, from gradientFrom; accumulated into
   */
  default void addPenaltyGradient(
      float[] weights,
      int from,
      int count,
      float l1,
      float l2,
      float[] gradient,
      int gradientFrom) {
    for (int i = 0; i < count; i++) {
      float w = weights[from + i];
      int place = gradientFrom + i;
      gradient[place] = Math.fma(l1, Math.signum(w), Math.fma(l2, w, gradient[place]));
    }
  }

  /**
   * w = w - rate g.
   *
   * @param weights overwritten from {@code from}
   * @param gradient of the range, from gradientFrom
   */
  default void sgd(
      float[] weights, int from, int count, float[] gradient, int gradientFrom, float rate) {
    for (int i = 0; i < count; i++) {
      weights[from + i] = Math.fma(-rate, gradient[gradientFrom + i], weights[from + i]);
    }
  }

  /** v = momentum v + g; w = w - rate v. */
  default void sgdMomentum(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] velocity,
      float rate,
      float momentum) {
    for (int i = 0; i < count; i++) {
      float v = Math.fma(momentum, velocity[from + i], gradient[gradientFrom + i]);
      velocity[from + i] = v;
      weights[from + i] = Math.fma(-rate, v, weights[from + i]);
    }
  }

  /** v = momentum v + g; w = w - rate (g + momentum v). */
  default void sgdNesterov(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] velocity,
      float rate,
      float momentum) {
    for (int i = 0; i < count; i++) {
      float g = gradient[gradientFrom + i];
      float v = Math.fma(momentum, velocity[from + i], g);
      velocity[from + i] = v;
      weights[from + i] = Math.fma(-rate, Math.fma(momentum, v, g), weights[from + i]);
    }
  }

  /**
   * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; w = w - step m / (sqrt(v) rootScale
   * + epsilon).
   *
   * @param first m, overwritten from {@code from}
   * @param second v, overwritten from {@code from}
   * @param step rate / (1 - beta1^t)
   * @param rootScale 1 / sqrt(1 - beta2^t)
   */
  default void adam(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] first,
      float[] second,
      float step,
      float beta1,
      float beta2,
      float rootScale,
      float epsilon) {
    float rest1 = 1f - beta1;
    float rest2 = 1f - beta2;
    for (int i = 0; i < count; i++) {
      float g = gradient[gradientFrom + i];
      float m = Math.fma(beta1, first[from + i], rest1 * g);
      float v = Math.fma(beta2, second[from + i], rest2 * (g * g));
      first[from + i] = m;
      second[from + i] = v;
      float root = Math.fma((float) Math.sqrt(v), rootScale, epsilon);
      weights[from + i] = Math.fma(-step, m / root, weights[from + i]);
    }
  }

  /** v = decay v + (1 - decay) g²; w = w - rate g / (sqrt(v) + epsilon). */
  default void rmsprop(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] squares,
      float rate,
      float decay,
      float epsilon) {
    for (int i = 0; i < count; i++) {
      float g = gradient[gradientFrom + i];
      float v = Math.fma(decay, squares[from + i], (1f - decay) * (g * g));
      squares[from + i] = v;
      float root = (float) Math.sqrt(v) + epsilon;
      weights[from + i] = Math.fma(-rate, g / root, weights[from + i]);
    }
  }

  /** v = v + g²; w = w - rate g / (sqrt(v) + epsilon). */
  default void adagrad(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] squares,
      float rate,
      float epsilon) {
    for (int i = 0; i < count; i++) {
      float g = gradient[gradientFrom + i];
      float v = Math.fma(g, g, squares[from + i]);
      squares[from + i] = v;
      float root = (float) Math.sqrt(v) + epsilon;
      weights[from + i] = Math.fma(-rate, g / root, weights[from + i]);
    }
  }

  /** x = factor x, over a range. */
  default void scale(float[] x, int from, int count, float factor) {
    for (int i = from; i < from + count; i++) {
      x[i] *= factor;
    }
  }

  /** x = min(max(x, -limit), limit), over a range. */
  default void clamp(float[] x, int from, int count, float limit) {
    for (int i = from; i < from + count; i++) {
      x[i] = Math.min(Math.max(x[i], -limit), limit);
    }
  }
}
