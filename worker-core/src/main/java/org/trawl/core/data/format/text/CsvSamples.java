package org.trawl.core.data.format.text;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.sample.Shown;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.storage.SampleInput;
import org.trawl.core.data.storage.SourceFile;

/**
 * Samples of a CSV file apart from any data set, in the form that one has.
 *
 * @param rows number of samples
 * @param features rows x features, row-major
 * @param labels of the samples as they are written; empty where the file has no column of them
 * @param notes what was decided about the file that it does not say, a sentence each
 */
public record CsvSamples(int rows, double[] features, List<String> labels, List<String> notes) {

  public CsvSamples {
    labels = List.copyOf(labels);
    notes = List.copyOf(notes);
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read, or its samples are not of the form
   */
  public static CsvSamples read(SampleInput input, CsvForm form) {
    return new Reading(input.file(), form).read();
  }

  /** The reading of one file. */
  private static final class Reading {
    private static final int TEXTS_SHOWN = 12;

    private final SourceFile file;
    private final CsvForm form;
    private final CsvRecords records;

    /** Of each feature, the positions of its texts; null where it is a number. */
    private final List<Map<String, Integer>> texts;

    private final List<String> labels = new ArrayList<>();
    private double[] values = new double[1024];
    private int size;

    Reading(SourceFile file, CsvForm form) {
      texts = new ArrayList<>(Collections.nCopies(form.features(), null));
      form.texts().forEach(column -> texts.set(column.feature(), positions(column)));
      this.file = file;
      this.form = form;
      this.records = new CsvRecords(file, form.table().csv());
    }

    CsvSamples read() {
      CsvRecord record = new CsvRecord(form.table().csv());
      if (!records.next(record)) {
        throw records.wrong(1, "a sample", "an empty file");
      }
      CsvPlaces places = CsvPlaces.of(form, record, records);
      boolean more = places.names().isEmpty() || records.next(record);
      if (!more) {
        throw records.wrong(record.line(), "a sample below the header", "the end of the file");
      }
      int[] features = places.features();
      while (more) {
        if (record.fields() != places.width()) {
          throw records.wrong(record.line(), places.width() + " columns", "" + record.fields());
        }
        add(record, places, features);
        more = records.next(record);
      }
      return new CsvSamples(
          size / form.features(), Arrays.copyOf(values, size), labels, places.notes());
    }

    private void add(CsvRecord record, CsvPlaces places, int[] features) {
      int count = form.features();
      if (size + count > values.length) {
        long grown = Math.min(SamplesBuilder.LONGEST_ARRAY, 2L * values.length + count);
        if (grown < (long) size + count) {
          throw records.wrong(
              record.line(), String.format(Locale.ROOT, "at most %d values in all", grown), "more");
        }
        values = Arrays.copyOf(values, (int) grown);
      }
      for (int i = 0; i < record.fields(); i++) {
        if (i == places.label()) {
          labels.add(form.table().label(text(record, i)));
        } else if (features[i] != CsvPlaces.NONE) {
          values[size + features[i]] = value(record, i, features[i], places);
        }
      }
      size += count;
    }

    private double value(CsvRecord record, int column, int feature, CsvPlaces places) {
      if (texts.get(feature) == null) {
        double value = record.number(column);
        boolean kept = form.missing() == CsvForm.Missing.KEPT && record.missing(column);
        if (!Float.isFinite((float) value) && !kept) {
          throw wrong(record, column, places, "a finite number");
        }
        return value;
      }
      Integer position = texts.get(feature).get(text(record, column));
      if (position == null) {
        throw wrong(record, column, places, "a text that the model's data has: " + known(feature));
      }
      return position;
    }

    private String known(int feature) {
      List<String> all = LabelsBuilder.sorted(List.copyOf(texts.get(feature).keySet()));
      return Shown.first(TEXTS_SHOWN, all);
    }

    private DataException wrong(CsvRecord record, int column, CsvPlaces places, String expected) {
      return new DataException(records.message(record, column, places.names(), expected));
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
