package org.trawl.core.data;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How samples like those of a data set lie in the lines of a CSV file.
 *
 * @param features number of features of a sample
 * @param names of the features, in their order; empty where the data set does not name them
 * @param label the label column where there is one: where features have names, its name, or empty
 *     for unknown; else as {@link SourceSpec#label} says
 * @param texts the features that are texts, with those that the data set has
 * @param missing what becomes of values that are missing
 * @param table how its columns were read
 */
public record CsvForm(
    int features,
    List<String> names,
    String label,
    List<TextColumn> texts,
    Missing missing,
    TableForm table) {

  /** What pandas calls an index without a name. */
  private static final Pattern INDEX = Pattern.compile("__index_level_\\d+__|Unnamed: 0(\\.\\d+)*");

  /** What becomes of values that are missing. */
  public enum Missing {
    REFUSED,
    /** They are NaN. */
    KEPT
  }

  public CsvForm {
    names = List.copyOf(names);
    texts = List.copyOf(texts);
    if (!names.isEmpty() && names.size() != features) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid names (%d features expected): %d", features, names.size()));
    }
  }

  /** Of columns that were read as they are, of which no value is missing. */
  public CsvForm(int features, List<String> names, String label, List<TextColumn> texts) {
    this(features, names, label, texts, Missing.REFUSED, TableForm.PLAIN);
  }

  /** Whether the names tell each feature from the others. */
  boolean distinctNames() {
    return new HashSet<>(names).size() == names.size();
  }

  /** Whether the data set's own table has a column beside its features that was left out. */
  boolean leavesOut(String name) {
    return !table.columns().isEmpty()
        || table.ignore().stream().anyMatch(pattern -> matches(pattern, name));
  }

  /** Whether a name is meant by a pattern, in which * stands for any letters and ? for one. */
  private static boolean matches(String pattern, String name) {
    StringBuilder expression = new StringBuilder();
    for (String part : pattern.split("(?<=[*?])|(?=[*?])", -1)) {
      expression.append(part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part));
    }
    return pattern.equals(name)
        || Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(name).matches();
  }

  /** Whether a column is called as tools call an index that they write beside the columns. */
  static boolean namesIndex(String name, int position) {
    return (name.isEmpty() && position == 0) || INDEX.matcher(name).matches();
  }
}
