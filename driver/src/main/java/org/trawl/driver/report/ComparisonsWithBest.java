package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Hsu's multiple comparisons with the best ("Constrained simultaneous confidence intervals for
 * multiple comparisons with the best", Annals of Statistics 12, 1984): for each group an interval
 * of its mean minus the largest mean of the others. As each group is compared with each other one,
 * it holds though the best is chosen by the same data: all intervals are right together with a
 * probability of at least {@value #CONFIDENCE}, and the truly best group is among those kept. With
 * unequal variances as by Nelson, Swann, Goldsman and Song ("Simple procedures for selecting the
 * best simulated system when the number of alternatives is large", Operations Research 49, 2001).
 *
 * <p>A group has a value a block (a seed and a fold), which may be missing. Residuals are what
 * remains without the group's mean and the block's effect, the median over the groups, centred
 * again a group; a group's variance is the sum of their squares over {@code (r - 1)(1 - 1/k)}, for
 * r values and k groups, moderated by those of the others ({@link ModeratedVariances}). Where
 * blocks are missing, means and effects are found by turns, so that a mean over fewer blocks is
 * comparable.
 *
 * <p>A variance is at least that of rounding to the smallest step between values, a twelfth of its
 * square: accuracies of few samples are often the same in all blocks, and are not known exactly for
 * that. The degrees of freedom are those of the moderated variance, {@code d0 + r - 1}, but no more
 * than all residuals have, {@code (k - 1)(r - 1)}. (With two groups this is the paired t-test,
 * one-sided; with {@code k (r - 1)} degrees two equal groups of two values were told apart in 10 %
 * instead of 5 %.)
 */
final class ComparisonsWithBest {
  /** The probability that all intervals are right. */
  static final double CONFIDENCE = 0.95;

  /** What equal values may differ by, relatively. */
  private static final double ROUNDING = 1e-12;

  private static final int TURNS = 30;

  private final double overlap;
  private final int groups;
  private final double[] means;
  private final int[] counts;

  /** Moderated. */
  private final double[] variances;

  /** What a difference is more than, where it is one. */
  private final double rounding;

  private final ModeratedVariances moderation;

  /** By the number of values of the group with fewer. */
  private final Map<Integer, Double> quantiles = new HashMap<>();

  /** The groups, best first. */
  private final int[] order;

  private final boolean[] kept;
  private final double[] lower;
  private final double[] upper;

  /**
   * Compares groups.
   *
   * @param values for each group, of at least two, its value in each block, the larger the better;
   *     NaN where it has none, but it has two at least
   * @param overlap validated samples of a fold over its training samples, by which the variance of
   *     means over folds is larger (Nadeau and Bengio, "Inference for the Generalization Error",
   *     Machine Learning 52, 2003); 0 without folds
   */
  ComparisonsWithBest(double[][] values, double overlap) {
    this.overlap = overlap;
    this.groups = values.length;
    this.counts =
        Arrays.stream(values)
            .mapToInt(of -> (int) Arrays.stream(of).filter(value -> !Double.isNaN(value)).count())
            .toArray();
    double[] effects = new double[values[0].length];
    this.means = means(values, effects);
    this.rounding = ROUNDING * Arrays.stream(means).map(Math::abs).max().orElseThrow();
    double step = smallestStep(values);
    double[] raw = new double[groups];
    for (int i = 0; i < groups; i++) {
      raw[i] = Math.max(variance(values[i], effects, means[i], groups), step * step / 12);
    }
    int[] degrees = Arrays.stream(counts).map(count -> count - 1).toArray();
    boolean allEqual = Arrays.stream(raw).allMatch(variance -> variance == 0);
    this.moderation =
        allEqual
            ? new ModeratedVariances(Double.POSITIVE_INFINITY, 0, raw)
            : ModeratedVariances.of(raw, degrees);
    this.variances = moderation.moderated();
    this.order =
        IntStream.range(0, groups)
            .boxed()
            .sorted((one, other) -> Double.compare(means[other], means[one]))
            .mapToInt(i -> i)
            .toArray();
    this.kept = new boolean[groups];
    this.upper = new double[groups];
    findUpper();
    this.lower = new double[groups];
    findLower();
  }

  /** The means of groups without the effects of the blocks, which are written. */
  private static double[] means(double[][] values, double[] effects) {
    boolean whole = Arrays.stream(values).flatMapToDouble(Arrays::stream).noneMatch(Double::isNaN);
    double[] means = new double[values.length];
    for (int turn = 0; turn < (whole ? 1 : TURNS); turn++) {
      for (int i = 0; i < means.length; i++) {
        double sum = 0;
        int count = 0;
        for (int block = 0; block < effects.length; block++) {
          if (!Double.isNaN(values[i][block])) {
            sum += values[i][block] - effects[block];
            count++;
          }
        }
        means[i] = sum / count;
      }
      for (int block = 0; block < effects.length; block++) {
        int of = block;
        effects[block] =
            median(
                IntStream.range(0, means.length)
                    .mapToDouble(i -> values[i][of] - means[i])
                    .filter(rest -> !Double.isNaN(rest))
                    .toArray());
      }
    }
    return means;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    if (values.length == 0) {
      return 0;
    }
    return values.length % 2 == 1 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2;
  }

  private static double variance(double[] values, double[] effects, double mean, int groups) {
    double[] residuals =
        IntStream.range(0, values.length)
            .filter(block -> !Double.isNaN(values[block]))
            .mapToDouble(block -> values[block] - mean - effects[block])
            .toArray();
    double centre = Arrays.stream(residuals).sum() / residuals.length;
    double squares = 0;
    for (double residual : residuals) {
      squares += (residual - centre) * (residual - centre);
    }
    return squares / ((residuals.length - 1) * (1 - 1.0 / groups));
  }

  /** The smallest difference between two values that differ; 0 if none do. */
  private double smallestStep(double[][] values) {
    double[] sorted =
        Arrays.stream(values)
            .flatMapToDouble(Arrays::stream)
            .filter(value -> !Double.isNaN(value))
            .sorted()
            .toArray();
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 1; i < sorted.length; i++) {
      double step = sorted[i] - sorted[i - 1];
      if (step > rounding) {
        smallest = Math.min(smallest, step);
      }
    }
    return Double.isInfinite(smallest) ? 0 : smallest;
  }

  /** How far two means must be apart to be told apart. */
  private double margin(int i, int j) {
    double squared =
        variances[i] * (1.0 / counts[i] + overlap) + variances[j] * (1.0 / counts[j] + overlap);
    return quantile(Math.min(counts[i], counts[j])) * Math.sqrt(squared);
  }

  private double quantile(int count) {
    return quantiles.computeIfAbsent(
        count,
        of -> {
          int all = Arrays.stream(counts).sum() - groups;
          double degrees = Math.min(moderation.priorDegrees() + of - 1, all * (1 - 1.0 / groups));
          // The first argument keeps it from making a random generator, which nobody asks.
          return new TDistribution(null, degrees)
              .inverseCumulativeProbability(1 - (1 - CONFIDENCE) / (groups - 1));
        });
  }

  /** Margins of a group are no smaller, or no larger, than this, to whichever other. */
  private double bound(int i, double variance, int count, int of) {
    double squared =
        variances[i] * (1.0 / counts[i] + overlap) + variance * (1.0 / count + overlap);
    return quantile(of) * Math.sqrt(squared);
  }

  private void findUpper() {
    double least = Arrays.stream(variances).min().orElseThrow();
    int most = Arrays.stream(counts).max().orElseThrow();
    for (int i = 0; i < groups; i++) {
      double nearest = bound(i, least, most, most);
      double smallest = Double.POSITIVE_INFINITY;
      for (int j : order) {
        double lead = means[i] - means[j];
        if (lead + nearest > smallest || smallest < -rounding) {
          break; // as lead only grows
        } else if (j != i) {
          smallest = Math.min(smallest, lead + margin(i, j));
        }
      }
      kept[i] = smallest >= -rounding;
      upper[i] = Math.max(0, smallest);
    }
  }

  private void findLower() {
    int[] best = Arrays.stream(order).filter(j -> kept[j]).toArray();
    double most = Arrays.stream(variances).max().orElseThrow();
    int fewest = Arrays.stream(counts).min().orElseThrow();
    for (int i = 0; i < groups; i++) {
      double farthest = bound(i, most, fewest, fewest);
      double smallest = 0;
      for (int j : best) {
        double lead = means[i] - means[j];
        if (lead - farthest > smallest) {
          break; // as lead only grows
        } else if (j != i) {
          smallest = Math.min(smallest, lead - margin(i, j));
        }
      }
      lower[i] = smallest;
    }
  }

  /** Whether a group is not shown to be worse than the best of the others. */
  boolean kept(int group) {
    return kept[group];
  }

  /** The group with the largest mean, the first of several. */
  int best() {
    return order[0];
  }

  /** The least that a group's mean may be minus the largest mean of the others; at most 0. */
  double lower(int group) {
    return lower[group];
  }

  /** The most that a group's mean may be minus the largest mean of the others; at least 0. */
  double upper(int group) {
    return upper[group];
  }

  /**
   * The smallest difference of two means that would have been told, of groups with the usual
   * variance and most values.
   */
  double told() {
    double[] sorted = variances.clone();
    Arrays.sort(sorted);
    double usual = sorted[sorted.length / 2];
    int most = Arrays.stream(counts).max().orElseThrow();
    return quantile(most) * Math.sqrt(2 * usual * (1.0 / most + overlap));
  }

  ModeratedVariances variances() {
    return moderation;
  }

  /** The groups that are kept, best first. */
  List<Integer> keptGroups() {
    List<Integer> all = new ArrayList<>();
    Arrays.stream(order).filter(group -> kept[group]).forEach(all::add);
    return all;
  }
}
