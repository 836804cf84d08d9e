package org.trawl.driver.report;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;

/** Numbers as people read them. */
final class Numbers {
  /** Significant digits of a rounded number. */
  private static final int DIGITS = 4;

  private Numbers() {}

  /**
   * The numbers of a column in one style. What has at most four significant digits everywhere (a
   * learning rate, say) stays as it is; else all have the same number of decimals, such that the
   * largest shows four significant digits.
   *
   * @param values may hold nulls, which become empty texts
   */
  static List<String> column(List<? extends Number> values) {
    double largest = largest(values);
    boolean asTheyAre = values.stream().allMatch(value -> value == null || isShort(value));
    return values.stream()
        .map(value -> value == null ? "" : asTheyAre ? exact(value) : fixed(value, largest))
        .toList();
  }

  /** The largest magnitude of the numbers that are finite; 0 for none. */
  static double largest(List<? extends Number> values) {
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

  /** A number with as many decimals as a column of at most {@code largest} shows. */
  static String fixed(Number value, double largest) {
    if (isWhole(value) || !Double.isFinite(value.doubleValue())) {
      return value.toString();
    }
    double magnitude = Math.abs(value.doubleValue());
    if (largest < 1e-4 || largest >= 1e9) {
      return text(value);
    }
    int before = largest <= 1 ? leadingZeros(largest) : (int) Math.floor(Math.log10(largest)) + 1;
    int decimals = Math.max(0, DIGITS - before);
    boolean vanishes = magnitude > 0 && magnitude < 0.5 * Math.pow(10, -decimals);
    return vanishes
        ? exact(decimal(value).round(new MathContext(2)))
        : decimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** Minus the number of zeros after the point of a number of at most 1. */
  private static int leadingZeros(double value) {
    return value == 0 ? 0 : Math.min(0, (int) Math.floor(Math.log10(value)) + 1);
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
