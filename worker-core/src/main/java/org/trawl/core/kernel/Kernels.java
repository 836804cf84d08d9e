package org.trawl.core.kernel;

/**
 * The bulk operations of a training step. Every implementation computes the same bits: each element
 * of a product is summed in order with fused multiply-add; sums over an array use 16 partial sums
 * (partial i takes the elements whose index is i modulo 16), combined in order; exp, log and tanh
 * are those of this package.
 *
 * <p>Matrices are row-major without gaps. An argument that is not named as written is not modified.
 */
public sealed interface Kernels permits PlainKernels {

  /** The kernels of this JVM. */
  static Kernels best() {
    return PlainKernels.INSTANCE;
  }

  /** What a sweep's tables call them. */
  String name();

  // Products

  /**
   * c = a b.
   *
   * @param a rows x depth
   * @param b depth x columns, from bOffset
   * @param c rows x columns; written
   */
  void multiply(
      int rows, int columns, int depth, float[] a, float[] b, int bOffset, float[] c);

  /**
   * c = aᵀ b: the gradient of a layer's weights from its inputs a and its deltas b.
   *
   * @param a depth x rows
   * @param b depth x columns
   * @param c rows x columns, from cOffset; written
   */
  void multiplyTransposed(
      int rows, int columns, int depth, float[] a, float[] b, float[] c, int cOffset);

  /**
   * target = sourceᵀ.
   *
   * @param source rows x columns, from sourceOffset
   * @param target columns x rows; written
   */
  void transpose(int rows, int columns, float[] source, int sourceOffset, float[] target);

  /**
   * Adds a row to each row of a matrix.
   *
   * @param matrix rows x columns; accumulated into
   * @param row columns, from rowOffset
   */
  void addRow(int rows, int columns, float[] matrix, float[] row, int rowOffset);

  /**
   * The sum of each column, over the rows in order.
   *
   * @param matrix rows x columns
   * @param sums columns, from sumsOffset; written
   */
  void sumColumns(int rows, int columns, float[] matrix, float[] sums, int sumsOffset);

  // Samples

  /**
   * Gathers samples into a batch: batch[i][j] = source[row[i]][j] * scale[j] + shift[j].
   *
   * @param source unsigned bytes, columns a sample
   * @param rowNumbers of the samples, from {@code from}
   * @param batch count x columns; written
   */
  void gather(
      byte[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch);

  /** As for bytes, from real numbers. */
  void gather(
      float[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch);

  // Element by element, in place; derivatives from the output

  /** x = max(x, 0). */
  void relu(float[] x, int count);

  /** delta = output > 0 ? delta : 0. */
  void reluDerivative(float[] output, float[] delta, int count);

  /** x = 1 / (1 + e^-x). */
  void sigmoid(float[] x, int count);

  /** delta = delta * output * (1 - output). */
  void sigmoidDerivative(float[] output, float[] delta, int count);

  /** x = tanh(x). */
  void tanh(float[] x, int count);

  /** delta = delta * (1 - output²). */
  void tanhDerivative(float[] output, float[] delta, int count);

  /** target = target * factors. */
  void multiplyElements(float[] target, float[] factors, int count);

  // Outputs and losses

  /**
   * Softmax of each row, less its maximum before exp, summed in order.
   *
   * @param x rows x columns; logits in, probabilities out
   * @param losses of each row, -log of its class's probability; written
   */
  void softmaxCrossEntropy(
      int rows, int columns, float[] x, int[] classes, int classesFrom, float[] losses);

  /**
   * The delta of softmax with cross-entropy: (p - one-hot class) * factor.
   *
   * @param probabilities rows x columns
   * @param delta rows x columns; written
   */
  void softmaxCrossEntropyDelta(
      int rows,
      int columns,
      float[] probabilities,
      int[] classes,
      int classesFrom,
      float factor,
      float[] delta);

  // Random numbers

  /**
   * The mask of a dropout: 0 with the probability {@code rate}, else 1 / (1 - rate).
   *
   * @param rate in [0, 1), used as a multiple of 2^-24
   * @param mask written
   */
  void dropoutMask(RandomStream stream, float rate, float[] mask, int count);

  /** x = x + N(0, sigma²). */
  void addNormal(RandomStream stream, float sigma, float[] x, int offset, int count);

  // Updates

  /**
   * Adds the gradient of a penalty: gradient = gradient + l2 w + l1 sign(w).
   *
   * @param gradient accumulated into
   */
  void addPenaltyGradient(
      float[] weights, int offset, int count, float l1, float l2, float[] gradient);

  /** The sum of |x|, in double. */
  double sumAbsolute(float[] x, int offset, int count);

  /** The sum of x², in double. */
  double sumSquares(float[] x, int offset, int count);

  /** w = w - rate g. */
  void sgd(float[] weights, float[] gradient, int count, float rate);

  /** v = momentum v + g; w = w - rate v. */
  void sgdMomentum(
      float[] weights, float[] gradient, float[] velocity, int count, float rate, float momentum);

  /** v = momentum v + g; w = w - rate (g + momentum v). */
  void sgdNesterov(
      float[] weights, float[] gradient, float[] velocity, int count, float rate, float momentum);

  /**
   * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; w = w - step m / (sqrt(v) * rootScale +
   * epsilon).
   *
   * @param step rate / (1 - beta1^t)
   * @param rootScale 1 / sqrt(1 - beta2^t)
   */
  void adam(
      float[] weights,
      float[] gradient,
      float[] first,
      float[] second,
      int count,
      float step,
      float beta1,
      float beta2,
      float rootScale,
      float epsilon);
}
