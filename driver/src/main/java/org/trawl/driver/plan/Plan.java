package org.trawl.driver.plan;

import java.util.List;
import org.trawl.core.data.Dataset;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Sweep;

/**
 * Every trial of a sweep, before anything runs. Immutable: a pure function of the sweep file and of
 * the data's content.
 *
 * @param objective of the sweep, or the default that the data allow
 * @param trials in the order of the file: repeats and folds vary fastest
 * @param points distinct points kept
 * @param dropped points that {@code where} dropped
 * @param duplicates points planned again by a later variant, and so left out
 * @param datasets the loaded data sets of the plan's sources
 */
public record Plan(
    Sweep sweep,
    Objective objective,
    List<PlannedTrial> trials,
    int points,
    int dropped,
    int duplicates,
    List<Dataset> datasets) {

  public Plan {
    trials = List.copyOf(trials);
    datasets = List.copyOf(datasets);
  }

  /** The data set of a trial. */
  public Dataset dataset(PlannedTrial trial) {
    String name = trial.spec().data().source().name();
    return datasets.stream()
        .filter(dataset -> dataset.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
