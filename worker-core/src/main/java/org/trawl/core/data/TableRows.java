package org.trawl.core.data;

import java.io.ByteArrayInputStream;
import java.util.List;

/**
 * Takes the rows of a table: of each row its columns in order, then its label. Who reads tables
 * (the driver, through Spark) tells values; what they must be is checked here.
 */
public final class TableRows {
  private final String address;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private final SampleForm form;
  private List<String> columns = List.of();
  private int column;
  private int values;
  private long row = 1;
  private SampleShape image = SampleShape.NONE;
  private boolean bytes = true;

  TableRows(String address, SamplesBuilder samples, LabelsBuilder labels, SampleForm form) {
    this.address = address;
    this.samples = samples;
    this.labels = labels;
    this.form = form;
  }

  /** The names of the columns that are features. */
  public void columns(List<String> names) {
    if (names.isEmpty()) {
      throw new DataException(address + ": expected a column of features, found the label's alone");
    }
    columns = List.copyOf(names);
  }

  /** A number. */
  public void number(double value) {
    bytes = false;
    add(value);
    column++;
  }

  /** A list of numbers, as many in each row. */
  public void numbers(double[] list) {
    bytes = false;
    for (double value : list) {
      add(value);
    }
    column++;
  }

  /** A value that is not there. */
  public void missing() {
    number(Double.NaN);
  }

  /** Bytes: a file in PNG, JPEG or BMP, or else each a feature. */
  public void binary(byte[] content) {
    if (ImageDecoder.starts(content)) {
      SourceFile file = SourceFile.of(place(), new ByteArrayInputStream(content));
      SampleShape wanted = columns.size() == 1 ? form.shape() : SampleShape.NONE;
      ImageDecoder.Image decoded = ImageDecoder.decode(file, wanted, row > 1 ? "row 1" : "");
      pixels(decoded.shape(), decoded.pixels());
      return;
    }
    room(content.length);
    samples.addBytes(content);
    column++;
  }

  /** An image that is decoded already, in the order of {@link SampleShape}. */
  public void pixels(SampleShape shape, byte[] content) {
    if (content.length != shape.features()) {
      throw wrong("%d bytes of %s pixels".formatted(shape.features(), shape), content.length + "");
    }
    image = shape;
    room(content.length);
    samples.addBytes(content);
    column++;
  }

  /** The label of the row, which ends it: a whole number. */
  public void label(long label) {
    end(labels.code(label), Long.toString(label), labels.expectedNumber());
  }

  /** The label of the row, which ends it: a text. */
  public void label(String label) {
    if (label == null || label.isBlank() || label.length() > LabelsBuilder.LONGEST_LABEL) {
      throw wrongLabel(
          "a label of 1 to %d characters".formatted(LabelsBuilder.LONGEST_LABEL),
          label == null ? "NULL" : label.length() + " characters");
    }
    end(labels.code(label.strip()), '"' + label.strip() + '"', labels.expected());
  }

  private void end(int code, String shown, String expected) {
    if (code == LabelsBuilder.UNKNOWN) {
      throw wrongLabel(expected, shown);
    }
    if (samples.columns() == 0) {
      samples.columns(values);
    }
    if (values != samples.columns()) {
      column = columns.size() - 1;
      throw wrong("%d values as in other rows".formatted(samples.columns()), "" + values);
    }
    form.add(columns.size() == 1 ? image : SampleShape.NONE, bytes);
    labels.add(code);
    column = 0;
    values = 0;
    row++;
  }

  private void add(double value) {
    float rounded = (float) value;
    if (!Float.isFinite(rounded) && !(Double.isNaN(value) && samples.keepsMissing())) {
      throw wrong("a finite number", Double.isNaN(value) ? "NaN or NULL" : "" + value);
    }
    room(1);
    samples.add(rounded);
  }

  /** The first row decides how many values a row has. */
  private void room(int count) {
    values += count;
    if (samples.columns() != 0 && values > samples.columns()) {
      throw wrong("%d values as in other rows".formatted(samples.columns()), values + " or more");
    }
  }

  private String place() {
    return "%s: row %d: column %s"
        .formatted(address, row, columns.get(Math.min(column, columns.size() - 1)));
  }

  /** An error in the column that comes next. */
  public DataException wrong(String expected, String found) {
    return new DataException("%s: expected %s, found %s".formatted(place(), expected, found));
  }

  private DataException wrongLabel(String expected, String found) {
    return new DataException(
        "%s: row %d: label: expected %s, found %s".formatted(address, row, expected, found));
  }

  long rows() {
    return row - 1;
  }
}
