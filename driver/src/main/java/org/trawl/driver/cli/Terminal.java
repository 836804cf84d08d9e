package org.trawl.driver.cli;

import java.io.Console;
import java.lang.reflect.Method;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What the command line writes to. */
final class Terminal {
  private Terminal() {}

  /** Whether input and output are a terminal's. */
  @SuppressWarnings("SystemConsoleNull") // so it is asked
  static boolean present() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console without a terminal too, and this method to ask it.
      Method isTerminal = Console.class.getMethod("isTerminal");
      return (boolean) isTerminal.invoke(console);
    } catch (NoSuchMethodException beforeJava22) {
      return true;
    } catch (ReflectiveOperationException unknown) {
      return false;
    }
  }

  /** Characters of a line: of COLUMNS where that is set, else the terminal's; else unlimited. */
  static int width() {
    String columns = System.getenv("COLUMNS");
    if (columns != null && columns.matches("[1-9][0-9]{0,4}")) {
      return Integer.parseInt(columns);
    }
    return present() ? new UsageMessageSpec().autoWidth(true).width() : Integer.MAX_VALUE;
  }
}
