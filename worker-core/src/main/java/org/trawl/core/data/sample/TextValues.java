package org.trawl.core.data.sample;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Collects the different texts of a feature while samples are read; a sample holds a number. */
public final class TextValues {
  /** More are a column of names or remarks rather than of kinds. */
  public static final int MOST_VALUES = 10_000;

  /** What is done about texts. */
  public static final String CURE =
      "cure for columns of text: one-hot in data.prepare, before other features' steps";

  /** What {@link #code} returns where there are too many texts. */
  public static final int TOO_MANY = -1;

  private final Map<String, Integer> codes = new LinkedHashMap<>();
  private final int feature;
  private final String first;

  /**
   * Starts without texts.
   *
   * @param feature its number, from 0
   * @param first where the first text stands, and what it is, for errors
   */
  public TextValues(int feature, String first) {
    this.feature = feature;
    this.first = first;
  }

  /** Its number, from 0. */
  public int feature() {
    return feature;
  }

  /** The position of a text among those found, to which it is added. */
  public int code(String text) {
    Integer code = codes.get(text);
    if (code != null) {
      return code;
    }
    if (codes.size() == MOST_VALUES) {
      return TOO_MANY;
    }
    codes.put(text, codes.size());
    return codes.size() - 1;
  }

  /** The different texts found so far. */
  public List<String> texts() {
    return List.copyOf(codes.keySet());
  }

  /** What was said of the first text. */
  public String first() {
    return first;
  }

  /**
   * All texts found.
   *
   * @param missing whether one says that a value is missing
   * @param cure what is done about texts
   */
  public TextColumn column(Predicate<String> missing, String cure) {
    List<Integer> said =
        codes.entrySet().stream()
            .filter(text -> missing.test(text.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return new TextColumn(feature, texts(), said, "%s (%s)".formatted(first, cure));
  }
}
