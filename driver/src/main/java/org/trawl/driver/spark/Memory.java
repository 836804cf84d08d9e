package org.trawl.driver.spark;

import java.io.Serializable;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.plan.Workload;

/**
 * What a trial takes of its executor's heap, in bytes.
 *
 * @param own of the trial alone, all at once: arrays, and copies of its state while they are kept
 * @param ofSource of its data set, which the trials of a JVM share
 * @param ofSplit of what is made of that for a split, which the trials of the split share
 */
record Memory(long own, long ofSource, long ofSplit) implements Serializable {
  /** Nothing is known: a trial that never waits. */
  static final Memory UNKNOWN = new Memory(0, 0, 0);

  /** Besides the arrays: a copy of the best epoch's state, one to go on from, and its file. */
  private static final int STATES = 3;

  static Memory of(Plan plan, PlannedTrial trial) {
    Workload workload = plan.workload(trial);
    PreparedSize size = plan.size(trial);
    return new Memory(
        workload.bytes() + STATES * workload.stateBytes(),
        Workload.bytes(plan.dataset(trial)),
        Workload.augmentedBytes(trial.spec(), size) + size.bytes());
  }
}
