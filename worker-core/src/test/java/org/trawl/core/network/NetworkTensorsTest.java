package org.trawl.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.trawl.core.network.DenseTensors.batchNorm;
import static org.trawl.core.network.DenseTensors.biases;
import static org.trawl.core.network.DenseTensors.setBatchNorm;
import static org.trawl.core.network.DenseTensors.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;

class NetworkTensorsTest {
  private static Network network(boolean batchNorm, long seed) {
    NetworkSpec spec =
        new NetworkSpec(
            List.of(3),
            Activation.RELU,
            Activation.SOFTMAX,
            true,
            Initializer.GAUSSIAN,
            List.of(0.0),
            batchNorm);
    Network network = new Network(spec, 5, 2, Loss.CROSS_ENTROPY, Kernels.plain());
    network.initialize(name -> new RandomStream(seed + name.hashCode()));
    return network;
  }

  @Test
  void tensorsHaveTheNamesAndShapesOfTheirLayers() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("layers.0.weight", List.of(3, 5));
    shapes.put("layers.0.bias", List.of(3));
    shapes.put("layers.0.norm.scale", List.of(3));
    shapes.put("layers.0.norm.shift", List.of(3));
    shapes.put("layers.0.norm.mean", List.of(3));
    shapes.put("layers.0.norm.variance", List.of(3));
    shapes.put("layers.1.weight", List.of(2, 3));
    shapes.put("layers.1.bias", List.of(2));
    Network network = network(true, 1);
    assertEquals(shapes, NetworkTensors.shapes(network.layout()));
    Map<String, List<Integer>> found = new LinkedHashMap<>();
    NetworkTensors.of(network).forEach((name, tensor) -> found.put(name, tensor.shape()));
    assertEquals(shapes, found);
  }

  @Test
  void aNetworkLoadedFromAnothersTensorsIsTheSame() {
    Network one = network(true, 1);
    setBatchNorm(
        one,
        1,
        new DenseTensors.BatchNorm(
            new float[] {1, 2, 3},
            new float[] {4, 5, 6},
            new float[] {7, 8, 9},
            new float[] {.1f, .2f, .3f}));
    Network other = network(true, 2);
    NetworkTensors.load(NetworkTensors.of(one), other);
    assertArrayEquals(one.parameters(), other.parameters());
    assertArrayEquals(batchNorm(one, 1).mean(), batchNorm(other, 1).mean());
    assertArrayEquals(batchNorm(one, 1).variance(), batchNorm(other, 1).variance());
  }

  @Test
  void whatIsNotGivenStaysAsItIs() {
    Network network = network(true, 1);
    float[] weights = weights(network, 1).data;
    NetworkTensors.load(
        Map.of(
            "layers.1.bias", Tensor.of(new float[] {7, 8}),
            "layers.0.norm.shift", Tensor.of(new float[] {1, 2, 3})),
        network);
    assertArrayEquals(weights, weights(network, 1).data);
    assertArrayEquals(new float[] {7, 8}, biases(network, 2));
    assertArrayEquals(new float[] {1, 2, 3}, batchNorm(network, 1).shift());
    assertArrayEquals(new float[] {1, 1, 1}, batchNorm(network, 1).scale());
  }

  @Test
  void everythingThatDoesNotFitIsToldAndNothingIsReplaced() {
    Network network = network(true, 1);
    float[] before = network.parameters().clone();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("layers.0.bias", Tensor.of(new float[] {1, 2, 3}));
    tensors.put("layers.0.weight", new Tensor(List.of(5, 3), new float[15]));
    tensors.put("layers.2.bias", Tensor.of(new float[2]));
    tensors.put("layers.1.bias", Tensor.of(new float[] {0, Float.NaN}));
    tensors.put("layers.0.norm.variance", Tensor.of(new float[] {1, -1, 1}));
    List<String> problems = NetworkTensors.problems(tensors, network.layout());
    assertEquals(4, problems.size());
    assertEquals("layers.0.weight: expected shape [3, 5], found [5, 3]", problems.get(0));
    assertTrue(problems.get(1).startsWith("layers.2.bias: expected one of layers.0.weight, "));
    assertEquals("layers.1.bias: expected finite values, found NaN at position 1", problems.get(2));
    assertTrue(problems.get(3).contains("of at least 0, found -1.0 at position 1"));
    assertThrows(IllegalArgumentException.class, () -> NetworkTensors.load(tensors, network));
    assertArrayEquals(before, network.parameters());

    Network withoutNorm = network(false, 1);
    assertEquals(
        1,
        NetworkTensors.problems(
                Map.of("layers.0.norm.scale", Tensor.of(new float[3])), withoutNorm.layout())
            .size());
  }
}
