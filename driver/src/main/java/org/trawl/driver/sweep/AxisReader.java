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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the values of an axis: { range = [first, last], step }, { log-range = [first, last], points
 * }, or a list of values and such ranges, which stand for the values that they make. A value that
 * comes again is one value, and told.
 */
final class AxisReader {
  /** Significant digits of the inner points of a log-range. */
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  /** Below it whole numbers are told from real ones. */
  private static final BigDecimal LARGE = BigDecimal.valueOf(1L << 53);

  private static final int MOST_VALUES = 10_000;
  private static final int VALUES_TOLD = 3;
  private static final String RANGE = "range";
  private static final String STEP = "step";
  private static final String LOG_RANGE = "log-range";
  private static final String POINTS = "points";
  private static final String RANGES =
      "{ range = [first, last], step = .. } or { log-range = [first, last], points = .. }";
  private static final List<String> WORDS = List.of(RANGE, STEP, LOG_RANGE, POINTS);
  private static final Set<KeyType> NUMERIC =
      Set.of(KeyType.WHOLE, KeyType.REAL, KeyType.WIDTHS, KeyType.RATES, KeyType.COUNT_OR_ALL);

  private final SweepFile file;
  private final ValueReader values;
  private final Problems problems;
  private final List<String> notes = new ArrayList<>();

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
    Optional<List<ConfigValue>> elements = elements(key, path, value);
    if (elements.isEmpty()) {
      return Optional.empty();
    }
    Map<Object, List<String>> found = new LinkedHashMap<>();
    boolean valid = true;
    for (ConfigValue element : elements.get()) {
      Optional<Object> read = values.read(key, path, element);
      valid &= read.isPresent();
      read.ifPresent(
          one ->
              found.computeIfAbsent(one, o -> new ArrayList<>()).add(ValueReader.written(element)));
    }
    if (!valid) {
      return Optional.empty();
    }
    Axis axis = new Axis(key, List.copyOf(found.keySet()), file.place(value));
    note(axis, path, found);
    return Optional.of(axis);
  }

  /** What was told of the axes that were read: a sentence each, with its place. */
  List<String> notes() {
    return notes;
  }

  /**
   * Tells the values that are there several times.
   *
   * @param found how each was written, as often as it was
   */
  private void note(Axis axis, String path, Map<Object, List<String>> found) {
    List<String> again = new ArrayList<>();
    found.forEach(
        (value, written) -> {
          List<String> ways = written.stream().distinct().toList();
          if (written.size() > 1) {
            again.add(
                String.format(
                    Locale.ROOT,
                    "%s is written %d times%s",
                    ways.get(0),
                    written.size(),
                    ways.size() == 1 ? "" : " (%s)".formatted(String.join(", ", ways))));
          }
        });
    if (!again.isEmpty()) {
      int more = again.size() - VALUES_TOLD;
      notes.add(
          "%s: %s: %s%s, and planned once"
              .formatted(
                  axis.place(),
                  path,
                  again.stream().limit(VALUES_TOLD).collect(Collectors.joining(", ")),
                  more <= 0
                      ? ""
                      : String.format(
                          Locale.ROOT,
                          ", and so are %d more value%s",
                          more,
                          more == 1 ? "" : "s")));
    }
  }

  /** The values that an axis lists, or that its ranges make; empty if there was a problem. */
  private Optional<List<ConfigValue>> elements(Key key, String path, ConfigValue value) {
    boolean numeric = NUMERIC.contains(key.type());
    if (value instanceof ConfigObject object && numeric) {
      return range(key, path, object);
    }
    if (value instanceof ConfigList list && !list.isEmpty()) {
      List<ConfigValue> elements = new ArrayList<>();
      boolean valid = true;
      for (ConfigValue element : list) {
        Optional<List<ConfigValue>> made =
            numeric && element instanceof ConfigObject range
                ? range(key, path, range)
                : Optional.of(List.of(element));
        made.ifPresent(elements::addAll);
        valid &= made.isPresent();
      }
      return valid ? Optional.of(elements) : Optional.empty();
    }
    if (value instanceof ConfigList) {
      problems.add(file.place(value), path, "at least one value", "an empty list");
      return Optional.empty();
    }
    String one = ValueReader.shown(value);
    List<String> several =
        value.unwrapped() instanceof String text ? Numerals.several(text) : List.of();
    if (!several.isEmpty()) {
      String found = "%s (cure: [%s])".formatted(one, String.join(", ", several));
      problems.add(file.place(value), path, "a list of values", found);
      return Optional.empty();
    }
    problems.add(
        file.place(value),
        path,
        "a list of values" + (numeric ? ", " + RANGES : ""),
        value instanceof ConfigObject
            ? one
            : "%s (cure: [%s]; or, for one value, %s = %s outside sweep)"
                .formatted(one, one, key.path(), one));
    return Optional.empty();
  }

  private Optional<List<ConfigValue>> range(Key key, String path, ConfigObject object) {
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
    if (!valid) {
      return Optional.empty();
    }
    boolean linear = present(object, RANGE);
    boolean logarithmic = present(object, LOG_RANGE);
    if (linear && logarithmic) {
      problems.add(
          file.place(object.get(LOG_RANGE)),
          path,
          "range or log-range",
          "both, as HOCON merges objects (cure: set the one to be replaced to null)");
      return Optional.empty();
    }
    if (!linear && !logarithmic) {
      problems.add(
          file.place(object), path, "a list of values, " + RANGES, ValueReader.shown(object));
      return Optional.empty();
    }
    String stray = linear ? POINTS : STEP;
    if (present(object, stray)) {
      problems.add(
          file.place(object.get(stray)),
          path + "." + stray,
          linear ? "step beside range" : "points beside log-range",
          "%s (cure: %s in its place; or %s = null where an include brings it)"
              .formatted(stray, linear ? STEP : POINTS, stray));
      return Optional.empty();
    }
    return linear ? linear(path, object) : logarithmic(key, path, object);
  }

  private static boolean present(ConfigObject object, String word) {
    ConfigValue value = object.get(word);
    return value != null && value.valueType() != ConfigValueType.NULL;
  }

  private Optional<List<ConfigValue>> linear(String path, ConfigObject object) {
    List<BigDecimal> ends = ends(path + "." + RANGE, object.get(RANGE), Limit.NONE);
    Optional<BigDecimal> step = number(object, path, STEP, "a number above 0", Limit.POSITIVE);
    if (ends.isEmpty() || step.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal first = ends.get(0);
    BigDecimal steps = ends.get(1).subtract(first).divide(step.get(), 0, RoundingMode.FLOOR);
    if (steps.compareTo(BigDecimal.valueOf(MOST_VALUES)) >= 0) {
      problems.add(
          file.place(object.get(STEP)),
          path + "." + STEP,
          "a step that makes at most " + MOST_VALUES + " values",
          ValueReader.shown(object.get(STEP)));
      return Optional.empty();
    }
    List<ConfigValue> elements = new ArrayList<>();
    for (int i = 0; i <= steps.intValueExact(); i++) {
      elements.add(element(first.add(step.get().multiply(BigDecimal.valueOf(i))), object));
    }
    return Optional.of(elements);
  }

  /**
   * Equal ratios between neighbours. The ends are exact; the points between them are rounded to six
   * significant digits, of keys that count to whole numbers.
   */
  private Optional<List<ConfigValue>> logarithmic(Key key, String path, ConfigObject object) {
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
      return Optional.empty();
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
    return Optional.of(elements);
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
