package org.trawl.core.data.source;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.source.SourceSpec.Format;

/**
 * Which columns of a table are features, and which one holds the labels.
 *
 * <p>Features are the columns that {@code columns} names, else all, without those that {@code
 * ignore} names. The label is the column that {@code label} names: a name that exists comes before
 * a position. Columns that number the rows, which pandas writes beside a table, are neither, unless
 * {@code columns} or {@code label} name them.
 *
 * @param label position of the labels' column
 * @param features positions of the features' columns, in order
 * @param texts positions of columns that are texts even where they look like numbers
 * @param notes what was decided, a sentence each
 */
public record TableColumns(
    int label, List<Integer> features, Set<Integer> texts, List<String> notes) {
  private static final Pattern POSITION = Pattern.compile("[+-]?\\d{1,9}");

  /** What pandas calls an index without a name: in Parquet, and where it reads one from CSV. */
  private static final Pattern INDEX = Pattern.compile("__index_level_\\d+__|Unnamed: 0(\\.\\d+)*");

  private static final int SHOWN = 20;

  public TableColumns {
    features = List.copyOf(features);
    texts = Set.copyOf(texts);
    notes = List.copyOf(notes);
  }

  /** Whether a name is that of an index. */
  public static boolean index(String name) {
    return INDEX.matcher(name).matches();
  }

  /** Whether a pattern, in which * stands for any letters and ? for any one, means a name. */
  public static boolean means(String pattern, String name) {
    StringBuilder expression = new StringBuilder();
    for (String part : pattern.split("(?<=[*?])|(?=[*?])", -1)) {
      expression.append(part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part));
    }
    return pattern.equals(name)
        || Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(name).matches();
  }

  /** Whether a label can be a position. */
  public static boolean position(String label) {
    return label.isEmpty() || POSITION.matcher(label).matches();
  }

  /**
   * Chooses among columns.
   *
   * @param names of all columns; their positions where they have no names
   * @param named whether they have names
   * @param index positions of columns that number the rows, beside those whose names say so
   * @param place where the names stand, for errors
   * @throws DataException if something that the source names is not there
   */
  public static TableColumns of(
      SourceSpec source, List<String> names, boolean named, Set<Integer> index, String place) {
    return new Choice(source, names, named, index, place).columns();
  }

  /** One choice. */
  private static final class Choice {
    private final SourceSpec source;
    private final List<String> names;
    private final boolean named;
    private final Set<Integer> index;
    private final String place;
    private final List<String> notes = new ArrayList<>();

    Choice(SourceSpec source, List<String> names, boolean named, Set<Integer> index, String place) {
      this.source = source;
      this.names = names;
      this.named = named;
      this.index = index;
      this.place = place;
    }

    TableColumns columns() {
      Set<Integer> only = matched("columns", source.form().columns());
      Set<Integer> ignored = matched("ignore", source.form().ignore());
      Set<Integer> numbering =
          IntStream.range(0, names.size())
              .filter(i -> named && (index(names.get(i)) || index.contains(i)))
              .filter(i -> !only.contains(i) && !ignored.contains(i))
              .boxed()
              .collect(Collectors.toCollection(TreeSet::new));
      List<Integer> left =
          IntStream.range(0, names.size())
              .filter(i -> !ignored.contains(i) && !numbering.contains(i))
              .boxed()
              .toList();
      int label = label(only, ignored, left);
      numbering.remove(label);
      List<Integer> features =
          IntStream.range(0, names.size())
              .filter(i -> i != label && !ignored.contains(i) && !numbering.contains(i))
              .filter(i -> only.isEmpty() || only.contains(i))
              .boxed()
              .toList();
      if (features.isEmpty()) {
        throw wrong("a column of features", "the label's alone");
      }
      if (!numbering.isEmpty() && only.isEmpty()) {
        List<String> called = numbering.stream().map(names::get).toList();
        notes.add(
            "left out %s, which %s the rows: %s takes it in"
                .formatted(
                    shown(called),
                    numbering.size() == 1 ? "numbers" : "number",
                    called.equals(List.of(""))
                        ? "a name for it in the header"
                        : "columns or label with its name"));
      }
      return new TableColumns(label, features, texts(features), notes);
    }

    private Set<Integer> texts(List<Integer> features) {
      Set<Integer> texts = new TreeSet<>();
      for (String pattern : source.form().texts()) {
        Set<Integer> found = matched("texts", List.of(pattern));
        if (features.stream().noneMatch(found::contains)) {
          throw wrong(
              "a column of features \"%s\", as texts says".formatted(pattern),
              "one that is none of them");
        }
        texts.addAll(found);
      }
      return texts;
    }

    private int label(Set<Integer> only, Set<Integer> ignored, List<Integer> left) {
      String asked = source.label();
      int label;
      if (asked.isEmpty()) {
        if (left.isEmpty()) {
          throw wrong("a column of labels", "none that is not left out");
        }
        label = left.get(left.size() - 1);
        if (!only.isEmpty() && !only.contains(label)) {
          throw wrong(
              "label, where columns does not name the last column, which it is by default",
              "none, and \"%s\" as the last column".formatted(names.get(label)));
        }
        noteLast(label, ignored);
        return label;
      }
      label = named ? names.indexOf(asked) : -1;
      if (label >= 0 && label != names.lastIndexOf(asked)) {
        throw wrong("one column \"%s\"".formatted(asked), "two");
      } else if (label >= 0 && position(asked)) {
        int other = at(Integer.parseInt(asked), left);
        if (other != label) {
          notes.add(
              String.format(
                  Locale.ROOT,
                  "label = %s is the column of this name, at position %d, rather than a position",
                  asked,
                  label));
        }
      } else if (label < 0 && position(asked)) {
        label = at(Integer.parseInt(asked), left);
        if (label < 0 || label >= names.size()) {
          throw wrong(
              "column " + Integer.parseInt(asked) + " for the label",
              String.format(
                  Locale.ROOT,
                  "columns 0 to %d (or -1 to -%d from the end)%s",
                  names.size() - 1,
                  names.size(),
                  named ? ": " + shown(names) : ""));
        }
      } else if (label < 0) {
        throw wrong(
            "%s with the label column \"%s\""
                .formatted(source.format() == Format.CSV ? "a header" : "columns", asked),
            named ? shown(names) : "no header, as header = false says");
      }
      if (asked.startsWith("-") && (!named || names.indexOf(asked) < 0)) {
        noteLast(label, ignored);
      }
      if (ignored.contains(label)) {
        throw wrong("a label column that ignore does not leave out", '"' + names.get(label) + '"');
      }
      return label;
    }

    /** Says which column is the label where it is not the last one only because that is ignored. */
    private void noteLast(int label, Set<Integer> ignored) {
      int last = names.size() - 1;
      if (label != last && ignored.contains(last) && !TableColumns.index(names.get(last))) {
        notes.add(
            "the label is \"%s\", counted from the end without the last column, \"%s\", which ignore leaves out"
                .formatted(names.get(label), names.get(last)));
      }
    }

    /** From the start of all columns, or from the end of those that are left. */
    private static int at(int position, List<Integer> left) {
      int fromStart = position + left.size();
      return position >= 0 ? position : fromStart < 0 ? -1 : left.get(fromStart);
    }

    /** The columns that names and patterns name, each at least one. */
    private Set<Integer> matched(String key, List<String> patterns) {
      Set<Integer> matched = new LinkedHashSet<>();
      for (String pattern : patterns) {
        boolean name = names.contains(pattern);
        List<Integer> found =
            IntStream.range(0, names.size())
                .filter(i -> name ? names.get(i).equals(pattern) : means(pattern, names.get(i)))
                .boxed()
                .toList();
        if (found.isEmpty()) {
          throw wrong(
              "a column \"%s\", as %s says".formatted(pattern, key),
              named ? shown(names) : "columns 0 to " + (names.size() - 1) + ", without names");
        }
        matched.addAll(found);
      }
      return matched;
    }

    private DataException wrong(String expected, String found) {
      return new DataException("%s: expected %s, found %s".formatted(place, expected, found));
    }

    private static String shown(List<String> names) {
      String list =
          names.subList(0, Math.min(SHOWN, names.size())).stream()
              .map(name -> '"' + name.replaceAll("\\p{Cntrl}", "?") + '"')
              .collect(Collectors.joining(", "));
      return names.size() > SHOWN ? list + ", …" : list;
    }
  }
}
