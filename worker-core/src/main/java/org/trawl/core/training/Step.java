package org.trawl.core.training;

import org.trawl.core.kernel.Kernels;
import org.trawl.core.network.GradientSink;
import org.trawl.core.network.Network;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.optimizer.Optimizer;
import org.trawl.core.training.TrainingSpec.Reduction;

/** One update of a network from one batch: forward, backward, penalty, optimizer. */
final class Step implements GradientSink {
  private final TrainingSpec spec;
  private final Network network;
  private final Perturbation perturbation;
  private final Kernels kernels;
  private final Optimizer optimizer;
  private final boolean penalized;
  private double sumAbsolute;
  private double sumSquares;

  Step(TrainingSpec spec, Network network, Perturbation perturbation, Kernels kernels) {
    this.spec = spec;
    this.network = network;
    this.perturbation = perturbation;
    this.kernels = kernels;
    this.optimizer = Optimizer.of(spec.optimizer(), network.parameters(), kernels);
    this.penalized = spec.l1() > 0 || spec.l2() > 0;
  }

  /**
   * Learns from the workspace's samples; its outputs and losses are those before the update.
   *
   * @param classes of the samples
   * @param rate learning rate
   */
  void take(Workspace workspace, int[] classes, double rate) {
    float reduction = spec.reduction() == Reduction.MEAN ? 1f / workspace.rows() : 1f;
    sumAbsolute = 0;
    sumSquares = 0;
    optimizer.begin(rate);
    network.learn(workspace, classes, reduction, perturbation, this);
  }

  /** The penalty of the last step's weights before their update. */
  double penalty() {
    return spec.l1() * sumAbsolute + spec.l2() / 2 * sumSquares;
  }

  @Override
  public void weights(float[] gradient, int gradientFrom, int from, int count) {
    if (penalized) {
      penalize(gradient, gradientFrom, from, count);
    }
    optimizer.update(gradient, gradientFrom, from, count);
  }

  @Override
  public void biases(float[] gradient, int gradientFrom, int from, int count) {
    optimizer.update(gradient, gradientFrom, from, count);
  }

  /** Adds the penalty's gradient to a range of weights', and its sums to the batch's. */
  private void penalize(float[] gradient, int gradientFrom, int from, int count) {
    float[] weights = network.parameters();
    if (spec.l1() > 0) {
      sumAbsolute += kernels.sumAbsolute(weights, from, count);
    }
    if (spec.l2() > 0) {
      sumSquares += kernels.sumSquares(weights, from, count);
    }
    float l1 = (float) spec.l1();
    float l2 = (float) spec.l2();
    kernels.addPenaltyGradient(weights, from, count, l1, l2, gradient, gradientFrom);
  }
}
