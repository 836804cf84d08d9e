package org.trawl.core.network;

/**
 * Takes the gradient of a batch's data loss, piece by piece, while it is still in the cache: an
 * optimizer applies each at once. A piece's parameters are not read any more in this step.
 */
public interface GradientSink {

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
