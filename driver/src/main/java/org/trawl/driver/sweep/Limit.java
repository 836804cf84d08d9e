package org.trawl.driver.sweep;

import java.math.BigDecimal;
import java.util.function.Predicate;

/**
 * Which numbers a key accepts; of a list, each of its elements.
 *
 * @param text how it reads after "expected a number", such as "of at least 0"; empty for any
 */
public record Limit(String text, Predicate<BigDecimal> accepts) {
  static final Limit NONE = new Limit("", value -> true);
  static final Limit NOT_NEGATIVE = new Limit("of at least 0", value -> value.signum() >= 0);
  static final Limit POSITIVE = new Limit("above 0", value -> value.signum() > 0);
  static final Limit COUNT = new Limit("of at least 1", value -> value.signum() > 0);
  static final Limit BELOW_ONE =
      new Limit(
          "of at least 0 and below 1",
          value -> value.signum() >= 0 && value.compareTo(BigDecimal.ONE) < 0);

  /** A share of the samples below 1, or a number of them from 1. */
  static final Limit PART =
      new Limit(
          "below 1 (a share) or whole (a count), not negative",
          value ->
              value.signum() >= 0
                  && (value.compareTo(BigDecimal.ONE) < 0
                      || value.stripTrailingZeros().scale() <= 0)
                  && value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0);

  static final Limit NONE_OR_SEVERAL =
      new Limit(
          "that is 0 or at least 2",
          value -> value.signum() == 0 || value.compareTo(BigDecimal.ONE) > 0);
}
