package org.trawl.driver.plan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.trawl.driver.sweep.Axis;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Place;
import org.trawl.driver.sweep.Setting;
import org.trawl.driver.sweep.Variant;

/**
 * One combination of values.
 *
 * @param given by the file: settings and the values of axes
 * @param values of all keys, in their order
 */
record Point(Variant variant, Map<Key, Setting> given, Map<Key, Object> values) {

  /** The points of a variant, its first axis varying slowest. */
  static List<Point> of(Variant variant, Catalogue catalogue) {
    List<Map<Key, Setting>> combinations = List.of(variant.settings());
    for (Axis axis : variant.axes()) {
      List<Map<Key, Setting>> longer = new ArrayList<>();
      for (Map<Key, Setting> combination : combinations) {
        for (Object value : axis.values()) {
          Map<Key, Setting> next = new LinkedHashMap<>(combination);
          next.put(axis.key(), new Setting(value, axis.place()));
          longer.add(next);
        }
      }
      combinations = longer;
    }
    return combinations.stream()
        .map(given -> new Point(variant, given, complete(given, catalogue)))
        .toList();
  }

  /** The number of combinations of a variant; Long.MAX_VALUE where they are too many to count. */
  static long count(Variant variant) {
    long count = 1;
    for (Axis axis : variant.axes()) {
      long high = Math.multiplyHigh(count, axis.values().size());
      if (high != 0 || count * axis.values().size() < 0) {
        return Long.MAX_VALUE;
      }
      count *= axis.values().size();
    }
    return count;
  }

  /** Whether the file gives the key another value than its default. */
  boolean changes(Key key) {
    return given.containsKey(key) && !key.defaultValue().map(values.get(key)::equals).orElse(false);
  }

  /** Where a key's value stands; where the variant does, if the file does not give it. */
  Place place(Key key) {
    return given.containsKey(key) ? given.get(key).place() : variant.place();
  }

  /** Where it is said what cannot be done with data: a key on the command line, else the source. */
  Place placeOfData(String refusal) {
    List<Key> keys =
        refusal.startsWith("Cannot take limit")
            ? List.of(Keys.LIMIT)
            : refusal.startsWith("Cannot divide")
                ? List.of(Keys.TEST, Keys.VALIDATION, Keys.FOLDS)
                : List.of();
    return keys.stream()
        .map(this::place)
        .filter(place -> place.line() == 0)
        .findFirst()
        .orElse(place(Keys.SOURCE));
  }

  /** The values that axes give it, for messages; all that is given if there are no axes. */
  String label() {
    return variant.axes().isEmpty()
        ? "the only point" + inVariant()
        : variant.axes().stream()
                .map(axis -> axis.key().path() + " = " + Key.text(values.get(axis.key())))
                .collect(Collectors.joining(", "))
            + inVariant();
  }

  private String inVariant() {
    return variant.name().isEmpty() ? "" : " in variant " + variant.name();
  }

  private static Map<Key, Object> complete(Map<Key, Setting> given, Catalogue catalogue) {
    Map<Key, Object> values = new LinkedHashMap<>();
    for (Key key : Keys.all()) {
      Setting setting = given.get(key);
      if (setting != null) {
        values.put(key, setting.value());
      } else if (key.equals(Keys.PREPARE)) {
        values.put(key, catalogue.prepare(given.get(Keys.SOURCE).value()));
      } else if (key.equals(Keys.EPSILON)) {
        values.put(key, Keys.epsilon((String) values.get(Keys.OPTIMIZER)));
      } else {
        values.put(key, key.defaultValue().orElseThrow());
      }
    }
    boolean folds = !values.get(Keys.FOLDS).equals(0L);
    if (folds && !given.containsKey(Keys.VALIDATION)) {
      values.put(Keys.VALIDATION, BigDecimal.ZERO);
    }
    values.put(Keys.DROPOUT, oneRate(values.get(Keys.DROPOUT), values.get(Keys.HIDDEN)));
    return values;
  }

  /** Equal rates of all layers as the one rate that they are. */
  private static Object oneRate(Object dropout, Object hidden) {
    if (dropout instanceof List<?> rates && rates.size() == ((List<?>) hidden).size()) {
      if (rates.isEmpty()) {
        return BigDecimal.ZERO;
      } else if (rates.stream().distinct().count() == 1) {
        return rates.get(0);
      }
    }
    return dropout;
  }
}
