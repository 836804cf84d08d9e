package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.FLOATS;
import static org.trawl.core.kernel.Lanes.INTS;
import static org.trawl.core.kernel.Lanes.LANES;
import static org.trawl.core.kernel.Panels.WIDTH;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Random numbers on vectors: the generator, a block a lane, and what is made of its words. */
sealed interface VectorRandomNumbers extends RandomNumbers permits VectorKernels {
  /** Threefry's rotations, of even and of odd groups of four rounds. */
  int EVEN_ROTATIONS = 13 | 15 << 8 | 26 << 16 | 6 << 24;

  int ODD_ROTATIONS = 17 | 29 << 8 | 16 << 16 | 24 << 24;

  int[] INDEXES = IntStream.range(0, WIDTH).toArray();

  @Override
  default void dropoutMask(RandomStream stream, float rate, float[] mask, int count) {
    int threshold = Math.round(rate * 0x1p24f);
    float kept = 1f / (1f - rate);
    int blocks = (count + 1) / 2;
    int vectors = words(stream, mask, count);
    for (int half = 0; half < 2; half++) {
      mask(threshold, kept, mask, half * blocks, vectors);
    }
    for (int i = vectors; i < blocks; i++) {
      long block = stream.blockAt(i);
      mask[i] = ((int) block >>> 8) < threshold ? 0f : kept;
      if (blocks + i < count) {
        mask[blocks + i] = ((int) (block >>> 32) >>> 8) < threshold ? 0f : kept;
      }
    }
    stream.seek(stream.position() + blocks);
  }

  /** Turns random words into a mask. */
  private static void mask(int threshold, float kept, float[] words, int from, int count) {
    IntVector keptBits = IntVector.broadcast(INTS, Float.floatToRawIntBits(kept));
    for (int i = from; i < from + count; i += LANES) {
      IntVector word = FloatVector.fromArray(FLOATS, words, i).reinterpretAsInts();
      // All ones where the word is below the threshold, without a mask's type to convert.
      IntVector below =
          word.lanewise(VectorOperators.LSHR, 8)
              .sub(threshold)
              .lanewise(VectorOperators.ASHR, Integer.SIZE - 1);
      keptBits.and(below.not()).reinterpretAsFloats().intoArray(words, i);
    }
  }

  @Override
  default void fillNormal(RandomStream stream, float[] values, int count) {
    int blocks = (count + 1) / 2;
    int vectors = words(stream, values, count);
    for (int half = 0; half < 2; half++) {
      normal(values, half * blocks, vectors);
    }
    for (int i = vectors; i < blocks; i++) {
      long block = stream.blockAt(i);
      values[i] = ElementaryFunctions.normal((int) block);
      if (blocks + i < count) {
        values[blocks + i] = ElementaryFunctions.normal((int) (block >>> 32));
      }
    }
    stream.seek(stream.position() + blocks);
  }

  /**
   * Turns random words into normal numbers, as {@link ElementaryFunctions#normal}. That does the
   * vectors with a number in the tails, one in twenty: with the polynomials of both, this loop
   * would be more than the compiler inlines, and its vectors objects.
   */
  private static void normal(float[] words, int from, int count) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int i = from; i < from + count; i += LANES) {
      FloatVector bits = FloatVector.fromArray(FLOATS, words, i);
      IntVector odd = bits.reinterpretAsInts().lanewise(VectorOperators.ASHR, 7).or(1);
      FloatVector x =
          ((FloatVector) odd.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(0x1p-24f);
      FloatVector w = Lanes.log(one.sub(x).mul(one.add(x))).neg();
      FloatVector near = Lanes.polynomial(w.sub(2.5f), ElementaryFunctions.NORMAL_NEAR);
      if (w.compare(VectorOperators.GE, 5f).anyTrue()) {
        plainNormal(words, i);
      } else {
        near.mul(x).mul(ElementaryFunctions.SQRT_TWO).intoArray(words, i);
      }
    }
  }

  /** The same for one vector's words. */
  private static void plainNormal(float[] words, int from) {
    for (int i = from; i < from + LANES; i++) {
      words[i] = ElementaryFunctions.normal(Float.floatToRawIntBits(words[i]));
    }
  }

  /**
   * Writes whole vectors of a stream's next words, as bits: the first words of the blocks from 0,
   * the second words from the middle. Threefry as in {@link RandomStream#block}, a block a lane,
   * four rounds a pass over the array: all twenty in one loop are more than the compiler inlines.
   *
   * @return how many are written of each
   */
  private static int words(RandomStream stream, float[] target, int count) {
    int blocks = (count + 1) / 2;
    long position = stream.position();
    int high = (int) (position >>> 32);
    boolean carries = high != (int) ((position + blocks) >>> 32);
    int vectors = carries ? 0 : (count - blocks) / LANES * LANES;
    int key0 = stream.key0();
    int key1 = stream.key1();
    int key2 = RandomStream.PARITY ^ key0 ^ key1;
    IntVector lanes = IntVector.fromArray(INTS, INDEXES, 0);
    FloatVector second = IntVector.broadcast(INTS, high + key1).reinterpretAsFloats();
    for (int i = 0; i < vectors; i += LANES) {
      lanes.add((int) position + i + key0).reinterpretAsFloats().intoArray(target, i);
      second.intoArray(target, blocks + i);
    }
    // One call in a loop, not five calls: each would be inlined.
    for (int group = 0; group < 5; group++) {
      int added0 = group % 3 == 0 ? key1 : group % 3 == 1 ? key2 : key0;
      int added1 = group % 3 == 0 ? key2 : group % 3 == 1 ? key0 : key1;
      int rotations = group % 2 == 0 ? EVEN_ROTATIONS : ODD_ROTATIONS;
      fourRounds(target, blocks, vectors, rotations, added0, added1 + group + 1);
    }
    return vectors;
  }

  /**
   * Four rounds of Threefry and an addition of keys.
   *
   * @param rotations of the rounds, a byte each, the first lowest
   */
  private static void fourRounds(
      float[] words, int second, int count, int rotations, int added0, int added1) {
    int rotation0 = rotations & 0xFF;
    int rotation1 = rotations >>> 8 & 0xFF;
    int rotation2 = rotations >>> 16 & 0xFF;
    int rotation3 = rotations >>> 24;
    for (int i = 0; i < count; i += LANES) {
      IntVector x0 = FloatVector.fromArray(FLOATS, words, i).reinterpretAsInts();
      IntVector x1 = FloatVector.fromArray(FLOATS, words, second + i).reinterpretAsInts();
      x0 = x0.add(x1);
      x1 = Lanes.rotate(x1, rotation0).lanewise(VectorOperators.XOR, x0);
      x0 = x0.add(x1);
      x1 = Lanes.rotate(x1, rotation1).lanewise(VectorOperators.XOR, x0);
      x0 = x0.add(x1);
      x1 = Lanes.rotate(x1, rotation2).lanewise(VectorOperators.XOR, x0);
      x0 = x0.add(x1);
      x1 = Lanes.rotate(x1, rotation3).lanewise(VectorOperators.XOR, x0);
      x0.add(added0).reinterpretAsFloats().intoArray(words, i);
      x1.add(added1).reinterpretAsFloats().intoArray(words, second + i);
    }
  }
}
