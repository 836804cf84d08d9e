package org.trawl.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NetworkSpecTest {

  @Test
  void refusesWidthsBelowOne() {
    assertRefused(
        "Invalid hidden (a width is at least 1): [3, 0]",
        () -> spec(List.of(3, 0), Activation.RELU, List.of(0.0, 0.0)));
  }

  @Test
  void refusesAnotherNumberOfDropoutRatesThanHiddenLayers() {
    assertRefused(
        "Invalid dropout (one a hidden layer, 2 expected): [0.5]",
        () -> spec(List.of(3, 4), Activation.RELU, List.of(0.5)));
  }

  @Test
  void refusesDropoutRatesOutsideZeroToOne() {
    for (double rate : new double[] {-0.1, 1, Double.NaN}) {
      assertRefused(
          "Invalid dropout (at least 0, below 1): [" + rate + "]",
          () -> spec(List.of(3), Activation.RELU, List.of(rate)));
    }
  }

  @Test
  void refusesSoftmaxOfOneUnit() {
    assertRefused(
        "Invalid activation (softmax of one unit is always 1): softmax, hidden [3, 1]",
        () -> spec(List.of(3, 1), Activation.SOFTMAX, List.of(0.0, 0.0)));
  }

  @Test
  void keepsItsOwnCopyOfLists() {
    List<Integer> hidden = new ArrayList<>(List.of(3));
    NetworkSpec spec = spec(hidden, Activation.RELU, List.of(0.0));
    hidden.add(4);
    assertEquals(List.of(3), spec.hidden());
  }

  @Test
  void layoutPlacesWeightsThenBiasesLayerByLayer() {
    Layout layout = Layout.of(spec(List.of(3), Activation.RELU, List.of(0.0)), 5, 2);
    List<String> places = new ArrayList<>();
    for (Layer layer : layout.layers()) {
      for (LayerTensor tensor : layer.tensors()) {
        places.add(layer.name(tensor) + " " + tensor.from() + "-" + tensor.end());
      }
    }
    assertEquals(
        List.of(
            "layers.0.weight 0-80",
            "layers.0.bias 80-96",
            "layers.1.weight 96-144",
            "layers.1.bias 144-160"),
        places);
    assertEquals(160, layout.length(), "in panels of 16 columns");
    assertEquals(5 * 3 + 3 + 3 * 2 + 2, layout.parameters());
  }

  @Test
  void layoutRefusesMoreParametersThanOneArrayHolds() {
    NetworkSpec spec = spec(List.of(50_000, 50_000), Activation.RELU, List.of(0.0, 0.0));
    assertRefused(
        "Invalid hidden (at most 2147483639 parameters in all): [50000, 50000]",
        () -> Layout.of(spec, 10, 10));
  }

  @Test
  void workspaceRefusesABatchThatNoArrayHolds() {
    Layout layout = Layout.of(spec(List.of(), Activation.RELU, List.of()), 1000, 2);
    assertRefused(
        "Cannot hold a matrix of 10000000 x 1000 in one array (at most 2147483639 values)",
        () -> Workspace.forEvaluation(layout, 10_000_000));
  }

  private static NetworkSpec spec(
      List<Integer> hidden, Activation activation, List<Double> dropout) {
    return new NetworkSpec(
        hidden, activation, Activation.SOFTMAX, true, Initializer.GLOROT_UNIFORM, dropout, false);
  }

  private static void assertRefused(String message, Executable executable) {
    var exception = assertThrows(IllegalArgumentException.class, executable);
    assertEquals(message, exception.getMessage());
  }
}
