package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.Locale;

/** How rows are printed. */
public enum Format {
  /** For people: aligned, numbers rounded, NULL blank. */
  TABLE {
    @Override
    public void print(Rows rows, int width, PrintWriter out) {
      TextTable.print(rows, width, out);
    }
  },
  /** For pages: a table of GitHub's Markdown, numbers rounded, NULL blank. */
  MARKDOWN {
    @Override
    public void print(Rows rows, int width, PrintWriter out) {
      TextTable.printMarkdown(rows, out);
    }
  },
  /** RFC 4180 with the line ends of Unix: full precision, lists as JSON, NULL empty, "" quoted. */
  CSV {
    @Override
    public void print(Rows rows, int width, PrintWriter out) {
      Csv.print(rows, out);
    }
  },
  /** An array of objects, one a line: full precision, NULL and what is not finite null. */
  JSON {
    @Override
    public void print(Rows rows, int width, PrintWriter out) {
      Json.print(rows, out);
    }
  };

  /**
   * Prints rows. CSV and JSON print each row as it comes; TABLE and MARKDOWN need all of them
   * first.
   *
   * @param width characters that a line of a table may take
   */
  public abstract void print(Rows rows, int width, PrintWriter out);

  /** As written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
