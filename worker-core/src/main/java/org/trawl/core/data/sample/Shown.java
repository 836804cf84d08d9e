package org.trawl.core.data.sample;

import java.util.List;

/** Lists for people. */
public final class Shown {
  private Shown() {}

  /** The first of some words, with a mark where there are more. */
  public static String first(int most, List<String> words) {
    int shown = Math.min(most, words.size());
    return String.join(", ", words.subList(0, shown)) + (shown < words.size() ? ", …" : "");
  }
}
