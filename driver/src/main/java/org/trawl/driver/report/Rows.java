package org.trawl.driver.report;

import java.util.List;
import java.util.Map;

/**
 * Rows and the order of their columns. A value is null, a String, Boolean, Number, date or time,
 * List or Map; a column that a row lacks is null.
 *
 * @param columns names, each once
 * @param values a map a row; may be read once only
 */
public record Rows(List<String> columns, Iterable<Map<String, Object>> values) {

  public Rows {
    columns = List.copyOf(columns);
  }
}
