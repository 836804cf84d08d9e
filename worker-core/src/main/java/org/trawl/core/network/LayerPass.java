package org.trawl.core.network;

/**
 * A layer's part of a workspace: its arrays, and what it does with the batch that lies in them.
 * Matrices of a batch have {@link Room#rows} rows and {@link Room#stride} rows a panel. A step is
 * {@link #forward}, {@link #perturb}, then {@link #derive}, {@link #backward}, and {@link
 * #gradient}; of a batch in parts {@link #addGradient} a part, and {@link #deliver} at its end.
 * None of them allocates.
 */
abstract class LayerPass {
  /** batch x outputs of the layer: what the next one reads. */
  final float[] outputs;

  /**
   * The same: derivatives of the loss by the outputs, written by the next one. Null or empty for
   * evaluation.
   */
  final float[] deltas;

  LayerPass(float[] outputs, float[] deltas) {
    this.outputs = outputs;
    this.deltas = deltas;
  }

  /**
   * From inputs to outputs.
   *
   * @param training whether statistics are of the batch, and go into the running ones
   */
  abstract void forward(boolean training);

  /** Adds what training adds to the outputs at random; never to the network's. */
  void perturb(Perturbation perturbation) {}

  /**
   * The deltas by the outputs become those by what the layer's activation is applied to. Not of the
   * output layer, whose deltas are by that.
   */
  void derive() {}

  /**
   * From the layer's deltas to those of its inputs, where they are asked for. What the way back
   * gives of the parameters' gradient by itself is passed on.
   */
  abstract void backward(GradientSink sink);

  /** Passes on the gradient of the parameters, piece by piece, after {@link #backward}. */
  void gradient(GradientSink sink) {}

  /**
   * Keeps the gradient of a part of a batch: {@link #gradient} of a layer that does not need whole
   * batches.
   *
   * @param add whether it is added to that of the parts before
   */
  void addGradient(boolean add) {}

  /** Passes on the gradient that was kept. */
  void deliver(GradientSink sink) {}
}
