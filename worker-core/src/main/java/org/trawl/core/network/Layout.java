package org.trawl.core.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.LayerTensor.Role;

/**
 * The layers of a network, and where what they learn lies: in the flat array of parameters, and in
 * another of statistics, layer by layer and tensor by tensor, whole panels each.
 *
 * @param layers in order, the output layer last
 * @param length of the array of parameters
 * @param statistics length of that of statistics
 */
public record Layout(List<Layer> layers, int length, int statistics) {

  public Layout {
    layers = List.copyOf(layers);
  }

  /**
   * The layout of a network for given data: here all kinds of layers are listed.
   *
   * @throws IllegalArgumentException if its parameters do not fit one array
   */
  public static Layout of(NetworkSpec spec, int features, int classes) {
    Builder layers = new Builder(features, spec.hidden());
    for (int index = 0; index < spec.hidden().size(); index++) {
      double dropout = spec.dropout().get(index);
      Units.Kind kind = new Units.Kind(spec.activation(), spec.batchNorm(), dropout, true);
      int width = spec.hidden().get(index);
      layers.add(new DenseLayer(layers, width, spec.bias(), spec.initializer(), kind));
    }
    layers.add(new DenseLayer(layers, classes, spec.bias(), spec.initializer(), Units.Kind.OUTPUT));
    return layers.layout();
  }

  /** The number of parameters, without what fills up panels. */
  public long parameters() {
    return layers.stream().mapToLong(Layer::parameters).sum();
  }

  /** Multiplications and additions of a sample on its way forth. */
  public long multiplyAdds() {
    return layers.stream().mapToLong(Layer::multiplyAdds).sum();
  }

  /** As {@link Layer#normalizes}, of any layer. */
  public boolean normalizes() {
    return layers.stream().anyMatch(Layer::normalizes);
  }

  /** As {@link Layer#needsWholeBatch}, of any layer. */
  public boolean needsWholeBatch() {
    return layers.stream().anyMatch(Layer::needsWholeBatch);
  }

  /** Places one layer after the other. */
  static final class Builder {
    private final Object hidden;
    private final List<Layer> layers = new ArrayList<>();
    private int width;
    private int parameters;
    private int statistics;

    /** What the layer at hand learns. */
    private List<LayerTensor> tensors = new ArrayList<>();

    /**
     * No layers yet.
     *
     * @param hidden names the layers where they are too many parameters
     */
    Builder(int features, Object hidden) {
      this.width = features;
      this.hidden = hidden;
    }

    /** The number of the next layer, from 1. */
    int number() {
      return layers.size() + 1;
    }

    /** What the next layer reads: the outputs of the one before, or the features. */
    int width() {
      return width;
    }

    /** The place of the next parameter. */
    int place() {
      return parameters;
    }

    /** Begins the next layer: the tensors that it is about to place. */
    List<LayerTensor> begin() {
      tensors = new ArrayList<>();
      return tensors;
    }

    /**
     * Places a tensor of the layer at hand.
     *
     * @throws IllegalArgumentException if all parameters do not fit one array any more
     */
    LayerTensor tensor(String name, Role role, Integer... shape) {
      int from = role.learnt() ? parameters : statistics;
      LayerTensor tensor = new LayerTensor(name, role, List.of(shape), from);
      long length = (long) Panels.count(tensor.outputs()) * Panels.WIDTH;
      for (int i = 1; i < shape.length; i++) {
        length *= shape[i];
      }
      if (from + length > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid hidden (at most %d parameters in all): %s",
                Integer.MAX_VALUE - 8,
                hidden));
      }
      if (role.learnt()) {
        parameters += (int) length;
      } else {
        statistics += (int) length;
      }
      tensors.add(tensor);
      return tensor;
    }

    /** Adds the layer whose tensors were placed. */
    void add(Layer layer) {
      layers.add(layer);
      width = layer.outputs();
    }

    /** All layers. */
    Layout layout() {
      return new Layout(layers, parameters, statistics);
    }
  }
}
