package org.trawl.core.network;

import java.util.Locale;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.Terms;
import org.trawl.core.network.Layout.LayerShape;

/**
 * The arrays of a forward and a backward pass, allocated once for batches of up to {@code capacity}
 * samples. Matrices lie in {@link Panels}; those of a batch have a row a sample and {@link
 * #stride()} rows a panel.
 */
public final class Workspace {
  /** Rows of a layer's weights whose gradient is computed, and applied, at a time. */
  static final int GRADIENT_ROWS = 64;

  /**
   * Samples of a part of a batch: of wide layers too, what they take stays in the second-level
   * cache.
   */
  public static final int PART_ROWS = 256;

  /**
   * Samples that meet a layer's weights at a time: of 784 features, 200 KB, which leaves the
   * second-level cache to the weights.
   */
  static final int BATCH_ROWS = 64;

  /** batch x features: the samples. Written by whoever gathers them. */
  public final float[] inputs;

  /**
   * The inputs that count in the first layer's products: of 4 samples each, and of 4 features each.
   * Whoever gathers the samples may find them, of up to {@link #PART_ROWS} samples.
   */
  public final Terms rowTerms;

  public final Terms columnTerms;

  /** The data loss of each sample. */
  public final float[] losses;

  /** Of each layer, batch x its outputs: what the derivative of its activation needs. */
  final float[][] activations;

  /** Of each layer, what the next one reads: the same array unless that is something else. */
  final float[][] outputs;

  /** Of each hidden layer with dropout, batch x its outputs: 0 or 1 / (1 - rate). */
  final float[][] masks;

  /** Of each layer, batch x its outputs: the loss's derivatives. Empty for evaluation only. */
  final float[][] deltas;

  /** Of each layer with batch normalisation, batch x its outputs before scale and shift. */
  final float[][] normalized;

  /** Of each layer with batch normalisation, 1 / deviation by output. */
  final float[][] inverses;

  /** Of the layer at hand, mean and variance by output. */
  final float[] means;

  final float[] variances;

  /** The transpose of a layer's weights, for the product at hand. */
  final float[] transposedWeights;

  /** Normal numbers, as many as the widest layer takes; empty without noise. */
  final float[] noise;

  /**
   * A piece of the gradient of a layer's weights, or of its biases, or of its scales and shifts.
   */
  final float[] gradient;

  /**
   * Of each layer, the gradient of a batch's parts: of its weights, in panels of its inputs filled
   * up, then of its biases. Empty where a batch has no parts.
   */
  final float[][] sums;

  private final int capacity;
  private int rows;

  private Workspace(
      Layout layout,
      int capacity,
      boolean inParts,
      Activation activation,
      Perturbation perturbation) {
    this.capacity = capacity;
    this.rows = capacity;
    int count = layout.layers().size();
    boolean training = perturbation != null;
    int stride = stride();
    inputs = new float[Panels.length(stride, layout.layers().get(0).inputs())];
    losses = new float[capacity];
    activations = new float[count][];
    outputs = new float[count][];
    masks = new float[count][];
    deltas = new float[count][];
    normalized = new float[count][];
    inverses = new float[count][];
    int largestWeights = 0;
    int largestOutputs = 0;
    int mostNoise = 0;
    for (int index = 0; index < count; index++) {
      LayerShape layer = layout.layers().get(index);
      boolean hidden = index < count - 1;
      int length = Panels.length(stride, layer.outputs());
      activations[index] = new float[length];
      outputs[index] = activations[index];
      largestOutputs = Math.max(largestOutputs, Panels.length(1, layer.outputs()));
      if (layer.hasBatchNorm()) {
        normalized[index] = new float[length];
        inverses[index] = new float[Panels.length(1, layer.outputs())];
      }
      if (training) {
        if (hidden && (activation.keepsInput() || perturbation.changes(index))) {
          outputs[index] = new float[length];
        }
        if ((hidden && perturbation.sigma() > 0) || perturbation.gradientSigma() > 0) {
          mostNoise = Math.max(mostNoise, length);
        }
        if (hidden && perturbation.rate(index) > 0) {
          masks[index] = new float[length];
        }
        deltas[index] = new float[length];
        if (index > 0) {
          int transposed = Panels.length(layer.outputs(), layer.inputs());
          largestWeights = Math.max(largestWeights, transposed);
        }
      }
    }
    transposedWeights = new float[largestWeights];
    noise = new float[mostNoise];
    int piece = Panels.MOST_PANELS * GRADIENT_ROWS * Panels.WIDTH;
    gradient = new float[training ? Math.max(piece, 2 * largestOutputs) : 0];
    int features = layout.layers().get(0).inputs();
    int part = training ? Math.min(stride, PART_ROWS) : 0;
    rowTerms = new Terms(part, features);
    columnTerms = new Terms(features, part);
    sums = new float[inParts ? count : 0][];
    for (int index = 0; index < sums.length; index++) {
      LayerShape layer = layout.layers().get(index);
      sums[index] =
          new float[Panels.length(Panels.paddedRows(layer.inputs()) + 1, layer.outputs())];
    }
    means = new float[largestOutputs];
    variances = new float[largestOutputs];
  }

  /** For training: forward and backward passes; of batches, or of parts of batches. */
  static Workspace forTraining(
      Layout layout,
      int capacity,
      boolean inParts,
      Activation activation,
      Perturbation perturbation) {
    return new Workspace(layout, capacity, inParts, activation, perturbation);
  }

  /** For evaluation: forward passes only. */
  static Workspace forEvaluation(Layout layout, int capacity) {
    return new Workspace(layout, capacity, false, Activation.IDENTITY, null);
  }

  /**
   * Sets the number of samples of the next batch, before they are gathered.
   *
   * @param rows from 1 to the capacity
   */
  public void resize(int rows) {
    if (rows < 1 || rows > capacity) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid rows of a batch (1 to %d): %d", capacity, rows));
    }
    this.rows = rows;
  }

  /** Samples of the batch. */
  public int rows() {
    return rows;
  }

  /** Rows a panel of the batch's matrices. */
  public int stride() {
    return Panels.paddedRows(rows);
  }
}
