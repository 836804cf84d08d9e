package org.trawl.driver.sweep;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the values of an axis: a list, { range = [first, last], step }, or { log-range = [first,
 * last], points }.
 */
final class AxisReader {
  /** Significant digits of the inner points of a log-range. */
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  /** Below it whole numbers are told from real ones. */
  private static final BigDecimal LARGE = BigDecimal.valueOf(1L << 53);

  private static final int MOST_VALUES = 10_000;
  private static final String RANGE = "range";
  private static final String STEP = "step";
  private static final String LOG_RANGE = "log-range";
  private static final String POINTS = "points";
  private static final List<String> WORDS = List.of(RANGE, STEP, LOG_RANGE, POINTS);
  private static final Set<KeyType> NUMERIC =
      Set.of(KeyType.WHOLE, KeyType.REAL, KeyType.WIDTHS, KeyType.RATES, KeyType.COUNT_OR_ALL);

  private final SweepFile file;
  private final ValueReader values;
  private final Problems problems;

  AxisReader(SweepFile file, ValueReader values, Problems problems) {
    this.file = file;
    this.values = values;
    this.problems = problems;
  }

  /**
   * The axis of a key; empty if there was a problem.
   *
   * @param path of the axis as it stands in the file
   */
  Optional<Axis> read(Key key, String path, ConfigValue value) {
    if (file.placeholder(value)) {
      return Optional.empty();
    }
    List<ConfigValue> elements = elements(key, path, value);
    List<Object> found = new ArrayList<>();
    elements.forEach(element -> values.read(key, path, element).ifPresent(found::add));
    return found.isEmpty() || found.size() < elements.size()
        ? Optional.empty()
        : Optional.of(new Axis(key, found.stream().distinct().toList(), file.place(value)));
  }

  private List<ConfigValue> elements(Key key, String path, ConfigValue value) {
    if (value instanceof ConfigList list) {
      if (list.isEmpty()) {
        problems.add(file.place(value), path, "at least one value", "an empty list");
      }
      return list;
    }
    if (value instanceof ConfigObject object && NUMERIC.contains(key.type())) {
      return range(key, path, object);
    }
    String alternatives =
        NUMERIC.contains(key.type()) ? ", { range, step } or { log-range, points }" : "";
    problems.add(
        file.place(value),
        path,
        "a list of values" + alternatives,
        "%s (one value alone is %s = %s outside sweep)"
            .formatted(ValueReader.shown(value), key.path(), ValueReader.shown(value)));
    return List.of();
  }

  private List<ConfigValue> range(Key key, String path, ConfigObject object) {
    boolean valid = true;
    for (String word : object.keySet()) {
      if (!WORDS.contains(word)) {
        valid = false;
        problems.add(
            file.place(object.get(word)),
            path + "." + word,
            "one of " + String.join(", ", WORDS),
            "an unknown key" + Nearest.suggestion(word, WORDS));
      }
    }
    boolean linear = present(object, RANGE);
    boolean logarithmic = present(object, LOG_RANGE);
    if (linear && logarithmic) {
      problems.add(
          file.place(object.get(LOG_RANGE)),
          path,
          "range or log-range",
          "both, as HOCON merges objects (cure: set the one to be replaced to null)");
      return List.of();
    }
    if (!linear && !logarithmic) {
      problems.add(
          file.place(object),
          path,
          "a list of values, { range, step } or { log-range, points }",
          ValueReader.shown(object));
      return List.of();
    }
    String stray = linear ? POINTS : STEP;
    if (present(object, stray)) {
      problems.add(
          file.place(object.get(stray)),
          path + "." + stray,
          linear ? "step beside range" : "points beside log-range",
          "%s (cure: %s = null)".formatted(stray, stray));
      return List.of();
    }
    return !valid ? List.of() : linear ? linear(path, object) : logarithmic(key, path, object);
  }

  private static boolean present(ConfigObject object, String word) {
    ConfigValue value = object.get(word);
    return value != null && value.valueType() != ConfigValueType.NULL;
  }

  private List<ConfigValue> linear(String path, ConfigObject object) {
    List<BigDecimal> ends = ends(path + "." + RANGE, object.get(RANGE), Limit.NONE);
    Optional<BigDecimal> step = number(object, path, STEP, "a number above 0", Limit.POSITIVE);
    if (ends.isEmpty() || step.isEmpty()) {
      return List.of();
    }
    BigDecimal first = ends.get(0);
    BigDecimal steps = ends.get(1).subtract(first).divide(step.get(), 0, RoundingMode.FLOOR);
    if (steps.compareTo(BigDecimal.valueOf(MOST_VALUES)) >= 0) {
      problems.add(
          file.place(object.get(STEP)),
          path + "." + STEP,
          "a step that makes at most " + MOST_VALUES + " values",
          ValueReader.shown(object.get(STEP)));
      return List.of();
    }
    List<ConfigValue> elements = new ArrayList<>();
    for (int i = 0; i <= steps.intValueExact(); i++) {
      elements.add(element(first.add(step.get().multiply(BigDecimal.valueOf(i))), object));
    }
    return elements;
  }

  /**
   * Equal ratios between neighbours. The ends are exact; the points between them are rounded to six
   * significant digits, of keys that count to whole numbers.
   */
  private List<ConfigValue> logarithmic(Key key, String path, ConfigObject object) {
    List<BigDecimal> ends = ends(path + "." + LOG_RANGE, object.get(LOG_RANGE), Limit.POSITIVE);
    String expected = "a whole number from 2 to " + MOST_VALUES;
    Optional<BigDecimal> points =
        number(
            object,
            path,
            POINTS,
            expected,
            new Limit(
                "",
                count ->
                    count.scale() <= 0
                        && count.compareTo(BigDecimal.ONE) > 0
                        && count.compareTo(BigDecimal.valueOf(MOST_VALUES)) <= 0));
    if (ends.isEmpty() || points.isEmpty()) {
      return List.of();
    }
    boolean whole = key.type() != KeyType.REAL && key.type() != KeyType.RATES;
    double first = ends.get(0).doubleValue();
    double last = ends.get(1).doubleValue();
    int count = points.get().intValueExact();
    List<ConfigValue> elements = new ArrayList<>();
    elements.add(element(ends.get(0), object));
    for (int i = 1; i < count - 1; i++) {
      double exponent = (double) i / (count - 1);
      double logarithm = (1 - exponent) * StrictMath.log(first) + exponent * StrictMath.log(last);
      BigDecimal point = new BigDecimal(StrictMath.exp(logarithm)).round(DIGITS);
      elements.add(element(whole ? point.setScale(0, RoundingMode.HALF_EVEN) : point, object));
    }
    elements.add(element(ends.get(1), object));
    return elements;
  }

  /** Two numbers, the first not above the second; none if there was a problem. */
  private List<BigDecimal> ends(String path, ConfigValue value, Limit limit) {
    List<BigDecimal> numbers =
        value instanceof ConfigList list
            ? list.stream()
                .flatMap(element -> ValueReader.number(element).stream())
                .filter(limit.accepts())
                .toList()
            : List.of();
    boolean valid =
        value instanceof ConfigList list
            && list.size() == 2
            && numbers.size() == 2
            && numbers.get(0).compareTo(numbers.get(1)) < 0;
    if (!valid) {
      problems.add(
          file.place(value),
          path,
          "two numbers %s, the smaller first".formatted(limit.text()).replace(" ,", ","),
          ValueReader.shown(value));
    }
    return valid ? numbers : List.of();
  }

  private Optional<BigDecimal> number(
      ConfigObject object, String path, String word, String expected, Limit limit) {
    Optional<BigDecimal> number =
        present(object, word)
            ? ValueReader.number(object.get(word)).filter(limit.accepts())
            : Optional.empty();
    if (number.isEmpty()) {
      problems.add(
          file.place(present(object, word) ? object.get(word) : object),
          path + "." + word,
          expected,
          present(object, word) ? ValueReader.shown(object.get(word)) : "none");
    }
    return number;
  }

  /** A computed value as if it stood in the file where its range does. */
  private static ConfigValue element(BigDecimal value, ConfigObject object) {
    ConfigValue range = object.get(present(object, RANGE) ? RANGE : LOG_RANGE);
    boolean whole = value.stripTrailingZeros().scale() <= 0 && value.abs().compareTo(LARGE) < 0;
    Number number = whole ? (Number) value.longValue() : (Number) value.doubleValue();
    return ConfigValueFactory.fromAnyRef(number).withOrigin(range.origin());
  }
}
