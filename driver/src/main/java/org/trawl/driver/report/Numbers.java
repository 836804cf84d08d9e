package org.trawl.driver.report;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Numbers as people read them. */
public final class Numbers {
  /** Significant digits of a rounded number, where no more are needed to tell it from others. */
  private static final int DIGITS = 4;

  /** Significant digits beyond which measured numbers count as equal: what a float holds. */
  private static final int MOST_DIGITS = 7;

  /** Digits of the largest number of a column before and after its point. */
  private static final int WIDEST = 10;

  /** Significant digits up to which a key's value was written rather than computed. */
  private static final int WRITTEN_DIGITS = 8;

  private Numbers() {}

  /**
   * Measured numbers of a column in one style. What has at most four significant digits everywhere
   * stays as it is, with the same number of decimals where all are of about the same size; else
   * they are in the {@link Style} of the column.
   *
   * @param values may hold nulls, which become empty texts
   */
  static List<String> column(List<? extends Number> values) {
    boolean asTheyAre = values.stream().allMatch(value -> value == null || isShort(value));
    int decimals = asTheyAre && ofOneSize(values, largest(values)) ? mostDecimals(values) : 0;
    Style style = asTheyAre ? new Style(-1, DIGITS) : Style.of(values);
    return values.stream()
        .map(value -> value == null ? "" : asTheyAre ? exact(value) : style.text(value))
        .map(text -> decimals > 0 && !text.isEmpty() ? padded(text, decimals) : text)
        .toList();
  }

  /**
   * Values of a key as they were written; those that were computed (of a logarithmic range, say)
   * with as many digits as tell them apart, four at least.
   *
   * @param values may hold nulls, which become empty texts
   */
  static List<String> written(List<? extends Number> values) {
    List<? extends Number> computed =
        values.stream().filter(value -> value != null && !isWritten(value)).distinct().toList();
    int digits = DIGITS;
    while (digits < 17 && different(computed, new Style(-1, digits)::text) < computed.size()) {
      digits++;
    }
    Style style = new Style(-1, digits);
    return values.stream()
        .map(value -> value == null ? "" : isWritten(value) ? exact(value) : style.text(value))
        .toList();
  }

  /**
   * How measured numbers are rounded that stand in one table: all have the same number of decimals,
   * such that the largest and, within four decimals, one of about the middle show four significant
   * digits, and that those that differ look different; where that would be too many, each has as
   * many significant digits as that takes.
   *
   * @param decimals of all numbers; -1 where they have significant digits of their own
   * @param digits significant ones, at most
   */
  record Style(int decimals, int digits) {
    static Style of(List<? extends Number> values) {
      List<Double> magnitudes =
          values.stream()
              .filter(Objects::nonNull)
              .map(value -> Math.abs(value.doubleValue()))
              .filter(magnitude -> Double.isFinite(magnitude) && magnitude > 0)
              .sorted()
              .toList();
      double largest = magnitudes.isEmpty() ? 0 : magnitudes.get(magnitudes.size() - 1);
      double middle = magnitudes.isEmpty() ? 0 : magnitudes.get(magnitudes.size() / 2);
      long different = different(values, new Style(-1, MOST_DIGITS)::text);
      if (largest >= 1e-4 && largest < 1e9) {
        int most = WIDEST - before(largest);
        int fewest = Math.max(after(largest, DIGITS), Math.min(DIGITS, after(middle, DIGITS)));
        for (int decimals = Math.min(fewest, most); decimals <= most; decimals++) {
          Style style = new Style(decimals, 0);
          if (different(values, style::text) >= different) {
            return style;
          }
        }
      }
      int digits = DIGITS;
      while (digits < MOST_DIGITS && different(values, new Style(-1, digits)::text) < different) {
        digits++;
      }
      return new Style(-1, digits);
    }

    String text(Number value) {
      if (isWhole(value) || !Double.isFinite(value.doubleValue())) {
        return value.toString();
      }
      if (decimals < 0) {
        return exact(decimal(value).round(new MathContext(digits)));
      }
      double magnitude = Math.abs(value.doubleValue());
      boolean vanishes = magnitude > 0 && magnitude < 0.5 * Math.pow(10, -decimals);
      return vanishes
          ? exact(decimal(value).round(new MathContext(2)))
          : decimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }
  }

  private static long different(
      List<? extends Number> values, Function<? super Number, String> text) {
    return values.stream().filter(Objects::nonNull).map(text).distinct().count();
  }

  /** Decimals with which a magnitude shows so many significant digits. */
  private static int after(double magnitude, int digits) {
    return Math.max(0, digits - before(magnitude));
  }

  /** Digits before the point; of a number below 1 minus the number of zeros after it. */
  private static int before(double magnitude) {
    return magnitude == 0
        ? 0
        : magnitude <= 1
            ? Math.min(0, (int) Math.floor(Math.log10(magnitude)) + 1)
            : (int) Math.floor(Math.log10(magnitude)) + 1;
  }

  private static boolean isWritten(Number value) {
    return isWhole(value)
        || !Double.isFinite(value.doubleValue())
        || decimal(value).stripTrailingZeros().precision() <= WRITTEN_DIGITS;
  }

  private static boolean ofOneSize(List<? extends Number> values, double largest) {
    return values.stream()
        .filter(Objects::nonNull)
        .mapToDouble(value -> Math.abs(value.doubleValue()))
        .allMatch(value -> value == 0 || (value > largest / 10 && value >= 1e-4 && value < 1e9));
  }

  private static int mostDecimals(List<? extends Number> values) {
    return values.stream()
        .filter(value -> value != null && !isWhole(value))
        .mapToInt(value -> decimal(value).stripTrailingZeros().scale())
        .max()
        .orElse(0);
  }

  private static String padded(String number, int decimals) {
    return new BigDecimal(number).setScale(decimals).toPlainString();
  }

  /** The largest magnitude of the numbers that are finite; 0 for none. */
  private static double largest(List<? extends Number> values) {
    return values.stream()
        .filter(Objects::nonNull)
        .mapToDouble(value -> Math.abs(value.doubleValue()))
        .filter(Double::isFinite)
        .max()
        .orElse(0);
  }

  /** A number alone: a whole one as it is, a real one with at most four significant digits. */
  static String text(Number value) {
    return isWhole(value) || !Double.isFinite(value.doubleValue())
        ? value.toString()
        : exact(decimal(value).round(new MathContext(DIGITS)));
  }

  /** A metric alone: with four decimals; a smaller one with two significant digits. */
  public static String metric(Number value) {
    return new Style(DIGITS, 0).text(value);
  }

  /** A key's value alone: all its digits, without an exponent where that is short. */
  static String key(Number value) {
    return exact(value);
  }

  private static boolean isShort(Number value) {
    return isWhole(value)
        || !Double.isFinite(value.doubleValue())
        || decimal(value).stripTrailingZeros().precision() <= DIGITS;
  }

  /** All digits, without an exponent where that is short. */
  private static String exact(Number value) {
    if (isWhole(value) || !Double.isFinite(value.doubleValue())) {
      return value.toString();
    }
    BigDecimal stripped = decimal(value).stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale() - 1;
    if (stripped.signum() == 0 || (exponent >= -4 && exponent < 9)) {
      return stripped.toPlainString();
    }
    BigDecimal mantissa = stripped.movePointLeft(exponent);
    return mantissa.stripTrailingZeros().toPlainString() + "e" + exponent;
  }

  private static boolean isWhole(Number value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger;
  }

  private static BigDecimal decimal(Number value) {
    return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
  }
}
