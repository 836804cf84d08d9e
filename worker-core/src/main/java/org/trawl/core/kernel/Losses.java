package org.trawl.core.kernel;

/** What the last layer puts out, and its losses. */
public sealed interface Losses permits Kernels, VectorLosses {
  /**
   * Softmax of each row, less its maximum before exp, summed in order; and its cross-entropy.
   *
   * @param x rows x columns, with stride rows a panel; logits in, probabilities out, 0 in the
   *     columns that fill up its last panel
   * @param classes of the rows
   * @param losses of each row, -log of its class's probability; written
   */
  default void softmaxCrossEntropy(
      int rows, int columns, float[] x, int stride, int[] classes, float[] losses) {
    for (int i = 0; i < rows; i++) {
      float largest = Panels.largest(columns, x, stride, i);
      float ofClass = x[Panels.index(stride, i, classes[i])];
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        int place = Panels.index(stride, i, j);
        x[place] = ElementaryFunctions.exp(x[place] - largest);
        sum += x[place];
      }
      for (int j = 0; j < columns; j++) {
        x[Panels.index(stride, i, j)] /= sum;
      }
      Panels.clearFill(columns, x, stride, i);
      losses[i] = ElementaryFunctions.log(sum) - (ofClass - largest);
    }
  }

  /**
   * The differences of outputs from their one-hot class, times a factor.
   *
   * @param outputs rows x columns, with stride rows a panel
   * @param delta the same; written, 0 in the columns that fill up its last panel
   */
  default void differences(
      int rows,
      int columns,
      float[] outputs,
      int stride,
      int[] classes,
      float factor,
      float[] delta) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int place = Panels.index(stride, i, j);
        float target = j == classes[i] ? 1f : 0f;
        delta[place] = (outputs[place] - target) * factor;
      }
      Panels.clearFill(columns, delta, stride, i);
    }
  }

  /**
   * Softmax of each row, as in {@link #softmaxCrossEntropy}, without a loss.
   *
   * @param x rows x columns, with stride rows a panel; overwritten
   */
  default void softmax(int rows, int columns, float[] x, int stride) {
    for (int i = 0; i < rows; i++) {
      float largest = Panels.largest(columns, x, stride, i);
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
}
