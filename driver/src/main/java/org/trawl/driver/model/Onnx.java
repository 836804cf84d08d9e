package org.trawl.driver.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.trawl.core.data.DataException;
import org.trawl.core.data.FittedStep;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Tensor;

/**
 * A model as ONNX (operator set 13): raw features in ({@code features}, float [samples, features]),
 * outputs out ({@code probabilities}, float [samples, classes]). The preparation and batch
 * normalisation by running statistics are nodes of the graph. Classes and the trial stand in the
 * file's metadata.
 *
 * <p>The file is a protocol buffer (https://protobuf.dev/programming-guides/encoding) of the
 * message ModelProto of onnx.proto, whose few fields that are needed are written here.
 */
public final class Onnx {
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 13;
  private static final int FLOAT = 1;
  private static final float NORM_EPSILON = 1e-5f;
  private static final long LARGEST_MATRIX = 1 << 26;
  private static final String INPUT = "features";
  private static final String OUTPUT = "probabilities";

  private final Model model;
  private final Message graph = new Message();
  private final List<Message> initializers = new ArrayList<>();
  private int values;

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
    String prepared = prepare(INPUT);
    String outputs = layers(prepared);
    node("Identity", List.of(outputs), OUTPUT);
    graph.text(2, "trial " + model.trial());
    initializers.forEach(initializer -> graph.message(5, initializer));
    graph.message(11, value(INPUT, model.features()));
    graph.message(12, value(OUTPUT, model.classes().size()));
    Message file = new Message();
    file.whole(1, IR_VERSION);
    file.text(2, "trawl");
    file.message(7, graph);
    file.message(8, new Message().text(1, "").whole(2, OPERATOR_SET));
    file.message(14, new Message().text(1, "trawl.trial").text(2, model.trial()));
    file.message(
        14, new Message().text(1, "trawl.classes").text(2, String.join("\n", model.classes())));
    return file.bytes();
  }

  private String prepare(String input) {
    String name = input;
    for (FittedStep step : model.preparation().steps()) {
      if (step instanceof FittedStep.Affine affine) {
        name = node("Mul", List.of(name, vector(affine.scale())));
        name = node("Add", List.of(name, vector(affine.shift())));
      } else if (step instanceof FittedStep.Pca pca) {
        name = node("Sub", List.of(name, vector(pca.mean())));
        name = node("MatMul", List.of(name, matrix(pca, pca.loadings())));
      } else if (step instanceof FittedStep.Gray gray) {
        name = linear(name, new FittedStep.Gray(gray.shape(), false), gray.whole());
      } else if (step instanceof FittedStep.Resize resize) {
        FittedStep exact =
            new FittedStep.Resize(resize.shape(), resize.rows(), resize.columns(), false);
        name = linear(name, exact, resize.whole());
      } else {
        throw new DataException(
            "Cannot export model %s as ONNX: expected a preparation of unit, scale, standardize,"
                    .formatted(model.trial())
                + " gray, resize and pca, found "
                + (step instanceof FittedStep.Hog ? "hog" : "one-hot"));
      }
    }
    return name;
  }

  /** A step that is a product with a matrix, the one that it makes of the unit matrix. */
  private String linear(String input, FittedStep step, boolean whole) {
    int inputs = step.inputs();
    long size = (long) inputs * Math.max(inputs, step.outputs());
    if (size > LARGEST_MATRIX) {
      throw new DataException(
          "Cannot export model %s as ONNX: expected a step of preparation of at most %,d weights,"
                  .formatted(model.trial(), LARGEST_MATRIX)
              + " found %,d".formatted(size));
    }
    float[] unit = new float[inputs * inputs];
    for (int i = 0; i < inputs; i++) {
      unit[i * inputs + i] = 1;
    }
    float[] matrix = new float[inputs * step.outputs()];
    step.apply(unit, inputs, matrix);
    String name = node("MatMul", List.of(input, matrix(step, matrix)));
    return whole ? node("Floor", List.of(node("Add", List.of(name, scalar(0.5f))))) : name;
  }

  private String matrix(FittedStep step, float[] values) {
    return initializer(newName(), new Tensor(List.of(step.inputs(), step.outputs()), values));
  }

  private String layers(String input) {
    String name = input;
    int last = model.network().hidden().size();
    for (int layer = 0; layer <= last; layer++) {
      Map<String, Tensor> weights = model.weights();
      String prefix = "layers." + layer + ".";
      List<String> operands = new ArrayList<>(List.of(name, tensor(weights, prefix + "weight")));
      if (model.network().bias()) {
        operands.add(tensor(weights, prefix + "bias"));
      }
      name = node("Gemm", operands, newName(), whole("transB", 1));
      if (layer < last && model.network().batchNorm()) {
        List<String> norm = new ArrayList<>(List.of(name));
        for (String part : List.of("scale", "shift", "mean", "variance")) {
          norm.add(tensor(weights, prefix + "norm." + part));
        }
        name = node("BatchNormalization", norm, newName(), real("epsilon", NORM_EPSILON));
      }
      name =
          activation(layer < last ? model.network().activation() : model.network().output(), name);
    }
    return name;
  }

  private String activation(Activation activation, String z) {
    List<String> input = List.of(z);
    return switch (activation) {
      case RELU -> node("Relu", input);
      case SIGMOID -> node("Sigmoid", input);
      case TANH -> node("Tanh", input);
      case IDENTITY -> z;
      case LEAKY_RELU -> node("LeakyRelu", input, newName(), real("alpha", 0.01f));
      case ELU -> node("Elu", input, newName(), real("alpha", 1f));
      case SOFTPLUS -> node("Softplus", input);
      case LECUN_TANH -> {
        String tanh = node("Tanh", List.of(node("Mul", List.of(z, scalar(2f / 3)))));
        String scaled = node("Mul", List.of(tanh, scalar(1.7159f)));
        yield node("Add", List.of(scaled, node("Mul", List.of(z, scalar(0.01f)))));
      }
      case SOFTMAX -> node("Softmax", input, newName(), whole("axis", 1));
    };
  }

  private String newName() {
    return "v" + values++;
  }

  private String node(String operator, List<String> inputs) {
    return node(operator, inputs, newName());
  }

  private String node(String operator, List<String> inputs, String output, Message... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(4, operator);
    for (Message attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
    return output;
  }

  private static Message real(String name, float value) {
    return new Message().text(1, name).real(2, value).whole(20, 1);
  }

  private static Message whole(String name, long value) {
    return new Message().text(1, name).whole(3, value).whole(20, 2);
  }

  private String scalar(float value) {
    return initializer(newName(), new Tensor(List.of(), new float[] {value}));
  }

  private String vector(float[] values) {
    return initializer(newName(), Tensor.of(values));
  }

  private String tensor(Map<String, Tensor> tensors, String name) {
    return initializer(name, tensors.get(name));
  }

  private String initializer(String name, Tensor tensor) {
    Message message = new Message();
    tensor.shape().forEach(size -> message.whole(1, size));
    message.whole(2, FLOAT).text(8, name);
    ByteBuffer data =
        ByteBuffer.allocate(tensor.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(tensor.values());
    initializers.add(message.data(9, data.array()));
    return name;
  }

  /** A matrix of any number of samples. */
  private static Message value(String name, int columns) {
    Message shape =
        new Message()
            .message(1, new Message().text(2, "samples"))
            .message(1, new Message().whole(1, columns));
    Message type = new Message().message(1, new Message().whole(1, FLOAT).message(2, shape));
    return new Message().text(1, name).message(2, type);
  }

  /** A message of a protocol buffer: fields by their numbers. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] bytes() {
      return out.toByteArray();
    }

    Message whole(int field, long value) {
      tag(field, VARINT);
      varint(value);
      return this;
    }

    Message real(int field, float value) {
      tag(field, FIXED32);
      out.writeBytes(
          ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
      return this;
    }

    Message text(int field, String text) {
      return data(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message message) {
      return data(field, message.bytes());
    }

    Message data(int field, byte[] data) {
      tag(field, LENGTH);
      varint(data.length);
      out.writeBytes(data);
      return this;
    }

    private void tag(int field, int wire) {
      varint(((long) field << 3) | wire);
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) ((rest & 0x7F) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
