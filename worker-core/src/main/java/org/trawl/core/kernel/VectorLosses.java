package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.FLOATS;
import static org.trawl.core.kernel.Lanes.INTS;
import static org.trawl.core.kernel.Lanes.LANES;
import static org.trawl.core.kernel.Panels.WIDTH;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Outputs and losses on vectors; sums of a row are added up one after another all the same. */
sealed interface VectorLosses extends Losses permits VectorKernels {
  /** All bits, 16 times, then none: from 16 - n on, the first n lanes of a vector. */
  int[] COLUMN_BITS = IntStream.range(0, 2 * WIDTH).map(i -> i < WIDTH ? -1 : 0).toArray();

  @Override
  default void softmaxCrossEntropy(
      int rows, int columns, float[] x, int stride, int[] classes, float[] losses) {
    if (LANES == WIDTH && columns <= WIDTH) {
      softmaxCrossEntropy(rows, columns, x, classes, losses);
      return;
    }
    int panels = Panels.count(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = columns; j < panels * WIDTH; j++) {
        x[Panels.index(stride, i, j)] = Float.NEGATIVE_INFINITY;
      }
      float ofClass = x[Panels.index(stride, i, classes[i])];
      float largest = Panels.largest(columns, x, stride, i);
      for (int panel = 0; panel < panels; panel++) {
        expLess(largest, x, (panel * stride + i) * WIDTH);
      }
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        sum += x[Panels.index(stride, i, j)];
      }
      for (int panel = 0; panel < panels; panel++) {
        divide(x, (panel * stride + i) * WIDTH, sum);
      }
      losses[i] = ElementaryFunctions.log(sum) - (ofClass - largest);
    }
  }

  /** The same where a row is one vector. */
  private static void softmaxCrossEntropy(
      int rows, int columns, float[] x, int[] classes, float[] losses) {
    IntVector columnBits = IntVector.fromArray(INTS, COLUMN_BITS, WIDTH - columns);
    for (int i = 0; i < rows; i++) {
      int from = i * WIDTH;
      float ofClass = x[from + classes[i]];
      float largest = Float.NEGATIVE_INFINITY;
      for (int j = from; j < from + columns; j++) {
        largest = x[j] > largest ? x[j] : largest;
      }
      FloatVector e = Lanes.exp(FloatVector.fromArray(FLOATS, x, from).sub(largest));
      e = e.reinterpretAsInts().and(columnBits).reinterpretAsFloats();
      e.intoArray(x, from);
      float sum = 0f;
      for (int j = from; j < from + columns; j++) {
        sum += x[j];
      }
      e.div(sum).intoArray(x, from);
      losses[i] = ElementaryFunctions.log(sum) - (ofClass - largest);
    }
  }

  /** x = exp(x - subtracted) over a panel's row. */
  private static void expLess(float subtracted, float[] x, int from) {
    for (int lane = 0; lane < WIDTH; lane += LANES) {
      Lanes.exp(FloatVector.fromArray(FLOATS, x, from + lane).sub(subtracted))
          .intoArray(x, from + lane);
    }
  }

  /** x = x / divisor over a panel's row. */
  private static void divide(float[] x, int from, float divisor) {
    for (int lane = 0; lane < WIDTH; lane += LANES) {
      FloatVector.fromArray(FLOATS, x, from + lane).div(divisor).intoArray(x, from + lane);
    }
  }

  @Override
  default void differences(
      int rows,
      int columns,
      float[] outputs,
      int stride,
      int[] classes,
      float factor,
      float[] delta) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int from = panel * stride * WIDTH;
      for (int i = from; i < from + rows * WIDTH; i += LANES) {
        FloatVector.fromArray(FLOATS, outputs, i).mul(factor).intoArray(delta, i);
      }
    }
    for (int i = 0; i < rows; i++) {
      int ofClass = Panels.index(stride, i, classes[i]);
      delta[ofClass] = (outputs[ofClass] - 1f) * factor;
      Panels.clearFill(columns, delta, stride, i);
    }
  }
}
