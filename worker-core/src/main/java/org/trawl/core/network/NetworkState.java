package org.trawl.core.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A copy of what a network has learnt: its parameters, and its statistics tensor by tensor, as they
 * lie in its memory. Made by {@link Network#newState()}, written by {@link Network#save} and read
 * by {@link Network#restore}; of use to networks of the same layout only.
 */
public final class NetworkState {
  private final float[] parameters;
  private final Statistic[] statistics;

  /** The numbers of a tensor of statistics. */
  private record Statistic(String name, int from, float[] values) {}

  NetworkState(Layout layout) {
    this.parameters = new float[layout.length()];
    List<Statistic> all = new ArrayList<>();
    for (Layer layer : layout.layers()) {
      for (LayerTensor tensor : layer.tensors()) {
        if (!tensor.role().learnt()) {
          // mean.1 is that of the first layer.
          String word = tensor.name().substring(tensor.name().lastIndexOf('.') + 1);
          String name = String.format(Locale.ROOT, "%s.%d", word, layer.number());
          all.add(new Statistic(name, tensor.from(), new float[tensor.length()]));
        }
      }
    }
    this.statistics = all.toArray(new Statistic[0]);
  }

  /**
   * The state's own arrays by name: whoever writes into them changes the state. The same names and
   * lengths for all states of a layout.
   */
  public Map<String, float[]> arrays() {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    arrays.put("parameters", parameters);
    for (Statistic statistic : statistics) {
      arrays.put(statistic.name, statistic.values);
    }
    return arrays;
  }

  /** Copies a network's memory. */
  void save(float[] fromParameters, float[] fromStatistics) {
    System.arraycopy(fromParameters, 0, parameters, 0, parameters.length);
    for (Statistic statistic : statistics) {
      float[] values = statistic.values;
      System.arraycopy(fromStatistics, statistic.from, values, 0, values.length);
    }
  }

  /** Writes it back. */
  void restore(float[] toParameters, float[] toStatistics) {
    System.arraycopy(parameters, 0, toParameters, 0, parameters.length);
    for (Statistic statistic : statistics) {
      float[] values = statistic.values;
      System.arraycopy(values, 0, toStatistics, statistic.from, values.length);
    }
  }
}
