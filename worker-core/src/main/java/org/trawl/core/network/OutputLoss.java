package org.trawl.core.network;

import org.trawl.core.kernel.Kernels;

/**
 * An output activation with its loss: from logits to outputs, losses and the derivatives of the
 * losses by the logits.
 */
enum OutputLoss {
  SOFTMAX_CROSS_ENTROPY {
    @Override
    void losses(
        Activation output,
        Kernels kernels,
        int rows,
        int columns,
        float[] z,
        int stride,
        int[] classes,
        float[] losses) {
      kernels.softmaxCrossEntropy(rows, columns, z, stride, classes, losses);
    }
  },
  SIGMOID_CROSS_ENTROPY {
    @Override
    void losses(
        Activation output,
        Kernels kernels,
        int rows,
        int columns,
        float[] z,
        int stride,
        int[] classes,
        float[] losses) {
      kernels.sigmoidCrossEntropy(rows, columns, z, stride, classes, losses);
    }
  },
  SQUARED_ERROR {
    @Override
    void losses(
        Activation output,
        Kernels kernels,
        int rows,
        int columns,
        float[] z,
        int stride,
        int[] classes,
        float[] losses) {
      output.apply(kernels, rows, columns, z, stride);
      kernels.squaredError(rows, columns, z, stride, classes, losses);
    }

    @Override
    void delta(
        Activation output,
        Kernels kernels,
        int rows,
        int columns,
        float[] y,
        int stride,
        int[] classes,
        float factor,
        float[] delta) {
      super.delta(output, kernels, rows, columns, y, stride, classes, factor, delta);
      output.multiplyDerivative(kernels, rows, columns, y, stride, delta);
    }
  };

  /**
   * The pair of an output activation and a loss.
   *
   * @throws IllegalArgumentException if they do not go together
   */
  static OutputLoss of(Activation output, Loss loss) {
    if (loss == Loss.SQUARED_ERROR) {
      if (output.keepsInput()) {
        throw new IllegalArgumentException(
            "Invalid output (its derivative does not follow from its value): " + output.key());
      }
      return SQUARED_ERROR;
    }
    return switch (output) {
      case SOFTMAX -> SOFTMAX_CROSS_ENTROPY;
      case SIGMOID -> SIGMOID_CROSS_ENTROPY;
      default ->
          throw new IllegalArgumentException(
              "Invalid output (softmax or sigmoid with loss cross-entropy): " + output.key());
    };
  }

  /**
   * Turns logits into outputs, and computes the samples' losses.
   *
   * @param z rows x columns, with stride rows a panel; overwritten
   * @param losses of the rows; written
   */
  abstract void losses(
      Activation output,
      Kernels kernels,
      int rows,
      int columns,
      float[] z,
      int stride,
      int[] classes,
      float[] losses);

  /**
   * The derivatives of the losses by the logits, times a factor: of both cross-entropies the
   * outputs less the one-hot class, of the squared error that times the activation's derivative.
   *
   * @param y outputs, rows x columns, with stride rows a panel
   * @param delta the same; written, 0 in the columns that fill up its last panel
   */
  void delta(
      Activation output,
      Kernels kernels,
      int rows,
      int columns,
      float[] y,
      int stride,
      int[] classes,
      float factor,
      float[] delta) {
    kernels.differences(rows, columns, y, stride, classes, factor, delta);
  }
}
