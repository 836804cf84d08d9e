package org.trawl.core.data.format.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.storage.SourceFile;

/**
 * The records of a CSV file (RFC 4180), one after the other: fields between quotes may hold
 * separators, line ends and doubled quotes. Lines end with LF, CRLF or CR; empty ones are left out,
 * and so is a byte order mark. The separator is what a first line {@code sep=;} says, which Excel
 * writes; else the one of tab, semicolon and comma that stands most often on the first line, a
 * comma that is part of numbers last.
 */
final class CsvRecords {
  private static final int END = -1;
  private static final char[] SEPARATORS = {'\t', ';', ','};

  /** Excel's first line. */
  private static final Pattern SAID =
      Pattern.compile("\"?sep=([^\\w\"\\s.+-]|\\t)\"?(\\r\\n|\\r|\\n)", Pattern.CASE_INSENSITIVE);

  private final SourceFile file;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;

  /** The line of the next byte, from 1. */
  private long line = 1;

  private final char separator;

  CsvRecords(SourceFile file, CsvDialect dialect) {
    this.file = file;
    fill();
    if (startsWith(0xFE, 0xFF) || startsWith(0xFF, 0xFE)) {
      throw file.wrong(0, "text in UTF-8", "the byte order mark of UTF-16");
    }
    if (startsWith(0xEF, 0xBB, 0xBF)) {
      at = 3;
    }
    char said = separatorThatIsSaid();
    separator =
        said != CsvDialect.NONE
            ? said
            : mostFrequentSeparator(dialect.decimal() == ',' || dialect.thousands() == ',');
  }

  /** Passes over the line that says the separator, if there is one. */
  private char separatorThatIsSaid() {
    String start = new String(buffer, at, Math.min(16, end - at), StandardCharsets.ISO_8859_1);
    Matcher matcher = SAID.matcher(start);
    if (!matcher.lookingAt()) {
      return CsvDialect.NONE;
    }
    at += matcher.end();
    line++;
    return matcher.group(1).charAt(0);
  }

  /** Reads the next record; false at the end of the file. */
  boolean next(CsvRecord record) {
    int letter = nextByte();
    while (letter == '\n') {
      letter = nextByte();
    }
    if (letter == END) {
      return false;
    }
    record.start(line);
    while (true) {
      letter = letter == '"' ? quoted(record) : plain(record, letter);
      record.endField();
      if (letter != separator) {
        return true;
      }
      letter = nextByte();
    }
  }

  /** Reads an unquoted field; the byte after it. */
  private int plain(CsvRecord record, int first) {
    int letter = first;
    while (letter != separator && letter != '\n' && letter != END) {
      append(record, letter);
      letter = nextByte();
    }
    return letter;
  }

  /** Reads a field after its opening quote; the byte after the closing one. */
  private int quoted(CsvRecord record) {
    long opened = line;
    while (true) {
      int letter = nextByte();
      if (letter == END) {
        throw wrong(opened, "a closing quote", "the end of the file");
      }
      if (letter == '"') {
        letter = nextByte();
        if (letter == separator || letter == '\n' || letter == END) {
          return letter;
        }
        if (letter != '"') {
          throw wrong(
              line,
              "a separator after the closing quote",
              String.format(Locale.ROOT, "0x%02X", letter));
        }
      }
      append(record, letter);
    }
  }

  private void append(CsvRecord record, int letter) {
    if (!record.append(letter)) {
      throw wrong(
          record.line(),
          String.format(Locale.ROOT, "a record of at most %d MiB", CsvRecord.LONGEST >> 20),
          "more");
    }
  }

  private int nextByte() {
    if (at == end && !fill()) {
      return END;
    }
    byte letter = buffer[at++];
    if (letter == '\r') {
      if ((at < end || fill()) && buffer[at] == '\n') {
        at++;
      }
      letter = '\n';
    }
    if (letter == '\n') {
      line++;
    }
    return letter & 0xFF;
  }

  private boolean fill() {
    at = 0;
    end = file.read(buffer, 0, buffer.length);
    return end > 0;
  }

  private boolean startsWith(int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i >= end || (buffer[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private char mostFrequentSeparator(boolean commaLast) {
    int[] counts = new int[SEPARATORS.length];
    boolean quoted = false;
    boolean blank = true;
    for (int i = at; i < end; i++) {
      char letter = (char) (buffer[i] & 0xFF);
      boolean lineEnd = letter == '\n' || letter == '\r';
      if (lineEnd && !quoted && !blank) {
        break;
      }
      blank &= lineEnd;
      quoted ^= letter == '"';
      for (int j = 0; j < counts.length; j++) {
        counts[j] += !quoted && letter == SEPARATORS[j] ? 1 : 0;
      }
    }
    int best = SEPARATORS.length - 1;
    for (int j = best - 1; j >= 0; j--) {
      boolean more = counts[j] >= counts[best] || (commaLast && SEPARATORS[best] == ',');
      best = counts[j] > 0 && more ? j : best;
    }
    return SEPARATORS[best];
  }

  /**
   * What is said of a field.
   *
   * @param names of the columns; empty where they have none
   */
  String message(CsvRecord record, int column, List<String> names, String expected) {
    return "%s: expected %s, found %s"
        .formatted(place(record, column, names), expected, record.shown(column));
  }

  /** Where a field stands. */
  String place(CsvRecord record, int column, List<String> names) {
    String name = names.isEmpty() ? "" : " (%s)".formatted(names.get(column));
    return String.format(
        Locale.ROOT, "%s:%d: column %d%s", file.address(), record.line(), column, name);
  }

  /** An error on a line. */
  DataException wrong(long line, String expected, String found) {
    return new DataException(
        String.format(
            Locale.ROOT, "%s:%d: expected %s, found %s", file.address(), line, expected, found));
  }
}
