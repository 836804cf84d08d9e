package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.TrainingSpec.Reduction;

/** Deep networks, and every activation, on the digits: they learn, or fail as theory says. */
class DepthTest {
  private static final TrainingData DIGITS = digits();

  private static TrainingData digits() {
    SourceSpec source =
        new SourceSpec(
            "digits",
            SourceSpec.Format.CSV,
            List.of("classpath:/org/trawl/core/data/digits.csv.gz"),
            List.of(),
            List.of(),
            List.of(),
            "",
            SourceSpec.Header.AUTO,
            List.of(),
            16);
    DataSpec spec =
        new DataSpec(
            source,
            new Part(300),
            Part.NONE,
            0,
            false,
            0,
            List.of(new PrepareStep.Standardize(PrepareStep.Standardize.Over.EACH)));
    return DataCache.shared().trainingData(spec, new RandomStream(1), 0, Storage.local());
  }

  private static List<EpochResult> train(
      NetworkSpec network, OptimizerSpec optimizer, double rate, int epochs) {
    TrainingSpec training =
        new TrainingSpec(
            optimizer,
            rate,
            Loss.CROSS_ENTROPY,
            Reduction.MEAN,
            0,
            0,
            32,
            epochs,
            true,
            TrainingSpec.Noise.NONE,
            TrainingSpec.Schedule.CONSTANT,
            TrainingSpec.Clip.NONE);
    TrialSpec trial = new TrialSpec(null, network, training, 3, 0);
    TrainingResult result = Trainer.train(trial, DIGITS, Kernels.best(), Watcher.NONE);
    assertEquals(Outcome.COMPLETED, result.outcome());
    return result.epochs();
  }

  private static NetworkSpec network(
      int layers, int width, Activation activation, Initializer initializer) {
    return new NetworkSpec(
        Collections.nCopies(layers, width),
        activation,
        Activation.SOFTMAX,
        true,
        initializer,
        Collections.nCopies(layers, 0.0),
        false);
  }

  private static double accuracy(List<EpochResult> epochs) {
    return epochs.get(epochs.size() - 1).validation().orElseThrow().accuracy();
  }

  @ParameterizedTest
  @CsvSource({"RELU, HE_NORMAL", "TANH, GLOROT_UNIFORM", "ELU, HE_NORMAL"})
  void fortyHiddenLayersLearn(Activation activation, Initializer initializer) {
    List<EpochResult> epochs =
        train(
            network(40, 32, activation, initializer),
            new OptimizerSpec.Adam(0.9, 0.999, 1e-8),
            0.001,
            30);
    assertTrue(accuracy(epochs) > 0.7, () -> "accuracy " + accuracy(epochs));
    List<LayerResult> layers = epochs.get(0).layers();
    assertEquals(41, layers.size());
    double first = layers.get(0).gradientMean();
    assertTrue(first > 1e-3 * layers.get(40).gradientMean(), "first gradient " + first);
  }

  /** Its derivative is at most 1/4: each layer weakens what comes back (Hochreiter 1991). */
  @Test
  void fortyLayersOfSigmoidDoNotLearn_becauseTheGradientVanishes() {
    List<EpochResult> epochs =
        train(
            network(40, 32, Activation.SIGMOID, Initializer.GLOROT_UNIFORM),
            new OptimizerSpec.Sgd(0, false),
            0.1,
            2);
    assertTrue(accuracy(epochs) < 0.15);
    List<LayerResult> layers = epochs.get(1).layers();
    assertTrue(layers.get(0).gradientMax() < 1e-10 * layers.get(40).gradientMax());
    assertEquals(1.0, layers.get(0).inactiveFraction());
    assertEquals(0.0, layers.get(40).inactiveFraction());
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void everyActivationLearns(Activation activation) {
    List<EpochResult> epochs =
        train(
            network(2, 24, activation, Initializer.GLOROT_UNIFORM),
            new OptimizerSpec.Adam(0.9, 0.999, 1e-8),
            0.01,
            10);
    assertTrue(accuracy(epochs) > 0.85, () -> activation + ": " + accuracy(epochs));
  }

  /** All weights 0: what tanh puts out is 0, and no derivative gets through but to the biases. */
  @Test
  void fromZeroOnlyTheOutputsBiasesLearn() {
    List<EpochResult> epochs =
        train(
            network(2, 24, Activation.TANH, Initializer.ZERO),
            new OptimizerSpec.Sgd(0, false),
            0.1,
            3);
    for (EpochResult epoch : epochs) {
      assertEquals(0, epoch.layers().get(0).gradientMax());
      assertEquals(0, epoch.layers().get(2).gradientMax());
      assertTrue(epoch.layers().get(2).biasGradientMax() > 0);
      assertEquals(1.0, epoch.layers().get(0).inactiveFraction());
    }
    assertTrue(accuracy(epochs) < 0.15);
  }
}
