package org.trawl.core.training;

import java.util.List;
import java.util.Optional;

/**
 * One epoch of a trial.
 *
 * @param epoch from 1
 * @param learningRate in force in the epoch
 * @param trainLoss mean data loss over the epoch's samples as trained on
 * @param trainPenalty mean over the epoch's samples of their batch's penalty
 * @param trainAccuracy share of the epoch's samples classified right as trained on
 * @param train the training part after the epoch, without noise and dropout; empty unless asked for
 * @param validation after the epoch; empty without a validation part
 * @param test after the epoch; empty without a test part
 * @param layers in order; empty where they were not watched
 * @param seconds of the training loop, without evaluation
 * @param samplesPerSecond training samples over {@code seconds}
 */
public record EpochResult(
    int epoch,
    double learningRate,
    double trainLoss,
    double trainPenalty,
    double trainAccuracy,
    Optional<Evaluation> train,
    Optional<Evaluation> validation,
    Optional<Evaluation> test,
    List<LayerResult> layers,
    double seconds,
    double samplesPerSecond) {

  public EpochResult {
    layers = List.copyOf(layers);
  }

  /**
   * An epoch whose layers were not watched, and after which the training part was not evaluated.
   */
  public EpochResult(
      int epoch,
      double learningRate,
      double trainLoss,
      double trainPenalty,
      double trainAccuracy,
      Optional<Evaluation> validation,
      Optional<Evaluation> test,
      double seconds,
      double samplesPerSecond) {
    this(
        epoch,
        learningRate,
        trainLoss,
        trainPenalty,
        trainAccuracy,
        Optional.empty(),
        validation,
        test,
        List.of(),
        seconds,
        samplesPerSecond);
  }
}
