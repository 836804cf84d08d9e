package org.trawl.core.data.format.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a column of a CSV file has, which may be neither one of numbers nor one of texts.
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
   * Looks at all columns.
   *
   * @param records of the file, from the first sample on
   */
  static List<CsvMixture> of(CsvRecords records, CsvRecord record, int columns) {
    List<Set<String>> texts = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      texts.add(new LinkedHashSet<>());
    }
    long[] numbers = new long[columns];
    long[] values = new long[columns];
    while (records.next(record)) {
      for (int i = 0; i < Math.min(columns, record.fields()); i++) {
        if (record.missing(i)) {
          continue;
        }
        values[i]++;
        if (!Double.isNaN(record.number(i))) {
          numbers[i]++;
        } else if (texts.get(i).size() < LOOKED_AT) {
          texts.get(i).add(record.readable(i));
        }
      }
    }
    return IntStream.range(0, columns)
        .mapToObj(i -> new CsvMixture(numbers[i], values[i], texts.get(i)))
        .toList();
  }

  /** Whether more values are texts than numbers. */
  boolean mostlyTexts() {
    return values > 2 * numbers;
  }

  /** What is said of a column that is taken for one of texts. */
  String note(String column, String file) {
    return String.format(
        Locale.ROOT,
        "%s is taken for a column of texts: %d of its %d values in %s %s",
        quoted(column),
        numbers,
        values,
        file,
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
}
