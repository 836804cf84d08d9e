package org.trawl.core.training;

import org.trawl.core.kernel.Kernels;
import org.trawl.core.network.Layout.LayerShape;
import org.trawl.core.network.Network;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.optimizer.Optimizer;
import org.trawl.core.training.TrainingSpec.Reduction;

/** One update of a network from one batch: forward, backward, penalty, optimizer. */
final class Step {
  private final TrainingSpec spec;
  private final Network network;
  private final Perturbation perturbation;
  private final Kernels kernels;
  private final Optimizer optimizer;
  private final float[] gradient;
  private double penalty;

  Step(TrainingSpec spec, Network network, Perturbation perturbation, Kernels kernels) {
    this.spec = spec;
    this.network = network;
    this.perturbation = perturbation;
    this.kernels = kernels;
    this.optimizer = Optimizer.of(spec.optimizer(), network.parameters().length, kernels);
    this.gradient = new float[network.parameters().length];
  }

  /**
   * Learns from the workspace's inputs; its outputs and losses are those before the update.
   *
   * @param rows samples in the workspace
   * @param classes of the samples, from 0
   * @param rate learning rate
   */
  void take(Workspace workspace, int rows, int[] classes, double rate) {
    float reduction = spec.reduction() == Reduction.MEAN ? 1f / rows : 1f;
    network.learn(workspace, rows, classes, 0, reduction, perturbation, gradient);
    penalty = spec.l1() > 0 || spec.l2() > 0 ? penalize() : 0;
    optimizer.step(network.parameters(), gradient, rate);
  }

  /** The penalty of the last step's weights before their update. */
  double penalty() {
    return penalty;
  }

  /** The gradient of the last step, penalty included. */
  float[] gradient() {
    return gradient;
  }

  /** Adds the penalty's gradient; the penalty. */
  private double penalize() {
    float[] parameters = network.parameters();
    double sum = 0;
    for (LayerShape layer : network.layout().layers()) {
      int offset = layer.weights();
      int weights = layer.weightCount();
      if (spec.l1() > 0) {
        sum += spec.l1() * kernels.sumAbsolute(parameters, offset, weights);
      }
      if (spec.l2() > 0) {
        sum += spec.l2() / 2 * kernels.sumSquares(parameters, offset, weights);
      }
      kernels.addPenaltyGradient(
          parameters, offset, weights, (float) spec.l1(), (float) spec.l2(), gradient);
    }
    return sum;
  }
}
