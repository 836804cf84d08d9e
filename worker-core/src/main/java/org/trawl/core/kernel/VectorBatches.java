package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.BYTES;
import static org.trawl.core.kernel.Lanes.FLOATS;
import static org.trawl.core.kernel.Lanes.INTS;
import static org.trawl.core.kernel.Lanes.LANES;
import static org.trawl.core.kernel.Panels.WIDTH;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Samples gathered on vectors, as many columns at a time as a vector has lanes. */
sealed interface VectorBatches extends Batches permits VectorKernels {
  /** As many integers as a vector of floats has tiles of four columns. */
  VectorSpecies<Integer> TILES = VectorSpecies.of(int.class, BYTES.vectorShape());

  VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  @Override
  default void gather(
      byte[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride) {
    int vectors = columns / LANES * LANES;
    // Panel by panel: the loads of many samples from memory overlap, and what is written is one
    // stretch.
    if (BYTES.length() == LANES) {
      for (int j = 0; j < vectors; j += LANES) {
        int to = Panels.index(stride, 0, j);
        gatherColumns(source, columns, j, rowNumbers, from, count, scale, shift, batch, to);
      }
    }
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      for (int j = BYTES.length() == LANES ? vectors : 0; j < columns; j++) {
        float value = source[row + j] & 0xFF;
        batch[Panels.index(stride, i, j)] = Math.fma(value, scale[j], shift[j]);
      }
      Panels.clearFill(columns, batch, stride, i);
    }
  }

  /** The columns from j on, as many as a vector has lanes. */
  private static void gatherColumns(
      byte[] source,
      int columns,
      int j,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int to) {
    FloatVector factor = FloatVector.fromArray(FLOATS, scale, j);
    FloatVector added = FloatVector.fromArray(FLOATS, shift, j);
    for (int i = 0; i < count; i++) {
      IntVector bytes =
          (IntVector)
              ByteVector.fromArray(BYTES, source, rowNumbers[from + i] * columns + j)
                  .convertShape(VectorOperators.B2I, INTS, 0);
      FloatVector values =
          (FloatVector) bytes.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0);
      values.fma(factor, added).intoArray(batch, to + i * WIDTH);
    }
  }

  @Override
  default void gatherTerms(
      byte[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride,
      Terms byRows,
      Terms byColumns) {
    if (BYTES.length() != LANES || columns % WIDTH != 0) {
      Batches.super.gatherTerms(
          source, columns, rowNumbers, from, count, scale, shift, batch, stride, byRows, byColumns);
      return;
    }
    int tiles = Terms.tiles(columns);
    for (int j = 0; j < columns; j += LANES) {
      int to = Panels.index(stride, 0, j);
      for (int i = 0; i < count; i += Terms.MASK_TERMS) {
        int rows = Math.min(Terms.MASK_TERMS, count - i);
        int mask = i / Terms.MASK_TERMS * tiles + j / Terms.TILE;
        gatherAndMask(
            source,
            columns,
            j,
            rowNumbers,
            from + i,
            rows,
            scale,
            shift,
            batch,
            to + i * WIDTH,
            byColumns.masks,
            mask);
      }
    }
    int found = 0;
    for (int tile = 0; tile < tiles; tile++) {
      found = findInMasks(count, byColumns.masks, tile, tiles, byColumns.places, found);
      byColumns.ends[tile] = found;
    }
    byColumns.decide(columns, count);
    found = 0;
    for (int tile = 0; tile < Terms.tiles(count); tile++) {
      int first = from + tile * Terms.TILE;
      int last = from + count - 1;
      int row0 = rowNumbers[first] * columns;
      int row1 = rowNumbers[Math.min(first + 1, last)] * columns;
      int row2 = rowNumbers[Math.min(first + 2, last)] * columns;
      int row3 = rowNumbers[Math.min(first + 3, last)] * columns;
      found = findInRows(columns, source, row0, row1, row2, row3, byRows.places, found);
      byRows.ends[tile] = found;
    }
    byRows.decide(count, columns);
  }

  /**
   * The columns from j on of up to 32 samples; and a mask for each four of these columns: bit i
   * tells whether one of the i-th sample's is not 0.
   */
  private static void gatherAndMask(
      byte[] source,
      int columns,
      int j,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int to,
      int[] masks,
      int mask) {
    FloatVector factor = FloatVector.fromArray(FLOATS, scale, j);
    FloatVector added = FloatVector.fromArray(FLOATS, shift, j);
    IntVector found = IntVector.zero(TILES);
    for (int i = 0; i < count; i++) {
      ByteVector bytes = ByteVector.fromArray(BYTES, source, rowNumbers[from + i] * columns + j);
      IntVector numbers = (IntVector) bytes.convertShape(VectorOperators.B2I, INTS, 0);
      FloatVector values =
          (FloatVector) numbers.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0);
      values.fma(factor, added).intoArray(batch, to + i * WIDTH);
      VectorMask<Integer> notZero = bytes.reinterpretAsInts().compare(VectorOperators.NE, 0);
      found = found.blend(found.or(1 << i), notZero);
    }
    found.intoArray(masks, mask);
  }

  /** The columns in which one of four samples is not 0, 8 at a time. */
  private static int findInRows(
      int columns, byte[] source, int row0, int row1, int row2, int row3, int[] places, int found) {
    int next = found;
    for (int j = 0; j < columns; j += Byte.SIZE) {
      long bytes =
          (long) EIGHT_BYTES.get(source, row0 + j)
              | (long) EIGHT_BYTES.get(source, row1 + j)
              | (long) EIGHT_BYTES.get(source, row2 + j)
              | (long) EIGHT_BYTES.get(source, row3 + j);
      // The highest bit of each byte that is not 0, then those of all bytes side by side.
      long high = (bytes & 0x7F7F7F7F7F7F7F7FL) + 0x7F7F7F7F7F7F7F7FL | bytes;
      int bits = (int) ((high >>> 7 & 0x0101010101010101L) * 0x0102040810204080L >>> 56);
      Lanes.bitPlaces(bits, j * WIDTH).intoArray(places, next);
      next += Integer.bitCount(bits);
    }
    return next;
  }

  /** The rows whose bits are 1 in the masks of a tile. */
  private static int findInMasks(
      int rows, int[] masks, int tile, int tiles, int[] places, int found) {
    int next = found;
    for (int i = 0; i < rows; i += Byte.SIZE) {
      int bits = masks[tile + i / Terms.MASK_TERMS * tiles] >>> (i % Terms.MASK_TERMS) & 0xFF;
      Lanes.bitPlaces(bits, i * WIDTH).intoArray(places, next);
      next += Integer.bitCount(bits);
    }
    return next;
  }

  @Override
  default void gather(
      float[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride) {
    int vectors = columns / LANES * LANES;
    for (int j = 0; j < vectors; j += LANES) {
      int to = Panels.index(stride, 0, j);
      gatherColumns(source, columns, j, rowNumbers, from, count, scale, shift, batch, to);
    }
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      for (int j = vectors; j < columns; j++) {
        batch[Panels.index(stride, i, j)] = Math.fma(source[row + j], scale[j], shift[j]);
      }
      Panels.clearFill(columns, batch, stride, i);
    }
  }

  /** The columns from j on, as many as a vector has lanes. */
  private static void gatherColumns(
      float[] source,
      int columns,
      int j,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int to) {
    FloatVector factor = FloatVector.fromArray(FLOATS, scale, j);
    FloatVector added = FloatVector.fromArray(FLOATS, shift, j);
    for (int i = 0; i < count; i++) {
      FloatVector.fromArray(FLOATS, source, rowNumbers[from + i] * columns + j)
          .fma(factor, added)
          .intoArray(batch, to + i * WIDTH);
    }
  }
}
