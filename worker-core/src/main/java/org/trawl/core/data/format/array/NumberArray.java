package org.trawl.core.data.format.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.storage.SourceFile;

/**
 * An array of numbers in a file, whose values come next in it: what IDX, NumPy and MATLAB files
 * have in common.
 *
 * @param sizes of its dimensions, each at least 1, at most {@link SamplesBuilder#LONGEST_ARRAY} in
 *     all
 * @param columnMajor whether the first dimension is the fastest in memory (MATLAB, Fortran), rather
 *     than the last
 */
record NumberArray(NumberType type, ByteOrder order, int[] sizes, boolean columnMajor) {
  private static final int CHUNK = 1 << 16;

  /** Values of a sample that can be put into another order. */
  private static final int MOST_PERMUTED = 1 << 24;

  /** The types of values. */
  enum NumberType {
    UINT8(1, true),
    INT8(1, true),
    UINT16(2, true),
    INT16(2, true),
    UINT32(4, true),
    INT32(4, true),
    UINT64(8, true),
    INT64(8, true),
    FLOAT16(2, false),
    FLOAT32(4, false),
    FLOAT64(8, false);

    final int width;
    final boolean whole;

    NumberType(int width, boolean whole) {
      this.width = width;
      this.whole = whole;
    }

    double next(ByteBuffer buffer) {
      return switch (this) {
        case UINT8 -> buffer.get() & 0xFF;
        case INT8 -> buffer.get();
        case UINT16 -> buffer.getShort() & 0xFFFF;
        case INT16 -> buffer.getShort();
        case UINT32 -> buffer.getInt() & 0xFFFFFFFFL;
        case INT32 -> buffer.getInt();
        case UINT64 -> unsigned(buffer.getLong());
        case INT64 -> buffer.getLong();
        case FLOAT16 -> half(buffer.getShort());
        case FLOAT32 -> buffer.getFloat();
        case FLOAT64 -> buffer.getDouble();
      };
    }

    /** Whether a double does not hold the whole number that 64 bits are. */
    private boolean rounds(long bits) {
      return this == UINT64 && bits < 0 ? (bits & 0x7FF) != 0 : SamplesBuilder.rounds(bits);
    }

    private static double unsigned(long bits) {
      return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
    }

    /** IEEE 754's binary16. */
    private static double half(short bits) {
      int exponent = bits >> 10 & 0x1F;
      int fraction = bits & 0x3FF;
      double magnitude =
          switch (exponent) {
            case 0 -> Math.scalb((double) fraction, -24);
            case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb((double) (0x400 | fraction), exponent - 25);
          };
      return bits < 0 ? -magnitude : magnitude;
    }
  }

  /**
   * The product of sizes, checked.
   *
   * @param offset of the first size in its file, for errors
   * @param width of a size in the file; 0 where all stand at the same offset
   */
  static long checked(SourceFile file, long offset, int width, long... sizes) {
    long product = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < 1) {
        throw file.wrong(offset + (long) i * width, "a size of at least 1", "" + sizes[i]);
      }
      if (sizes[i] > SamplesBuilder.LONGEST_ARRAY / product) {
        throw file.wrong(
            offset + (long) i * width,
            String.format(Locale.ROOT, "at most %d values in all", SamplesBuilder.LONGEST_ARRAY),
            String.format(Locale.ROOT, "a size of %d, which makes more", sizes[i]));
      }
      product *= sizes[i];
    }
    return product;
  }

  long values() {
    return Arrays.stream(sizes).asLongStream().reduce(1, (a, b) -> a * b);
  }

  /**
   * The shape of a sample, whose own dimension is {@code axis}: two others are rows and columns, a
   * third of 1, 3 or 4 is the channels; anything else is no image.
   */
  SampleShape sampleShape(int axis) {
    int[] rest = without(axis);
    if (rest.length == 2) {
      return new SampleShape(rest[0], rest[1], 1);
    }
    boolean channels = rest.length == 3 && (rest[2] == 1 || rest[2] == 3 || rest[2] == 4);
    return channels ? new SampleShape(rest[0], rest[1], rest[2]) : SampleShape.NONE;
  }

  /** Values a sample. */
  int features(int axis) {
    return (int) (values() / sizes[axis]);
  }

  private int[] without(int axis) {
    int[] rest = new int[sizes.length - 1];
    for (int i = 0, filled = 0; i < sizes.length; i++) {
      if (i != axis) {
        rest[filled++] = sizes[i];
      }
    }
    return rest;
  }

  /**
   * Adds all values as features of samples, each in the order of its dimensions, last one fastest.
   *
   * @param axis the dimension that counts samples
   */
  void readSamples(SourceFile file, int axis, SamplesBuilder samples) {
    samples.expect(values());
    boolean inOrder = !columnMajor && axis == 0;
    if (inOrder && type == NumberType.UINT8 && !samples.real()) {
      if (samples.addBytes(file::read, values()) < values()) {
        throw truncated(file);
      }
    } else if (inOrder) {
      forEach(
          file,
          values(),
          (offset, value) -> add(file, offset, value, samples),
          offset -> rounded(file, offset, samples));
    } else {
      readPermuted(file, axis, samples);
    }
    checkEnd(file);
  }

  private void readPermuted(SourceFile file, int axis, SamplesBuilder samples) {
    int features = features(axis);
    if (features > MOST_PERMUTED) {
      throw file.wrong(
          file.position(),
          String.format(
              Locale.ROOT,
              "at most %d values a sample of an array whose first dimension is the fastest",
              MOST_PERMUTED),
          "" + features);
    }
    int[] places = places(axis);
    long stride = stride(axis);
    if (stride < features) { // samples are mixed in memory
      SamplesBuilder whole = new SamplesBuilder(file.address());
      whole.expect(values());
      forEach(
          file,
          values(),
          (offset, value) -> add(file, offset, value, whole),
          offset -> rounded(file, offset, samples));
      for (int i = 0; i < sizes[axis]; i++) {
        for (int place : places) {
          samples.add(whole, i * (int) stride + place);
        }
      }
    } else if (type == NumberType.UINT8 && !samples.real()) {
      readBytes(file, sizes[axis], places, samples);
    } else {
      double[] block = new double[features];
      for (int i = 0; i < sizes[axis]; i++) {
        long start = file.position();
        int[] filled = {0};
        forEach(
            file,
            features,
            (offset, value) -> block[filled[0]++] = value,
            offset -> rounded(file, offset, samples));
        for (int place : places) {
          add(file, start + (long) place * type.width, block[place], samples);
        }
      }
    }
  }

  private static void rounded(SourceFile file, long offset, SamplesBuilder samples) {
    samples.rounded(() -> String.format(Locale.ROOT, "%s: offset %d", file.address(), offset));
  }

  private static void add(SourceFile file, long offset, double value, SamplesBuilder samples) {
    if (Double.isNaN(value)) {
      samples.addMissing(() -> file.wrong(offset, "a finite number", "NaN"));
    } else if (Float.isFinite((float) value)) {
      samples.add(value);
    } else {
      throw file.wrong(offset, "a finite number", "" + value);
    }
  }

  /** The distance in memory of values that are neighbours in a dimension. */
  private long stride(int axis) {
    long stride = 1;
    int from = columnMajor ? 0 : axis + 1;
    int to = columnMajor ? axis : sizes.length;
    for (int i = from; i < to; i++) {
      stride *= sizes[i];
    }
    return stride;
  }

  /** Where in memory the features of the first sample are. */
  private int[] places(int axis) {
    int[] places = new int[features(axis)];
    int repeat = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      if (i != axis) {
        int stride = (int) stride(i);
        for (int j = 0; j < places.length; j++) {
          places[j] += j / repeat % sizes[i] * stride;
        }
        repeat *= sizes[i];
      }
    }
    return places;
  }

  private void readBytes(SourceFile file, int count, int[] places, SamplesBuilder samples) {
    byte[] block = new byte[places.length];
    byte[] permuted = new byte[places.length];
    for (int i = 0; i < count; i++) {
      if (file.read(block, 0, block.length) < block.length) {
        throw truncated(file);
      }
      for (int j = 0; j < places.length; j++) {
        permuted[j] = block[places[j]];
      }
      samples.addBytes(permuted);
    }
  }

  /**
   * Adds all values as labels. Where the source names classes by words, they are positions in its
   * list.
   */
  void readLabels(SourceFile file, LabelsBuilder labels) {
    forEach(
        file,
        values(),
        (offset, value) -> {
          if (value != Math.rint(value) || Math.abs(value) >= SamplesBuilder.EXACT_INTEGERS) {
            throw file.wrong(offset, "a label that is a whole number below 2^53", "" + value);
          }
          int code = labels.code((long) value);
          if (code == LabelsBuilder.UNKNOWN) {
            throw file.wrong(offset, labels.expectedNumber(), Long.toString((long) value));
          }
          labels.add(code);
        },
        offset -> {}); // refused above
    checkEnd(file);
  }

  private interface Action {
    void accept(long offset, double value);
  }

  /**
   * Reads values.
   *
   * @param rounded told where a whole number stands that a double does not hold
   */
  private void forEach(SourceFile file, long values, Action action, LongConsumer rounded) {
    int width = type.width;
    byte[] chunk = new byte[(int) Math.min(values * width, CHUNK)];
    for (long done = 0; done < values; ) {
      int count = (int) Math.min(values - done, CHUNK / width);
      long offset = file.position();
      if (file.read(chunk, 0, count * width) < count * width) {
        throw truncated(file);
      }
      ByteBuffer buffer = ByteBuffer.wrap(chunk).order(order);
      for (int i = 0; i < count; i++) {
        if (width == Long.BYTES && type.whole && type.rounds(buffer.getLong(i * width))) {
          rounded.accept(offset + (long) i * width);
        }
        action.accept(offset + (long) i * width, type.next(buffer));
      }
      done += count;
    }
  }

  private DataException truncated(SourceFile file) {
    return file.wrong(
        file.position(),
        String.format(Locale.ROOT, "%d values of %d bytes after the header", values(), type.width),
        "the end of the file");
  }

  private void checkEnd(SourceFile file) {
    file.requireEnd(String.format(Locale.ROOT, "%d values", values()));
  }

  /** Such as "uint8 32x32x3x73257". */
  @Override
  public String toString() {
    return type.name().toLowerCase(Locale.ROOT)
        + Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining("x", " ", ""));
  }
}
