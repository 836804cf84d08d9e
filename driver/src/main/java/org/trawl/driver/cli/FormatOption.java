package org.trawl.driver.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.trawl.driver.report.Format;
import org.trawl.driver.report.Rows;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option --format of the verbs that print rows; a mixin. */
final class FormatOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Format format;

  Format format() {
    return format;
  }

  /** Whether people read it: TABLE. */
  boolean forPeople() {
    return format == Format.TABLE;
  }

  /** Prints rows to the command's output. */
  void print(List<String> columns, List<Map<String, Object>> rows) {
    print(new Rows(columns, rows));
  }

  /** Prints rows to the command's output. */
  void print(Rows rows) {
    format.print(rows, Terminal.width(), out());
  }

  /** Prints a line that belongs to a table for people only. */
  void note(String text) {
    if (format == Format.TABLE) {
      out().println(text);
    }
  }

  /** Prints what must not be missed: beside a table to its output, beside data to the errors'. */
  void remark(String text) {
    (forPeople() ? out() : command.commandLine().getErr()).println(text);
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }
}
