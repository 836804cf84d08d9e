package org.trawl.core.data;

import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;

/**
 * Collects the features of a source's samples in the order of its files: as bytes as long as every
 * value is a whole number from 0 to 255, as reals from the first that is not. Memory grows with
 * what was read, never with what a header claims.
 */
final class SamplesBuilder {
  /** The longest array that every JVM can make. */
  static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final int FIRST_CAPACITY = 1 << 20;

  private final String source;
  private byte[] bytes = new byte[0];
  private float[] reals;
  private int size;
  private int columns;
  private long claimed;

  /**
   * Starts without samples.
   *
   * @param source the source's name, for errors
   */
  SamplesBuilder(String source) {
    this.source = source;
  }

  /** The number of features; 0 before it is known. */
  int columns() {
    return columns;
  }

  void columns(int count) {
    columns = count;
  }

  boolean real() {
    return reals != null;
  }

  /** From here on as reals. */
  void becomeReal() {
    if (reals == null) {
      checkMemory((long) bytes.length * (1 + Float.BYTES));
      float[] values = new float[bytes.length];
      for (int i = 0; i < size; i++) {
        values[i] = bytes[i] & 0xFF;
      }
      reals = values;
      bytes = null;
    }
  }

  /** Announces values, so that more than fits is refused before anything is read. */
  void expect(long values) {
    claimed += values;
    if (claimed > LONGEST_ARRAY) {
      throw tooMany(claimed);
    }
    checkMemory(claimed * width());
  }

  void add(float value) {
    if (reals == null) {
      int whole = (int) value;
      if (whole == value && whole >= 0 && whole <= 255) {
        room(1);
        bytes[size++] = (byte) whole;
        return;
      }
      becomeReal();
    }
    room(1);
    reals[size++] = value;
  }

  /** Adds as many of the file's next bytes as are there, at most {@code count}; how many. */
  long addBytes(SourceFile file, long count) {
    long done = 0;
    while (done < count) {
      int asked = (int) Math.min(count - done, room(count - done));
      int read = file.read(bytes, size, asked);
      size += read;
      done += read;
      if (read < asked) {
        break;
      }
    }
    return done;
  }

  /** Makes room for at least one value and at most those wanted; for how many. */
  private int room(long wanted) {
    int capacity = real() ? reals.length : bytes.length;
    if (size == capacity) {
      long limit = Math.max(claimed, 0) >= size + wanted ? claimed : LONGEST_ARRAY;
      long grown = Math.min(limit, Math.max(FIRST_CAPACITY, 2L * capacity));
      if (grown <= size) {
        throw tooMany(size + wanted);
      }
      checkMemory((capacity + grown) * width());
      capacity = (int) grown;
      if (real()) {
        reals = Arrays.copyOf(reals, capacity);
      } else {
        bytes = Arrays.copyOf(bytes, capacity);
      }
    }
    return capacity - size;
  }

  private int width() {
    return real() ? Float.BYTES : 1;
  }

  private DataException tooMany(long values) {
    return new DataException(
        "Cannot hold %s: expected at most %d feature values, found %d or more"
            .formatted(source, LONGEST_ARRAY, values));
  }

  private void checkMemory(long needed) {
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > heap) {
      throw new DataException(
          "Cannot hold %s: its samples need %d MiB, the JVM's heap is at most %d MiB; give it more"
              .formatted(source, (needed >> 20) + 1, heap >> 20));
    }
  }

  /** The samples collected; the builder is empty afterwards. */
  Samples build() {
    int rows = columns == 0 ? 0 : size / columns;
    Samples samples =
        real()
            ? new Samples.Reals(FMatrixRMaj.wrap(rows, columns, exactly(reals)))
            : new Samples.Bytes(exactly(bytes), rows, columns);
    reals = null;
    bytes = new byte[0];
    size = 0;
    return samples;
  }

  private float[] exactly(float[] values) {
    return values.length == size ? values : Arrays.copyOf(values, size);
  }

  private byte[] exactly(byte[] values) {
    return values.length == size ? values : Arrays.copyOf(values, size);
  }
}
