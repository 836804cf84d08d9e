package org.trawl.core.network;

import java.util.Optional;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.network.LayerTensor.Role;

/** What a network's dense layers have learnt, for tests that set it or look at it. */
public final class DenseTensors {
  private DenseTensors() {}

  /** The batch normalisation of a layer, one value a unit. */
  public record BatchNorm(float[] scale, float[] shift, float[] mean, float[] variance) {}

  /** A layer's weights, outputs x inputs; layers count from 1. */
  public static FMatrixRMaj weights(Network network, int layer) {
    LayerTensor weights = tensor(network, layer, Role.WEIGHTS).orElseThrow();
    return FMatrixRMaj.wrap(weights.outputs(), weights.depth(), network.values(weights));
  }

  public static void setWeights(Network network, int layer, FMatrixRMaj weights) {
    network.setValues(tensor(network, layer, Role.WEIGHTS).orElseThrow(), weights.data);
  }

  /** Empty where it has none. */
  public static float[] biases(Network network, int layer) {
    return tensor(network, layer, Role.BIASES).map(network::values).orElse(new float[0]);
  }

  public static void setBiases(Network network, int layer, float[] biases) {
    network.setValues(tensor(network, layer, Role.BIASES).orElseThrow(), biases);
  }

  public static BatchNorm batchNorm(Network network, int layer) {
    return new BatchNorm(
        network.values(tensor(network, layer, Role.SCALES).orElseThrow()),
        network.values(tensor(network, layer, Role.SHIFTS).orElseThrow()),
        network.values(tensor(network, layer, Role.MEANS).orElseThrow()),
        network.values(tensor(network, layer, Role.VARIANCES).orElseThrow()));
  }

  public static void setBatchNorm(Network network, int layer, BatchNorm norm) {
    network.setValues(tensor(network, layer, Role.SCALES).orElseThrow(), norm.scale());
    network.setValues(tensor(network, layer, Role.SHIFTS).orElseThrow(), norm.shift());
    network.setValues(tensor(network, layer, Role.MEANS).orElseThrow(), norm.mean());
    network.setValues(tensor(network, layer, Role.VARIANCES).orElseThrow(), norm.variance());
  }

  public static boolean hasBias(Layer layer) {
    return layer.parameters(Role.BIASES) > 0;
  }

  public static boolean hasBatchNorm(Layer layer) {
    return layer.parameters(Role.SCALES) > 0;
  }

  private static Optional<LayerTensor> tensor(Network network, int layer, Role role) {
    return network.layout().layers().get(layer - 1).tensors().stream()
        .filter(tensor -> tensor.role() == role)
        .findFirst();
  }
}
