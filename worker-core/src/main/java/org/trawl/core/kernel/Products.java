package org.trawl.core.kernel;

import static org.trawl.core.kernel.Panels.WIDTH;

import java.util.Arrays;

/**
 * Products of matrices, and what turns one for them. Each element of a product is summed in order
 * with fused multiply-add.
 */
public sealed interface Products permits Kernels, VectorProducts {
  /**
   * c = a b: forward with a the samples and b the weights, backward with a the deltas and b the
   * transposed weights.
   *
   * @param depth columns of a and rows of b: the terms of each sum, in order
   * @param a rows (filled up to a multiple of {@link Panels#TILE_ROWS}) x depth, from aFrom, with
   *     aStride rows a panel
   * @param terms of a that count; null for all. For a single panel of c all are taken
   * @param firstTile number of the tile of terms that the first 8 rows of a are
   * @param b depth x columns, from bFrom, with bStride rows a panel
   * @param c rows (filled up likewise) x columns, from cFrom, with cStride rows a panel; written
   */
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
    Terms fewer = Panels.count(columns) > 1 ? terms : null;
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int bPanel = bFrom + panel * bStride * WIDTH;
      for (int i = 0; i < rows; i++) {
        int cRow = cFrom + (panel * cStride + i) * WIDTH;
        Arrays.fill(c, cRow, cRow + WIDTH, 0f);
        int tile = firstTile + i / Terms.TILE;
        int to = fewer == null ? depth : fewer.ends[tile];
        for (int p = fewer == null ? 0 : fewer.begin(tile); p < to; p++) {
          int place = fewer == null ? p * WIDTH : fewer.places[p];
          float term = a[aFrom + Panels.index(aStride, i, place / WIDTH)];
          for (int q = 0; q < WIDTH; q++) {
            c[cRow + q] = Math.fma(term, b[bPanel + place + q], c[cRow + q]);
          }
        }
      }
    }
  }

  /**
   * c = aᵀ b, or c + aᵀ b: the gradient of weights with a the samples and b the deltas.
   *
   * @param depth rows of a and of b: the terms of each sum, in order
   * @param a depth x rows, from aFrom, with aStride rows a panel
   * @param b depth x columns, from bFrom, with bStride rows a panel
   * @param terms of a that count; null for all. For a single panel of c all are taken
   * @param firstTile number of the tile of terms that the first 8 rows of c are
   * @param add whether the sums go on from what c holds; else they start at 0
   * @param c rows (filled up to a multiple of {@link Panels#TILE_ROWS}) x columns, from cFrom, with
   *     cStride rows a panel; written
   */
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
    Terms fewer = Panels.count(columns) > 1 ? terms : null;
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int bPanel = bFrom + panel * bStride * WIDTH;
      for (int i = 0; i < rows; i++) {
        int aColumn = aFrom + Panels.index(aStride, 0, i);
        int cRow = cFrom + (panel * cStride + i) * WIDTH;
        if (!add) {
          Arrays.fill(c, cRow, cRow + WIDTH, 0f);
        }
        int tile = firstTile + i / Terms.TILE;
        int to = fewer == null ? depth : fewer.ends[tile];
        for (int p = fewer == null ? 0 : fewer.begin(tile); p < to; p++) {
          int place = fewer == null ? p * WIDTH : fewer.places[p];
          float term = a[aColumn + place];
          for (int q = 0; q < WIDTH; q++) {
            c[cRow + q] = Math.fma(term, b[bPanel + place + q], c[cRow + q]);
          }
        }
      }
    }
  }

  /**
   * target = sourceᵀ.
   *
   * @param source rows x columns, from sourceFrom, with sourceStride rows a panel
   * @param target columns x rows, from 0, with targetStride rows a panel; its last panel is filled
   *     up with 0; written
   */
  default void transpose(
      int rows,
      int columns,
      float[] source,
      int sourceFrom,
      int sourceStride,
      float[] target,
      int targetStride) {
    for (int i = 0; i < rows; i++) {
      int targetColumn = Panels.index(targetStride, 0, i);
      for (int j = 0; j < columns; j++) {
        target[targetColumn + j * WIDTH] = source[sourceFrom + Panels.index(sourceStride, i, j)];
      }
    }
    for (int j = 0; j < columns; j++) {
      Panels.clearFill(rows, target, targetStride, j);
    }
  }
}
