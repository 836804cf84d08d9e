package org.trawl.driver.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.network.Tensor;

/**
 * Tensors by name in the format safetensors (https://github.com/huggingface/safetensors): the
 * header's length in 8 bytes, little-endian; the header, JSON; then the values, little-endian,
 * tensor after tensor without gaps.
 *
 * <p>Written are float as F32, double as F64, int as I32 and long as I64, arrays in order of their
 * names, the header filled up with blanks so that values start at a multiple of 8 bytes. Read are
 * also F16 and BF16, as float, which holds them exactly.
 *
 * @param metadata of the file, any texts by name
 * @param arrays by name, in order of their places in the file
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Numbers> arrays) {
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
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /**
   * Numbers with a shape, row-major.
   *
   * @param shape sizes of the dimensions, slowest first
   * @param values float[], double[], int[] or long[], as many as the product of the sizes; whoever
   *     makes them lends them
   */
  public record Numbers(List<Integer> shape, Object values) {
    public Numbers {
      shape = List.copyOf(shape);
    }

    /** A vector: float[], double[], int[] or long[]. */
    public static Numbers vector(Object values) {
      return new Numbers(List.of(Array.getLength(values)), values);
    }

    private Tensor tensor() {
      if (values instanceof float[] floats) {
        return new Tensor(shape, floats);
      }
      double[] doubles = (double[]) values;
      float[] floats = new float[doubles.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) doubles[i];
      }
      return new Tensor(shape, floats);
    }
  }

  /** A file of tensors in single precision. */
  public static SafeTensors of(Map<String, String> metadata, Map<String, Tensor> tensors) {
    Map<String, Numbers> arrays = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> arrays.put(name, new Numbers(tensor.shape(), tensor.values())));
    return new SafeTensors(metadata, arrays);
  }

  /** The arrays of a file of floating-point numbers, those of double rounded to float. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((name, numbers) -> tensors.put(name, numbers.tensor()));
    return tensors;
  }

  /** How a file stores a value. */
  private enum Type {
    F64(8) {
      @Override
      Object read(ByteBuffer source, int count) {
        double[] values = new double[count];
        source.asDoubleBuffer().get(values);
        return values;
      }

      @Override
      void write(Object values, ByteBuffer target) {
        target.asDoubleBuffer().put((double[]) values);
      }
    },
    F32(4) {
      @Override
      Object read(ByteBuffer source, int count) {
        float[] values = new float[count];
        source.asFloatBuffer().get(values);
        return values;
      }

      @Override
      void write(Object values, ByteBuffer target) {
        target.asFloatBuffer().put((float[]) values);
      }
    },
    F16(2) {
      @Override
      Object read(ByteBuffer source, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
          values[i] = half(source.getShort());
        }
        return values;
      }
    },
    BF16(2) {
      @Override
      Object read(ByteBuffer source, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(source.getShort() << 16);
        }
        return values;
      }
    },
    I64(8) {
      @Override
      Object read(ByteBuffer source, int count) {
        long[] values = new long[count];
        source.asLongBuffer().get(values);
        return values;
      }

      @Override
      void write(Object values, ByteBuffer target) {
        target.asLongBuffer().put((long[]) values);
      }
    },
    I32(4) {
      @Override
      Object read(ByteBuffer source, int count) {
        int[] values = new int[count];
        source.asIntBuffer().get(values);
        return values;
      }

      @Override
      void write(Object values, ByteBuffer target) {
        target.asIntBuffer().put((int[]) values);
      }
    };

    static final Set<Type> REALS = Collections.unmodifiableSet(EnumSet.of(F64, F32, F16, BF16));
    static final Set<Type> ALL = Collections.unmodifiableSet(EnumSet.allOf(Type.class));

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    abstract Object read(ByteBuffer source, int count);

    void write(Object values, ByteBuffer target) {
      throw new IllegalStateException("Not a type that is written: " + this);
    }

    /** The type that an array is written as. */
    static Type of(Object values) {
      if (values instanceof float[]) {
        return F32;
      } else if (values instanceof double[]) {
        return F64;
      } else if (values instanceof int[]) {
        return I32;
      } else if (values instanceof long[]) {
        return I64;
      }
      throw new IllegalArgumentException("Invalid array: " + values.getClass().getSimpleName());
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

  /** The bytes of a file. The same arrays and metadata give the same bytes. */
  public byte[] encode() {
    List<String> names = arrays.keySet().stream().sorted().toList();
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(METADATA);
      metadata.forEach(texts::put);
    }
    long end = 0;
    for (String name : names) {
      Numbers numbers = arrays.get(name);
      Type type = Type.of(numbers.values());
      ObjectNode entry = header.putObject(name);
      entry.put("dtype", type.name());
      numbers.shape().forEach(entry.putArray("shape")::add);
      long begin = end;
      end += (long) Array.getLength(numbers.values()) * type.bytes;
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
      Object values = arrays.get(name).values();
      Type type = Type.of(values);
      type.write(values, file);
      file.position(file.position() + type.bytes * Array.getLength(values));
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
    return new Reading(bytes, address, Type.ALL).read();
  }

  /**
   * Reads the bytes of a file of floating-point numbers.
   *
   * @param address of the file, for errors
   * @throws DataException likewise, and if there are others
   */
  public static SafeTensors decodeReals(byte[] bytes, String address) {
    return new Reading(bytes, address, Type.REALS).read();
  }

  /** The reading of one file. */
  private static final class Reading {
    private final ByteBuffer file;
    private final String address;
    private final Set<Type> types;
    private int headerBytes;

    Reading(byte[] bytes, String address, Set<Type> types) {
      this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      this.address = address;
      this.types = types;
    }

    SafeTensors read() {
      ObjectNode header = header();
      Map<String, String> metadata = metadata(header.remove(METADATA));
      List<Entry> entries = new ArrayList<>();
      header.properties().forEach(field -> entries.add(entry(field.getKey(), field.getValue())));
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      checkPlaces(entries);
      Map<String, Numbers> arrays = new LinkedHashMap<>();
      entries.forEach(entry -> arrays.put(entry.name(), numbers(entry)));
      return new SafeTensors(metadata, arrays);
    }

    private ObjectNode header() {
      if (file.limit() < LENGTH_BYTES) {
        throw wrong(0, "the 8 bytes of a safetensors header's length", file.limit() + " bytes");
      }
      long length = file.getLong();
      long most = Math.min(LONGEST_HEADER, file.limit() - LENGTH_BYTES);
      if (length < 2 || length > most) {
        throw wrong(
            0,
            String.format(Locale.ROOT, "a header's length of 2 to %d bytes", most),
            Long.toUnsignedString(length));
      }
      headerBytes = (int) length;
      String text = new String(file.array(), LENGTH_BYTES, headerBytes, StandardCharsets.UTF_8);
      if (text.charAt(0) != '{') {
        throw wrong(
            LENGTH_BYTES,
            "a JSON object",
            String.format(Locale.ROOT, "0x%02X", file.get(LENGTH_BYTES)));
      }
      try {
        return (ObjectNode) JSON.readTree(text);
      } catch (JsonProcessingException damaged) {
        long at = damaged.getLocation() == null ? 0 : damaged.getLocation().getCharOffset();
        throw wrong(
            LENGTH_BYTES + Math.max(0, at),
            "a JSON object",
            damaged
                .getOriginalMessage()
                .lines()
                .findFirst()
                .map(message -> message.replaceFirst(" \\(start marker at .*", ""))
                .orElse(""));
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
          types.stream()
              .filter(known -> known.name().equals(dtype.asText()))
              .findFirst()
              .orElseThrow(
                  () ->
                      inHeader(
                          name + ": dtype",
                          types.stream()
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
            String.format(Locale.ROOT, "an end of at most the %d bytes of values", values),
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
              String.format(Locale.ROOT, "%s at %d, after %s", entry.name(), end, before),
              String.format(
                  Locale.ROOT,
                  "%s at %d",
                  entry.begin() < end ? "an overlap" : "a gap",
                  entry.begin()));
        }
        end = entry.end();
        before = entry.name();
      }
      long values = valueBytes();
      if (end != values) {
        throw wrong(
            LENGTH_BYTES + headerBytes + end,
            "the end of the file after " + before,
            String.format(Locale.ROOT, "%d more bytes", values - end));
      }
    }

    private Numbers numbers(Entry entry) {
      file.position((int) (LENGTH_BYTES + headerBytes + entry.begin()));
      int count = (int) ((entry.end() - entry.begin()) / entry.type().bytes);
      return new Numbers(entry.shape(), entry.type().read(file, count));
    }

    private DataException inHeader(String what, String expected, JsonNode found) {
      String text = found.isMissingNode() ? "none" : found.toString();
      String shown = text.length() > 60 ? text.substring(0, 59) + "…" : text;
      return wrong(LENGTH_BYTES, what + ": " + expected, shown);
    }

    private DataException wrong(long offset, String expected, String found) {
      return new DataException(
          String.format(
              Locale.ROOT,
              "%s: offset %d: expected %s, found %s",
              address,
              offset,
              expected,
              found));
    }
  }
}
