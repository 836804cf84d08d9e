package org.trawl.driver.plan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;

/**
 * Names for the data that trials are compared within ({@link Peers#data}): the source; where that
 * is not enough, with the keys beside that tell them apart, such as "digits, validation 0.2".
 */
public final class DataNames {
  /** The column of the table trials that tells data apart. */
  public static final String COLUMN = "data";

  private static final List<Key> DIVIDING =
      List.of(Keys.VALIDATION, Keys.TEST, Keys.FOLDS, Keys.POOLED, Keys.LIMIT);

  private DataNames() {}

  /**
   * The names of the data of some trials, by their hashes, in the order in which they occur.
   *
   * @param trials rows of the table trials: data and the columns of keys
   */
  public static Map<String, String> of(List<Map<String, Object>> trials) {
    Map<String, Map<String, Object>> first = new LinkedHashMap<>();
    trials.forEach(trial -> first.putIfAbsent((String) trial.get(COLUMN), trial));
    List<String> columns = new ArrayList<>(List.of(Keys.SOURCE.column()));
    if (!different(first, columns)) {
      DIVIDING.stream()
          .map(Key::column)
          .filter(column -> values(first, column).stream().distinct().count() > 1)
          .forEach(columns::add);
    }
    if (!different(first, columns)) {
      columns.add(Keys.PREPARE.column());
    }
    if (!different(first, columns)) {
      columns.add(COLUMN);
    }
    Map<String, String> names = new LinkedHashMap<>();
    first.forEach((data, trial) -> names.put(data, name(trial, columns)));
    return names;
  }

  private static List<Object> values(Map<String, Map<String, Object>> trials, String column) {
    return trials.values().stream()
        .map(trial -> trial.get(column))
        .collect(Collectors.toCollection(ArrayList::new)); // a value can be NULL
  }

  private static boolean different(Map<String, Map<String, Object>> trials, List<String> columns) {
    return trials.values().stream()
        .map(trial -> name(trial, columns))
        .allMatch(new HashSet<>()::add);
  }

  private static String name(Map<String, Object> trial, List<String> columns) {
    return columns.stream()
        .map(
            column -> (column.equals(columns.get(0)) ? "" : column + " ") + text(trial.get(column)))
        .collect(Collectors.joining(", "));
  }

  private static String text(Object value) {
    return value instanceof Double real
        ? new BigDecimal(real.toString()).stripTrailingZeros().toPlainString()
        : Objects.toString(value, "none");
  }
}
