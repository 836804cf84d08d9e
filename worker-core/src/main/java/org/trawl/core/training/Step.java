package org.trawl.core.training;

import java.util.List;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.network.GradientSink;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerTensor;
import org.trawl.core.network.LayerTensor.Role;
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

  /** What watches the layers; null where they are not watched. */
  private final Diagnostics watched;

  /** The whole gradient, where its norm is limited; else empty. */
  private final float[] gathered;

  private double sumAbsolute;
  private double sumSquares;

  Step(TrainingSpec spec, Network network, Perturbation perturbation, Kernels kernels) {
    this.spec = spec;
    this.network = network;
    this.perturbation = perturbation;
    this.kernels = kernels;
    this.optimizer = Optimizer.of(spec.optimizer(), network.parameters(), kernels);
    this.penalized = spec.l1() > 0 || spec.l2() > 0;
    this.watched = spec.measures().diagnostics() ? new Diagnostics(network, kernels) : null;
    this.gathered = new float[spec.clip().norm() > 0 ? network.parameters().length : 0];
  }

  /** Begins an epoch of so many steps. */
  void beginEpoch(int steps) {
    if (watched != null) {
      watched.beginEpoch(steps);
    }
  }

  /** What the epoch's steps say of each layer; empty where they are not watched. */
  List<LayerResult> endEpoch() {
    return watched == null ? List.of() : watched.endEpoch();
  }

  /**
   * Learns from the workspace's samples; its outputs and losses are those before the update.
   *
   * @param classes of the samples
   * @param rate learning rate
   */
  void take(Workspace workspace, int[] classes, double rate) {
    start(rate);
    watch(workspace.rows());
    network.learn(workspace, classes, reduction(workspace.rows()), perturbation, this);
    finish();
  }

  /**
   * Learns from a part of a batch, and updates after its last one.
   *
   * @param batch samples of the whole batch
   * @param first whether the workspace's samples are the batch's first
   * @param last whether they are its last
   */
  void takePart(
      Workspace workspace, int[] classes, int batch, boolean first, boolean last, double rate) {
    if (first) {
      watch(batch);
    }
    network.learnPart(workspace, classes, reduction(batch), perturbation, first, this);
    if (last) {
      start(rate);
      network.deliverParts(workspace, this);
      finish();
    }
  }

  private float reduction(int batch) {
    return spec.reduction() == Reduction.MEAN ? 1f / batch : 1f;
  }

  private void watch(int batch) {
    if (watched != null) {
      watched.beginStep(batch, reduction(batch));
    }
  }

  private void start(double rate) {
    sumAbsolute = 0;
    sumSquares = 0;
    optimizer.begin(rate);
  }

  private void finish() {
    if (gathered.length > 0) {
      updateClipped();
    }
  }

  /** Its state is the step's, between two of them. */
  Optimizer optimizer() {
    return optimizer;
  }

  /** The penalty of the last step's weights before their update. */
  double penalty() {
    return spec.l1() * sumAbsolute + spec.l2() / 2 * sumSquares;
  }

  @Override
  public void activations(int index, float[] activations, Workspace workspace) {
    if (watched != null) {
      watched.activations(index, activations, workspace);
    }
  }

  @Override
  public void deltas(int index, float[] deltas, Workspace workspace) {
    if (watched != null) {
      watched.deltas(index, deltas, workspace);
    }
  }

  @Override
  public void weights(float[] gradient, int gradientFrom, int from, int count) {
    if (penalized) {
      penalize(gradient, gradientFrom, from, count);
    }
    if (watched != null) {
      watched.weights(gradient, gradientFrom, from, count);
    }
    if (gathered.length > 0) {
      System.arraycopy(gradient, gradientFrom, gathered, from, count);
    } else {
      clipValues(gradient, gradientFrom, count);
      optimizer.updateWeights(gradient, gradientFrom, from, count);
    }
  }

  @Override
  public void biases(float[] gradient, int gradientFrom, int from, int count) {
    if (watched != null) {
      watched.biases(gradient, gradientFrom, from, count);
    }
    if (gathered.length > 0) {
      System.arraycopy(gradient, gradientFrom, gathered, from, count);
    } else {
      clipValues(gradient, gradientFrom, count);
      optimizer.update(gradient, gradientFrom, from, count);
    }
  }

  private void clipValues(float[] gradient, int gradientFrom, int count) {
    if (spec.clip().value() > 0) {
      kernels.clamp(gradient, gradientFrom, count, (float) spec.clip().value());
    }
  }

  /** Limits the norm of the whole gradient, then each element, then updates. */
  private void updateClipped() {
    double norm = Math.sqrt(kernels.sumSquares(gathered, 0, gathered.length));
    // The small addend is PyTorch's, as is the order of the two limits.
    double factor = spec.clip().norm() / (norm + 1e-6);
    if (factor < 1) {
      kernels.scale(gathered, 0, gathered.length, (float) factor);
    }
    clipValues(gathered, 0, gathered.length);
    List<Layer> layers = network.layout().layers();
    // By index: an iterator would be allocated in every step.
    for (int index = 0; index < layers.size(); index++) {
      List<LayerTensor> tensors = layers.get(index).tensors();
      for (int i = 0; i < tensors.size(); i++) {
        LayerTensor tensor = tensors.get(i);
        if (tensor.role() == Role.WEIGHTS) {
          optimizer.updateWeights(gathered, tensor.from(), tensor.from(), tensor.length());
        } else if (tensor.role().learnt()) {
          optimizer.update(gathered, tensor.from(), tensor.from(), tensor.length());
        }
      }
    }
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
