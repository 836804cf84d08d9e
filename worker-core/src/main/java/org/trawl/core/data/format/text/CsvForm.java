package org.trawl.core.data.format.text;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.TableColumns;
import org.trawl.core.data.source.TableForm;

/**
 * How samples like those of a data set lie in the lines of a CSV file.
 *
 * @param features number of features of a sample
 * @param names of the features, in their order; empty where the data set does not name them
 * @param label the label column where there is one: where features have names, its name, or empty
 *     for unknown; else as {@link SourceSpec#label} says
 * @param texts the features that are texts, with those that the data set has
 * @param table how its columns were read
 * @param missing what becomes of values that are missing
 */
public record CsvForm(
    int features,
    List<String> names,
    String label,
    List<TextColumn> texts,
    TableForm table,
    Missing missing) {
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

  /** Of columns that were read as they are, none of whose values are missing. */
  public CsvForm(int features, List<String> names, String label, List<TextColumn> texts) {
    this(features, names, label, texts, TableForm.PLAIN, Missing.REFUSED);
  }

  /** Whether the names tell each feature from the others. */
  boolean distinctNames() {
    return new HashSet<>(names).size() == names.size();
  }

  /** Whether the data set's own table may have columns that are neither features nor the label. */
  boolean choosesColumns() {
    return !table.columns().isEmpty() || !table.ignore().isEmpty();
  }

  /** Whether the data set's own table has a column beside its features that was left out. */
  boolean leavesOut(String name) {
    return !table.columns().isEmpty()
        || table.ignore().stream().anyMatch(pattern -> TableColumns.means(pattern, name));
  }

  /** Whether a column is called as tools call an index that they write beside the columns. */
  static boolean namesIndex(String name, int position) {
    return (name.isEmpty() && position == 0) || TableColumns.index(name);
  }
}
