package org.trawl.core.kernel;

import java.util.Arrays;
import java.util.Locale;

/**
 * How every matrix of a step lies in memory: as panels of 16 columns, each panel row by row without
 * gaps. A panel's row is one vector of the widest machine, so that a product walks all its operands
 * one element after another, whatever the sizes are; the last panel is filled up with columns whose
 * values mean nothing, but that are 0 in parameters.
 *
 * <p>The element (row, column) of a matrix with {@code stride} rows of memory a panel stands at
 * {@code (column / 16 * stride + row) * 16 + column % 16}.
 */
public final class Panels {
  /** Columns of a panel. */
  public static final int WIDTH = 16;

  /** Rows that a product writes at a time: the stride of what it writes is a multiple of it. */
  public static final int TILE_ROWS = 8;

  /** Panels that a product takes at once, at most. */
  public static final int MOST_PANELS = 4;

  private Panels() {}

  /** The number of panels of so many columns. */
  public static int count(int columns) {
    return (columns + WIDTH - 1) / WIDTH;
  }

  /**
   * How many panels to take at once, of so many that are left: as many as a tile has, and never so
   * that a single one remains.
   */
  public static int group(int panels) {
    if (panels <= MOST_PANELS) {
      return panels;
    }
    return panels < 2 * MOST_PANELS - 1 ? MOST_PANELS - 1 : MOST_PANELS;
  }

  /** The stride that lets a product write so many rows. */
  public static int paddedRows(int rows) {
    return (rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
  }

  /**
   * The length of a matrix in memory.
   *
   * @throws IllegalArgumentException if it does not fit one array
   */
  public static int length(int stride, int columns) {
    long length = (long) count(columns) * WIDTH * stride;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot hold a matrix of %d x %d in one array (at most %d values)",
              stride,
              columns,
              Integer.MAX_VALUE - 8));
    }
    return (int) length;
  }

  /** The place of an element. */
  public static int index(int stride, int row, int column) {
    return (column / WIDTH * stride + row) * WIDTH + column % WIDTH;
  }

  /** The largest value of a row; what is not a number is passed by. */
  static float largest(int columns, float[] matrix, int stride, int row) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < columns; j++) {
      float value = matrix[index(stride, row, j)];
      largest = value > largest ? value : largest;
    }
    return largest;
  }

  /** Sets a row's elements beyond the columns of a matrix, in its last panel, to 0. */
  static void clearFill(int columns, float[] matrix, int stride, int row) {
    for (int j = columns; j < count(columns) * WIDTH; j++) {
      matrix[index(stride, row, j)] = 0f;
    }
  }

  /** Sets the columns that fill up a matrix's last panel to 0. */
  public static void clearFill(int rows, int columns, float[] matrix, int stride) {
    if (columns % WIDTH != 0) {
      for (int i = 0; i < rows; i++) {
        int from = index(stride, i, columns);
        Arrays.fill(matrix, from, from + WIDTH - columns % WIDTH, 0f);
      }
    }
  }
}
