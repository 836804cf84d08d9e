package org.trawl.driver.results;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.trawl.core.training.ClassMetrics;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.Evaluation;
import org.trawl.driver.sweep.Objective;

/** The metrics of an epoch by the names of their columns, and the best epoch by one of them. */
final class EpochMetrics {
  private EpochMetrics() {}

  /** A metric's value; NaN where the epoch has none. */
  static double value(EpochResult epoch, String metric) {
    return switch (metric) {
      case "learning_rate" -> epoch.learningRate();
      case "train_loss" -> epoch.trainLoss();
      case "train_penalty" -> epoch.trainPenalty();
      case "train_accuracy" -> epoch.trainAccuracy();
      case "evaluated_train_loss" -> loss(epoch.train());
      case "evaluated_train_accuracy" -> accuracy(epoch.train());
      case "validation_loss" -> loss(epoch.validation());
      case "validation_accuracy" -> accuracy(epoch.validation());
      case "test_loss" -> loss(epoch.test());
      case "test_accuracy" -> accuracy(epoch.test());
      case "macro_f1" -> macroF1(judging(epoch));
      case "test_macro_f1" -> macroF1(epoch.test());
      case "seconds" -> epoch.seconds();
      case "samples_per_second" -> epoch.samplesPerSecond();
      default -> throw new IllegalArgumentException("Unknown metric: " + metric);
    };
  }

  /**
   * The part whose metrics choose where their name does not say of which they are: validation, else
   * test. Nothing is chosen by the test part while there is a validation part.
   */
  private static Optional<Evaluation> judging(EpochResult epoch) {
    return epoch.validation().or(epoch::test);
  }

  /** The name of that part; null where the epoch has neither. */
  static String judgingPart(EpochResult epoch) {
    return epoch.validation().isPresent() ? "validation" : epoch.test().isPresent() ? "test" : null;
  }

  private static double macroF1(Optional<Evaluation> part) {
    return part.map(evaluation -> classes(evaluation).macroF1()).orElse(Double.NaN);
  }

  static ClassMetrics classes(Evaluation part) {
    return new ClassMetrics(part.pairs());
  }

  /** The numbers of the epochs that are best by one of the metrics that can choose them. */
  static Set<Integer> bestByAny(List<EpochResult> epochs) {
    Set<Integer> numbers = new HashSet<>();
    for (String metric : Objective.metrics()) {
      EpochChoice restored = EpochChoice.restored(metric);
      best(epochs, restored).ifPresent(epoch -> numbers.add(epoch.epoch()));
      best(epochs, new EpochChoice(restored.by(), false))
          .ifPresent(epoch -> numbers.add(epoch.epoch()));
    }
    return numbers;
  }

  /**
   * The best epoch by a choice; the last where no epoch has what it is by; empty without epochs.
   */
  static Optional<EpochResult> best(List<EpochResult> epochs, EpochChoice choice) {
    if (epochs.isEmpty()) {
      return Optional.empty();
    }
    EpochResult best = epochs.get(0);
    BestEpoch bestSoFar = new BestEpoch(choice);
    for (EpochResult epoch : epochs) {
      best = bestSoFar.offer(epoch) ? epoch : best;
    }
    return Optional.of(best);
  }

  private static double loss(Optional<Evaluation> part) {
    return part.map(Evaluation::loss).orElse(Double.NaN);
  }

  private static double accuracy(Optional<Evaluation> part) {
    return part.map(Evaluation::accuracy).orElse(Double.NaN);
  }
}
