package org.trawl.core.data.format.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.sample.TextValues;
import org.trawl.core.data.source.CsvDialect;

/**
 * Which features of a CSV source are texts, and the texts found. A feature is one where the source
 * says so, or where most of its values in the first file are: a number among texts is one more of
 * them, but a text among numbers is a mistake.
 */
final class CsvTexts {
  private final CsvDialect dialect;

  /** Of each feature; null where it is a number. Empty before the first sample. */
  private final List<TextValues> values = new ArrayList<>();

  /** Features that are texts even where they look like numbers. */
  private final Set<Integer> textual = new TreeSet<>();

  /** What is told of those of them that the source does not say. */
  private final Map<Integer, String> mixtures = new TreeMap<>();

  /**
   * Thrown in the first file where most of a column that began with numbers is texts; it is read
   * again, with what is known then.
   */
  static final class TextsBelow extends RuntimeException {
    static final long serialVersionUID = 1;

    TextsBelow() {
      super(null, null, false, false);
    }
  }

  CsvTexts(CsvDialect dialect) {
    this.dialect = dialect;
  }

  /** Takes a feature for texts, whatever it looks like. */
  void expect(int feature) {
    textual.add(feature);
  }

  /** Whether a feature is a text even where it looks like a number. */
  boolean expected(int feature) {
    return textual.contains(feature);
  }

  /** Whether the first sample has been seen. */
  boolean started() {
    return !values.isEmpty();
  }

  /** Starts with features of which nothing but what is expected is known. */
  void start(int features) {
    values.addAll(Collections.nCopies(features, null));
  }

  /** Forgets what was found; what is expected stays. */
  void clear() {
    values.clear();
  }

  /** The texts of a feature; null where it is a number. */
  TextValues of(int feature) {
    return values.get(feature);
  }

  /**
   * A feature that is texts.
   *
   * @param first where the first one stands, and what was expected, for errors
   */
  void found(int feature, String first) {
    values.set(feature, new TextValues(feature, first));
  }

  /**
   * Decides about features that have numbers and texts in a file.
   *
   * @param columns what the file's columns have
   * @param features of each column; -1 for none
   * @param first whether it is the first file; in others, a feature is what it is there
   * @param called names of the columns
   * @return whether any is a text that was taken for a number
   */
  boolean decide(
      List<CsvMixture> columns,
      int[] features,
      boolean first,
      IntFunction<String> called,
      String file) {
    boolean mistaken = false;
    for (int i = 0; i < features.length; i++) {
      CsvMixture column = columns.get(i);
      if (features[i] >= 0 && !expected(features[i]) && column.numbers() > 0) {
        boolean known = of(features[i]) != null;
        if (first ? column.mostlyTexts() : known) {
          textual.add(features[i]);
          mixtures.put(features[i], column.note(called.apply(i), file));
          mistaken |= !known;
        }
      }
    }
    return mistaken;
  }

  /** All texts found, by feature. */
  List<TextColumn> columns() {
    return values.stream()
        .filter(Objects::nonNull)
        .map(
            column -> {
              String cure = cure(column);
              return column.column(
                  dialect::missing, cure.isEmpty() ? TextValues.CURE : "cure: " + cure);
            })
        .toList();
  }

  /** The keys with which all texts are numbers, but those that are missing; empty for none. */
  private String cure(TextValues column) {
    return OtherNumbers.cure(
        column.texts().stream().filter(text -> !dialect.missing(text)).toList());
  }

  /** What was decided, a sentence each. */
  List<String> notes(IntFunction<String> name) {
    List<String> notes = new ArrayList<>(mixtures.values());
    for (TextValues column : values) {
      String cure = column == null ? "" : cure(column);
      if (!cure.isEmpty()) {
        notes.add(
            "the texts of feature %s are numbers with %s"
                .formatted(name.apply(column.feature()), cure));
      }
    }
    return notes;
  }
}
