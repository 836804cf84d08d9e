package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.trawl.core.network.DenseTensors.setBiases;
import static org.trawl.core.network.DenseTensors.setWeights;
import static org.trawl.core.network.DenseTensors.weights;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.training.TrainingSpec.Measures;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;

/** What is said of layers, against the definitions written out in double precision. */
class DiagnosticsTest {
  private static final int TRAIN = 90;
  private static final TrainingData RINGS = Toy.rings(TRAIN, 10, 10);

  /** Without learning, so that every step sees the weights at the start. */
  @ParameterizedTest
  @CsvSource({"1000, MEAN", "1000, SUM", "40, MEAN", "4, SUM", "1, MEAN"})
  void theLayersOfAnEpoch(int batchSize, Reduction reduction) {
    Toy toy = toy();
    toy.learningRate = 0;
    toy.batchSize = batchSize;
    toy.reduction = reduction;
    Reference reference = new Reference(toy);
    int steps = (TRAIN + batchSize - 1) / batchSize;
    int distance = (steps + 31) / 32;
    for (int step = 0; step < steps; step++) {
      int from = step * batchSize;
      reference.step(from, Math.min(TRAIN, from + batchSize), step % distance == 0);
    }
    List<LayerResult> layers = toy.train(RINGS).epochs().get(0).layers();
    assertEquals(3, layers.size());
    for (int layer = 0; layer < 3; layer++) {
      check(reference.layer(layer), layers.get(layer));
    }
  }

  private static void check(LayerResult expected, LayerResult actual) {
    assertEquals(expected.layer(), actual.layer());
    assertClose(expected.gradientMean(), actual.gradientMean());
    assertClose(expected.gradientMax(), actual.gradientMax());
    assertClose(expected.biasGradientMean(), actual.biasGradientMean());
    assertClose(expected.biasGradientMax(), actual.biasGradientMax());
    assertEquals(expected.inactiveFraction(), actual.inactiveFraction());
    assertClose(expected.weightNorm(), actual.weightNorm());
    assertEquals(expected.activationMean(), actual.activationMean(), 1e-6);
    assertClose(expected.activationDeviation(), actual.activationDeviation());
  }

  private static void assertClose(double expected, double actual) {
    assertEquals(expected, actual, 2e-5 * Math.abs(expected));
  }

  /**
   * Two of four neurons never fire. Of two others one has a derivative of 0.9e-5 times those of the
   * outputs, whose magnitudes are below 1; the other one passes it on whole.
   */
  @Test
  void neuronsWithoutADerivativeAreInactive() {
    Toy toy = toy();
    toy.hidden = List.of(4);
    toy.activation = Activation.RELU;
    Network network = new Network(toy.network(), 1, 2, Loss.CROSS_ENTROPY, Kernels.best());
    setWeights(network, 1, new FMatrixRMaj(4, 1, true, 1, 1, 1, 1));
    setBiases(network, 1, new float[] {-10, 1, -10, 1});
    float small = 0.45e-5f;
    setWeights(network, 2, new FMatrixRMaj(2, 4, true, 1, 1, 1, small, -1, -1, -1, -small));
    Perturbation none = new Perturbation(network.layout(), 0, 0, new SeedStreams(0)::stream);
    for (Reduction reduction : Reduction.values()) {
      toy.reduction = reduction;
      toy.learningRate = 0;
      Step step = new Step(toy.training(), network, none, Kernels.best());
      Workspace workspace = network.trainingWorkspace(100, none);
      step.beginEpoch(1);
      for (int i = 0; i < 100; i++) {
        workspace.inputs[Panels.index(workspace.stride(), i, 0)] = i / 100f;
      }
      step.take(workspace, new int[100], 0);
      assertEquals(0.75, step.endEpoch().get(0).inactiveFraction(), reduction.name());
      assertEquals(0, step.endEpoch().get(1).inactiveFraction());
    }
  }

  @Test
  void theyChangeNothingAndAreTheSameWithBothKernels() {
    Toy toy = toy();
    toy.dropout = 0.2;
    toy.noise = new Noise(0.1, Noise.Into.GRADIENTS);
    toy.epochs = 4;
    toy.batchSize = 2;
    TrainingResult watched = toy.train(RINGS);
    assertEquals(4, watched.epochs().size());
    TrainingResult plain = Trainer.train(toy.trial(), RINGS, Kernels.plain(), Watcher.NONE);
    assertEquals(watched.weights(), plain.weights());
    for (int epoch = 0; epoch < 4; epoch++) {
      List<LayerResult> layers = watched.epochs().get(epoch).layers();
      assertEquals(layers, plain.epochs().get(epoch).layers());
      // Noise is no derivative of the loss: without it none would be far from 0.
      assertTrue(layers.get(0).gradientMax() > layers.get(0).gradientMean());
    }
    toy.measures = new Measures(false, false, 3, 0);
    TrainingResult unwatched = toy.train(RINGS);
    assertEquals(watched.weights(), unwatched.weights());
    assertEquals(List.of(), unwatched.epochs().get(0).layers());
  }

  /** A large batch is learnt from in parts, unless there is noise: here too little to be any. */
  @Test
  void aBatchInPartsIsOneBatch() {
    TrainingData rings = Toy.rings(1000, 10, 10);
    Toy toy = toy();
    toy.epochs = 3;
    toy.batchSize = 900;
    assertTrue(toy.trial().learnsInParts(Layout.of(toy.network(), 2, 3), 900));
    TrainingResult inParts = toy.train(rings);
    toy.noise = new Noise(1e-38, Noise.Into.ACTIVATIONS);
    assertFalse(toy.trial().learnsInParts(Layout.of(toy.network(), 2, 3), 900));
    TrainingResult whole = toy.train(rings);
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int layer = 0; layer < 3; layer++) {
        check(
            whole.epochs().get(epoch).layers().get(layer),
            inParts.epochs().get(epoch).layers().get(layer));
      }
    }
  }

  @Test
  void activationsAreThoseBeforeNoiseAndDropout() {
    Toy toy = toy();
    toy.learningRate = 0;
    toy.batchSize = TRAIN;
    for (Activation activation : List.of(Activation.LECUN_TANH, Activation.SIGMOID)) {
      toy.activation = activation;
      toy.dropout = 0;
      toy.noise = Noise.NONE;
      LayerResult quiet = toy.train(RINGS).epochs().get(0).layers().get(0);
      toy.dropout = 0.5;
      toy.noise = new Noise(1, Noise.Into.ACTIVATIONS);
      LayerResult noisy = toy.train(RINGS).epochs().get(0).layers().get(0);
      assertEquals(quiet.activationMean(), noisy.activationMean());
      assertEquals(quiet.activationDeviation(), noisy.activationDeviation());
    }
  }

  private static Toy toy() {
    Toy toy = new Toy();
    toy.hidden = List.of(7, 18);
    toy.l1 = 0.001;
    toy.l2 = 0.01;
    toy.epochs = 1;
    toy.shuffle = false;
    return toy;
  }

  /** Two hidden layers of tanh and a softmax, one sample after the other. */
  private static final class Reference {
    private final Toy toy;
    private final double[][][] weights = new double[3][][];
    private final double[][] derivatives = {new double[7], new double[18], new double[3]};
    private final double[] gradientSums = new double[3];
    private final double[] gradientLargest = new double[3];
    private final double[] biasSums = new double[3];
    private final double[] biasLargest = new double[3];
    private final double[] activationSums = new double[3];
    private final double[] activationSquares = new double[3];
    private int steps;
    private int samples;

    Reference(Toy toy) {
      this.toy = toy;
      Network network = new Network(toy.network(), 2, 3, Loss.CROSS_ENTROPY, Kernels.plain());
      network.initialize(new SeedStreams(toy.seed)::stream);
      for (int layer = 0; layer < 3; layer++) {
        FMatrixRMaj matrix = weights(network, layer + 1);
        weights[layer] = new double[matrix.numRows][matrix.numCols];
        for (int i = 0; i < matrix.numRows; i++) {
          for (int j = 0; j < matrix.numCols; j++) {
            weights[layer][i][j] = matrix.get(i, j);
          }
        }
      }
    }

    void step(int from, int to, boolean lookedAt) {
      double[][][] gradients = new double[3][][];
      double[][] biases = new double[3][];
      for (int layer = 0; layer < 3; layer++) {
        gradients[layer] = new double[weights[layer].length][weights[layer][0].length];
        biases[layer] = new double[weights[layer].length];
      }
      for (int row = from; row < to; row++) {
        double[][] x = forward(row);
        double[] delta = x[3].clone();
        delta[RINGS.dataset().labels()[row]] -= 1;
        for (int layer = 2; layer >= 0; layer--) {
          double[] before = new double[x[layer].length];
          for (int i = 0; i < delta.length; i++) {
            derivatives[layer][i] += Math.abs(delta[i]) / TRAIN;
            biases[layer][i] += delta[i];
            for (int j = 0; j < before.length; j++) {
              gradients[layer][i][j] += delta[i] * x[layer][j];
              before[j] += delta[i] * weights[layer][i][j] * (1 - x[layer][j] * x[layer][j]);
            }
          }
          delta = before;
        }
        if (lookedAt) {
          for (int layer = 0; layer < 3; layer++) {
            activationSums[layer] += Arrays.stream(x[layer + 1]).sum();
            activationSquares[layer] += Arrays.stream(x[layer + 1]).map(y -> y * y).sum();
          }
        }
      }
      if (lookedAt) {
        steps++;
        samples += to - from;
        double factor = toy.reduction == Reduction.MEAN ? 1.0 / (to - from) : 1;
        for (int layer = 0; layer < 3; layer++) {
          add(layer, gradients[layer], biases[layer], factor);
        }
      }
    }

    private void add(int layer, double[][] gradients, double[] biases, double factor) {
      for (int i = 0; i < biases.length; i++) {
        double bias = Math.abs(biases[i] * factor);
        biasSums[layer] += bias;
        biasLargest[layer] = Math.max(biasLargest[layer], bias);
        for (int j = 0; j < gradients[i].length; j++) {
          double weight = weights[layer][i][j];
          double penalty = toy.l1 * Math.signum(weight) + toy.l2 * weight;
          double gradient = Math.abs(gradients[i][j] * factor + penalty);
          gradientSums[layer] += gradient;
          gradientLargest[layer] = Math.max(gradientLargest[layer], gradient);
        }
      }
    }

    /** Of a sample, and of each layer, what it puts out; biases are 0. */
    private double[][] forward(int row) {
      double[][] x = new double[4][];
      float[] points = ((Samples.Reals) RINGS.dataset().samples()).held().data;
      x[0] = new double[] {points[2 * row], points[2 * row + 1]};
      for (int layer = 0; layer < 3; layer++) {
        x[layer + 1] = new double[weights[layer].length];
        for (int i = 0; i < x[layer + 1].length; i++) {
          double z = 0;
          for (int j = 0; j < x[layer].length; j++) {
            z += weights[layer][i][j] * x[layer][j];
          }
          x[layer + 1][i] = layer < 2 ? Math.tanh(z) : Math.exp(z);
        }
      }
      double sum = Arrays.stream(x[3]).sum();
      x[3] = Arrays.stream(x[3]).map(e -> e / sum).toArray();
      return x;
    }

    LayerResult layer(int layer) {
      double outputs = weights[layer].length;
      double all = outputs * weights[layer][0].length;
      double mean = activationSums[layer] / (samples * outputs);
      double squares =
          Arrays.stream(weights[layer]).flatMapToDouble(Arrays::stream).map(w -> w * w).sum();
      return new LayerResult(
          layer + 1,
          gradientSums[layer] / (steps * all),
          gradientLargest[layer],
          biasSums[layer] / (steps * outputs),
          biasLargest[layer],
          Arrays.stream(derivatives[layer]).filter(d -> d < 1e-5).count() / outputs,
          Math.sqrt(squares),
          mean,
          Math.sqrt(activationSquares[layer] / (samples * outputs) - mean * mean));
    }
  }
}
