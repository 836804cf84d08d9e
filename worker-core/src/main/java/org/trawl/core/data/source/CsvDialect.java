package org.trawl.core.data.source;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.trawl.core.data.sample.LabelForm;
import org.trawl.core.data.source.SourceSpec.Header;

/**
 * How a CSV file is written, beside its separator, which it shows itself.
 *
 * @param header whether its first line names the columns
 * @param decimal what stands before the decimals of a number: a point or a comma
 * @param thousands what stands between the groups of a number's digits, one of {@link #GROUPING}; a
 *     space stands for no-break ones too; {@link #NONE} for nothing
 * @param missing what says that a value is missing, beside what always does: numbers, written as
 *     Java does or as the file does, which are compared by their values, and texts
 */
public record CsvDialect(Header header, char decimal, char thousands, List<String> missing)
    implements Serializable {
  /** No character. */
  public static final char NONE = '\0';

  /** What can stand between the groups of a number's digits. */
  public static final String GROUPING = ",. '_";

  /** Numbers with a decimal point, below a header that is looked for. */
  public static final CsvDialect PLAIN = new CsvDialect(Header.AUTO, '.', NONE);

  private static final Set<String> MISSING =
      Set.of("", "?", "NA", "N/A", "NaN", "nan", "NULL", "null", "None");

  public CsvDialect {
    missing = List.copyOf(missing);
    if (decimal != '.' && decimal != ',') {
      throw new IllegalArgumentException("Invalid decimal (a point or a comma): " + decimal);
    }
    if (thousands != NONE && (thousands == decimal || GROUPING.indexOf(thousands) < 0)) {
      throw new IllegalArgumentException(
          "Invalid thousands (one of " + GROUPING + ", not the decimal one): " + thousands);
    }
  }

  /** Where nothing but what always does says that a value is missing. */
  public CsvDialect(Header header, char decimal, char thousands) {
    this(header, decimal, thousands, List.of());
  }

  /** Whether a text, as the file has it, says that a value is missing. */
  public boolean missing(String text) {
    Optional<BigDecimal> number = LabelForm.number(plain(text));
    return number.isPresent()
        ? Arrays.binarySearch(missingNumbers(), number.get().doubleValue()) >= 0
        : MISSING.contains(text) || missing.contains(text);
  }

  /** Whether a text is what one that says that a value is missing means. */
  public boolean means(String mark, String text) {
    Optional<Double> number = LabelForm.number(plain(text)).map(BigDecimal::doubleValue);
    return text.equals(mark) || (number.isPresent() && number.equals(marked(mark)));
  }

  /** The numbers that say that a value is missing, rising. */
  public double[] missingNumbers() {
    return missing.stream()
        .map(this::marked)
        .flatMap(Optional::stream)
        .mapToDouble(Double::doubleValue)
        .sorted()
        .toArray();
  }

  /** The number that one that says that a value is missing is. */
  private Optional<Double> marked(String mark) {
    return LabelForm.number(mark)
        .or(() -> LabelForm.number(plain(mark)))
        .map(BigDecimal::doubleValue);
  }

  /** Whether numbers are written as Java writes them. */
  public boolean plainNumbers() {
    return decimal == '.' && thousands == NONE;
  }

  /** The same numbers, below a header or not. */
  public CsvDialect with(Header other) {
    return new CsvDialect(other, decimal, thousands, missing);
  }

  /** A text; where it is a number, the number as Java writes it. */
  public String plain(String text) {
    if (plainNumbers()) {
      return text;
    }
    String number = number(text);
    return number.isEmpty() ? text : number;
  }

  /**
   * A number as Java writes it; empty for what is no number. Groups have three digits, those before
   * the last one two where India writes lakhs; the first one does not begin with 0.
   */
  public String number(String text) {
    StringBuilder number = new StringBuilder(text.length());
    int at = 0;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      number.append(text.charAt(at++));
    }
    int group = 0;
    boolean grouped = false;
    boolean zero = at < text.length() && text.charAt(at) == '0';
    for (; at < text.length(); at++) {
      char letter = text.charAt(at);
      if (digit(letter)) {
        number.append(letter);
        group++;
      } else if (between(letter) && !zero && group > 0 && group <= 3 && !(grouped && group < 2)) {
        grouped = true;
        group = 0;
      } else {
        break;
      }
    }
    if (grouped && group != 3) {
      return "";
    }
    if (at < text.length() && text.charAt(at) == decimal) {
      number.append('.');
      at = digits(text, at + 1, number);
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      number.append('e');
      at++;
      if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
        number.append(text.charAt(at++));
      }
      at = digits(text, at, number);
    }
    return at == text.length() ? number.toString() : "";
  }

  private static int digits(String text, int from, StringBuilder number) {
    int at = from;
    while (at < text.length() && digit(text.charAt(at))) {
      number.append(text.charAt(at++));
    }
    return at;
  }

  private static boolean digit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  private boolean between(char letter) {
    boolean space = letter == ' ' || letter == '\u00A0' || letter == '\u2009' || letter == '\u202F';
    return thousands == ' ' ? space : thousands != NONE && letter == thousands;
  }
}
