package org.trawl.driver.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.driver.plan.Cost;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.plan.Workload;
import org.trawl.driver.results.Journal;
import org.trawl.driver.results.Journal.Beginning;
import org.trawl.driver.results.RunTables;
import org.trawl.driver.spark.TrialQueue.Unit;
import org.trawl.driver.sweep.Keep;

/** Trials of a plan as executors get them. */
final class TrialUnits {
  private final Plan plan;
  private final Map<DataSpec, PreparedSize> sizes = new HashMap<>();

  TrialUnits(Plan plan) {
    this.plan = plan;
  }

  /**
   * Trials that are not finished, from where they stand.
   *
   * @param tables number their attempts
   */
  List<Unit> remaining(List<PlannedTrial> remaining, Journal journal, RunTables tables) {
    Map<String, Beginning> beginnings = journal.beginnings(remaining);
    Map<String, Set<Integer>> stops = new HashMap<>();
    plan.trials()
        .forEach(
            trial ->
                stops
                    .computeIfAbsent(trial.lineage(), lineage -> new TreeSet<>())
                    .add(trial.spec().training().epochs()));
    return lineages(remaining).stream()
        .map(
            sharing -> {
              List<TrialTask> tasks = new ArrayList<>(sharing.size());
              double seconds = 0;
              for (PlannedTrial trial : sharing) {
                Beginning beginning = beginnings.getOrDefault(trial.trial(), Beginning.NONE);
                int epochs = trial.spec().training().epochs();
                tasks.add(
                    task(trial, beginning, stops.get(trial.lineage()), tables.nextAttempt(trial)));
                // Of trials that share their epochs the longest has them all.
                seconds = cost(trial).ofEpochs(epochs - beginning.epoch());
              }
              return new Unit(tasks, seconds, 0);
            })
        .toList();
  }

  private TrialTask task(PlannedTrial trial, Beginning beginning, Set<Integer> stops, int attempt) {
    Keep keep = plan.sweep().keep();
    int epochs = trial.spec().training().epochs();
    boolean longerFollows = stops.stream().anyMatch(stop -> stop > epochs);
    return TrialTask.of(
            trial,
            plan.sweep().seed(),
            attempt,
            beginning,
            keep.every() > 0 ? keep.every() : workload(trial).epochsOfSegment(),
            List.copyOf(stops),
            longerFollows || keep.checkpoints() == Keep.Checkpoints.LAST)
        .taking(Memory.of(plan, trial));
  }

  /** By the size that its data have as the sweep file tells, whatever a pca then comes to. */
  private Workload workload(PlannedTrial trial) {
    return Workload.of(trial.spec(), size(trial));
  }

  private Cost cost(PlannedTrial trial) {
    return Cost.of(trial.spec(), size(trial));
  }

  private PreparedSize size(PlannedTrial trial) {
    return sizes.computeIfAbsent(
        trial.spec().data(), data -> PreparedSize.of(plan.dataset(trial), data));
  }

  /** Trials one by one from their beginning, whatever of them is finished. */
  List<Unit> whole(List<PlannedTrial> trials) {
    return trials.stream()
        .map(
            trial ->
                new Unit(
                    List.of(
                        TrialTask.whole(trial, plan.sweep().seed()).taking(Memory.of(plan, trial))),
                    cost(trial).ofEpochs(trial.spec().training().epochs()),
                    0))
        .toList();
  }

  /**
   * Trials of one lineage together, shortest first. Each point comes once before any comes again:
   * what is trained first is of the whole grid then, for who watches and for the time left.
   */
  static Collection<List<PlannedTrial>> lineages(Collection<PlannedTrial> trials) {
    Map<String, List<PlannedTrial>> lineages = new LinkedHashMap<>();
    trials.stream()
        .sorted(
            Comparator.<PlannedTrial>comparingInt(trial -> trial.spec().training().epochs())
                .thenComparingInt(PlannedTrial::repeat)
                .thenComparingInt(PlannedTrial::fold))
        .forEach(
            trial -> lineages.computeIfAbsent(trial.lineage(), l -> new ArrayList<>(1)).add(trial));
    return lineages.values();
  }
}
