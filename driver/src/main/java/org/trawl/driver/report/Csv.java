package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Rows as comma-separated values. */
final class Csv {
  private Csv() {}

  static void print(Rows rows, PrintWriter out) {
    out.print(line(rows.columns()));
    for (Map<String, Object> row : rows.values()) {
      out.print(line(rows.columns().stream().map(row::get).toList()));
    }
    out.flush();
  }

  private static String line(List<?> values) {
    return String.join(",", values.stream().map(Csv::field).toList()) + "\n";
  }

  private static String field(Object value) {
    Object plain = Values.plain(value);
    if (plain == null) {
      return "";
    }
    String text = plain instanceof String string ? string : Values.json(plain);
    boolean quoted =
        text.isEmpty() || text.chars().anyMatch(letter -> ",\"\r\n".indexOf(letter) >= 0);
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
