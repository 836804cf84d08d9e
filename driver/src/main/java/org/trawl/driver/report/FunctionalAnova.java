package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;

/**
 * How important each key is: the share of a metric's variance over the swept values that the key
 * explains alone, and pairs of keys beyond that, each value of a key having the same weight
 * (functional ANOVA: Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing
 * Hyperparameter Importance", ICML 2014).
 *
 * <p>What is decomposed are the means of the combinations of values that have measured trials, by a
 * forest of regression trees, as in the paper: a tree is a partition into boxes, whose marginals
 * are sums over its leaves. The trees are grown until each combination has its own value, from all
 * combinations, so that they differ only in what they say of those without trials: at each split
 * half of the keys are looked at, drawn at random. So where every combination has a trial the
 * decomposition is exact, and one tree says it.
 */
final class FunctionalAnova {
  private static final int TREES = 100;
  private static final long SEED = 1;

  /**
   * A key, or a pair of keys, and what it explains.
   *
   * @param keys columns, one or two
   * @param share of the variance, 0 to 1; of a pair, what its keys do not explain alone
   */
  record Component(List<String> keys, double share) {}

  private final List<Component> components;
  private final boolean exact;
  private final int trials;

  private FunctionalAnova(List<Component> components, boolean exact, int trials) {
    this.components = components;
    this.exact = exact;
    this.trials = trials;
  }

  /**
   * Decomposes a metric over the keys that vary among the measured trials.
   *
   * @return empty where no key varies, or the metric does not
   */
  static Optional<FunctionalAnova> of(List<Map<String, Object>> trials, String metric) {
    List<Map<String, Object>> measured =
        trials.stream().filter(trial -> Trials.measured(trial, metric)).toList();
    List<String> keys =
        Keys.all().stream()
            .map(Key::column)
            .filter(column -> Trials.varies(measured, column))
            .toList();
    double[] results =
        measured.stream().mapToDouble(trial -> Trials.metric(trial, metric)).toArray();
    return keys.isEmpty() ? Optional.empty() : new Design(keys, measured, results).decompose();
  }

  /** Keys and pairs of keys, most important first. */
  List<Component> components() {
    return components;
  }

  /** Whether every combination of values was there, so that nothing was fitted. */
  boolean exact() {
    return exact;
  }

  /** How many trials it is made of. */
  int trials() {
    return trials;
  }

  /** What was tried: for each trial the position of each key's value among the key's values. */
  private static final class Design {
    private final List<String> keys;
    private final List<List<Object>> levels = new ArrayList<>();

    /** Whether a key's values are numbers, which are split by size. */
    private final boolean[] ordered;

    private final int[][] positions;
    private final double[] results;

    Design(List<String> keys, List<Map<String, Object>> trials, double[] results) {
      this.keys = keys;
      this.results = results;
      this.ordered = new boolean[keys.size()];
      this.positions = new int[trials.size()][keys.size()];
      for (int key = 0; key < keys.size(); key++) {
        String column = keys.get(key);
        List<Object> values =
            trials.stream()
                .map(trial -> Optional.ofNullable(Trials.value(trial, column)))
                .distinct()
                .map(value -> value.orElse(null))
                .sorted(Values::compare)
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
        levels.add(values);
        ordered[key] = values.stream().allMatch(value -> value == null || value instanceof Number);
        Map<Object, Integer> position = new HashMap<>();
        values.forEach(value -> position.put(value, position.size()));
        for (int trial = 0; trial < trials.size(); trial++) {
          positions[trial][key] = position.get(Trials.value(trials.get(trial), column));
        }
      }
    }

    Optional<FunctionalAnova> decompose() {
      Map<List<Integer>, List<Integer>> cells = new LinkedHashMap<>();
      for (int trial = 0; trial < results.length; trial++) {
        cells
            .computeIfAbsent(
                IntStream.of(positions[trial]).boxed().toList(), cell -> new ArrayList<>())
            .add(trial);
      }
      int[] sample = cells.values().stream().mapToInt(cell -> cell.get(0)).toArray();
      double[] means = new double[results.length];
      cells
          .values()
          .forEach(
              cell ->
                  means[cell.get(0)] =
                      cell.stream().mapToDouble(trial -> results[trial]).sum() / cell.size());
      double combinations = levels.stream().mapToDouble(List::size).reduce(1, (a, b) -> a * b);
      boolean complete = cells.size() == combinations;
      Shares shares = new Shares(levels.stream().mapToInt(List::size).toArray());
      SplittableRandom random = new SplittableRandom(SEED);
      for (int tree = 0; tree < (complete ? 1 : TREES); tree++) {
        shares.add(tree(sample, means, random));
      }
      return shares
          .mean(keys)
          .map(components -> new FunctionalAnova(components, complete, results.length));
    }

    private List<Leaf> tree(int[] sample, double[] values, SplittableRandom random) {
      BitSet[] all = new BitSet[keys.size()];
      for (int key = 0; key < all.length; key++) {
        all[key] = new BitSet();
        all[key].set(0, levels.get(key).size());
      }
      List<Leaf> leaves = new ArrayList<>();
      grow(new Leaf(all, 0), sample, values, random, leaves);
      return leaves;
    }

    /** Splits a box where that lowers the squared error most, until its values are equal. */
    private void grow(
        Leaf box, int[] sample, double[] values, SplittableRandom random, List<Leaf> leaves) {
      double mean = IntStream.of(sample).mapToDouble(trial -> values[trial]).sum() / sample.length;
      Split best = null;
      if (IntStream.of(sample).anyMatch(trial -> values[trial] != values[sample[0]])) {
        int[] order = shuffled(random);
        for (int i = 0; i < order.length && (best == null || i < (order.length + 1) / 2); i++) {
          Split split = bestSplit(order[i], box.levels()[order[i]], sample, values);
          if (split != null && (best == null || split.gain() > best.gain())) {
            best = split;
          }
        }
      }
      if (best == null) {
        leaves.add(new Leaf(box.levels(), mean));
        return;
      }
      Split split = best;
      int[] left =
          IntStream.of(sample)
              .filter(trial -> split.left().get(positions[trial][split.key()]))
              .toArray();
      int[] right =
          IntStream.of(sample)
              .filter(trial -> !split.left().get(positions[trial][split.key()]))
              .toArray();
      BitSet others = (BitSet) box.levels()[split.key()].clone();
      others.andNot(split.left());
      grow(box.with(split.key(), split.left()), left, values, random, leaves);
      grow(box.with(split.key(), others), right, values, random, leaves);
    }

    private int[] shuffled(SplittableRandom random) {
      int[] order = IntStream.range(0, keys.size()).toArray();
      for (int i = order.length - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[other];
        order[other] = swapped;
      }
      return order;
    }

    /**
     * The best division of a box's values of a key in two: of numbers by size, between two that
     * occur; of others in the order of their means, which holds the best of all divisions (Breiman
     * et al., Classification and Regression Trees, 1984, 9.4). Null where only one value occurs.
     */
    private Split bestSplit(int key, BitSet box, int[] sample, double[] values) {
      int[] counts = new int[levels.get(key).size()];
      double[] sums = new double[counts.length];
      for (int trial : sample) {
        counts[positions[trial][key]]++;
        sums[positions[trial][key]] += values[trial];
      }
      List<Integer> present =
          box.stream()
              .filter(level -> counts[level] > 0)
              .boxed()
              .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
      if (!ordered[key]) {
        present.sort(Comparator.comparingDouble(level -> sums[level] / counts[level]));
      }
      double sum = present.stream().mapToDouble(level -> sums[level]).sum();
      double leftSum = 0;
      int leftCount = 0;
      double bestGain = Double.NEGATIVE_INFINITY;
      int bestEnd = 0;
      for (int end = 1; end < present.size(); end++) {
        leftSum += sums[present.get(end - 1)];
        leftCount += counts[present.get(end - 1)];
        int rightCount = sample.length - leftCount;
        double difference = leftSum / leftCount - (sum - leftSum) / rightCount;
        double gain = difference * difference * leftCount * rightCount / sample.length;
        if (gain > bestGain) {
          bestGain = gain;
          bestEnd = end;
        }
      }
      if (bestEnd == 0) {
        return null;
      }
      BitSet left = new BitSet();
      if (ordered[key]) {
        left.set(0, (present.get(bestEnd - 1) + present.get(bestEnd)) / 2 + 1);
        left.and(box);
      } else {
        present.subList(0, bestEnd).forEach(left::set);
      }
      return new Split(key, left, bestGain);
    }
  }

  /** A division of a box: the values of a key that go left, and by how much it lowers the error. */
  private record Split(int key, BitSet left, double gain) {}

  /** A box, the values of each key that it holds, and the metric in it. */
  private record Leaf(BitSet[] levels, double value) {
    Leaf with(int key, BitSet replaced) {
      BitSet[] copy = levels.clone();
      copy[key] = replaced;
      return new Leaf(copy, value);
    }
  }

  /** Sums over trees of the share of the variance that each key, and each pair, explains. */
  private static final class Shares {
    private final int[] sizes;
    private final double[][] sums;
    private int trees;

    Shares(int[] sizes) {
      this.sizes = sizes;
      this.sums = new double[sizes.length][sizes.length];
    }

    void add(List<Leaf> leaves) {
      double mean = 0;
      double squares = 0;
      for (Leaf leaf : leaves) {
        mean += leaf.value() * volume(leaf, -1, -1);
      }
      for (Leaf leaf : leaves) {
        squares += Math.pow(leaf.value() - mean, 2) * volume(leaf, -1, -1);
      }
      if (!(squares > 0)) {
        return;
      }
      trees++;
      double[][] alone = new double[sizes.length][];
      for (int key = 0; key < sizes.length; key++) {
        alone[key] = new double[sizes[key]];
        for (Leaf leaf : leaves) {
          double part = (leaf.value() - mean) * volume(leaf, key, -1);
          BitSet held = leaf.levels()[key];
          for (int level = held.nextSetBit(0); level >= 0; level = held.nextSetBit(level + 1)) {
            alone[key][level] += part;
          }
        }
        double variance = 0;
        for (double effect : alone[key]) {
          variance += effect * effect / sizes[key];
        }
        sums[key][key] += variance / squares;
      }
      for (int one = 0; one < sizes.length; one++) {
        for (int other = one + 1; other < sizes.length; other++) {
          sums[one][other] += pair(leaves, one, other, mean, alone) / squares;
        }
      }
    }

    /** The variance that two keys explain together beyond what they do alone. */
    private double pair(List<Leaf> leaves, int one, int other, double mean, double[][] alone) {
      double[][] together = new double[sizes[one]][sizes[other]];
      for (Leaf leaf : leaves) {
        double part = (leaf.value() - mean) * volume(leaf, one, other);
        BitSet rows = leaf.levels()[one];
        BitSet columns = leaf.levels()[other];
        for (int i = rows.nextSetBit(0); i >= 0; i = rows.nextSetBit(i + 1)) {
          for (int j = columns.nextSetBit(0); j >= 0; j = columns.nextSetBit(j + 1)) {
            together[i][j] += part;
          }
        }
      }
      double variance = 0;
      for (int i = 0; i < sizes[one]; i++) {
        for (int j = 0; j < sizes[other]; j++) {
          variance += Math.pow(together[i][j] - alone[one][i] - alone[other][j], 2);
        }
      }
      return variance / ((double) sizes[one] * sizes[other]);
    }

    /** The share of the combinations of all keys but one or two that a leaf holds. */
    private double volume(Leaf leaf, int but, int butToo) {
      double volume = 1;
      for (int key = 0; key < sizes.length; key++) {
        if (key != but && key != butToo) {
          volume *= (double) leaf.levels()[key].cardinality() / sizes[key];
        }
      }
      return volume;
    }

    /** Empty where the metric is the same everywhere. */
    Optional<List<Component>> mean(List<String> keys) {
      if (trees == 0) {
        return Optional.empty();
      }
      List<Component> components = new ArrayList<>();
      for (int one = 0; one < sizes.length; one++) {
        for (int other = one; other < sizes.length; other++) {
          components.add(
              new Component(
                  one == other ? List.of(keys.get(one)) : List.of(keys.get(one), keys.get(other)),
                  sums[one][other] / trees));
        }
      }
      components.sort(Comparator.comparingDouble(Component::share).reversed());
      return Optional.of(List.copyOf(components));
    }
  }
}
