package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerTensor;
import org.trawl.core.network.LayerWork;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkTensors;
import org.trawl.core.network.PairMeansLayer;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Tensor;
import org.trawl.core.network.Workspace;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;

/**
 * A kind of layer that nothing but its own file and the list of a network's layers knows is
 * trained, measured, stored and counted as the dense ones are.
 */
class SecondKindOfLayerTest {
  private static final TrainingData RINGS = Toy.rings(600, 200, 50);

  private static Network network(Layout layout, Kernels kernels) {
    return new Network(layout, Activation.SOFTMAX, Loss.CROSS_ENTROPY, kernels);
  }

  private static Toy toy() {
    Toy toy = new Toy();
    toy.optimizer = Toy.ADAM;
    toy.learningRate = 0.02;
    toy.epochs = 25;
    return toy;
  }

  private static TrainingResult train(Toy toy, Network network, Watcher watcher) {
    Trainer trainer = new Trainer(toy.trial(), network, RINGS, Kernels.best());
    return trainer.run(1, watcher);
  }

  @ParameterizedTest
  @CsvSource({"false, 0, 0", "true, 0, 0", "false, 0.1, 0.3", "true, 0.1, 0.3"})
  void itsGradientIsTheDerivative(boolean batchNorm, double l1, double l2) {
    for (Kernels kernels : GradientCheckTest.kernels()) {
      for (Reduction reduction : Reduction.values()) {
        for (Layout layout :
            List.of(
                PairMeansLayer.network(GradientCheck.FEATURES, 3, GradientCheck.CLASSES, batchNorm),
                PairMeansLayer.ofFeatures(GradientCheck.FEATURES, GradientCheck.CLASSES))) {
          Network network = network(layout, kernels);
          String name = kernels.name() + " " + layout.layers().size() + " layers";
          new GradientCheck(name, network, kernels, Loss.CROSS_ENTROPY, reduction, l1, l2) {
            @Override
            double largestStep() {
              // Seven samples normalised twice: of a step of 2^-5 the quotient errs by 1e-4.
              return batchNorm ? 0x1p-7 : 0x1p-5;
            }
          }.run();
        }
      }
    }
  }

  /** On rings, which no straight line separates; with all that training does. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNetworkWithItLearns(boolean batchNorm) {
    Toy toy = toy();
    Network network = network(PairMeansLayer.network(2, 18, 3, batchNorm), Kernels.best());
    List<String> scales = new ArrayList<>();
    TrainingResult result =
        train(
            toy,
            network,
            new Watcher() {
              @Override
              public void learnt(EpochResult epoch, Network now) {
                Tensor scale = NetworkTensors.of(now).get("layers.1.pairs.scale");
                scales.add(Arrays.toString(scale.values()));
              }
            });
    assertEquals(Outcome.COMPLETED, result.outcome());
    EpochResult last = result.epochs().get(toy.epochs - 1);
    assertTrue(last.validation().orElseThrow().accuracy() > 0.9, last.toString());
    assertEquals(toy.epochs, scales.stream().distinct().count(), "the scales are learnt");
  }

  @Test
  void itsLayersAreWatched() {
    Toy toy = toy();
    toy.epochs = 2;
    Network network = network(PairMeansLayer.network(2, 18, 3, false), Kernels.best());
    List<LayerResult> layers = train(toy, network, Watcher.NONE).epochs().get(0).layers();
    assertEquals(5, layers.size());
    LayerResult pairs = layers.get(1);
    assertEquals(2, pairs.layer());
    assertTrue(Double.isNaN(pairs.gradientMean()), "it has no weights");
    assertTrue(Double.isNaN(pairs.biasGradientMean()), "nor biases");
    assertTrue(pairs.activationDeviation() > 0 && pairs.activationDeviation() < 1);
    assertEquals(0, pairs.inactiveFraction());
    for (int dense : new int[] {0, 2, 4}) {
      assertTrue(layers.get(dense).gradientMean() > 0);
      assertTrue(layers.get(dense).weightNorm() > 0);
    }
  }

  @Test
  void itGoesOnFromAnEpochWithTheSameBits() {
    Toy toy = toy();
    toy.epochs = 4;
    List<TrainingState> states = new ArrayList<>();
    Watcher watcher =
        new Watcher() {
          @Override
          public void resumable(int epoch, Supplier<TrainingState> state) {
            states.add(state.get());
          }
        };
    Layout layout = PairMeansLayer.network(2, 9, 3, true);
    TrainingResult whole = train(toy, network(layout, Kernels.best()), watcher);
    Trainer again =
        new Trainer(toy.trial(), network(layout, Kernels.plain()), RINGS, Kernels.plain());
    again.restore(states.get(1));
    assertEquals(whole.weights(), again.run(3, Watcher.NONE).weights());
  }

  @Test
  void itsTensorsAreNamedStoredAndHashed() {
    Layout layout = PairMeansLayer.network(2, 3, 3, false);
    Map<String, List<Integer>> shapes = NetworkTensors.shapes(layout);
    assertEquals(
        List.of(
            "layers.0.weight",
            "layers.0.bias",
            "layers.1.pairs.scale",
            "layers.1.pairs.shift",
            "layers.2.weight",
            "layers.2.bias",
            "layers.3.pairs.scale",
            "layers.3.pairs.shift",
            "layers.4.weight",
            "layers.4.bias"),
        List.copyOf(shapes.keySet()));
    assertEquals(List.of(3), shapes.get("layers.1.pairs.scale"));

    Network network = network(layout, Kernels.plain());
    network.initialize(new SeedStreams(1)::stream);
    assertArrayEquals(
        new float[] {1, 1, 1}, NetworkTensors.of(network).get("layers.1.pairs.scale").values());
    Network other = network(layout, Kernels.plain());
    NetworkTensors.load(NetworkTensors.of(network), other);
    assertEquals(WeightHash.of(network), WeightHash.of(other));
    Tensor changed = Tensor.of(new float[] {1, 2, 1});
    NetworkTensors.load(Map.of("layers.3.pairs.scale", changed), other);
    assertNotEquals(WeightHash.of(network), WeightHash.of(other));
    assertEquals(1, NetworkTensors.problems(Map.of("layers.3.weight", changed), layout).size());
  }

  @Test
  void itsCostIsCounted() {
    Layout layout = PairMeansLayer.network(2, 3, 3, false);
    assertEquals((2 * 6 + 6) + 6 + (3 * 6 + 6) + 6 + (3 * 3 + 3), layout.parameters());
    assertEquals(2 * 6 + 6 + 3 * 6 + 6 + 3 * 3, layout.multiplyAdds());
    Layout first = PairMeansLayer.ofFeatures(8, 3);
    Perturbation none = new Perturbation(first, 0, 0, name -> new RandomStream(0));
    // Samples, pairs and outputs, the latter two forth and back; losses; scales and shifts.
    long panel = 16L * Panels.WIDTH;
    long evaluation = 3 * panel + 16;
    assertEquals(evaluation, Workspace.evaluationNumbers(first, 16));
    assertTrue(Workspace.trainingNumbers(first, 16, none) >= evaluation + 2 * panel + 2 * 16);
    Layer pairs = first.layers().get(0);
    assertEquals(Map.of(LayerWork.VALUES, 8L + 4), pairs.trainingWork());
    assertEquals(Map.of(LayerWork.VALUES, 4L), pairs.evaluationWork());
  }

  @Test
  void partsOfABatchComputeTheBitsOfTheWhole() {
    Toy toy = toy();
    toy.epochs = 3;
    toy.batchSize = 600;
    Layout layout = PairMeansLayer.network(2, 18, 3, false);
    assertTrue(toy.trial().learnsInParts(layout, 600));
    TrainingResult inParts = train(toy, network(layout, Kernels.best()), Watcher.NONE);
    toy.noise = new Noise(1e-38, Noise.Into.ACTIVATIONS);
    TrainingResult whole = train(toy, network(layout, Kernels.best()), Watcher.NONE);
    assertEquals(whole.weights(), inParts.weights());
  }

  @Test
  void aStepAllocatesNothingAndLeavesTheFillAtZero() {
    Layout layout = PairMeansLayer.network(5, 9, 3, true);
    Network network = network(layout, Kernels.plain());
    network.initialize(new SeedStreams(1)::stream);
    Perturbation none = new Perturbation(layout, 0, 0, new SeedStreams(1)::stream);
    Toy toy = toy();
    Step step = new Step(toy.training(), network, none, Kernels.plain());
    Workspace workspace = network.trainingWorkspace(9, none);
    step.beginEpoch(1000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    int[] classes = {0, 1, 2, 0, 1, 2, 0, 1, 2};
    long allocated = Long.MAX_VALUE;
    // The first steps load classes.
    for (int block = 0; block < 5 && allocated >= 200; block++) {
      long before = threads.getThreadAllocatedBytes(self);
      for (int i = 0; i < 200; i++) {
        workspace.resize(i % 2 == 0 ? 9 : 4);
        step.take(workspace, classes, 0.01);
      }
      allocated = threads.getThreadAllocatedBytes(self) - before;
    }
    assertTrue(allocated < 200, allocated + " bytes in 200 steps");
    float[] parameters = network.parameters().clone();
    for (Layer layer : layout.layers()) {
      for (LayerTensor tensor : layer.tensors()) {
        for (int j = 0; tensor.role().learnt() && j < tensor.outputs(); j++) {
          for (int i = 0; i < tensor.depth(); i++) {
            parameters[tensor.place(i, j)] = 0;
          }
        }
      }
    }
    assertArrayEquals(new float[parameters.length], parameters);
  }
}
