package org.trawl.core.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.trawl.core.kernel.Panels;

/**
 * Where each layer's parameters lie in the flat parameter array: layer by layer, its weights as a
 * matrix of inputs x outputs in {@link Panels}, then its biases, then the scales and shifts of its
 * batch normalisation, whole panels each. What fills up the panels is 0 and stays 0.
 *
 * @param layers in order, the output layer last
 * @param length of the array
 */
public record Layout(List<LayerShape> layers, int length) {

  public Layout {
    layers = List.copyOf(layers);
  }

  /**
   * The shape of one layer and the places of its parameters.
   *
   * @param number from 1
   * @param inputs width of the layer before, or features
   * @param outputs its own width, or classes
   * @param weights offset of its weights
   * @param biases offset of its biases, or {@link #NONE}
   * @param scales offset of its batch normalisation's scales, or {@link #NONE}; its shifts follow
   */
  public record LayerShape(
      int number, int inputs, int outputs, int weights, int biases, int scales) {
    /** The offset of what a layer does not have. */
    public static final int NONE = -1;

    /** The place of a weight. */
    public int weight(int input, int output) {
      return weights + Panels.index(inputs, input, output);
    }

    /** The panels of its outputs. */
    public int panels() {
      return Panels.count(outputs);
    }

    /** The offset of a panel of its weights. */
    public int weightPanel(int panel) {
      return weights + panel * inputs * Panels.WIDTH;
    }

    public boolean hasBias() {
      return biases != NONE;
    }

    public boolean hasBatchNorm() {
      return scales != NONE;
    }

    /** The offset of its batch normalisation's shifts. */
    public int shifts() {
      return scales + panels() * Panels.WIDTH;
    }

    /** The offset after its last parameter. */
    public int end() {
      int width = panels() * Panels.WIDTH;
      int vectors = (hasBias() ? 1 : 0) + (hasBatchNorm() ? 2 : 0);
      return weights + (inputs + vectors) * width;
    }

    /** The number of its weights, biases, scales and shifts. */
    public long parameters() {
      int vectors = (hasBias() ? 1 : 0) + (hasBatchNorm() ? 2 : 0);
      return ((long) inputs + vectors) * outputs;
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
      long width = (long) Panels.count(outputs) * Panels.WIDTH;
      long biases = offset + inputs * width;
      long scales = biases + (spec.bias() ? width : 0);
      boolean batchNorm = spec.batchNorm() && layers.size() < spec.hidden().size();
      long end = scales + (batchNorm ? 2 * width : 0);
      if (end > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid hidden (at most %d parameters in all): %s",
                Integer.MAX_VALUE - 8,
                spec.hidden()));
      }
      layers.add(
          new LayerShape(
              layers.size() + 1,
              inputs,
              outputs,
              (int) offset,
              spec.bias() ? (int) biases : LayerShape.NONE,
              batchNorm ? (int) scales : LayerShape.NONE));
      offset = end;
      inputs = outputs;
    }
    return new Layout(layers, (int) offset);
  }

  /** The number of parameters, without what fills up panels. */
  public long parameters() {
    return layers.stream().mapToLong(LayerShape::parameters).sum();
  }
}
