package org.trawl.driver.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerTensor.Role;
import org.trawl.core.network.Layout;

/**
 * A network that trials of a plan train: its layers, whatever else differs.
 *
 * @param layers in order, the output layer last
 * @param trials how many train it
 */
public record PlannedNetwork(List<PlannedLayer> layers, int trials) {

  /**
   * One of its layers.
   *
   * @param number from 1
   * @param norm parameters of its batch normalisation
   * @param parameters all of them
   */
  public record PlannedLayer(
      int number,
      int inputs,
      int outputs,
      Activation activation,
      long weights,
      long biases,
      long norm,
      long parameters) {

    static PlannedLayer of(Layer layer, Activation activation) {
      return new PlannedLayer(
          layer.number(),
          layer.inputs(),
          layer.outputs(),
          activation,
          layer.parameters(Role.WEIGHTS),
          layer.parameters(Role.BIASES),
          layer.parameters(Role.SCALES) + layer.parameters(Role.SHIFTS),
          layer.parameters());
    }
  }

  /** The different networks of a plan, in the order of their first trials. */
  public static List<PlannedNetwork> of(Plan plan) {
    Map<List<PlannedLayer>, Integer> trials = new LinkedHashMap<>();
    for (PlannedTrial trial : plan.trials()) {
      PreparedSize data = plan.size(trial);
      Layout layout = Layout.of(trial.spec().network(), data.features(), data.classes());
      trials.merge(layers(layout, trial.spec().network().output()), 1, Integer::sum);
    }
    List<PlannedNetwork> networks = new ArrayList<>();
    trials.forEach((layers, count) -> networks.add(new PlannedNetwork(layers, count)));
    return networks;
  }

  private static List<PlannedLayer> layers(Layout layout, Activation output) {
    int last = layout.layers().size();
    return layout.layers().stream()
        .map(layer -> PlannedLayer.of(layer, layer.number() == last ? output : layer.activation()))
        .toList();
  }

  /** The number of its parameters. */
  public long parameters() {
    return layers.stream().mapToLong(PlannedLayer::parameters).sum();
  }

  /** Its widths from the features to the classes, such as 784-100-10. */
  public String shape() {
    Stream<Integer> outputs = layers.stream().map(PlannedLayer::outputs);
    return Stream.concat(Stream.of(layers.get(0).inputs()), outputs)
        .map(String::valueOf)
        .collect(Collectors.joining("-"));
  }
}
