package org.trawl.core.kernel;

/**
 * Random numbers in bulk, from the blocks of a {@link RandomStream}: element i of the first half
 * comes from the first word of the stream's i-th block, element i of the second half from its
 * second word.
 */
public sealed interface RandomNumbers permits Kernels, VectorRandomNumbers {
  /**
   * The mask of a dropout: 0 with the probability {@code rate}, else 1 / (1 - rate).
   *
   * @param rate in [0, 1), used as a multiple of 2^-24
   * @param mask written
   */
  default void dropoutMask(RandomStream stream, float rate, float[] mask, int count) {
    int threshold = Math.round(rate * 0x1p24f);
    float kept = 1f / (1f - rate);
    int blocks = (count + 1) / 2;
    for (int i = 0; i < blocks; i++) {
      long block = stream.blockAt(i);
      mask[i] = ((int) block >>> 8) < threshold ? 0f : kept;
      if (blocks + i < count) {
        mask[blocks + i] = ((int) (block >>> 32) >>> 8) < threshold ? 0f : kept;
      }
    }
    stream.seek(stream.position() + blocks);
  }

  /**
   * Standard normal numbers.
   *
   * @param values written
   */
  default void fillNormal(RandomStream stream, float[] values, int count) {
    int blocks = (count + 1) / 2;
    for (int i = 0; i < blocks; i++) {
      long block = stream.blockAt(i);
      values[i] = ElementaryFunctions.normal((int) block);
      if (blocks + i < count) {
        values[blocks + i] = ElementaryFunctions.normal((int) (block >>> 32));
      }
    }
    stream.seek(stream.position() + blocks);
  }
}
