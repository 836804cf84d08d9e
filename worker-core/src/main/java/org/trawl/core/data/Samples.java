package org.trawl.core.data;

import java.io.Serializable;
import java.util.Locale;
import org.ejml.data.FMatrixRMaj;

/** The features of all samples of a source, a row a sample, as the source stores them. */
public sealed interface Samples extends Serializable {

  int rows();

  /** The number of features. */
  int columns();

  /** Some rows in single precision: rows.length x columns, row-major. */
  default float[] gathered(int... rows) {
    int columns = columns();
    float[] values = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      int from = rows[i] * columns;
      if (this instanceof Bytes bytes) {
        for (int j = 0; j < columns; j++) {
          values[i * columns + j] = bytes.data()[from + j] & 0xFF;
        }
      } else if (this instanceof Reals reals) {
        System.arraycopy(reals.data().data, from, values, i * columns, columns);
      }
    }
    return values;
  }

  /** A feature of a sample; NaN where it is missing. */
  double value(int row, int column);

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
  }

  /**
   * Features that are real numbers.
   *
   * @param data rows x columns; shared by all trials and never written
   */
  record Reals(FMatrixRMaj data) implements Samples {
    @Override
    public int rows() {
      return data.numRows;
    }

    @Override
    public int columns() {
      return data.numCols;
    }

    @Override
    public double value(int row, int column) {
      return data.data[row * data.numCols + column];
    }
  }
}
