package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.LANES;
import static org.trawl.core.kernel.Panels.WIDTH;

/**
 * Products on vectors.
 *
 * <p>A product of which all terms count keeps a tile of 8 rows and 1 or 2 panels in registers
 * ({@link VectorTiles}): per term 8 broadcasts and 2 loads feed 16 multiply-adds. Where terms are
 * left out a tile has 4 rows and 2 to 4 panels ({@link VectorTermTiles}), because more zeros of 4
 * rows coincide than of 8: 4 broadcasts and 4 loads feed as many. That is for vectors of 16 floats
 * and 32 registers; narrower machines take a panel's vectors one by one, or of the terms that count
 * two at a time. A tile's loop is one loop over consecutive memory, or over a list of places in it,
 * and the tile is stored before anything else is done to it: with a nested loop, or an epilogue of
 * arithmetic, C2 of JDK 17 reaches its limit of nodes and puts every vector into an object
 * (measured: 6 instead of 114 GFLOP/s of a peak of 117). Blocks of terms that stay in the
 * first-level cache were not faster.
 */
sealed interface VectorProducts extends Products permits VectorKernels {
  /**
   * Terms that a product of all terms takes of all tiles before the next ones: two panels of so
   * many rows, 128 KB, leave room in the second-level cache (784x256x7000: 103 instead of 76
   * GFLOP/s of 117).
   */
  int DEPTH = 1024;

  @Override
  default void multiply(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      float[] c,
      int cFrom,
      int cStride) {
    int panels = Panels.count(columns);
    if (terms != null && panels > 1) {
      multiplyTerms(
          rows, panels, a, aFrom, aStride, terms, firstTile, b, bFrom, bStride, c, cFrom, cStride);
      return;
    }
    int done = 0;
    do {
      multiplyAll(
          rows,
          panels,
          Math.min(DEPTH, depth - done),
          a,
          aFrom + Panels.index(aStride, 0, done),
          aStride,
          b,
          bFrom + done * WIDTH,
          bStride,
          done > 0,
          c,
          cFrom,
          cStride);
      done += DEPTH;
    } while (done < depth);
  }

  /** Of all terms. */
  private static void multiplyAll(
      int rows,
      int panels,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    int bPanel = bStride * WIDTH;
    int cPanel = cStride * WIDTH;
    int panel = 0;
    if (LANES == WIDTH) {
      for (; panel + 1 < panels; panel += 2) {
        int b0 = bFrom + panel * bPanel;
        int c0 = cFrom + panel * cPanel;
        for (int i = 0; i < rows; i += Panels.TILE_ROWS) {
          int row = c0 + i * WIDTH;
          int from = aFrom + i * WIDTH;
          VectorTiles.ofTwo(depth, a, from, aStride, b, b0, b0 + bPanel, add, c, row, row + cPanel);
        }
      }
    }
    for (; panel < panels; panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int b0 = bFrom + panel * bPanel + lane;
        int c0 = cFrom + panel * cPanel + lane;
        for (int i = 0; i < rows; i += Panels.TILE_ROWS) {
          int from = aFrom + i * WIDTH;
          VectorTiles.ofOne(depth, a, from, aStride, b, b0, add, c, c0 + i * WIDTH);
        }
      }
    }
  }

  /** Of the terms that count, and of two panels or more. */
  private static void multiplyTerms(
      int rows,
      int panels,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      float[] c,
      int cFrom,
      int cStride) {
    int vectors = panels * WIDTH / LANES;
    for (int vector = 0; vector < vectors; ) {
      int size = LANES == WIDTH ? Panels.group(vectors - vector) : 2;
      int b0 = bFrom + place(vector, bStride);
      int b1 = bFrom + place(vector + 1, bStride);
      int b2 = bFrom + place(vector + 2, bStride);
      int b3 = bFrom + place(vector + 3, bStride);
      int c0 = cFrom + place(vector, cStride);
      int c1 = cFrom + place(vector + 1, cStride);
      int c2 = cFrom + place(vector + 2, cStride);
      int c3 = cFrom + place(vector + 3, cStride);
      for (int i = 0; i < rows; i += Terms.TILE) {
        int tile = firstTile + i / Terms.TILE;
        int from = aFrom + i * WIDTH;
        int row = i * WIDTH;
        int row0 = c0 + row;
        int row1 = c1 + row;
        if (size == 2) {
          VectorTermTiles.ofTwo(terms, tile, a, from, aStride, b, b0, b1, c, row0, row1);
        } else if (size == 3) {
          VectorTermTiles.ofThree(
              terms, tile, a, from, aStride, b, b0, b1, b2, c, row0, row1, c2 + row);
        } else {
          VectorTermTiles.ofFour(
              terms, tile, a, from, aStride, b, b0, b1, b2, b3, c, row0, row1, c2 + row, c3 + row);
        }
      }
      vector += size;
    }
  }

  /** The place of a row's n-th vector. */
  private static int place(int vector, int stride) {
    int lane = vector * LANES;
    return (lane / WIDTH * stride) * WIDTH + lane % WIDTH;
  }

  @Override
  default void multiplyTransposed(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    int panels = Panels.count(columns);
    if (terms != null && panels > 1) {
      multiplyTransposedTerms(
          rows, panels, a, aFrom, aStride, terms, firstTile, b, bFrom, bStride, add, c, cFrom,
          cStride);
      return;
    }
    int done = 0;
    do {
      multiplyAllTransposed(
          rows,
          panels,
          Math.min(DEPTH, depth - done),
          a,
          aFrom + done * WIDTH,
          aStride,
          b,
          bFrom + done * WIDTH,
          bStride,
          add || done > 0,
          c,
          cFrom,
          cStride);
      done += DEPTH;
    } while (done < depth);
  }

  /** Of all terms. */
  private static void multiplyAllTransposed(
      int rows,
      int panels,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    int bPanel = bStride * WIDTH;
    int cPanel = cStride * WIDTH;
    int panel = 0;
    if (LANES == WIDTH) {
      for (; panel + 1 < panels; panel += 2) {
        int b0 = bFrom + panel * bPanel;
        int c0 = cFrom + panel * cPanel;
        for (int i = 0; i < rows; i += Panels.TILE_ROWS) {
          int row = c0 + i * WIDTH;
          int from = aFrom + Panels.index(aStride, 0, i);
          VectorTiles.transposedOfTwo(
              depth, a, from, b, b0, b0 + bPanel, add, c, row, row + cPanel);
        }
      }
    }
    for (; panel < panels; panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int b0 = bFrom + panel * bPanel + lane;
        int c0 = cFrom + panel * cPanel + lane;
        for (int i = 0; i < rows; i += Panels.TILE_ROWS) {
          int from = aFrom + Panels.index(aStride, 0, i);
          VectorTiles.transposedOfOne(depth, a, from, b, b0, add, c, c0 + i * WIDTH);
        }
      }
    }
  }

  /** Of the terms that count, and of two panels or more. */
  private static void multiplyTransposedTerms(
      int rows,
      int panels,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    int vectors = panels * WIDTH / LANES;
    for (int vector = 0; vector < vectors; ) {
      int size = LANES == WIDTH ? Panels.group(vectors - vector) : 2;
      int b0 = bFrom + place(vector, bStride);
      int b1 = bFrom + place(vector + 1, bStride);
      int b2 = bFrom + place(vector + 2, bStride);
      int b3 = bFrom + place(vector + 3, bStride);
      int c0 = cFrom + place(vector, cStride);
      int c1 = cFrom + place(vector + 1, cStride);
      int c2 = cFrom + place(vector + 2, cStride);
      int c3 = cFrom + place(vector + 3, cStride);
      for (int i = 0; i < rows; i += Terms.TILE) {
        int tile = firstTile + i / Terms.TILE;
        int from = aFrom + Panels.index(aStride, 0, i);
        int row = i * WIDTH;
        int row0 = c0 + row;
        int row1 = c1 + row;
        if (size == 2) {
          VectorTermTiles.transposedOfTwo(terms, tile, a, from, b, b0, b1, add, c, row0, row1);
        } else if (size == 3) {
          VectorTermTiles.transposedOfThree(
              terms, tile, a, from, b, b0, b1, b2, add, c, row0, row1, c2 + row);
        } else {
          VectorTermTiles.transposedOfFour(
              terms, tile, a, from, b, b0, b1, b2, b3, add, c, row0, row1, c2 + row, c3 + row);
        }
      }
      vector += size;
    }
  }

  @Override
  default void transpose(
      int rows,
      int columns,
      float[] source,
      int sourceFrom,
      int sourceStride,
      float[] target,
      int targetStride) {
    for (int panel = 0; panel < Panels.count(rows); panel++) {
      int count = Math.min(WIDTH, rows - panel * WIDTH);
      int targetPanel = panel * targetStride * WIDTH;
      for (int from = 0; from < columns; from += WIDTH) {
        int sourceBlock = sourceFrom + Panels.index(sourceStride, panel * WIDTH, from);
        int width = Math.min(WIDTH, columns - from);
        int targetBlock = targetPanel + from * WIDTH;
        if (count == WIDTH) {
          transposeBlock(width, source, sourceBlock, target, targetBlock);
        } else {
          transposePart(count, width, source, sourceBlock, target, targetBlock);
        }
      }
    }
  }

  /** 16 rows x width to width x 16. */
  private static void transposeBlock(
      int width, float[] source, int sourceBlock, float[] target, int targetBlock) {
    for (int j = 0; j < width; j++) {
      int to = targetBlock + j * WIDTH;
      int from = sourceBlock + j;
      target[to] = source[from];
      target[to + 1] = source[from + WIDTH];
      target[to + 2] = source[from + 2 * WIDTH];
      target[to + 3] = source[from + 3 * WIDTH];
      target[to + 4] = source[from + 4 * WIDTH];
      target[to + 5] = source[from + 5 * WIDTH];
      target[to + 6] = source[from + 6 * WIDTH];
      target[to + 7] = source[from + 7 * WIDTH];
      target[to + 8] = source[from + 8 * WIDTH];
      target[to + 9] = source[from + 9 * WIDTH];
      target[to + 10] = source[from + 10 * WIDTH];
      target[to + 11] = source[from + 11 * WIDTH];
      target[to + 12] = source[from + 12 * WIDTH];
      target[to + 13] = source[from + 13 * WIDTH];
      target[to + 14] = source[from + 14 * WIDTH];
      target[to + 15] = source[from + 15 * WIDTH];
    }
  }

  /** Fewer than 16 rows; the rest of the target's rows is 0. */
  private static void transposePart(
      int count, int width, float[] source, int sourceBlock, float[] target, int targetBlock) {
    for (int j = 0; j < width; j++) {
      int to = targetBlock + j * WIDTH;
      for (int i = 0; i < count; i++) {
        target[to + i] = source[sourceBlock + i * WIDTH + j];
      }
      for (int i = count; i < WIDTH; i++) {
        target[to + i] = 0f;
      }
    }
  }
}
