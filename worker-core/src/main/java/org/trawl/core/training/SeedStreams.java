package org.trawl.core.training;

import java.nio.charset.StandardCharsets;
import org.trawl.core.kernel.RandomStream;

/**
 * The named random streams of a trial. A stream's key is a function of the trial's seed and the
 * stream's name alone, so that two points of a repeat share split, sample order and the streams of
 * their initial weights, and no stream depends on how much another was used.
 */
public final class SeedStreams {
  private final long seed;

  public SeedStreams(long seed) {
    this.seed = seed;
  }

  /** The stream of a name, from its start. */
  public RandomStream stream(String name) {
    long key = seed;
    for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
      key = mix(key, letter);
    }
    return new RandomStream(mix(key, name.length()));
  }

  /** The seed of a trial: of the sweep's seed, the repeat and the fold only. */
  public static long trialSeed(long sweepSeed, int repeat, int fold) {
    return mix(mix(mix(0x7472_6177_6CL, sweepSeed), repeat), fold);
  }

  /** A hash of a key and a value: one block of the counter-based generator. */
  private static long mix(long key, long value) {
    return RandomStream.block((int) key, (int) (key >>> 32), value);
  }
}
