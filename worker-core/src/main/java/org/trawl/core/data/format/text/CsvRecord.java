package org.trawl.core.data.format.text;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.CsvDialect;

/**
 * One record of a CSV file: its fields, unquoted, as bytes side by side. Filled again and again.
 */
final class CsvRecord {
  /** Bytes of a record; a file without line ends is refused at this size. */
  static final int LONGEST = 1 << 24;

  /** Powers of ten that double precision holds exactly. */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private byte[] text = new byte[256];
  private int length;
  private int[] ends = new int[16];
  private int fields;
  private long line;

  private final CsvDialect dialect;

  /** The numbers that say that a value is missing, rising. */
  private final double[] marks;

  /** One field, written as Java writes numbers; null where all are. */
  private final CsvRecord plain;

  /** A record of a file that is written in a dialect. */
  CsvRecord(CsvDialect dialect) {
    this.dialect = dialect;
    this.marks = dialect.missingNumbers();
    this.plain = dialect.plainNumbers() ? null : new CsvRecord(CsvDialect.PLAIN);
  }

  /** Forgets the fields; the next ones come from a record that starts on {@code line}. */
  void start(long line) {
    this.line = line;
    length = 0;
    fields = 0;
  }

  /** Adds a byte to the field that is being read; false where the record gets too long. */
  boolean append(int letter) {
    if (length == text.length) {
      if (length >= LONGEST) {
        return false;
      }
      text = Arrays.copyOf(text, 2 * length);
    }
    text[length++] = (byte) letter;
    return true;
  }

  void endField() {
    if (fields == ends.length) {
      ends = Arrays.copyOf(ends, 2 * fields);
    }
    ends[fields++] = length;
  }

  int fields() {
    return fields;
  }

  /** The line on which the record starts, from 1. */
  long line() {
    return line;
  }

  /**
   * The text of a field, without blanks around it.
   *
   * @throws CharacterCodingException if it is not UTF-8
   */
  String text(int field) throws CharacterCodingException {
    int from = from(field);
    ByteBuffer bytes = ByteBuffer.wrap(text, from, to(field, from) - from);
    return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
  }

  /** The text of a field, empty where it is not UTF-8, which is told by who reads it. */
  String readable(int field) {
    try {
      return text(field);
    } catch (CharacterCodingException damaged) {
      return "";
    }
  }

  /** The bytes of a field, blanks around it not counted. */
  int bytes(int field) {
    int from = from(field);
    return to(field, from) - from;
  }

  /** A field for a message: quoted, shortened, and readable whatever it holds. */
  String shown(int field) {
    int from = from(field);
    int bytes = to(field, from) - from;
    if (bytes == 0) {
      return "nothing";
    }
    String start = new String(text, from, Math.min(bytes, 40), StandardCharsets.UTF_8);
    return '"' + start.replaceAll("\\p{Cntrl}", "?") + (bytes > 40 ? "…" : "") + '"';
  }

  /** All fields, shown. */
  List<String> shown() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < fields; i++) {
      all.add(shown(i));
    }
    return all;
  }

  /** The text of a field of which a number is written as Java writes it. */
  String plainText(int field) throws CharacterCodingException {
    return dialect.plain(text(field));
  }

  /** Whether a field says that a value is missing. */
  boolean missing(int field) {
    double number = parsed(field);
    if (!Double.isNaN(number)) {
      return marked(number);
    }
    try {
      return dialect.missing(text(field));
    } catch (CharacterCodingException damaged) { // told by who reads it
      return false;
    }
  }

  /** The field as Java writes numbers, in a record of its own. */
  private CsvRecord plain(int field) {
    int from = from(field);
    String read = new String(text, from, to(field, from) - from, StandardCharsets.UTF_8);
    plain.start(line);
    for (byte letter : dialect.number(read).getBytes(StandardCharsets.ISO_8859_1)) {
      plain.append(letter);
    }
    plain.endField();
    return plain;
  }

  /**
   * The number in a field, rounded as {@link Double#parseDouble} does: digits, a point, an
   * exponent. NaN where there is no such number, or one that says that a value is missing; infinite
   * where it is too large.
   */
  double number(int field) {
    double number = parsed(field);
    return marks.length > 0 && marked(number) ? Double.NaN : number;
  }

  private boolean marked(double number) {
    return Arrays.binarySearch(marks, number + 0.0) >= 0; // no -0
  }

  private double parsed(int field) {
    if (plain != null) {
      return plain(field).parsed(0);
    }
    int from = from(field);
    int to = to(field, from);
    int at = from;
    boolean negative = false;
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      negative = text[at] == '-';
      at++;
    }
    long digits = 0;
    int count = 0;
    int decimals = 0;
    boolean point = false;
    for (; at < to; at++) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        digits =
            digits < SamplesBuilder.EXACT_INTEGERS
                ? 10 * digits + digit
                : SamplesBuilder.EXACT_INTEGERS;
        decimals += point ? 1 : 0;
        count++;
      } else if (text[at] == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (count == 0 || (at < to && !exponent(at, to))) {
      return Double.NaN;
    }
    if (at == to && digits < SamplesBuilder.EXACT_INTEGERS && decimals < POWERS_OF_TEN.length) {
      // both exact, so that the one division rounds rightly (Clinger 1990)
      double value = digits / POWERS_OF_TEN[decimals];
      return negative ? -value : value;
    }
    return Double.parseDouble(new String(text, from, to - from, StandardCharsets.ISO_8859_1));
  }

  /** Whether a field is a whole number in digits that is not quite the value that it has. */
  boolean rounded(int field, double value) {
    if (Math.abs(value) < SamplesBuilder.EXACT_INTEGERS) {
      return false;
    }
    try {
      String number = plainText(field);
      return number.matches("[+-]?\\d+")
          && new BigDecimal(number).compareTo(new BigDecimal(value)) != 0;
    } catch (CharacterCodingException damaged) { // it is no number
      return false;
    }
  }

  private boolean exponent(int from, int to) {
    int at = from;
    if (text[at] != 'e' && text[at] != 'E') {
      return false;
    }
    at++;
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      at++;
    }
    int digits = at;
    while (at < to && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at == to && at > digits;
  }

  private int from(int field) {
    int from = field == 0 ? 0 : ends[field - 1];
    while (from < ends[field] && blank(text[from])) {
      from++;
    }
    return from;
  }

  private int to(int field, int from) {
    int to = ends[field];
    while (to > from && blank(text[to - 1])) {
      to--;
    }
    return to;
  }

  private static boolean blank(byte letter) {
    return letter == ' ' || letter == '\t';
  }
}
