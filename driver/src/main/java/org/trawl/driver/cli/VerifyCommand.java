package org.trawl.driver.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.spark.SparkContext;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Difference;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.spark.Training;
import org.trawl.driver.spark.Verification;
import org.trawl.driver.spark.Verification.Verdict;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trawl verify RUN} */
@Command(name = "verify", description = "Trains some trials of a run again and compares every bit.")
final class VerifyCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("trial", "result", "epoch", "column", "stored", "now", "stored_kernels", "kernels");

  @Parameters(paramLabel = "RUN", description = "a folder, an address or a name under runs/")
  private String run;

  @Option(
      names = "--trials",
      paramLabel = "K",
      defaultValue = "3",
      description = "how many of the finished trials, drawn at random (default: ${DEFAULT-VALUE})")
  private int trials;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "decides which ones (default: another one each time; it is printed)")
  private Optional<Long> seed = Optional.empty();

  @Mixin private TrainingOptions options;
  @Mixin private FormatOption format;

  @Override
  public Integer call() {
    if (trials < 1) {
      throw new InputException("--trials: expected at least 1, found " + trials);
    }
    Training training = options.training();
    RunFolder folder = RunFolders.find(run);
    Verification verification = new Verification(SweepOptions.stored(folder), folder);
    long number = seed.orElseGet(() -> (long) ThreadLocalRandom.current().nextInt(1_000_000));
    List<PlannedTrial> drawn = verification.draw(trials, number);
    format.note(
        String.format(
            Locale.ROOT,
            "%s: training %d of %d finished trials again (--seed %d, kernels %s)",
            folder,
            drawn.size(),
            verification.finished(),
            number,
            training.kernels()));
    SparkContext context = options.context("verify");
    List<Verdict> verdicts;
    try {
      verdicts = verification.verify(drawn, context, training);
    } finally {
      context.stop();
    }
    format.print(COLUMNS, verdicts.stream().map(VerifyCommand::row).toList());
    long same = verdicts.stream().filter(Verdict::same).count();
    format.note(
        same == verdicts.size()
            ? String.format(Locale.ROOT, "All %d gave the same bits.", same)
            : String.format(
                Locale.ROOT,
                "%d of %d did not give the same bits: the first difference of each is above.",
                verdicts.size() - same,
                verdicts.size()));
    return same == verdicts.size() ? ExitCode.DONE : ExitCode.TRIALS_FAILED;
  }

  private static Map<String, Object> row(Verdict verdict) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("trial", verdict.trial().trial());
    row.put("result", verdict.same() ? "equal" : "different");
    row.put("stored_kernels", verdict.storedKernels());
    row.put("kernels", verdict.kernels());
    if (!verdict.failure().isEmpty()) {
      row.put("result", "failed");
      row.put("now", verdict.failure());
    }
    verdict.difference().ifPresent(difference -> put(difference, row));
    return row;
  }

  private static void put(Difference difference, Map<String, Object> row) {
    row.put("epoch", difference.epoch() == 0 ? null : difference.epoch());
    row.put("column", difference.column());
    row.put("stored", difference.stored());
    row.put("now", difference.now());
  }
}
