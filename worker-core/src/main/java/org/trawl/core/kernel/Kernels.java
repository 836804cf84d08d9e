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

  /** Which kernels are asked for. */
  enum Choice {
    /** Those that are the faster ones in the JVM: vector where it suits them, else plain. */
    AUTO,
    /** On the JDK's Vector API. */
    VECTOR,
    /** On plain arrays. */
    PLAIN
  }

  /**
   * The kernels of this JVM.
   *
   * @throws IllegalArgumentException if VECTOR is asked for, and the JVM was started without its
   *     module
   */
  static Kernels of(Choice choice) {
    VirtualMachine machine = VirtualMachine.current();
    if (choice == Choice.VECTOR && !machine.vectorModule()) {
      throw new IllegalArgumentException(
          "Cannot use the vector kernels: this JVM has no Vector API. Start it with "
              + VirtualMachine.VECTOR_MODULE);
    }
    boolean vector = choice == Choice.AUTO ? machine.suitsVectors() : choice == Choice.VECTOR;
    return vector ? VectorKernels.INSTANCE : PlainKernels.INSTANCE;
  }

  /** The fastest kernels of this JVM. */
  static Kernels best() {
    return of(Choice.AUTO);
  }

  /** Those on plain arrays. */
  static Kernels plain() {
    return of(Choice.PLAIN);
  }

  /** Whether the JVM was started with --add-modules=jdk.incubator.vector. */
  static boolean vectorModule() {
    return VirtualMachine.current().vectorModule();
  }

  /** What a run's tables and the command line call them. */
  String name();

  // Matrices

  /**
   * c = a b: forward with a the samples and b the weights, backward with a the deltas and b the
   * transposed weights.
   *
   * @param depth columns of a and rows of b: the terms of each sum, in order
   * @param a rows (filled up to a multiple of {@link Panels#TILE_ROWS}) x depth, from aFrom, with
   *     aStride rows a panel
   * @param terms of a that count; null for all. For a single panel of c all are taken
   * @param firstTile number of the tile of terms that the first 8 rows of a are
   * @param b depth x columns, from bFrom, with bStride rows a panel
   * @param c rows (filled up likewise) x columns, from cFrom, with cStride rows a panel; written
   */
  void multiply(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      float[] c,
      int cFrom,
      int cStride);

  /**
   * c = aᵀ b, or c + aᵀ b: the gradient of weights with a the samples and b the deltas.
   *
   * @param depth rows of a and of b: the terms of each sum, in order
   * @param a depth x rows, from aFrom, with aStride rows a panel
   * @param b depth x columns, from bFrom, with bStride rows a panel
   * @param terms of a that count; null for all. For a single panel of c all are taken
   * @param firstTile number of the tile of terms that the first 8 rows of c are
   * @param add whether the sums go on from what c holds; else they start at 0
   * @param c rows (filled up to a multiple of {@link Panels#TILE_ROWS}) x columns, from cFrom, with
   *     cStride rows a panel; written
   */
  void multiplyTransposed(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
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
   * @param add whether the sums go on from what is there; else they start at 0
   * @param sums whole panels, from sumsFrom; written
   */
  void sumColumns(
      int rows, int columns, float[] matrix, int stride, boolean add, float[] sums, int sumsFrom);

  /**
   * Adds the sum of the magnitudes of each column: four partial sums, partial i of the rows whose
   * number is i modulo 4, combined as (0 + 1) + (2 + 3).
   *
   * @param matrix rows x columns, with stride rows a panel
   * @param sums whole panels, from 0; accumulated into
   */
  void addAbsoluteColumns(int rows, int columns, float[] matrix, int stride, float[] sums);

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

  /**
   * Gathers samples as {@link #gather(byte[], int, int[], int, int, float[], float[], float[],
   * int)} does, and finds the terms of the first layer's products among them, where a byte of 0 is
   * 0 in the batch.
   *
   * @param byRows written: the terms of the batch
   * @param byColumns written: those of the transposed batch
   */
  default void gatherTerms(
      byte[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride,
      Terms byRows,
      Terms byColumns) {
    gather(source, columns, rowNumbers, from, count, scale, shift, batch, stride);
    byRows.findInRows(count, columns, source, rowNumbers, from);
    byColumns.findInColumns(count, columns, source, rowNumbers, from);
  }

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

  /** Of {@link #lecunTanh}: LeCun et al. 1998, section 4.4. */
  float LECUN_SCALE = 1.7159f;

  float LECUN_SLOPE = 2f / 3f;
  float LECUN_TWIST = 0.01f;

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
   * The differences of outputs from their one-hot class, times a factor.
   *
   * @param outputs rows x columns, with stride rows a panel
   * @param delta the same; written, 0 in the columns that fill up its last panel
   */
  void differences(
      int rows,
      int columns,
      float[] outputs,
      int stride,
      int[] classes,
      float factor,
      float[] delta);

  /**
   * Softmax of each row, as in {@link #softmaxCrossEntropy}, without a loss.
   *
   * @param x rows x columns, with stride rows a panel; overwritten
   */
  default void softmax(int rows, int columns, float[] x, int stride) {
    for (int i = 0; i < rows; i++) {
      float largest = PlainKernels.largest(columns, x, stride, i);
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        int place = Panels.index(stride, i, j);
        x[place] = ElementaryFunctions.exp(x[place] - largest);
        sum += x[place];
      }
      for (int j = 0; j < columns; j++) {
        x[Panels.index(stride, i, j)] /= sum;
      }
    }
  }

  /**
   * From derivatives by softmax outputs to those by its inputs: delta = y * (delta - sum of delta
   * y).
   *
   * @param y softmax outputs, rows x columns, with stride rows a panel
   * @param delta the same; overwritten
   */
  default void softmaxDerivative(int rows, int columns, float[] y, int stride, float[] delta) {
    for (int i = 0; i < rows; i++) {
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        int place = Panels.index(stride, i, j);
        sum = Math.fma(y[place], delta[place], sum);
      }
      for (int j = 0; j < columns; j++) {
        int place = Panels.index(stride, i, j);
        delta[place] = y[place] * (delta[place] - sum);
      }
    }
  }

  /**
   * The logistic function of each output, and the binary cross-entropy of each row, summed over its
   * outputs: max(z, 0) - z t + log(1 + e^-|z|), t the one-hot class.
   *
   * @param x rows x columns, with stride rows a panel; logits in, outputs out
   * @param losses of each row; written
   */
  default void sigmoidCrossEntropy(
      int rows, int columns, float[] x, int stride, int[] classes, float[] losses) {
    for (int i = 0; i < rows; i++) {
      float loss = 0f;
      for (int j = 0; j < columns; j++) {
        int place = Panels.index(stride, i, j);
        float z = x[place];
        float linear = Math.max(z, 0f) - (j == classes[i] ? z : 0f);
        loss += linear + ElementaryFunctions.log1p(ElementaryFunctions.exp(-Math.abs(z)));
        x[place] = ElementaryFunctions.sigmoid(z);
      }
      losses[i] = loss;
    }
  }

  /**
   * Half the squared difference of each row from its one-hot class, summed over its outputs.
   *
   * @param y outputs, rows x columns, with stride rows a panel
   * @param losses of each row; written
   */
  default void squaredError(
      int rows, int columns, float[] y, int stride, int[] classes, float[] losses) {
    for (int i = 0; i < rows; i++) {
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        float difference = y[Panels.index(stride, i, j)] - (j == classes[i] ? 1f : 0f);
        sum = Math.fma(difference, difference, sum);
      }
      losses[i] = 0.5f * sum;
    }
  }

  // Batch normalisation

  /**
   * The mean and the variance of each column over its rows (divided by their number), the rows in
   * order.
   *
   * @param matrix rows x columns, with stride rows a panel
   * @param means whole panels; written
   * @param variances whole panels; written
   */
  void moments(int rows, int columns, float[] matrix, int stride, float[] means, float[] variances);

  /**
   * normalized = (matrix - mean) * inverse; matrix = normalized * scale + shift, by column.
   *
   * @param matrix rows x columns, with stride rows a panel; overwritten
   * @param parameters holds scales from scaleFrom and shifts from shiftFrom, whole panels
   * @param normalized the same; written
   */
  void normalize(
      int rows,
      int columns,
      float[] matrix,
      int stride,
      float[] means,
      float[] inverses,
      float[] parameters,
      int scaleFrom,
      int shiftFrom,
      float[] normalized);

  /**
   * The gradients of the scales and shifts of a normalisation, and from derivatives by its outputs
   * to those by its inputs: delta = scale * inverse * (delta - mean of delta - normalized * mean of
   * delta normalized) (Ioffe and Szegedy 2015, section 3).
   *
   * @param delta rows x columns, with stride rows a panel; overwritten
   * @param gradient of scales from 0, of shifts after them, whole panels; written
   */
  void normalizeDerivative(
      int rows,
      int columns,
      float[] normalized,
      int stride,
      float[] inverses,
      float[] parameters,
      int scaleFrom,
      float[] delta,
      float[] gradient);

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

  /** The largest |x|; 0 of none. */
  float largestAbsolute(float[] x, int from, int count);

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
