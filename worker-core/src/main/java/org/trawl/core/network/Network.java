package org.trawl.core.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.kernel.Terms;
import org.trawl.core.network.Layout.LayerShape;

/**
 * A multilayer perceptron: affine layers with an activation, then an output activation with its
 * loss. A hidden layer is affine, batch normalisation, activation, noise, dropout, in this order.
 *
 * <p>Of a layer with inputs x, z = x W + b and y = f(z), back-propagation takes the derivative by y
 * to that by z, d = dy * f'(z), and from there to W (xᵀ d), b (column sums of d) and x (d Wᵀ).
 *
 * <p>Not thread-safe: a network belongs to one trial.
 */
public final class Network {
  /** Batch normalisation's addend to the variance, and the weight of a batch's statistics. */
  private static final float NORM_EPSILON = 1e-5f;

  private static final float NORM_MOMENTUM = 0.1f;

  private final NetworkSpec spec;
  private final Layout layout;
  private final OutputLoss outputLoss;
  private final Kernels kernels;
  private final float[] parameters;

  /** Of each layer with batch normalisation, the running mean and variance by output. */
  private final float[][] runningMeans;

  private final float[][] runningVariances;

  /**
   * A network of zeros.
   *
   * @throws IllegalArgumentException if output and loss do not go together
   */
  public Network(NetworkSpec spec, int features, int classes, Loss loss, Kernels kernels) {
    this.spec = spec;
    this.layout = Layout.of(spec, features, classes);
    this.outputLoss = OutputLoss.of(spec.output(), loss);
    this.kernels = kernels;
    this.parameters = new float[layout.length()];
    this.runningMeans = new float[layout.layers().size()][];
    this.runningVariances = new float[layout.layers().size()][];
    for (int index = 0; index < layout.layers().size(); index++) {
      LayerShape layer = layout.layers().get(index);
      if (layer.hasBatchNorm()) {
        runningMeans[index] = new float[Panels.length(1, layer.outputs())];
        runningVariances[index] = new float[Panels.length(1, layer.outputs())];
      }
    }
    start();
  }

  /** Scales and running variances to 1, everything else to 0. */
  private void start() {
    Arrays.fill(parameters, 0f);
    for (int index = 0; index < layout.layers().size(); index++) {
      LayerShape layer = layout.layers().get(index);
      if (layer.hasBatchNorm()) {
        int from = layer.scales();
        Arrays.fill(parameters, from, from + layer.outputs(), 1f);
        Arrays.fill(runningMeans[index], 0f);
        Arrays.fill(runningVariances[index], 1f);
      }
    }
  }

  /** Arrays for training on batches of up to {@code capacity} samples. */
  public Workspace trainingWorkspace(int capacity, Perturbation perturbation) {
    return Workspace.forTraining(layout, capacity, false, spec.activation(), perturbation);
  }

  /** Arrays for training on parts, of up to {@link Workspace#PART_ROWS} samples, of batches. */
  public Workspace partWorkspace(Perturbation none) {
    return Workspace.forTraining(layout, Workspace.PART_ROWS, true, spec.activation(), none);
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
          String.format(
              Locale.ROOT,
              "Invalid weights of layer %d (%d x %d expected): %d x %d",
              number,
              layer.outputs(),
              layer.inputs(),
              weights.numRows,
              weights.numCols));
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
          String.format(
              Locale.ROOT,
              "Invalid biases of layer %d (%d expected): %d",
              number,
              layer.hasBias() ? layer.outputs() : 0,
              biases.length));
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
   * A copy of a hidden layer's batch normalisation.
   *
   * @param number from 1
   * @throws IllegalArgumentException if it has none
   */
  public BatchNorm batchNorm(int number) {
    LayerShape layer = normalizedLayer(number);
    int width = layer.outputs();
    return new BatchNorm(
        Arrays.copyOfRange(parameters, layer.scales(), layer.scales() + width),
        Arrays.copyOfRange(parameters, layer.shifts(), layer.shifts() + width),
        Arrays.copyOf(runningMeans[number - 1], width),
        Arrays.copyOf(runningVariances[number - 1], width));
  }

  /** Replaces a hidden layer's batch normalisation. */
  public void setBatchNorm(int number, BatchNorm norm) {
    LayerShape layer = normalizedLayer(number);
    int width = layer.outputs();
    if (norm.scale().length != width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid batch normalisation of layer %d (%d units expected): %d",
              number,
              width,
              norm.scale().length));
    }
    System.arraycopy(norm.scale(), 0, parameters, layer.scales(), width);
    System.arraycopy(norm.shift(), 0, parameters, layer.shifts(), width);
    System.arraycopy(norm.mean(), 0, runningMeans[number - 1], 0, width);
    System.arraycopy(norm.variance(), 0, runningVariances[number - 1], 0, width);
  }

  /** A copy of what the network has learnt so far. */
  public NetworkState newState() {
    return new NetworkState(parameters, runningMeans, runningVariances);
  }

  /** Writes what the network has learnt into a state of its own layout; allocates nothing. */
  public void save(NetworkState state) {
    copy(
        parameters,
        runningMeans,
        runningVariances,
        state.parameters,
        state.runningMeans,
        state.runningVariances);
  }

  /** Goes back to a state that was saved from a network of the same layout. */
  public void restore(NetworkState state) {
    copy(
        state.parameters,
        state.runningMeans,
        state.runningVariances,
        parameters,
        runningMeans,
        runningVariances);
  }

  private static void copy(
      float[] parameters,
      float[][] means,
      float[][] variances,
      float[] toParameters,
      float[][] toMeans,
      float[][] toVariances) {
    System.arraycopy(parameters, 0, toParameters, 0, toParameters.length);
    for (int index = 0; index < means.length; index++) {
      if (means[index] != null) {
        System.arraycopy(means[index], 0, toMeans[index], 0, means[index].length);
        System.arraycopy(variances[index], 0, toVariances[index], 0, variances[index].length);
      }
    }
  }

  private LayerShape normalizedLayer(int number) {
    LayerShape layer = layout.layers().get(number - 1);
    if (!layer.hasBatchNorm()) {
      throw new IllegalArgumentException("No batch normalisation in layer " + number);
    }
    return layer;
  }

  /**
   * Computes outputs and losses of the workspace's inputs, without noise and dropout.
   *
   * @param classes of the workspace's samples
   */
  public void evaluate(Workspace workspace, int[] classes) {
    forward(workspace, null, null);
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
    forward(workspace, perturbation, sink);
    outputLosses(workspace, classes);
    outputDelta(workspace, classes, reduction);
    int last = layout.layers().size() - 1;
    sink.activations(last, workspace.outputs[last], workspace);
    for (int index = last; index >= 0; index--) {
      sink.deltas(index, workspace.deltas[index], workspace);
      addGradientNoise(workspace, index, perturbation.gradientSigma() * reduction, perturbation);
      if (layout.layers().get(index).hasBatchNorm()) {
        normalizeDerivative(workspace, index, sink);
      }
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
    forward(workspace, none, sink);
    outputLosses(workspace, classes);
    outputDelta(workspace, classes, reduction);
    int last = layout.layers().size() - 1;
    sink.activations(last, workspace.outputs[last], workspace);
    for (int index = last; index >= 0; index--) {
      sink.deltas(index, workspace.deltas[index], workspace);
      if (index > 0) {
        backward(workspace, index);
      }
      addGradient(workspace, index, !first);
    }
  }

  /** Passes on the gradient of a batch whose parts were learnt from. */
  public void deliverParts(Workspace workspace, GradientSink sink) {
    for (int index = layout.layers().size() - 1; index >= 0; index--) {
      LayerShape layer = layout.layers().get(index);
      float[] sums = workspace.sums[index];
      int stride = Panels.paddedRows(layer.inputs());
      for (int from = 0; from < layer.inputs(); from += Workspace.GRADIENT_ROWS) {
        for (int panel = 0; panel < layer.panels(); panel += Panels.group(layer.panels() - panel)) {
          int sumsFrom = (panel * stride + from) * Panels.WIDTH;
          deliver(layer, from, panel, sums, sumsFrom, stride, sink);
        }
      }
      if (layer.hasBias()) {
        int width = layer.panels() * Panels.WIDTH;
        sink.biases(sums, width * stride, layer.biases(), width);
      }
    }
  }

  /** batch x classes: what the last pass put out. */
  public float[] outputs(Workspace workspace) {
    return workspace.outputs[layout.layers().size() - 1];
  }

  private void forward(Workspace workspace, Perturbation perturbation, GradientSink sink) {
    List<LayerShape> layers = layout.layers();
    int rows = workspace.rows();
    int stride = workspace.stride();
    float[] inputs = workspace.inputs;
    for (int index = 0; index < layers.size(); index++) {
      LayerShape layer = layers.get(index);
      float[] z = workspace.activations[index];
      Terms terms = index == 0 && workspace.rowTerms.fewer() ? workspace.rowTerms : null;
      multiply(
          workspace,
          inputs,
          layer.inputs(),
          terms,
          parameters,
          layer.weights(),
          layer.outputs(),
          z);
      if (layer.hasBias()) {
        kernels.addRow(rows, layer.outputs(), z, stride, parameters, layer.biases());
      }
      inputs = z;
      if (index < layers.size() - 1) {
        if (layer.hasBatchNorm()) {
          normalize(workspace, index, perturbation != null);
        }
        // A workspace for training may keep apart what the next layer reads.
        inputs = perturbation == null ? z : workspace.outputs[index];
        activate(workspace, index, inputs);
        if (perturbation != null) {
          sink.activations(index, inputs, workspace);
          perturb(workspace, index, perturbation);
        }
      }
    }
  }

  /**
   * target = batch weights, some samples at a time: they stay in the cache while they meet all
   * weights.
   *
   * @param batch rows x depth
   * @param terms of the batch that count; null for all
   * @param weights depth x columns, from weightsFrom
   * @param target rows x columns; written
   */
  private void multiply(
      Workspace workspace,
      float[] batch,
      int depth,
      Terms terms,
      float[] weights,
      int weightsFrom,
      int columns,
      float[] target) {
    int stride = workspace.stride();
    for (int from = 0; from < workspace.rows(); from += Workspace.BATCH_ROWS) {
      int rows = Math.min(Workspace.BATCH_ROWS, workspace.rows() - from);
      kernels.multiply(
          rows,
          columns,
          depth,
          batch,
          from * Panels.WIDTH,
          stride,
          terms,
          from / Terms.TILE,
          weights,
          weightsFrom,
          depth,
          target,
          from * Panels.WIDTH,
          stride);
    }
  }

  /**
   * Batch normalisation of a layer's pre-activations: of the batch, or of the running statistics.
   */
  private void normalize(Workspace workspace, int index, boolean training) {
    LayerShape layer = layout.layers().get(index);
    int rows = workspace.rows();
    float[] z = workspace.activations[index];
    float[] means = training ? workspace.means : runningMeans[index];
    float[] variances = training ? workspace.variances : runningVariances[index];
    if (training) {
      kernels.moments(rows, layer.outputs(), z, workspace.stride(), means, variances);
      float unbiased = NORM_MOMENTUM * rows / (rows - 1);
      for (int j = 0; j < layer.outputs(); j++) {
        float mean = runningMeans[index][j];
        float variance = runningVariances[index][j];
        runningMeans[index][j] = Math.fma(NORM_MOMENTUM, means[j] - mean, mean);
        runningVariances[index][j] =
            Math.fma(unbiased, variances[j], (1 - NORM_MOMENTUM) * variance);
      }
    }
    float[] inverses = workspace.inverses[index];
    for (int j = 0; j < inverses.length; j++) {
      inverses[j] = 1f / (float) Math.sqrt(variances[j] + NORM_EPSILON);
    }
    kernels.normalize(
        rows,
        layer.outputs(),
        z,
        workspace.stride(),
        means,
        inverses,
        parameters,
        layer.scales(),
        layer.shifts(),
        workspace.normalized[index]);
  }

  private void addGradientNoise(
      Workspace workspace, int index, float sigma, Perturbation perturbation) {
    if (sigma > 0) {
      int columns = layout.layers().get(index).outputs();
      int count = Panels.length(workspace.stride(), columns);
      kernels.fillNormal(perturbation.gradientNoise(index), workspace.noise, count);
      kernels.addMultiple(workspace.deltas[index], sigma, workspace.noise, count);
      // What fills up a panel would get into the parameters' fill and the gradient's norm.
      Panels.clearFill(workspace.rows(), columns, workspace.deltas[index], workspace.stride());
    }
  }

  /** Passes on the gradients of scales and shifts, and the delta to before the normalisation. */
  private void normalizeDerivative(Workspace workspace, int index, GradientSink sink) {
    LayerShape layer = layout.layers().get(index);
    kernels.normalizeDerivative(
        workspace.rows(),
        layer.outputs(),
        workspace.normalized[index],
        workspace.stride(),
        workspace.inverses[index],
        parameters,
        layer.scales(),
        workspace.deltas[index],
        workspace.gradient);
    sink.biases(workspace.gradient, 0, layer.scales(), 2 * layer.panels() * Panels.WIDTH);
  }

  /** From pre-activations to activations, in place or beside them. */
  private void activate(Workspace workspace, int index, float[] target) {
    LayerShape layer = layout.layers().get(index);
    float[] z = workspace.activations[index];
    int count = Panels.length(workspace.stride(), layer.outputs());
    boolean beside = spec.activation().keepsInput() && target != z;
    if (beside) {
      System.arraycopy(z, 0, target, 0, count);
    }
    float[] activated = beside ? target : z;
    spec.activation()
        .apply(kernels, workspace.rows(), layer.outputs(), activated, workspace.stride());
    if (activated != target) {
      System.arraycopy(activated, 0, target, 0, count);
    }
  }

  private void perturb(Workspace workspace, int index, Perturbation perturbation) {
    int count = Panels.length(workspace.stride(), layout.layers().get(index).outputs());
    float[] outputs = workspace.outputs[index];
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
    outputLoss.losses(
        spec.output(),
        kernels,
        workspace.rows(),
        layout.layers().get(last).outputs(),
        workspace.outputs[last],
        workspace.stride(),
        classes,
        workspace.losses);
  }

  /** The delta of the last layer. */
  private void outputDelta(Workspace workspace, int[] classes, float reduction) {
    int last = layout.layers().size() - 1;
    outputLoss.delta(
        spec.output(),
        kernels,
        workspace.rows(),
        layout.layers().get(last).outputs(),
        workspace.outputs[last],
        workspace.stride(),
        classes,
        reduction,
        workspace.deltas[last]);
  }

  /** From a layer's delta to that of the layer before. */
  private void backward(Workspace workspace, int index) {
    LayerShape layer = layout.layers().get(index);
    int rows = workspace.rows();
    int stride = workspace.stride();
    float[] before = workspace.deltas[index - 1];
    kernels.transpose(
        layer.inputs(),
        layer.outputs(),
        parameters,
        layer.weights(),
        layer.inputs(),
        workspace.transposedWeights,
        layer.outputs());
    multiply(
        workspace,
        workspace.deltas[index],
        layer.outputs(),
        null,
        workspace.transposedWeights,
        0,
        layer.inputs(),
        before);
    int count = Panels.length(stride, layer.inputs());
    if (workspace.masks[index - 1] != null) {
      kernels.multiplyElements(before, workspace.masks[index - 1], count);
    }
    spec.activation()
        .multiplyDerivative(
            kernels, rows, layer.inputs(), workspace.activations[index - 1], stride, before);
  }

  /** From a layer's delta to the gradient of its weights and biases. */
  private void gradient(Workspace workspace, int index, GradientSink sink) {
    LayerShape layer = layout.layers().get(index);
    float[] piece = workspace.gradient;
    // By the inputs first: the batch's columns stay in the cache while they meet all deltas.
    for (int from = 0; from < layer.inputs(); from += Workspace.GRADIENT_ROWS) {
      for (int panel = 0; panel < layer.panels(); panel += Panels.group(layer.panels() - panel)) {
        multiplyTransposed(workspace, index, from, panel, false, piece, 0, Workspace.GRADIENT_ROWS);
        deliver(layer, from, panel, piece, 0, Workspace.GRADIENT_ROWS, sink);
      }
    }
    if (layer.hasBias()) {
      float[] delta = workspace.deltas[index];
      kernels.sumColumns(
          workspace.rows(), layer.outputs(), delta, workspace.stride(), false, piece, 0);
      sink.biases(piece, 0, layer.biases(), layer.panels() * Panels.WIDTH);
    }
  }

  /** The same, added up over the parts of a batch. */
  private void addGradient(Workspace workspace, int index, boolean add) {
    LayerShape layer = layout.layers().get(index);
    float[] sums = workspace.sums[index];
    int stride = Panels.paddedRows(layer.inputs());
    for (int from = 0; from < layer.inputs(); from += Workspace.GRADIENT_ROWS) {
      for (int panel = 0; panel < layer.panels(); panel += Panels.group(layer.panels() - panel)) {
        int sumsFrom = (panel * stride + from) * Panels.WIDTH;
        multiplyTransposed(workspace, index, from, panel, add, sums, sumsFrom, stride);
      }
    }
    if (layer.hasBias()) {
      float[] delta = workspace.deltas[index];
      int biases = layer.panels() * stride * Panels.WIDTH;
      kernels.sumColumns(
          workspace.rows(), layer.outputs(), delta, workspace.stride(), add, sums, biases);
    }
  }

  /** A piece of a layer's gradient: some rows, from {@code from} on, of some panels. */
  private void multiplyTransposed(
      Workspace workspace,
      int index,
      int from,
      int panel,
      boolean add,
      float[] target,
      int targetFrom,
      int targetStride) {
    LayerShape layer = layout.layers().get(index);
    int stride = workspace.stride();
    float[] inputs = index == 0 ? workspace.inputs : workspace.outputs[index - 1];
    kernels.multiplyTransposed(
        Math.min(Workspace.GRADIENT_ROWS, layer.inputs() - from),
        Panels.group(layer.panels() - panel) * Panels.WIDTH,
        workspace.rows(),
        inputs,
        Panels.index(stride, 0, from),
        stride,
        index == 0 && workspace.columnTerms.fewer() ? workspace.columnTerms : null,
        from / Terms.TILE,
        workspace.deltas[index],
        panel * stride * Panels.WIDTH,
        stride,
        add,
        target,
        targetFrom,
        targetStride);
  }

  /** Passes on such a piece, panel by panel. */
  private static void deliver(
      LayerShape layer,
      int from,
      int panel,
      float[] piece,
      int pieceFrom,
      int pieceStride,
      GradientSink sink) {
    int count = Math.min(Workspace.GRADIENT_ROWS, layer.inputs() - from);
    int panels = Panels.group(layer.panels() - panel);
    for (int i = 0; i < panels; i++) {
      sink.weights(
          piece,
          pieceFrom + i * pieceStride * Panels.WIDTH,
          layer.weightPanel(panel + i) + from * Panels.WIDTH,
          count * Panels.WIDTH);
    }
  }

  /**
   * The batch normalisation of a hidden layer (Ioffe and Szegedy 2015), one value a unit.
   *
   * @param mean running mean, for evaluation
   * @param variance running variance, unbiased, for evaluation
   */
  public record BatchNorm(float[] scale, float[] shift, float[] mean, float[] variance) {}

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
