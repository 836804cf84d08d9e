package org.trawl.driver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.Planner;
import org.trawl.driver.plan.Workload;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.spark.ClusterStorage;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Sweep;
import org.trawl.driver.sweep.SweepReader;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of the verbs that take a sweep file; a mixin. */
final class SweepOptions {
  @Parameters(paramLabel = "FILE", description = "the sweep file")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "a key that wins over the file, in its syntax, such as training.epochs=5 or"
              + " sweep.network.hidden=[[20],[50]]; repeatable")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "URI",
      description = "the run's folder (default: runs/ and the sweep's name)")
  private Optional<String> out = Optional.empty();

  /** Reads and plans the file; everything wrong with it is an InputException. */
  Plan plan() {
    ClusterMode.requireHere(file);
    ClusterMode.requireShared(out);
    return plan(file, settings);
  }

  /** Plans what a run's folder says that it is the run of. */
  static Plan stored(RunFolder folder) {
    if (folder.local()) {
      return plan(Path.of(folder.address()).resolve(RunFolder.SWEEP), List.of());
    }
    try {
      Path copy = Files.createTempFile("trawl-", ".conf");
      try {
        Files.writeString(copy, folder.text(RunFolder.SWEEP).orElse(""));
        return plan(copy, List.of());
      } finally {
        Files.delete(copy);
      }
    } catch (IOException failure) {
      throw new InfrastructureException(
          "Cannot copy %s/%s: %s".formatted(folder, RunFolder.SWEEP, failure.getMessage()),
          failure);
    }
  }

  private static Plan plan(Path file, List<String> settings) {
    Catalogue catalogue = Catalogue.installed();
    Sweep sweep = SweepReader.read(file, settings, catalogue);
    return Planner.plan(sweep, catalogue, ClusterStorage.INSTANCE, Workload.room());
  }

  /** Where the plan's results are, or will be; refused if they are those of another sweep. */
  RunFolder folder(Plan plan) {
    if (out.isPresent() && out.get().isBlank()) {
      throw new InputException("--out: expected a folder or its address, found none");
    }
    RunFolder folder =
        out.map(RunFolder::at).orElseGet(() -> RunFolders.ofSweep(plan.sweep().name()));
    folder.requireFreeFor(plan.sweep().name());
    return folder;
  }
}
