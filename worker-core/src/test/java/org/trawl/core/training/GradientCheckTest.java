package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.trawl.core.network.DenseTensors.batchNorm;
import static org.trawl.core.network.DenseTensors.biases;
import static org.trawl.core.network.DenseTensors.hasBatchNorm;
import static org.trawl.core.network.DenseTensors.weights;
import static org.trawl.core.training.GradientCheck.CLASSES;
import static org.trawl.core.training.GradientCheck.FEATURES;
import static org.trawl.core.training.GradientCheck.ROWS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.Activation;
import org.trawl.core.network.DenseTensors.BatchNorm;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Layer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.network.Workspace;
import org.trawl.core.training.TrainingSpec.Reduction;

/** Every activation, output and loss, in {@link GradientCheck}. */
class GradientCheckTest {
  /** Activations that are not smooth at 0. */
  private static final Set<Activation> KINKED =
      EnumSet.of(Activation.RELU, Activation.LEAKY_RELU, Activation.ELU);

  private static final double[][] PENALTIES = {{0, 0}, {0.1, 0}, {0, 0.3}, {0.1, 0.3}};
  private static final double NORM_EPSILON = 1e-5;

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
                check(kernels, network, loss, reduction, penalty[0], penalty[1]);
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
        check(kernels, network, Loss.CROSS_ENTROPY, reduction, 0.1, 0.3);
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
                check(kernels, network, loss, reduction, penalty[0], penalty[1]);
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

  private static void check(
      Kernels kernels, NetworkSpec spec, Loss loss, Reduction reduction, double l1, double l2) {
    Network network = new Network(spec, FEATURES, CLASSES, loss, kernels);
    String name = kernels + " " + spec;
    new GradientCheck(name, network, kernels, loss, reduction, l1, l2) {
      @Override
      List<Boolean> sides() {
        return new Units(spec, network, workspace).sides();
      }
    }.run();
  }

  /** The units of a network, by formulas. */
  private record Units(NetworkSpec spec, Network network, Workspace workspace) {
    /** Of each sample and unit whose activation has a kink, whether it is on its positive side. */
    List<Boolean> sides() {
      List<Boolean> sides = new ArrayList<>();
      double[][] values = new double[ROWS][FEATURES];
      for (int row = 0; row < ROWS; row++) {
        for (int i = 0; i < FEATURES; i++) {
          values[row][i] = workspace.inputs[Panels.index(workspace.stride(), row, i)];
        }
      }
      for (Layer layer : network.layout().layers()) {
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

    private double[][] preActivations(Layer layer, double[][] inputs) {
      FMatrixRMaj weights = weights(network, layer.number());
      float[] biases = biases(network, layer.number());
      double[][] z = new double[ROWS][layer.outputs()];
      for (int row = 0; row < ROWS; row++) {
        for (int j = 0; j < layer.outputs(); j++) {
          z[row][j] = biases.length > 0 ? biases[j] : 0;
          for (int i = 0; i < inputs[row].length; i++) {
            z[row][j] += weights.get(j, i) * inputs[row][i];
          }
        }
      }
      if (hasBatchNorm(layer)) {
        normalize(layer, z);
      }
      return z;
    }

    private void normalize(Layer layer, double[][] z) {
      BatchNorm norm = batchNorm(network, layer.number());
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
