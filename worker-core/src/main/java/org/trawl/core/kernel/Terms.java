package org.trawl.core.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Which terms of a transposed product count: aᵀ b sums over the rows of a and b, and a tile of it,
 * 8 columns of a, needs those rows only in which one of its columns is not 0. Of the pixels of an
 * image half or more are 0, and they lie together.
 *
 * <p>What is left out is the same for all {@link Kernels}, so that they give the same bits where it
 * makes a difference: where a sum is -0 or b is not finite.
 */
public final class Terms {
  /** Columns of a that make a tile. */
  static final int TILE = Panels.TILE_ROWS;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Where the rows that count stand in a panel, tile by tile, in order. */
  final int[] places;

  /** The end of each tile's places; the first tile's start at 0. */
  final int[] ends;

  private final int tiles;
  private boolean fewer;

  /**
   * Room for a matrix.
   *
   * @param depth rows of a, at most
   * @param columns of a
   */
  public Terms(int depth, int columns) {
    this.tiles = (columns + TILE - 1) / TILE;
    this.places = new int[tiles * depth];
    this.ends = new int[tiles];
  }

  /** Whether so many terms can be left out, of the matrix looked at last, that it is worthwhile. */
  public boolean fewer() {
    return fewer;
  }

  /** For a matrix of which all terms count, or that is not looked at. */
  public void all() {
    fewer = false;
  }

  /**
   * Finds the terms that count.
   *
   * @param a depth x columns, from 0, with stride rows a panel; its last panel is filled up with 0
   */
  public void find(int depth, float[] a, int stride) {
    int found = 0;
    for (int tile = 0; tile < tiles; tile++) {
      found = find(depth, a, Panels.index(stride, 0, tile * TILE), found);
      ends[tile] = found;
    }
    decide(depth);
  }

  /** Of one tile; without branches, because what counts is hard to foretell. */
  private int find(int depth, float[] a, int from, int found) {
    int next = found;
    for (int place = 0; place < depth * Panels.WIDTH; place += Panels.WIDTH) {
      int i = from + place;
      int bits =
          Float.floatToRawIntBits(a[i])
              | Float.floatToRawIntBits(a[i + 1])
              | Float.floatToRawIntBits(a[i + 2])
              | Float.floatToRawIntBits(a[i + 3])
              | Float.floatToRawIntBits(a[i + 4])
              | Float.floatToRawIntBits(a[i + 5])
              | Float.floatToRawIntBits(a[i + 6])
              | Float.floatToRawIntBits(a[i + 7]);
      places[next] = place;
      next += (bits | -bits) >>> (Integer.SIZE - 1);
    }
    return next;
  }

  /**
   * Finds the terms that count of a matrix gathered from bytes, each of them 0 in the matrix if,
   * and only if, it is 0 itself.
   *
   * @param source unsigned bytes, sample by sample, columns a sample
   * @param rowNumbers of the samples, depth of them from {@code from} on
   */
  public void find(int depth, int columns, byte[] source, int[] rowNumbers, int from) {
    int found = 0;
    for (int tile = 0; tile < tiles; tile++) {
      int column = tile * TILE;
      found =
          column + TILE <= columns
              ? find(depth, columns, source, rowNumbers, from, column, found)
              : findLast(depth, columns, source, rowNumbers, from, column, found);
      ends[tile] = found;
    }
    decide(depth);
  }

  private int find(
      int depth, int columns, byte[] source, int[] rowNumbers, int from, int column, int found) {
    int next = found;
    for (int i = 0; i < depth; i++) {
      long bits = (long) EIGHT_BYTES.get(source, rowNumbers[from + i] * columns + column);
      places[next] = i * Panels.WIDTH;
      next += (int) ((bits | -bits) >>> (Long.SIZE - 1));
    }
    return next;
  }

  /** Of a tile that the columns do not fill. */
  private int findLast(
      int depth, int columns, byte[] source, int[] rowNumbers, int from, int column, int found) {
    int next = found;
    for (int i = 0; i < depth; i++) {
      int bits = 0;
      for (int j = column; j < columns; j++) {
        bits |= source[rowNumbers[from + i] * columns + j];
      }
      places[next] = i * Panels.WIDTH;
      next += (bits | -bits) >>> (Integer.SIZE - 1);
    }
    return next;
  }

  /** A term by its place takes a little longer than one in a row of all. */
  private void decide(int depth) {
    int all = tiles * depth;
    fewer = tiles > 0 && ends[tiles - 1] < all - all / 8;
  }
}
