package org.trawl.driver.report;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the table confusion says of whole trials on one part of the data: the share of the largest
 * class, which is the accuracy of always predicting it, and which trials predict one class only.
 */
final class Predictions {
  private final String part;
  private final Map<Object, Map<Object, Long>> actual = new HashMap<>();
  private final Map<Object, Set<Object>> predicted = new HashMap<>();

  /**
   * @param confusion rows of the table, of any trials and parts
   * @param metric whose part is looked at
   */
  Predictions(List<Map<String, Object>> confusion, String metric) {
    this.part = part(confusion, metric);
    for (Map<String, Object> row : confusion) {
      long count = row.get("count") instanceof Number number ? number.longValue() : 0;
      if (count > 0 && row.get("part").equals(part)) {
        actual
            .computeIfAbsent(row.get("trial"), trial -> new HashMap<>())
            .merge(row.get("actual"), count, Long::sum);
        predicted
            .computeIfAbsent(row.get("trial"), trial -> new HashSet<>())
            .add(row.get("predicted"));
      }
    }
  }

  /** The metric's own part, where there are rows of it; else validation; else test. */
  private static String part(List<Map<String, Object>> confusion, String metric) {
    Set<Object> parts = new HashSet<>();
    confusion.forEach(row -> parts.add(row.get("part")));
    for (String candidate : List.of("validation", "test")) {
      if (metric.startsWith(candidate) && parts.contains(candidate)) {
        return candidate;
      }
    }
    boolean ofTest = metric.equals("macro_f1") && parts.contains("test");
    return parts.contains("validation") && !ofTest ? "validation" : "test";
  }

  /** The part of the data that was looked at. */
  String part() {
    return part;
  }

  /** Whether a trial gives every sample of the part, which has several classes, the same class. */
  boolean oneClass(Object trial) {
    return predicted.getOrDefault(trial, Set.of()).size() == 1 && actual.get(trial).size() > 1;
  }

  /** "0.1003", or "0.1003 to 0.1111" where trials have different parts; empty if unknown. */
  String largestShare() {
    List<Double> shares =
        actual.values().stream().map(Predictions::largestShare).distinct().sorted().toList();
    if (shares.isEmpty()) {
      return "";
    }
    String least = "%.4f".formatted(shares.get(0));
    String most = "%.4f".formatted(shares.get(shares.size() - 1));
    return least.equals(most) ? least : least + " to " + most;
  }

  private static double largestShare(Map<Object, Long> support) {
    double all = support.values().stream().mapToLong(Long::longValue).sum();
    return support.values().stream().mapToLong(Long::longValue).max().orElse(0) / all;
  }
}
