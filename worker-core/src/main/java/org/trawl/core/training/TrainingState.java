package org.trawl.core.training;

import java.lang.reflect.Array;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a training has become after an epoch: all that it needs, besides its specification and its
 * data, to go on with the bits of one that was never interrupted. Arrays by name: what the network
 * has learnt, the optimizer's moments, the positions of the random streams, the order of the
 * samples. As they lie in memory, so of use to a training of the same specification, however many
 * its epochs.
 */
public final class TrainingState {
  private final int epoch;
  private final long parameters;
  private final String weights;
  private final Map<String, Object> arrays = new TreeMap<>();

  /**
   * An empty state.
   *
   * @param epoch the last finished one, from 1
   * @param parameters weights and biases of the network
   * @param weights hash of its values, as in {@link TrainingResult#weights}
   */
  public TrainingState(int epoch, long parameters, String weights) {
    this.epoch = epoch;
    this.parameters = parameters;
    this.weights = weights;
  }

  /** The last finished epoch. */
  public int epoch() {
    return epoch;
  }

  /** Weights and biases of the network. */
  public long parameters() {
    return parameters;
  }

  /** Hash of the network's values. */
  public String weights() {
    return weights;
  }

  /** The arrays by name, in its order: float[], double[], int[] or long[]. */
  public Map<String, Object> arrays() {
    return Collections.unmodifiableMap(arrays);
  }

  /** Keeps a copy of an array of float, double, int or long. */
  public void put(String name, Object array) {
    arrays.put(name, copy(array));
  }

  /**
   * Writes a kept array into another one.
   *
   * @throws IllegalArgumentException if there is none of that name, type and length
   */
  public void read(String name, Object target) {
    Object kept = arrays.get(name);
    boolean fits =
        kept != null
            && kept.getClass() == target.getClass()
            && Array.getLength(kept) == Array.getLength(target);
    if (!fits) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot go on from epoch %d: %s does not fit this training",
              epoch,
              name));
    }
    System.arraycopy(kept, 0, target, 0, Array.getLength(kept));
  }

  private static Object copy(Object array) {
    if (array instanceof float[] floats) {
      return floats.clone();
    } else if (array instanceof double[] doubles) {
      return doubles.clone();
    } else if (array instanceof int[] integers) {
      return integers.clone();
    } else if (array instanceof long[] longs) {
      return longs.clone();
    }
    throw new IllegalArgumentException("Invalid array: " + array.getClass().getSimpleName());
  }
}
