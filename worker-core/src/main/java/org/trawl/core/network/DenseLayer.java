package org.trawl.core.network;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.kernel.Terms;
import org.trawl.core.network.Initializer.Fans;
import org.trawl.core.network.LayerTensor.Role;

/**
 * A layer of units that read all of the layer before: z = x W + b, then what {@link Units} do.
 *
 * <p>Of its deltas d, the derivatives by z, back-propagation goes to W (xᵀ d), to b (column sums of
 * d) and to x (d Wᵀ).
 */
final class DenseLayer extends Layer {
  /**
   * Panels that it needs for it to be worthwhile to look for inputs of 0: on Fashion-MNIST, 4
   * panels gain a tenth, 2 nothing.
   */
  private static final int TERMS_PANELS = 3;

  /** Rows of the weights whose gradient is computed, and applied, at a time. */
  private static final int GRADIENT_ROWS = 64;

  /**
   * Samples that meet the weights at a time: of 784 features, 200 KB, which leaves the second-level
   * cache to the weights.
   */
  private static final int BATCH_ROWS = 64;

  private final LayerTensor weights;

  /** Null without. */
  private final LayerTensor biases;

  private final Initializer initializer;
  private final Units units;

  DenseLayer(
      Layout.Builder at, int outputs, boolean bias, Initializer initializer, Units.Kind kind) {
    super(at, outputs);
    this.weights = at.tensor("weight", Role.WEIGHTS, outputs, inputs());
    this.biases = bias ? at.tensor("bias", Role.BIASES, outputs) : null;
    this.initializer = initializer;
    this.units = new Units(at, outputs, kind);
  }

  @Override
  public Activation activation() {
    return units.activation();
  }

  @Override
  public List<LayerOperation> operations() {
    List<LayerTensor> tensors = biases == null ? List.of(weights) : List.of(weights, biases);
    List<LayerOperation> operations = new ArrayList<>();
    operations.add(new LayerOperation("Gemm", tensors, Map.of("transB", 1)));
    units.addOperations(operations);
    return operations;
  }

  @Override
  public long multiplyAdds() {
    return (long) inputs() * outputs();
  }

  @Override
  public Map<LayerWork, Long> trainingWork() {
    Map<LayerWork, Long> work = new EnumMap<>(LayerWork.class);
    // Forward and the gradient; to the layer before, of which the first has none.
    work.put(LayerWork.products(outputs()), 2L * inputs() * panels() * Panels.WIDTH);
    if (number() > 1) {
      long back = (long) outputs() * Panels.count(inputs()) * Panels.WIDTH;
      work.merge(LayerWork.products(inputs()), back, Long::sum);
    }
    units.addTrainingWork(work);
    return work;
  }

  @Override
  public Map<LayerWork, Long> evaluationWork() {
    Map<LayerWork, Long> work = new EnumMap<>(LayerWork.class);
    work.put(LayerWork.products(outputs()), (long) inputs() * panels() * Panels.WIDTH);
    units.addEvaluationWork(work);
    return work;
  }

  @Override
  public boolean normalizes() {
    return units.normalizes();
  }

  @Override
  public boolean needsWholeBatch() {
    return units.normalizes() || units.dropsOut();
  }

  @Override
  public boolean leavesOutZeros() {
    return panels() >= TERMS_PANELS;
  }

  @Override
  void initialize(RandomStream stream, Kernels kernels, float[] parameters) {
    initializer.fill(weights, new Fans(inputs(), outputs()), stream, kernels, parameters);
  }

  @Override
  LayerPass newPass(Room room, LayerInput input) {
    return new Pass(room, input, units.newPass(room));
  }

  private final class Pass extends LayerPass {
    private final Room room;
    private final LayerInput input;
    private final Units.Pass units;
    private final int inputWidth = inputs();
    private final int outputWidth = outputs();
    private final int panels = panels();

    /**
     * The gradient of a batch's parts: of the weights, in panels of the inputs filled up, then of
     * the biases. Null where a batch has no parts.
     */
    private final float[] sums;

    Pass(Room room, LayerInput input, Units.Pass units) {
      super(units.outputs, units.deltas);
      this.room = room;
      this.input = input;
      this.units = units;
      int length = Panels.length(Panels.paddedRows(inputWidth) + 1, outputWidth);
      this.sums = room.inParts ? room.array(length) : null;
      if (room.training()) {
        room.needGradient(Panels.MOST_PANELS * GRADIENT_ROWS * Panels.WIDTH);
      }
      if (input.deltas() != null) {
        room.needMatrix(Panels.length(outputWidth, inputWidth));
      }
    }

    @Override
    void forward(boolean training) {
      multiply(
          input.values(),
          inputWidth,
          input.rowsThatCount(),
          room.parameters,
          weights.from(),
          outputWidth,
          units.z);
      if (biases != null) {
        room.kernels.addRow(
            room.rows(), outputWidth, units.z, room.stride(), room.parameters, biases.from());
      }
      units.forward(training);
    }

    /**
     * target = batch matrix, some samples at a time: they stay in the cache while they meet all of
     * the matrix.
     *
     * @param batch rows x depth
     * @param terms of the batch that count; null for all
     * @param matrix depth x columns, from matrixFrom
     * @param target rows x columns; written
     */
    private void multiply(
        float[] batch,
        int depth,
        Terms terms,
        float[] matrix,
        int matrixFrom,
        int columns,
        float[] target) {
      int stride = room.stride();
      for (int from = 0; from < room.rows(); from += BATCH_ROWS) {
        int rows = Math.min(BATCH_ROWS, room.rows() - from);
        room.kernels.multiply(
            rows,
            columns,
            depth,
            batch,
            from * Panels.WIDTH,
            stride,
            terms,
            from / Terms.TILE,
            matrix,
            matrixFrom,
            depth,
            target,
            from * Panels.WIDTH,
            stride);
      }
    }

    @Override
    void perturb(Perturbation perturbation) {
      units.perturb(perturbation, number());
    }

    @Override
    void derive() {
      units.derive();
    }

    @Override
    void backward(GradientSink sink) {
      units.backward(sink);
      if (input.deltas() != null) {
        room.kernels.transpose(
            inputWidth,
            outputWidth,
            room.parameters,
            weights.from(),
            inputWidth,
            room.matrix,
            outputWidth);
        multiply(units.deltas, outputWidth, null, room.matrix, 0, inputWidth, input.deltas());
      }
    }

    @Override
    void gradient(GradientSink sink) {
      float[] piece = room.gradient;
      // By the inputs first: the batch's columns stay in the cache while they meet all deltas.
      for (int from = 0; from < inputWidth; from += GRADIENT_ROWS) {
        for (int panel = 0; panel < panels; panel += Panels.group(panels - panel)) {
          multiplyTransposed(from, panel, false, piece, 0, GRADIENT_ROWS);
          deliver(from, panel, piece, 0, GRADIENT_ROWS, sink);
        }
      }
      if (biases != null) {
        room.kernels.sumColumns(
            room.rows(), outputWidth, units.deltas, room.stride(), false, piece, 0);
        sink.biases(piece, 0, biases.from(), panels * Panels.WIDTH);
      }
    }

    @Override
    void addGradient(boolean add) {
      int stride = Panels.paddedRows(inputWidth);
      for (int from = 0; from < inputWidth; from += GRADIENT_ROWS) {
        for (int panel = 0; panel < panels; panel += Panels.group(panels - panel)) {
          int sumsFrom = (panel * stride + from) * Panels.WIDTH;
          multiplyTransposed(from, panel, add, sums, sumsFrom, stride);
        }
      }
      if (biases != null) {
        int after = panels * stride * Panels.WIDTH;
        room.kernels.sumColumns(
            room.rows(), outputWidth, units.deltas, room.stride(), add, sums, after);
      }
    }

    @Override
    void deliver(GradientSink sink) {
      int stride = Panels.paddedRows(inputWidth);
      for (int from = 0; from < inputWidth; from += GRADIENT_ROWS) {
        for (int panel = 0; panel < panels; panel += Panels.group(panels - panel)) {
          int sumsFrom = (panel * stride + from) * Panels.WIDTH;
          deliver(from, panel, sums, sumsFrom, stride, sink);
        }
      }
      if (biases != null) {
        int biasLength = panels * Panels.WIDTH;
        sink.biases(sums, biasLength * stride, biases.from(), biasLength);
      }
    }

    /** A piece of the weights' gradient: some rows, from {@code from} on, of some panels. */
    private void multiplyTransposed(
        int from, int panel, boolean add, float[] target, int targetFrom, int targetStride) {
      int stride = room.stride();
      room.kernels.multiplyTransposed(
          Math.min(GRADIENT_ROWS, inputWidth - from),
          Panels.group(panels - panel) * Panels.WIDTH,
          room.rows(),
          input.values(),
          Panels.index(stride, 0, from),
          stride,
          input.columnsThatCount(),
          from / Terms.TILE,
          units.deltas,
          panel * stride * Panels.WIDTH,
          stride,
          add,
          target,
          targetFrom,
          targetStride);
    }

    /** Passes on such a piece, panel by panel. */
    private void deliver(
        int from, int panel, float[] piece, int pieceFrom, int pieceStride, GradientSink sink) {
      int count = Math.min(GRADIENT_ROWS, inputWidth - from);
      int group = Panels.group(panels - panel);
      for (int i = 0; i < group; i++) {
        sink.weights(
            piece,
            pieceFrom + i * pieceStride * Panels.WIDTH,
            weights.from() + ((panel + i) * inputWidth + from) * Panels.WIDTH,
            count * Panels.WIDTH);
      }
    }
  }
}
