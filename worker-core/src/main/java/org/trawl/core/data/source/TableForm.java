package org.trawl.core.data.source;

import java.io.Serializable;
import java.util.List;
import org.trawl.core.data.source.SourceSpec.Header;

/**
 * How the columns of a table are read.
 *
 * @param csv how a CSV file is written
 * @param labels what labels are
 * @param columns csv, parquet and table: names and patterns of the columns that are features; empty
 *     for all
 * @param ignore names and patterns of columns that are left out
 * @param texts csv: names and patterns of columns that are texts even where they look like numbers
 */
public record TableForm(
    CsvDialect csv, Labels labels, List<String> columns, List<String> ignore, List<String> texts)
    implements Serializable {
  /** All columns as they are. */
  public static final TableForm PLAIN =
      new TableForm(CsvDialect.PLAIN, Labels.AUTO, List.of(), List.of());

  public TableForm {
    columns = List.copyOf(columns);
    ignore = List.copyOf(ignore);
    texts = List.copyOf(texts);
  }

  /** Where columns are texts only if they look like texts. */
  public TableForm(CsvDialect csv, Labels labels, List<String> columns, List<String> ignore) {
    this(csv, labels, columns, ignore, List.of());
  }

  /** All columns as they are, with a header or not. */
  public static TableForm of(Header header) {
    return new TableForm(CsvDialect.PLAIN.with(header), Labels.AUTO, List.of(), List.of());
  }

  /** A label as a file has it, and where numbers are the same by value, as Java writes numbers. */
  public String label(String text) {
    return labels == Labels.TEXT ? text : csv.plain(text);
  }

  /** What labels are. */
  public enum Labels {
    /** Numbers where all are, so that 1 and 1.0 are one label; else texts. */
    AUTO,
    /** Texts, which are the same where each letter is. */
    TEXT
  }
}
