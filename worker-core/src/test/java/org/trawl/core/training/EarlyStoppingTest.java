package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.training.EarlyStopping.Metric;
import org.trawl.core.training.TrainingResult.Outcome;

class EarlyStoppingTest {
  private static final TrainingData RINGS = Toy.rings(90, 60, 10);

  @Test
  void aLossThatDoesNotFallForThePatienceEndsTheTraining() {
    EarlyStopping stopping = new EarlyStopping(Metric.VALIDATION_LOSS, 2, 0, true);
    assertEquals(Optional.empty(), reason(stopping, losses(0.5)));
    assertEquals(Optional.empty(), reason(stopping, losses(0.5, 0.6)));
    assertEquals(Optional.empty(), reason(stopping, losses(0.5, 0.6, 0.4)));
    assertEquals(Optional.empty(), reason(stopping, losses(0.5, 0.6, 0.4, 0.4)));
    assertEquals(
        Optional.of(
            "stopped early after epoch 5: no gain in validation_loss since epoch 3; its weights are"
                + " those of epoch 3"),
        reason(stopping, losses(0.5, 0.6, 0.4, 0.4, 0.45)));
    assertEquals(3, best(stopping, losses(0.5, 0.6, 0.4, 0.4, 0.45)));
  }

  /** 0.5 to 0.45 to 0.4: the second is less than 0.08 below, the third more, than the first. */
  @Test
  void smallGainsAddUp() {
    EarlyStopping stopping = new EarlyStopping(Metric.VALIDATION_LOSS, 2, 0.08, false);
    assertEquals(Optional.empty(), reason(stopping, losses(0.5, 0.45, 0.4, 0.39)));
    assertEquals(
        Optional.of(
            "stopped early after epoch 5: no gain of more than 0.08 in validation_loss since epoch"
                + " 3"),
        reason(stopping, losses(0.5, 0.45, 0.4, 0.39, 0.38)));
    assertEquals(5, best(stopping, losses(0.5, 0.45, 0.4, 0.39, 0.38)));
  }

  @Test
  void anAccuracyGainsWhenItRises() {
    EarlyStopping stopping = new EarlyStopping(Metric.TRAIN_ACCURACY, 1, 0, true);
    assertEquals(Optional.empty(), reason(stopping, losses(0.5, 0.6)));
    assertTrue(reason(stopping, losses(0.5, 0.4)).isPresent());
    assertEquals(2, best(stopping, losses(0.5, 0.6, 0.55)));
  }

  @Test
  void withoutPatienceAllEpochsAreTrained() {
    assertEquals(Optional.empty(), reason(EarlyStopping.NONE, losses(0.1, 0.2, 0.3, 0.4, 0.5)));
  }

  /** The first epochs of a training do not depend on how many follow. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void theWeightsOfTheBestEpochAreRestored(Metric metric) {
    Toy toy = new Toy();
    toy.learningRate = 3;
    toy.l2 = 0.1;
    toy.batchNorm = true;
    toy.epochs = 60;
    toy.earlyStopping = new EarlyStopping(metric, 4, 0, true);
    TrainingResult stopped = toy.train(RINGS);
    assertEquals(Outcome.COMPLETED, stopped.outcome());
    int last = stopped.epochs().size();
    int best = best(toy.earlyStopping, stopped.epochs());
    assertTrue(last < 60, metric.key());
    assertEquals(best + 4, last);
    assertTrue(stopped.message().startsWith("stopped early after epoch " + last));
    toy.earlyStopping = new EarlyStopping(metric, 4, 0, false);
    TrainingResult kept = toy.train(RINGS);
    assertEquals(last, kept.epochs().size());
    assertNotEquals(stopped.weights(), kept.weights());
    toy.earlyStopping = EarlyStopping.NONE;
    toy.epochs = best;
    assertEquals(toy.train(RINGS).weights(), stopped.weights());
    toy.epochs = last;
    assertEquals(toy.train(RINGS).weights(), kept.weights());
  }

  @Test
  void theyAreRestoredWhereAllEpochsWereTrainedToo() {
    Toy toy = new Toy();
    toy.learningRate = 3;
    toy.epochs = 12;
    toy.earlyStopping = new EarlyStopping(Metric.VALIDATION_LOSS, 100, 0, true);
    TrainingResult all = toy.train(RINGS);
    assertEquals(12, all.epochs().size());
    assertEquals("", all.message());
    int best = best(toy.earlyStopping, all.epochs());
    assertTrue(best < 12);
    toy.earlyStopping = EarlyStopping.NONE;
    toy.epochs = best;
    assertEquals(toy.train(RINGS).weights(), all.weights());
  }

  @Test
  void aPartThatIsNotThereIsRefused() {
    Toy toy = new Toy();
    toy.earlyStopping = new EarlyStopping(Metric.VALIDATION_LOSS, 1, 0, true);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Trainer.train(toy.trial(), Toy.rings(90, 0, 10), Kernels.best(), Watcher.NONE));
    assertEquals(
        "Invalid early-stopping.metric (of a part that the data has): validation_loss",
        refused.getMessage());
    for (double gain : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new EarlyStopping(Metric.TRAIN_LOSS, 1, gain, true));
    }
    assertThrows(
        IllegalArgumentException.class, () -> new EarlyStopping(Metric.TRAIN_LOSS, -1, 0, true));
  }

  /** Epochs of these validation losses; the accuracies in training are the same numbers. */
  private static List<EpochResult> losses(double... losses) {
    List<EpochResult> epochs = new ArrayList<>();
    for (double loss : losses) {
      Evaluation validation = new Evaluation(loss, 0.5, new int[4]);
      epochs.add(
          new EpochResult(
              epochs.size() + 1, 0.1, 1, 0, loss, Optional.of(validation), Optional.empty(), 1, 1));
    }
    return epochs;
  }

  private static Optional<String> reason(EarlyStopping stopping, List<EpochResult> epochs) {
    return stopping.reasonAfter(values(stopping, epochs));
  }

  private static int best(EarlyStopping stopping, List<EpochResult> epochs) {
    return stopping.bestOf(values(stopping, epochs));
  }

  private static List<Double> values(EarlyStopping stopping, List<EpochResult> epochs) {
    return epochs.stream().map(stopping.metric()::value).toList();
  }
}
