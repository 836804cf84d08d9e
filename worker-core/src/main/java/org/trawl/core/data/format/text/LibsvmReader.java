package org.trawl.core.data.format.text;

import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Locale;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;

/**
 * Reads LIBSVM's and SVMlight's text: a line a sample, its label, then {@code index:value} of the
 * features that are not 0, indices rising; {@code #} starts a comment, {@code qid:n} is passed
 * over. Indices start at 1, or at 0 if any file of the source has an index 0. The number of
 * features is that of the largest index in all files.
 */
public final class LibsvmReader implements PartReader {
  private static final int END = -1;

  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;

  /** What is not 0, row after row. */
  private int[] indices = new int[1024];

  private double[] values = new double[1024];
  private int size;

  /** Where each row ends. */
  private int[] ends = new int[1024];

  private int rows;
  private int smallest = Integer.MAX_VALUE;
  private int largest = -1;
  private String placeOfLargest = "";
  private String firstMissing = "";

  public LibsvmReader(
      SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  @Override
  public void read(Part part) {
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

  /** Fills in the zeros. */
  @Override
  public void finish() {
    int base = smallest == 0 ? 0 : 1;
    int columns = largest - base + 1;
    if (columns < 1) {
      throw new DataException(
          "Cannot read %s: expected a feature that is not 0, found none".formatted(source.name()));
    }
    if ((long) columns * rows > SamplesBuilder.LONGEST_ARRAY) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: expected an index of at most %d (%d samples, kept dense), found %d",
              placeOfLargest,
              SamplesBuilder.LONGEST_ARRAY / rows - 1 + base,
              rows,
              largest));
    }
    samples.columns(columns);
    samples.expect((long) columns * rows);
    int at = 0;
    for (int row = 0; row < rows; row++) {
      int column = base;
      for (; at < ends[row]; at++) {
        for (; column < indices[at]; column++) {
          samples.add(0);
        }
        if (Double.isNaN(values[at])) {
          samples.addMissing(() -> new DataException(firstMissing));
        } else {
          samples.add(values[at]);
        }
        column++;
      }
      for (; column < columns + base; column++) {
        samples.add(0);
      }
    }
  }

  /** The reading of one file. */
  private final class Reading {
    private final SourceFile file;
    private final byte[] buffer = new byte[1 << 16];
    private final CsvRecord fields = new CsvRecord(CsvDialect.PLAIN);
    private int at;
    private int end;
    private long line;

    Reading(SourceFile file) {
      this.file = file;
    }

    void read() {
      int before = rows;
      while (next()) {
        if (fields.fields() > 0) {
          add();
        }
      }
      if (rows == before) {
        throw wrong("a sample", line == 0 ? "an empty file" : "none in " + line + " lines");
      }
    }

    /** Reads a line: its label, then indices and values in turn; false at the file's end. */
    private boolean next() {
      line++;
      fields.start(line);
      boolean comment = false;
      boolean inField = false;
      int letter = nextByte();
      if (letter == END) {
        line--;
        return false;
      }
      for (; letter != '\n' && letter != END; letter = nextByte()) {
        comment |= letter == '#';
        if (comment) {
          continue;
        }
        boolean blank = letter == ' ' || letter == '\t' || letter == '\r';
        if (!blank && letter != ':') {
          inField = true;
          if (!fields.append(letter)) {
            throw wrong(
                String.format(Locale.ROOT, "a line of at most %d MiB", CsvRecord.LONGEST >> 20),
                "more");
          }
        } else if (letter == ':') {
          if (!inField || fields.fields() % 2 == 0) {
            throw wrong("label index:value index:value …", "a colon in another place");
          }
          fields.endField();
          inField = false;
        } else if (inField) {
          endOfPair();
          inField = false;
        }
      }
      if (inField) {
        endOfPair();
      }
      if (fields.fields() % 2 == 0 && fields.fields() > 0) {
        throw wrong("index:value", "an index without a value");
      }
      return true;
    }

    private void endOfPair() {
      if (fields.fields() % 2 != 0) {
        fields.endField();
        throw wrong("index:value", fields.shown(fields.fields() - 1));
      }
      fields.endField();
    }

    private int nextByte() {
      if (at == end) {
        at = 0;
        end = file.read(buffer, 0, buffer.length);
        if (end == 0) {
          return END;
        }
      }
      return buffer[at++] & 0xFF;
    }

    private void add() {
      addLabel();
      int before = -1;
      for (int i = 1; i < fields.fields(); i += 2) {
        String name = name(i);
        double value = fields.number(i + 1);
        if (i == 1 && name.equals("qid")) {
          continue;
        }
        if (!name.matches("\\d{1,10}") || Long.parseLong(name) >= SamplesBuilder.LONGEST_ARRAY) {
          throw wrong(
              String.format(Locale.ROOT, "an index from 0 to %d", SamplesBuilder.LONGEST_ARRAY - 1),
              fields.shown(i));
        }
        int index = Integer.parseInt(name);
        if (index <= before) {
          throw wrong("rising indices", String.format(Locale.ROOT, "%d after %d", index, before));
        }
        if (!Float.isFinite((float) value)) {
          DataException wrong = wrong("a finite number for index " + index, fields.shown(i + 1));
          if (!name(i + 1).equalsIgnoreCase("nan")) {
            throw wrong;
          }
          firstMissing = firstMissing.isEmpty() ? wrong.getMessage() : firstMissing;
        } else if (fields.rounded(i + 1, value)) {
          samples.rounded(
              () -> String.format(Locale.ROOT, "%s:%d: index %d", file.address(), line, index));
        }
        before = index;
        put(index, value);
      }
      if (rows == ends.length) {
        ends = Arrays.copyOf(ends, grown(rows));
      }
      ends[rows++] = size;
    }

    private void addLabel() {
      String text = name(0);
      if (text.length() > LabelsBuilder.LONGEST_LABEL || text.indexOf(',') >= 0) {
        throw wrong(
            String.format(
                Locale.ROOT, "one label of at most %d characters", LabelsBuilder.LONGEST_LABEL),
            fields.shown(0));
      }
      int code = labels.code(text);
      if (code == LabelsBuilder.UNKNOWN) {
        throw wrong(labels.expected(text), fields.shown(0));
      }
      labels.add(code);
    }

    private String name(int field) {
      try {
        return fields.text(field);
      } catch (CharacterCodingException e) {
        throw wrong("text in UTF-8", fields.shown(field));
      }
    }

    private void put(int index, double value) {
      if (size == indices.length) {
        indices = Arrays.copyOf(indices, grown(size));
        values = Arrays.copyOf(values, grown(size));
      }
      indices[size] = index;
      values[size++] = value;
      smallest = Math.min(smallest, index);
      if (index > largest) {
        largest = index;
        placeOfLargest = file.address() + ":" + line;
      }
    }

    private DataException wrong(String expected, String found) {
      return new DataException(
          String.format(
              Locale.ROOT,
              "%s:%d: expected %s, found %s",
              file.address(),
              Math.max(1, line),
              expected,
              found));
    }
  }

  private int grown(int count) {
    long wanted = count + (count >> 1) + 1L;
    samples.expectRoom(wanted * (Integer.BYTES + Double.BYTES));
    return (int) Math.min(SamplesBuilder.LONGEST_ARRAY, wanted);
  }
}
