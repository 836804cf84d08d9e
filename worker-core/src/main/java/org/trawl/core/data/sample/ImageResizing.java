package org.trawl.core.data.sample;

/**
 * Resizes images: weights a row and a column, then first columns, then rows. With its own buffer;
 * for one thread.
 */
public final class ImageResizing {
  private final SampleShape shape;
  private final int newRows;
  private final int newColumns;
  private final boolean whole;
  private final Axis rows;
  private final Axis columns;

  /** Images of the old rows and the new columns. */
  private final double[] narrowed;

  /**
   * From one size to another.
   *
   * @param shape of the images that it takes
   * @param rows of those that it makes
   * @param columns of those that it makes
   * @param whole whether the result is rounded to whole numbers, as that of bytes is
   */
  public ImageResizing(SampleShape shape, int rows, int columns, boolean whole) {
    this.shape = shape;
    this.newRows = rows;
    this.newColumns = columns;
    this.whole = whole;
    this.rows = new Axis(shape.rows(), rows);
    this.columns = new Axis(shape.columns(), columns);
    narrowed = new double[shape.rows() * columns * shape.channels()];
  }

  /** Resizes one image from and to places in arrays. */
  public void apply(float[] source, int from, float[] target, int to) {
    int channels = shape.channels();
    int oldStride = shape.columns() * channels;
    int stride = newColumns * channels;
    for (int row = 0; row < shape.rows(); row++) {
      for (int column = 0; column < newColumns; column++) {
        double[] weights = columns.weights[column];
        int first = from + row * oldStride + columns.first[column] * channels;
        for (int channel = 0; channel < channels; channel++) {
          double sum = 0;
          for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * source[first + i * channels + channel];
          }
          narrowed[row * stride + column * channels + channel] = sum;
        }
      }
    }
    for (int row = 0; row < newRows; row++) {
      double[] weights = rows.weights[row];
      int first = rows.first[row] * stride;
      for (int i = 0; i < stride; i++) {
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
          sum += weights[j] * narrowed[first + j * stride + i];
        }
        target[to + row * stride + i] = (float) (whole ? Math.floor(sum + 0.5) : sum);
      }
    }
  }

  /** For each new pixel along one side: the first old one that counts, and the weights from it. */
  private static final class Axis {
    final int[] first;
    final double[][] weights;

    Axis(int oldSize, int newSize) {
      first = new int[newSize];
      weights = new double[newSize][];
      double ratio = (double) oldSize / newSize;
      double reach = Math.max(1, ratio);
      for (int i = 0; i < newSize; i++) {
        double centre = (i + 0.5) * ratio - 0.5;
        int from = (int) Math.max(0, Math.ceil(centre - reach));
        int to = (int) Math.min(oldSize - 1, Math.floor(centre + reach));
        first[i] = from;
        weights[i] = new double[to - from + 1];
        double sum = 0;
        for (int j = from; j <= to; j++) {
          weights[i][j - from] = Math.max(0, 1 - Math.abs(j - centre) / reach);
          sum += weights[i][j - from];
        }
        for (int j = 0; j < weights[i].length; j++) {
          weights[i][j] /= sum;
        }
      }
    }
  }
}
