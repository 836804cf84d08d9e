package org.trawl.core.data.sample;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How labels as files write them become names of classes: which are the same, and which are taken
 * for others.
 *
 * @param numbers whether those that are numbers are the same where their values are, as 1 and 1.0;
 *     all others are the same where each letter is
 * @param relabel labels that are taken for others
 */
public record LabelForm(boolean numbers, SortedMap<String, String> relabel)
    implements Serializable {
  /** Labels as they are written, by their values where they are numbers. */
  public static final LabelForm PLAIN = new LabelForm(true, Collections.emptySortedMap());

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

  public LabelForm {
    relabel = Collections.unmodifiableSortedMap(new TreeMap<>(relabel));
  }

  public LabelForm(boolean numbers, Map<String, String> relabel) {
    this(numbers, new TreeMap<>(relabel));
  }

  /** Whether two labels are the same. */
  public boolean same(String label, String other) {
    return identity(label).equals(identity(other));
  }

  /** What a label is taken for; itself where nothing else is said. */
  public String taken(String label) {
    return key(label).map(relabel::get).orElse(label);
  }

  /** The key of {@code relabel} that a label is: the same text, else the same number. */
  Optional<String> key(String label) {
    return relabel.containsKey(label)
        ? Optional.of(label)
        : relabel.keySet().stream().filter(key -> same(label, key)).findFirst();
  }

  /** What makes labels equal: a number, or else the text. */
  Object identity(String label) {
    Optional<BigDecimal> number = numbers ? number(label) : Optional.empty();
    return number.isPresent() ? number.get() : label;
  }

  /** The value of a label that is a number. */
  public static Optional<BigDecimal> number(String label) {
    return NUMBER.matcher(label).matches()
        ? Optional.of(new BigDecimal(label).stripTrailingZeros())
        : Optional.empty();
  }
}
