package org.trawl.driver.results;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.trawl.driver.sweep.Objective;

/** Writes a run's folder from rows, for tests of what reads them. */
public final class WrittenRun {
  private WrittenRun() {}

  /** A folder with provenance and all tables; those not given are empty. */
  public static RunFolder write(
      Path folder,
      String sweep,
      Objective objective,
      Map<Table, List<Map<String, Object>>> tables) {
    RunFolder run = RunFolder.at(folder.toString());
    run.began(
        sweep,
        objective,
        new Provenance.Session(
            Instant.EPOCH, "trawl run", tables.get(Table.TRIALS).size(), Map.of(), Map.of()));
    Table.ALL.forEach(
        table -> run.replace(table, tables.getOrDefault(table, List.of()).stream()));
    return run;
  }
}
