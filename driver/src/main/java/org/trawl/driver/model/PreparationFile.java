package org.trawl.driver.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.trawl.core.data.preparation.FittedStep;
import org.trawl.core.data.preparation.Preparation;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.network.Tensor;

/**
 * A fitted preparation in a model's file: a list of steps in JSON, each with its kind and its
 * sizes, and their numbers as tensors called {@code prepare.0.scale} and the like.
 */
final class PreparationFile {
  /** What the names of its tensors begin with. */
  static final String PREFIX = "prepare.";

  /** What comes before all steps: the offsets of raw features, in double precision. */
  private static final String OFFSETS = "offsets";

  private PreparationFile() {}

  /** Adds the steps to a list, and their numbers to tensors. */
  static void write(Preparation preparation, ArrayNode steps, Map<String, Tensor> tensors) {
    if (preparation.offsets().length > 0) {
      ArrayNode offsets = steps.addObject().put("kind", OFFSETS).putArray("offsets");
      for (double offset : preparation.offsets()) {
        offsets.add(offset);
      }
    }
    for (FittedStep step : preparation.steps()) {
      String prefix = prefix(steps.size());
      ObjectNode json = steps.addObject();
      if (step instanceof FittedStep.Affine affine) {
        json.put("kind", "affine");
        tensors.put(prefix + "scale", Tensor.of(affine.scale()));
        tensors.put(prefix + "shift", Tensor.of(affine.shift()));
      } else if (step instanceof FittedStep.Pca pca) {
        json.put("kind", "pca");
        tensors.put(prefix + "mean", Tensor.of(pca.mean()));
        tensors.put(
            prefix + "loadings", new Tensor(List.of(pca.inputs(), pca.outputs()), pca.loadings()));
      } else if (step instanceof FittedStep.Impute impute) {
        ArrayNode indicated = json.put("kind", "impute").putArray("indicated");
        impute.indicated().forEach(feature -> indicated.add(feature.intValue()));
        tensors.put(prefix + "values", Tensor.of(impute.values()));
      } else if (step instanceof FittedStep.OneHot oneHot) {
        json.put("kind", "one-hot").put("inputs", oneHot.inputs());
        ArrayNode columns = json.putArray("columns");
        for (TextColumn column : oneHot.columns()) {
          ArrayNode values =
              columns.addObject().put("feature", column.feature()).putArray("values");
          column.values().forEach(values::add);
        }
      } else if (step instanceof FittedStep.Gray gray) {
        shape(json.put("kind", "gray"), gray.shape()).put("whole", gray.whole());
      } else if (step instanceof FittedStep.Resize resize) {
        pair(
            shape(json.put("kind", "resize"), resize.shape()).put("whole", resize.whole()),
            "to",
            resize.rows(),
            resize.columns());
      } else if (step instanceof FittedStep.Hog hog) {
        PrepareStep.Hog sizes = hog.step();
        shape(json.put("kind", "hog"), hog.shape()).put("orientations", sizes.orientations());
        pair(json, "pixels_per_cell", sizes.pixelRows(), sizes.pixelColumns());
        pair(json, "cells_per_block", sizes.cellRows(), sizes.cellColumns());
      }
    }
  }

  /**
   * Reads the steps of a file.
   *
   * @throws IllegalArgumentException if they are none
   */
  static Preparation read(JsonNode steps, Map<String, Tensor> tensors) {
    List<FittedStep> read = new ArrayList<>();
    double[] offsets = {};
    for (int i = 0; i < steps.size(); i++) {
      if (i == 0 && steps.get(i).path("kind").asText().equals(OFFSETS)) {
        JsonNode numbers = steps.get(i).path("offsets");
        offsets = new double[numbers.size()];
        Arrays.setAll(offsets, feature -> numbers.get(feature).asDouble());
      } else {
        read.add(step(steps.get(i), prefix(i), tensors));
      }
    }
    return new Preparation(read, offsets);
  }

  private static FittedStep step(JsonNode json, String prefix, Map<String, Tensor> tensors) {
    String kind = json.path("kind").asText();
    return switch (kind) {
      case "affine" ->
          new FittedStep.Affine(
              values(tensors, prefix + "scale"), values(tensors, prefix + "shift"));
      case "pca" -> {
        float[] mean = values(tensors, prefix + "mean");
        float[] loadings = values(tensors, prefix + "loadings");
        yield new FittedStep.Pca(
            mean, loadings, mean.length == 0 ? 0 : loadings.length / mean.length);
      }
      case "impute" -> {
        List<Integer> indicated = new ArrayList<>();
        json.path("indicated").forEach(feature -> indicated.add(feature.asInt(-1)));
        yield new FittedStep.Impute(values(tensors, prefix + "values"), indicated);
      }
      case "one-hot" -> {
        List<TextColumn> columns = new ArrayList<>();
        for (JsonNode column : json.path("columns")) {
          List<String> texts = new ArrayList<>();
          column.path("values").forEach(text -> texts.add(text.asText()));
          columns.add(new TextColumn(column.path("feature").asInt(), texts, ""));
        }
        yield new FittedStep.OneHot(positive(json.path("inputs"), "inputs"), columns);
      }
      case "gray" -> new FittedStep.Gray(shape(json), json.path("whole").asBoolean());
      case "resize" ->
          new FittedStep.Resize(
              shape(json),
              size(json, "to", 0),
              size(json, "to", 1),
              json.path("whole").asBoolean());
      case "hog" ->
          new FittedStep.Hog(
              shape(json),
              new PrepareStep.Hog(
                  positive(json.path("orientations"), "orientations"),
                  size(json, "pixels_per_cell", 0),
                  size(json, "pixels_per_cell", 1),
                  size(json, "cells_per_block", 0),
                  size(json, "cells_per_block", 1)));
      default -> throw new IllegalArgumentException("unknown step of preparation: " + kind);
    };
  }

  private static String prefix(int step) {
    return PREFIX + step + ".";
  }

  private static float[] values(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor.values();
  }

  private static ObjectNode shape(ObjectNode json, SampleShape shape) {
    json.putArray("shape").add(shape.rows()).add(shape.columns()).add(shape.channels());
    return json;
  }

  private static SampleShape shape(JsonNode json) {
    return new SampleShape(size(json, "shape", 0), size(json, "shape", 1), size(json, "shape", 2));
  }

  private static void pair(ObjectNode json, String name, int first, int second) {
    json.putArray(name).add(first).add(second);
  }

  private static int size(JsonNode json, String name, int index) {
    return positive(json.path(name).path(index), name);
  }

  private static int positive(JsonNode number, String name) {
    if (number.asInt() < 1) {
      throw new IllegalArgumentException(name + " of a step of preparation: " + number);
    }
    return number.asInt();
  }
}
