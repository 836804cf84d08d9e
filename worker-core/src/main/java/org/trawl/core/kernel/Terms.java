package org.trawl.core.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Which terms of a product count. A tile of a product multiplies 4 rows of the batch, or with the
 * batch transposed 4 of its columns, by the same rows of another matrix; where all 4 are 0 the term
 * can be left out. Of the pixels of an image half or more are 0, and they lie together.
 *
 * <p>What is left out is the same for all {@link Kernels}, so that they give the same bits where it
 * makes a difference: where a sum is -0 or a factor of 0 is not finite.
 */
public final class Terms {
  /** Rows or columns of a tile. */
  public static final int TILE = 4;

  /** What {@link #places} has beyond the terms, so that 8 can be written where fewer are left. */
  private static final int SPARE = 8;

  /** The terms that an element of {@link #masks} tells of. */
  static final int MASK_TERMS = Integer.SIZE;

  private static final VarHandle FOUR_BYTES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  /** The numbers of the terms that count, times a panel's width, tile by tile, in order. */
  final int[] places;

  /** The end of each tile's places; the first tile's start at 0. */
  final int[] ends;

  /** Room for a bit a term: of 32 terms of each tile, then of the next 32. */
  final int[] masks;

  private boolean fewer;

  /**
   * Room for a product.
   *
   * @param lines rows of the batch, or its columns with the batch transposed
   * @param depth the terms of each sum
   */
  public Terms(int lines, int depth) {
    int tiles = tiles(lines);
    this.places = new int[tiles * depth + SPARE];
    this.ends = new int[tiles];
    this.masks = new int[tiles * ((depth + MASK_TERMS - 1) / MASK_TERMS)];
  }

  /** Integers in the arrays of such a room. */
  public static long length(int lines, int depth) {
    return tiles(lines) * (depth + 1L + (depth + MASK_TERMS - 1) / MASK_TERMS) + SPARE;
  }

  /** The tiles of so many rows or columns. */
  static int tiles(int lines) {
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
   * Finds the terms of the transposed batch: of 4 columns, the rows in which one is not 0.
   *
   * @param batch rows x columns, with stride rows a panel; its last panel is filled up with 0
   */
  public void findInColumns(int rows, int columns, float[] batch, int stride) {
    int found = 0;
    for (int tile = 0; tile < tiles(columns); tile++) {
      int from = Panels.index(stride, 0, tile * TILE);
      for (int i = 0; i < rows; i++) {
        places[found] = i * Panels.WIDTH;
        found += notZero(TILE, batch, from + i * Panels.WIDTH, 1);
      }
      ends[tile] = found;
    }
    decide(columns, rows);
  }

  /**
   * Finds the terms of the batch: of 4 rows, the columns in which one is not 0.
   *
   * @param batch rows x columns, with stride rows a panel
   */
  public void findInRows(int rows, int columns, float[] batch, int stride) {
    int found = 0;
    for (int tile = 0; tile < tiles(rows); tile++) {
      int row = tile * TILE;
      int count = Math.min(TILE, rows - row);
      for (int j = 0; j < columns; j++) {
        places[found] = j * Panels.WIDTH;
        found += notZero(count, batch, Panels.index(stride, row, j), Panels.WIDTH);
      }
      ends[tile] = found;
    }
    decide(rows, columns);
  }

  /**
   * 1 if one of some values is not +0, else 0; without branches, because it is hard to foretell.
   */
  private static int notZero(int count, float[] values, int from, int step) {
    int bits = 0;
    for (int i = 0; i < count; i++) {
      bits |= Float.floatToRawIntBits(values[from + i * step]);
    }
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
          int bits = (int) FOUR_BYTES.get(source, rowNumbers[from + i] * columns + column);
          places[found] = i * Panels.WIDTH;
          found += (bits | -bits) >>> (Integer.SIZE - 1);
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
      for (; column + Long.BYTES <= columns; column += Long.BYTES) {
        long bits = 0;
        for (int i = first; i < end; i++) {
          bits |= (long) EIGHT_BYTES.get(source, rowNumbers[i] * columns + column);
        }
        // The highest bit of each byte that is not 0.
        long high = (bits & LOW_BITS) + LOW_BITS | bits;
        for (int j = 0; j < Long.BYTES; j++) {
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
  void decide(int lines, int depth) {
    int all = tiles(lines) * depth;
    fewer = ends[tiles(lines) - 1] < all - all / 8;
  }
}
