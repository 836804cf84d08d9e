package org.trawl.core.data;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.trawl.core.data.SourceSpec.Format;
import org.trawl.core.data.SourceSpec.Header;

/**
 * Samples of a CSV file apart from any data set: as many columns as a model has features, or one
 * more with the labels. A first line of which a feature is no number names the columns.
 *
 * @param rows number of samples
 * @param features rows x features, row-major
 * @param labels of the samples as they are written; empty where the file has no column of them
 */
public record CsvSamples(int rows, double[] features, List<String> labels) {

  public CsvSamples {
    labels = List.copyOf(labels);
  }

  /**
   * Reads a file, packed with gzip or not.
   *
   * @param count number of features of a sample
   * @param label the label column where there is one: a header's name or a position from 0
   *     (negative from the end); empty for the last one
   * @param texts the features that are texts; a text that is not in their lists becomes -1
   * @param missing what becomes of values that are missing
   * @throws DataException if it cannot be read or is not what it should be
   */
  public static CsvSamples read(
      String address,
      Storage storage,
      int count,
      String label,
      List<TextColumn> texts,
      Missing missing) {
    SourceSpec source =
        new SourceSpec(
            "samples",
            Format.CSV,
            List.of(address),
            List.of(),
            List.of(),
            List.of(),
            label,
            Header.AUTO,
            List.of(),
            0);
    try (SourceFile file = SourceFile.open(source, "samples to predict", address, storage)) {
      return new Reading(file, count, label, texts, missing).read();
    }
  }

  /** What becomes of values that are missing. */
  public enum Missing {
    REFUSED,
    /** As NaN. */
    KEPT
  }

  /** The reading of one file. */
  private static final class Reading {
    private static final int NONE = -1;

    private final SourceFile file;
    private final int count;
    private final String label;
    private final Missing missing;
    private final CsvRecords records;

    /** Of each feature, the positions of its texts; null where it is a number. */
    private final List<Map<String, Integer>> texts;

    private final List<String> labels = new ArrayList<>();
    private double[] values = new double[1024];
    private int size;

    Reading(SourceFile file, int count, String label, List<TextColumn> columns, Missing missing) {
      this.missing = missing;
      texts = new ArrayList<>(Collections.nCopies(count, null));
      columns.forEach(column -> texts.set(column.feature(), positions(column)));
      this.file = file;
      this.count = count;
      this.label = label;
      this.records = new CsvRecords(file);
    }

    CsvSamples read() {
      CsvRecord record = new CsvRecord();
      if (!records.next(record)) {
        throw records.wrong(1, "a sample", "an empty file");
      }
      int columns = record.fields();
      if (columns != count && columns != count + 1) {
        throw records.wrong(
            record.line(),
            String.format(
                Locale.ROOT,
                "%d columns, the model's features, or %d with a label",
                count,
                count + 1),
            "" + columns);
      }
      int labelColumn = columns == count ? NONE : labelColumn(record, columns);
      boolean more = true;
      if (names(record, labelColumn)) {
        more = records.next(record);
      }
      if (!more) {
        throw records.wrong(record.line(), "a sample below the header", "the end of the file");
      }
      while (more) {
        if (record.fields() != columns) {
          throw records.wrong(record.line(), columns + " columns", "" + record.fields());
        }
        add(record, labelColumn);
        more = records.next(record);
      }
      return new CsvSamples(size / count, Arrays.copyOf(values, size), labels);
    }

    private int labelColumn(CsvRecord first, int columns) {
      if (label.isEmpty()) {
        return columns - 1;
      }
      if (!label.matches("[+-]?\\d{1,9}")) {
        for (int i = 0; i < columns; i++) {
          if (text(first, i).equals(label)) {
            return i;
          }
        }
        throw records.wrong(
            first.line(),
            String.format(
                Locale.ROOT,
                "a header with the label column \"%s\" beside %d features",
                label,
                count),
            String.join(", ", first.shown()));
      }
      int position = Integer.parseInt(label);
      int fromStart = position < 0 ? columns + position : position;
      if (fromStart < 0 || fromStart >= columns) {
        throw records.wrong(
            first.line(), "column %s for the label".formatted(label), columns + " columns");
      }
      return fromStart;
    }

    /** Whether the first line names the columns: a feature of it is a text. */
    private boolean names(CsvRecord first, int labelColumn) {
      for (int i = 0; i < first.fields(); i++) {
        boolean number = i != labelColumn && texts(i, labelColumn) == null;
        boolean text = Double.isNaN(first.number(i)) && !CsvReader.missing(text(first, i));
        if (number && text) {
          return true;
        }
      }
      return false;
    }

    private void add(CsvRecord record, int labelColumn) {
      if (size + count > values.length) {
        long grown = Math.min(SamplesBuilder.LONGEST_ARRAY, 2L * values.length + count);
        if (grown < (long) size + count) {
          throw records.wrong(
              record.line(), String.format(Locale.ROOT, "at most %d values in all", grown), "more");
        }
        values = Arrays.copyOf(values, (int) grown);
      }
      for (int i = 0; i < record.fields(); i++) {
        if (i == labelColumn) {
          labels.add(text(record, i));
        } else if (texts(i, labelColumn) != null) {
          values[size++] = texts(i, labelColumn).getOrDefault(text(record, i), -1);
        } else {
          double value = record.number(i);
          boolean finite = Float.isFinite((float) value);
          if (!finite && !(missing == Missing.KEPT && CsvReader.missing(text(record, i)))) {
            throw new DataException(
                String.format(
                    Locale.ROOT,
                    "%s:%d: column %d: expected a finite number, found %s",
                    file.address(),
                    record.line(),
                    i,
                    record.shown(i)));
          }
          values[size++] = value;
        }
      }
    }

    /** The texts of the feature in a column. */
    private Map<String, Integer> texts(int column, int labelColumn) {
      return texts.get(labelColumn >= 0 && column > labelColumn ? column - 1 : column);
    }

    private static Map<String, Integer> positions(TextColumn column) {
      Map<String, Integer> positions = new HashMap<>();
      column.values().forEach(text -> positions.put(text, positions.size()));
      return positions;
    }

    private String text(CsvRecord record, int column) {
      try {
        return record.text(column);
      } catch (CharacterCodingException e) {
        throw records.wrong(record.line(), "text in UTF-8", record.shown(column));
      }
    }
  }
}
