package org.trawl.driver.results;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.trawl.core.training.LayerResult;

/** A layer of an epoch as rows hold it: in the journal nested, in the table layers flat. */
final class LayerMetrics {
  static final List<Column> COLUMNS =
      List.of(
          Column.whole("layer", "from 1, the output layer last"),
          Column.real(
              "gradient_mean",
              "mean magnitude of the loss gradient by weights, penalty included, before clipping;"
                  + " this, the next three and activations: over at most 32 evenly spaced steps of"
                  + " the epoch, the first one included"),
          Column.real("gradient_max", "largest magnitude of the loss gradient by weights"),
          Column.real("bias_gradient_mean", "mean magnitude of the loss gradient by biases"),
          Column.real("bias_gradient_max", "largest magnitude of the gradient by biases"),
          Column.real(
              "inactive_fraction",
              "share of neurons with a mean over the epoch's samples below 1e-5 of"
                  + " |d loss of the sample / d z|, z what the activation is applied to"),
          Column.real("weight_norm", "root of the sum of squared weights, after the epoch"),
          Column.real("activation_mean", "mean of the activations, before noise and dropout"),
          Column.real("activation_deviation", "standard deviation of those activations"));

  private LayerMetrics() {}

  static Map<String, Object> row(LayerResult layer) {
    Map<String, Object> row = new HashMap<>();
    row.put("layer", layer.layer());
    COLUMNS.stream().skip(1).forEach(column -> row.put(column.name(), value(layer, column.name())));
    return row;
  }

  /** A metric's value; NaN where the layer has none. */
  static double value(LayerResult layer, String metric) {
    return switch (metric) {
      case "gradient_mean" -> layer.gradientMean();
      case "gradient_max" -> layer.gradientMax();
      case "bias_gradient_mean" -> layer.biasGradientMean();
      case "bias_gradient_max" -> layer.biasGradientMax();
      case "inactive_fraction" -> layer.inactiveFraction();
      case "weight_norm" -> layer.weightNorm();
      case "activation_mean" -> layer.activationMean();
      case "activation_deviation" -> layer.activationDeviation();
      default -> throw new IllegalArgumentException("Unknown metric of a layer: " + metric);
    };
  }

  /** The layers of a list of rows; none of what an older file lacks. */
  static List<LayerResult> layers(Object rows) {
    return rows instanceof List<?> list
        ? list.stream().map(LayerMetrics::layer).toList()
        : List.of();
  }

  private static LayerResult layer(Object struct) {
    Map<?, ?> row = (Map<?, ?>) struct;
    return new LayerResult(
        (Integer) row.get("layer"),
        real(row, "gradient_mean"),
        real(row, "gradient_max"),
        real(row, "bias_gradient_mean"),
        real(row, "bias_gradient_max"),
        real(row, "inactive_fraction"),
        real(row, "weight_norm"),
        real(row, "activation_mean"),
        real(row, "activation_deviation"));
  }

  /** A real number; NaN where it was not finite, and so stored as NULL. */
  private static double real(Map<?, ?> row, String name) {
    return row.get(name) instanceof Double value ? value : Double.NaN;
  }
}
