package org.trawl.driver.spark;

import java.io.Serializable;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.plan.PlannedTrial;

/**
 * A trial on its way to an executor.
 *
 * @param content fingerprint of the data that it was planned with
 * @param splitSeed what the division of its data depends on
 * @param attempt number of its next attempt
 */
record TrialTask(
    String trial,
    String lineage,
    String content,
    String config,
    TrialSpec spec,
    long splitSeed,
    int attempt)
    implements Serializable {

  static TrialTask of(PlannedTrial trial, long sweepSeed, int attempt) {
    return new TrialTask(
        trial.trial(),
        trial.lineage(),
        trial.content(),
        trial.config(),
        trial.spec(),
        SeedStreams.trialSeed(sweepSeed, trial.repeat(), 0),
        attempt);
  }
}
