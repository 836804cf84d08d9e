package org.trawl.core.data.format.text;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.sample.Shown;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.sample.TextValues;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableColumns;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;

/**
 * Reads comma-, semicolon- or tab-separated text: a line a sample, one column its label, every
 * other column a number in each line, or a text in each. What the lines look like, {@link
 * CsvRecords} says.
 */
public final class CsvReader implements PartReader {
  private static final int SHOWN = 12;

  private final SourceSpec source;
  private final CsvDialect dialect;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;

  private final CsvTexts texts;

  private String firstFile = "";

  /** Names of the feature columns in the first file with a header; empty before it. */
  private List<String> featureNames = List.of();

  /** Name of the label's column in the first file with a header; empty before it. */
  private String labelName = "";

  /** How many labels say that they are missing, and how. */
  private final Map<String, Integer> missingLabels = new TreeMap<>();

  /** Of what the source says that it says that a value is missing, that which none has said. */
  private final Set<String> unmet;

  /** Whether a first column without a name numbers the rows; null before there is one. */
  private Boolean unnamedIndex;

  private final List<String> notes = new ArrayList<>();

  public CsvReader(
      SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.dialect = source.form().csv();
    this.texts = new CsvTexts(dialect);
    this.unmet = new TreeSet<>(dialect.missing());
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
      firstFile = firstFile.isEmpty() ? address : firstFile;
      boolean again = true;
      while (again) {
        try (SourceFile file = open(part, address)) {
          new Reading(part, file).read();
          again = false;
        } catch (CsvTexts.TextsBelow found) {
          samples.clear();
          labels.clear();
          texts.clear();
          missingLabels.clear();
        }
      }
    }
  }

  private SourceFile open(Part part, String address) {
    return SourceFile.open(source, part.word() + " samples", address, storage);
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
    return texts.columns();
  }

  @Override
  public List<String> names() {
    return featureNames;
  }

  @Override
  public String label() {
    return labelName;
  }

  @Override
  public List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    all.addAll(texts.notes(this::name));
    missingLabels.forEach(
        (text, count) ->
            all.add(
                String.format(
                    Locale.ROOT,
                    "%d labels are \"%s\", which says that a value is missing elsewhere: here it is a class",
                    count,
                    text)));
    if (!unmet.isEmpty()) {
      all.add("no value is " + String.join(", ", unmet) + ", which missing names");
    }
    return all;
  }

  private String name(int feature) {
    return featureNames.isEmpty() ? "" + feature : '"' + featureNames.get(feature) + '"';
  }

  /** The reading of one file. */
  private final class Reading {
    private final Part part;
    private final SourceFile file;
    private final CsvRecords records;
    private List<String> names = List.of();
    private int columns;
    private int label;

    /** Of each column, the feature that it is; -1 for none. */
    private int[] features;

    Reading(Part part, SourceFile file) {
      this.part = part;
      this.file = file;
      this.records = new CsvRecords(file, dialect);
    }

    void read() {
      CsvRecord record = new CsvRecord(dialect);
      if (!records.next(record)) {
        throw records.wrong(1, "a sample", "an empty file");
      }
      columns = record.fields();
      if (columns < 2) {
        throw records.wrong(
            record.line(),
            "at least 2 columns between commas, semicolons or tabs",
            "1: " + record.shown(0));
      }
      boolean header = header(record);
      chooseColumns(record, header);
      if (header && !records.next(record)) {
        throw records.wrong(record.line(), "a sample below the header", "the end of the file");
      }
      do {
        add(record);
      } while (records.next(record));
    }

    /** Whether the first line names the columns: said, or seen. */
    private boolean header(CsvRecord first) {
      if (source.header() != Header.AUTO) {
        return source.header() == Header.PRESENT;
      }
      String asked = source.label();
      List<String> fields = texts(first);
      if (!TableColumns.position(asked)
          || (!featureNames.isEmpty() && fields.containsAll(featureNames))) {
        return true;
      }
      int position = asked.isEmpty() ? -1 : Integer.parseInt(asked);
      int fromStart = position < 0 ? columns + position : position;
      if (fromStart < 0 || fromStart >= columns) {
        return fields.contains(asked);
      }
      String shown = Shown.first(SHOWN, fields);
      return switch (looked(fromStart)) {
        case HEADER -> true;
        case SAMPLE -> false;
        case GUESSED_HEADER -> {
          notes.add(
              "the first line of %s (%s) is taken for a header, being unlike the lines below it; header = true or false says which"
                  .formatted(file.address(), shown));
          yield true;
        }
        case UNKNOWN -> {
          if (samples.columns() != 0) { // as the files before it
            yield !featureNames.isEmpty();
          }
          throw records.wrong(
              first.line(),
              "a first line that is either a header or a sample",
              "one that can be both: %s (cure: header = true or header = false in its description)"
                  .formatted(shown));
        }
      };
    }

    private CsvHeader.Kind looked(int labelColumn) {
      try (SourceFile again = open(part, file.address())) {
        return CsvHeader.of(new CsvRecords(again, dialect), dialect, labelColumn, labels::known);
      }
    }

    private void chooseColumns(CsvRecord first, boolean header) {
      names = header ? texts(first) : List.of();
      List<String> called = names;
      if (!header) {
        called = IntStream.range(0, columns).mapToObj(Integer::toString).toList();
      } else if (names.get(0).isEmpty() && unnamedIndex == null) {
        unnamedIndex = numbersRows();
      }
      boolean index = header && names.get(0).isEmpty() && unnamedIndex;
      TableColumns chosen =
          TableColumns.of(
              source,
              called,
              header,
              index ? Set.of(0) : Set.of(),
              String.format(Locale.ROOT, "%s:%d", file.address(), first.line()));
      label = chosen.label();
      features = new int[columns];
      Arrays.fill(features, -1);
      for (int i = 0; i < chosen.features().size(); i++) {
        features[chosen.features().get(i)] = i;
        if (chosen.texts().contains(chosen.features().get(i))) {
          texts.expect(i);
        }
      }
      chosen.notes().stream().filter(note -> !notes.contains(note)).forEach(notes::add);
      checkFeatures(first.line(), chosen.features());
    }

    /** Whether the first column has whole numbers, none of them twice. */
    private boolean numbersRows() {
      long[] numbers = new long[1024];
      int count = 0;
      try (SourceFile again = open(part, file.address())) {
        CsvRecords lines = new CsvRecords(again, dialect);
        CsvRecord record = new CsvRecord(dialect);
        lines.next(record);
        while (lines.next(record)) {
          String text = text(record, 0);
          if (!text.matches("-?\\d{1,18}") || count == SamplesBuilder.LONGEST_ARRAY) {
            return false;
          }
          if (count == numbers.length) {
            numbers =
                Arrays.copyOf(numbers, (int) Math.min(SamplesBuilder.LONGEST_ARRAY, 2L * count));
          }
          numbers[count++] = Long.parseLong(text);
        }
      }
      return Arrays.stream(numbers, 0, count).distinct().count() == count;
    }

    private List<String> texts(CsvRecord record) {
      List<String> result = new ArrayList<>();
      for (int i = 0; i < columns; i++) {
        result.add(text(record, i));
      }
      return result;
    }

    /** The features of all files of a source are the same columns. */
    private void checkFeatures(long line, List<Integer> chosen) {
      if (samples.columns() != 0 && samples.columns() != chosen.size()) {
        throw records.wrong(
            line,
            String.format(
                Locale.ROOT, "%d columns as in the files before it", samples.columns() + 1),
            "" + (chosen.size() + 1));
      }
      samples.columns(chosen.size());
      if (!names.isEmpty()) {
        List<String> found = chosen.stream().map(names::get).toList();
        for (int i = 0; i < featureNames.size(); i++) {
          if (!found.get(i).equals(featureNames.get(i))) {
            throw records.wrong(
                line,
                "the feature \"%s\" as in the files before it".formatted(featureNames.get(i)),
                "\"%s\"".formatted(found.get(i)));
          }
        }
        featureNames = found;
        labelName = labelName.isEmpty() ? names.get(label) : labelName;
      }
    }

    private void add(CsvRecord record) {
      if (record.fields() != columns) {
        throw records.wrong(record.line(), columns + " columns", "" + record.fields());
      }
      if (!names.isEmpty()
          && text(record, label).equals(names.get(label))
          && texts(record).equals(names)) {
        throw records.wrong(record.line(), "a sample", "the header again");
      }
      if (!texts.started()) {
        findTexts(record);
      }
      for (int i = 0; i < columns; i++) {
        if (features[i] >= 0 && texts.of(features[i]) != null) {
          if (!texts.expected(features[i]) && !Double.isNaN(record.number(i))) {
            mixed(record, i);
          }
          samples.add(code(record, i, texts.of(features[i])));
        } else if (features[i] >= 0) {
          double value = record.number(i);
          int column = i;
          if (Float.isFinite((float) value)) {
            samples.add(value);
            if (record.rounded(i, value)) {
              samples.rounded(() -> records.place(record, column, names));
            }
          } else if (record.missing(i)) {
            met(record, i);
            samples.addMissing(() -> new DataException(message(record, column, "a number")));
          } else {
            if (Double.isNaN(value)) {
              mixed(record, i);
            }
            throw wrong(record, i, "a number below 3.5e38");
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
      int code = labels.code(source.form().label(text(record, label)));
      if (code == LabelsBuilder.UNKNOWN) {
        throw wrong(record, label, labels.expected(source.form().label(text(record, label))));
      }
      if (record.missing(label)) {
        missingLabels.merge(text(record, label), 1, Integer::sum);
      }
      labels.add(code);
    }

    private void met(CsvRecord record, int column) {
      if (!unmet.isEmpty()) {
        String text = text(record, column);
        unmet.removeIf(mark -> dialect.means(mark, text));
      }
    }

    /** Decides by the first sample that has a value there which features are texts. */
    private void findTexts(CsvRecord first) {
      boolean[] known = new boolean[samples.columns()];
      texts.start(known.length);
      int left = known.length;
      for (int i = 0; i < columns; i++) {
        if (features[i] >= 0 && texts.expected(features[i])) {
          known[features[i]] = true;
          left--;
          String place = records.place(first, i, names);
          texts.found(features[i], place + ": expected numbers, found texts");
        }
      }
      left -= find(first, known);
      if (left > 0) {
        try (SourceFile again = open(part, file.address())) {
          CsvRecords lines = new CsvRecords(again, dialect);
          CsvRecord record = new CsvRecord(dialect);
          while (left > 0 && lines.next(record) && record.fields() == columns) {
            left -= record.line() > first.line() ? find(record, known) : 0;
          }
        }
      }
    }

    /** Decides what a sample shows that was not known, and counts that. */
    private int find(CsvRecord record, boolean[] known) {
      int found = 0;
      for (int i = 0; i < columns; i++) {
        int feature = features[i];
        if (feature >= 0 && !known[feature] && !record.missing(i)) {
          known[feature] = true;
          found++;
          if (Double.isNaN(record.number(i))) {
            texts.found(feature, message(record, i, "a number"));
          }
        }
      }
      return found;
    }

    private int code(CsvRecord record, int column, TextValues found) {
      if (record.bytes(column) > LabelsBuilder.LONGEST_LABEL) {
        throw wrong(
            record,
            column,
            String.format(Locale.ROOT, "a text of at most %d bytes", LabelsBuilder.LONGEST_LABEL));
      }
      met(record, column);
      int code = found.code(text(record, column));
      if (code == TextValues.TOO_MANY) {
        throw wrong(
            record,
            column,
            String.format(
                Locale.ROOT, "at most %d different texts in a column", TextValues.MOST_VALUES));
      }
      return code;
    }

    /**
     * Decides about columns that have numbers and texts.
     *
     * @param column that has shown both
     * @throws DataException if it is one of numbers: what it has, and what can be said of it
     * @throws CsvTexts.TextsBelow if any is one of texts, and was taken for one of numbers
     */
    private void mixed(CsvRecord record, int column) {
      List<CsvMixture> all = mixtures();
      boolean first = file.address().equals(firstFile);
      if (texts.decide(all, features, first, this::called, file.address())) {
        throw new CsvTexts.TextsBelow();
      } else if (!texts.expected(features[column])) {
        TextValues known = texts.of(features[column]);
        String found = known == null ? message(record, column, "a number") : known.first();
        throw new DataException(found + all.get(column).told(called(column)));
      }
    }

    private String called(int column) {
      return names.isEmpty() ? "" + column : names.get(column);
    }

    private List<CsvMixture> mixtures() {
      try (SourceFile again = open(part, file.address())) {
        CsvRecords lines = new CsvRecords(again, dialect);
        CsvRecord line = new CsvRecord(dialect);
        if (!names.isEmpty()) {
          lines.next(line);
        }
        return CsvMixture.of(lines, line, columns);
      }
    }

    private String text(CsvRecord record, int column) {
      try {
        return record.text(column);
      } catch (CharacterCodingException e) {
        throw new DataException(message(record, column, "text in UTF-8"));
      }
    }

    private DataException wrong(CsvRecord record, int column, String expected) {
      boolean number = !Double.isNaN(record.number(column));
      String cure = number ? "" : OtherNumbers.cure(List.of(text(record, column)));
      return new DataException(
          message(record, column, expected)
              + (cure.isEmpty() ? "" : " (cure: %s)".formatted(cure)));
    }

    private String message(CsvRecord record, int column, String expected) {
      return records.message(record, column, names, expected);
    }
  }
}
