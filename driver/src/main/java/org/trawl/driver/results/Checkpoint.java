package org.trawl.driver.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.trawl.core.training.TrainingState;

/**
 * A {@link TrainingState} as a file in the safetensors format: the length of a header, in 8 bytes;
 * the header, JSON that gives each array's type, shape and place; the arrays, little-endian.
 */
final class Checkpoint {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "__metadata__";

  private Checkpoint() {}

  /** The bytes of a state's file. */
  static byte[] encode(TrainingState state) {
    // The same state has the same bytes, whoever writes it: maps in a fixed order.
    Map<String, Object> header = new LinkedHashMap<>();
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("format", "trawl");
    metadata.put("epoch", String.valueOf(state.epoch()));
    metadata.put("parameters", String.valueOf(state.parameters()));
    metadata.put("weights", state.weights());
    header.put(METADATA, metadata);
    long end = 0;
    for (Map.Entry<String, Object> array : state.arrays().entrySet()) {
      Type type = Type.of(array.getValue());
      long from = end;
      int length = Array.getLength(array.getValue());
      end += (long) length * type.bytes;
      Map<String, Object> place = new LinkedHashMap<>();
      place.put("dtype", type.name());
      place.put("shape", List.of(length));
      place.put("data_offsets", List.of(from, end));
      header.put(array.getKey(), place);
    }
    byte[] text = padded(json(header));
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + text.length + end))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    state.arrays().values().forEach(array -> Type.of(array).write(array, file));
    return file.array();
  }

  /**
   * Reads the bytes of a state's file.
   *
   * @throws IOException if they are not that
   */
  static TrainingState decode(byte[] bytes) throws IOException {
    try {
      ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int length = Math.toIntExact(file.getLong());
      JsonNode header =
          JSON.readTree(new String(bytes, Long.BYTES, length, StandardCharsets.UTF_8));
      JsonNode metadata = header.path(METADATA);
      TrainingState state =
          new TrainingState(
              metadata.path("epoch").asInt(),
              metadata.path("parameters").asLong(),
              metadata.path("weights").asText());
      ByteBuffer data = file.slice(Long.BYTES + length, bytes.length - Long.BYTES - length);
      for (Map.Entry<String, JsonNode> entry : header.properties()) {
        if (!entry.getKey().equals(METADATA)) {
          JsonNode offsets = entry.getValue().path("data_offsets");
          int from = offsets.path(0).asInt();
          ByteBuffer array =
              data.slice(from, offsets.path(1).asInt() - from).order(ByteOrder.LITTLE_ENDIAN);
          Type type = Type.valueOf(entry.getValue().path("dtype").asText());
          state.put(entry.getKey(), type.read(array));
        }
      }
      return state;
    } catch (RuntimeException damaged) {
      throw new IOException("not a checkpoint: " + damaged.getMessage(), damaged);
    }
  }

  /** What tells a file from every other: the SHA-256 of its bytes. */
  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The format's types of numbers that states have. */
  private enum Type {
    F32(Float.BYTES) {
      @Override
      void write(Object array, ByteBuffer target) {
        float[] values = (float[]) array;
        target.asFloatBuffer().put(values);
        target.position(target.position() + bytes * values.length);
      }

      @Override
      Object read(ByteBuffer source) {
        float[] values = new float[source.remaining() / bytes];
        source.asFloatBuffer().get(values);
        return values;
      }
    },
    F64(Double.BYTES) {
      @Override
      void write(Object array, ByteBuffer target) {
        for (double value : (double[]) array) {
          target.putDouble(value);
        }
      }

      @Override
      Object read(ByteBuffer source) {
        double[] values = new double[source.remaining() / bytes];
        source.asDoubleBuffer().get(values);
        return values;
      }
    },
    I32(Integer.BYTES) {
      @Override
      void write(Object array, ByteBuffer target) {
        for (int value : (int[]) array) {
          target.putInt(value);
        }
      }

      @Override
      Object read(ByteBuffer source) {
        int[] values = new int[source.remaining() / bytes];
        source.asIntBuffer().get(values);
        return values;
      }
    },
    I64(Long.BYTES) {
      @Override
      void write(Object array, ByteBuffer target) {
        for (long value : (long[]) array) {
          target.putLong(value);
        }
      }

      @Override
      Object read(ByteBuffer source) {
        long[] values = new long[source.remaining() / bytes];
        source.asLongBuffer().get(values);
        return values;
      }
    };

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    abstract void write(Object array, ByteBuffer target);

    abstract Object read(ByteBuffer source);

    static Type of(Object array) {
      return array instanceof float[]
          ? F32
          : array instanceof double[] ? F64 : array instanceof int[] ? I32 : I64;
    }
  }

  /** The data begin at a multiple of 8 bytes. */
  private static byte[] padded(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return (text + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Map<String, Object> header) {
    try {
      return JSON.writeValueAsString(header);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
