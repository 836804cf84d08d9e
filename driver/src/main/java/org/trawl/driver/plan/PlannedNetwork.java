package org.trawl.driver.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Layout.LayerShape;
import org.trawl.core.network.NetworkSpec;

/**
 * A network that trials of a plan train: its layers' shapes and activations, whatever else differs.
 *
 * @param activation of the hidden layers
 * @param output activation of the last layer
 * @param trials how many train it
 */
public record PlannedNetwork(Layout layout, Activation activation, Activation output, int trials) {

  /** The different networks of a plan, in the order of their first trials. */
  public static List<PlannedNetwork> of(Plan plan) {
    Map<PlannedNetwork, Integer> trials = new LinkedHashMap<>();
    for (PlannedTrial trial : plan.trials()) {
      NetworkSpec spec = trial.spec().network();
      PreparedSize data = plan.size(trial);
      Layout layout = Layout.of(spec, data.features(), data.classes());
      // Without hidden layers their activation is nothing.
      Activation hidden = spec.hidden().isEmpty() ? spec.output() : spec.activation();
      trials.merge(new PlannedNetwork(layout, hidden, spec.output(), 0), 1, Integer::sum);
    }
    List<PlannedNetwork> networks = new ArrayList<>();
    trials.forEach(
        (network, count) ->
            networks.add(
                new PlannedNetwork(network.layout, network.activation, network.output, count)));
    return networks;
  }

  /** The activation of one of its layers. */
  public Activation activation(LayerShape layer) {
    return layer.number() == layout.layers().size() ? output : activation;
  }

  /** Its widths from the features to the classes, such as 784-100-10. */
  public String shape() {
    Stream<Integer> outputs = layout.layers().stream().map(LayerShape::outputs);
    return Stream.concat(Stream.of(layout.layers().get(0).inputs()), outputs)
        .map(String::valueOf)
        .collect(Collectors.joining("-"));
  }
}
