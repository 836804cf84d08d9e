package org.trawl.core.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;

/**
 * A network: a list of layers, run forward and backward, and an output activation with its loss.
 * What a layer computes is its own affair ({@link LayerPass}).
 *
 * <p>Not thread-safe: a network belongs to one trial.
 */
public final class Network {
  private final Layout layout;
  private final List<Layer> layers;
  private final Activation output;
  private final OutputLoss outputLoss;
  private final Kernels kernels;
  private final float[] parameters;
  private final float[] statistics;

  /**
   * A network of zeros.
   *
   * @throws IllegalArgumentException if output and loss do not go together
   */
  public Network(NetworkSpec spec, int features, int classes, Loss loss, Kernels kernels) {
    this(Layout.of(spec, features, classes), spec.output(), loss, kernels);
  }

  /**
   * Likewise.
   *
   * @param output activation of the last layer's outputs
   */
  public Network(Layout layout, Activation output, Loss loss, Kernels kernels) {
    this.layout = layout;
    this.layers = layout.layers();
    this.output = output;
    this.outputLoss = OutputLoss.of(output, loss);
    this.kernels = kernels;
    this.parameters = new float[layout.length()];
    this.statistics = new float[layout.statistics()];
    start();
  }

  /** What its role says of each tensor, such as scales of 1. */
  private void start() {
    Arrays.fill(parameters, 0f);
    for (Layer layer : layers) {
      for (LayerTensor tensor : layer.tensors()) {
        float start = tensor.role().start();
        if (!tensor.role().learnt()) {
          Arrays.fill(statistics, tensor.from(), tensor.end(), start);
        } else if (start != 0) {
          float[] values = new float[Math.toIntExact(tensor.size())];
          Arrays.fill(values, start);
          tensor.write(values, parameters);
        }
      }
    }
  }

  /** Arrays for training on batches of up to {@code capacity} samples. */
  public Workspace trainingWorkspace(int capacity, Perturbation perturbation) {
    return Workspace.forTraining(layout, capacity, false, perturbation);
  }

  /** Arrays for training on parts, of up to {@link Workspace#PART_ROWS} samples, of batches. */
  public Workspace partWorkspace(Perturbation none) {
    return Workspace.forTraining(layout, Workspace.PART_ROWS, true, none);
  }

  /** Arrays for evaluating up to {@code capacity} samples at a time. */
  public Workspace evaluationWorkspace(int capacity) {
    return Workspace.forEvaluation(layout, capacity);
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
    start();
    for (Layer layer : layers) {
      layer.initialize(streams.apply("weights/" + layer.number()), kernels, parameters);
    }
  }

  /** A copy of one of the tensors of {@link #layout()}, as in files: row-major, outputs first. */
  public float[] values(LayerTensor tensor) {
    return tensor.read(tensor.role().learnt() ? parameters : statistics);
  }

  /**
   * Replaces one of the tensors of {@link #layout()}.
   *
   * @param values as in files
   */
  public void setValues(LayerTensor tensor, float[] values) {
    if (values.length != tensor.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid %s (%d values expected): %d",
              tensor.name(),
              tensor.size(),
              values.length));
    }
    tensor.write(values, tensor.role().learnt() ? parameters : statistics);
  }

  /** A copy of what the network has learnt so far. */
  public NetworkState newState() {
    NetworkState state = new NetworkState(layout);
    save(state);
    return state;
  }

  /** Writes what the network has learnt into a state of its own layout; allocates nothing. */
  public void save(NetworkState state) {
    state.save(parameters, statistics);
  }

  /** Goes back to a state that was saved from a network of the same layout. */
  public void restore(NetworkState state) {
    state.restore(parameters, statistics);
  }

  /**
   * Computes outputs and losses of the workspace's inputs, without noise and dropout.
   *
   * @param classes of the workspace's samples
   */
  public void evaluate(Workspace workspace, int[] classes) {
    workspace.room.enter(kernels, parameters, statistics);
    for (LayerPass pass : workspace.passes) {
      pass.forward(false);
    }
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
    learnForward(workspace, classes, reduction, perturbation, sink);
    LayerPass[] passes = workspace.passes;
    for (int index = passes.length - 1; index >= 0; index--) {
      sink.deltas(index, passes[index].deltas, workspace);
      addGradientNoise(workspace, index, perturbation.gradientSigma() * reduction, perturbation);
      learnBackward(passes, index, sink);
      passes[index].gradient(sink);
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

  /**
   * Computes outputs and losses of a part of a batch as in training, and adds its gradient to that
   * of the parts before it. The parts of a batch take less memory than all of it, and give the same
   * bits; noise, dropout and batch normalisation need the whole batch.
   *
   * @param reduction as for the whole batch
   * @param first whether the part is the batch's first
   */
  public void learnPart(
      Workspace workspace,
      int[] classes,
      float reduction,
      Perturbation none,
      boolean first,
      GradientSink sink) {
    learnForward(workspace, classes, reduction, none, sink);
    LayerPass[] passes = workspace.passes;
    for (int index = passes.length - 1; index >= 0; index--) {
      sink.deltas(index, passes[index].deltas, workspace);
      learnBackward(passes, index, sink);
      passes[index].addGradient(!first);
    }
  }

  /** Passes on the gradient of a batch whose parts were learnt from. */
  public void deliverParts(Workspace workspace, GradientSink sink) {
    for (int index = workspace.passes.length - 1; index >= 0; index--) {
      workspace.passes[index].deliver(sink);
    }
  }

  /** batch x classes: what the last pass put out. */
  public float[] outputs(Workspace workspace) {
    return workspace.passes[workspace.passes.length - 1].outputs;
  }

  /** From the inputs to the losses, and to the delta of the last layer. */
  private void learnForward(
      Workspace workspace,
      int[] classes,
      float reduction,
      Perturbation perturbation,
      GradientSink sink) {
    workspace.room.enter(kernels, parameters, statistics);
    LayerPass[] passes = workspace.passes;
    int last = passes.length - 1;
    for (int index = 0; index <= last; index++) {
      passes[index].forward(true);
      if (index < last) {
        sink.activations(index, passes[index].outputs, workspace);
        passes[index].perturb(perturbation);
      }
    }
    outputLosses(workspace, classes);
    outputLoss.delta(
        output,
        kernels,
        workspace.rows(),
        layers.get(last).outputs(),
        passes[last].outputs,
        workspace.stride(),
        classes,
        reduction,
        passes[last].deltas);
    sink.activations(last, passes[last].outputs, workspace);
  }

  private void outputLosses(Workspace workspace, int[] classes) {
    outputLoss.losses(
        output,
        kernels,
        workspace.rows(),
        layers.get(layers.size() - 1).outputs(),
        outputs(workspace),
        workspace.stride(),
        classes,
        workspace.losses);
  }

  private void addGradientNoise(
      Workspace workspace, int index, float sigma, Perturbation perturbation) {
    if (sigma > 0) {
      int columns = layers.get(index).outputs();
      int count = Panels.length(workspace.stride(), columns);
      float[] noise = workspace.room.noise;
      float[] deltas = workspace.passes[index].deltas;
      kernels.fillNormal(perturbation.gradientNoise(index + 1), noise, count);
      kernels.addMultiple(deltas, sigma, noise, count);
      // What fills up a panel would get into the parameters' fill and the gradient's norm.
      Panels.clearFill(workspace.rows(), columns, deltas, workspace.stride());
    }
  }

  /** From a layer's deltas to those of the layer before, while they are in the cache. */
  private static void learnBackward(LayerPass[] passes, int index, GradientSink sink) {
    passes[index].backward(sink);
    if (index > 0) {
      passes[index - 1].derive();
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
