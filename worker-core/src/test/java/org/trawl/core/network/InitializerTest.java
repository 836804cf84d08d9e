package org.trawl.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.trawl.core.network.DenseTensors.biases;
import static org.trawl.core.network.DenseTensors.weights;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Statistics;
import org.trawl.core.training.SeedStreams;

class InitializerTest {
  private static final int FEATURES = 300;
  private static final int HIDDEN = 201;
  private static final int CLASSES = 10;

  /** Of the first layer, 300 to 201, and the second, 201 to 10. */
  @ParameterizedTest
  @CsvSource({
    "RANDOM, 0, 0.01, 0, 0.01",
    "GLOROT_UNIFORM, -0.1094351, 0.1094351, -0.1686298, 0.1686298",
    "HE_UNIFORM, -0.1414214, 0.1414214, -0.1727737, 0.1727737"
  })
  void uniformSchemesFillTheirRangeEvenly(
      Initializer initializer, double low1, double high1, double low2, double high2) {
    Network network = network(initializer, List.of(HIDDEN), true, 1);
    checkUniform(weights(network, 1).data, low1, high1);
    checkUniform(weights(network, 2).data, low2, high2);
  }

  private static void checkUniform(float[] weights, double low, double high) {
    double width = high - low;
    double[] values = doubles(weights);
    for (double value : values) {
      assertTrue(value >= low - 1e-6 && value <= high + 1e-6, "out of range: " + value);
    }
    double root = Math.sqrt(values.length);
    double mean = Statistics.mean(values);
    assertEquals((low + high) / 2, mean, Statistics.DEVIATIONS * width / Math.sqrt(12) / root);
    // Of a uniform distribution of width 1 the variance is 1/12, that of its estimate 1/180 / n.
    double bound = Statistics.DEVIATIONS / Math.sqrt(180) / root;
    assertEquals(1.0 / 12, Statistics.moment(values, mean, width, 2), bound);
    long[] tenths = new long[10];
    for (double value : values) {
      tenths[(int) Math.min(9, Math.max(0, (value - low) / width * 10))]++;
    }
    assertTrue(Statistics.chiSquare(tenths) < Statistics.chiSquareBound(10));
  }

  @ParameterizedTest
  @CsvSource({
    "NORMAL, 0.01, 0.01",
    "GAUSSIAN, 1, 1",
    "GLOROT_NORMAL, 0.0631824, 0.0973585",
    "HE_NORMAL, 0.0816497, 0.0997509",
    "LECUN_NORMAL, 0.0577350, 0.0705346"
  })
  void normalSchemesHaveTheirDeviation(
      Initializer initializer, double deviation1, double deviation2) {
    Network network = network(initializer, List.of(HIDDEN), true, 2);
    checkNormal(weights(network, 1).data, deviation1);
    checkNormal(weights(network, 2).data, deviation2);
  }

  private static void checkNormal(float[] weights, double deviation) {
    double[] values = doubles(weights);
    double bound = Statistics.DEVIATIONS / Math.sqrt(values.length);
    assertEquals(0, Statistics.mean(values) / deviation, bound);
    assertEquals(1, Statistics.moment(values, 0, deviation, 2), bound * Math.sqrt(2));
    assertEquals(3, Statistics.moment(values, 0, deviation, 4), bound * Math.sqrt(96));
  }

  @Test
  void zeroLeavesEveryWeightAtZero() {
    Network network = network(Initializer.ZERO, List.of(HIDDEN), true, 3);
    assertArrayEquals(new float[network.parameters().length], network.parameters());
  }

  @ParameterizedTest
  @EnumSource(Initializer.class)
  void biasesStartAtZero(Initializer initializer) {
    Network network = network(initializer, List.of(7, 5), true, 4);
    for (int layer = 1; layer <= 3; layer++) {
      float[] biases = biases(network, layer);
      assertEquals(network.layout().layers().get(layer - 1).outputs(), biases.length);
      assertArrayEquals(new float[biases.length], biases);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Initializer.class, mode = EnumSource.Mode.EXCLUDE, names = "ZERO")
  void theSameSeedGivesTheSameWeightsAndAnotherSeedOthers(Initializer initializer) {
    Network network = network(initializer, List.of(7, 5), true, 5);
    float[] weights = network.parameters().clone();
    network.initialize(new SeedStreams(5)::stream);
    assertArrayEquals(weights, network.parameters(), "initialized again");
    for (int layer = 1; layer <= 3; layer++) {
      assertArrayEquals(
          weights(network(initializer, List.of(7, 5), true, 5), layer).data,
          weights(network, layer).data);
      assertFalse(
          Arrays.equals(
              weights(network(initializer, List.of(7, 5), true, 6), layer).data,
              weights(network, layer).data));
    }
  }

  /** So that the points of a repeat, which differ in other keys, are compared in pairs. */
  @Test
  void aLayersWeightsDependOnItsOwnShapeOnly() {
    Network network = network(Initializer.GLOROT_UNIFORM, List.of(7, 5), true, 8);
    float[] first = weights(network, 1).data;
    float[] second = weights(network, 2).data;
    assertArrayEquals(
        first, weights(network(Initializer.GLOROT_UNIFORM, List.of(7), true, 8), 1).data);
    Network deeper = network(Initializer.GLOROT_UNIFORM, List.of(7, 5, 9), false, 8);
    assertArrayEquals(first, weights(deeper, 1).data);
    assertArrayEquals(second, weights(deeper, 2).data);
  }

  @Test
  void layersOfOneShapeStartDifferently() {
    Network network = network(Initializer.NORMAL, List.of(50, 50, 50), true, 9);
    double[] second = doubles(weights(network, 2).data);
    double[] third = doubles(weights(network, 3).data);
    double correlation = Statistics.correlation(second, third);
    assertEquals(0, correlation, Statistics.correlationBound(second.length));
  }

  private static Network network(
      Initializer initializer, List<Integer> hidden, boolean bias, long seed) {
    NetworkSpec spec =
        new NetworkSpec(
            hidden,
            Activation.RELU,
            Activation.SOFTMAX,
            bias,
            initializer,
            Collections.nCopies(hidden.size(), 0.0),
            false);
    Network network = new Network(spec, FEATURES, CLASSES, Loss.CROSS_ENTROPY, Kernels.best());
    network.initialize(new SeedStreams(seed)::stream);
    return network;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
