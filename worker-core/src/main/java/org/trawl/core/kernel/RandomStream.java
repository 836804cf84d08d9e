package org.trawl.core.kernel;

/**
 * Reproducible random numbers by counter: the n-th 64 bits of a stream are a function of its key
 * and n alone. The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw 2011,
 * "Parallel random numbers: as easy as 1, 2, 3"), which passes BigCrush and needs only 32-bit
 * additions, rotations and exclusive-ors, so that the vector kernels compute the same bits.
 *
 * <p>Not thread-safe: a stream belongs to one trial.
 */
public final class RandomStream {
  static final int PARITY = 0x1BD11BDA;

  private final int key0;
  private final int key1;
  private long counter;

  /** A stream of its own for each key. */
  public RandomStream(long key) {
    this.key0 = (int) key;
    this.key1 = (int) (key >>> 32);
  }

  /** The low half of the stream's key. */
  public int key0() {
    return key0;
  }

  /** The high half of the stream's key. */
  public int key1() {
    return key1;
  }

  /** Blocks of 64 bits taken so far. */
  public long position() {
    return counter;
  }

  /** Continues from a given number of blocks: from 0, from a checkpoint, or past a bulk draw. */
  public void seek(long position) {
    this.counter = position;
  }

  /** The block that comes after so many others, without moving on. */
  long blockAt(int ahead) {
    return block(key0, key1, counter + ahead);
  }

  /** The next 64 bits. */
  public long nextLong() {
    return block(key0, key1, counter++);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * Uniform in 0 to bound - 1, without bias (Lemire 2019, "Fast random integer generation in an
   * interval").
   *
   * @param bound at least 1
   */
  public int nextInt(int bound) {
    long product = (nextLong() >>> 32) * bound;
    if ((product & 0xFFFFFFFFL) < bound) {
      long threshold = 0x1_0000_0000L % bound;
      while ((product & 0xFFFFFFFFL) < threshold) {
        product = (nextLong() >>> 32) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  /** Puts the elements into a uniformly random order (Fisher and Yates, Knuth's algorithm P). */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /**
   * Threefry-2x32-20 of one counter block.
   *
   * @return the first output word in the low half, the second in the high half
   */
  public static long block(int key0, int key1, long counter) {
    int key2 = PARITY ^ key0 ^ key1;
    int x0 = (int) counter + key0;
    int x1 = (int) (counter >>> 32) + key1;

    x0 += x1;
    x1 = Integer.rotateLeft(x1, 13) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 15) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 26) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 6) ^ x0;
    x0 += key1;
    x1 += key2 + 1;

    x0 += x1;
    x1 = Integer.rotateLeft(x1, 17) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 29) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 16) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 24) ^ x0;
    x0 += key2;
    x1 += key0 + 2;

    x0 += x1;
    x1 = Integer.rotateLeft(x1, 13) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 15) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 26) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 6) ^ x0;
    x0 += key0;
    x1 += key1 + 3;

    x0 += x1;
    x1 = Integer.rotateLeft(x1, 17) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 29) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 16) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 24) ^ x0;
    x0 += key1;
    x1 += key2 + 4;

    x0 += x1;
    x1 = Integer.rotateLeft(x1, 13) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 15) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 26) ^ x0;
    x0 += x1;
    x1 = Integer.rotateLeft(x1, 6) ^ x0;
    x0 += key2;
    x1 += key0 + 5;

    return (x0 & 0xFFFFFFFFL) | ((long) x1 << 32);
  }
}
