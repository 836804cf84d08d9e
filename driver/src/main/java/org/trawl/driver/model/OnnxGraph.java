package org.trawl.driver.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A graph of ONNX's operators (set 13) in the making. Values have names; what makes one returns its
 * name.
 *
 * <p>The file is a protocol buffer (https://protobuf.dev/programming-guides/encoding) of the
 * message ModelProto of onnx.proto, whose few fields that are needed are written here.
 */
final class OnnxGraph {
  /** Numbers of the types of tensors. */
  static final int FLOAT = 1;

  static final int STRING = 8;
  static final int DOUBLE = 11;
  private static final int INT64 = 7;

  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 13;

  /** The operators of machine learning, of which there is one here. */
  private static final String LEARNING = "ai.onnx.ml";

  private final Message graph = new Message();
  private final List<Message> initializers = new ArrayList<>();
  private final List<Message> inputs = new ArrayList<>();
  private final List<Message> outputs = new ArrayList<>();
  private boolean learning;
  private int values;

  /**
   * The bytes of its file.
   *
   * @param description of the graph
   * @param metadata texts by name
   */
  byte[] file(String description, Map<String, String> metadata) {
    graph.text(2, description);
    initializers.forEach(initializer -> graph.message(5, initializer));
    inputs.forEach(input -> graph.message(11, input));
    outputs.forEach(output -> graph.message(12, output));
    Message file = new Message();
    file.whole(1, IR_VERSION);
    file.text(2, "trawl");
    file.message(7, graph);
    file.message(8, new Message().text(1, "").whole(2, OPERATOR_SET));
    if (learning) {
      file.message(8, new Message().text(1, LEARNING).whole(2, 1));
    }
    metadata.forEach((name, text) -> file.message(14, new Message().text(1, name).text(2, text)));
    return file.bytes();
  }

  /** A matrix of any number of samples that the graph takes. */
  String input(String name, int type, int columns) {
    inputs.add(matrix(name, type, columns));
    return name;
  }

  /** Names a value as what the graph gives: a matrix of float of any number of samples. */
  void output(String value, String name, int columns) {
    node("Identity", List.of(value), name);
    outputs.add(matrix(name, FLOAT, columns));
  }

  String node(String operator, String... inputs) {
    return node(operator, List.of(inputs), newName());
  }

  String node(String operator, List<String> inputs, Message... attributes) {
    return node(operator, inputs, newName(), attributes);
  }

  private String node(String operator, List<String> inputs, String output, Message... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(4, operator);
    for (Message attribute : attributes) {
      node.message(5, attribute);
    }
    if (operator.equals("OneHotEncoder")) {
      node.text(7, LEARNING);
      learning = true;
    }
    graph.message(1, node);
    return output;
  }

  /** An attribute of a node: a real number. */
  static Message real(String name, float value) {
    return new Message().text(1, name).real(2, value).whole(20, 1);
  }

  /** An attribute of a node: a whole number. */
  static Message whole(String name, long value) {
    return new Message().text(1, name).whole(3, value).whole(20, 2);
  }

  /** An attribute of a node: texts. */
  static Message texts(String name, List<String> texts) {
    Message attribute = new Message().text(1, name);
    texts.forEach(text -> attribute.text(9, text));
    return attribute.whole(20, 8);
  }

  /** A constant of float of a name of its own. */
  String constant(String name, List<Integer> shape, float[] values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return constant(name, FLOAT, shape, data.array());
  }

  String constant(float value) {
    return constant(newName(), List.of(), new float[] {value});
  }

  String constant(float[] values) {
    return constant(newName(), List.of(values.length), values);
  }

  String constant(List<Integer> shape, float[] values) {
    return constant(newName(), shape, values);
  }

  String constant(List<Integer> shape, double[] values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asDoubleBuffer().put(values);
    return constant(newName(), DOUBLE, shape, data.array());
  }

  String constant(double value) {
    return constant(List.of(), new double[] {value});
  }

  /** Whole numbers, as shapes, axes and places are. */
  String wholes(long... values) {
    return wholes(List.of(values.length), values);
  }

  String wholes(List<Integer> shape, long[] values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return constant(newName(), INT64, shape, data.array());
  }

  private String constant(String name, int type, List<Integer> shape, byte[] data) {
    Message message = new Message();
    shape.forEach(size -> message.whole(1, size));
    message.whole(2, type).text(8, name).data(9, data);
    initializers.add(message);
    return name;
  }

  private String newName() {
    return "v" + values++;
  }

  private static Message matrix(String name, int type, int columns) {
    Message shape =
        new Message()
            .message(1, new Message().text(2, "samples"))
            .message(1, new Message().whole(1, columns));
    Message tensor = new Message().message(1, new Message().whole(1, type).message(2, shape));
    return new Message().text(1, name).message(2, tensor);
  }

  /** A message of a protocol buffer: fields by their numbers. */
  static final class Message {
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
