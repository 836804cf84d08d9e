package org.trawl.driver.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.Planner;
import org.trawl.driver.spark.ClusterStorage;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.SweepReader;

/** Plans of sweep files that stand in a test. */
public final class Plans {
  /** One start of a run, of which nothing is known. */
  public static final Provenance.Session SESSION =
      new Provenance.Session(Instant.EPOCH, "trawl run", 0, Map.of(), Map.of());

  private Plans() {}

  /** Plans a sweep file, which is written to a folder first. */
  public static Plan of(Path folder, String file) {
    try {
      Path path = Files.writeString(folder.resolve("test.conf"), file);
      Catalogue catalogue = Catalogue.installed();
      return Planner.plan(
          SweepReader.read(path, List.of(), catalogue),
          catalogue,
          ClusterStorage.INSTANCE,
          Runtime.getRuntime().maxMemory());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
