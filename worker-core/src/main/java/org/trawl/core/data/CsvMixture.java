package org.trawl.core.data;

import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a column of a CSV file has that is neither one of numbers nor one of texts.
 *
 * @param numbers how many of its values are numbers
 * @param values how many there are that are not missing
 * @param texts different ones of those that are no numbers, as many as are of use
 */
record CsvMixture(long numbers, long values, Set<String> texts) {
  /** More are not marks of missing values. */
  private static final int MARKS = 5;

  private static final int LOOKED_AT = 1000;

  /**
   * Looks at a column.
   *
   * @param records of the file, from the first sample on
   */
  static CsvMixture of(CsvRecords records, CsvRecord record, int column) {
    Set<String> texts = new LinkedHashSet<>();
    long numbers = 0;
    long values = 0;
    while (records.next(record)) {
      if (column < record.fields() && !record.missing(column)) {
        values++;
        if (!Double.isNaN(record.number(column))) {
          numbers++;
        } else if (texts.size() < LOOKED_AT) {
          texts.add(text(record, column));
        }
      }
    }
    return new CsvMixture(numbers, values, texts);
  }

  /** Whether more values are texts than numbers. */
  boolean mostlyTexts() {
    return values > 2 * numbers;
  }

  /** What is said of a column that is taken for one of texts. */
  String note(String column) {
    return String.format(
        Locale.ROOT,
        "%s is taken for a column of texts: %d of its %d values %s",
        quoted(column),
        numbers,
        values,
        numbers == 1 ? "is a number" : "are numbers");
  }

  /** What there is and the cures, as the end of an error about one of its texts. */
  String told(String column) {
    String dialect = OtherNumbers.cure(List.copyOf(texts));
    if (!dialect.isEmpty()) {
      return " (cure: %s)".formatted(dialect);
    }
    boolean marks = texts.size() <= MARKS && numbers > 0;
    String missing =
        "missing = [%s] where %s that a value is missing"
            .formatted(
                texts.stream().map(CsvMixture::quoted).collect(Collectors.joining(", ")),
                texts.size() == 1 ? "that says" : "those say");
    String text = "texts = [%s] where the column is one of texts".formatted(quoted(column));
    return String.format(
        Locale.ROOT,
        " (%d of the column's %d values are numbers; cure: in the description of the data, %s)",
        numbers,
        values,
        Stream.of(marks && !texts.isEmpty() ? missing : "", text)
            .filter(cure -> !cure.isEmpty())
            .collect(Collectors.joining(", or ")));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String text(CsvRecord record, int column) {
    try {
      return record.text(column);
    } catch (CharacterCodingException damaged) { // told by who reads it
      return "";
    }
  }
}
