package org.trawl.driver.sweep;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.trawl.core.data.source.SourceSpec;

/**
 * A key of a trial: one entry of the data, network or training section of a sweep file, one column
 * of the table trials.
 *
 * @param path as written in a sweep file, such as training.learning-rate
 * @param column its name in tables, such as learning_rate
 * @param defaultValue of the Java type that {@code type} names; empty for a required key, and for
 *     one whose default depends on others
 * @param derivedDefault how a default that depends on others is found; empty for none
 * @param choices the words that the key accepts; empty for any
 * @param limit the numbers that the key accepts
 * @param meaning one sentence, with unit and range
 */
public record Key(
    String path,
    String column,
    KeyType type,
    Optional<Object> defaultValue,
    String derivedDefault,
    List<String> choices,
    Limit limit,
    String meaning) {
  /** Numbers with more digits before the point are written with an exponent. */
  private static final int WHOLE_DIGITS = 7;

  public Key {
    choices = List.copyOf(choices);
  }

  /** Whether every point must give it a value. */
  public boolean required() {
    return defaultValue.isEmpty() && derivedDefault.isEmpty();
  }

  /** The default as a sweep file could say it; empty for a required key. */
  public String defaultText() {
    return defaultValue.map(Key::text).orElse(derivedDefault);
  }

  /** A value as people write it. */
  public static String text(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Key::text).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof BigDecimal real) {
      // 10, not 1E+1; but not all the zeros of 1e30.
      boolean shorter = real.scale() < 0 && real.precision() - real.scale() <= WHOLE_DIGITS;
      return shorter
          ? real.toPlainString()
          : real.toString().toLowerCase(Locale.ROOT).replace("e+", "e");
    }
    return value instanceof SourceSpec source ? source.name() : value.toString();
  }

  /** The last part of its path. */
  String lastPart() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Keys are told apart by their paths. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && key.path.equals(path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  /** Its path. */
  @Override
  public String toString() {
    return path;
  }
}
