package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.trawl.driver.report.TextTable.Aligned;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/**
 * Trials in groups of equal values of some keys: how many, the mean of a metric, its sample
 * standard deviation and the best, best mean first, and which groups are not worse than the first
 * ({@link Significance}). Means are over COMPLETED and PRUNED trials; a diverged trial is counted,
 * but has no say.
 */
final class Comparison {
  static final String BEST = "*";
  static final String NOT_WORSE = "=";
  static final String ONE_CLASS = "°";

  /** What the marks of the test mean. */
  static final String SAID = NOT_WORSE + " not worse than the best, " + BEST;

  private final List<String> keys;
  private final List<Group> groups;

  private Comparison(List<String> keys, List<Group> groups) {
    this.keys = keys;
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
    List<Significance.Verdict> verdicts =
        Significance.against(
            groups.stream().map(group -> measured(byKeys.get(group.values()), metric)).toList(),
            others(trials, keys),
            metric);
    return new Comparison(
        keys,
        IntStream.range(0, groups.size())
            .mapToObj(i -> groups.get(i).judged(verdicts.get(i)))
            .toList());
  }

  private static List<Map<String, Object>> measured(
      List<Map<String, Object>> trials, Objective metric) {
    return trials.stream().filter(trial -> Trials.measured(trial, metric.metric())).toList();
  }

  /** The keys that vary within groups; sweep and variant follow from what is compared. */
  private static List<String> others(List<Map<String, Object>> trials, List<String> keys) {
    boolean points = keys.contains("point") || keys.contains("trial");
    return points
        ? List.of()
        : Trials.varying(trials).stream()
            .filter(key -> !keys.contains(key) && !key.equals("sweep") && !key.equals("variant"))
            .toList();
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
   * @param bestEpoch mean of the trials' best epochs, NULL for none
   * @param oneClass trials, of those counted, that predict one class only
   * @param diverged trials, of those not counted, that have diverged
   * @param verdict how it compares to the best group
   */
  record Group(
      List<Object> values,
      int count,
      Double mean,
      Double deviation,
      Double best,
      Double bestEpoch,
      int oneClass,
      int diverged,
      Significance.Verdict verdict) {
    private static final Significance.Verdict NONE = new Significance.Verdict(0, null, null);

    static Group of(
        List<Object> values,
        List<Map<String, Object>> trials,
        Objective metric,
        Predictions predictions) {
      List<Map<String, Object>> counted = Comparison.measured(trials, metric);
      double[] results =
          counted.stream().mapToDouble(trial -> Trials.metric(trial, metric.metric())).toArray();
      int oneClass =
          (int) counted.stream().filter(trial -> predictions.oneClass(trial.get("trial"))).count();
      int diverged =
          (int) trials.stream().filter(trial -> "DIVERGED".equals(trial.get("status"))).count();
      int count = results.length;
      if (count == 0) {
        return new Group(values, 0, null, null, null, null, 0, diverged, NONE);
      }
      double mean = Arrays.stream(results).sum() / count;
      double squares = Arrays.stream(results).map(x -> (x - mean) * (x - mean)).sum();
      Double deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : null;
      DoubleSummaryStatistics extremes = Arrays.stream(results).summaryStatistics();
      double best =
          metric.direction() == Direction.MAXIMIZE ? extremes.getMax() : extremes.getMin();
      OptionalDouble epoch =
          counted.stream()
              .map(trial -> trial.get("best_epoch"))
              .filter(Number.class::isInstance)
              .mapToDouble(value -> ((Number) value).doubleValue())
              .average();
      return new Group(
          values,
          count,
          mean,
          deviation,
          best,
          epoch.isPresent() ? (Double) epoch.getAsDouble() : null,
          oneClass,
          diverged,
          NONE);
    }

    Group judged(Significance.Verdict by) {
      return new Group(values, count, mean, deviation, best, bestEpoch, oneClass, diverged, by);
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

  /**
   * All that is known: the keys, count, mean, deviation, best, best_epoch, p, not_worse, one_class,
   * diverged.
   */
  Rows rows() {
    List<String> columns =
        Stream.concat(
                keys.stream(),
                Stream.of(
                    "count",
                    "mean",
                    "deviation",
                    "best",
                    "best_epoch",
                    "p",
                    "not_worse",
                    "one_class",
                    "diverged"))
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
    row.put("best_epoch", group.bestEpoch());
    row.put("p", group.verdict().p());
    row.put("not_worse", group.verdict().notWorse());
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
    Numbers.Style style = style();
    Numbers.Style best = Numbers.Style.of(groups.stream().map(Group::best).toList());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Group group : groups) {
      Map<String, Object> row = keysOf(group.values());
      row.put("count", group.count());
      row.put("mean", new Aligned(number(group.mean(), style) + (oneClass() ? mark(group) : "")));
      if (spread) {
        row.put("±", new Aligned(number(group.deviation(), style)));
        row.put("best", new Aligned(number(group.best(), best)));
      }
      row.put("epoch", new Aligned(epoch(group.bestEpoch())));
      if (tested()) {
        row.put("p", new Aligned(probability(group.verdict())));
      }
      if (diverged) {
        row.put("diverged", group.diverged() == 0 ? null : (Object) group.diverged());
      }
      rows.add(row);
    }
    List<String> columns = new ArrayList<>(keys);
    columns.addAll(List.of("count", "mean"));
    columns.addAll(spread ? List.of("±") : List.of());
    columns.addAll(spread && !tested() ? List.of("best") : List.of());
    if (groups.stream().anyMatch(group -> group.bestEpoch() != null)) {
      columns.add("epoch");
    }
    columns.addAll(tested() ? List.of("p") : List.of());
    columns.addAll(diverged ? List.of("diverged") : List.of());
    return new Rows(columns, rows);
  }

  /**
   * For people: a row for each combination of the keys but the last, a column for each value of the
   * last, in the order of their values. A cell is the mean ± the deviation, and the count in
   * brackets where it is not {@link #usualCount()}. The best cell is marked by {@value #BEST},
   * those not worse by {@value #NOT_WORSE}, those with trials that predict one class only by
   * {@value #ONE_CLASS}.
   */
  Rows pivot() {
    int last = keys.size() - 1;
    Numbers.Style style = style();
    List<Object> across = new ArrayList<>();
    groups.forEach(group -> across.add(group.values().get(last)));
    List<Object> sorted = across.stream().distinct().sorted(Values::compare).toList();
    Map<Object, String> headers = new HashMap<>();
    List<String> written =
        Values.writtenAll(
            sorted.stream().map(value -> Trials.shown(keys.get(last), value)).toList());
    for (int i = 0; i < sorted.size(); i++) {
      headers.put(sorted.get(i), (i == 0 ? keys.get(last) : "") + "\n" + written.get(i));
    }
    Map<List<Object>, Map<String, Object>> rows = new LinkedHashMap<>();
    groups.stream()
        .sorted(Comparator.comparing(Group::values, Values::compare))
        .forEach(
            group ->
                rows.computeIfAbsent(group.values().subList(0, last), this::keysOf)
                    .put(headers.get(group.values().get(last)), cell(group, style)));
    List<String> columns = new ArrayList<>(keys.subList(0, last));
    sorted.forEach(value -> columns.add(headers.get(value)));
    return new Rows(columns, rows.values());
  }

  /** The values of groups of one key, for people. */
  static List<String> written(String key, List<Group> groups) {
    return Values.writtenAll(
        groups.stream().map(group -> Trials.shown(key, group.values().get(0))).toList());
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

  /** Whether all groups that have any trial counted have the same count. */
  boolean sameCount() {
    return groups.stream().allMatch(group -> group.count() == 0 || group.count() == usualCount());
  }

  /** Whether any group could be tested against the best. */
  boolean tested() {
    return groups.stream().anyMatch(group -> group.verdict().p() != null);
  }

  /**
   * Says how it was tested; empty where nothing could be.
   *
   * @param notWorse what is said of the groups that are not worse than the best
   * @param folds whether trials differ in their folds
   */
  Optional<String> testNote(String notWorse, boolean folds) {
    int pairs = groups.stream().mapToInt(group -> group.verdict().pairs()).max().orElse(0);
    return tested()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%s: paired t-test over %d seeds%s, p by Holm's method above %s.",
                notWorse,
                pairs,
                folds ? " and folds" : "",
                Significance.LEVEL))
        : Optional.empty();
  }

  /** Whether a trial of any group predicts one class only. */
  boolean oneClass() {
    return groups.stream().anyMatch(group -> group.oneClass() > 0);
  }

  /** Of means and deviations. */
  private Numbers.Style style() {
    return Numbers.Style.of(groups.stream().map(Group::mean).toList());
  }

  private Map<String, Object> keysOf(List<Object> values) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      row.put(keys.get(i), Trials.shown(keys.get(i), values.get(i)));
    }
    return row;
  }

  private String cell(Group group, Numbers.Style style) {
    if (group.mean() == null) {
      return "diverged";
    }
    String deviation = group.deviation() == null ? "" : " ± " + number(group.deviation(), style);
    String count = group.count() == usualCount() ? "" : " (" + group.count() + ")";
    String best = group.equals(groups.get(0)) ? BEST : tested() ? mark(group.verdict()) : "";
    return number(group.mean(), style) + deviation + count + best + mark(group).strip();
  }

  private static String mark(Significance.Verdict verdict) {
    boolean notWorse = Boolean.TRUE.equals(verdict.notWorse());
    return notWorse ? (verdict.p() == null ? BEST : NOT_WORSE) : "";
  }

  private static String epoch(Double value) {
    return value == null ? "" : Numbers.text(Math.rint(value * 10) / 10);
  }

  /** "0.0312", "0.6000 ="; what rounds to nothing as "<0.0001". */
  private static String probability(Significance.Verdict verdict) {
    String mark = mark(verdict).isEmpty() ? "  " : " " + mark(verdict);
    Double p = verdict.p();
    return (p == null ? "" : p < 1e-4 ? "<0.0001" : String.format(Locale.ROOT, "%.4f", p)) + mark;
  }

  private static String mark(Group group) {
    return group.oneClass() > 0 ? ONE_CLASS : " ";
  }

  private static String number(Double value, Numbers.Style style) {
    return value == null ? "" : style.text(value);
  }
}
