package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what two runs of a sweep have written, for tests of what disturbed one of them. */
public final class SameTables {
  /** Columns that say when, where and how fast; the only ones that may differ between two runs. */
  private static final Set<String> TIMING =
      Set.of("seconds", "samples_per_second", "started", "ended", "host", "attempt", "executor");

  private SameTables() {}

  /** All tables but that of attempts have the same rows in the same order. */
  public static void assertSame(RunFolder undisturbed, RunFolder run) {
    for (Table table : Table.ALL) {
      if (!table.equals(Table.ATTEMPTS)) {
        assertEquals(rows(undisturbed, table), rows(run, table), table.name());
      }
    }
  }

  /** The rows of a table without the columns that may differ. */
  public static List<Map<String, Object>> rows(RunFolder run, Table table) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map<String, Object> row : run.rows(table)) {
      Map<String, Object> lasting = new LinkedHashMap<>(row);
      lasting.keySet().removeAll(TIMING);
      rows.add(lasting);
    }
    return rows;
  }
}
