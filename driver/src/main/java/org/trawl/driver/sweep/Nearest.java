package org.trawl.driver.sweep;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what a mistyped word may have meant. */
public final class Nearest {
  private static final int SHORTEST_PART = 3;
  private static final int MOST_SUGGESTED = 3;

  private Nearest() {}

  /**
   * " (did you mean X?)" for the nearest candidate, else for those that the word is a part of;
   * empty where there is none.
   */
  public static String suggestion(String word, Collection<String> candidates) {
    List<String> meant =
        find(word, candidates)
            .map(List::of)
            .orElseGet(
                () ->
                    candidates.stream()
                        .filter(candidate -> word.length() >= SHORTEST_PART)
                        .filter(candidate -> plain(candidate).contains(plain(word)))
                        .toList());
    return meant.isEmpty() || meant.size() > MOST_SUGGESTED
        ? ""
        : " (did you mean " + String.join(" or ", meant) + "?)";
  }

  /** The candidate with the fewest edits, if they are at most a third of the word, or two. */
  public static Optional<String> find(String word, Collection<String> candidates) {
    int most = Math.max(2, word.length() / 3);
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= Math.min(most, candidate.length() - 1))
        .min(
            Comparator.comparingInt((String candidate) -> distance(word, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /**
   * Insertions, deletions, substitutions and exchanges of neighbours between two words, regardless
   * of case, and of hyphens or underscores (Damerau 1964, in the restricted form of "optimal string
   * alignment").
   */
  static int distance(String one, String other) {
    String a = plain(one);
    String b = plain(other);
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
