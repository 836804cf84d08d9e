package org.trawl.driver.sweep;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Turns the values of a file into those of keys: of the Java type that the key's KeyType names, in
 * the one form that equal values share (0.10 is 0.1).
 */
final class ValueReader {
  private static final int LONGEST_SHOWN = 60;
  private static final BigDecimal LARGEST_COUNT = BigDecimal.valueOf(Integer.MAX_VALUE);

  private final SweepFile file;
  private final Catalogue catalogue;
  private final Problems problems;

  ValueReader(SweepFile file, Catalogue catalogue, Problems problems) {
    this.file = file;
    this.catalogue = catalogue;
    this.problems = problems;
  }

  /** The value of a key; empty if there was a problem. */
  Optional<Object> read(Key key, ConfigValue value) {
    return read(key, key.path(), value);
  }

  /**
   * The value of a key.
   *
   * @param path the key's as it stands in the file, for messages
   */
  Optional<Object> read(Key key, String path, ConfigValue value) {
    if (file.placeholder(value)) {
      return Optional.empty();
    }
    return switch (key.type()) {
      case TEXT -> word(key, path, value, "").map(word -> word);
      case FLAG -> flag(key, path, value).map(flag -> flag);
      case WHOLE -> whole(key, path, value, "").map(whole -> whole);
      case REAL -> real(key, path, value, "").map(real -> real);
      case WIDTHS ->
          list(value, element -> whole(key, path, element, " or a list of such")).map(l -> l);
      case RATES ->
          value instanceof ConfigList
              ? list(value, element -> real(key, path, element, "")).map(rates -> rates)
              : real(key, path, value, " or a list of such").map(rate -> rate);
      case COUNT_OR_ALL ->
          "all".equals(value.unwrapped())
              ? Optional.of("all")
              : whole(key, path, value, " or all").map(whole -> whole);
      case STEPS ->
          list(value, element -> PrepareSteps.read(file, path, element, problems)).map(l -> l);
      case FILE -> address(path, value).map(address -> address);
      case SOURCE -> source(path, value);
    };
  }

  /** A number as the file gives it, also as text; empty if it is none, or not finite. */
  static Optional<BigDecimal> number(ConfigValue value) {
    if (value.valueType() != ConfigValueType.NUMBER
        && value.valueType() != ConfigValueType.STRING) {
      return Optional.empty();
    }
    try {
      double number = new BigDecimal(value.unwrapped().toString().strip()).doubleValue();
      return Double.isFinite(number) ? Optional.of(canonical(number)) : Optional.empty();
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
  }

  /** The shortest decimal that is a double, without trailing zeros. */
  static BigDecimal canonical(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros();
  }

  /** HOCON's words for true and false; empty for anything else. */
  static Optional<Boolean> flag(ConfigValue value) {
    String word = String.valueOf(value.unwrapped());
    if (value.valueType() != ConfigValueType.BOOLEAN
        && value.valueType() != ConfigValueType.STRING) {
      return Optional.empty();
    } else if (Set.of("true", "yes", "on").contains(word)) {
      return Optional.of(true);
    }
    return Set.of("false", "no", "off").contains(word) ? Optional.of(false) : Optional.empty();
  }

  /** A text, or a number as it is written. */
  static String text(ConfigValue value) {
    boolean number = value.valueType() == ConfigValueType.NUMBER;
    return number ? value.atKey("n").getString("n") : String.valueOf(value.unwrapped());
  }

  /** A value as a message shows it, with what it is. */
  static String shown(ConfigValue value) {
    String kind =
        value instanceof ConfigList ? "a list " : value instanceof ConfigObject ? "an object " : "";
    return kind + written(value);
  }

  /** A value as it was written, its beginning where that is long. */
  static String written(ConfigValue value) {
    String text =
        value.valueType() == ConfigValueType.NUMBER
            ? value.atKey("number").getString("number")
            : value.render(ConfigRenderOptions.concise());
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN - 1) + "…";
  }

  private Optional<String> word(Key key, String path, ConfigValue value, String orElse) {
    Object word = value.unwrapped();
    if (value.valueType() == ConfigValueType.STRING
        && (key.choices().isEmpty() || key.choices().contains(word))) {
      return Optional.of(word.toString());
    }
    String near =
        value.valueType() == ConfigValueType.STRING
            ? Nearest.suggestion(word.toString(), key.choices())
            : "";
    problems.add(
        file.place(value),
        path,
        key.choices().isEmpty() ? "a text" : "one of " + String.join(", ", key.choices()) + orElse,
        shown(value) + near + sweepInstead(key, path, value));
    return Optional.empty();
  }

  private Optional<Long> whole(Key key, String path, ConfigValue value, String orElse) {
    Optional<Long> whole =
        number(value)
            .filter(number -> number.scale() <= 0 && number.abs().compareTo(LARGEST_COUNT) <= 0)
            .filter(key.limit().accepts())
            .map(BigDecimal::longValueExact);
    return number(
        key, path, value, numberOf(key, "a whole number") + tooLarge(value) + orElse, whole);
  }

  /** " and at most 2147483647" where a number is above that. */
  private static String tooLarge(ConfigValue value) {
    return number(value).filter(number -> number.compareTo(LARGEST_COUNT) > 0).isPresent()
        ? " and at most " + LARGEST_COUNT.toPlainString()
        : "";
  }

  private <T> Optional<T> number(
      Key key, String path, ConfigValue value, String expected, Optional<T> found) {
    if (found.isEmpty()) {
      problems.add(
          file.place(value),
          path,
          expected,
          shown(value) + Numerals.cure(value.unwrapped()) + sweepInstead(key, path, value));
    }
    return found;
  }

  /** The cure for a list of values where one value is expected; empty elsewhere. */
  private static String sweepInstead(Key key, String path, ConfigValue value) {
    String group = path.substring(0, path.length() - key.path().length());
    return value instanceof ConfigList list && !list.isEmpty() && !group.endsWith("sweep.")
        ? " (cure, to try each: %ssweep.%s = [..])".formatted(group, key.path())
        : "";
  }

  private Optional<BigDecimal> real(Key key, String path, ConfigValue value, String orElse) {
    return number(
        key,
        path,
        value,
        numberOf(key, "a number") + orElse,
        number(value).filter(key.limit().accepts()));
  }

  private static String numberOf(Key key, String kind) {
    return key.limit().text().isEmpty() ? kind : kind + " " + key.limit().text();
  }

  private Optional<Boolean> flag(Key key, String path, ConfigValue value) {
    Optional<Boolean> flag = flag(value);
    if (flag.isEmpty()) {
      String near =
          value.valueType() == ConfigValueType.STRING
              ? Nearest.suggestion(value.unwrapped().toString(), List.of("true", "false"))
              : "";
      problems.add(
          file.place(value),
          path,
          "true or false",
          shown(value) + near + sweepInstead(key, path, value));
    }
    return flag;
  }

  /** A list's elements, or a value alone as a list of one; empty if an element is. */
  private static <T> Optional<List<T>> list(
      ConfigValue value, Function<ConfigValue, Optional<T>> read) {
    List<ConfigValue> elements = value instanceof ConfigList list ? list : List.of(value);
    List<T> values = new ArrayList<>();
    elements.forEach(element -> read.apply(element).ifPresent(values::add));
    return values.size() == elements.size() ? Optional.of(List.copyOf(values)) : Optional.empty();
  }

  /** An absolute address; what is relative is relative to the file in which it stands. */
  private Optional<String> address(String path, ConfigValue value) {
    String text = String.valueOf(value.unwrapped());
    if (value.valueType() != ConfigValueType.STRING || text.isBlank() || text.indexOf('\0') >= 0) {
      problems.add(file.place(value), path, "a file, or " + Keys.NO_FILE, shown(value));
      return Optional.empty();
    }
    return Optional.of(
        text.equals(Keys.NO_FILE) ? text : SourceReader.absolute(text, file.folder(value)));
  }

  private Optional<Object> source(String path, ConfigValue value) {
    if (value instanceof ConfigObject description) {
      return new SourceReader(file, problems)
          .read(path, description, "", SourceReader.IN_SWEEPS)
          .map(s -> s);
    }
    if (value.valueType() != ConfigValueType.STRING
        || !catalogue.names().contains(value.unwrapped())) {
      problems.add(
          file.place(value),
          path,
          "%s, or { format, train, .. }".formatted(catalogue.expected()),
          shown(value) + Catalogue.meant(value.unwrapped().toString(), catalogue.names()));
      return Optional.empty();
    }
    return Optional.of(value.unwrapped());
  }
}
