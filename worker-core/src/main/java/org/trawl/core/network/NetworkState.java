package org.trawl.core.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /**
   * The state's own arrays by name: whoever writes into them changes the state. The same names and
   * lengths for all states of a layout.
   */
  public Map<String, float[]> arrays() {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    arrays.put("parameters", parameters);
    for (int index = 0; index < runningMeans.length; index++) {
      if (runningMeans[index] != null) {
        arrays.put("mean." + (index + 1), runningMeans[index]);
        arrays.put("variance." + (index + 1), runningVariances[index]);
      }
    }
    return arrays;
  }

  private static float[][] copy(float[][] layers) {
    return Arrays.stream(layers)
        .map(values -> values == null ? null : values.clone())
        .toArray(float[][]::new);
  }
}
