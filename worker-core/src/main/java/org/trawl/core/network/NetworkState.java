package org.trawl.core.network;

import java.util.Arrays;

/**
 * A copy of what a network has learnt: its parameters and the running statistics of its batch
 * normalisation, as they lie in its memory. Made by {@link Network#newState()}, written by {@link
 * Network#save} and read by {@link Network#restore}; of use to networks of the same layout only.
 */
public final class NetworkState {
  final float[] parameters;
  final float[][] runningMeans;
  final float[][] runningVariances;

  NetworkState(float[] parameters, float[][] runningMeans, float[][] runningVariances) {
    this.parameters = parameters.clone();
    this.runningMeans = copy(runningMeans);
    this.runningVariances = copy(runningVariances);
  }

  private static float[][] copy(float[][] layers) {
    return Arrays.stream(layers)
        .map(values -> values == null ? null : values.clone())
        .toArray(float[][]::new);
  }
}
