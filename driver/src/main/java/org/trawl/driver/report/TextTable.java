package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows as a table for people. What is too wide is narrowed step by step: headers are broken at
 * their underscores, long texts are cut, a few rows stand upright (a line a column), and at last
 * columns of the middle are left out, which the table then says. A table of Markdown is not.
 */
final class TextTable {
  private static final String GAP = "  ";

  /** Letters that long texts are cut to, first mildly, then harder. */
  private static final int[] LONGEST_TEXTS = {40, 16};

  private static final int UPRIGHT_ROWS = 3;

  /** A text that is aligned to the right, as numbers are. */
  record Aligned(String text) {}

  private final List<Column> columns;
  private final int rows;

  private TextTable(List<Column> columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  static void print(Rows rows, int width, PrintWriter out) {
    List<Map<String, Object>> values = new ArrayList<>();
    rows.values().forEach(values::add);
    List<Column> columns = columns(rows.columns(), values);
    new TextTable(columns, values.size()).print(width, out);
    out.flush();
  }

  private static List<Column> columns(List<String> names, List<Map<String, Object>> values) {
    return names.stream()
        .map(name -> Column.of(name, values.stream().map(row -> row.get(name)).toList()))
        .toList();
  }

  /** Prints a table of Markdown, as wide as it gets; what would be markup is escaped. */
  static void printMarkdown(Rows rows, PrintWriter out) {
    List<Map<String, Object>> values = new ArrayList<>();
    rows.values().forEach(values::add);
    List<Column> columns = columns(rows.columns(), values);
    out.println(markdown(columns, column -> escaped(column.name())));
    out.println(markdown(columns, column -> column.numeric() ? "---:" : "---"));
    for (int row = 0; row < values.size(); row++) {
      int shown = row;
      out.println(markdown(columns, column -> escaped(column.cells().get(shown))));
    }
    out.flush();
  }

  private static String markdown(List<Column> columns, Function<Column, String> text) {
    return columns.stream().map(text).collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String escaped(String text) {
    return text.replaceAll("([\\\\`*\\[\\]<>|&])", "\\\\$1");
  }

  private void print(int width, PrintWriter out) {
    if (columns.isEmpty()) {
      return;
    }
    List<Column> fitting = columns;
    if (width(fitting) > width) {
      fitting = columns.stream().map(Column::headerBroken).toList();
    }
    boolean drawn = columns.stream().anyMatch(Column::drawn);
    if (width(fitting) > width && rows > 0 && rows <= UPRIGHT_ROWS && !drawn) {
      printUpright(width, out);
      return;
    }
    for (int longest : LONGEST_TEXTS) {
      if (width(fitting) > width) {
        fitting = fitting.stream().map(column -> column.cut(longest)).toList();
      }
    }
    if (width(fitting) <= width) {
      printLines(fitting, out);
      return;
    }
    fitting = outerColumns(fitting, width);
    printLines(fitting, out);
    int left = columns.size() - fitting.size() + 1; // one stands for them
    out.println(
        left
            + (left == 1 ? " column" : " columns")
            + " left out to fit; --format csv and json show all "
            + columns.size());
  }

  private static int width(List<Column> columns) {
    return columns.stream().mapToInt(Column::width).sum() + GAP.length() * (columns.size() - 1);
  }

  /** As many columns as fit, first and last by turns, around one that stands for the others. */
  private static List<Column> outerColumns(List<Column> columns, int width) {
    Column omitted = Column.of("…", Collections.nCopies(columns.get(0).cells().size(), "…"));
    int free = width - omitted.width();
    TreeSet<Integer> kept = new TreeSet<>();
    for (int turn = 0; turn < columns.size(); turn++) {
      int next = turn % 2 == 0 ? turn / 2 : columns.size() - 1 - turn / 2;
      free -= columns.get(next).width() + GAP.length();
      if (free < 0 && !kept.isEmpty()) {
        break;
      }
      kept.add(next);
    }
    List<Column> outer = new ArrayList<>(kept.stream().map(columns::get).toList());
    outer.add((kept.size() + 1) / 2, omitted);
    return outer;
  }

  private void printLines(List<Column> shown, PrintWriter out) {
    int height = shown.stream().mapToInt(column -> column.header().size()).max().orElse(1);
    for (int line = 0; line < height; line++) {
      int fromTop = line;
      out.println(joined(shown, column -> column.headerLine(fromTop, height)));
    }
    out.println(joined(shown, Column::rule));
    for (int row = 0; row < rows; row++) {
      int shownRow = row;
      out.println(joined(shown, column -> column.cells().get(shownRow)));
    }
  }

  private static String joined(List<Column> columns, Function<Column, String> text) {
    return columns.stream()
        .map(column -> column.justified(text.apply(column)))
        .collect(Collectors.joining(GAP))
        .stripTrailing();
  }

  private void printUpright(int width, PrintWriter out) {
    int names = columns.stream().mapToInt(column -> length(column.name())).max().orElse(0);
    int share = Math.max(8, (width - names - rows * GAP.length()) / rows);
    List<Integer> widths =
        IntStream.range(0, rows)
            .map(
                row ->
                    columns.stream()
                        .mapToInt(column -> length(column.cells().get(row)))
                        .max()
                        .orElse(0))
            .map(longest -> rows == 1 ? longest : Math.min(longest, share))
            .boxed()
            .toList();
    for (Column column : columns) {
      StringBuilder line = new StringBuilder(padded(column.name(), names));
      for (int row = 0; row < rows; row++) {
        line.append(GAP)
            .append(padded(shortened(column.cells().get(row), widths.get(row)), widths.get(row)));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - length(text)));
  }

  private static String shortened(String text, int longest) {
    return length(text) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * A column as text.
   *
   * @param header its lines: of the name, which may have several
   * @param numeric whether it is aligned to the right: it holds numbers
   * @param width of its longest text
   */
  private record Column(
      String name, List<String> header, List<String> cells, boolean numeric, int width) {

    Column(String name, List<String> header, List<String> cells, boolean numeric) {
      this(name, header, cells, numeric, Math.max(longest(header), longest(cells)));
    }

    private static int longest(List<String> texts) {
      return texts.stream().mapToInt(TextTable::length).max().orElse(0);
    }

    static Column of(String name, List<Object> values) {
      boolean numeric =
          values.stream().anyMatch(value -> value instanceof Number || value instanceof Aligned);
      List<String> cells =
          Trials.isKey(name)
              ? Values.writtenAll(values)
              : numeric ? numbers(values) : values.stream().map(Values::text).toList();
      List<String> header = name.lines().map(Values::printable).toList();
      return new Column(String.join(" ", header).strip(), header, cells, numeric);
    }

    /** Numbers in one style; what is between them (a word, NULL) as it is. */
    private static List<String> numbers(List<Object> values) {
      List<String> numbers =
          Numbers.column(
              values.stream()
                  .map(value -> value instanceof Number number ? number : null)
                  .toList());
      return IntStream.range(0, values.size())
          .mapToObj(i -> numbers.get(i).isEmpty() ? word(values.get(i)) : numbers.get(i))
          .toList();
    }

    private static String word(Object value) {
      return value instanceof Aligned aligned ? aligned.text() : Values.text(value);
    }

    /** Lines of the header stand at its bottom. */
    String headerLine(int fromTop, int height) {
      int line = fromTop - (height - header.size());
      return line < 0 ? "" : header.get(line);
    }

    String rule() {
      return name.isBlank() ? "" : "─".repeat(width);
    }

    String justified(String text) {
      String space = " ".repeat(width - length(text));
      return numeric ? space + text : text + space;
    }

    Column headerBroken() {
      List<String> lines =
          header.stream().flatMap(line -> Stream.of(line.split("(?<=_)(?=[^_])"))).toList();
      return new Column(name, lines, cells, numeric);
    }

    /** Whether its cells are drawn to a scale, which its name has: "0.1 0.9". */
    boolean drawn() {
      return header.stream().anyMatch(line -> line.contains(GAP));
    }

    Column cut(int longest) {
      List<String> shorter = cells.stream().map(cell -> shortened(cell, longest)).toList();
      return numeric || drawn() ? this : new Column(name, header, shorter, false);
    }
  }
}
