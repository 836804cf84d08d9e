package org.trawl.driver.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.trawl.driver.report.TrialDetails;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.results.RunFolders.FoundTrial;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trawl show TRIAL} */
@Command(
    name = "show",
    description = "Shows one trial: keys, metrics, epochs, classes, confusions.")
final class ShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TRIAL", description = "the beginning of a trial's hash")
  private String trial;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "where to look (default: all runs under runs/)")
  private List<String> runs = List.of();

  @Mixin private FormatOption format;

  @Override
  public Integer call() {
    List<RunFolder> where = runs.isEmpty() ? RunFolders.all() : Runs.find(runs);
    if (where.isEmpty() && !trial.isBlank()) {
      throw new InputException(
          "Cannot find a trial: %s. There is no run under runs/; say where with --run"
              .formatted(trial));
    }
    FoundTrial found = RunFolders.findTrial(trial, where);
    TrialDetails.of(found.folder(), found.trial())
        .print(format.format(), Terminal.width(), format.out());
    return ExitCode.DONE;
  }
}
