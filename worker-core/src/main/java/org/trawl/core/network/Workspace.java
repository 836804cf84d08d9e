package org.trawl.core.network;

import org.trawl.core.network.Layout.LayerShape;

/**
 * The arrays of a forward and a backward pass, allocated once for batches of up to {@code capacity}
 * samples. All are row-major, a row a sample.
 */
public final class Workspace {
  final int capacity;

  /** capacity x features: the batch. Written by whoever gathers it. */
  public final float[] inputs;

  /** Of each layer, capacity x its outputs: activations as the derivative needs them. */
  final float[][] activations;

  /** Of each layer, what the next one reads: the same array unless noise or dropout changes it. */
  final float[][] outputs;

  /** Of each hidden layer with dropout, capacity x its outputs: 0 or 1 / (1 - rate). */
  final float[][] masks;

  /** Of each layer, capacity x its outputs: the loss's derivatives. Empty for evaluation only. */
  final float[][] deltas;

  /** Of each layer but the first, outputs x inputs: its weights transposed. */
  final float[][] transposed;

  /** The data loss of each sample. */
  public final float[] losses;

  private Workspace(Layout layout, int capacity, Perturbation perturbation) {
    this.capacity = capacity;
    int count = layout.layers().size();
    boolean training = perturbation != null;
    inputs = array(capacity, layout.layers().get(0).inputs());
    activations = new float[count][];
    outputs = new float[count][];
    masks = new float[count][];
    deltas = new float[count][];
    transposed = new float[count][];
    losses = new float[capacity];
    for (int index = 0; index < count; index++) {
      LayerShape layer = layout.layers().get(index);
      boolean hidden = index < count - 1;
      activations[index] = array(capacity, layer.outputs());
      outputs[index] = activations[index];
      if (training) {
        if (hidden && perturbation.changes(index)) {
          outputs[index] = array(capacity, layer.outputs());
        }
        if (hidden && perturbation.rate(index) > 0) {
          masks[index] = array(capacity, layer.outputs());
        }
        deltas[index] = array(capacity, layer.outputs());
        if (index > 0) {
          transposed[index] = new float[layer.weightCount()];
        }
      }
    }
  }

  /** For training: forward and backward passes. */
  public static Workspace forTraining(Layout layout, int capacity, Perturbation perturbation) {
    return new Workspace(layout, capacity, perturbation);
  }

  /** For evaluation: forward passes only. */
  public static Workspace forEvaluation(Layout layout, int capacity) {
    return new Workspace(layout, capacity, null);
  }

  private static float[] array(int rows, int columns) {
    long length = (long) rows * columns;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Invalid batch-size (at most %d values a layer): %d samples of %d"
              .formatted(Integer.MAX_VALUE - 8, rows, columns));
    }
    return new float[(int) length];
  }
}
