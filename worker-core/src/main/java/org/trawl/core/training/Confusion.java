package org.trawl.core.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How many samples of each class are predicted as which: the pairs of classes that occur, ordered
 * by the actual class, then by the predicted one. There are at most as many as samples, however
 * many classes there are.
 *
 * @param classes number of classes
 * @param actual of each pair, the class of its samples
 * @param predicted of each pair, the class with their largest output
 * @param counts of each pair, its samples, at least 1
 */
public record Confusion(int classes, int[] actual, int[] predicted, int[] counts) {
  /** Of no samples, and of no class. */
  public static final Confusion NONE = new Confusion(0, new int[0], new int[0], new int[0]);

  public Confusion {
    if (predicted.length != actual.length || counts.length != actual.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid confusion (as many predicted classes and counts as actual classes): %d, %d"
                  + " and %d",
              predicted.length,
              counts.length,
              actual.length));
    }
    long before = -1;
    for (int pair = 0; pair < actual.length; pair++) {
      long place = (long) actual[pair] * classes + predicted[pair];
      boolean known = isClass(actual[pair], classes) && isClass(predicted[pair], classes);
      if (!known || place <= before || counts[pair] < 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid pair of confusion (of %d classes, in order, at least 1 sample): %d for %d,"
                    + " %d samples",
                classes,
                predicted[pair],
                actual[pair],
                counts[pair]));
      }
      before = place;
    }
  }

  private static boolean isClass(int type, int classes) {
    return type >= 0 && type < classes;
  }

  /**
   * From counts of all pairs.
   *
   * @param confusion row-major [actual][predicted]; not modified
   * @throws IllegalArgumentException if it is not square
   */
  public static Confusion of(int[] confusion) {
    int classes = (int) Math.sqrt(confusion.length);
    if (confusion.length != classes * classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid confusion counts (%d x %d expected): %d values",
              classes,
              classes,
              confusion.length));
    }
    int[] places =
        IntStream.range(0, confusion.length).filter(place -> confusion[place] != 0).toArray();
    int[] actual = new int[places.length];
    int[] predicted = new int[places.length];
    int[] counts = new int[places.length];
    for (int pair = 0; pair < places.length; pair++) {
      actual[pair] = places[pair] / classes;
      predicted[pair] = places[pair] % classes;
      counts[pair] = confusion[places[pair]];
    }
    return new Confusion(classes, actual, predicted, counts);
  }

  /**
   * Of samples one by one.
   *
   * @param classes number of classes
   * @param pairs of each sample, actual class x classes + predicted class; overwritten
   */
  static Confusion of(int classes, long[] pairs) {
    Arrays.sort(pairs);
    int different = 0;
    for (int i = 0; i < pairs.length; i++) {
      different += i == 0 || pairs[i] != pairs[i - 1] ? 1 : 0;
    }
    int[] actual = new int[different];
    int[] predicted = new int[different];
    int[] counts = new int[different];
    int pair = -1;
    for (int i = 0; i < pairs.length; i++) {
      if (i == 0 || pairs[i] != pairs[i - 1]) {
        pair++;
        actual[pair] = (int) (pairs[i] / classes);
        predicted[pair] = (int) (pairs[i] % classes);
      }
      counts[pair]++;
    }
    return new Confusion(classes, actual, predicted, counts);
  }

  /** Pairs of classes that occur. */
  public int pairs() {
    return counts.length;
  }

  /** All samples. */
  public int samples() {
    return Arrays.stream(counts).sum();
  }

  /** Counts of all pairs, row-major [actual][predicted]: for few classes. */
  public int[] all() {
    int[] confusion = new int[Math.multiplyExact(classes, classes)];
    for (int pair = 0; pair < counts.length; pair++) {
      confusion[actual[pair] * classes + predicted[pair]] = counts[pair];
    }
    return confusion;
  }
}
