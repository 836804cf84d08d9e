package org.trawl.driver.report;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the table confusion says of whole trials on one part of the data: the share of the largest
 * class, which is the accuracy of always predicting it, and which trials predict one class only.
 */
final class Predictions {
  /** What is needed of the table's rows. */
  static final List<String> COLUMNS = List.of("trial", "part", "actual", "predicted", "count");

  /** Of a trial's part: samples of each actual class, and the classes that are predicted. */
  private record Counts(Map<Object, Long> actual, Set<Object> predicted) {}

  private final String metric;
  private final Map<Object, Map<Object, Counts>> byPart = new HashMap<>();

  /**
   * Of no rows yet.
   *
   * @param metric whose part is looked at
   */
  Predictions(String metric) {
    this.metric = metric;
  }

  /** Adds a row of the table, of any trial and part. */
  void add(Map<String, Object> row) {
    Map<Object, Counts> trials = byPart.computeIfAbsent(row.get("part"), part -> new HashMap<>());
    long count = row.get("count") instanceof Number number ? number.longValue() : 0;
    if (count > 0) {
      Counts counts =
          trials.computeIfAbsent(
              row.get("trial"), trial -> new Counts(new HashMap<>(), new HashSet<>()));
      counts.actual().merge(row.get("actual"), count, Long::sum);
      counts.predicted().add(row.get("predicted"));
    }
  }

  /**
   * The part of the data that is looked at: the metric's own, where there are rows of it; else
   * validation; else test.
   */
  String part() {
    for (String candidate : List.of("validation", "test")) {
      if (metric.startsWith(candidate) && byPart.containsKey(candidate)) {
        return candidate;
      }
    }
    return byPart.containsKey("validation") ? "validation" : "test";
  }

  private Map<Object, Counts> trials() {
    return byPart.getOrDefault(part(), Collections.emptyMap()); // asked for null too
  }

  /** Whether a trial gives every sample of the part, which has several classes, the same class. */
  boolean oneClass(Object trial) {
    Counts counts = trials().get(trial);
    return counts != null && counts.predicted().size() == 1 && counts.actual().size() > 1;
  }

  /** "0.1003", or "0.1003 to 0.1111" where trials have different parts; empty if unknown. */
  String largestShare() {
    List<Double> shares =
        trials().values().stream()
            .map(counts -> largestShare(counts.actual()))
            .distinct()
            .sorted()
            .toList();
    if (shares.isEmpty()) {
      return "";
    }
    String least = String.format(Locale.ROOT, "%.4f", shares.get(0));
    String most = String.format(Locale.ROOT, "%.4f", shares.get(shares.size() - 1));
    return least.equals(most) ? least : least + " to " + most;
  }

  private static double largestShare(Map<Object, Long> support) {
    double all = support.values().stream().mapToLong(Long::longValue).sum();
    return support.values().stream().mapToLong(Long::longValue).max().orElse(0) / all;
  }
}
