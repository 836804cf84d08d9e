package org.trawl.core.data;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.trawl.core.data.SourceSpec.Header;

/**
 * Reads comma-, semicolon- or tab-separated text: a line a sample, one column its label, every
 * other column a number; or, where the first sample has a text, a text. What the lines look like,
 * {@link CsvRecords} says.
 */
final class CsvReader implements PartReader {
  private static final Set<String> MISSING =
      Set.of("?", "NA", "N/A", "NaN", "nan", "NULL", "null", "None");

  private static final Pattern POSITION = Pattern.compile("[+-]?\\d{1,9}");

  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;

  /**
   * Of each feature, what its texts are; null where it is a number. Empty before the first sample.
   */
  private final List<TextValues> texts = new ArrayList<>();

  /** Names of the feature columns in the first file with a header; empty before it. */
  private List<String> featureNames = List.of();

  CsvReader(SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  @Override
  public void read(Part part) {
    if (!part.labelFiles(source).isEmpty()) {
      throw new DataException(
          "Cannot read %s: %s-labels: expected none (labels are a column of csv), found %s"
              .formatted(source.name(), part.key(), part.labelFiles(source)));
    }
    for (String address : part.files(source)) {
      try (SourceFile file = SourceFile.open(source, part.word() + " samples", address, storage)) {
        new Reading(file).read();
      }
    }
  }

  @Override
  public double fullScale() {
    return 0;
  }

  @Override
  public SampleShape shape() {
    return SampleShape.NONE;
  }

  @Override
  public List<TextColumn> texts() {
    return texts.stream().filter(Objects::nonNull).map(TextValues::column).toList();
  }

  @Override
  public List<String> names() {
    return featureNames;
  }

  /** Whether a text says that a value is not known. */
  static boolean missing(String text) {
    return text.isEmpty() || MISSING.contains(text);
  }

  private boolean labelByPosition() {
    return source.label().isEmpty() || POSITION.matcher(source.label()).matches();
  }

  /** The reading of one file. */
  private final class Reading {
    private final SourceFile file;
    private final CsvRecords records;
    private List<String> names = List.of();
    private int columns;
    private int label;

    Reading(SourceFile file) {
      this.file = file;
      this.records = new CsvRecords(file);
    }

    void read() {
      CsvRecord first = new CsvRecord();
      if (!records.next(first)) {
        throw records.wrong(1, "a sample", "an empty file");
      }
      CsvRecord record = new CsvRecord();
      boolean more = records.next(record);
      columns = first.fields();
      boolean header = header(first, more ? record : first);
      if (header) {
        names = names(first);
      }
      if (columns < 2) {
        throw records.wrong(
            first.line(),
            "at least 2 columns between commas, semicolons or tabs",
            "1: " + first.shown(0));
      }
      label = labelByPosition() ? labelPosition(first.line()) : namedLabel(first);
      checkFeatures(first.line());
      if (header && !more) {
        throw records.wrong(first.line(), "a sample below the header", "the end of the file");
      }
      if (!header) {
        add(first);
      }
      while (more) {
        add(record);
        more = records.next(record);
      }
    }

    /** Whether the first line names the columns: said, or seen in a text above a number. */
    private boolean header(CsvRecord first, CsvRecord second) {
      if (source.header() != Header.AUTO) {
        return source.header() == Header.PRESENT;
      }
      if (!labelByPosition()) {
        return true;
      }
      for (int i = 0; i < Math.min(first.fields(), second.fields()); i++) {
        boolean text = first.bytes(i) > 0 && Double.isNaN(first.number(i));
        if (text && !Double.isNaN(second.number(i))) {
          return true;
        }
      }
      return false;
    }

    private List<String> names(CsvRecord header) {
      List<String> result = new ArrayList<>();
      for (int i = 0; i < columns; i++) {
        result.add(text(header, i));
      }
      return result;
    }

    private int labelPosition(long line) {
      int position = source.label().isEmpty() ? -1 : Integer.parseInt(source.label());
      int fromStart = position < 0 ? columns + position : position;
      if (fromStart < 0 || fromStart >= columns) {
        throw records.wrong(
            line,
            String.format(Locale.ROOT, "column %d for the label", position),
            String.format(
                Locale.ROOT, "columns 0 to %d (or -1 to -%d from the end)", columns - 1, columns));
      }
      return fromStart;
    }

    private int namedLabel(CsvRecord first) {
      String expected = "a header with the label column \"%s\"".formatted(source.label());
      if (names.isEmpty()) {
        throw records.wrong(first.line(), expected, "no header, as header = false says");
      }
      int position = names.indexOf(source.label());
      if (position < 0) {
        List<String> shown = first.shown();
        String more = shown.size() > 20 ? ", …" : "";
        throw records.wrong(
            first.line(),
            expected,
            String.join(", ", shown.subList(0, Math.min(20, shown.size()))) + more);
      }
      if (position != names.lastIndexOf(source.label())) {
        throw records.wrong(first.line(), "one column \"%s\"".formatted(source.label()), "two");
      }
      return position;
    }

    /** The features of all files of a source are the same columns. */
    private void checkFeatures(long line) {
      if (samples.columns() != 0 && samples.columns() != columns - 1) {
        throw records.wrong(
            line,
            String.format(
                Locale.ROOT, "%d columns as in the files before it", samples.columns() + 1),
            "" + columns);
      }
      samples.columns(columns - 1);
      if (!names.isEmpty()) {
        List<String> features = new ArrayList<>(names);
        features.remove(label);
        for (int i = 0; i < featureNames.size(); i++) {
          if (!features.get(i).equals(featureNames.get(i))) {
            throw records.wrong(
                line,
                "the feature \"%s\" as in the files before it".formatted(featureNames.get(i)),
                "\"%s\"".formatted(features.get(i)));
          }
        }
        featureNames = features;
      }
    }

    private void add(CsvRecord record) {
      if (record.fields() != columns) {
        throw records.wrong(record.line(), columns + " columns", "" + record.fields());
      }
      if (texts.isEmpty()) {
        findTexts(record);
      }
      for (int i = 0; i < columns; i++) {
        if (i != label && texts.get(i < label ? i : i - 1) != null) {
          samples.add(code(record, i, texts.get(i < label ? i : i - 1)));
        } else if (i != label) {
          double value = record.number(i);
          int column = i;
          if (Float.isFinite((float) value)) {
            samples.add(value);
          } else if (missing(record, i)) {
            samples.addMissing(() -> wrong(record, column, "a number"));
          } else {
            String expected = Double.isNaN(value) ? "a number" : "a number below 3.5e38";
            throw wrong(record, i, expected);
          }
        }
      }
      int bytes = record.bytes(label);
      if (bytes == 0 || bytes > LabelsBuilder.LONGEST_LABEL) {
        throw wrong(
            record,
            label,
            String.format(Locale.ROOT, "a label of 1 to %d bytes", LabelsBuilder.LONGEST_LABEL));
      }
      int code = labels.code(text(record, label));
      if (code == LabelsBuilder.UNKNOWN) {
        throw wrong(record, label, labels.expected());
      }
      labels.add(code);
    }

    /** Decides by the first sample which features are texts. */
    private void findTexts(CsvRecord record) {
      for (int i = 0; i < columns; i++) {
        if (i != label) {
          boolean text =
              record.bytes(i) > 0 && Double.isNaN(record.number(i)) && !missing(record, i);
          String first = message(record, i, "a number");
          texts.add(text ? new TextValues(texts.size(), first) : null);
        }
      }
    }

    private int code(CsvRecord record, int column, TextValues found) {
      if (record.bytes(column) > LabelsBuilder.LONGEST_LABEL) {
        throw wrong(
            record,
            column,
            String.format(Locale.ROOT, "a text of at most %d bytes", LabelsBuilder.LONGEST_LABEL));
      }
      int code = found.code(text(record, column));
      if (code == TextValues.TOO_MANY) {
        throw wrong(
            record,
            column,
            String.format(
                Locale.ROOT, "at most %d different texts in a column", TextColumn.MOST_VALUES));
      }
      return code;
    }

    /** Whether a field says that its value is not known. */
    private boolean missing(CsvRecord record, int column) {
      return CsvReader.missing(text(record, column));
    }

    private String text(CsvRecord record, int column) {
      try {
        return record.text(column);
      } catch (CharacterCodingException e) {
        throw wrong(record, column, "text in UTF-8");
      }
    }

    private DataException wrong(CsvRecord record, int column, String expected) {
      return new DataException(message(record, column, expected));
    }

    private String message(CsvRecord record, int column, String expected) {
      String name = names.isEmpty() ? "" : " (%s)".formatted(names.get(column));
      return String.format(
          Locale.ROOT,
          "%s:%d: column %d%s: expected %s, found %s",
          file.address(),
          record.line(),
          column,
          name,
          expected,
          record.shown(column));
    }
  }
}
