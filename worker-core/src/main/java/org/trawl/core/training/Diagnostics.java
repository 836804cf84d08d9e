package org.trawl.core.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.GradientSink;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerTensor;
import org.trawl.core.network.LayerTensor.Role;
import org.trawl.core.network.Network;
import org.trawl.core.network.Workspace;

/**
 * Watches the layers of a network through the steps of an epoch: see {@link LayerResult}. Of every
 * step it sums the derivatives by pre-activations, one vector operation a layer; at gradients and
 * activations, which are many more numbers, it looks in some steps only. It changes nothing of the
 * training, and keeps nothing from one epoch to the next.
 */
final class Diagnostics {
  /** Steps of an epoch at whose gradients and activations it looks, at most. */
  static final int MOST_STEPS = 32;

  /** Mean magnitude of a derivative below which a neuron is inactive. */
  static final double INACTIVE = 1e-5;

  private final Network network;
  private final List<Layer> layers;
  private final Kernels kernels;

  /** Of each layer, the place after its last parameter, and that of its biases; -1 for none. */
  private final int[] ends;

  private final int[] biases;

  /** Of the layer at hand, sums or means of its columns, and their variances. */
  private final float[] columns;

  private final float[] variances;

  /**
   * Of each layer, by output: the sum over samples of |d loss of the batch / d z|, of the samples
   * since it was last added to {@link #derivatives}.
   */
  private final float[][] recent;

  /** Of each layer, by output: the sum over samples of |d loss of the sample / d z|. */
  private final double[][] derivatives;

  /** Of each layer, sums over the steps looked at, and the largest of their elements. */
  private final double[] gradientSum;

  private final double[] gradientMax;
  private final double[] biasSum;
  private final double[] biasMax;

  /** Of each layer, sums over the samples and outputs of the steps looked at. */
  private final double[] activationSum;

  private final double[] activationSquares;

  private int distance = 1;
  private int step;
  private int stepsLookedAt;
  private long samples;
  private long samplesLookedAt;
  private boolean looking;
  private float lastReduction = 1;

  Diagnostics(Network network, Kernels kernels) {
    this.network = network;
    this.layers = network.layout().layers();
    this.kernels = kernels;
    int count = layers.size();
    int widest = layers.stream().mapToInt(layer -> layer.panels() * Panels.WIDTH).max().getAsInt();
    ends = layers.stream().mapToInt(Layer::end).toArray();
    biases = layers.stream().mapToInt(Diagnostics::biases).toArray();
    columns = new float[widest];
    variances = new float[widest];
    recent = new float[count][];
    derivatives = new double[count][];
    for (int index = 0; index < count; index++) {
      recent[index] = new float[Panels.length(1, layers.get(index).outputs())];
      derivatives[index] = new double[layers.get(index).outputs()];
    }
    gradientSum = new double[count];
    gradientMax = new double[count];
    biasSum = new double[count];
    biasMax = new double[count];
    activationSum = new double[count];
    activationSquares = new double[count];
  }

  private static int biases(Layer layer) {
    return layer.tensors().stream()
        .filter(tensor -> tensor.role() == Role.BIASES)
        .mapToInt(LayerTensor::from)
        .findFirst()
        .orElse(-1);
  }

  /** Begins an epoch of so many steps. */
  void beginEpoch(int steps) {
    distance = (steps + MOST_STEPS - 1) / MOST_STEPS;
    step = 0;
    stepsLookedAt = 0;
    samples = 0;
    samplesLookedAt = 0;
    for (int index = 0; index < recent.length; index++) {
      Arrays.fill(recent[index], 0f);
      Arrays.fill(derivatives[index], 0);
    }
    for (double[] sums :
        List.of(gradientSum, gradientMax, biasSum, biasMax, activationSum, activationSquares)) {
      Arrays.fill(sums, 0);
    }
  }

  /**
   * Begins a step.
   *
   * @param rows samples of its batch
   * @param reduction factor of a sample's loss in the batch's
   */
  void beginStep(int rows, float reduction) {
    looking = step % distance == 0;
    step++;
    samples += rows;
    if (looking || reduction != lastReduction) {
      addRecent();
    }
    lastReduction = reduction;
    if (looking) {
      stepsLookedAt++;
      samplesLookedAt += rows;
    }
  }

  /** As {@link GradientSink#activations}. */
  void activations(int index, float[] activations, Workspace workspace) {
    if (looking) {
      int outputs = layers.get(index).outputs();
      int rows = workspace.rows();
      kernels.moments(rows, outputs, activations, workspace.stride(), columns, variances);
      double sum = 0;
      double squares = 0;
      for (int j = 0; j < outputs; j++) {
        double mean = columns[j];
        sum += mean;
        squares += variances[j] + mean * mean;
      }
      activationSum[index] += rows * sum;
      activationSquares[index] += rows * squares;
    }
  }

  /** As {@link GradientSink#deltas}. */
  void deltas(int index, float[] deltas, Workspace workspace) {
    int outputs = layers.get(index).outputs();
    kernels.addAbsoluteColumns(
        workspace.rows(), outputs, deltas, workspace.stride(), recent[index]);
  }

  /** A sample's own loss has the batch's derivatives, without their factor. */
  private void addRecent() {
    for (int index = 0; index < recent.length; index++) {
      float[] sums = recent[index];
      double[] totals = derivatives[index];
      for (int j = 0; j < totals.length; j++) {
        totals[j] += sums[j] / (double) lastReduction;
      }
      Arrays.fill(sums, 0f);
    }
  }

  /** A range of the gradient by a layer's weights. */
  void weights(float[] gradient, int gradientFrom, int from, int count) {
    if (looking) {
      int layer = layerAt(from);
      gradientSum[layer] += kernels.sumAbsolute(gradient, gradientFrom, count);
      float largest = kernels.largestAbsolute(gradient, gradientFrom, count);
      gradientMax[layer] = Math.max(gradientMax[layer], largest);
    }
  }

  /** The gradient by a layer's biases, or by its scales and shifts. */
  void biases(float[] gradient, int gradientFrom, int from, int count) {
    int layer = looking ? layerAt(from) : 0;
    if (looking && from == biases[layer]) {
      biasSum[layer] += kernels.sumAbsolute(gradient, gradientFrom, count);
      float largest = kernels.largestAbsolute(gradient, gradientFrom, count);
      biasMax[layer] = Math.max(biasMax[layer], largest);
    }
  }

  /** The index of the layer whose parameters hold a place. */
  private int layerAt(int place) {
    int index = 0;
    while (place >= ends[index]) {
      index++;
    }
    return index;
  }

  /** What the epoch's steps say of each layer, in order. */
  List<LayerResult> endEpoch() {
    addRecent();
    List<LayerResult> results = new ArrayList<>();
    for (int index = 0; index < layers.size(); index++) {
      results.add(result(index));
    }
    return List.copyOf(results);
  }

  private LayerResult result(int index) {
    Layer layer = layers.get(index);
    double steps = stepsLookedAt;
    double weights = layer.parameters(Role.WEIGHTS);
    double biasCount = layer.parameters(Role.BIASES);
    double activations = (double) samplesLookedAt * layer.outputs();
    double mean = activationSum[index] / activations;
    double variance = activationSquares[index] / activations - mean * mean;
    return new LayerResult(
        layer.number(),
        weights > 0 ? gradientSum[index] / (steps * weights) : Double.NaN,
        weights > 0 ? gradientMax[index] : Double.NaN,
        biasCount > 0 ? biasSum[index] / (steps * biasCount) : Double.NaN,
        biasCount > 0 ? biasMax[index] : Double.NaN,
        inactive(index) / (double) layer.outputs(),
        weightNorm(layer),
        mean,
        Math.sqrt(Math.max(0, variance)));
  }

  private int inactive(int index) {
    int inactive = 0;
    for (double sum : derivatives[index]) {
      inactive += sum / samples < INACTIVE ? 1 : 0;
    }
    return inactive;
  }

  /** Not by the kernels: this runs too seldom for a vector operation to be compiled. */
  private double weightNorm(Layer layer) {
    float[] parameters = network.parameters();
    double sum = 0;
    for (LayerTensor tensor : layer.tensors()) {
      if (tensor.role() == Role.WEIGHTS) {
        for (int i = tensor.from(); i < tensor.end(); i++) {
          double weight = parameters[i];
          sum += weight * weight;
        }
      }
    }
    return Math.sqrt(sum);
  }
}
