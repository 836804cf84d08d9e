package org.trawl.core.data.format.text;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.trawl.core.data.sample.TextValues;
import org.trawl.core.data.source.CsvDialect;

/**
 * Whether the first line of a CSV file names its columns, seen by the lines below it.
 *
 * <p>It does where a text stands over numbers, unless its label is one of those below while another
 * number of it stands over numbers; and where nothing stands over a first column that counts the
 * lines. Else it is a sample where a text of it stands again below it. It is taken for a header
 * where it is like nothing below it: its texts stand nowhere in columns whose other texts all
 * repeat, its numbers are outside of the range below them, whole over ones with decimals, or go on
 * in equal steps as years do. A line of numbers is a sample where they are neither steps nor all of
 * that kind. Whatever is left cannot be seen.
 *
 * <p>Ranges and repetition mean nothing below {@value #FEWEST} lines. Numbers with decimal commas
 * or separators between thousands count as numbers whatever the dialect.
 */
final class CsvHeader {
  /** What the first line is. */
  enum Kind {
    HEADER,
    /** A header by all that is seen, which might be wrong. */
    GUESSED_HEADER,
    SAMPLE,
    UNKNOWN
  }

  private static final int FEWEST = 10;

  /** Lines after which a text over numbers is enough. */
  private static final int FIRST_LOOK = 100;

  private final CsvRecords records;
  private final Column[] columns;
  private final int label;
  private long lines;

  private CsvHeader(CsvRecords records, CsvRecord first, int label, Predicate<String> known) {
    this.records = records;
    this.label = label;
    this.columns = new Column[first.fields()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new Column(first, i);
    }
    columns[label].again = !columns[label].missing && known.test(columns[label].text);
  }

  /**
   * Looks at the lines of a file, as many as it takes.
   *
   * @param records of the file from its start, read as far as it takes
   * @param label the column of the labels
   * @param known whether a label is one of the files before
   */
  static Kind of(CsvRecords records, CsvDialect dialect, int label, Predicate<String> known) {
    CsvRecord first = new CsvRecord(dialect);
    records.next(first);
    CsvHeader header = new CsvHeader(records, first, label, known);
    return header.look(new CsvRecord(dialect));
  }

  private Kind look(CsvRecord record) {
    long next = FIRST_LOOK;
    while (records.next(record)) {
      add(record);
      if (lines == next) {
        Kind kind = early();
        if (kind != Kind.UNKNOWN) {
          return kind;
        }
        next *= 2;
      }
    }
    return kind();
  }

  /**
   * A line that is the first one again tells nothing, nor does one with another count of fields.
   */
  private void add(CsvRecord record) {
    boolean same = record.fields() == columns.length;
    for (int i = 0; same && i < columns.length; i++) {
      same = columns[i].text.equals(record.readable(i));
    }
    if (record.fields() == columns.length && !same) {
      for (int i = 0; i < columns.length; i++) {
        columns[i].add(record, i, lines);
      }
      lines++;
    }
  }

  /** What more lines would not change. */
  private Kind early() {
    Kind kind = kind();
    boolean sample = kind == Kind.SAMPLE && columns[label].again;
    return sample || textOverNumbers() ? kind : Kind.UNKNOWN;
  }

  private boolean textOverNumbers() {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].textOverNumbers()) {
        return true;
      }
    }
    return columns[0].nothingOverCount();
  }

  private Kind kind() {
    boolean enough = lines >= FEWEST;
    int like = 0;
    int unlike = 0;
    int numbers = 0;
    int numbersUnlike = 0;
    for (Column column : columns) {
      if (column.numberOverNumbers()) {
        numbers++;
        numbersUnlike += enough && column.outside() ? 1 : 0;
      } else if (!column.missing && !column.textOverNumbers()) {
        like += column.again ? 1 : 0;
        unlike += enough && !column.again && column.othersRepeat() ? 1 : 0;
      }
    }
    boolean steps = steps(numbersUnlike > 0);
    boolean outside = numbersUnlike == numbers && enough;
    if (lines == 0) {
      return Kind.SAMPLE;
    } else if (columns[0].nothingOverCount()) {
      return Kind.HEADER;
    } else if (textOverNumbers()) {
      return numbers == 0 ? Kind.HEADER : columns[label].again ? Kind.UNKNOWN : Kind.GUESSED_HEADER;
    } else if (like > 0) {
      boolean names = numbers > 0 && steps && outside;
      return unlike > 0 || names ? Kind.UNKNOWN : Kind.SAMPLE;
    } else if (unlike > 0) {
      return numbers == 0 || outside || steps ? Kind.GUESSED_HEADER : Kind.UNKNOWN;
    } else if (numbers == 0) {
      return Kind.UNKNOWN;
    } else if (steps) {
      return outside ? Kind.GUESSED_HEADER : Kind.UNKNOWN;
    }
    return outside ? Kind.UNKNOWN : Kind.SAMPLE;
  }

  /**
   * Whether the first line's numbers, three at least, go on in equal steps. Two do where they are 0
   * and 1, or 1 and 2, the names that programs give, and one of them is unlike its column.
   */
  private boolean steps(boolean someUnlike) {
    double before = Double.NaN;
    double step = Double.NaN;
    double start = Double.NaN;
    int count = 0;
    for (Column column : columns) {
      if (!Double.isNaN(column.number)) {
        double next = column.number - before;
        if (count >= 2 && !(Math.abs(next - step) <= 1e-3 * Math.abs(step))) {
          return false;
        }
        step = count == 1 ? next : step;
        start = count == 0 ? column.number : start;
        before = column.number;
        count++;
      }
    }
    boolean given = count == 2 && step == 1 && (start == 0 || start == 1) && someUnlike;
    return given || (count >= 3 && step != 0);
  }

  /** What is seen of a column: of its first field, and of those below it. */
  private static final class Column {
    private final String text;
    private final boolean missing;
    private final double number;
    private final boolean whole;
    private final Map<String, Integer> others = new HashMap<>();
    private boolean again;
    private boolean tooMany;
    private long numbers;
    private long texts;
    private long wholes;
    private long counted;
    private double minimum = Double.POSITIVE_INFINITY;
    private double maximum = Double.NEGATIVE_INFINITY;

    Column(CsvRecord first, int field) {
      text = first.readable(field);
      missing = first.missing(field);
      number = missing ? Double.NaN : number(first, field);
      whole = whole(text);
    }

    private static double number(CsvRecord record, int field) {
      double number = record.number(field);
      return Double.isNaN(number) ? OtherNumbers.value(record.readable(field)) : number;
    }

    private static boolean whole(String text) {
      return text.matches("[+-]?\\d+");
    }

    void add(CsvRecord record, int field, long line) {
      if (record.missing(field)) {
        return;
      }
      double value = number(record, field);
      if (!Double.isNaN(value)) {
        numbers++;
        minimum = Math.min(minimum, value);
        maximum = Math.max(maximum, value);
        again |= value == number;
        if (whole) {
          wholes += whole(record.readable(field)) ? 1 : 0;
        }
        counted += value == line || value == line + 1 ? 1 : 0;
        return;
      }
      String other = record.readable(field);
      texts++;
      again |= other.equals(text);
      tooMany |= others.size() == TextValues.MOST_VALUES;
      if (!tooMany) {
        others.merge(other, 1, Integer::sum);
      }
    }

    boolean isText() {
      return !missing && Double.isNaN(number);
    }

    private boolean mostlyNumbers() {
      return numbers > texts;
    }

    boolean textOverNumbers() {
      return isText() && mostlyNumbers() && !again;
    }

    boolean nothingOverCount() {
      return text.isEmpty() && numbers > 1 && counted == numbers && texts == 0;
    }

    boolean numberOverNumbers() {
      return !Double.isNaN(number) && mostlyNumbers();
    }

    /** Whether the first number is not like those below it. */
    boolean outside() {
      return number < minimum || number > maximum || (whole && wholes == 0);
    }

    /** Whether each text below stands there at least twice. */
    boolean othersRepeat() {
      return texts > 0 && !tooMany && others.values().stream().allMatch(count -> count > 1);
    }
  }
}
