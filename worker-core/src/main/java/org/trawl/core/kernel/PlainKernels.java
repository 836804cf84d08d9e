package org.trawl.core.kernel;

/** The operations as simple loops: the reference for bits, and what runs without the Vector API. */
final class PlainKernels implements Kernels {
  static final PlainKernels INSTANCE = new PlainKernels();

  private static final int PARTIAL_SUMS = 16;

  private PlainKernels() {}

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public void multiply(
      int rows, int columns, int depth, float[] a, float[] b, int bOffset, float[] c) {
    for (int i = 0; i < rows; i++) {
      multiplyRow(columns, depth, a, i * depth, 1, b, bOffset, c, i * columns);
    }
  }

  @Override
  public void multiplyTransposed(
      int rows, int columns, int depth, float[] a, float[] b, float[] c, int cOffset) {
    for (int i = 0; i < rows; i++) {
      multiplyRow(columns, depth, a, i, rows, b, 0, c, cOffset + i * columns);
    }
  }

  /** One row of a product: c[j] = sum over p of a[aFrom + p aStep] b[bFrom + p columns + j]. */
  private static void multiplyRow(
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStep,
      float[] b,
      int bFrom,
      float[] c,
      int cFrom) {
    for (int j = 0; j < columns; j++) {
      c[cFrom + j] = 0f;
    }
    int p = 0;
    // Four terms a pass read and write c once instead of four times; the order of terms is kept.
    for (; p + 3 < depth; p += 4) {
      float a0 = a[aFrom + p * aStep];
      float a1 = a[aFrom + (p + 1) * aStep];
      float a2 = a[aFrom + (p + 2) * aStep];
      float a3 = a[aFrom + (p + 3) * aStep];
      int b0 = bFrom + p * columns;
      int b1 = b0 + columns;
      int b2 = b1 + columns;
      int b3 = b2 + columns;
      for (int j = 0; j < columns; j++) {
        float sum = Math.fma(a0, b[b0 + j], c[cFrom + j]);
        sum = Math.fma(a1, b[b1 + j], sum);
        sum = Math.fma(a2, b[b2 + j], sum);
        c[cFrom + j] = Math.fma(a3, b[b3 + j], sum);
      }
    }
    for (; p < depth; p++) {
      float a0 = a[aFrom + p * aStep];
      int b0 = bFrom + p * columns;
      for (int j = 0; j < columns; j++) {
        c[cFrom + j] = Math.fma(a0, b[b0 + j], c[cFrom + j]);
      }
    }
  }

  @Override
  public void transpose(int rows, int columns, float[] source, int sourceOffset, float[] target) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        target[j * rows + i] = source[sourceOffset + i * columns + j];
      }
    }
  }

  @Override
  public void addRow(int rows, int columns, float[] matrix, float[] row, int rowOffset) {
    for (int i = 0; i < rows; i++) {
      int from = i * columns;
      for (int j = 0; j < columns; j++) {
        matrix[from + j] += row[rowOffset + j];
      }
    }
  }

  @Override
  public void sumColumns(int rows, int columns, float[] matrix, float[] sums, int sumsOffset) {
    for (int j = 0; j < columns; j++) {
      sums[sumsOffset + j] = 0f;
    }
    for (int i = 0; i < rows; i++) {
      int from = i * columns;
      for (int j = 0; j < columns; j++) {
        sums[sumsOffset + j] += matrix[from + j];
      }
    }
  }

  @Override
  public void gather(
      byte[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch) {
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      int target = i * columns;
      for (int j = 0; j < columns; j++) {
        batch[target + j] = Math.fma((float) (source[row + j] & 0xFF), scale[j], shift[j]);
      }
    }
  }

  @Override
  public void gather(
      float[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch) {
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      int target = i * columns;
      for (int j = 0; j < columns; j++) {
        batch[target + j] = Math.fma(source[row + j], scale[j], shift[j]);
      }
    }
  }

  @Override
  public void relu(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = Math.max(x[i], 0f);
    }
  }

  @Override
  public void reluDerivative(float[] output, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = output[i] > 0f ? delta[i] : 0f;
    }
  }

  @Override
  public void sigmoid(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = ElementaryFunctions.sigmoid(x[i]);
    }
  }

  @Override
  public void sigmoidDerivative(float[] output, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = delta[i] * (output[i] * (1f - output[i]));
    }
  }

  @Override
  public void tanh(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = ElementaryFunctions.tanh(x[i]);
    }
  }

  @Override
  public void tanhDerivative(float[] output, float[] delta, int count) {
    for (int i = 0; i < count; i++) {
      delta[i] = delta[i] * Math.fma(-output[i], output[i], 1f);
    }
  }

  @Override
  public void multiplyElements(float[] target, float[] factors, int count) {
    for (int i = 0; i < count; i++) {
      target[i] *= factors[i];
    }
  }

  @Override
  public void softmaxCrossEntropy(
      int rows, int columns, float[] x, int[] classes, int classesFrom, float[] losses) {
    for (int i = 0; i < rows; i++) {
      int from = i * columns;
      float largest = x[from];
      for (int j = 1; j < columns; j++) {
        largest = Math.max(largest, x[from + j]);
      }
      float ofClass = x[from + classes[classesFrom + i]];
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        float e = ElementaryFunctions.exp(x[from + j] - largest);
        x[from + j] = e;
        sum += e;
      }
      for (int j = 0; j < columns; j++) {
        x[from + j] = x[from + j] / sum;
      }
      losses[i] = ElementaryFunctions.log(sum) - (ofClass - largest);
    }
  }

  @Override
  public void softmaxCrossEntropyDelta(
      int rows,
      int columns,
      float[] probabilities,
      int[] classes,
      int classesFrom,
      float factor,
      float[] delta) {
    for (int i = 0; i < rows; i++) {
      int from = i * columns;
      for (int j = 0; j < columns; j++) {
        delta[from + j] = probabilities[from + j] * factor;
      }
      int ofClass = from + classes[classesFrom + i];
      delta[ofClass] = (probabilities[ofClass] - 1f) * factor;
    }
  }

  @Override
  public void dropoutMask(RandomStream stream, float rate, float[] mask, int count) {
    int threshold = Math.round(rate * 0x1p24f);
    float kept = 1f / (1f - rate);
    int blocks = (count + 1) / 2;
    long position = stream.position();
    for (int i = 0; i < blocks; i++) {
      long block = RandomStream.block(stream.key0(), stream.key1(), position + i);
      mask[i] = ((int) block >>> 8) < threshold ? 0f : kept;
      if (blocks + i < count) {
        mask[blocks + i] = ((int) (block >>> 32) >>> 8) < threshold ? 0f : kept;
      }
    }
    stream.seek(position + blocks);
  }

  @Override
  public void addNormal(RandomStream stream, float sigma, float[] x, int offset, int count) {
    int blocks = (count + 1) / 2;
    long position = stream.position();
    for (int i = 0; i < blocks; i++) {
      long block = RandomStream.block(stream.key0(), stream.key1(), position + i);
      int first = offset + i;
      x[first] = Math.fma(sigma, ElementaryFunctions.normal((int) block), x[first]);
      if (blocks + i < count) {
        int second = offset + blocks + i;
        x[second] = Math.fma(sigma, ElementaryFunctions.normal((int) (block >>> 32)), x[second]);
      }
    }
    stream.seek(position + blocks);
  }

  @Override
  public void addPenaltyGradient(
      float[] weights, int offset, int count, float l1, float l2, float[] gradient) {
    for (int i = offset; i < offset + count; i++) {
      gradient[i] = Math.fma(l1, Math.signum(weights[i]), Math.fma(l2, weights[i], gradient[i]));
    }
  }

  @Override
  public double sumAbsolute(float[] x, int offset, int count) {
    double sum = 0;
    for (int lane = 0; lane < PARTIAL_SUMS; lane++) {
      double partial = 0;
      for (int i = lane; i < count; i += PARTIAL_SUMS) {
        partial += Math.abs(x[offset + i]);
      }
      sum += partial;
    }
    return sum;
  }

  @Override
  public double sumSquares(float[] x, int offset, int count) {
    double sum = 0;
    for (int lane = 0; lane < PARTIAL_SUMS; lane++) {
      double partial = 0;
      for (int i = lane; i < count; i += PARTIAL_SUMS) {
        double value = x[offset + i];
        partial += value * value;
      }
      sum += partial;
    }
    return sum;
  }

  @Override
  public void sgd(float[] weights, float[] gradient, int count, float rate) {
    for (int i = 0; i < count; i++) {
      weights[i] = Math.fma(-rate, gradient[i], weights[i]);
    }
  }

  @Override
  public void sgdMomentum(
      float[] weights, float[] gradient, float[] velocity, int count, float rate, float momentum) {
    for (int i = 0; i < count; i++) {
      velocity[i] = Math.fma(momentum, velocity[i], gradient[i]);
      weights[i] = Math.fma(-rate, velocity[i], weights[i]);
    }
  }

  @Override
  public void sgdNesterov(
      float[] weights, float[] gradient, float[] velocity, int count, float rate, float momentum) {
    for (int i = 0; i < count; i++) {
      velocity[i] = Math.fma(momentum, velocity[i], gradient[i]);
      weights[i] = Math.fma(-rate, Math.fma(momentum, velocity[i], gradient[i]), weights[i]);
    }
  }

  @Override
  public void adam(
      float[] weights,
      float[] gradient,
      float[] first,
      float[] second,
      int count,
      float step,
      float beta1,
      float beta2,
      float rootScale,
      float epsilon) {
    float rest1 = 1f - beta1;
    float rest2 = 1f - beta2;
    for (int i = 0; i < count; i++) {
      float g = gradient[i];
      first[i] = Math.fma(beta1, first[i], rest1 * g);
      second[i] = Math.fma(beta2, second[i], rest2 * (g * g));
      float root = Math.fma((float) Math.sqrt(second[i]), rootScale, epsilon);
      weights[i] = Math.fma(-step, first[i] / root, weights[i]);
    }
  }
}
