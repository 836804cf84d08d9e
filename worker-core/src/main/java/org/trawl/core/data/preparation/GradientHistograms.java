package org.trawl.core.data.preparation;

import java.util.Arrays;
import org.trawl.core.data.sample.SampleShape;

/**
 * Histograms of oriented gradients of one image (N. Dalal and B. Triggs, "Histograms of Oriented
 * Gradients for Human Detection", CVPR 2005), in the form of scikit-image's {@code hog} with block
 * norm L2-Hys:
 *
 * <ul>
 *   <li>the gradient of a pixel is the difference of its two neighbours, 0 at a border; of several
 *       channels, that of the first with the largest magnitude;
 *   <li>a cell's histogram is the sum of the magnitudes by orientation, 0 to 180 degrees in equal
 *       bins, over the number of its pixels; what is left of an image beside whole cells is not
 *       used;
 *   <li>a block of cells, at every place where one fits, is divided by its length, cut at 0.2 and
 *       divided by its length again.
 * </ul>
 *
 * Features are in the order block row, block column, cell row, cell column, orientation. With its
 * own buffers; for one thread.
 */
final class GradientHistograms {
  private static final double DEGREES = 180 / Math.PI;
  private static final double EPSILON = 1e-5;
  private static final double CUT = 0.2;

  private final SampleShape shape;
  private final PrepareStep.Hog step;
  private final int cellsDown;
  private final int cellsAcross;
  private final double[] edges;
  private final double[] histograms;
  private final double[] block;

  GradientHistograms(SampleShape shape, PrepareStep.Hog step) {
    this.shape = shape;
    this.step = step;
    cellsDown = shape.rows() / step.pixelRows();
    cellsAcross = shape.columns() / step.pixelColumns();
    edges = new double[step.orientations() + 1];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = 180.0 / step.orientations() * i;
    }
    histograms = new double[cellsDown * cellsAcross * step.orientations()];
    block = new double[step.cellRows() * step.cellColumns() * step.orientations()];
  }

  /** The number of features; 0 where not one block fits. */
  static long features(SampleShape shape, PrepareStep.Hog step) {
    long down = shape.rows() / step.pixelRows() - step.cellRows() + 1L;
    long across = shape.columns() / step.pixelColumns() - step.cellColumns() + 1L;
    return down < 1 || across < 1
        ? 0
        : down * across * step.cellRows() * step.cellColumns() * step.orientations();
  }

  /** From and to places in arrays. */
  void apply(float[] source, int from, float[] target, int to) {
    Arrays.fill(histograms, 0);
    for (int row = 0; row < cellsDown * step.pixelRows(); row++) {
      for (int column = 0; column < cellsAcross * step.pixelColumns(); column++) {
        addPixel(source, from, row, column);
      }
    }
    double pixels = (double) step.pixelRows() * step.pixelColumns();
    for (int i = 0; i < histograms.length; i++) {
      histograms[i] /= pixels;
    }
    int filled = to;
    for (int row = 0; row <= cellsDown - step.cellRows(); row++) {
      for (int column = 0; column <= cellsAcross - step.cellColumns(); column++) {
        takeBlock(row, column);
        divideByLength();
        for (int i = 0; i < block.length; i++) {
          block[i] = Math.min(block[i], CUT);
        }
        divideByLength();
        for (double value : block) {
          target[filled++] = (float) value;
        }
      }
    }
  }

  private void addPixel(float[] source, int from, int row, int column) {
    double down = 0;
    double across = 0;
    double largest = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      double ofRows =
          row == 0 || row == shape.rows() - 1
              ? 0
              : (double) source[from + shape.feature(row + 1, column, channel)]
                  - source[from + shape.feature(row - 1, column, channel)];
      double ofColumns =
          column == 0 || column == shape.columns() - 1
              ? 0
              : (double) source[from + shape.feature(row, column + 1, channel)]
                  - source[from + shape.feature(row, column - 1, channel)];
      double magnitude = Math.sqrt(ofRows * ofRows + ofColumns * ofColumns);
      if (magnitude > largest) {
        largest = magnitude;
        down = ofRows;
        across = ofColumns;
      }
    }
    if (largest > 0) {
      int cell = row / step.pixelRows() * cellsAcross + column / step.pixelColumns();
      int bin = bin(StrictMath.atan2(down, across) * DEGREES % 180);
      if (bin < step.orientations()) {
        histograms[cell * step.orientations() + bin] += largest;
      }
    }
  }

  /** The bin of an angle; the number of bins where rounding makes it 180 degrees. */
  private int bin(double signed) {
    double angle = signed < 0 ? signed + 180 : signed;
    int bin = (int) (angle / edges[1]);
    while (bin > 0 && angle < edges[bin]) {
      bin--;
    }
    while (bin < step.orientations() && angle >= edges[bin + 1]) {
      bin++;
    }
    return bin;
  }

  private void takeBlock(int row, int column) {
    int width = step.cellColumns() * step.orientations();
    for (int i = 0; i < step.cellRows(); i++) {
      int from = ((row + i) * cellsAcross + column) * step.orientations();
      System.arraycopy(histograms, from, block, i * width, width);
    }
  }

  private void divideByLength() {
    double squares = 0;
    for (double value : block) {
      squares += value * value;
    }
    double length = Math.sqrt(squares + EPSILON * EPSILON);
    for (int i = 0; i < block.length; i++) {
      block[i] /= length;
    }
  }
}
