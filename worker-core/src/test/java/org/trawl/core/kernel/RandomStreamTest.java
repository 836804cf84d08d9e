package org.trawl.core.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {

  /** The lines "threefry2x32 20" of Random123's kat_vectors: counter, key, output. */
  @Test
  void blockGivesTheKnownAnswersOfRandom123() {
    assertBlock(0x6b200159, 0x99ba4efe, 0x00000000, 0x00000000, 0x00000000, 0x00000000);
    assertBlock(0x1cb996fc, 0xbb002be7, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff);
    assertBlock(0xc4923a9c, 0x483df7a0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
  }

  private static void assertBlock(
      int word0, int word1, int counter0, int counter1, int key0, int key1) {
    long block = RandomStream.block(key0, key1, join(counter0, counter1));
    assertEquals(word0, (int) block);
    assertEquals(word1, (int) (block >>> 32));
  }

  private static long join(int low, int high) {
    return (low & 0xFFFFFFFFL) | ((long) high << 32);
  }

  @Test
  void nextLongTakesTheBlocksOfTheKeyInOrder() {
    long key = join(0x13198a2e, 0x03707344);
    RandomStream stream = new RandomStream(key);
    for (long counter = 0; counter < 5; counter++) {
      assertEquals(counter, stream.position());
      assertEquals(RandomStream.block(0x13198a2e, 0x03707344, counter), stream.nextLong());
    }
  }

  @Test
  void seekContinuesFromThePositionAlsoPastTheFirst32Bits() {
    RandomStream stream = new RandomStream(17);
    stream.nextLong();
    stream.nextLong();
    long position = stream.position();
    long third = stream.nextLong();
    stream.nextInt(10);
    stream.seek(position);
    assertEquals(third, stream.nextLong());

    RandomStream resumed = new RandomStream(17);
    resumed.seek(position);
    assertEquals(third, resumed.nextLong());

    stream.seek(0xFFFFFFFFL);
    stream.nextLong();
    assertEquals(0x1_0000_0000L, stream.position());
    assertEquals(RandomStream.block(17, 0, 0x1_0000_0000L), stream.nextLong());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 10, 64, 1000})
  void nextIntIsUniformBelowItsBound(int bound) {
    RandomStream stream = new RandomStream(bound);
    long[] counts = new long[bound];
    for (int i = 0; i < 200_000; i++) {
      counts[stream.nextInt(bound)]++;
    }
    double statistic = Statistics.chiSquare(counts);
    assertTrue(statistic < Statistics.chiSquareBound(bound), "chi-square " + statistic);
  }

  /**
   * 2^32 words fall on 3 * 2^29 numbers: without rejection two of three numbers have three words
   * and the third has two, which counts modulo 3 show.
   */
  @Test
  void nextIntIsUnbiasedForALargeBound() {
    int bound = 3 << 29;
    RandomStream stream = new RandomStream(3);
    long[] counts = new long[3];
    for (int i = 0; i < 100_000; i++) {
      int number = stream.nextInt(bound);
      assertTrue(number >= 0 && number < bound, "out of range: " + number);
      counts[number % 3]++;
    }
    double statistic = Statistics.chiSquare(counts);
    assertTrue(statistic < Statistics.chiSquareBound(3), "chi-square " + statistic);
    assertTrue(stream.position() > 130_000, "a quarter of the words are rejected");
  }

  @Test
  void nextIntOfOneIsZero() {
    RandomStream stream = new RandomStream(1);
    for (int i = 0; i < 100; i++) {
      assertEquals(0, stream.nextInt(1));
    }
  }

  @Test
  void nextDoubleIsUniformBetweenZeroAndOne() {
    int count = 1_000_000;
    RandomStream stream = new RandomStream(5);
    double[] values = new double[count];
    long[] tenths = new long[1000];
    for (int i = 0; i < count; i++) {
      values[i] = stream.nextDouble();
      assertTrue(values[i] >= 0 && values[i] < 1, "out of range: " + values[i]);
      tenths[(int) (values[i] * tenths.length)]++;
    }
    double mean = Statistics.mean(values);
    double bound = Statistics.DEVIATIONS / Math.sqrt(12.0 * count);
    assertEquals(0.5, mean, bound);
    // The variance of (u - 1/2)² is 1/80 - 1/144 = 1/180.
    double varianceBound = Statistics.DEVIATIONS / Math.sqrt(180.0 * count);
    assertEquals(1.0 / 12, Statistics.moment(values, mean, 1, 2), varianceBound);
    double statistic = Statistics.chiSquare(tenths);
    assertTrue(statistic < Statistics.chiSquareBound(tenths.length), "chi-square " + statistic);
    double[] now = Arrays.copyOf(values, count - 1);
    double[] next = Arrays.copyOfRange(values, 1, count);
    assertEquals(0, Statistics.correlation(now, next), Statistics.correlationBound(count));
  }

  @Test
  void everyBitOfAWordIsSetHalfOfTheTime() {
    int count = 100_000;
    RandomStream stream = new RandomStream(6);
    int[] set = new int[64];
    for (int i = 0; i < count; i++) {
      long word = stream.nextLong();
      for (int bit = 0; bit < 64; bit++) {
        set[bit] += (int) (word >>> bit & 1);
      }
    }
    for (int bit = 0; bit < 64; bit++) {
      double bound = Statistics.DEVIATIONS * Math.sqrt(count) / 2;
      assertEquals(count / 2.0, set[bit], bound, "bit " + bit);
    }
  }

  @Test
  void shuffleGivesEveryOrderEquallyOften() {
    RandomStream stream = new RandomStream(7);
    long[] counts = new long[4 * 4 * 4 * 4];
    for (int i = 0; i < 48_000; i++) {
      int[] values = {0, 1, 2, 3};
      stream.shuffle(values);
      counts[((values[0] * 4 + values[1]) * 4 + values[2]) * 4 + values[3]]++;
    }
    long[] orders = Arrays.stream(counts).filter(count -> count > 0).toArray();
    assertEquals(24, orders.length);
    double statistic = Statistics.chiSquare(orders);
    assertTrue(statistic < Statistics.chiSquareBound(24), "chi-square " + statistic);
  }

  @Test
  void shuffleKeepsTheElements() {
    int[] values = new int[1001];
    Arrays.setAll(values, i -> i);
    int[] shuffled = values.clone();
    new RandomStream(8).shuffle(shuffled);
    assertTrue(!Arrays.equals(values, shuffled));
    Arrays.sort(shuffled);
    assertArrayEquals(values, shuffled);
    new RandomStream(8).shuffle(new int[0]);
    int[] one = {5};
    new RandomStream(8).shuffle(one);
    assertArrayEquals(new int[] {5}, one);
  }

  @Test
  void streamsOfAdjacentKeysAreIndependent() {
    int count = 100_000;
    double[] first = doubles(41, count);
    for (long key : new long[] {42, 40, 41L << 32, 41 + (1L << 32), ~41L}) {
      double correlation = Statistics.correlation(first, doubles(key, count));
      assertEquals(0, correlation, Statistics.correlationBound(count), "key " + key);
    }
  }

  private static double[] doubles(long key, int count) {
    RandomStream stream = new RandomStream(key);
    double[] values = new double[count];
    Arrays.setAll(values, i -> stream.nextDouble());
    return values;
  }
}
