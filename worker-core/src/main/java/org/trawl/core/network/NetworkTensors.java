package org.trawl.core.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.network.Layout.LayerShape;
import org.trawl.core.network.Network.BatchNorm;

/**
 * What a network has learnt as tensors by name, the form in which weights are stored: of layer n,
 * counted from 0, {@code layers.n.weight} [outputs, inputs] and {@code layers.n.bias} [outputs];
 * with batch normalisation {@code layers.n.norm.scale}, {@code .shift}, {@code .mean} and {@code
 * .variance} [outputs].
 */
public final class NetworkTensors {
  private static final String VARIANCE = "norm.variance";

  private NetworkTensors() {}

  /** The names of all tensors of a network and their shapes, in order. */
  public static Map<String, List<Integer>> shapes(Layout layout) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    for (LayerShape layer : layout.layers()) {
      List<Integer> vector = List.of(layer.outputs());
      shapes.put(name(layer, "weight"), List.of(layer.outputs(), layer.inputs()));
      if (layer.hasBias()) {
        shapes.put(name(layer, "bias"), vector);
      }
      if (layer.hasBatchNorm()) {
        shapes.put(name(layer, "norm.scale"), vector);
        shapes.put(name(layer, "norm.shift"), vector);
        shapes.put(name(layer, "norm.mean"), vector);
        shapes.put(name(layer, VARIANCE), vector);
      }
    }
    return shapes;
  }

  /** Copies of all tensors of a network, in the order of {@link #shapes}. */
  public static Map<String, Tensor> of(Network network) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (LayerShape layer : network.layout().layers()) {
      int number = layer.number();
      tensors.put(
          name(layer, "weight"),
          new Tensor(List.of(layer.outputs(), layer.inputs()), network.weights(number).data));
      if (layer.hasBias()) {
        tensors.put(name(layer, "bias"), Tensor.of(network.biases(number)));
      }
      if (layer.hasBatchNorm()) {
        BatchNorm norm = network.batchNorm(number);
        tensors.put(name(layer, "norm.scale"), Tensor.of(norm.scale()));
        tensors.put(name(layer, "norm.shift"), Tensor.of(norm.shift()));
        tensors.put(name(layer, "norm.mean"), Tensor.of(norm.mean()));
        tensors.put(name(layer, VARIANCE), Tensor.of(norm.variance()));
      }
    }
    return tensors;
  }

  /**
   * What keeps tensors from being those of a network, each "name: expected …, found …": names that
   * it does not have, other shapes, values that are not finite. Tensors that are missing do not.
   */
  public static List<String> problems(Map<String, Tensor> tensors, Layout layout) {
    Map<String, List<Integer>> shapes = shapes(layout);
    List<String> problems = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> {
          List<Integer> shape = shapes.get(name);
          if (shape == null) {
            problems.add(
                "%s: expected one of %s, found an unknown name"
                    .formatted(name, String.join(", ", shapes.keySet())));
          } else if (!shape.equals(tensor.shape())) {
            problems.add("%s: expected shape %s, found %s".formatted(name, shape, tensor.shape()));
          } else {
            wrongValue(name, tensor.values()).ifPresent(problems::add);
          }
        });
    return problems;
  }

  private static Optional<String> wrongValue(String name, float[] values) {
    boolean variance = name.endsWith(VARIANCE);
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
    for (LayerShape layer : network.layout().layers()) {
      int number = layer.number();
      Tensor weights = tensors.get(name(layer, "weight"));
      if (weights != null) {
        network.setWeights(
            number, FMatrixRMaj.wrap(layer.outputs(), layer.inputs(), weights.values()));
      }
      Tensor biases = tensors.get(name(layer, "bias"));
      if (biases != null) {
        network.setBiases(number, biases.values());
      }
      if (layer.hasBatchNorm()) {
        BatchNorm start = network.batchNorm(number);
        network.setBatchNorm(
            number,
            new BatchNorm(
                values(tensors, name(layer, "norm.scale"), start.scale()),
                values(tensors, name(layer, "norm.shift"), start.shift()),
                values(tensors, name(layer, "norm.mean"), start.mean()),
                values(tensors, name(layer, VARIANCE), start.variance())));
      }
    }
  }

  private static float[] values(Map<String, Tensor> tensors, String name, float[] orElse) {
    Tensor tensor = tensors.get(name);
    return tensor == null ? orElse : tensor.values();
  }

  private static String name(LayerShape layer, String part) {
    return "layers." + (layer.number() - 1) + "." + part;
  }
}
