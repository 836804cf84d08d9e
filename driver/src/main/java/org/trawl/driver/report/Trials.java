package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.trawl.driver.sweep.ClassNames;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.KeyColumns;
import org.trawl.driver.sweep.KeyType;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Nearest;

/** Rows of the table trials, of one run or several: what their keys are, and which of them vary. */
final class Trials {
  /** Columns beside the keys that trials can be grouped by. */
  private static final List<String> IDENTITY =
      List.of("sweep", "variant", "point", "trial", "repeat", "fold", "status", "host", "kernels");

  /** Trials with these have trained as far as they should: what means are made of. */
  private static final Set<String> WELL_ENDED = Set.of("COMPLETED", "PRUNED");

  /** The columns of all keys. */
  private static final Set<String> KEYS =
      Keys.all().stream()
          .filter(
              key -> key.type() != KeyType.TEXT) // a metric is called loss, as a key of words is
          .flatMap(key -> KeyColumns.names(key).stream())
          .collect(Collectors.toUnmodifiableSet());

  private Trials() {}

  /** Whether a trial counts in means. */
  static boolean endedWell(Map<String, Object> trial) {
    return WELL_ENDED.contains(trial.get("status"));
  }

  /** Whether a trial has ended well and has a value of a metric. */
  static boolean measured(Map<String, Object> trial, String metric) {
    return endedWell(trial) && trial.get(metric) != null;
  }

  /** A metric of a measured trial. */
  static double metric(Map<String, Object> trial, String metric) {
    return ((Number) trial.get(metric)).doubleValue();
  }

  /** A key's value; of a key whose value may be a list, the list's column where that is filled. */
  static Object value(Map<String, Object> trial, String column) {
    Object value = trial.get(column);
    return value == null ? trial.get(column + "_by_layer") : value;
  }

  static List<Object> values(Map<String, Object> trial, List<String> columns) {
    // Not List.of: a key can be NULL.
    return new ArrayList<>(columns.stream().map(column -> value(trial, column)).toList());
  }

  /** A key's value for people, who know the batch size of all samples by its word. */
  static Object shown(String column, Object value) {
    return value == null && column.equals(Keys.BATCH_SIZE.column()) ? "all" : value;
  }

  /** Whether numbers in a column are values of a key. */
  static boolean isKey(String column) {
    return KEYS.contains(column);
  }

  /** The columns, among sweep, variant and the keys, that have more than one value. */
  static List<String> varying(List<Map<String, Object>> trials) {
    return Stream.concat(Stream.of("sweep", "variant"), Keys.all().stream().map(Key::column))
        .filter(column -> varies(trials, column))
        .toList();
  }

  /** Whether a column has more than one value. */
  static boolean varies(List<Map<String, Object>> trials, String column) {
    Object first = trials.isEmpty() ? null : value(trials.get(0), column);
    for (Map<String, Object> trial : trials) { // a stream takes several times as long
      if (!Objects.equals(value(trial, column), first)) {
        return true;
      }
    }
    return false;
  }

  /** How many values a column has. */
  static int distinct(List<Map<String, Object>> trials, String column) {
    return (int)
        trials.stream().map(trial -> Optional.ofNullable(value(trial, column))).distinct().count();
  }

  /**
   * The columns of keys as a user names them: as written in a sweep file or as a column.
   *
   * @throws InputException naming every unknown one with the nearest that exists
   */
  static List<String> columns(List<String> names) {
    List<String> problems = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (String name : names) {
      Optional<String> column =
          IDENTITY.contains(name) ? Optional.of(name) : Keys.find(name).map(Key::column);
      column.ifPresentOrElse(columns::add, () -> problems.add(unknown(name)));
    }
    if (!problems.isEmpty()) {
      throw new InputException(problems);
    }
    return columns.stream().distinct().toList();
  }

  private static String unknown(String name) {
    List<String> known =
        Stream.concat(
                Keys.all().stream().flatMap(key -> Stream.of(key.column(), key.path())),
                IDENTITY.stream())
            .toList();
    return "Cannot group by %s%s. Expected a key (trawl keys lists them) or one of: %s"
        .formatted(name, Nearest.suggestion(name, known), String.join(", ", IDENTITY));
  }

  /**
   * The keys of a trial whose values are not the defaults; keys without a default are among them.
   */
  static List<Key> set(Map<String, Object> trial) {
    return Keys.all().stream()
        .filter(key -> value(trial, key.column()) != null)
        .filter(
            key ->
                key.defaultValue().isEmpty()
                    || !same(key.defaultValue().get(), value(trial, key.column())))
        .toList();
  }

  private static boolean same(Object left, Object right) {
    if (left instanceof List<?> || left instanceof Number) {
      return Values.compare(left, right) == 0;
    }
    return Objects.equals(left, right);
  }

  /** "3 diverged, 1 failed": the trials that do not count in means, by status. */
  static String notCounted(List<Map<String, Object>> trials) {
    return trials.stream()
        .filter(trial -> !endedWell(trial))
        .collect(
            Collectors.groupingBy(
                trial -> Values.text(trial.get("status")).toLowerCase(Locale.ROOT),
                TreeMap::new,
                Collectors.counting()))
        .entrySet()
        .stream()
        .map(status -> status.getValue() + " " + status.getKey())
        .collect(Collectors.joining(", "));
  }

  /** What people call the classes of a trial's data set; reads the catalogue. */
  static ClassNames classNames(Map<String, Object> trial) {
    return ClassNames.ofSource(trial.get(Keys.SOURCE.column()));
  }

  /** A row with the class in a column called as people call it. */
  static Map<String, Object> named(Map<String, Object> row, ClassNames names, String column) {
    Map<String, Object> named = new LinkedHashMap<>(row);
    named.computeIfPresent(column, (key, type) -> names.called(type));
    return named;
  }
}
