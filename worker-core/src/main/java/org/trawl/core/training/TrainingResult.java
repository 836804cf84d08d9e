package org.trawl.core.training;

import java.util.List;

/**
 * How a training ended.
 *
 * @param message why, in one line; empty when all epochs were trained
 * @param epochs those that this training finished, in order; the one that diverged is not among
 *     them, nor are those before the state that it went on from
 * @param parameters weights and biases of the network
 * @param weights hash of the values at the end, or of those that early stopping restores: of
 *     weights, biases and batch normalisation
 */
public record TrainingResult(
    Outcome outcome, String message, List<EpochResult> epochs, long parameters, String weights) {

  public TrainingResult {
    epochs = List.copyOf(epochs);
  }

  /** The ways in which a training ends without an exception. */
  public enum Outcome {
    COMPLETED,
    /** A loss or weight that is not finite. */
    DIVERGED,
    /** The watcher asked to stop. */
    CANCELLED
  }
}
