package org.trawl.driver.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.trawl.core.data.preparation.FittedStep;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerOperation;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Tensor;

/**
 * A model as ONNX: raw features in ({@code features}, float [samples, features], or double where
 * single precision does not tell the values of one apart), outputs out ({@code probabilities},
 * float [samples, classes]). Of data with columns of text, {@code features} has the columns of
 * numbers, and {@code texts}, strings [samples, columns], those of text, each in their order. The
 * preparation and batch normalisation by running statistics are nodes of the graph. Classes and the
 * trial stand in the file's metadata.
 */
public final class Onnx {
  private static final long LARGEST_MATRIX = 1 << 26;
  private static final String INPUT = "features";
  private static final String TEXTS = "texts";
  private static final String OUTPUT = "probabilities";

  private final Model model;
  private final OnnxGraph graph = new OnnxGraph();

  private Onnx(Model model) {
    this.model = model;
  }

  /**
   * The bytes of the model's file.
   *
   * @throws DataException if its preparation has no such form
   */
  public static byte[] of(Model model) {
    return new Onnx(model).file();
  }

  private byte[] file() {
    graph.output(layers(prepared()), OUTPUT, model.classes().size());
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("trawl.trial", model.trial());
    metadata.put("trawl.classes", String.join("\n", model.classes()));
    return graph.file("trial " + model.trial(), metadata);
  }

  /** The raw features, prepared. */
  private String prepared() {
    List<FittedStep> steps = model.preparation().steps();
    String name;
    int coding = model.preparation().imputes() ? 1 : 0;
    if (steps.size() > coding && steps.get(coding) instanceof FittedStep.OneHot oneHot) {
      name = oneHot(oneHot);
      steps = steps.subList(coding + 1, steps.size());
    } else {
      name = numbers(IntStream.range(0, model.features()).toArray());
    }
    for (FittedStep step : steps) {
      name = prepared(name, step);
    }
    return name;
  }

  /** The input of some features, less their offsets. */
  private String numbers(int[] features) {
    double[] all = model.preparation().offsets();
    if (all.length == 0) {
      return graph.input(INPUT, OnnxGraph.FLOAT, features.length);
    }
    double[] offsets = Arrays.stream(features).mapToDouble(feature -> all[feature]).toArray();
    String raw = graph.input(INPUT, OnnxGraph.DOUBLE, features.length);
    String differences = graph.node("Sub", raw, graph.constant(List.of(offsets.length), offsets));
    return graph.node("Cast", List.of(differences), OnnxGraph.whole("to", OnnxGraph.FLOAT));
  }

  private String prepared(String input, FittedStep step) {
    if (step instanceof FittedStep.Affine affine) {
      String scaled = graph.node("Mul", input, graph.constant(affine.scale()));
      return graph.node("Add", scaled, graph.constant(affine.shift()));
    } else if (step instanceof FittedStep.Impute impute) {
      return imputed(input, impute);
    } else if (step instanceof FittedStep.Pca pca) {
      String centred = graph.node("Sub", input, graph.constant(pca.mean()));
      return graph.node("MatMul", centred, matrix(pca, pca.loadings()));
    } else if (step instanceof FittedStep.Gray gray) {
      return linear(input, new FittedStep.Gray(gray.shape(), false), gray.whole());
    } else if (step instanceof FittedStep.Resize resize) {
      FittedStep exact =
          new FittedStep.Resize(resize.shape(), resize.rows(), resize.columns(), false);
      return linear(input, exact, resize.whole());
    } else if (step instanceof FittedStep.Hog hog) {
      return new OnnxHistograms(graph, hog).of(input);
    }
    throw new DataException(
        "Cannot export model %s as ONNX: expected one-hot before other steps of preparation"
                .formatted(model.trial())
            + ", found it after them");
  }

  private String imputed(String input, FittedStep.Impute step) {
    String missing = graph.node("IsNaN", input);
    String values = graph.constant(List.of(1, step.inputs()), step.values());
    String filled = graph.node("Where", missing, values, input);
    if (step.indicated().isEmpty()) {
      return filled;
    }
    long[] places = step.indicated().stream().mapToLong(Integer::longValue).toArray();
    String some =
        graph.node("Gather", List.of(missing, graph.wholes(places)), OnnxGraph.whole("axis", 1));
    String indicators = graph.node("Cast", List.of(some), OnnxGraph.whole("to", OnnxGraph.FLOAT));
    return graph.node("Concat", List.of(filled, indicators), OnnxGraph.whole("axis", 1));
  }

  /** A step on the columns of numbers alone; those of text have no missing values. */
  private static FittedStep.Impute ofNumbers(FittedStep.Impute step, int[] features) {
    float[] values = new float[features.length];
    List<Integer> indicated = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      values[i] = step.values()[features[i]];
    }
    step.indicated().forEach(feature -> indicated.add(Arrays.binarySearch(features, feature)));
    return new FittedStep.Impute(values, indicated);
  }

  /** The columns of a table in their order, those of text as a feature for each text. */
  private String oneHot(FittedStep.OneHot step) {
    Map<Integer, TextColumn> texts = new LinkedHashMap<>();
    step.columns().forEach(column -> texts.put(column.feature(), column));
    int[] features =
        IntStream.range(0, model.features()).filter(i -> !texts.containsKey(i)).toArray();
    String numbers = features.length > 0 ? numbers(features) : "";
    if (model.preparation().steps().get(0) instanceof FittedStep.Impute impute
        && features.length > 0) {
      numbers = imputed(numbers, ofNumbers(impute, features));
    }
    graph.input(TEXTS, OnnxGraph.STRING, texts.size());
    List<String> columns = new ArrayList<>();
    int number = 0;
    int text = 0;
    for (int i = 0; i < step.inputs(); i++) {
      if (texts.containsKey(i)) {
        List<String> values = step.order(texts.get(i));
        String column = column(TEXTS, text++);
        // [samples, 1, values]; a text that is not among them has 0 in all.
        String encoded =
            graph.node(
                "OneHotEncoder",
                List.of(column),
                OnnxGraph.texts("cats_strings", values),
                OnnxGraph.whole("zeros", 1));
        columns.add(graph.node("Reshape", encoded, graph.wholes(-1, values.size())));
      } else {
        columns.add(column(numbers, number++));
      }
    }
    return graph.node("Concat", columns, OnnxGraph.whole("axis", 1));
  }

  private String column(String input, int column) {
    return graph.node("Gather", List.of(input, graph.wholes(column)), OnnxGraph.whole("axis", 1));
  }

  /** A step that is a product with a matrix, the one that it makes of the unit matrix. */
  private String linear(String input, FittedStep step, boolean whole) {
    int inputs = step.inputs();
    long size = (long) inputs * Math.max(inputs, step.outputs());
    if (size > LARGEST_MATRIX) {
      throw new DataException(
          String.format(
                  Locale.ROOT,
                  "Cannot export model %s as ONNX: expected a step of preparation of at most %,d"
                      + " weights,",
                  model.trial(),
                  LARGEST_MATRIX)
              + String.format(Locale.ROOT, " found %,d", size));
    }
    float[] unit = new float[inputs * inputs];
    for (int i = 0; i < inputs; i++) {
      unit[i * inputs + i] = 1;
    }
    float[] matrix = new float[inputs * step.outputs()];
    step.apply(unit, inputs, matrix);
    String name = graph.node("MatMul", input, matrix(step, matrix));
    return whole ? graph.node("Floor", graph.node("Add", name, graph.constant(0.5f))) : name;
  }

  private String matrix(FittedStep step, float[] values) {
    return graph.constant(List.of(step.inputs(), step.outputs()), values);
  }

  private String layers(String input) {
    String name = input;
    List<Layer> layers =
        Layout.of(model.network(), model.preparation().outputs(), model.classes().size()).layers();
    for (Layer layer : layers) {
      for (LayerOperation operation : layer.operations()) {
        List<String> operands = new ArrayList<>(List.of(name));
        operation.tensors().forEach(tensor -> operands.add(tensor(layer.name(tensor))));
        name = graph.node(operation.type(), operands, attributes(operation));
      }
      boolean last = layer.number() == layers.size();
      name = activation(last ? model.network().output() : layer.activation(), name);
    }
    return name;
  }

  private static OnnxGraph.Message[] attributes(LayerOperation operation) {
    return operation.attributes().entrySet().stream()
        .map(
            attribute ->
                attribute.getValue() instanceof Float real
                    ? OnnxGraph.real(attribute.getKey(), real)
                    : OnnxGraph.whole(attribute.getKey(), attribute.getValue().longValue()))
        .toArray(OnnxGraph.Message[]::new);
  }

  private String activation(Activation activation, String z) {
    return switch (activation) {
      case RELU -> graph.node("Relu", z);
      case SIGMOID -> graph.node("Sigmoid", z);
      case TANH -> graph.node("Tanh", z);
      case IDENTITY -> z;
      case LEAKY_RELU -> graph.node("LeakyRelu", List.of(z), OnnxGraph.real("alpha", 0.01f));
      case ELU -> graph.node("Elu", List.of(z), OnnxGraph.real("alpha", 1f));
      case SOFTPLUS -> graph.node("Softplus", z);
      case LECUN_TANH -> {
        String tanh = graph.node("Tanh", graph.node("Mul", z, graph.constant(2f / 3)));
        String scaled = graph.node("Mul", tanh, graph.constant(1.7159f));
        yield graph.node("Add", scaled, graph.node("Mul", z, graph.constant(0.01f)));
      }
      case SOFTMAX -> graph.node("Softmax", List.of(z), OnnxGraph.whole("axis", 1));
    };
  }

  private String tensor(String name) {
    Tensor tensor = model.weights().get(name);
    return graph.constant(name, tensor.shape(), tensor.values());
  }
}
