package org.trawl.core.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Which terms of a product count. A tile of a product multiplies 8 rows of the batch, or with the
 * batch transposed 8 of its columns, by the same rows of another matrix; where all 8 are 0 the term
 * can be left out. Of the pixels of an image half or more are 0, and they lie together.
 *
 * <p>What is left out is the same for all {@link Kernels}, so that they give the same bits where it
 * makes a difference: where a sum is -0 or a factor of 0 is not finite.
 */
public final class Terms {
  /** Rows or columns of a tile. */
  static final int TILE = Panels.TILE_ROWS;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  /** The numbers of the terms that count, times a panel's width, tile by tile, in order. */
  final int[] places;

  /** The end of each tile's places; the first tile's start at 0. */
  final int[] ends;

  private boolean fewer;

  /**
   * Room for a product.
   *
   * @param lines rows of the batch, or its columns with the batch transposed
   * @param depth the terms of each sum
   */
  public Terms(int lines, int depth) {
    int tiles = tiles(lines);
    this.places = new int[tiles * depth];
    this.ends = new int[tiles];
  }

  private static int tiles(int lines) {
    return (lines + TILE - 1) / TILE;
  }

  /** Whether so many terms can be left out, of what was looked at last, that it is worthwhile. */
  public boolean fewer() {
    return fewer;
  }

  /** For a batch of which all terms count, or that is not looked at. */
  public void all() {
    fewer = false;
  }

  /** The first place of a tile. */
  int begin(int tile) {
    return tile == 0 ? 0 : ends[tile - 1];
  }

  /**
   * Finds the terms of the transposed batch: of 8 columns, the rows in which one is not 0.
   *
   * @param batch rows x columns, with stride rows a panel; its last panel is filled up with 0
   */
  public void findInColumns(int rows, int columns, float[] batch, int stride) {
    int found = 0;
    for (int tile = 0; tile < tiles(columns); tile++) {
      int from = Panels.index(stride, 0, tile * TILE);
      for (int i = 0; i < rows; i++) {
        places[found] = i * Panels.WIDTH;
        found += notZero(batch, from + i * Panels.WIDTH, 1);
      }
      ends[tile] = found;
    }
    decide(columns, rows);
  }

  /**
   * Finds the terms of the batch: of 8 rows, the columns in which one is not 0.
   *
   * @param batch rows, filled up with rows of any values, x columns, with stride rows a panel
   */
  public void findInRows(int rows, int columns, float[] batch, int stride) {
    int found = 0;
    for (int tile = 0; tile < tiles(rows); tile++) {
      for (int j = 0; j < columns; j++) {
        places[found] = j * Panels.WIDTH;
        found += notZero(batch, Panels.index(stride, tile * TILE, j), Panels.WIDTH);
      }
      ends[tile] = found;
    }
    decide(rows, columns);
  }

  /** 1 if one of 8 values is not +0, else 0; without branches, because it is hard to foretell. */
  private static int notZero(float[] values, int from, int step) {
    int bits =
        Float.floatToRawIntBits(values[from])
            | Float.floatToRawIntBits(values[from + step])
            | Float.floatToRawIntBits(values[from + 2 * step])
            | Float.floatToRawIntBits(values[from + 3 * step])
            | Float.floatToRawIntBits(values[from + 4 * step])
            | Float.floatToRawIntBits(values[from + 5 * step])
            | Float.floatToRawIntBits(values[from + 6 * step])
            | Float.floatToRawIntBits(values[from + 7 * step]);
    return (bits | -bits) >>> (Integer.SIZE - 1);
  }

  /**
   * As {@link #findInColumns(int, int, float[], int)}, of a batch gathered from bytes, each of them
   * 0 in the batch if it is 0 itself.
   *
   * @param source unsigned bytes, sample by sample, columns a sample
   * @param rowNumbers of the samples, so many rows of them from {@code from} on
   */
  public void findInColumns(int rows, int columns, byte[] source, int[] rowNumbers, int from) {
    int found = 0;
    for (int tile = 0; tile < tiles(columns); tile++) {
      int column = tile * TILE;
      if (column + TILE <= columns) {
        for (int i = 0; i < rows; i++) {
          long bits = (long) EIGHT_BYTES.get(source, rowNumbers[from + i] * columns + column);
          places[found] = i * Panels.WIDTH;
          found += (int) ((bits | -bits) >>> (Long.SIZE - 1));
        }
      } else {
        for (int i = 0; i < rows; i++) {
          int bits = 0;
          for (int j = column; j < columns; j++) {
            bits |= source[rowNumbers[from + i] * columns + j];
          }
          places[found] = i * Panels.WIDTH;
          found += (bits | -bits) >>> (Integer.SIZE - 1);
        }
      }
      ends[tile] = found;
    }
    decide(columns, rows);
  }

  /** As {@link #findInRows(int, int, float[], int)}, of a batch gathered from such bytes. */
  public void findInRows(int rows, int columns, byte[] source, int[] rowNumbers, int from) {
    int found = 0;
    for (int tile = 0; tile < tiles(rows); tile++) {
      int first = from + tile * TILE;
      int end = Math.min(first + TILE, from + rows);
      int column = 0;
      for (; column + TILE <= columns; column += TILE) {
        long bits = 0;
        for (int i = first; i < end; i++) {
          bits |= (long) EIGHT_BYTES.get(source, rowNumbers[i] * columns + column);
        }
        // The highest bit of each byte that is not 0.
        long high = (bits & LOW_BITS) + LOW_BITS | bits;
        for (int j = 0; j < TILE; j++) {
          places[found] = (column + j) * Panels.WIDTH;
          found += (int) (high >>> (j * Byte.SIZE + Byte.SIZE - 1)) & 1;
        }
      }
      for (; column < columns; column++) {
        int bits = 0;
        for (int i = first; i < end; i++) {
          bits |= source[rowNumbers[i] * columns + column];
        }
        places[found] = column * Panels.WIDTH;
        found += (bits | -bits) >>> (Integer.SIZE - 1);
      }
      ends[tile] = found;
    }
    decide(rows, columns);
  }

  /** A term by its place takes a little longer than one in a row of all. */
  private void decide(int lines, int depth) {
    int all = tiles(lines) * depth;
    fewer = ends[tiles(lines) - 1] < all - all / 8;
  }
}
