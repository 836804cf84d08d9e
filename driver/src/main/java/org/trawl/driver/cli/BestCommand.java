package org.trawl.driver.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.trawl.driver.report.BestReport;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trawl best RUN} */
@Command(name = "best", description = "Shows the best trial of a run, or lists the best few.")
final class BestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "a folder or a name under runs/")
  private String run;

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      description = "a metric of the table trials (default: the run's objective)")
  private Optional<String> metric = Optional.empty();

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "1",
      description = "how many trials (default: ${DEFAULT-VALUE})")
  private int top;

  @Mixin private FormatOption format;

  @Override
  public Integer call() {
    if (top < 1) {
      throw new InputException(
          String.format(Locale.ROOT, "Cannot show the best %d trials: --top is at least 1", top));
    }
    BestReport.of(RunFolders.find(run), metric, top)
        .print(format.format(), Terminal.width(), format.out());
    return ExitCode.DONE;
  }
}
