package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Schedule;

/** A training that goes on from a state has the bits of one that was never interrupted. */
class ResumedTrainingTest {
  private static final TrainingData DATA = Toy.rings(101, 30, 30);
  private static final int EPOCHS = 5;

  static List<OptimizerSpec> optimizers() {
    return List.of(
        Toy.SGD,
        new OptimizerSpec.Sgd(0.9, false),
        new OptimizerSpec.Sgd(0.9, true),
        Toy.ADAM,
        new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.01),
        new OptimizerSpec.RmsProp(1e-8),
        new OptimizerSpec.AdaGrad(1e-10));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void everyOptimizerGoesOnFromEveryEpoch(OptimizerSpec optimizer) {
    for (Noise.Into into : Noise.Into.values()) {
      assertSameBits(trial(optimizer, into, EPOCHS), trial(optimizer, into, EPOCHS));
    }
  }

  @Test
  void moreEpochsGoOnFromFewer() {
    assertSameBits(
        trial(Toy.ADAM, Noise.Into.ACTIVATIONS, 3), trial(Toy.ADAM, Noise.Into.ACTIVATIONS, 9));
  }

  /** Trains {@code first}, and goes on with {@code second} from each of its states. */
  private static void assertSameBits(TrialSpec first, TrialSpec second) {
    List<TrainingState> states = new ArrayList<>();
    Trainer.train(first, DATA, Kernels.best(), keeping(states));
    assertEquals(first.training().epochs(), states.size());
    TrainingResult whole = Trainer.train(second, DATA, Kernels.best(), Watcher.NONE);
    List<String> expected = whole.epochs().stream().map(ResumedTrainingTest::text).toList();
    for (TrainingState state : states) {
      TrainingResult rest =
          Trainer.train(second, DATA, Kernels.best(), Map.of(), Watcher.NONE, Optional.of(state));
      assertEquals(
          expected.subList(state.epoch(), expected.size()),
          rest.epochs().stream().map(ResumedTrainingTest::text).toList());
      assertEquals(whole.weights(), rest.weights());
      assertEquals(whole.outcome(), rest.outcome());
    }
  }

  /** Also where the fewer epochs ended in the one after which it stops. */
  @Test
  void earlyStoppingGoesOnCountingAndKnowsItsBestEpoch() {
    Toy toy = new Toy();
    toy.learningRate = 0.5;
    toy.earlyStopping = new EarlyStopping(EarlyStopping.Metric.VALIDATION_LOSS, 3, 0, true);
    toy.epochs = 60;
    TrainingResult whole = Trainer.train(toy.trial(), DATA, Kernels.best(), Watcher.NONE);
    int stopped = whole.epochs().size();
    assertTrue(stopped > 3 && stopped < 60, () -> stopped + " epochs");
    for (int epochs : new int[] {1, 2, stopped - 2, stopped}) {
      toy.epochs = epochs;
      List<TrainingState> states = new ArrayList<>();
      Trainer.train(toy.trial(), DATA, Kernels.best(), keeping(states));
      toy.epochs = 60;
      TrainingResult rest =
          Trainer.train(
              toy.trial(),
              DATA,
              Kernels.best(),
              Map.of(),
              Watcher.NONE,
              Optional.of(states.get(epochs - 1)));
      assertEquals(stopped - epochs, rest.epochs().size());
      assertEquals(whole.message(), rest.message());
      assertEquals(whole.weights(), rest.weights());
    }
  }

  @Test
  void aStateHasTheHashOfItsWeightsAndIsNotChangedByGoingOn() {
    TrialSpec trial = trial(Toy.ADAM, Noise.Into.INPUTS, EPOCHS);
    List<TrainingState> states = new ArrayList<>();
    TrainingResult whole = Trainer.train(trial, DATA, Kernels.best(), keeping(states));
    assertEquals(whole.weights(), states.get(EPOCHS - 1).weights());
    for (int round = 0; round < 2; round++) {
      TrainingResult rest =
          Trainer.train(
              trial, DATA, Kernels.best(), Map.of(), Watcher.NONE, Optional.of(states.get(0)));
      assertEquals(whole.weights(), rest.weights());
    }
  }

  @Test
  void theStateOfAnotherTrainingIsRefused() {
    List<TrainingState> states = new ArrayList<>();
    Trainer.train(trial(Toy.SGD, Noise.Into.INPUTS, 1), DATA, Kernels.best(), keeping(states));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Trainer.train(
                    trial(Toy.ADAM, Noise.Into.INPUTS, 2),
                    DATA,
                    Kernels.best(),
                    Map.of(),
                    Watcher.NONE,
                    Optional.of(states.get(0))));
    assertTrue(refused.getMessage().contains("does not fit"), refused.getMessage());
  }

  private static Watcher keeping(List<TrainingState> states) {
    return new Watcher() {
      @Override
      public void resumable(int epoch, Supplier<TrainingState> state) {
        states.add(state.get());
      }
    };
  }

  /** Batch normalisation, dropout, noise, penalties, a schedule: all that has a state. */
  private static TrialSpec trial(OptimizerSpec optimizer, Noise.Into into, int epochs) {
    Toy toy = new Toy();
    toy.hidden = List.of(9, 5);
    toy.optimizer = optimizer;
    toy.learningRate = 0.01;
    toy.dropout = 0.2;
    toy.noise = new Noise(0.1, into);
    toy.l2 = 0.001;
    toy.epochs = epochs;
    TrialSpec trial = toy.trial();
    NetworkSpec network = trial.network();
    TrainingSpec training = trial.training();
    return new TrialSpec(
        trial.data(),
        new NetworkSpec(
            network.hidden(),
            network.activation(),
            network.output(),
            network.bias(),
            network.initializer(),
            network.dropout(),
            true),
        new TrainingSpec(
            training.optimizer(),
            training.learningRate(),
            training.loss(),
            training.reduction(),
            training.l1(),
            training.l2(),
            training.batchSize(),
            training.epochs(),
            training.shuffle(),
            training.noise(),
            new Schedule(Schedule.Kind.STEP, 2, 0.5, 1),
            training.clip()),
        trial.seed(),
        trial.fold());
  }

  /** All that an epoch reports but its timing; doubles print as what they are. */
  private static String text(EpochResult epoch) {
    return String.format(
        Locale.ROOT,
        "%d %s %s %s %s %s %s",
        epoch.epoch(),
        epoch.learningRate(),
        epoch.trainLoss(),
        epoch.trainPenalty(),
        epoch.trainAccuracy(),
        epoch.validation().orElseThrow().loss(),
        epoch.test().orElseThrow().loss());
  }
}
