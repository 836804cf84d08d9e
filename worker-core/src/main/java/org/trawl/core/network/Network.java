package org.trawl.core.network;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.kernel.Kernels;
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
    this.parameters = new float[layout.parameters()];
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
    kernels.transpose(
        layer.inputs(), layer.outputs(), parameters, layer.weights(), weights.data);
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
        parameters[layer.weights() + i * layer.outputs() + j] = weights.get(j, i);
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
   * @param rows samples in the workspace
   * @param classes of the samples, from {@code classesFrom}
   */
  public void evaluate(Workspace workspace, int rows, int[] classes, int classesFrom) {
    forward(workspace, rows, null);
    outputLosses(workspace, rows, classes, classesFrom);
  }

  /**
   * Computes outputs and losses of the workspace's inputs as in training, and the gradient of the
   * batch's data loss.
   *
   * @param reduction factor of a sample's loss in the batch's: 1 / rows for a mean, 1 for a sum
   * @param gradient of the length of {@link #parameters()}; written
   */
  public void learn(
      Workspace workspace,
      int rows,
      int[] classes,
      int classesFrom,
      float reduction,
      Perturbation perturbation,
      float[] gradient) {
    forward(workspace, rows, perturbation);
    outputLosses(workspace, rows, classes, classesFrom);
    int last = layout.layers().size() - 1;
    kernels.softmaxCrossEntropyDelta(
        rows,
        layout.layers().get(last).outputs(),
        workspace.outputs[last],
        classes,
        classesFrom,
        reduction,
        workspace.deltas[last]);
    backward(workspace, rows, gradient);
  }

  /** Row-major rows x classes: what the last pass put out. */
  public float[] outputs(Workspace workspace) {
    return workspace.outputs[layout.layers().size() - 1];
  }

  private void forward(Workspace workspace, int rows, Perturbation perturbation) {
    List<LayerShape> layers = layout.layers();
    float[] inputs = workspace.inputs;
    for (int index = 0; index < layers.size(); index++) {
      LayerShape layer = layers.get(index);
      float[] z = workspace.activations[index];
      kernels.multiply(
          rows, layer.outputs(), layer.inputs(), inputs, parameters, layer.weights(), z);
      if (layer.hasBias()) {
        kernels.addRow(rows, layer.outputs(), z, parameters, layer.biases());
      }
      if (index < layers.size() - 1) {
        spec.activation().apply(kernels, z, rows * layer.outputs());
        perturb(workspace, index, rows * layer.outputs(), perturbation);
      }
      inputs = workspace.outputs[index];
    }
  }

  private void perturb(Workspace workspace, int index, int count, Perturbation perturbation) {
    if (perturbation == null || !perturbation.changes(index)) {
      return;
    }
    float[] outputs = workspace.outputs[index];
    System.arraycopy(workspace.activations[index], 0, outputs, 0, count);
    if (perturbation.sigma() > 0) {
      kernels.addNormal(perturbation.noise(index), perturbation.sigma(), outputs, 0, count);
    }
    if (perturbation.rate(index) > 0) {
      float[] mask = workspace.masks[index];
      kernels.dropoutMask(perturbation.dropout(index), perturbation.rate(index), mask, count);
      kernels.multiplyElements(outputs, mask, count);
    }
  }

  private void outputLosses(Workspace workspace, int rows, int[] classes, int classesFrom) {
    int last = layout.layers().size() - 1;
    kernels.softmaxCrossEntropy(
        rows,
        layout.layers().get(last).outputs(),
        workspace.outputs[last],
        classes,
        classesFrom,
        workspace.losses);
  }

  /** From the last layer's delta to the gradients of all parameters. */
  private void backward(Workspace workspace, int rows, float[] gradient) {
    List<LayerShape> layers = layout.layers();
    for (int index = layers.size() - 1; index >= 0; index--) {
      LayerShape layer = layers.get(index);
      float[] delta = workspace.deltas[index];
      float[] inputs = index == 0 ? workspace.inputs : workspace.outputs[index - 1];
      kernels.multiplyTransposed(
          layer.inputs(), layer.outputs(), rows, inputs, delta, gradient, layer.weights());
      if (layer.hasBias()) {
        kernels.sumColumns(rows, layer.outputs(), delta, gradient, layer.biases());
      }
      if (index > 0) {
        float[] transposed = workspace.transposed[index];
        float[] before = workspace.deltas[index - 1];
        int count = rows * layer.inputs();
        kernels.transpose(
            layer.inputs(), layer.outputs(), parameters, layer.weights(), transposed);
        kernels.multiply(rows, layer.inputs(), layer.outputs(), delta, transposed, 0, before);
        if (workspace.masks[index - 1] != null) {
          kernels.multiplyElements(before, workspace.masks[index - 1], count);
        }
        spec.activation()
            .multiplyDerivative(kernels, workspace.activations[index - 1], before, count);
      }
    }
  }
}
