package org.trawl.driver.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.trawl.driver.report.Format;
import org.trawl.driver.sweep.FileKey;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.KeyColumns;
import org.trawl.driver.sweep.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trawl keys} */
@Command(
    name = "keys",
    description = "Prints every key of a sweep file: meaning, type, default, column.")
final class KeysCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("key", "type", "default", "column", "meaning");

  private static final String INDENT = "    ";
  private static final int WIDTH = 80;

  @Mixin private FormatOption format;

  @Override
  public Integer call() {
    if (format.format() == Format.TABLE) {
      Keys.all().forEach(this::describe);
      format
          .out()
          .println("Each key above can be swept: give sweep.KEY a list of values; of numbers also");
      format
          .out()
          .println(
              "{ range = [0, 0.4], step = 0.2 } or { log-range = [1e-4, 1], points = 5 }, alone");
      format.out().println("or among others in the list. Those below are of the sweep as a whole.");
      format.out().println();
      FileKey.all().forEach(this::describe);
    } else {
      List<Map<String, Object>> rows = new ArrayList<>();
      Keys.all().forEach(key -> rows.add(row(key)));
      FileKey.all().forEach(key -> rows.add(row(key)));
      format.print(COLUMNS, rows);
    }
    return ExitCode.DONE;
  }

  /** A key in the form of an entry of a manual, as one line of a table would be too long. */
  private void describe(Key key) {
    String value = key.required() ? "(required)" : "= " + key.defaultText();
    format.out().println(key.path() + " " + value);
    wrapped(key.meaning());
    wrapped(type(key));
    wrapped("column " + String.join(", ", KeyColumns.names(key)));
    format.out().println();
  }

  private void describe(FileKey key) {
    format.out().println(key.path() + " = " + key.defaultText());
    wrapped(key.meaning());
    wrapped(key.type());
    format.out().println();
  }

  /** Prints a text indented, broken between words. */
  private void wrapped(String text) {
    StringBuilder line = new StringBuilder(INDENT);
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() >= WIDTH) {
        format.out().println(line.toString().stripTrailing());
        line = new StringBuilder(INDENT);
      }
      line.append(word).append(' ');
    }
    format.out().println(line.toString().stripTrailing());
  }

  private static Map<String, Object> row(Key key) {
    String value = key.required() ? null : key.defaultText();
    return row(key.path(), type(key), value, key.column(), key.meaning());
  }

  private static Map<String, Object> row(FileKey key) {
    return row(key.path(), key.type(), key.defaultText(), null, key.meaning());
  }

  private static Map<String, Object> row(Object... values) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      row.put(COLUMNS.get(i), values[i]);
    }
    return row;
  }

  private static String type(Key key) {
    return switch (key.type()) {
      case TEXT -> String.join(" | ", key.choices());
      case FLAG -> "true | false";
      case WHOLE -> ("whole number " + key.limit().text()).strip();
      case REAL -> ("number " + key.limit().text()).strip();
      case WIDTHS -> "list of whole numbers of at least 1, or one";
      case RATES -> "number " + key.limit().text() + ", or a list of such";
      case COUNT_OR_ALL -> "whole number " + key.limit().text() + " | all";
      case STEPS -> "list of " + String.join(" | ", key.choices());
      case FILE -> "file | " + Keys.NO_FILE;
      case SOURCE -> "name, or an object";
    };
  }
}
