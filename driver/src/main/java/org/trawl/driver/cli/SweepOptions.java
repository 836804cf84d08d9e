package org.trawl.driver.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.Planner;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.spark.ClusterStorage;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.Sweep;
import org.trawl.driver.sweep.SweepReader;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The sweep file, its settings and its run's folder, of the verbs that plan; a mixin. */
final class SweepOptions {
  @Parameters(paramLabel = "FILE", description = "a sweep file")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a key of the sweep file, over what the file says; as often as needed")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "URI",
      description = "the run's folder or its address (default: runs/ and the sweep's name)")
  private Optional<String> out = Optional.empty();

  /** Every trial of the file. */
  Plan plan() {
    Catalogue catalogue = Catalogue.installed();
    Sweep sweep = SweepReader.read(file, settings, catalogue);
    long memory = Runtime.getRuntime().maxMemory();
    return Planner.plan(sweep, catalogue, ClusterStorage.INSTANCE, memory);
  }

  /** The folder of a plan's run, free for it. */
  RunFolder folder(Plan plan) {
    String name = plan.sweep().name();
    RunFolder folder = out.map(RunFolder::at).orElseGet(() -> RunFolder.ofSweep(name));
    folder.requireFreeFor(name);
    return folder;
  }
}
