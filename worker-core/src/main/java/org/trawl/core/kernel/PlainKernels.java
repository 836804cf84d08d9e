package org.trawl.core.kernel;

import java.util.Arrays;

/** The operations as simple loops: the reference for bits, and what runs without the Vector API. */
final class PlainKernels implements Kernels {
  static final PlainKernels INSTANCE = new PlainKernels();

  private static final int WIDTH = Panels.WIDTH;
  private static final int PARTIAL_SUMS = 16;

  private PlainKernels() {}

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public void multiply(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      Terms fewer,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      float[] c,
      int cFrom,
      int cStride) {
    Terms terms = Panels.count(columns) > 1 ? fewer : null;
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int bPanel = bFrom + panel * bStride * WIDTH;
      for (int i = 0; i < rows; i++) {
        int cRow = cFrom + (panel * cStride + i) * WIDTH;
        Arrays.fill(c, cRow, cRow + WIDTH, 0f);
        int tile = firstTile + i / Terms.TILE;
        int to = terms == null ? depth : terms.ends[tile];
        for (int p = terms == null ? 0 : terms.begin(tile); p < to; p++) {
          int place = terms == null ? p * WIDTH : terms.places[p];
          float term = a[aFrom + Panels.index(aStride, i, place / WIDTH)];
          for (int q = 0; q < WIDTH; q++) {
            c[cRow + q] = Math.fma(term, b[bPanel + place + q], c[cRow + q]);
          }
        }
      }
    }
  }

  @Override
  public void multiplyTransposed(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      Terms fewer,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    Terms terms = Panels.count(columns) > 1 ? fewer : null;
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int bPanel = bFrom + panel * bStride * WIDTH;
      for (int i = 0; i < rows; i++) {
        int aColumn = aFrom + Panels.index(aStride, 0, i);
        int cRow = cFrom + (panel * cStride + i) * WIDTH;
        if (!add) {
          Arrays.fill(c, cRow, cRow + WIDTH, 0f);
        }
        int tile = firstTile + i / Terms.TILE;
        int to = terms == null ? depth : terms.ends[tile];
        for (int p = terms == null ? 0 : terms.begin(tile); p < to; p++) {
          int place = terms == null ? p * WIDTH : terms.places[p];
          float term = a[aColumn + place];
          for (int q = 0; q < WIDTH; q++) {
            c[cRow + q] = Math.fma(term, b[bPanel + place + q], c[cRow + q]);
          }
        }
      }
    }
  }

  @Override
  public void transpose(
      int rows,
      int columns,
      float[] source,
      int sourceFrom,
      int sourceStride,
      float[] target,
      int targetStride) {
    for (int i = 0; i < rows; i++) {
      int targetColumn = Panels.index(targetStride, 0, i);
      for (int j = 0; j < columns; j++) {
        target[targetColumn + j * WIDTH] = source[sourceFrom + Panels.index(sourceStride, i, j)];
      }
    }
    for (int j = 0; j < columns; j++) {
      clearFill(rows, target, targetStride, j);
    }
  }

  @Override
  public void addRow(int rows, int columns, float[] matrix, int stride, float[] row, int rowFrom) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int from = panel * stride * WIDTH;
      for (int i = 0; i < rows; i++) {
        for (int q = 0; q < WIDTH; q++) {
          matrix[from + i * WIDTH + q] += row[rowFrom + panel * WIDTH + q];
        }
      }
    }
  }

  @Override
  public void sumColumns(
      int rows, int columns, float[] matrix, int stride, boolean add, float[] sums, int sumsFrom) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int from = panel * stride * WIDTH;
      for (int q = 0; q < WIDTH; q++) {
        int place = sumsFrom + panel * WIDTH + q;
        float sum = add ? sums[place] : 0f;
        for (int i = 0; i < rows; i++) {
          sum += matrix[from + i * WIDTH + q];
        }
        sums[place] = sum;
      }
    }
  }

  @Override
  public void addAbsoluteColumns(int rows, int columns, float[] matrix, int stride, float[] sums) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int from = panel * stride * WIDTH;
      for (int q = 0; q < WIDTH; q++) {
        int column = from + q;
        float first = sumAbsolute(matrix, column, 0, rows) + sumAbsolute(matrix, column, 1, rows);
        float second = sumAbsolute(matrix, column, 2, rows) + sumAbsolute(matrix, column, 3, rows);
        sums[panel * WIDTH + q] += first + second;
      }
    }
  }

  /** The sum of the magnitudes of every fourth row of a column. */
  private static float sumAbsolute(float[] matrix, int column, int firstRow, int rows) {
    float sum = 0f;
    for (int i = firstRow; i < rows; i += 4) {
      sum += Math.abs(matrix[column + i * WIDTH]);
    }
    return sum;
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
      float[] batch,
      int stride) {
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      for (int j = 0; j < columns; j++) {
        batch[Panels.index(stride, i, j)] =
            Math.fma((float) (source[row + j] & 0xFF), scale[j], shift[j]);
      }
      clearFill(columns, batch, stride, i);
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
      float[] batch,
      int stride) {
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      for (int j = 0; j < columns; j++) {
        batch[Panels.index(stride, i, j)] = Math.fma(source[row + j], scale[j], shift[j]);
      }
      clearFill(columns, batch, stride, i);
    }
  }

  /** The largest value of a row; what is not a number is passed by. */
  static float largest(int columns, float[] x, int stride, int row) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < columns; j++) {
      float value = x[Panels.index(stride, row, j)];
      largest = value > largest ? value : largest;
    }
    return largest;
  }

  /** Sets a row's elements beyond the columns of a matrix, in its last panel, to 0. */
  static void clearFill(int columns, float[] matrix, int stride, int row) {
    for (int j = columns; j < Panels.count(columns) * WIDTH; j++) {
      matrix[Panels.index(stride, row, j)] = 0f;
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
      int rows, int columns, float[] x, int stride, int[] classes, float[] losses) {
    for (int i = 0; i < rows; i++) {
      float largest = largest(columns, x, stride, i);
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
      clearFill(columns, x, stride, i);
      losses[i] = ElementaryFunctions.log(sum) - (ofClass - largest);
    }
  }

  @Override
  public void differences(
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
      clearFill(columns, delta, stride, i);
    }
  }

  @Override
  public void moments(
      int rows, int columns, float[] matrix, int stride, float[] means, float[] variances) {
    sumColumns(rows, columns, matrix, stride, false, means, 0);
    for (int j = 0; j < Panels.count(columns) * WIDTH; j++) {
      float mean = means[j] / rows;
      float sum = 0f;
      for (int i = 0; i < rows; i++) {
        float difference = matrix[Panels.index(stride, i, j)] - mean;
        sum = Math.fma(difference, difference, sum);
      }
      means[j] = mean;
      variances[j] = sum / rows;
    }
  }

  @Override
  public void normalize(
      int rows,
      int columns,
      float[] matrix,
      int stride,
      float[] means,
      float[] inverses,
      float[] parameters,
      int scaleFrom,
      int shiftFrom,
      float[] normalized) {
    for (int j = 0; j < Panels.count(columns) * WIDTH; j++) {
      for (int i = 0; i < rows; i++) {
        int place = Panels.index(stride, i, j);
        float x = (matrix[place] - means[j]) * inverses[j];
        normalized[place] = x;
        matrix[place] = Math.fma(x, parameters[scaleFrom + j], parameters[shiftFrom + j]);
      }
    }
  }

  @Override
  public void normalizeDerivative(
      int rows,
      int columns,
      float[] normalized,
      int stride,
      float[] inverses,
      float[] parameters,
      int scaleFrom,
      float[] delta,
      float[] gradient) {
    int width = Panels.count(columns) * WIDTH;
    for (int j = 0; j < width; j++) {
      float scaleGradient = 0f;
      float shiftGradient = 0f;
      for (int i = 0; i < rows; i++) {
        int place = Panels.index(stride, i, j);
        scaleGradient = Math.fma(delta[place], normalized[place], scaleGradient);
        shiftGradient += delta[place];
      }
      gradient[j] = scaleGradient;
      gradient[width + j] = shiftGradient;
      float factor = parameters[scaleFrom + j] * inverses[j];
      float scaleMean = scaleGradient / rows;
      float shiftMean = shiftGradient / rows;
      for (int i = 0; i < rows; i++) {
        int place = Panels.index(stride, i, j);
        float rest = Math.fma(-normalized[place], scaleMean, delta[place] - shiftMean);
        delta[place] = factor * rest;
      }
    }
  }

  @Override
  public void dropoutMask(RandomStream stream, float rate, float[] mask, int count) {
    int threshold = Math.round(rate * 0x1p24f);
    float kept = 1f / (1f - rate);
    int blocks = (count + 1) / 2;
    for (int i = 0; i < blocks; i++) {
      long block = stream.blockAt(i);
      mask[i] = ((int) block >>> 8) < threshold ? 0f : kept;
      if (blocks + i < count) {
        mask[blocks + i] = ((int) (block >>> 32) >>> 8) < threshold ? 0f : kept;
      }
    }
    stream.seek(stream.position() + blocks);
  }

  @Override
  public void fillNormal(RandomStream stream, float[] values, int count) {
    int blocks = (count + 1) / 2;
    for (int i = 0; i < blocks; i++) {
      long block = stream.blockAt(i);
      values[i] = ElementaryFunctions.normal((int) block);
      if (blocks + i < count) {
        values[blocks + i] = ElementaryFunctions.normal((int) (block >>> 32));
      }
    }
    stream.seek(stream.position() + blocks);
  }

  @Override
  public void addMultiple(float[] x, float factor, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = Math.fma(factor, values[i], x[i]);
    }
  }

  @Override
  public double sumAbsolute(float[] x, int from, int count) {
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

  @Override
  public float largestAbsolute(float[] x, int from, int count) {
    float largest = 0f;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    return largest;
  }

  @Override
  public double sumSquares(float[] x, int from, int count) {
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

  @Override
  public void addPenaltyGradient(
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

  @Override
  public void sgd(
      float[] weights, int from, int count, float[] gradient, int gradientFrom, float rate) {
    for (int i = 0; i < count; i++) {
      weights[from + i] = Math.fma(-rate, gradient[gradientFrom + i], weights[from + i]);
    }
  }

  @Override
  public void sgdMomentum(
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

  @Override
  public void sgdNesterov(
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

  @Override
  public void adam(
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
}
