package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Layout.LayerShape;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.Network.BatchNorm;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;
import org.trawl.core.training.TrainingSpec.Schedule;

/**
 * The gradient of a step, which one of SGD at the rate 1 subtracts, against central differences of
 * the losses, for every parameter.
 *
 * <p>The losses come from float arithmetic, so that a difference quotient of step h errs by about
 * one rounding of the loss over h. The quotient of five points, (8 (f(h) - f(-h)) - (f(2h) -
 * f(-2h))) / 12h, whose truncation error falls with h⁴, allows the large step 2^-5: it errs by some
 * 1e-5 of the loss. Where an activation or |w| has its kink within the five points, h is halved
 * until it has not, and the tolerance, 16 roundings of the loss over h, grows.
 */
class GradientCheckTest {
  /** Activations that are not smooth at 0. */
  private static final Set<Activation> KINKED =
      EnumSet.of(Activation.RELU, Activation.LEAKY_RELU, Activation.ELU);

  private static final double[][] PENALTIES = {{0, 0}, {0.1, 0}, {0, 0.3}, {0.1, 0.3}};
  private static final double NORM_EPSILON = 1e-5;
  private static final int FEATURES = 3;
  private static final int CLASSES = 3;
  private static final int ROWS = 7;
  private static final double LARGEST_STEP = 0x1p-5;
  private static final double SMALLEST_STEP = 0x1p-12;
  private static final double ROUNDINGS = 16 * 0x1p-24;

  static List<Kernels> kernels() {
    return Kernels.vectorModule()
        ? List.of(Kernels.plain(), Kernels.best())
        : List.of(Kernels.plain());
  }

  private static boolean goTogether(Activation output, Loss loss) {
    return loss == Loss.SQUARED_ERROR
        ? output != Activation.LECUN_TANH
        : output == Activation.SOFTMAX || output == Activation.SIGMOID;
  }

  static Stream<Arguments> hiddenLayers() {
    return kernels().stream()
        .flatMap(
            kernels ->
                Stream.of(Activation.values())
                    .map(activation -> Arguments.of(kernels, activation)));
  }

  /** Layers with and without biases and batch normalisation x outputs and losses x penalties. */
  @ParameterizedTest
  @MethodSource("hiddenLayers")
  void gradientIsTheDerivativeOfLossAndPenalty(Kernels kernels, Activation activation) {
    int combinations = 0;
    for (boolean bias : new boolean[] {true, false}) {
      for (boolean batchNorm : new boolean[] {false, true}) {
        for (Loss loss : Loss.values()) {
          for (Activation output : Activation.values()) {
            if (goTogether(output, loss)) {
              for (double[] penalty : PENALTIES) {
                NetworkSpec network = network(List.of(4), activation, output, bias, batchNorm);
                Reduction reduction =
                    Reduction.values()[combinations++ % Reduction.values().length];
                new Check(kernels, network, loss, reduction, penalty[0], penalty[1]).run();
              }
            }
          }
        }
      }
    }
    // 2 of the cross-entropy and all but one of the squared error.
    int pairs = 2 + Activation.values().length - 1;
    assertEquals(2 * 2 * pairs * PENALTIES.length, combinations);
  }

  @ParameterizedTest
  @MethodSource("hiddenLayers")
  void gradientIsRightInDeeperNetworks(Kernels kernels, Activation activation) {
    for (boolean batchNorm : new boolean[] {false, true}) {
      for (Reduction reduction : Reduction.values()) {
        NetworkSpec network =
            network(List.of(5, 2, 4), activation, Activation.SOFTMAX, true, batchNorm);
        new Check(kernels, network, Loss.CROSS_ENTROPY, reduction, 0.1, 0.3).run();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void gradientIsRightWithoutHiddenLayers(Kernels kernels) {
    for (Loss loss : Loss.values()) {
      for (Activation output : Activation.values()) {
        if (goTogether(output, loss)) {
          for (Reduction reduction : Reduction.values()) {
            for (double[] penalty : PENALTIES) {
              for (boolean bias : new boolean[] {true, false}) {
                NetworkSpec network = network(List.of(), Activation.TANH, output, bias, false);
                new Check(kernels, network, loss, reduction, penalty[0], penalty[1]).run();
              }
            }
          }
        }
      }
    }
  }

  private static NetworkSpec network(
      List<Integer> hidden,
      Activation activation,
      Activation output,
      boolean bias,
      boolean batchNorm) {
    return new NetworkSpec(
        hidden,
        activation,
        output,
        bias,
        Initializer.ZERO,
        Collections.nCopies(hidden.size(), 0.0),
        batchNorm);
  }

  private static final class Check {
    final NetworkSpec spec;
    final Reduction reduction;
    final double l1;
    final double l2;
    final Network network;
    final Step step;
    final Perturbation none;
    final Workspace workspace;
    final float[] unused;
    final int[] classes = new int[ROWS];
    final String name;

    Check(Kernels kernels, NetworkSpec spec, Loss loss, Reduction reduction, double l1, double l2) {
      this.spec = spec;
      this.reduction = reduction;
      this.l1 = l1;
      this.l2 = l2;

      TrainingSpec rule =
          new TrainingSpec(
              new OptimizerSpec.Sgd(0, false),
              0,
              loss,
              reduction,
              l1,
              l2,
              ROWS,
              1,
              false,
              Noise.NONE,
              Schedule.CONSTANT,
              Clip.NONE);
      name = kernels + " " + spec + " " + rule;
      network = new Network(spec, FEATURES, CLASSES, loss, kernels);
      none = new Perturbation(spec, 0, 0, key -> new RandomStream(0));
      step = new Step(rule, network, none, kernels);
      workspace = network.trainingWorkspace(ROWS, none);
      unused = new float[network.parameters().length];
      RandomStream stream = new RandomStream(21);
      for (int parameter : parameters()) {
        // An odd multiple of 2^-11: not at a kink, and exact when a step is added.
        network.parameters()[parameter] = (2 * stream.nextInt(2048) - 2047) * 0x1p-11f;
      }
      for (int i = 0; i < ROWS * FEATURES; i++) {
        int place = Panels.index(workspace.stride(), i / FEATURES, i % FEATURES);
        workspace.inputs[place] = (float) (2 * stream.nextDouble() - 1);
      }
      Arrays.setAll(classes, i -> i % CLASSES);
    }

    void run() {
      float[] before = network.parameters().clone();
      step.take(workspace, classes, 1);
      float[] after = network.parameters().clone();
      System.arraycopy(before, 0, network.parameters(), 0, before.length);
      assertEquals(penalty(), step.penalty(), 1e-6, name);
      double loss = loss();
      for (int parameter : parameters()) {
        double gradient = (double) before[parameter] - after[parameter];
        double h = smoothStep(parameter);
        double tolerance = ROUNDINGS * Math.max(1, loss) / h;
        double expected = derivative(parameter, h);
        assertEquals(expected, gradient, tolerance, name + ", parameter " + parameter);
      }
    }

    /** The places of all weights and biases. */
    int[] parameters() {
      IntStream.Builder places = IntStream.builder();
      for (LayerShape layer : network.layout().layers()) {
        for (int j = 0; j < layer.outputs(); j++) {
          for (int i = 0; i < layer.inputs(); i++) {
            places.add(layer.weight(i, j));
          }
          if (layer.hasBias()) {
            places.add(layer.biases() + j);
          }
          if (layer.hasBatchNorm()) {
            places.add(layer.scales() + j);
            places.add(layer.shifts() + j);
          }
        }
      }
      return places.build().toArray();
    }

    double derivative(int parameter, double h) {
      double near = lossAt(parameter, h) - lossAt(parameter, -h);
      double far = lossAt(parameter, 2 * h) - lossAt(parameter, -2 * h);
      return (8 * near - far) / (12 * h);
    }

    double lossAt(int parameter, double change) {
      float value = network.parameters()[parameter];
      network.parameters()[parameter] = (float) (value + change);
      double loss = loss();
      network.parameters()[parameter] = value;
      return loss;
    }

    double loss() {
      // As in training: batch normalisation is by the batch.
      network.learn(workspace, classes, 1, none, unused);
      double sum = 0;
      for (int i = 0; i < ROWS; i++) {
        sum += workspace.losses[i];
      }
      return (reduction == Reduction.MEAN ? sum / ROWS : sum) + penalty();
    }

    double penalty() {
      double sum = 0;
      for (LayerShape layer : network.layout().layers()) {
        for (float weight : network.weights(layer.number()).data) {
          sum += l1 * Math.abs(weight) + l2 / 2 * weight * weight;
        }
      }
      return sum;
    }

    /** The largest step at whose points all units and weights are on the side where they were. */
    double smoothStep(int parameter) {
      double h = LARGEST_STEP;
      while (h > SMALLEST_STEP && crosses(parameter, 2 * h)) {
        h /= 2;
      }
      assertTrue(h > SMALLEST_STEP, "A kink too near for parameter " + parameter + " of " + name);
      return h;
    }

    boolean crosses(int parameter, double change) {
      float value = network.parameters()[parameter];
      List<Boolean> sides = sides();
      boolean crosses = l1 > 0 && Math.abs(value) <= change;
      for (int sign = -1; sign <= 1; sign += 2) {
        network.parameters()[parameter] = (float) (value + sign * change);
        crosses |= !sides.equals(sides());
      }
      network.parameters()[parameter] = value;
      return crosses;
    }

    /** Of each sample and unit whose activation has a kink, whether it is on its positive side. */
    List<Boolean> sides() {
      List<Boolean> sides = new ArrayList<>();
      double[][] values = new double[ROWS][FEATURES];
      for (int row = 0; row < ROWS; row++) {
        for (int i = 0; i < FEATURES; i++) {
          values[row][i] = workspace.inputs[Panels.index(workspace.stride(), row, i)];
        }
      }
      for (LayerShape layer : network.layout().layers()) {
        boolean last = layer.number() == network.layout().layers().size();
        Activation activation = last ? spec.output() : spec.activation();
        values = preActivations(layer, values);
        for (double[] row : values) {
          if (KINKED.contains(activation)) {
            Arrays.stream(row).forEach(z -> sides.add(z > 0));
          }
          if (!last) {
            activate(activation, row);
          }
        }
      }
      return sides;
    }

    private double[][] preActivations(LayerShape layer, double[][] inputs) {
      FMatrixRMaj weights = network.weights(layer.number());
      float[] biases = network.biases(layer.number());
      double[][] z = new double[ROWS][layer.outputs()];
      for (int row = 0; row < ROWS; row++) {
        for (int j = 0; j < layer.outputs(); j++) {
          z[row][j] = biases.length > 0 ? biases[j] : 0;
          for (int i = 0; i < inputs[row].length; i++) {
            z[row][j] += weights.get(j, i) * inputs[row][i];
          }
        }
      }
      if (layer.hasBatchNorm()) {
        normalize(layer, z);
      }
      return z;
    }

    private void normalize(LayerShape layer, double[][] z) {
      BatchNorm norm = network.batchNorm(layer.number());
      for (int j = 0; j < layer.outputs(); j++) {
        double mean = 0;
        double variance = 0;
        for (double[] row : z) {
          mean += row[j] / ROWS;
        }
        for (double[] row : z) {
          variance += (row[j] - mean) * (row[j] - mean) / ROWS;
        }
        for (double[] row : z) {
          double normalized = (row[j] - mean) / Math.sqrt(variance + NORM_EPSILON);
          row[j] = normalized * norm.scale()[j] + norm.shift()[j];
        }
      }
    }

    private static void activate(Activation activation, double[] z) {
      double sum = Arrays.stream(z).map(Math::exp).sum();
      Arrays.setAll(
          z,
          i ->
              switch (activation) {
                case RELU -> Math.max(z[i], 0);
                case LEAKY_RELU -> z[i] > 0 ? z[i] : 0.01 * z[i];
                case ELU -> z[i] > 0 ? z[i] : Math.expm1(z[i]);
                case SIGMOID -> 1 / (1 + Math.exp(-z[i]));
                case TANH -> Math.tanh(z[i]);
                case SOFTPLUS -> Math.log1p(Math.exp(z[i]));
                case LECUN_TANH -> 1.7159 * Math.tanh(2 * z[i] / 3) + 0.01 * z[i];
                case IDENTITY -> z[i];
                case SOFTMAX -> Math.exp(z[i]) / sum;
              });
    }
  }
}
