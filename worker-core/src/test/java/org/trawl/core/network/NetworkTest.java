package org.trawl.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.trawl.core.network.DenseTensors.batchNorm;
import static org.trawl.core.network.DenseTensors.biases;
import static org.trawl.core.network.DenseTensors.setBatchNorm;
import static org.trawl.core.network.DenseTensors.setBiases;
import static org.trawl.core.network.DenseTensors.setWeights;
import static org.trawl.core.network.DenseTensors.weights;

import java.util.Collections;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;

class NetworkTest {

  @Test
  void weightsAreOutputsByInputs() {
    Network network = network(List.of(2), true, 3, 2);
    FMatrixRMaj weights = new FMatrixRMaj(new float[][] {{1, 2, 3}, {4, 5, 6}});
    setWeights(network, 1, weights);
    setBiases(network, 1, new float[] {7, 8});
    assertArrayEquals(weights.data, weights(network, 1).data);
    assertEquals(2, weights(network, 1).numRows);
    assertArrayEquals(new float[] {7, 8}, biases(network, 1));
    assertArrayEquals(new float[4], weights(network, 2).data, "the other layer is untouched");
    weights(network, 1).data[0] = 100;
    assertEquals(1, weights(network, 1).get(0, 0), "a copy");
  }

  @Test
  void weightsAndBiasesOfAnotherSizeAreRefused() {
    Network network = network(List.of(2), true, 3, 2);
    var weights =
        assertThrows(
            IllegalArgumentException.class, () -> setWeights(network, 1, new FMatrixRMaj(2, 4)));
    assertEquals("Invalid weight (6 values expected): 8", weights.getMessage());
    var biases =
        assertThrows(
            IllegalArgumentException.class, () -> setBiases(network, 2, new float[] {1, 2, 3}));
    assertEquals("Invalid bias (2 values expected): 3", biases.getMessage());

    Network without = network(List.of(2), false, 3, 2);
    assertEquals(0, biases(without, 1).length);
  }

  @Test
  void anUntrainedNetworkOfZerosGivesEveryClassTheSameProbability() {
    Network network = network(List.of(4), true, 3, 5);
    Workspace workspace = network.evaluationWorkspace(2);
    network.evaluate(workspace, new int[] {0, 4});
    for (int i = 0; i < 10; i++) {
      assertEquals(0.2, output(network, workspace, i / 5, i % 5), 1e-7);
    }
    assertEquals(Math.log(5), workspace.losses[0], 1e-6);
    assertEquals(Math.log(5), workspace.losses[1], 1e-6);
  }

  @Test
  void largeLogitsNeitherOverflowNorLoseTheLoss() {
    Network network = network(List.of(), true, 1, 3);
    setBiases(network, 1, new float[] {1e4f, 0, -1e30f});
    Workspace workspace = network.evaluationWorkspace(3);
    network.evaluate(workspace, new int[] {0, 1, 2});
    assertArrayEquals(new float[] {0, 1e4f, 1e30f}, workspace.losses, 1f);
    assertEquals(1f, output(network, workspace, 0, 0));
    assertEquals(0f, output(network, workspace, 0, 1));
  }

  @Test
  void aBatchMayBeSmallerThanTheCapacityAndNoLarger() {
    Network network = network(List.of(), true, 1, 2);
    setBiases(network, 1, new float[] {2, 0});
    Workspace workspace = network.evaluationWorkspace(20);
    workspace.resize(2);
    network.evaluate(workspace, new int[] {0, 1});
    double ofFirst = Math.log(1 + Math.exp(-2));
    assertEquals(ofFirst, workspace.losses[0], 1e-6);
    assertEquals(ofFirst + 2, workspace.losses[1], 1e-6);
    assertThrows(IllegalArgumentException.class, () -> workspace.resize(0));
    var exception = assertThrows(IllegalArgumentException.class, () -> workspace.resize(21));
    assertEquals("Invalid rows of a batch (1 to 20): 21", exception.getMessage());
  }

  @Test
  void aSamplesLossDoesNotDependOnTheRestOfTheBatch() {
    Network network = network(List.of(9), true, 5, 3);
    network.initialize(name -> new RandomStream(name.hashCode()));
    int rows = 11;
    Workspace all = network.evaluationWorkspace(rows);
    for (int i = 0; i < rows * 5; i++) {
      all.inputs[Panels.index(all.stride(), i / 5, i % 5)] = (float) Math.sin(i);
    }
    int[] classes = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1};
    network.evaluate(all, classes);
    Workspace one = network.evaluationWorkspace(1);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 5; j++) {
        one.inputs[Panels.index(one.stride(), 0, j)] = all.inputs[Panels.index(all.stride(), i, j)];
      }
      network.evaluate(one, new int[] {classes[i]});
      assertEquals(all.losses[i], one.losses[0], 0f);
    }
    assertTrue(all.losses[0] != all.losses[3]);
  }

  @Test
  void aStateIsACopyThatBringsEverythingLearntBack() {
    NetworkSpec spec =
        new NetworkSpec(
            List.of(3),
            Activation.TANH,
            Activation.SOFTMAX,
            true,
            Initializer.HE_NORMAL,
            List.of(0.0),
            true);
    Network network = new Network(spec, 4, 2, Loss.CROSS_ENTROPY, Kernels.best());
    NetworkState start = network.newState();
    network.initialize(name -> new RandomStream(name.hashCode()));
    float[] ones = {1, 1, 1};
    float[] means = {2, 3, 4};
    setBatchNorm(network, 1, new DenseTensors.BatchNorm(ones, ones, means, new float[] {5, 6, 7}));
    float[] drawn = network.parameters().clone();
    NetworkState state = network.newState();
    network.restore(start);
    assertEquals(0f, weights(network, 1).get(0, 0));
    assertArrayEquals(ones, batchNorm(network, 1).variance());
    network.restore(state);
    assertArrayEquals(drawn, network.parameters());
    assertArrayEquals(means, batchNorm(network, 1).mean());
    assertArrayEquals(new float[] {5, 6, 7}, batchNorm(network, 1).variance());
    network.parameters()[0]++;
    network.save(state);
    network.restore(start);
    network.restore(state);
    assertEquals(drawn[0] + 1, network.parameters()[0]);
  }

  private static float output(Network network, Workspace workspace, int row, int column) {
    return network.outputs(workspace)[Panels.index(workspace.stride(), row, column)];
  }

  private static Network network(List<Integer> hidden, boolean bias, int features, int classes) {
    NetworkSpec spec =
        new NetworkSpec(
            hidden,
            Activation.RELU,
            Activation.SOFTMAX,
            bias,
            Initializer.HE_NORMAL,
            Collections.nCopies(hidden.size(), 0.0),
            false);
    return new Network(spec, features, classes, Loss.CROSS_ENTROPY, Kernels.best());
  }
}
