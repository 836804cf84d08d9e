package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rows as a JSON array of objects, one a line. */
final class Json {
  private Json() {}

  static void print(Rows rows, PrintWriter out) {
    String before = "[\n";
    for (Map<String, Object> row : rows.values()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      rows.columns().forEach(column -> fields.put(column, row.get(column)));
      out.print(before + Values.json(fields));
      before = ",\n";
    }
    out.print(before.startsWith("[") ? "[]\n" : "\n]\n");
    out.flush();
  }
}
