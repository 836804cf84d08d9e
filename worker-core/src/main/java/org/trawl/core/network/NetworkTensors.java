package org.trawl.core.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.trawl.core.network.LayerTensor.Role;

/**
 * What a network has learnt as tensors by name, the form in which weights are stored: of layer n,
 * counted from 0, {@code layers.n.} and what it calls its tensors: of a dense layer {@code
 * layers.n.weight} [outputs, inputs] and {@code layers.n.bias} [outputs]; with batch normalisation
 * {@code layers.n.norm.scale}, {@code .shift}, {@code .mean} and {@code .variance} [outputs].
 */
public final class NetworkTensors {
  private NetworkTensors() {}

  /** The names of all tensors of a network and their shapes, in order. */
  public static Map<String, List<Integer>> shapes(Layout layout) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    byName(layout).forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return shapes;
  }

  /** Copies of all tensors of a network, in the order of {@link #shapes}. */
  public static Map<String, Tensor> of(Network network) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    byName(network.layout())
        .forEach(
            (name, tensor) ->
                tensors.put(name, new Tensor(tensor.shape(), network.values(tensor))));
    return tensors;
  }

  /**
   * What keeps tensors from being those of a network, each "name: expected …, found …": names that
   * it does not have, other shapes, values that are not finite. Tensors that are missing do not.
   */
  public static List<String> problems(Map<String, Tensor> tensors, Layout layout) {
    Map<String, LayerTensor> known = byName(layout);
    List<String> problems = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> {
          LayerTensor expected = known.get(name);
          if (expected == null) {
            problems.add(
                "%s: expected one of %s, found an unknown name"
                    .formatted(name, String.join(", ", known.keySet())));
          } else if (!expected.shape().equals(tensor.shape())) {
            problems.add(
                "%s: expected shape %s, found %s"
                    .formatted(name, expected.shape(), tensor.shape()));
          } else {
            wrongValue(name, expected.role(), tensor.values()).ifPresent(problems::add);
          }
        });
    return problems;
  }

  private static Optional<String> wrongValue(String name, Role role, float[] values) {
    boolean variance = role == Role.VARIANCES;
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i]) || (variance && values[i] < 0)) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "%s: expected finite values%s, found %s at position %d",
                name,
                variance ? " of at least 0" : "",
                values[i],
                i));
      }
    }
    return Optional.empty();
  }

  /**
   * Replaces what a network has learnt by the tensors that are given; the others stay as they are.
   *
   * @throws IllegalArgumentException if there are {@link #problems}; nothing is replaced then
   */
  public static void load(Map<String, Tensor> tensors, Network network) {
    List<String> problems = problems(tensors, network.layout());
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot use these weights: " + String.join("; ", problems));
    }
    Map<String, LayerTensor> known = byName(network.layout());
    tensors.forEach((name, tensor) -> network.setValues(known.get(name), tensor.values()));
  }

  private static Map<String, LayerTensor> byName(Layout layout) {
    Map<String, LayerTensor> tensors = new LinkedHashMap<>();
    for (Layer layer : layout.layers()) {
      layer.tensors().forEach(tensor -> tensors.put(layer.name(tensor), tensor));
    }
    return tensors;
  }
}
