package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.kernel.Statistics;

class SeedStreamsTest {
  private static final int COUNT = 100_000;

  @Test
  void aStreamIsTheSameEachTimeAndStartsAtItsStart() {
    SeedStreams streams = new SeedStreams(3);
    RandomStream first = streams.stream("order");
    long word = first.nextLong();
    assertTrue(word != first.nextLong());
    streams.stream("weights/1").nextLong();
    assertEquals(0, streams.stream("order").position());
    assertEquals(word, streams.stream("order").nextLong());
    assertEquals(word, new SeedStreams(3).stream("order").nextLong());
  }

  /**
   * Computed apart from this code, by a Threefry written in Python. Runs that were stored earlier
   * are continued rightly only while these stay.
   */
  @Test
  void streamsAndSeedsAreThoseOfEarlierVersions() {
    assertEquals(0x868B1E76193ABDC8L, SeedStreams.trialSeed(1, 1, 0));
    assertEquals(0x20A98D5AA954986EL, new SeedStreams(1).stream("weights/1").nextLong());
  }

  @Test
  void streamsOfOtherNamesAreIndependent() {
    double[] first = doubles(1, "dropout/1");
    for (String name : List.of("dropout/2", "dropout/11", "noise/1", "weights/1", "order", "")) {
      assertUncorrelated(first, doubles(1, name), name);
    }
  }

  @Test
  void streamsOfOtherSeedsAreIndependent() {
    double[] first = doubles(1, "dropout/1");
    for (long seed : new long[] {0, 2, 3, -1, 1L << 32, 1L << 63}) {
      assertUncorrelated(first, doubles(seed, "dropout/1"), "seed " + seed);
    }
  }

  @Test
  void namesAndSeedsDoNotShareStreams() {
    Set<Long> words = new HashSet<>();
    int streams = 0;
    for (long seed = 0; seed < 200; seed++) {
      for (String kind : List.of("weights/", "dropout/", "noise/", "order", "split")) {
        for (int layer = 1; layer <= 20; layer++) {
          words.add(new SeedStreams(seed).stream(kind + layer).nextLong());
          streams++;
        }
      }
    }
    assertEquals(streams, words.size());
  }

  @Test
  void trialSeedsDifferBySweepSeedRepeatAndFold() {
    Set<Long> seeds = new HashSet<>();
    int trials = 0;
    for (long sweepSeed = -5; sweepSeed <= 5; sweepSeed++) {
      for (int repeat = 1; repeat <= 50; repeat++) {
        for (int fold = 0; fold <= 10; fold++) {
          seeds.add(SeedStreams.trialSeed(sweepSeed, repeat, fold));
          trials++;
        }
      }
    }
    assertEquals(trials, seeds.size());
    assertEquals(SeedStreams.trialSeed(7, 2, 1), SeedStreams.trialSeed(7, 2, 1));
  }

  @Test
  void repeatsAreIndependent() {
    double[] first = doubles(SeedStreams.trialSeed(1, 1, 0), "order");
    assertUncorrelated(first, doubles(SeedStreams.trialSeed(1, 2, 0), "order"), "repeat");
    assertUncorrelated(first, doubles(SeedStreams.trialSeed(2, 1, 0), "order"), "sweep seed");
    assertUncorrelated(first, doubles(SeedStreams.trialSeed(1, 1, 1), "order"), "fold");
  }

  private static double[] doubles(long seed, String name) {
    RandomStream stream = new SeedStreams(seed).stream(name);
    double[] values = new double[COUNT];
    Arrays.setAll(values, i -> stream.nextDouble());
    return values;
  }

  private static void assertUncorrelated(double[] x, double[] y, String what) {
    assertEquals(0, Statistics.correlation(x, y), Statistics.correlationBound(COUNT), what);
  }
}
