package org.trawl.core.network;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Layout.LayerShape;

/**
 * A multilayer perceptron: affine layers with an activation, softmax and cross-entropy at the end.
 *
 * <p>Of a layer with inputs x, z = x W + b and y = f(z), back-propagation takes the derivative by y
 * to that by z, d = dy * f'(z), and from there to W (xᵀ d), b (column sums of d) and x (d Wᵀ).
 *
 * <p>Not thread-safe: a network belongs to one trial.
 */
public final class Network {
  private final NetworkSpec spec;
  private final Layout layout;
  private final Kernels kernels;
  private final float[] parameters;

  /** A network of zeros. */
  public Network(NetworkSpec spec, int features, int classes, Kernels kernels) {
    this.spec = spec;
    this.layout = Layout.of(spec, features, classes);
    this.kernels = kernels;
    this.parameters = new float[layout.length()];
  }

  public Layout layout() {
    return layout;
  }

  /** The live parameters, in the order of {@link #layout()}; an optimizer writes them. */
  public float[] parameters() {
    return parameters;
  }

  /** Draws the initial weights, each layer from the stream "weights/" and its number. */
  public void initialize(Function<String, RandomStream> streams) {
    Arrays.fill(parameters, 0f);
    for (LayerShape layer : layout.layers()) {
      RandomStream stream = streams.apply("weights/" + layer.number());
      spec.initializer().fill(layer, stream, kernels, parameters);
    }
  }

  /**
   * A copy of a layer's weights.
   *
   * @param number from 1
   * @return outputs x inputs
   */
  public FMatrixRMaj weights(int number) {
    LayerShape layer = layout.layers().get(number - 1);
    FMatrixRMaj weights = new FMatrixRMaj(layer.outputs(), layer.inputs());
    for (int i = 0; i < layer.inputs(); i++) {
      for (int j = 0; j < layer.outputs(); j++) {
        weights.set(j, i, parameters[layer.weight(i, j)]);
      }
    }
    return weights;
  }

  /**
   * Replaces a layer's weights.
   *
   * @param number from 1
   * @param weights outputs x inputs
   */
  public void setWeights(int number, FMatrixRMaj weights) {
    LayerShape layer = layout.layers().get(number - 1);
    if (weights.numRows != layer.outputs() || weights.numCols != layer.inputs()) {
      throw new IllegalArgumentException(
          "Invalid weights of layer %d (%d x %d expected): %d x %d"
              .formatted(
                  number, layer.outputs(), layer.inputs(), weights.numRows, weights.numCols));
    }
    for (int i = 0; i < layer.inputs(); i++) {
      for (int j = 0; j < layer.outputs(); j++) {
        parameters[layer.weight(i, j)] = weights.get(j, i);
      }
    }
  }

  /**
   * Replaces a layer's biases.
   *
   * @param number from 1
   * @param biases one an output
   */
  public void setBiases(int number, float[] biases) {
    LayerShape layer = layout.layers().get(number - 1);
    if (!layer.hasBias() || biases.length != layer.outputs()) {
      throw new IllegalArgumentException(
          "Invalid biases of layer %d (%d expected): %d"
              .formatted(number, layer.hasBias() ? layer.outputs() : 0, biases.length));
    }
    System.arraycopy(biases, 0, parameters, layer.biases(), biases.length);
  }

  /** A copy of a layer's biases; empty where it has none. */
  public float[] biases(int number) {
    LayerShape layer = layout.layers().get(number - 1);
    return layer.hasBias()
        ? Arrays.copyOfRange(parameters, layer.biases(), layer.biases() + layer.outputs())
        : new float[0];
  }

  /**
   * Computes outputs and losses of the workspace's inputs, without noise and dropout.
   *
   * @param classes of the workspace's samples
   */
  public void evaluate(Workspace workspace, int[] classes) {
    forward(workspace, null);
    outputLosses(workspace, classes);
  }

  /**
   * Computes outputs and losses of the workspace's inputs as in training, and the gradient of the
   * batch's data loss.
   *
   * @param classes of the workspace's samples
   * @param reduction factor of a sample's loss in the batch's: 1 / rows for a mean, 1 for a sum
   * @param sink takes the gradient
   */
  public void learn(
      Workspace workspace,
      int[] classes,
      float reduction,
      Perturbation perturbation,
      GradientSink sink) {
    forward(workspace, perturbation);
    outputLosses(workspace, classes);
    int last = layout.layers().size() - 1;
    kernels.softmaxCrossEntropyDelta(
        workspace.rows(),
        layout.layers().get(last).outputs(),
        workspace.outputs[last],
        workspace.stride(),
        classes,
        reduction,
        workspace.deltas[last]);
    for (int index = last; index >= 0; index--) {
      if (index > 0) {
        backward(workspace, index);
      }
      gradient(workspace, index, sink);
    }
  }

  /** As above, with the gradient in an array of the length of {@link #parameters()}. */
  public void learn(
      Workspace workspace,
      int[] classes,
      float reduction,
      Perturbation perturbation,
      float[] gradient) {
    learn(workspace, classes, reduction, perturbation, new Store(gradient));
  }

  /** batch x classes: what the last pass put out. */
  public float[] outputs(Workspace workspace) {
    return workspace.outputs[layout.layers().size() - 1];
  }

  private void forward(Workspace workspace, Perturbation perturbation) {
    List<LayerShape> layers = layout.layers();
    int rows = workspace.rows();
    int stride = workspace.stride();
    float[] inputs = workspace.inputs;
    for (int index = 0; index < layers.size(); index++) {
      LayerShape layer = layers.get(index);
      float[] z = workspace.activations[index];
      kernels.transpose(
          rows, layer.inputs(), inputs, 0, stride, workspace.transposedBatch, layer.inputs());
      kernels.product(
          rows,
          layer.outputs(),
          layer.inputs(),
          workspace.transposedBatch,
          0,
          layer.inputs(),
          parameters,
          layer.weights(),
          layer.inputs(),
          z,
          stride);
      if (layer.hasBias()) {
        kernels.addRow(rows, layer.outputs(), z, stride, parameters, layer.biases());
      }
      if (index < layers.size() - 1) {
        int count = Panels.length(stride, layer.outputs());
        spec.activation().apply(kernels, z, count);
        perturb(workspace, index, count, perturbation);
      }
      // A workspace for training may keep what was perturbed apart; evaluation passes it by.
      inputs = perturbation == null ? z : workspace.outputs[index];
    }
  }

  private void perturb(Workspace workspace, int index, int count, Perturbation perturbation) {
    if (perturbation == null || !perturbation.changes(index)) {
      return;
    }
    float[] outputs = workspace.outputs[index];
    System.arraycopy(workspace.activations[index], 0, outputs, 0, count);
    if (perturbation.sigma() > 0) {
      kernels.fillNormal(perturbation.noise(index), workspace.noise, count);
      kernels.addMultiple(outputs, perturbation.sigma(), workspace.noise, count);
    }
    if (perturbation.rate(index) > 0) {
      float[] mask = workspace.masks[index];
      kernels.dropoutMask(perturbation.dropout(index), perturbation.rate(index), mask, count);
      kernels.multiplyElements(outputs, mask, count);
    }
  }

  private void outputLosses(Workspace workspace, int[] classes) {
    int last = layout.layers().size() - 1;
    kernels.softmaxCrossEntropy(
        workspace.rows(),
        layout.layers().get(last).outputs(),
        workspace.outputs[last],
        workspace.stride(),
        classes,
        workspace.losses);
  }

  /** From a layer's delta to that of the layer before. */
  private void backward(Workspace workspace, int index) {
    LayerShape layer = layout.layers().get(index);
    int rows = workspace.rows();
    int stride = workspace.stride();
    float[] before = workspace.deltas[index - 1];
    kernels.transpose(
        rows,
        layer.outputs(),
        workspace.deltas[index],
        0,
        stride,
        workspace.transposedBatch,
        layer.outputs());
    kernels.transpose(
        layer.inputs(),
        layer.outputs(),
        parameters,
        layer.weights(),
        layer.inputs(),
        workspace.transposedWeights,
        layer.outputs());
    kernels.product(
        rows,
        layer.inputs(),
        layer.outputs(),
        workspace.transposedBatch,
        0,
        layer.outputs(),
        workspace.transposedWeights,
        0,
        layer.outputs(),
        before,
        stride);
    int count = Panels.length(stride, layer.inputs());
    if (workspace.masks[index - 1] != null) {
      kernels.multiplyElements(before, workspace.masks[index - 1], count);
    }
    spec.activation().multiplyDerivative(kernels, workspace.activations[index - 1], before, count);
  }

  /** From a layer's delta to the gradient of its weights and biases. */
  private void gradient(Workspace workspace, int index, GradientSink sink) {
    LayerShape layer = layout.layers().get(index);
    int stride = workspace.stride();
    float[] inputs = index == 0 ? workspace.inputs : workspace.outputs[index - 1];
    float[] delta = workspace.deltas[index];
    float[] piece = workspace.gradient;
    int pieceStride = Workspace.GRADIENT_ROWS;
    for (int panel = 0; panel < layer.panels(); panel += Workspace.GRADIENT_PANELS) {
      int panels = Math.min(Workspace.GRADIENT_PANELS, layer.panels() - panel);
      for (int from = 0; from < layer.inputs(); from += pieceStride) {
        int count = Math.min(pieceStride, layer.inputs() - from);
        kernels.product(
            count,
            panels * Panels.WIDTH,
            workspace.rows(),
            inputs,
            Panels.index(stride, 0, from),
            stride,
            delta,
            panel * stride * Panels.WIDTH,
            stride,
            piece,
            pieceStride);
        for (int i = 0; i < panels; i++) {
          sink.weights(
              piece,
              i * pieceStride * Panels.WIDTH,
              layer.weightPanel(panel + i) + from * Panels.WIDTH,
              count * Panels.WIDTH);
        }
      }
    }
    if (layer.hasBias()) {
      kernels.sumColumns(workspace.rows(), layer.outputs(), delta, stride, piece);
      sink.biases(piece, 0, layer.biases(), layer.panels() * Panels.WIDTH);
    }
  }

  /** Keeps the gradient in an array like the parameters'. */
  private record Store(float[] gradients) implements GradientSink {
    @Override
    public void weights(float[] gradient, int gradientFrom, int from, int count) {
      System.arraycopy(gradient, gradientFrom, gradients, from, count);
    }

    @Override
    public void biases(float[] gradient, int gradientFrom, int from, int count) {
      System.arraycopy(gradient, gradientFrom, gradients, from, count);
    }
  }
}
