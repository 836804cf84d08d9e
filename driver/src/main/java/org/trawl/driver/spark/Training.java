package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.Optional;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingState;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;

/** How an executor trains a trial. */
public interface Training extends Serializable {

  /**
   * What the trial trains on; read once a JVM.
   *
   * @param splitSeed what the division of the data depends on: of the sweep's seed and the repeat,
   *     so that the folds of a repeat are those of one division
   */
  TrainingData load(TrialSpec trial, long splitSeed);

  /**
   * Trains in the calling thread.
   *
   * @param from what the training had become when it was interrupted; empty to begin
   */
  TrainingResult train(
      TrialSpec trial, TrainingData data, Watcher watcher, Optional<TrainingState> from);

  /**
   * What tables call the bulk operations that it uses in this JVM.
   *
   * @throws IllegalArgumentException if it cannot train in this JVM
   */
  String kernels();

  /** Logs, once a JVM, with what it trains here, and what makes that slow. */
  default void log() {}
}
