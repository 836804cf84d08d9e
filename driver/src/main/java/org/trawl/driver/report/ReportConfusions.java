package org.trawl.driver.report;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.ClassNames;
import org.trawl.driver.sweep.Keys;

/**
 * What a report's page holds of classes: confusion matrices, metrics and ROC curves of each part of
 * the best trials, as many as there is room. Of many classes it has those that are confused most.
 */
final class ReportConfusions {
  /** Cells of all confusion matrices. */
  private static final int MOST_CELLS = 500_000;

  /** Classes of a part that a page shows: as many as a matrix can have cells that are seen. */
  static final int MOST_CLASSES = 100;

  /** Points of all ROC curves. */
  private static final int MOST_OF_ROC = 200_000;

  private static final List<String> OF_CLASSES =
      List.of("precision", "recall", "f1", "support", "roc_auc");

  private final RunFolder run;
  private final List<Map<String, Object>> trials;
  private final Map<Object, Integer> positions;

  /**
   * Of a run.
   *
   * @param trials that the page shows
   * @param positions of their hashes among them
   */
  ReportConfusions(
      RunFolder run, List<Map<String, Object>> trials, Map<Object, Integer> positions) {
    this.run = run;
    this.trials = trials;
    this.positions = positions;
  }

  /**
   * For the page.
   *
   * @param order positions of all trials, the best first
   */
  Map<String, Object> json(List<Integer> order) {
    Map<Integer, Long> room = room();
    Set<Integer> kept = new LinkedHashSet<>();
    long cells = 0;
    int left = 0;
    for (int trial : order) {
      cells += room.getOrDefault(trial, 0L);
      if (cells <= MOST_CELLS || kept.isEmpty()) {
        kept.add(trial);
      } else {
        left += room.containsKey(trial) ? 1 : 0;
      }
    }
    Map<Integer, List<Map<String, Object>>> classes =
        rows(Table.CLASSES, Stream.concat(Stream.of("class"), OF_CLASSES.stream()).toList(), kept);
    Map<Integer, List<Map<String, Object>>> confusion =
        rows(Table.CONFUSION, List.of("actual", "predicted", "count"), kept);
    Map<List<Object>, Integer> names = new LinkedHashMap<>();
    List<Map<String, Object>> entries = new ArrayList<>();
    Map<Object, ClassNames> called = new HashMap<>();
    RocCurves curves = new RocCurves();
    for (int trial : kept) {
      ClassNames ofSource =
          called.computeIfAbsent(
              trials.get(trial).get(Keys.SOURCE.column()),
              source -> Trials.classNames(trials.get(trial)));
      List<Map<String, Object>> pairs = confusion.getOrDefault(trial, List.of());
      List<Map<String, Object>> metrics = classes.getOrDefault(trial, List.of());
      for (Object part : pairs.stream().map(row -> row.get("part")).distinct().toList()) {
        ConfusionMatrix matrix = ConfusionMatrix.of(metrics, pairs, (String) part);
        int[] shown = matrix.mostConfused(MOST_CLASSES);
        List<Object> shownNames = Arrays.stream(shown).mapToObj(matrix.classes()::get).toList();
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("trial", trial);
        entry.put("part", part);
        entry.put("size", shown.length);
        ClassNames classNames = ofSource.where(matrix.classes());
        List<Object> calledSo = shownNames.stream().map(classNames::called).toList();
        entry.put("names", names.computeIfAbsent(calledSo, found -> names.size()));
        entry.put("counts", counts(matrix, shown));
        if (shown.length < matrix.classes().size()) {
          entry.put("of", matrix.classes().size());
          entry.put("samples", matrix.total());
          entry.put("actual", chosen(matrix.actual(), shown));
          entry.put("predicted", chosen(matrix.predicted(), shown));
        }
        entry.put("classes", ofClasses(metrics, part, shownNames));
        curves.ask(trial, part, shownNames, entry);
        entries.add(entry);
      }
    }
    curves.answer();
    return Map.of("names", List.copyOf(names.keySet()), "trials", entries, "left", left);
  }

  private static long[] counts(ConfusionMatrix matrix, int[] shown) {
    return Arrays.stream(shown)
        .boxed()
        .flatMapToLong(
            actual -> Arrays.stream(shown).mapToLong(predicted -> matrix.count(actual, predicted)))
        .toArray();
  }

  private static long[] chosen(long[] sums, int[] shown) {
    return Arrays.stream(shown).mapToLong(type -> sums[type]).toArray();
  }

  /** The cells of the matrices of each trial; of many classes, their names and pairs if more. */
  private Map<Integer, Long> room() {
    Map<Integer, Map<Object, Long>> classes = counts(Table.CLASSES);
    boolean many =
        classes.values().stream()
            .flatMap(parts -> parts.values().stream())
            .anyMatch(size -> size > MOST_CLASSES);
    Map<Integer, Map<Object, Long>> pairs = many ? counts(Table.CONFUSION) : Map.of();
    Map<Integer, Long> room = new HashMap<>();
    classes.forEach(
        (trial, parts) ->
            parts.forEach(
                (part, size) -> {
                  long shown = Math.min(size, MOST_CLASSES);
                  long occurring = pairs.getOrDefault(trial, Map.of()).getOrDefault(part, 0L);
                  long cells = Math.max(shown * shown, size > shown ? occurring + size : 0);
                  room.merge(trial, cells, Long::sum);
                }));
    return room;
  }

  /** Rows of a table, for each trial and part. */
  private Map<Integer, Map<Object, Long>> counts(Table table) {
    Map<Integer, Map<Object, Long>> counts = new HashMap<>();
    run.forEach(
        table,
        List.of("trial", "part"),
        positions::containsKey,
        row ->
            counts
                .computeIfAbsent(positions.get(row.get("trial")), trial -> new HashMap<>())
                .merge(row.get("part"), 1L, Long::sum));
    return counts;
  }

  /** The rows of some trials. */
  private Map<Integer, List<Map<String, Object>>> rows(
      Table table, List<String> columns, Set<Integer> kept) {
    Map<Integer, List<Map<String, Object>>> rows = new HashMap<>();
    run.forEach(
        table,
        Stream.concat(Stream.of("trial", "part"), columns.stream()).toList(),
        trial -> kept.contains(positions.get(trial)),
        row ->
            rows.computeIfAbsent(positions.get(row.get("trial")), trial -> new ArrayList<>())
                .add(row));
    return rows;
  }

  /** For each class its metrics; NULL where they are not all there. */
  private static List<List<Object>> ofClasses(
      List<Map<String, Object>> rows, Object part, List<Object> names) {
    Map<Object, List<Object>> metrics = new HashMap<>();
    for (Map<String, Object> row : rows) {
      if (part.equals(row.get("part"))) {
        metrics.put(
            row.get("class"),
            OF_CLASSES.stream()
                .map(column -> rounded(row.get(column)))
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll));
      }
    }
    return metrics.keySet().containsAll(names) ? names.stream().map(metrics::get).toList() : null;
  }

  /** A share with six decimals, which is what a page shows and half as long. */
  private static Object rounded(Object value) {
    return value instanceof Double real && Double.isFinite(real)
        ? (Object) (Math.rint(real * 1e6) / 1e6)
        : Values.plain(value);
  }

  /** The ROC curves of entries of the page, those asked for first as long as there is room. */
  private final class RocCurves {
    private final Map<List<Object>, FloatBuffer> asked = new LinkedHashMap<>();
    private final List<Runnable> answers = new ArrayList<>();
    private long room = MOST_OF_ROC;

    /**
     * Asks for the curves of a trial's part.
     *
     * @param names of its classes
     * @param entry which gets {@code roc}: for each class its points, rate of false and of true
     *     positives in turn; NULL where they are not all there
     */
    void ask(int trial, Object part, List<Object> names, Map<String, Object> entry) {
      int points = trials.get(trial).get("roc_points") instanceof Number kept ? kept.intValue() : 0;
      room -= (long) points * names.size();
      if (points == 0 || room < 0) {
        return;
      }
      List<FloatBuffer> curves =
          names.stream()
              .map(
                  name ->
                      asked.computeIfAbsent(
                          List.of(trial, part, name), curve -> FloatBuffer.allocate(2 * points)))
              .toList();
      answers.add(
          () -> {
            boolean all = curves.stream().allMatch(curve -> curve.position() > 0);
            entry.put(
                "roc",
                all
                    ? curves.stream()
                        .map(
                            curve ->
                                ReportData.base64(Arrays.copyOf(curve.array(), curve.position())))
                        .toList()
                    : null);
          });
    }

    /** Reads the table, once. */
    void answer() {
      if (asked.isEmpty()) {
        return;
      }
      run.forEach(
          Table.ROC,
          List.of("trial", "part", "class", "false_positive_rate", "true_positive_rate"),
          positions::containsKey,
          row -> {
            int trial = positions.get(row.get("trial"));
            FloatBuffer curve = asked.get(List.of(trial, row.get("part"), row.get("class")));
            if (curve != null
                && curve.hasRemaining()
                && row.get("false_positive_rate") instanceof Double falsely
                && row.get("true_positive_rate") instanceof Double truly) {
              curve.put(falsely.floatValue()).put(truly.floatValue());
            }
          });
      answers.forEach(Runnable::run);
    }
  }
}
