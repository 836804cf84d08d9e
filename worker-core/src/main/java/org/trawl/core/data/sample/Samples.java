package org.trawl.core.data.sample;

import java.io.Serializable;
import java.util.Locale;
import org.ejml.data.FMatrixRMaj;

/**
 * The features of all samples of a source, a row a sample. Whoever wants to know a feature asks for
 * its {@link #value}; what computes fast takes what is held and the {@link #offsets} together.
 */
public sealed interface Samples extends Serializable {

  int rows();

  /** The number of features. */
  int columns();

  /** A feature of a sample; NaN where it is missing. */
  double value(int row, int column);

  /**
   * What is to be added to what is held of each feature; empty where that is nothing for all.
   *
   * @return shared, never written
   */
  double[] offsets();

  /** Some rows: rows.length x columns, row-major. */
  default double[] gathered(int... rows) {
    int columns = columns();
    double[] values = new double[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(rows[i / columns], i % columns);
    }
    return values;
  }

  /**
   * Features that are bytes (pixels), kept as bytes.
   *
   * @param data unsigned, row-major, rows x columns; shared by all trials and never written
   */
  record Bytes(byte[] data, int rows, int columns) implements Samples {
    public Bytes {
      if (data.length != (long) rows * columns) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid samples (%d x %d expected): %d values",
                rows,
                columns,
                data.length));
      }
    }

    @Override
    public double value(int row, int column) {
      return data[row * columns + column] & 0xFF;
    }

    @Override
    public double[] offsets() {
      return NONE;
    }
  }

  /**
   * Features that are real numbers, in single precision. Of a feature whose values single precision
   * would not tell apart (times in seconds since 1970, say), the differences from one of them are
   * held.
   *
   * @param held rows x columns: differences from the offsets; shared by all trials and never
   *     written
   * @param offsets of each feature, most of them 0; empty where all are
   */
  record Reals(FMatrixRMaj held, double[] offsets) implements Samples {
    public Reals {
      if (offsets.length > 0 && offsets.length != held.numCols) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid offsets (%d features expected): %d",
                held.numCols,
                offsets.length));
      }
    }

    /** Features that are held as they are. */
    public Reals(FMatrixRMaj held) {
      this(held, NONE);
    }

    @Override
    public int rows() {
      return held.numRows;
    }

    @Override
    public int columns() {
      return held.numCols;
    }

    @Override
    public double value(int row, int column) {
      float difference = held.data[row * held.numCols + column];
      return offsets.length == 0 ? difference : offsets[column] + difference;
    }
  }

  /** No offsets. */
  double[] NONE = {};
}
