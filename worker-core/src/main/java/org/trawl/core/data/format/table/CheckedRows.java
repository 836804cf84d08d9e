package org.trawl.core.data.format.table;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.trawl.core.data.format.SampleForm;
import org.trawl.core.data.format.image.ImageDecoder;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.sample.TextValues;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.TableColumns;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.TableRows;

/** Checks the rows of a table and adds them to the builders. */
final class CheckedRows implements TableRows {
  private final SourceSpec source;
  private final String address;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private final SampleForm form;
  private final Map<Integer, TextValues> texts;
  private final List<String> before;
  private final List<String> notes = new ArrayList<>();
  private List<String> columns = List.of();
  private String labelColumn = "";
  private int column;
  private int values;
  private long row = 1;
  private SampleShape image = SampleShape.NONE;
  private boolean bytes = true;

  CheckedRows(
      SourceSpec source,
      String address,
      SamplesBuilder samples,
      LabelsBuilder labels,
      SampleForm form,
      Map<Integer, TextValues> texts,
      List<String> before) {
    this.source = source;
    this.before = before;
    this.texts = texts;
    this.address = address;
    this.samples = samples;
    this.labels = labels;
    this.form = form;
  }

  @Override
  public TableColumns choose(List<String> names, Set<String> index) {
    Set<Integer> numbering =
        index.stream().map(names::indexOf).filter(i -> i >= 0).collect(Collectors.toSet());
    for (int i = 0; i < names.size() && source.format() == SourceSpec.Format.PARQUET; i++) {
      String name = names.get(i);
      Optional<String> alike =
          names.subList(0, i).stream().filter(name::equalsIgnoreCase).findFirst();
      if (alike.isPresent()) {
        throw new DataException(
            "%s: expected columns whose names differ in more than capital letters, found \"%s\" and \"%s\""
                .formatted(address, alike.get(), name));
      }
    }
    TableColumns chosen = TableColumns.of(source, names, true, numbering, address);
    columns = chosen.features().stream().map(names::get).toList();
    labelColumn = names.get(chosen.label());
    if (!before.isEmpty() && !before.equals(columns)) {
      throw new DataException(
          "%s: expected the columns %s in this order as in the tables before it, found %s"
              .formatted(address, SourceFile.shown(before), SourceFile.shown(columns)));
    }
    notes.addAll(chosen.notes());
    return chosen;
  }

  List<String> columns() {
    return columns;
  }

  String labelColumn() {
    return labelColumn;
  }

  @Override
  public void number(double value) {
    if (texts.containsKey(column)) {
      throw wrong("a text as in the rows before it", "" + value);
    }
    bytes = false;
    add(value);
    column++;
  }

  @Override
  public void whole(long value) {
    rounded(value);
    number(value);
  }

  @Override
  public void rounded(BigDecimal number) {
    boolean whole = number.stripTrailingZeros().scale() <= 0;
    if (whole && new BigDecimal(number.doubleValue()).compareTo(number) != 0) {
      samples.rounded(this::place);
    }
  }

  @Override
  public void rounded(long whole) {
    if (SamplesBuilder.rounds(whole)) {
      samples.rounded(this::place);
    }
  }

  @Override
  public void numbers(double[] list) {
    bytes = false;
    for (double value : list) {
      add(value);
    }
    column++;
  }

  @Override
  public void missing() {
    number(Double.NaN);
  }

  @Override
  public void text(String value) {
    bytes = false;
    if (value != null && value.length() > LabelsBuilder.LONGEST_LABEL) {
      throw wrong(
          String.format(
              Locale.ROOT, "a text of at most %d characters", LabelsBuilder.LONGEST_LABEL),
          "" + value.length());
    }
    TextValues found = texts.get(column);
    String first = value == null ? "NULL" : '"' + value + '"';
    if (found == null && samples.columns() != 0) {
      throw wrong("a number as in the rows before it", first);
    } else if (found == null) {
      found = new TextValues(values, "%s: expected a number, found %s".formatted(place(), first));
      texts.put(column, found);
    } else if (found.feature() != values) {
      throw wrong(
          String.format(Locale.ROOT, "%d values before it as in other rows", found.feature()),
          "" + values);
    }
    room(1);
    int code = found.code(value == null ? "" : value);
    if (code == TextValues.TOO_MANY) {
      throw wrong(
          String.format(
              Locale.ROOT, "at most %d different texts in a column", TextValues.MOST_VALUES),
          "more");
    }
    samples.add(code);
    column++;
  }

  @Override
  public void binary(byte[] content) {
    if (ImageDecoder.starts(content)) {
      SourceFile file = SourceFile.of(place(), new ByteArrayInputStream(content));
      SampleShape known = form.shape().image() ? form.shape() : source.shape();
      SampleShape wanted = columns.size() == 1 ? known : SampleShape.NONE;
      String like = form.shape().image() ? "the rows before it" : "";
      add(ImageDecoder.decode(file, source.changes(), wanted, like));
      return;
    }
    room(content.length);
    samples.addBytes(content);
    column++;
  }

  @Override
  public void pixels(SampleShape shape, byte[] content) {
    if (content.length != shape.features()) {
      throw wrong(
          String.format(Locale.ROOT, "%d bytes of %s pixels", shape.features(), shape),
          content.length + "");
    }
    SourceFile none = SourceFile.of(place(), InputStream.nullInputStream());
    add(ImageDecoder.resized(none, new ImageDecoder.Image(shape, content), source.changes()));
  }

  private void add(ImageDecoder.Image decoded) {
    image = decoded.shape();
    room(decoded.pixels().length);
    samples.addBytes(decoded.pixels());
    column++;
  }

  @Override
  public void label(long label) {
    end(labels.code(label), Long.toString(label), labels.expectedNumber());
  }

  @Override
  public void label(String label) {
    if (label == null || label.isBlank() || label.length() > LabelsBuilder.LONGEST_LABEL) {
      throw wrongLabel(
          String.format(Locale.ROOT, "a label of 1 to %d characters", LabelsBuilder.LONGEST_LABEL),
          label == null ? "NULL" : label.length() + " characters");
    }
    end(labels.code(label.strip()), '"' + label.strip() + '"', labels.expected(label.strip()));
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
      throw wrong(
          String.format(Locale.ROOT, "%d values as in other rows", samples.columns()), "" + values);
    }
    form.add(columns.size() == 1 ? image : SampleShape.NONE, bytes);
    labels.add(code);
    column = 0;
    values = 0;
    row++;
  }

  private void add(double value) {
    if (Double.isNaN(value)) {
      room(1);
      samples.addMissing(() -> wrong("a finite number", "NaN or NULL"));
    } else if (Float.isFinite((float) value)) {
      room(1);
      samples.add(value);
    } else {
      throw wrong("a finite number", "" + value);
    }
  }

  /** The first row decides how many values a row has. */
  private void room(int count) {
    values += count;
    if (samples.columns() != 0 && values > samples.columns()) {
      throw wrong(
          String.format(Locale.ROOT, "%d values as in other rows", samples.columns()),
          values + " or more");
    }
  }

  private String place() {
    return String.format(
        Locale.ROOT,
        "%s: row %d: column %s",
        address,
        row,
        columns.get(Math.min(column, columns.size() - 1)));
  }

  @Override
  public DataException wrong(String expected, String found) {
    return new DataException("%s: expected %s, found %s".formatted(place(), expected, found));
  }

  @Override
  public DataException wrongLabel(String expected, String found) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "%s: row %d: label: expected %s, found %s",
            address,
            row,
            expected,
            found));
  }

  /** What was decided about the columns, a sentence each. */
  List<String> notes() {
    return notes;
  }

  long rows() {
    return row - 1;
  }
}
