package org.trawl.core.network;

/**
 * Takes the gradient of a batch's data loss, piece by piece, while it is still in the cache: an
 * optimizer applies each at once. A piece's parameters are not read any more in this step.
 */
public interface GradientSink {

  /**
   * Sees the activations of a layer, before noise and dropout, layer by layer from the first one.
   *
   * @param index of the layer, from 0
   * @param activations rows x outputs of the layer, with the workspace's stride; not modified
   */
  default void activations(int index, float[] activations, Workspace workspace) {}

  /**
   * Sees the derivatives of the batch's data loss by what a layer's activation is applied to,
   * before noise, layer by layer from the last one; that layer's gradient is taken next.
   *
   * @param index of the layer, from 0
   * @param deltas rows x outputs of the layer, with the workspace's stride; not modified
   */
  default void deltas(int index, float[] deltas, Workspace workspace) {}

  /**
   * Takes the gradient of a range of weights.
   *
   * @param gradient of the range, from gradientFrom; may be overwritten
   * @param from the range's place in the flat parameter array
   */
  void weights(float[] gradient, int gradientFrom, int from, int count);

  /** Takes the gradient of a range of biases, or of scales and shifts: of what has no penalty. */
  void biases(float[] gradient, int gradientFrom, int from, int count);
}
