package org.trawl.driver.plan;

import java.util.List;
import java.util.Map;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Sweep;

/**
 * Every trial of a sweep, before anything runs. Immutable: a pure function of the sweep file and of
 * the data's content.
 *
 * @param objective of the sweep, or the default that the data of the first trial allow
 * @param trials in the order of the file: repeats and folds vary fastest
 * @param points distinct points kept
 * @param dropped points that {@code where} dropped
 * @param duplicates points planned again by a later variant, and so left out
 * @param datasets the loaded data sets of the plan's sources
 * @param remarks what was decided, or looks wrong, without keeping the sweep from being trained: a
 *     sentence each, in the order in which it is told
 * @param sizes what each preparation of them comes to
 */
public record Plan(
    Sweep sweep,
    Objective objective,
    List<PlannedTrial> trials,
    int points,
    int dropped,
    int duplicates,
    List<Dataset> datasets,
    List<String> remarks,
    Map<DataSpec, PreparedSize> sizes) {

  public Plan {
    trials = List.copyOf(trials);
    datasets = List.copyOf(datasets);
    remarks = List.copyOf(remarks);
    sizes = Map.copyOf(sizes);
  }

  /** Whether all trials are compared with each other. */
  public boolean allPeers() {
    return trials.stream().map(PlannedTrial::peers).distinct().count() == 1;
  }

  /** The data set of a trial, before it is prepared. */
  public Dataset dataset(PlannedTrial trial) {
    String name = trial.spec().data().source().name();
    return datasets.stream()
        .filter(dataset -> dataset.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** What a trial takes. */
  public Workload workload(PlannedTrial trial) {
    return Workload.of(trial.spec(), size(trial));
  }

  /** What the preparation of a trial's data comes to. */
  public PreparedSize size(PlannedTrial trial) {
    return sizes.get(trial.spec().data());
  }
}
