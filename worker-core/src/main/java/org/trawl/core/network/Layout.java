package org.trawl.core.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each layer's parameters lie in the flat parameter array: layer by layer, its weights as
 * [inputs][outputs], then its biases.
 *
 * @param layers in order, the output layer last
 * @param parameters length of the array
 */
public record Layout(List<LayerShape> layers, int parameters) {

  public Layout {
    layers = List.copyOf(layers);
  }

  /**
   * The shape of one layer and the places of its parameters.
   *
   * @param number from 1
   * @param inputs width of the layer before, or features
   * @param outputs its own width, or classes
   * @param weights offset of its inputs x outputs weights
   * @param biases offset of its biases, or {@link #NONE}
   */
  public record LayerShape(int number, int inputs, int outputs, int weights, int biases) {
    /** The offset of what a layer does not have. */
    public static final int NONE = -1;

    /** The number of its weights. */
    public int weightCount() {
      return inputs * outputs;
    }

    public boolean hasBias() {
      return biases != NONE;
    }
  }

  /**
   * The layout of a network for given data.
   *
   * @throws IllegalArgumentException if its parameters do not fit one array
   */
  public static Layout of(NetworkSpec spec, int features, int classes) {
    List<Integer> widths = new ArrayList<>(spec.hidden());
    widths.add(classes);
    List<LayerShape> layers = new ArrayList<>();
    long offset = 0;
    int inputs = features;
    for (int outputs : widths) {
      long biases = offset + (long) inputs * outputs;
      long end = biases + (spec.bias() ? outputs : 0);
      if (end > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "Invalid hidden (at most %d parameters in all): %s"
                .formatted(Integer.MAX_VALUE - 8, spec.hidden()));
      }
      layers.add(
          new LayerShape(
              layers.size() + 1,
              inputs,
              outputs,
              (int) offset,
              spec.bias() ? (int) biases : LayerShape.NONE));
      offset = end;
      inputs = outputs;
    }
    return new Layout(layers, (int) offset);
  }
}
