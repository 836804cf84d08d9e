package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.plan.Peers;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.EpochChoice;
import org.trawl.driver.results.Journal.Beginning;
import org.trawl.driver.results.SegmentName;

/**
 * A trial on its way to an executor.
 *
 * @param content fingerprint of the data that it was planned with
 * @param peers the trials that it is compared with, and by what
 * @param splitSeed what the division of its data depends on
 * @param attempt number of its next attempt
 * @param beginning what is kept of it
 * @param every epochs of a segment
 * @param stops the epochs of the planned trials that differ from this one in their epochs alone
 * @param checkpoint whether the trial's end is kept to go on from
 * @param memory what it takes of its executor's
 */
record TrialTask(
    String trial,
    String lineage,
    String content,
    Peers peers,
    String config,
    TrialSpec spec,
    long splitSeed,
    int attempt,
    Beginning beginning,
    int every,
    List<Integer> stops,
    boolean checkpoint,
    Memory memory)
    implements Serializable {

  TrialTask {
    stops = List.copyOf(stops);
  }

  /** A trial that is trained from its first epoch, in one segment. */
  static TrialTask whole(PlannedTrial trial, long sweepSeed) {
    return of(trial, sweepSeed, 1, Beginning.NONE, Integer.MAX_VALUE, List.of(), false);
  }

  static TrialTask of(
      PlannedTrial trial,
      long sweepSeed,
      int attempt,
      Beginning beginning,
      int every,
      List<Integer> stops,
      boolean checkpoint) {
    return new TrialTask(
        trial.trial(),
        trial.lineage(),
        trial.content(),
        trial.peers(),
        trial.config(),
        trial.spec(),
        SeedStreams.trialSeed(sweepSeed, trial.repeat(), 0),
        attempt,
        beginning,
        every,
        stops,
        checkpoint,
        Memory.UNKNOWN);
  }

  /** The same trial with what it takes of its executor's memory. */
  TrialTask taking(Memory bytes) {
    return new TrialTask(
        trial,
        lineage,
        content,
        peers,
        config,
        spec,
        splitSeed,
        attempt,
        beginning,
        every,
        stops,
        checkpoint,
        bytes);
  }

  /** The same trial at a later attempt. */
  TrialTask again(int number) {
    return new TrialTask(
        trial,
        lineage,
        content,
        peers,
        config,
        spec,
        splitSeed,
        number,
        beginning,
        every,
        stops,
        checkpoint,
        memory);
  }

  /** Which of its epochs is its best one. */
  EpochChoice choice() {
    return EpochChoice.of(peers.objective(), spec.training().earlyStopping());
  }

  /** The last epoch of all. */
  int epochs() {
    return spec.training().epochs();
  }

  /**
   * The name of the segment that begins after an epoch: they end at the multiples of {@link
   * #every}, and with each planned trial.
   *
   * @param end whether the training ends in it by itself
   */
  SegmentName next(int reached, boolean end) {
    long bound = Math.min(((long) reached / every + 1) * every, epochs());
    for (int stop : stops) {
      bound = stop > reached ? Math.min(bound, stop) : bound;
    }
    return new SegmentName(lineage, reached + 1, (int) bound, end);
  }

  /** The segments that are kept after an epoch, in order. */
  List<SegmentName> keptAfter(int epoch, Keeper keeper) {
    List<SegmentName> kept = new ArrayList<>();
    int reached = epoch;
    while (reached < epochs()) {
      SegmentName next = next(reached, false);
      SegmentName end = next(reached, true);
      if (keeper.holds(next)) {
        kept.add(next);
        reached = next.last();
      } else if (keeper.holds(end)) {
        kept.add(end);
        return kept;
      } else {
        return kept;
      }
    }
    return kept;
  }

  /** Whether the trial is finished by now. */
  boolean finished(Keeper keeper) {
    List<SegmentName> kept = keptAfter(beginning.epoch(), keeper);
    SegmentName last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
    return last != null && (last.end() || last.last() == epochs());
  }
}
