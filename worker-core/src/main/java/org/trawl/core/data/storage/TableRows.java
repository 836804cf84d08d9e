package org.trawl.core.data.storage;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.TableColumns;

/**
 * Takes the rows of a table: first the names of its columns, then of each row the chosen ones in
 * order, then its label. Who reads tables (the driver, through Spark) tells values; what they must
 * be is checked here.
 */
public interface TableRows {
  /**
   * Chooses among the columns of the table.
   *
   * @param names of all of them, in order
   * @param index names of those that number the rows, beside those whose names say so
   */
  TableColumns choose(List<String> names, Set<String> index);

  /** A number. */
  void number(double value);

  /** A whole number. */
  void whole(long value);

  /** Takes note of a decimal number, if it is a whole one that a double does not hold. */
  void rounded(BigDecimal number);

  /** Takes note of a whole number that a double does not hold. */
  void rounded(long whole);

  /** A list of numbers, as many in each row. */
  void numbers(double[] list);

  /** A number that is not there. */
  void missing();

  /**
   * A text, of which a preparation makes features; null for one that is not there, which is a kind
   * of its own as an empty one in CSV is.
   */
  void text(String value);

  /** Bytes: a file in PNG, JPEG or BMP, or else each a feature. */
  void binary(byte[] content);

  /** An image that is decoded already, in the order of {@link SampleShape}. */
  void pixels(SampleShape shape, byte[] content);

  /** The label of the row, which ends it: a whole number. */
  void label(long label);

  /** The label of the row, which ends it: a text. */
  void label(String label);

  /** An error in the column that comes next. */
  DataException wrong(String expected, String found);

  /** An error at the label of the row. */
  DataException wrongLabel(String expected, String found);
}
