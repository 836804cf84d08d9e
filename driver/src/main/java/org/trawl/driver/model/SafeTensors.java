package org.trawl.driver.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.trawl.core.data.DataException;
import org.trawl.core.network.Tensor;

/**
 * Tensors by name in the format safetensors (https://github.com/huggingface/safetensors): the
 * header's length in 8 bytes, little-endian; the header, JSON; then the values, little-endian,
 * tensor after tensor without gaps.
 *
 * <p>Written as F32, tensors in order of their names, the header filled up with blanks so that
 * values start at a multiple of 8 bytes. Read are also F64, rounded to single precision, and F16
 * and BF16, which single precision holds exactly.
 *
 * @param metadata of the file, any texts by name
 * @param tensors by name, in order of their places in the file
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
  private static final String METADATA = "__metadata__";
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int ALIGNMENT = 8;

  /** What the format's own reader accepts at most. */
  private static final int LONGEST_HEADER = 100_000_000;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public SafeTensors {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** How a file stores a value. */
  private enum Type {
    F64(8) {
      @Override
      float next(ByteBuffer values) {
        return (float) values.getDouble();
      }
    },
    F32(4) {
      @Override
      float next(ByteBuffer values) {
        return values.getFloat();
      }
    },
    F16(2) {
      @Override
      float next(ByteBuffer values) {
        return half(values.getShort());
      }
    },
    BF16(2) {
      @Override
      float next(ByteBuffer values) {
        return Float.intBitsToFloat(values.getShort() << 16);
      }
    };

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    abstract float next(ByteBuffer values);

    static Optional<Type> of(String name) {
      return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** IEEE 754's binary16: 1 sign bit, 5 bits of the exponent, 10 of the fraction. */
    private static float half(short bits) {
      int exponent = bits >> 10 & 0x1F;
      int fraction = bits & 0x3FF;
      float magnitude =
          exponent == 0x1F
              ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
              : exponent == 0
                  ? Math.scalb((float) fraction, -24)
                  : Math.scalb((float) (fraction | 0x400), exponent - 25);
      return bits < 0 ? -magnitude : magnitude;
    }
  }

  /**
   * A tensor's entry in the header.
   *
   * @param begin of its values, counted from the header's end
   * @param end after them
   */
  private record Entry(String name, Type type, List<Integer> shape, long begin, long end) {}

  /** The bytes of a file. The same tensors and metadata give the same bytes. */
  public byte[] encode() {
    List<String> names = tensors.keySet().stream().sorted().toList();
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(METADATA);
      metadata.forEach(texts::put);
    }
    long end = 0;
    for (String name : names) {
      Tensor tensor = tensors.get(name);
      ObjectNode entry = header.putObject(name);
      entry.put("dtype", Type.F32.name());
      tensor.shape().forEach(entry.putArray("shape")::add);
      long begin = end;
      end += (long) tensor.values().length * Float.BYTES;
      entry.putArray("data_offsets").add(begin).add(end);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int headerBytes = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + headerBytes + end))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(headerBytes).put(json);
    while (file.position() < LENGTH_BYTES + headerBytes) {
      file.put((byte) ' ');
    }
    for (String name : names) {
      for (float value : tensors.get(name).values()) {
        file.putFloat(value);
      }
    }
    return file.array();
  }

  /**
   * Reads the bytes of a file.
   *
   * @param address of the file, for errors
   * @throws DataException with offset, expected and found, if they are not what they should be
   */
  public static SafeTensors decode(byte[] bytes, String address) {
    return new Reading(bytes, address).read();
  }

  /** The reading of one file. */
  private static final class Reading {
    private final ByteBuffer file;
    private final String address;
    private int headerBytes;

    Reading(byte[] bytes, String address) {
      this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      this.address = address;
    }

    SafeTensors read() {
      ObjectNode header = header();
      Map<String, String> metadata = metadata(header.remove(METADATA));
      List<Entry> entries = new ArrayList<>();
      header.properties().forEach(field -> entries.add(entry(field.getKey(), field.getValue())));
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      checkPlaces(entries);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      entries.forEach(entry -> tensors.put(entry.name(), tensor(entry)));
      return new SafeTensors(metadata, tensors);
    }

    private ObjectNode header() {
      if (file.limit() < LENGTH_BYTES) {
        throw wrong(0, "the 8 bytes of a safetensors header's length", file.limit() + " bytes");
      }
      long length = file.getLong();
      long most = Math.min(LONGEST_HEADER, file.limit() - LENGTH_BYTES);
      if (length < 2 || length > most) {
        throw wrong(
            0, "a header's length of 2 to %d bytes".formatted(most), Long.toUnsignedString(length));
      }
      headerBytes = (int) length;
      String text = new String(file.array(), LENGTH_BYTES, headerBytes, StandardCharsets.UTF_8);
      if (text.charAt(0) != '{') {
        throw wrong(LENGTH_BYTES, "a JSON object", "0x%02X".formatted(file.get(LENGTH_BYTES)));
      }
      try {
        return (ObjectNode) JSON.readTree(text);
      } catch (JsonProcessingException damaged) {
        long at = damaged.getLocation() == null ? 0 : damaged.getLocation().getCharOffset();
        throw wrong(
            LENGTH_BYTES + Math.max(0, at),
            "a JSON object",
            damaged.getOriginalMessage().lines().findFirst().orElse(""));
      }
    }

    private Map<String, String> metadata(JsonNode node) {
      Map<String, String> metadata = new LinkedHashMap<>();
      if (node == null) {
        return metadata;
      }
      boolean texts = node.isObject();
      for (JsonNode value : node) {
        texts &= value.isTextual();
      }
      if (!texts) {
        throw inHeader(METADATA, "texts by name", node);
      }
      node.properties().forEach(field -> metadata.put(field.getKey(), field.getValue().asText()));
      return metadata;
    }

    private Entry entry(String name, JsonNode node) {
      if (!node.isObject()) {
        throw inHeader(name, "{ dtype, shape, data_offsets }", node);
      }
      JsonNode dtype = node.path("dtype");
      Type type =
          Type.of(dtype.asText())
              .orElseThrow(
                  () ->
                      inHeader(
                          name + ": dtype",
                          Arrays.stream(Type.values())
                              .map(Type::name)
                              .collect(Collectors.joining(", ", "one of ", "")),
                          dtype));
      List<Long> sizes = wholes(name + ": shape", node.path("shape"));
      List<Long> places = wholes(name + ": data_offsets", node.path("data_offsets"));
      if (places.size() != 2 || places.get(0) > places.get(1)) {
        throw inHeader(name + ": data_offsets", "[begin, end]", node.path("data_offsets"));
      }
      long values = valueBytes();
      if (places.get(1) > values) {
        throw inHeader(
            name + ": data_offsets",
            "an end of at most the %d bytes of values".formatted(values),
            node.path("data_offsets"));
      }
      long bytes = bytes(sizes, type);
      if (bytes != places.get(1) - places.get(0)) {
        throw inHeader(
            name + ": data_offsets",
            "the %s bytes of shape %s in %s".formatted(bytes < 0 ? "too many" : bytes, sizes, type),
            node.path("data_offsets"));
      }
      List<Integer> shape = sizes.stream().map(Math::toIntExact).toList();
      return new Entry(name, type, shape, places.get(0), places.get(1));
    }

    /** The bytes after the header. */
    private long valueBytes() {
      return (long) file.limit() - LENGTH_BYTES - headerBytes;
    }

    /** The bytes that a tensor takes; -1 for more than a file can hold. */
    private static long bytes(List<Long> sizes, Type type) {
      long bytes = type.bytes;
      for (long size : sizes) {
        if (size > Integer.MAX_VALUE || (size > 0 && bytes > Integer.MAX_VALUE / size)) {
          return -1;
        }
        bytes *= size;
      }
      return bytes;
    }

    private List<Long> wholes(String name, JsonNode node) {
      List<Long> numbers = new ArrayList<>();
      boolean valid = node.isArray();
      for (JsonNode number : node) {
        valid &= number.isIntegralNumber() && number.canConvertToLong() && number.asLong() >= 0;
        numbers.add(number.asLong());
      }
      if (!valid) {
        throw inHeader(name, "a list of whole numbers of at least 0", node);
      }
      return numbers;
    }

    /** One tensor after the other, from the first byte of the values to the last. */
    private void checkPlaces(List<Entry> entries) {
      long end = 0;
      String before = "the header";
      for (Entry entry : entries) {
        if (entry.begin() != end) {
          throw wrong(
              LENGTH_BYTES + headerBytes + Math.min(end, entry.begin()),
              "%s at %d, after %s".formatted(entry.name(), end, before),
              "%s at %d".formatted(entry.begin() < end ? "an overlap" : "a gap", entry.begin()));
        }
        end = entry.end();
        before = entry.name();
      }
      long values = valueBytes();
      if (end != values) {
        throw wrong(
            LENGTH_BYTES + headerBytes + end,
            "the end of the file after " + before,
            "%d more bytes".formatted(values - end));
      }
    }

    private Tensor tensor(Entry entry) {
      file.position((int) (LENGTH_BYTES + headerBytes + entry.begin()));
      float[] values = new float[(int) ((entry.end() - entry.begin()) / entry.type().bytes)];
      for (int i = 0; i < values.length; i++) {
        values[i] = entry.type().next(file);
      }
      return new Tensor(entry.shape(), values);
    }

    private DataException inHeader(String what, String expected, JsonNode found) {
      String text = found.isMissingNode() ? "none" : found.toString();
      String shown = text.length() > 60 ? text.substring(0, 59) + "…" : text;
      return wrong(LENGTH_BYTES, what + ": " + expected, shown);
    }

    private DataException wrong(long offset, String expected, String found) {
      return new DataException(
          "%s: offset %d: expected %s, found %s".formatted(address, offset, expected, found));
    }
  }
}
