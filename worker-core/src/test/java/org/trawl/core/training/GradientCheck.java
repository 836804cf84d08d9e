package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerTensor;
import org.trawl.core.network.LayerTensor.Role;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
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
class GradientCheck {
  static final int FEATURES = 3;
  static final int CLASSES = 3;
  static final int ROWS = 7;
  private static final double SMALLEST_STEP = 0x1p-12;
  private static final double ROUNDINGS = 16 * 0x1p-24;

  final Network network;
  final Workspace workspace;
  private final Reduction reduction;
  private final double l1;
  private final double l2;
  private final Step step;
  private final Perturbation none;
  private final float[] unused;
  private final int[] classes = new int[ROWS];
  private final String name;

  GradientCheck(
      String name,
      Network network,
      Kernels kernels,
      Loss loss,
      Reduction reduction,
      double l1,
      double l2) {
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
    this.name = name + " " + rule;
    this.network = network;
    none = new Perturbation(network.layout(), 0, 0, key -> new RandomStream(0));
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

  /** The step where no kink is near: smaller where the loss bends more. */
  double largestStep() {
    return 0x1p-5;
  }

  /** Of each sample and unit whose activation has a kink, on which side of it it is. */
  List<Boolean> sides() {
    return List.of();
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

  /** The places of all parameters, layer by layer and output by output. */
  int[] parameters() {
    IntStream.Builder places = IntStream.builder();
    for (Layer layer : network.layout().layers()) {
      for (int j = 0; j < layer.outputs(); j++) {
        for (LayerTensor tensor : layer.tensors()) {
          for (int i = 0; tensor.role().learnt() && i < tensor.depth(); i++) {
            places.add(tensor.place(i, j));
          }
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
    for (Layer layer : network.layout().layers()) {
      for (LayerTensor tensor : layer.tensors()) {
        if (tensor.role() == Role.WEIGHTS) {
          for (float weight : network.values(tensor)) {
            sum += l1 * Math.abs(weight) + l2 / 2 * weight * weight;
          }
        }
      }
    }
    return sum;
  }

  /** The largest step at whose points all units and weights are on the side where they were. */
  double smoothStep(int parameter) {
    double h = largestStep();
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
}
