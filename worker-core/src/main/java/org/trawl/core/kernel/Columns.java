package org.trawl.core.kernel;

import static org.trawl.core.kernel.Panels.WIDTH;

/** What is done to a matrix column by column: rows added to it, its sums, its normalisation. */
public sealed interface Columns permits Kernels, VectorColumns {
  /**
   * Adds a row to each row of a matrix.
   *
   * @param matrix rows x columns, with stride rows a panel; accumulated into
   * @param row whole panels, from rowFrom
   */
  default void addRow(int rows, int columns, float[] matrix, int stride, float[] row, int rowFrom) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int from = panel * stride * WIDTH;
      for (int i = 0; i < rows; i++) {
        for (int q = 0; q < WIDTH; q++) {
          matrix[from + i * WIDTH + q] += row[rowFrom + panel * WIDTH + q];
        }
      }
    }
  }

  /**
   * The sum of each column, over the rows in order.
   *
   * @param matrix rows x columns, with stride rows a panel
   * @param add whether the sums go on from what is there; else they start at 0
   * @param sums whole panels, from sumsFrom; written
   */
  default void sumColumns(
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

  /**
   * Adds the sum of the magnitudes of each column: four partial sums, partial i of the rows whose
   * number is i modulo 4, combined as (0 + 1) + (2 + 3).
   *
   * @param matrix rows x columns, with stride rows a panel
   * @param sums whole panels, from 0; accumulated into
   */
  default void addAbsoluteColumns(int rows, int columns, float[] matrix, int stride, float[] sums) {
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

  /**
   * The mean and the variance of each column over its rows (divided by their number), the rows in
   * order.
   *
   * @param matrix rows x columns, with stride rows a panel
   * @param means whole panels; written
   * @param variances whole panels; written
   */
  default void moments(
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

  /**
   * normalized = (matrix - mean) * inverse; matrix = normalized * scale + shift, by column.
   *
   * @param matrix rows x columns, with stride rows a panel; overwritten
   * @param parameters holds scales from scaleFrom and shifts from shiftFrom, whole panels
   * @param normalized the same; written
   */
  default void normalize(
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

  /**
   * The gradients of the scales and shifts of a normalisation, and from derivatives by its outputs
   * to those by its inputs: delta = scale * inverse * (delta - mean of delta - normalized * mean of
   * delta normalized) (Ioffe and Szegedy 2015, section 3).
   *
   * @param delta rows x columns, with stride rows a panel; overwritten
   * @param gradient of scales from 0, of shifts after them, whole panels; written
   */
  default void normalizeDerivative(
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
}
