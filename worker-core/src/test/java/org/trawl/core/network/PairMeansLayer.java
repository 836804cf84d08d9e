package org.trawl.core.network;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.LayerTensor.Role;

/**
 * A second kind of layer, which only tests know: the mean m of each pair of neighbouring inputs,
 * scaled and shifted, s m + t; of an odd number of inputs the last one is left out. All that is
 * known of it is in this file; {@link #network} stands for the list of kinds.
 */
public final class PairMeansLayer extends Layer {
  private final LayerTensor scales;
  private final LayerTensor shifts;

  private PairMeansLayer(Layout.Builder at) {
    super(at, at.width() / 2);
    scales = at.tensor("pairs.scale", Role.SCALES, outputs());
    shifts = at.tensor("pairs.shift", Role.SHIFTS, outputs());
  }

  /** Features to 2 x width units of tanh, their pairs, 2 x width units again, pairs, classes. */
  public static Layout network(int features, int width, int classes, boolean batchNorm) {
    Units.Kind tanh = new Units.Kind(Activation.TANH, batchNorm, 0, true);
    Layout.Builder layers = new Layout.Builder(features, List.of(width));
    for (int i = 0; i < 2; i++) {
      layers.add(new DenseLayer(layers, 2 * width, true, Initializer.GLOROT_UNIFORM, tanh));
      layers.add(new PairMeansLayer(layers));
    }
    Units.Kind output = Units.Kind.OUTPUT;
    layers.add(new DenseLayer(layers, classes, true, Initializer.GLOROT_UNIFORM, output));
    return layers.layout();
  }

  /** The pairs of the features themselves, then classes. */
  public static Layout ofFeatures(int features, int classes) {
    Layout.Builder layers = new Layout.Builder(features, List.of());
    layers.add(new PairMeansLayer(layers));
    Units.Kind output = Units.Kind.OUTPUT;
    layers.add(new DenseLayer(layers, classes, true, Initializer.GLOROT_UNIFORM, output));
    return layers.layout();
  }

  @Override
  public List<LayerOperation> operations() {
    return List.of(new LayerOperation("PairMeans", List.of(scales, shifts), Map.of()));
  }

  @Override
  public long multiplyAdds() {
    return 2L * outputs();
  }

  @Override
  public Map<LayerWork, Long> trainingWork() {
    return Map.of(LayerWork.VALUES, (long) inputs() + outputs());
  }

  @Override
  public Map<LayerWork, Long> evaluationWork() {
    return Map.of(LayerWork.VALUES, (long) outputs());
  }

  @Override
  LayerPass newPass(Room room, LayerInput input) {
    float[] outputs = room.batch(outputs());
    return new Pass(room, input, outputs, room.training() ? room.batch(outputs()) : null);
  }

  private final class Pass extends LayerPass {
    private final Room room;
    private final LayerInput input;
    private final int width = scales.length();

    /** Of the scales, then of the shifts. */
    private final float[] gradient;

    Pass(Room room, LayerInput input, float[] outputs, float[] deltas) {
      super(outputs, deltas);
      this.room = room;
      this.input = input;
      this.gradient = room.array(room.training() ? 2 * width : 0);
    }

    @Override
    void forward(boolean training) {
      for (int row = 0; row < room.rows(); row++) {
        for (int j = 0; j < outputs(); j++) {
          float scale = room.parameters[scales.from() + j];
          float shift = room.parameters[shifts.from() + j];
          outputs[place(row, j)] = Math.fma(scale, mean(row, j), shift);
        }
      }
    }

    @Override
    void backward(GradientSink sink) {
      if (input.deltas() == null) {
        return;
      }
      for (int row = 0; row < room.rows(); row++) {
        for (int i = 0; i < inputs(); i++) {
          boolean paired = i / 2 < outputs();
          float scale = paired ? room.parameters[scales.from() + i / 2] / 2 : 0;
          float delta = paired ? deltas[place(row, i / 2)] : 0;
          input.deltas()[place(row, i)] = scale * delta;
        }
      }
      Panels.clearFill(room.rows(), inputs(), input.deltas(), room.stride());
    }

    @Override
    void gradient(GradientSink sink) {
      addGradient(false);
      deliver(sink);
    }

    @Override
    void addGradient(boolean add) {
      if (!add) {
        Arrays.fill(gradient, 0f);
      }
      for (int row = 0; row < room.rows(); row++) {
        for (int j = 0; j < outputs(); j++) {
          float delta = deltas[place(row, j)];
          gradient[j] = Math.fma(delta, mean(row, j), gradient[j]);
          gradient[width + j] += delta;
        }
      }
    }

    @Override
    void deliver(GradientSink sink) {
      sink.biases(gradient, 0, scales.from(), 2 * width);
    }

    private float mean(int row, int pair) {
      return (input.values()[place(row, 2 * pair)] + input.values()[place(row, 2 * pair + 1)]) / 2;
    }

    private int place(int row, int column) {
      return Panels.index(room.stride(), row, column);
    }
  }
}
