package org.trawl.core.training;

import org.trawl.core.data.TrainingData;

/** Trains one trial in the calling thread. */
public final class Trainer {
  private Trainer() {}

  /**
   * Trains a network as specified.
   *
   * @param data as {@link TrainingData} of {@code trial.data()}, seed and fold
   */
  public static TrainingResult train(TrialSpec trial, TrainingData data, Watcher watcher) {
    throw new UnsupportedOperationException();
  }
}
