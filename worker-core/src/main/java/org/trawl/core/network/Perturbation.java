package org.trawl.core.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.trawl.core.kernel.RandomStream;

/**
 * What training adds at random to the hidden layers: Gaussian noise on their activations, then
 * dropout (inverted: Srivastava et al. 2014, section 10). Each layer has streams of its own.
 */
public final class Perturbation {
  private final float sigma;
  private final List<Double> dropout;
  private final List<RandomStream> noiseStreams = new ArrayList<>();
  private final List<RandomStream> dropoutStreams = new ArrayList<>();

  /**
   * The perturbation of a network's hidden layers.
   *
   * @param sigma standard deviation of the noise, 0 for none
   * @param streams gives the stream of a name
   */
  public Perturbation(NetworkSpec network, double sigma, Function<String, RandomStream> streams) {
    this.sigma = (float) sigma;
    this.dropout = network.dropout();
    for (int layer = 1; layer <= network.hidden().size(); layer++) {
      noiseStreams.add(streams.apply("noise/" + layer));
      dropoutStreams.add(streams.apply("dropout/" + layer));
    }
  }

  /** Whether hidden layer {@code index}, from 0, puts out something else than its activations. */
  boolean changes(int index) {
    return sigma > 0 || rate(index) > 0;
  }

  float sigma() {
    return sigma;
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
