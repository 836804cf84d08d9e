package org.trawl.driver.results;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.sweep.Key;

/** The values of a trial's keys as the columns of the table trials hold them. */
final class KeyColumns {
  private KeyColumns() {}

  /** Puts the columns of every key of a trial into a row. */
  static void put(PlannedTrial trial, Map<String, Object> row) {
    trial.values().forEach((key, value) -> put(key, value, trial, row));
  }

  private static void put(Key key, Object value, PlannedTrial trial, Map<String, Object> row) {
    String column = key.column();
    switch (key.type()) {
      case TEXT, FLAG, STEPS -> row.put(column, value);
      case SOURCE -> row.put(column, trial.spec().data().source().name());
      case WHOLE, COUNT_OR_ALL -> row.put(column, whole(value));
      case REAL -> row.put(column, real(value));
      case WIDTHS -> row.put(column, ((List<?>) value).stream().map(KeyColumns::whole).toList());
      case RATES -> {
        boolean byLayer = value instanceof List;
        row.put(column, byLayer ? null : real(value));
        row.put(
            column + "_by_layer",
            byLayer ? ((List<?>) value).stream().map(KeyColumns::real).toList() : null);
      }
    }
  }

  /** NULL for the word all. */
  private static Integer whole(Object value) {
    return value instanceof Long count ? Math.toIntExact(count) : null;
  }

  private static double real(Object value) {
    return ((BigDecimal) value).doubleValue();
  }
}
