package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.trawl.driver.sweep.ClassNames;

/**
 * Which classes a trial takes for which.
 *
 * @param classes in the order of the table
 * @param counts [actual][predicted]
 */
record ConfusionMatrix(String part, List<Object> classes, long[][] counts) {
  private static final int LONGEST_NAME = 5;

  /** Of more classes the matrix would be a wall of numbers. */
  private static final int MOST_CLASSES = 20;

  /** Of one trial's rows of the table confusion. */
  static ConfusionMatrix of(List<Map<String, Object>> confusion, String part) {
    List<Map<String, Object>> rows =
        confusion.stream().filter(row -> part.equals(row.get("part"))).toList();
    Set<Object> found = new LinkedHashSet<>();
    rows.forEach(row -> found.add(row.get("actual")));
    rows.forEach(row -> found.add(row.get("predicted")));
    List<Object> classes = List.copyOf(found);
    long[][] counts = new long[classes.size()][classes.size()];
    for (Map<String, Object> row : rows) {
      int actual = classes.indexOf(row.get("actual"));
      int predicted = classes.indexOf(row.get("predicted"));
      counts[actual][predicted] += ((Number) row.get("count")).longValue();
    }
    return new ConfusionMatrix(part, classes, counts);
  }

  /** With the classes called as people call them. */
  static ConfusionMatrix of(List<Map<String, Object>> confusion, String part, ClassNames names) {
    ConfusionMatrix matrix = of(confusion, part);
    List<Object> classes = matrix.classes.stream().map(names::called).toList();
    return new ConfusionMatrix(part, classes, matrix.counts);
  }

  long total() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /**
   * Prints the matrix, unless it is large, and the largest confusions in words.
   *
   * @param largest how many of these at most
   */
  void print(int width, int largest, PrintWriter out) {
    Rows grid = grid();
    if (classes.size() <= MOST_CLASSES) {
      out.printf("Samples of the %s part: rows actual, columns predicted%n%n", part);
      Format.TABLE.print(grid, width, out);
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
        long count = counts[actual][predicted];
        row.put(" " + names.get(predicted), count == 0 ? "·" : (Object) count);
      }
      rows.add(row);
    }
    return new Rows(rows.isEmpty() ? List.of() : List.copyOf(rows.get(0).keySet()), rows);
  }

  /** "8 for 1 (5 of 35)": the cells beside the diagonal, largest first. */
  private List<String> largest(int most) {
    List<int[]> cells = new ArrayList<>();
    for (int actual = 0; actual < classes.size(); actual++) {
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        if (actual != predicted && counts[actual][predicted] > 0) {
          cells.add(new int[] {actual, predicted});
        }
      }
    }
    return cells.stream()
        .sorted(Comparator.comparingLong((int[] cell) -> -counts[cell[0]][cell[1]]))
        .limit(most)
        .map(
            cell ->
                String.format(
                    Locale.ROOT,
                    "%s for %s (%d of %d)",
                    Values.text(classes.get(cell[0])),
                    Values.text(classes.get(cell[1])),
                    counts[cell[0]][cell[1]],
                    Arrays.stream(counts[cell[0]]).sum()))
        .toList();
  }
}
