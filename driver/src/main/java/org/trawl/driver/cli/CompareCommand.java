package org.trawl.driver.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.trawl.driver.report.CompareReport.Question;
import org.trawl.driver.report.CompareReports;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trawl compare RUN...} */
@Command(
    name = "compare",
    description =
        "Compares a metric between values of keys: mean, deviation, what is not shown to be worse"
            + " than the best.")
final class CompareCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", arity = "1..*", description = "a folder or a name under runs/")
  private List<String> runs;

  @Option(
      names = "--by",
      paramLabel = "KEY",
      split = ",",
      description = "keys to group by, as columns or as in the file (default: those that vary)")
  private List<String> by = List.of();

  @Option(
      names = "--across",
      paramLabel = "KEY",
      description = "a key whose values become the columns of a pivot table")
  private Optional<String> across = Optional.empty();

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      description = "a metric of the table trials (default: the run's objective)")
  private Optional<String> metric = Optional.empty();

  @ArgGroup private Instead instead = new Instead();

  @Mixin private FormatOption format;

  /** What can be asked instead of a comparison of groups. */
  private static final class Instead {
    @Option(names = "--effects", description = "each value of each key, over all others, instead")
    private boolean effects;

    @Option(
        names = "--importance",
        description =
            "the share of the variance that each key explains (functional ANOVA), instead")
    private boolean importance;

    Question question() {
      return importance ? Question.IMPORTANCE : effects ? Question.EFFECTS : Question.GROUPS;
    }
  }

  @Override
  public Integer call() {
    boolean groups = instead.question() == Question.GROUPS;
    if (!groups && (!by.isEmpty() || across.isPresent())) {
      throw new InputException(
          "Cannot compare: expected neither --by nor --across beside --%s, which is of each key that varies, found %s"
              .formatted(
                  instead.importance ? "importance" : "effects",
                  by.isEmpty() ? "--across" : "--by"));
    }
    CompareReports.of(Runs.find(runs), metric.isPresent())
        .print(
            instead.question(),
            by,
            across,
            metric,
            format.format(),
            Terminal.width(),
            format.out());
    return ExitCode.DONE;
  }
}
