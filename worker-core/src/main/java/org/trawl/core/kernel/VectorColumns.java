package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.FLOATS;
import static org.trawl.core.kernel.Lanes.LANES;
import static org.trawl.core.kernel.Panels.WIDTH;

import jdk.incubator.vector.FloatVector;

/** The operations on columns, on vectors: as many columns at a time as a vector has lanes. */
sealed interface VectorColumns extends Columns permits VectorKernels {
  @Override
  default void addRow(int rows, int columns, float[] matrix, int stride, float[] row, int rowFrom) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int from = panel * stride * WIDTH + lane;
        addVector(rows, matrix, from, row, rowFrom + panel * WIDTH + lane);
      }
    }
  }

  private static void addVector(int rows, float[] matrix, int from, float[] row, int rowFrom) {
    FloatVector added = FloatVector.fromArray(FLOATS, row, rowFrom);
    for (int i = 0; i < rows; i++) {
      int place = from + i * WIDTH;
      FloatVector.fromArray(FLOATS, matrix, place).add(added).intoArray(matrix, place);
    }
  }

  @Override
  default void sumColumns(
      int rows, int columns, float[] matrix, int stride, boolean add, float[] sums, int sumsFrom) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int from = panel * stride * WIDTH + lane;
        int place = sumsFrom + panel * WIDTH + lane;
        FloatVector sum = Lanes.start(add, sums, place);
        for (int i = 0; i < rows; i++) {
          sum = sum.add(FloatVector.fromArray(FLOATS, matrix, from + i * WIDTH));
        }
        sum.intoArray(sums, place);
      }
    }
  }

  @Override
  default void addAbsoluteColumns(int rows, int columns, float[] matrix, int stride, float[] sums) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int from = panel * stride * WIDTH + lane;
        addAbsoluteVector(rows, matrix, from, sums, panel * WIDTH + lane);
      }
    }
  }

  private static void addAbsoluteVector(
      int rows, float[] matrix, int from, float[] sums, int sumsFrom) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i + 3 < rows; i += 4) {
      int place = from + i * WIDTH;
      sum0 = sum0.add(FloatVector.fromArray(FLOATS, matrix, place).abs());
      sum1 = sum1.add(FloatVector.fromArray(FLOATS, matrix, place + WIDTH).abs());
      sum2 = sum2.add(FloatVector.fromArray(FLOATS, matrix, place + 2 * WIDTH).abs());
      sum3 = sum3.add(FloatVector.fromArray(FLOATS, matrix, place + 3 * WIDTH).abs());
    }
    if (i < rows) {
      sum0 = sum0.add(FloatVector.fromArray(FLOATS, matrix, from + i * WIDTH).abs());
    }
    if (i + 1 < rows) {
      sum1 = sum1.add(FloatVector.fromArray(FLOATS, matrix, from + (i + 1) * WIDTH).abs());
    }
    if (i + 2 < rows) {
      sum2 = sum2.add(FloatVector.fromArray(FLOATS, matrix, from + (i + 2) * WIDTH).abs());
    }
    FloatVector.fromArray(FLOATS, sums, sumsFrom)
        .add(sum0.add(sum1).add(sum2.add(sum3)))
        .intoArray(sums, sumsFrom);
  }

  @Override
  default void moments(
      int rows, int columns, float[] matrix, int stride, float[] means, float[] variances) {
    for (int j = 0; j < Panels.count(columns) * WIDTH; j += LANES) {
      int from = Panels.index(stride, 0, j);
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = 0; i < rows; i++) {
        sum = sum.add(FloatVector.fromArray(FLOATS, matrix, from + i * WIDTH));
      }
      FloatVector mean = sum.div(rows);
      FloatVector squares = FloatVector.zero(FLOATS);
      for (int i = 0; i < rows; i++) {
        FloatVector difference = FloatVector.fromArray(FLOATS, matrix, from + i * WIDTH).sub(mean);
        squares = difference.fma(difference, squares);
      }
      mean.intoArray(means, j);
      squares.div(rows).intoArray(variances, j);
    }
  }

  @Override
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
    for (int j = 0; j < Panels.count(columns) * WIDTH; j += LANES) {
      int from = Panels.index(stride, 0, j);
      FloatVector mean = FloatVector.fromArray(FLOATS, means, j);
      FloatVector inverse = FloatVector.fromArray(FLOATS, inverses, j);
      FloatVector scale = FloatVector.fromArray(FLOATS, parameters, scaleFrom + j);
      FloatVector shift = FloatVector.fromArray(FLOATS, parameters, shiftFrom + j);
      for (int place = from; place < from + rows * WIDTH; place += WIDTH) {
        FloatVector x = FloatVector.fromArray(FLOATS, matrix, place).sub(mean).mul(inverse);
        x.intoArray(normalized, place);
        x.fma(scale, shift).intoArray(matrix, place);
      }
    }
  }

  @Override
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
    for (int j = 0; j < width; j += LANES) {
      int from = Panels.index(stride, 0, j);
      FloatVector scaleGradient = FloatVector.zero(FLOATS);
      FloatVector shiftGradient = FloatVector.zero(FLOATS);
      for (int place = from; place < from + rows * WIDTH; place += WIDTH) {
        FloatVector d = FloatVector.fromArray(FLOATS, delta, place);
        scaleGradient = d.fma(FloatVector.fromArray(FLOATS, normalized, place), scaleGradient);
        shiftGradient = shiftGradient.add(d);
      }
      scaleGradient.intoArray(gradient, j);
      shiftGradient.intoArray(gradient, width + j);
      FloatVector factor =
          FloatVector.fromArray(FLOATS, parameters, scaleFrom + j)
              .mul(FloatVector.fromArray(FLOATS, inverses, j));
      FloatVector scaleMean = scaleGradient.div(rows);
      FloatVector shiftMean = shiftGradient.div(rows);
      for (int place = from; place < from + rows * WIDTH; place += WIDTH) {
        FloatVector x = FloatVector.fromArray(FLOATS, normalized, place);
        FloatVector d = FloatVector.fromArray(FLOATS, delta, place).sub(shiftMean);
        factor.mul(x.neg().fma(scaleMean, d)).intoArray(delta, place);
      }
    }
  }
}
