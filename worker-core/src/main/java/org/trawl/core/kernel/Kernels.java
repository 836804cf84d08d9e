package org.trawl.core.kernel;

/**
 * The bulk operations of a training step. Every implementation computes the same bits: each element
 * of a product is summed in order with fused multiply-add; sums over a whole array use 16 partial
 * sums (partial i takes the elements whose index is i modulo 16), combined in order; exp, log, tanh
 * and the normal distribution are those of this package.
 *
 * <p>Matrices lie in {@link Panels}. An argument that is not named as written is not modified.
 */
public sealed interface Kernels permits PlainKernels, VectorKernels {

  /** The kernels of this JVM: on the Vector API where the JVM was started with its module. */
  static Kernels best() {
    return vectorModule() ? VectorKernels.INSTANCE : PlainKernels.INSTANCE;
  }

  /** Those on plain arrays. */
  static Kernels plain() {
    return PlainKernels.INSTANCE;
  }

  /** Whether the JVM was started with --add-modules=jdk.incubator.vector. */
  static boolean vectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** What a run's tables and the command line call them. */
  String name();

  // Matrices

  /**
   * c = aᵀ b, the one product of training: forward with a the transposed samples and b the weights,
   * backward with a the transposed deltas and b the transposed weights, and the gradient of the
   * weights with a the samples and b the deltas.
   *
   * @param depth rows of a and of b: the terms of each sum, in order
   * @param a depth x rows, from aFrom, with aStride rows a panel
   * @param b depth x columns, from bFrom, with bStride rows a panel
   * @param c rows (filled up to a multiple of {@link Panels#TILE_ROWS}) x columns, from 0, with
   *     cStride rows a panel; written
   */
  void product(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom,
      int bStride,
      float[] c,
      int cStride);

  /**
   * target = sourceᵀ.
   *
   * @param source rows x columns, from sourceFrom, with sourceStride rows a panel
   * @param target columns x rows, from 0, with targetStride rows a panel; its last panel is filled
   *     up with 0; written
   */
  void transpose(
      int rows,
      int columns,
      float[] source,
      int sourceFrom,
      int sourceStride,
      float[] target,
      int targetStride);

  /**
   * Adds a row to each row of a matrix.
   *
   * @param matrix rows x columns, with stride rows a panel; accumulated into
   * @param row whole panels, from rowFrom
   */
  void addRow(int rows, int columns, float[] matrix, int stride, float[] row, int rowFrom);

  /**
   * The sum of each column, over the rows in order.
   *
   * @param matrix rows x columns, with stride rows a panel
   * @param sums whole panels, from 0; written
   */
  void sumColumns(int rows, int columns, float[] matrix, int stride, float[] sums);

  // Samples

  /**
   * Gathers samples into a batch: batch[i][j] = source[rowNumbers[from + i]][j] * scale[j] +
   * shift[j].
   *
   * @param source unsigned bytes, sample by sample, columns a sample
   * @param batch count x columns, with stride rows a panel; its last panel is filled up with 0;
   *     written
   */
  void gather(
      byte[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride);

  /** As for bytes, from real numbers. */
  void gather(
      float[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride);

  // Element by element, in place; derivatives from the output

  /** x = max(x, 0). */
  void relu(float[] x, int count);

  /** delta = output > 0 ? delta : 0. */
  void reluDerivative(float[] output, float[] delta, int count);

  /** x = 1 / (1 + e^-x). */
  void sigmoid(float[] x, int count);

  /** delta = delta * (output * (1 - output)). */
  void sigmoidDerivative(float[] output, float[] delta, int count);

  /** x = tanh(x). */
  void tanh(float[] x, int count);

  /** delta = delta * (1 - output²). */
  void tanhDerivative(float[] output, float[] delta, int count);

  /** target = target * factors. */
  void multiplyElements(float[] target, float[] factors, int count);

  // Outputs and losses

  /**
   * Softmax of each row, less its maximum before exp, summed in order; and its cross-entropy.
   *
   * @param x rows x columns, with stride rows a panel; logits in, probabilities out, 0 in the
   *     columns that fill up its last panel
   * @param classes of the rows
   * @param losses of each row, -log of its class's probability; written
   */
  void softmaxCrossEntropy(
      int rows, int columns, float[] x, int stride, int[] classes, float[] losses);

  /**
   * The delta of softmax with cross-entropy: (p - one-hot class) * factor.
   *
   * @param probabilities rows x columns, with stride rows a panel
   * @param delta the same; written, 0 in the columns that fill up its last panel
   */
  void softmaxCrossEntropyDelta(
      int rows,
      int columns,
      float[] probabilities,
      int stride,
      int[] classes,
      float factor,
      float[] delta);

  // Random numbers

  /**
   * The mask of a dropout: 0 with the probability {@code rate}, else 1 / (1 - rate). Element i of
   * the first half comes from the first word of the stream's i-th block, element i of the second
   * half from its second word.
   *
   * @param rate in [0, 1), used as a multiple of 2^-24
   * @param mask written
   */
  void dropoutMask(RandomStream stream, float rate, float[] mask, int count);

  /**
   * Standard normal numbers, from words taken as for {@link #dropoutMask}.
   *
   * @param values written
   */
  void fillNormal(RandomStream stream, float[] values, int count);

  /**
   * x = x + factor * values.
   *
   * @param x accumulated into
   */
  void addMultiple(float[] x, float factor, float[] values, int count);

  // Sums and updates, over a range of the parameters

  /** The sum of |x|, in double. */
  double sumAbsolute(float[] x, int from, int count);

  /** The sum of x², in double. */
  double sumSquares(float[] x, int from, int count);

  /**
   * Adds the gradient of a penalty: gradient = gradient + l2 w + l1 sign(w).
   *
   * @param gradient of the range, from gradientFrom; accumulated into
   */
  void addPenaltyGradient(
      float[] weights, int from, int count, float l1, float l2, float[] gradient, int gradientFrom);

  /**
   * w = w - rate g.
   *
   * @param weights overwritten from {@code from}
   * @param gradient of the range, from gradientFrom
   */
  void sgd(float[] weights, int from, int count, float[] gradient, int gradientFrom, float rate);

  /** v = momentum v + g; w = w - rate v. */
  void sgdMomentum(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] velocity,
      float rate,
      float momentum);

  /** v = momentum v + g; w = w - rate (g + momentum v). */
  void sgdNesterov(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] velocity,
      float rate,
      float momentum);

  /**
   * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; w = w - step m / (sqrt(v) rootScale
   * + epsilon).
   *
   * @param first m, overwritten from {@code from}
   * @param second v, overwritten from {@code from}
   * @param step rate / (1 - beta1^t)
   * @param rootScale 1 / sqrt(1 - beta2^t)
   */
  void adam(
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
      float epsilon);
}
