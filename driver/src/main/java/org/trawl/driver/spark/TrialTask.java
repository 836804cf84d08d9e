package org.trawl.driver.spark;

import java.io.Serializable;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.plan.PlannedTrial;

/**
 * A trial on its way to an executor.
 *
 * @param attempt number of its next attempt
 */
record TrialTask(String trial, String lineage, String config, TrialSpec spec, int attempt)
    implements Serializable {

  static TrialTask of(PlannedTrial trial, int attempt) {
    return new TrialTask(trial.trial(), trial.lineage(), trial.config(), trial.spec(), attempt);
  }
}
