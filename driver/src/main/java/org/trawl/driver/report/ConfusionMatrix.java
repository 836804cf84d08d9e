package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.trawl.driver.sweep.ClassNames;

/** Which classes a trial takes for which on a part of the data: the pairs that occur. */
final class ConfusionMatrix {
  private static final int LONGEST_NAME = 5;

  /** Of more classes the matrix would be a wall of numbers. */
  private static final int MOST_CLASSES = 20;

  private final String part;
  private final List<Object> classes = new ArrayList<>();
  private final Map<Object, Integer> numbers = new HashMap<>();

  /** By actual class x 2^32 + predicted class. */
  private final Map<Long, Long> counts = new TreeMap<>();

  private ConfusionMatrix(String part) {
    this.part = part;
  }

  /**
   * Of one trial.
   *
   * @param classes its rows of that table, which name the classes in their order
   * @param confusion its rows of that table
   */
  static ConfusionMatrix of(
      List<Map<String, Object>> classes, List<Map<String, Object>> confusion, String part) {
    ConfusionMatrix matrix = new ConfusionMatrix(part);
    for (Map<String, Object> row : classes) {
      if (part.equals(row.get("part"))) {
        matrix.number(row.get("class"));
      }
    }
    for (Map<String, Object> row : confusion) {
      long count = ((Number) row.get("count")).longValue();
      if (part.equals(row.get("part")) && count > 0) {
        long actual = matrix.number(row.get("actual"));
        matrix.counts.merge(actual << 32 | matrix.number(row.get("predicted")), count, Long::sum);
      }
    }
    return matrix;
  }

  private int number(Object name) {
    Integer number = numbers.putIfAbsent(name, classes.size());
    if (number == null) {
      classes.add(name);
      return classes.size() - 1;
    }
    return number;
  }

  /** In their order. */
  List<Object> classes() {
    return classes;
  }

  /** Samples of a class that are predicted as a class. */
  long count(int actual, int predicted) {
    return counts.getOrDefault((long) actual << 32 | predicted, 0L);
  }

  /** The same, which shows its classes as people call them. */
  ConfusionMatrix called(ClassNames names) {
    classes.replaceAll(names::called);
    return this;
  }

  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The samples of each class. */
  long[] actual() {
    long[] sums = new long[classes.size()];
    counts.forEach((pair, count) -> sums[actual(pair)] += count);
    return sums;
  }

  /** The samples that are predicted as each class. */
  long[] predicted() {
    long[] sums = new long[classes.size()];
    counts.forEach((pair, count) -> sums[predicted(pair)] += count);
    return sums;
  }

  private static int actual(long pair) {
    return (int) (pair >>> 32);
  }

  private static int predicted(long pair) {
    return (int) pair;
  }

  /** The numbers of the classes of which most samples are taken wrongly, or wrongly for them. */
  int[] mostConfused(int most) {
    long[] wrong = new long[classes.size()];
    counts.forEach(
        (pair, count) -> {
          if (actual(pair) != predicted(pair)) {
            wrong[actual(pair)] += count;
            wrong[predicted(pair)] += count;
          }
        });
    return IntStream.range(0, wrong.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer type) -> -wrong[type]))
        .limit(most)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  /**
   * Prints the matrix, unless it is large, and the largest confusions in words.
   *
   * @param largest how many of these at most
   */
  void print(int width, int largest, PrintWriter out) {
    if (classes.size() <= MOST_CLASSES) {
      out.printf("Samples of the %s part: rows actual, columns predicted%n%n", part);
      Format.TABLE.print(grid(), width, out);
      out.println();
    }
    List<String> confusions = largest(largest);
    if (confusions.isEmpty()) {
      out.println("No sample of the " + part + " part is taken for another class.");
    } else {
      out.println(Lines.wrapped("Most often taken for another: ", confusions, "; ", width));
    }
  }

  /** A row an actual class, a column a predicted one; long names stand in the rows only. */
  private Rows grid() {
    boolean numbered = classes.stream().anyMatch(name -> Values.text(name).length() > LONGEST_NAME);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      names.add(numbered ? String.valueOf(i) : Values.text(classes.get(i)));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int actual = 0; actual < classes.size(); actual++) {
      Map<String, Object> row = new LinkedHashMap<>();
      String name = Values.text(classes.get(actual));
      row.put("actual", numbered ? actual + " " + name : name);
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        long count = count(actual, predicted);
        row.put(" " + names.get(predicted), count == 0 ? "·" : (Object) count);
      }
      rows.add(row);
    }
    return new Rows(rows.isEmpty() ? List.of() : List.copyOf(rows.get(0).keySet()), rows);
  }

  /** "8 for 1 (5 of 35)": the cells beside the diagonal, largest first. */
  private List<String> largest(int most) {
    long[] actual = actual();
    return counts.entrySet().stream()
        .filter(cell -> actual(cell.getKey()) != predicted(cell.getKey()))
        .sorted(Comparator.comparingLong((Map.Entry<Long, Long> cell) -> -cell.getValue()))
        .limit(most)
        .map(
            cell ->
                String.format(
                    Locale.ROOT,
                    "%s for %s (%d of %d)",
                    Values.text(classes.get(actual(cell.getKey()))),
                    Values.text(classes.get(predicted(cell.getKey()))),
                    cell.getValue(),
                    actual[actual(cell.getKey())]))
        .toList();
  }
}
