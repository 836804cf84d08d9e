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
  private final List<Double> dropout;
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
      NetworkSpec network,
      double sigma,
      double gradientSigma,
      Function<String, RandomStream> streams) {
    this.sigma = (float) sigma;
    this.gradientSigma = (float) gradientSigma;
    this.dropout = network.dropout();
    for (int layer = 1; layer <= network.hidden().size(); layer++) {
      noiseStreams.add(streams.apply("noise/" + layer));
      dropoutStreams.add(streams.apply("dropout/" + layer));
    }
    for (int layer = 1; layer <= network.hidden().size() + 1; layer++) {
      gradientStreams.add(streams.apply("noise/gradients/" + layer));
    }
  }

  /** Whether hidden layer {@code index}, from 0, puts out something else than its activations. */
  boolean changes(int index) {
    return sigma > 0 || rate(index) > 0;
  }

  float sigma() {
    return sigma;
  }

  float gradientSigma() {
    return gradientSigma;
  }

  RandomStream gradientNoise(int index) {
    return gradientStreams.get(index);
  }

  float rate(int index) {
    return dropout.get(index).floatValue();
  }

  RandomStream noise(int index) {
    return noiseStreams.get(index);
  }

  RandomStream dropout(int index) {
    return dropoutStreams.get(index);
  }
}
