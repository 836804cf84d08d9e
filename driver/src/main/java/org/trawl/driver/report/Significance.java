package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/**
 * Which groups of trials are not shown to be worse than the best one ({@link ComparisonsWithBest}).
 *
 * <p>Trials with the same seed and fold share split, sample order and initial weights: they are a
 * block. A group has a value a block: of a group of several points the mean over the combinations
 * of other keys that all groups have and that have failed or diverged in none, so that what is
 * compared differs in nothing else; a block that lacks one of them does not count. A group that has
 * failed or diverged in half of its combinations or more, a point in any of its repeats, is not
 * compared, and not in the set: its mean would be that of its luckier trials. Groups are compared
 * that share two blocks at least with the one that has most.
 */
final class Significance {
  private static final List<String> BLOCK = List.of("seed", "repeat", "fold");

  private final List<Verdict> verdicts;
  private final int groups;
  private final int blocks;
  private final Combinations combinations;
  private final OptionalDouble told;

  private Significance(
      List<Verdict> verdicts,
      int groups,
      int blocks,
      Combinations combinations,
      OptionalDouble told) {
    this.verdicts = List.copyOf(verdicts);
    this.groups = groups;
    this.blocks = blocks;
    this.combinations = combinations;
    this.told = told;
  }

  /**
   * Combinations of the keys that differ within groups.
   *
   * @param compared those that all groups have and that have failed in none; 1 where no key does
   * @param all those that any group has that has not failed in half of its own or more
   */
  record Combinations(int compared, int all) {}

  /**
   * How a group compares to the best.
   *
   * @param lower the least that its mean may be minus the best mean of the others, NULL where
   *     nothing could be tested
   * @param upper the most
   * @param notWorse whether it is not shown to be worse; NULL where nothing could be tested
   * @param best whether no mean is better
   */
  record Verdict(Double lower, Double upper, Boolean notWorse, boolean best) {
    static final Verdict NONE = new Verdict(null, null, null, false);
    static final Verdict FAILED = new Verdict(null, null, false, false);
  }

  /** One a group. */
  List<Verdict> verdicts() {
    return verdicts;
  }

  /** Whether any groups were compared. */
  boolean tested() {
    return told.isPresent();
  }

  /** The groups that were compared. */
  int groups() {
    return groups;
  }

  /** The blocks that were compared. */
  int blocks() {
    return blocks;
  }

  /** The combinations of other keys that are compared. */
  Combinations combinations() {
    return combinations;
  }

  /** The smallest difference that would have been told; empty where nothing could be tested. */
  OptionalDouble told() {
    return told;
  }

  /**
   * Compares groups.
   *
   * @param groups trials of each group that are measured, have failed or have diverged
   * @param others columns of the keys that differ within groups
   */
  static Significance of(
      List<List<Map<String, Object>>> groups, List<String> others, Objective metric) {
    List<Replicates> all = new ArrayList<>();
    groups.forEach(group -> all.add(Replicates.of(group, others, metric)));
    List<Replicates> whole = all.stream().filter(group -> !group.failed()).toList();
    Set<List<Object>> common = common(whole);
    Set<List<Object>> cells = new HashSet<>();
    whole.forEach(group -> cells.addAll(group.cells()));
    Combinations combinations = new Combinations(common.size(), cells.size());
    List<Map<List<Object>, Double>> means = new ArrayList<>();
    all.forEach(group -> means.add(group.failed() ? Map.of() : group.means(common)));
    Set<List<Object>> most =
        means.stream()
            .map(Map::keySet)
            .reduce(Set.of(), (one, other) -> other.size() > one.size() ? other : one);
    int[] compared =
        IntStream.range(0, groups.size())
            .filter(i -> shared(means.get(i).keySet(), most) > 1)
            .toArray();
    if (compared.length < 2) {
      return new Significance(
          Collections.nCopies(groups.size(), Verdict.NONE),
          0,
          0,
          combinations,
          OptionalDouble.empty());
    }
    double sign = metric.direction() == Direction.MAXIMIZE ? 1 : -1;
    double[][] values =
        Arrays.stream(compared)
            .mapToObj(means::get)
            .map(
                of ->
                    most.stream()
                        .mapToDouble(block -> sign * of.getOrDefault(block, Double.NaN))
                        .toArray())
            .toArray(double[][]::new);
    ComparisonsWithBest hsu = new ComparisonsWithBest(values, overlap(groups));
    List<Verdict> verdicts = new ArrayList<>();
    all.forEach(group -> verdicts.add(group.failed() ? Verdict.FAILED : Verdict.NONE));
    for (int i = 0; i < compared.length; i++) {
      double least = sign > 0 ? hsu.lower(i) : 0 - hsu.upper(i);
      double largest = sign > 0 ? hsu.upper(i) : 0 - hsu.lower(i);
      verdicts.set(compared[i], new Verdict(least, largest, hsu.kept(i), i == hsu.best()));
    }
    return new Significance(
        verdicts, compared.length, most.size(), combinations, OptionalDouble.of(hsu.told()));
  }

  private static double overlap(List<List<Map<String, Object>>> groups) {
    int folds =
        groups.stream()
            .flatMap(List::stream)
            .mapToInt(trial -> trial.get("fold") instanceof Number fold ? fold.intValue() : 0)
            .max()
            .orElse(0);
    return folds > 1 ? 1.0 / (folds - 1) : 0;
  }

  /** The combinations of other keys that all groups have, and that have failed in none. */
  private static Set<List<Object>> common(List<Replicates> groups) {
    Set<List<Object>> common = new LinkedHashSet<>();
    for (int i = 0; i < groups.size(); i++) {
      if (i == 0) {
        common.addAll(groups.get(i).cells());
      } else {
        common.retainAll(groups.get(i).cells());
      }
    }
    groups.forEach(group -> common.removeAll(group.failures()));
    return common;
  }

  private static long shared(Set<List<Object>> blocks, Set<List<Object>> most) {
    return blocks.stream().filter(most::contains).count();
  }

  /** The values of a group: by block, by combination of other keys; each one of its own. */
  private static final class Replicates {
    private final Map<List<Object>, Map<List<Object>, List<Double>>> byBlock;
    private final Set<List<Object>> cells;
    private final Set<List<Object>> failures;

    private Replicates(
        Map<List<Object>, Map<List<Object>, List<Double>>> byBlock,
        Set<List<Object>> cells,
        Set<List<Object>> failures) {
      this.byBlock = byBlock;
      this.cells = cells;
      this.failures = failures;
    }

    static Replicates of(List<Map<String, Object>> trials, List<String> others, Objective metric) {
      Map<List<Object>, Map<List<Object>, List<Double>>> byBlock = new LinkedHashMap<>();
      Set<List<Object>> cells = new LinkedHashSet<>();
      Set<List<Object>> failures = new HashSet<>();
      for (Map<String, Object> trial : trials) {
        List<Object> cell = Trials.values(trial, others);
        cells.add(cell);
        if (Trials.measured(trial, metric.metric())) {
          byBlock
              .computeIfAbsent(Trials.values(trial, BLOCK), block -> new HashMap<>())
              .computeIfAbsent(cell, of -> new ArrayList<>())
              .add(Trials.metric(trial, metric.metric()));
        } else {
          failures.add(cell);
        }
      }
      return new Replicates(byBlock, cells, failures);
    }

    boolean failed() {
      return !failures.isEmpty() && 2 * failures.size() >= cells.size();
    }

    Set<List<Object>> cells() {
      return cells;
    }

    Set<List<Object>> failures() {
      return failures;
    }

    /** The mean over combinations of each block that has all of them. */
    Map<List<Object>, Double> means(Set<List<Object>> common) {
      Map<List<Object>, Double> means = new LinkedHashMap<>();
      byBlock.forEach(
          (block, ofBlock) -> {
            if (!common.isEmpty() && ofBlock.keySet().containsAll(common)) {
              double[] values =
                  common.stream()
                      .mapToDouble(
                          cell ->
                              ofBlock.get(cell).stream().mapToDouble(x -> x).average().orElse(0))
                      .sorted() // whatever the order of the set, the same sum
                      .toArray();
              means.put(block, Arrays.stream(values).sum() / values.length);
            }
          });
      return means;
    }
  }
}
