package org.trawl.core.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.trawl.core.kernel.RandomStream;

/**
 * What training adds at random: Gaussian noise on the activations of the hidden layers, then
 * dropout (inverted: Srivastava et al. 2014, section 10); or noise on the deltas of all layers.
 * Each layer has streams of its own.
 */
public final class Perturbation {
  private final float sigma;
  private final float gradientSigma;
  private final List<RandomStream> noiseStreams = new ArrayList<>();
  private final List<RandomStream> dropoutStreams = new ArrayList<>();
  private final List<RandomStream> gradientStreams = new ArrayList<>();

  /**
   * The perturbation of a network.
   *
   * @param sigma standard deviation of the noise on activations, 0 for none
   * @param gradientSigma standard deviation of the noise on the derivatives of a sample's own loss,
   *     0 for none
   * @param streams gives the stream of a name
   */
  public Perturbation(
      Layout layout, double sigma, double gradientSigma, Function<String, RandomStream> streams) {
    this.sigma = (float) sigma;
    this.gradientSigma = (float) gradientSigma;
    int last = layout.layers().size();
    for (int layer = 1; layer <= last; layer++) {
      if (layer < last) {
        noiseStreams.add(streams.apply("noise/" + layer));
        dropoutStreams.add(streams.apply("dropout/" + layer));
      }
      gradientStreams.add(streams.apply("noise/gradients/" + layer));
    }
  }

  float sigma() {
    return sigma;
  }

  float gradientSigma() {
    return gradientSigma;
  }

  /** Of a hidden layer, for its activations. */
  RandomStream noise(int layer) {
    return noiseStreams.get(layer - 1);
  }

  /** Of a hidden layer. */
  RandomStream dropout(int layer) {
    return dropoutStreams.get(layer - 1);
  }

  /** Of a layer, for its deltas. */
  RandomStream gradientNoise(int layer) {
    return gradientStreams.get(layer - 1);
  }
}
