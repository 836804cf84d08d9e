package org.trawl.driver.sweep;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads objects, words and numbers of a sweep file; what is wrong with them is a problem. */
final class SectionReader {
  private final SweepFile file;
  private final Problems problems;

  SectionReader(SweepFile file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** An object; what is none is a problem, and as good as empty. */
  ConfigObject object(String path, ConfigValue value) {
    if (value instanceof ConfigObject object) {
      return object;
    }
    if (!absent(value) && !file.placeholder(value)) {
      problems.add(
          file.place(value),
          path,
          "an object { .. }",
          ValueReader.shown(value) + UnknownKey.below(path, value.unwrapped()));
    }
    return ConfigFactory.empty().root();
  }

  /** Whether nothing is given, or null. */
  static boolean absent(ConfigValue value) {
    return value == null || value.valueType() == ConfigValueType.NULL;
  }

  /** Refuses all keys of an object but some. */
  void requireKnown(ConfigObject object, String prefix, List<String> known) {
    object.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            unknown(value, prefix + key, known);
          }
        });
  }

  /** Reports a key that does not exist. */
  void unknown(ConfigValue value, String path, Collection<String> known) {
    if (file.placeholder(value)) {
      return;
    }
    String suggestion = UnknownKey.suggestion(path, known);
    problems.add(
        file.place(value),
        path,
        "one of " + String.join(", ", known),
        "an unknown key" + suggestion);
  }

  /** One of some words; empty where there is none, or another one. */
  Optional<String> choice(String path, ConfigValue value, List<String> words) {
    if (absent(value)) {
      return Optional.empty();
    }
    String word = String.valueOf(value.unwrapped());
    if (!words.contains(word)) {
      problems.add(
          file.place(value),
          path,
          "one of " + String.join(", ", words),
          ValueReader.shown(value) + Nearest.suggestion(word, words));
      return Optional.empty();
    }
    return Optional.of(word);
  }

  /** A whole number from {@code least} to {@code most}, or {@code orElse} without one. */
  long whole(String path, ConfigValue value, long orElse, long least, long most) {
    if (absent(value)) {
      return orElse;
    }
    Optional<BigDecimal> number;
    try {
      number = Optional.of(new BigDecimal(value.unwrapped().toString()));
    } catch (NumberFormatException none) {
      number = Optional.empty();
    }
    Optional<BigDecimal> whole =
        number
            .filter(found -> found.precision() - found.scale() < 20)
            .filter(found -> found.stripTrailingZeros().scale() <= 0)
            .filter(found -> found.compareTo(BigDecimal.valueOf(least)) >= 0)
            .filter(found -> found.compareTo(BigDecimal.valueOf(most)) <= 0);
    if (whole.isEmpty()) {
      String bounds = least == Long.MIN_VALUE ? "of at most 64 bits" : "of at least " + least;
      problems.add(file.place(value), path, "a whole number " + bounds, ValueReader.shown(value));
    }
    return whole.map(BigDecimal::longValueExact).orElse(orElse);
  }

  /** Whether it is one word, or a number. */
  static boolean isText(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING
        || value.valueType() == ConfigValueType.NUMBER;
  }
}
