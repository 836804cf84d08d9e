package org.trawl.core.data.sample;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.ejml.data.FMatrixRMaj;

/**
 * Collects the features of a source's samples in the order of its files: as bytes as long as every
 * value is a whole number from 0 to 255, as reals from the first that is not; and in the source's
 * own precision from the first that single precision does not hold, until {@link Precision} has
 * decided in {@link #build} what is to be held of each feature. Memory grows with what was read,
 * never with what a header claims.
 */
public final class SamplesBuilder {
  /** The longest array that every JVM can make. */
  public static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** Double precision holds each whole number up to this one. */
  public static final long EXACT_INTEGERS = 1L << 53;

  private static final int FIRST_CAPACITY = 1 << 16;

  private final String source;
  private byte[] bytes = new byte[0];
  private float[] reals;
  private DoubleChunks exact;
  private int size;
  private int columns;
  private long claimed;
  private String firstMissing = "";
  private long rounded;
  private String firstRounded = "";
  private List<Precision.Loss> losses = List.of();

  /**
   * Starts without samples.
   *
   * @param source the source's name, for errors
   */
  public SamplesBuilder(String source) {
    this.source = source;
  }

  /** The number of features; 0 before it is known. */
  public int columns() {
    return columns;
  }

  /** Says how many features a sample has. */
  public void columns(int count) {
    columns = count;
  }

  /** Whether values are held as reals. */
  public boolean real() {
    return bytes == null;
  }

  /** From here on as reals. */
  public void becomeReal() {
    if (!real()) {
      long needed = (long) bytes.length * (1 + Float.BYTES);
      checkMemory(needed);
      float[] values = allocated(needed, () -> new float[bytes.length]);
      for (int i = 0; i < size; i++) {
        values[i] = bytes[i] & 0xFF;
      }
      reals = values;
      bytes = null;
    }
  }

  /** Announces values, so that more than fits is refused before anything is read. */
  public void expect(long values) {
    claimed += values;
    if (claimed > LONGEST_ARRAY) {
      throw tooMany(claimed);
    }
    checkMemory(claimed * width());
  }

  /** Refuses what a reader wants to hold beside the values, if it is more than the heap. */
  public void expectRoom(long bytes) {
    checkMemory(claimed * width() + bytes);
  }

  /**
   * Adds that a value is missing.
   *
   * @param error where, and what was expected, for a preparation that does not fill it in
   */
  public void addMissing(Supplier<DataException> error) {
    if (firstMissing.isEmpty()) {
      firstMissing = error.get().getMessage();
    }
    add(Double.NaN);
  }

  /** Whether a double does not hold a whole number. */
  public static boolean rounds(long whole) {
    return whole == Long.MAX_VALUE || (long) (double) whole != whole;
  }

  /**
   * Takes note that a whole number of the source was rounded to a double before it was added.
   *
   * @param where it stands
   */
  public void rounded(Supplier<String> where) {
    if (rounded++ == 0) {
      firstRounded = where.get();
    }
  }

  /** What is told of whole numbers that were rounded; empty for none. */
  public Optional<String> roundedNote() {
    return rounded == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "whole numbers beyond 2^53 are rounded to those that double precision holds: %d, the"
                    + " first at %s (cure: differences to a number of their own size, such as the"
                    + " first time)",
                rounded,
                firstRounded));
  }

  /** What was said of the first value that is missing; empty where none is. */
  public String firstMissing() {
    return firstMissing;
  }

  /** Adds a value; NaN for one that is missing. */
  public void add(double value) {
    if (!real()) {
      int whole = (int) value;
      if (whole == value && whole >= 0 && whole <= 255) {
        room(1);
        bytes[size++] = (byte) whole;
        return;
      }
      becomeReal();
    }
    float rounded = (float) value;
    if (exact == null && rounded != value && !Double.isNaN(value)) {
      becomeExact();
    }
    if (exact != null) {
      addExact(value);
    } else {
      room(1);
      reals[size++] = Double.isNaN(value) ? Float.NaN : rounded;
    }
  }

  /** Adds a value of another builder as it was added there. */
  public void add(SamplesBuilder from, int index) {
    firstMissing = firstMissing.isEmpty() ? from.firstMissing : firstMissing;
    add(from.value(index));
  }

  /** A value that was added. */
  private double value(int index) {
    return !real() ? bytes[index] & 0xFF : exact == null ? reals[index] : exact.value(index);
  }

  /** From here on in the source's own precision. */
  private void becomeExact() {
    checkMemory((long) reals.length * Float.BYTES + (long) size * Double.BYTES);
    exact = new DoubleChunks();
    for (int i = 0; i < size; i++) {
      addExact(i, reals[i]);
    }
    reals = null;
  }

  private void addExact(double value) {
    addExact(size, value);
    size++;
  }

  private void addExact(int index, double value) {
    if (exact.full(index)) {
      if (index >= LONGEST_ARRAY) {
        throw tooMany(index + 1L);
      }
      long needed = (index + (long) DoubleChunks.LENGTH) * width();
      checkMemory(needed);
      allocated(needed, exact::grow);
    }
    exact.set(index, value);
  }

  /** Bytes that are read one after the other. */
  @FunctionalInterface
  public interface ByteSource {
    /** Fills a part of an array; how many bytes there were, fewer than {@code count} at the end. */
    int read(byte[] target, int from, int count);
  }

  /** Adds as many of the next bytes as are there, at most {@code count}; how many. */
  public long addBytes(ByteSource source, long count) {
    long done = 0;
    while (done < count) {
      int asked = (int) Math.min(count - done, room(count - done));
      int read = source.read(bytes, size, asked);
      size += read;
      done += read;
      if (read < asked) {
        break;
      }
    }
    return done;
  }

  /** Adds bytes. */
  public void addBytes(byte[] values) {
    if (real()) {
      for (byte value : values) {
        add(value & 0xFF);
      }
      return;
    }
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, room(values.length - done));
      System.arraycopy(values, done, bytes, size, count);
      size += count;
      done += count;
    }
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
      long needed = (capacity + grown) * width();
      checkMemory(needed);
      resize((int) grown, needed);
      return (int) grown - size;
    }
    return capacity - size;
  }

  private void resize(int capacity, long needed) {
    if (real()) {
      reals = allocated(needed, () -> Arrays.copyOf(reals, capacity));
    } else {
      bytes = allocated(needed, () -> Arrays.copyOf(bytes, capacity));
    }
  }

  /** Of values that are kept exactly: with what is made of them. */
  private int width() {
    return !real() ? 1 : exact == null ? Float.BYTES : Double.BYTES + Float.BYTES;
  }

  private DataException tooMany(long values) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "Cannot hold %s: expected at most %d feature values, found %d or more",
            source,
            LONGEST_ARRAY,
            values));
  }

  private void checkMemory(long needed) {
    if (needed > Runtime.getRuntime().maxMemory()) {
      throw tooLarge(needed);
    }
  }

  /** An array that may be too large for what is left of the heap. */
  private <T> T allocated(long needed, Supplier<T> array) {
    try {
      return array.get();
    } catch (OutOfMemoryError e) {
      DataException refused = tooLarge(needed);
      refused.initCause(e);
      throw refused;
    }
  }

  private DataException tooLarge(long needed) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "Cannot hold %s: reading it takes %d MiB at a time beside all else, the JVM's heap is at most %d MiB; give it more (TRAWL_MEMORY=8g, say; on a cluster spark.executor.memory too)",
            source,
            (needed >> 20) + 1,
            Runtime.getRuntime().maxMemory() >> 20));
  }

  /** What is told of features that single precision does not hold; known once it is built. */
  public List<String> lossNotes(Columns names) {
    return Precision.told(losses, names, Precision.FAR);
  }

  /** Starts again without samples. */
  public void clear() {
    bytes = new byte[0];
    reals = null;
    exact = null;
    size = 0;
    columns = 0;
    claimed = 0;
    firstMissing = "";
    rounded = 0;
  }

  /** The samples collected; the builder is empty afterwards. */
  public Samples build() {
    int rows = columns == 0 ? 0 : size / columns;
    Samples samples;
    if (exact != null) {
      Precision precision = Precision.of(exact, rows, columns);
      losses = precision.losses();
      long needed = (long) size * width();
      float[] held = allocated(needed, () -> precision.held(exact, size));
      samples = new Samples.Reals(FMatrixRMaj.wrap(rows, columns, held), precision.offsets());
    } else {
      if (size < (real() ? reals.length : bytes.length)) {
        resize(size, 2L * size * width());
      }
      samples =
          real()
              ? new Samples.Reals(FMatrixRMaj.wrap(rows, columns, reals))
              : new Samples.Bytes(bytes, rows, columns);
    }
    reals = null;
    exact = null;
    bytes = new byte[0];
    size = 0;
    return samples;
  }
}
