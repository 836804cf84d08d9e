package org.trawl.driver.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.report.HtmlReport;
import org.trawl.driver.report.SweepSummary;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.Probe;
import org.trawl.driver.spark.SweepRun;
import org.trawl.driver.spark.Training;
import org.trawl.driver.spark.Versions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trawl run FILE} */
@Command(name = "run", description = "Trains the trials of a sweep file that are not finished yet.")
final class RunCommand implements Callable<Integer> {
  private static final int FAILURES_SHOWN = 5;

  /** As often as tables are written. */
  private static final Duration RELOAD = Duration.ofSeconds(10);

  @Mixin private SweepOptions sweep;

  @Mixin private TrainingOptions options;

  @Option(
      names = "--live",
      description =
          "also writes the report now and then while the run goes on; its page loads itself again")
  private boolean live;

  @Spec private CommandSpec command;

  @Override
  @SuppressWarnings("try") // the handler acts by being there
  public Integer call() throws InterruptedException {
    Training training = options.training();
    Plan plan = sweep.plan();
    RunFolder folder = sweep.folder(plan);
    SweepRun run = new SweepRun(plan, folder);
    int trials = plan.trials().size();
    int left = run.remaining().size();
    out()
        .printf(
            "%s: %d %s, %d finished already, %d to train; results in %s%n",
            plan.sweep().name(),
            trials,
            trials == 1 ? "trial" : "trials",
            trials - left,
            left,
            folder);
    out().flush();
    if (left == 0) {
      Map<Status, Integer> counts = run.update();
      int again = run.withoutModel().size();
      if (again == 0) {
        out().println("Nothing to train.");
        HtmlReport.write(folder);
        summarize(plan, folder, counts);
        return ExitCode.DONE;
      }
      out()
          .printf(
              "%d finished %s trained again for %s.%n",
              again,
              again == 1 ? "trial is" : "trials are",
              again == 1 ? "its model" : "their models");
    }
    options.requireMaster();
    double estimated = Probe.of(plan, run.remaining(), training).seconds();
    Instant started = Instant.now();
    try (Interrupt interrupt = new Interrupt(() -> cancel(run))) {
      run.begin(
          Versions.session(
                  "trawl "
                      + String.join(
                          " ", command.root().commandLine().getParseResult().originalArgs()),
                  plan,
                  left,
                  training)
              .estimated(estimated));
      Map<Status, Integer> counts = train(run, plan, folder, training);
      HtmlReport.write(folder);
      Duration took = Duration.between(started, Instant.now());
      out().printf("After %s: %s%n", ProgressLine.text(took), line(counts));
      if (left > 0 && !run.cancelled()) {
        out()
            .printf(
                "Training took %s of one core in all; %s were estimated%n",
                ProgressLine.text(trained(folder, started)),
                ProgressLine.text(Duration.ofMillis(Math.round(1000 * estimated))));
      }
      summarize(plan, folder, counts);
      return exitCode(run, counts);
    }
  }

  private Map<Status, Integer> train(SweepRun run, Plan plan, RunFolder folder, Training training)
      throws InterruptedException {
    SparkContext context = options.context(plan.sweep().name());
    try (ProgressLine progress =
        new ProgressLine(plan.objective().metric(), command.commandLine().getErr())) {
      return run.train(context, training, live ? reporting(folder, progress) : progress);
    } finally {
      context.stop();
    }
  }

  /** The time of all attempts that began since, each on one core. */
  private static Duration trained(RunFolder folder, Instant since) {
    return folder.rows(Table.ATTEMPTS, List.of("started", "ended")).stream()
        .filter(row -> row.get("started") instanceof Instant start && start.isAfter(since))
        .map(row -> Duration.between((Instant) row.get("started"), (Instant) row.get("ended")))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** An observer that writes the report whenever there is something new to see. */
  private SweepRun.Observer reporting(RunFolder folder, SweepRun.Observer observer) {
    out().printf("The report %s/%s follows the run%n", folder, HtmlReport.FILE);
    HtmlReport.writeLive(folder, RELOAD);
    return new SweepRun.Observer() {
      @Override
      public void progress(SweepRun.Progress progress) {
        observer.progress(progress);
      }

      @Override
      public void tablesWritten() {
        HtmlReport.writeLive(folder, RELOAD);
      }
    };
  }

  private void cancel(SweepRun run) {
    PrintWriter err = command.commandLine().getErr();
    err.println();
    err.println("Stopping; what is finished is kept. Once more ends at once.");
    err.flush();
    run.cancel();
  }

  private static int exitCode(SweepRun run, Map<Status, Integer> counts) {
    if (run.cancelled()) {
      return ExitCode.CANCELLED;
    }
    boolean failed = counts.containsKey(Status.FAILED) || counts.containsKey(Status.LOST);
    return failed ? ExitCode.TRIALS_FAILED : ExitCode.DONE;
  }

  private void summarize(Plan plan, RunFolder folder, Map<Status, Integer> counts) {
    List<Map<String, Object>> rows = folder.rows(Table.TRIALS);
    if (counts.containsKey(Status.FAILED)) {
      printFailures(rows, counts.get(Status.FAILED), folder);
    }
    out().println();
    SweepSummary.print(rows, plan.objective(), Terminal.width(), out());
    out().printf("Report: %s/%s%n", folder, HtmlReport.FILE);
    if (counts.keySet().stream().anyMatch(status -> !status.finished())) {
      out().println("Run the same command again to train what is not finished.");
    }
  }

  private void printFailures(List<Map<String, Object>> rows, int failures, RunFolder folder) {
    rows.stream()
        .filter(row -> Status.FAILED.name().equals(row.get("status")))
        .limit(FAILURES_SHOWN)
        .forEach(row -> out().printf("  %s failed: %s%n", row.get("trial"), row.get("message")));
    if (failures > FAILURES_SHOWN) {
      out().printf("  … and %d more%n", failures - FAILURES_SHOWN);
    }
    out().printf("  Their stack traces stand in %s/run.log%n", folder);
  }

  private static String line(Map<Status, Integer> counts) {
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }
}
