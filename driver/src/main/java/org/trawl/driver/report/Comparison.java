package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.trawl.driver.report.TextTable.Aligned;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/**
 * Trials in groups of equal values of some keys: how many, the mean of a metric, its sample
 * standard deviation and the best, best mean first. Means are over COMPLETED and PRUNED trials; a
 * diverged trial is counted, but has no say.
 */
final class Comparison {
  static final String BEST = "*";
  static final String ONE_CLASS = "°";

  private final List<String> keys;
  private final Objective metric;
  private final List<Group> groups;

  private Comparison(List<String> keys, Objective metric, List<Group> groups) {
    this.keys = keys;
    this.metric = metric;
    this.groups = groups;
  }

  /**
   * Compares trials.
   *
   * @param trials rows of the table trials
   * @param keys columns to group by
   * @param predictions which trials predict one class only
   */
  static Comparison of(
      List<Map<String, Object>> trials,
      List<String> keys,
      Objective metric,
      Predictions predictions) {
    Map<List<Object>, List<Map<String, Object>>> byKeys =
        trials.stream()
            .filter(
                trial ->
                    Trials.measured(trial, metric.metric())
                        || "DIVERGED".equals(trial.get("status")))
            .collect(
                Collectors.groupingBy(
                    trial -> Trials.values(trial, keys), LinkedHashMap::new, Collectors.toList()));
    List<Group> groups =
        byKeys.entrySet().stream()
            .map(group -> Group.of(group.getKey(), group.getValue(), metric, predictions))
            .sorted(Group.bestFirst(metric))
            .toList();
    return new Comparison(keys, metric, groups);
  }

  List<Group> groups() {
    return groups;
  }

  /**
   * Trials with equal values of the keys.
   *
   * @param values of the keys; may be null
   * @param count trials that the mean is over
   * @param mean NULL for none
   * @param deviation sample standard deviation, NULL for fewer than two
   * @param best value of the best trial, NULL for none
   * @param oneClass trials, of those counted, that predict one class only
   * @param diverged trials, of those not counted, that have diverged
   */
  record Group(
      List<Object> values,
      int count,
      Double mean,
      Double deviation,
      Double best,
      int oneClass,
      int diverged) {

    static Group of(
        List<Object> values,
        List<Map<String, Object>> trials,
        Objective metric,
        Predictions predictions) {
      List<Map<String, Object>> counted =
          trials.stream().filter(trial -> Trials.measured(trial, metric.metric())).toList();
      double[] results =
          counted.stream().mapToDouble(trial -> Trials.metric(trial, metric.metric())).toArray();
      int oneClass =
          (int)
              counted.stream().filter(trial -> predictions.oneClass(trial.get("trial"))).count();
      int diverged =
          (int) trials.stream().filter(trial -> "DIVERGED".equals(trial.get("status"))).count();
      int count = results.length;
      if (count == 0) {
        return new Group(values, 0, null, null, null, 0, diverged);
      }
      double mean = Arrays.stream(results).sum() / count;
      double squares =
          Arrays.stream(results).map(x -> (x - mean) * (x - mean)).sum();
      Double deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : null;
      DoubleSummaryStatistics extremes = Arrays.stream(results).summaryStatistics();
      double best =
          metric.direction() == Direction.MAXIMIZE ? extremes.getMax() : extremes.getMin();
      return new Group(values, count, mean, deviation, best, oneClass, diverged);
    }

    static Comparator<Group> bestFirst(Objective metric) {
      Comparator<Double> better =
          metric.direction() == Direction.MAXIMIZE
              ? Comparator.reverseOrder()
              : Comparator.naturalOrder();
      return Comparator.comparing(Group::mean, Comparator.nullsLast(better))
          .thenComparing(Group::best, Comparator.nullsLast(better))
          .thenComparing(Group::values, Values::compare);
    }
  }

  /** All that is known: the keys, count, mean, deviation, best, one_class, diverged. */
  Rows rows() {
    List<String> columns =
        Stream.concat(
                keys.stream(),
                Stream.of("count", "mean", "deviation", "best", "one_class", "diverged"))
            .toList();
    return new Rows(columns, groups.stream().map(this::row).toList());
  }

  private Map<String, Object> row(Group group) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      row.put(keys.get(i), group.values().get(i));
    }
    row.put("count", group.count());
    row.put("mean", group.mean());
    row.put("deviation", group.deviation());
    row.put("best", group.best());
    row.put("one_class", group.oneClass());
    row.put("diverged", group.diverged());
    return row;
  }

  /**
   * For people: without the columns that say nothing here. Means of groups with trials that predict
   * one class only are marked by {@value #ONE_CLASS}.
   */
  Rows table() {
    boolean spread = groups.stream().anyMatch(group -> group.count() > 1);
    boolean diverged = groups.stream().anyMatch(group -> group.diverged() > 0);
    double largest = largestMean();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Group group : groups) {
      Map<String, Object> row = keysOf(group.values());
      row.put("count", group.count());
      row.put("mean", new Aligned(number(group.mean(), largest) + (oneClass() ? mark(group) : "")));
      if (spread) {
        row.put("±", new Aligned(number(group.deviation(), largest)));
        row.put("best", new Aligned(number(group.best(), largest)));
      }
      if (diverged) {
        row.put("diverged", group.diverged() == 0 ? null : (Object) group.diverged());
      }
      rows.add(row);
    }
    List<String> columns = new ArrayList<>(keys);
    columns.addAll(List.of("count", "mean"));
    columns.addAll(spread ? List.of("±", "best") : List.of());
    columns.addAll(diverged ? List.of("diverged") : List.of());
    return new Rows(columns, rows);
  }

  /**
   * For people: a row for each combination of the keys but the last, a column for each value of the
   * last, in the order of their values. A cell is the mean ± the deviation, and the count in
   * brackets where it is not {@link #usualCount()}. The best cell is marked by {@value #BEST},
   * those with trials that predict one class only by {@value #ONE_CLASS}.
   */
  Rows pivot() {
    int last = keys.size() - 1;
    double largest = largestMean();
    List<Object> across = new ArrayList<>();
    groups.forEach(group -> across.add(group.values().get(last)));
    List<Object> sorted = across.stream().distinct().sorted(Values::compare).toList();
    Map<Object, String> headers = new HashMap<>();
    for (Object value : sorted) {
      String above = headers.isEmpty() ? keys.get(last) : "";
      headers.put(value, above + "\n" + Values.text(Trials.shown(keys.get(last), value)));
    }
    Map<List<Object>, Map<String, Object>> rows = new LinkedHashMap<>();
    groups.stream()
        .sorted(Comparator.comparing(Group::values, Values::compare))
        .forEach(
            group ->
                rows.computeIfAbsent(group.values().subList(0, last), this::keysOf)
                    .put(headers.get(group.values().get(last)), cell(group, largest)));
    List<String> columns = new ArrayList<>(keys.subList(0, last));
    sorted.forEach(value -> columns.add(headers.get(value)));
    return new Rows(columns, rows.values());
  }

  /** The count of most groups that have any. */
  int usualCount() {
    Map<Integer, Long> counts =
        groups.stream()
            .filter(group -> group.count() > 0)
            .collect(Collectors.groupingBy(Group::count, Collectors.counting()));
    return counts.entrySet().stream()
        .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(0);
  }

  /** Whether a trial of any group predicts one class only. */
  boolean oneClass() {
    return groups.stream().anyMatch(group -> group.oneClass() > 0);
  }

  private double largestMean() {
    return Numbers.largest(groups.stream().map(Group::mean).toList());
  }

  private Map<String, Object> keysOf(List<Object> values) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      row.put(keys.get(i), Trials.shown(keys.get(i), values.get(i)));
    }
    return row;
  }

  private String cell(Group group, double largest) {
    if (group.mean() == null) {
      return "diverged";
    }
    String deviation =
        group.deviation() == null ? "" : " ± " + number(group.deviation(), largest);
    String count = group.count() == usualCount() ? "" : " (" + group.count() + ")";
    String best = group == groups.get(0) ? BEST : "";
    return number(group.mean(), largest) + deviation + count + best + mark(group).strip();
  }

  private static String mark(Group group) {
    return group.oneClass() > 0 ? ONE_CLASS : " ";
  }

  private static String number(Double value, double largest) {
    return value == null ? "" : Numbers.fixed(value, largest);
  }
}
