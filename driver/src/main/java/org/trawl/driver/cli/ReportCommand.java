package org.trawl.driver.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.trawl.driver.report.HtmlReport;
import org.trawl.driver.results.OutputFile;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trawl report RUN} */
@Command(
    name = "report",
    description = "Writes a run's report: one HTML file with charts and tables, for any browser.")
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "RUN", description = "a folder, an address or a name under runs/")
  private String run;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to write it (default: report.html in the run's folder)")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() {
    RunFolder folder = RunFolders.find(run);
    if (out.isEmpty()) {
      HtmlReport.write(folder);
    } else {
      OutputFile.write(out.get(), HtmlReport.of(folder).getBytes(StandardCharsets.UTF_8));
    }
    String file = out.map(Path::toString).orElse(folder + "/" + HtmlReport.FILE);
    command.commandLine().getOut().println("Wrote " + file);
    return ExitCode.DONE;
  }
}
