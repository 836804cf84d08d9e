package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/**
 * Which groups of trials are not worse than the best one.
 *
 * <p>Trials with the same seed and fold share split, sample order and initial weights, so groups
 * are compared by the differences of their means over such trials: of the combinations of other
 * keys that both groups have there. The differences are tested by a paired t-test, two-sided, as
 * the best group was chosen by the same data; over folds, whose training parts overlap, with the
 * variance corrected by 1/(folds - 1) (Nadeau and Bengio, "Inference for the Generalization Error",
 * Machine Learning 52, 2003). As many groups are tested against one, p is adjusted by Holm's method
 * (Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
 * Statistics 6, 1979).
 */
final class Significance {
  /** What p must be above not to be worse. */
  static final double LEVEL = 0.05;

  /** What equal differences may differ by, relatively. */
  private static final double ROUNDING = 1e-9;

  private Significance() {}

  /**
   * How a group compares to the best.
   *
   * @param pairs seeds and folds that both groups have
   * @param p adjusted; NULL for the best group, and with fewer than two pairs
   * @param notWorse NULL where nothing could be tested
   */
  record Verdict(int pairs, Double p, Boolean notWorse) {}

  /**
   * Tests groups against the first.
   *
   * @param groups measured trials of each group, which may be none
   * @param others columns of the keys that differ within groups
   */
  static List<Verdict> against(
      List<List<Map<String, Object>>> groups, List<String> others, Objective metric) {
    if (groups.isEmpty()) {
      return List.of();
    }
    List<Map<List<Object>, Map<List<Object>, Double>>> blocks =
        groups.stream().map(group -> blocks(group, others, metric)).toList();
    int folds =
        groups.stream()
            .flatMap(List::stream)
            .mapToInt(trial -> trial.get("fold") instanceof Number fold ? fold.intValue() : 0)
            .max()
            .orElse(0);
    double overlap = folds > 1 ? 1.0 / (folds - 1) : 0;
    double sign = metric.direction() == Direction.MAXIMIZE ? 1 : -1;
    double[] p = new double[groups.size()];
    double[] lead = new double[groups.size()];
    int[] pairs = new int[groups.size()];
    for (int i = 1; i < p.length; i++) {
      double[] differences = differences(blocks.get(0), blocks.get(i));
      pairs[i] = differences.length;
      lead[i] = sign * mean(differences);
      p[i] = pairedT(differences, overlap);
    }
    p[0] = Double.NaN;
    double[] adjusted = holm(p);
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < p.length; i++) {
      boolean tested = !Double.isNaN(p[i]);
      Boolean notWorse =
          i == 0
              ? (groups.get(0).isEmpty() ? null : Boolean.TRUE)
              : tested ? (Boolean) (adjusted[i] > LEVEL || lead[i] <= 0) : null;
      verdicts.add(new Verdict(pairs[i], tested ? (Double) adjusted[i] : null, notWorse));
    }
    return verdicts;
  }

  /** By seed and fold: by the values of the other keys, the mean of the metric. */
  private static Map<List<Object>, Map<List<Object>, Double>> blocks(
      List<Map<String, Object>> trials, List<String> others, Objective metric) {
    Map<List<Object>, Map<List<Object>, List<Double>>> values = new LinkedHashMap<>();
    for (Map<String, Object> trial : trials) {
      values
          .computeIfAbsent(
              Trials.values(trial, List.of("seed", "repeat", "fold")), block -> new HashMap<>())
          .computeIfAbsent(Trials.values(trial, others), cell -> new ArrayList<>())
          .add(Trials.metric(trial, metric.metric()));
    }
    Map<List<Object>, Map<List<Object>, Double>> means = new LinkedHashMap<>();
    values.forEach(
        (block, cells) -> {
          Map<List<Object>, Double> ofBlock = new HashMap<>();
          cells.forEach(
              (cell, all) -> ofBlock.put(cell, mean(all.stream().mapToDouble(x -> x).toArray())));
          means.put(block, ofBlock);
        });
    return means;
  }

  private static double[] differences(
      Map<List<Object>, Map<List<Object>, Double>> best,
      Map<List<Object>, Map<List<Object>, Double>> group) {
    List<Double> differences = new ArrayList<>();
    best.forEach(
        (block, cells) -> {
          Map<List<Object>, Double> others = group.getOrDefault(block, Map.of());
          double[] ofBlock =
              cells.entrySet().stream()
                  .filter(cell -> others.containsKey(cell.getKey()))
                  .mapToDouble(cell -> cell.getValue() - others.get(cell.getKey()))
                  .sorted() // whatever the order of the map, the same sum
                  .toArray();
          if (ofBlock.length > 0) {
            differences.add(mean(ofBlock));
          }
        });
    return differences.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /**
   * The two-sided p of a paired t-test; NaN for fewer than two differences. Of differences that are
   * all the same, as of accuracies on few samples, it would be 0 for two pairs even: then the exact
   * sign test's, by which they need six pairs to tell.
   *
   * @param overlap test samples of a fold over its training samples; 0 without folds
   */
  static double pairedT(double[] differences, double overlap) {
    int count = differences.length;
    if (count < 2) {
      return Double.NaN;
    }
    double mean = mean(differences);
    double squares = 0;
    for (double difference : differences) {
      squares += (difference - mean) * (difference - mean);
    }
    double error = Math.sqrt(squares / (count - 1) * (1.0 / count + overlap));
    if (error <= ROUNDING * Math.abs(mean)) {
      return mean == 0 ? 1 : Math.scalb(1.0, 1 - count);
    }
    // The first argument keeps it from making a random generator, which nobody asks.
    return 2 * new TDistribution(null, count - 1).cumulativeProbability(-Math.abs(mean / error));
  }

  /** Adjusts all p that are numbers; the others stay. */
  static double[] holm(double[] p) {
    double[] adjusted = p.clone();
    List<Integer> order =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted((one, other) -> Double.compare(p[one], p[other]))
            .toList();
    double largest = 0;
    for (int rank = 0; rank < order.size(); rank++) {
      int i = order.get(rank);
      largest = Math.max(largest, Math.min(1, (order.size() - rank) * p[i]));
      adjusted[i] = largest;
    }
    return adjusted;
  }
}
