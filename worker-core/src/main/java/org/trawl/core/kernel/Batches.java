package org.trawl.core.kernel;

/** Samples gathered into a batch. */
public sealed interface Batches permits Kernels, VectorBatches {
  /**
   * Gathers samples into a batch: batch[i][j] = source[rowNumbers[from + i]][j] * scale[j] +
   * shift[j].
   *
   * @param source unsigned bytes, sample by sample, columns a sample
   * @param batch count x columns, with stride rows a panel; its last panel is filled up with 0;
   *     written
   */
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
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      for (int j = 0; j < columns; j++) {
        batch[Panels.index(stride, i, j)] =
            Math.fma((float) (source[row + j] & 0xFF), scale[j], shift[j]);
      }
      Panels.clearFill(columns, batch, stride, i);
    }
  }

  /**
   * Gathers samples as {@link #gather(byte[], int, int[], int, int, float[], float[], float[],
   * int)} does, and finds the terms of the first layer's products among them, where a byte of 0 is
   * 0 in the batch.
   *
   * @param byRows written: the terms of the batch
   * @param byColumns written: those of the transposed batch
   */
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
    gather(source, columns, rowNumbers, from, count, scale, shift, batch, stride);
    byRows.findInRows(count, columns, source, rowNumbers, from);
    byColumns.findInColumns(count, columns, source, rowNumbers, from);
  }

  /** As for bytes, from real numbers. */
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
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      for (int j = 0; j < columns; j++) {
        batch[Panels.index(stride, i, j)] = Math.fma(source[row + j], scale[j], shift[j]);
      }
      Panels.clearFill(columns, batch, stride, i);
    }
  }
}
