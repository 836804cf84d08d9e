package org.trawl.driver.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.report.HtmlReport;
import org.trawl.driver.report.Lines;
import org.trawl.driver.report.SweepSummary;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.SweepRun;
import org.trawl.driver.spark.Training;
import org.trawl.driver.spark.Versions;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trawl run FILE} */
@Command(name = "run", description = "Trains the trials of a sweep file that are not finished yet.")
final class RunCommand implements Callable<Integer> {
  private static final int FAILURES_SHOWN = 5;
  private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?) *(s|m|min|h|d)");
  private static final Map<Character, Integer> SECONDS =
      Map.of('s', 1, 'm', 60, 'h', 3600, 'd', 86_400);

  /** As often as tables are written. */
  private static final Duration RELOAD = Duration.ofSeconds(10);

  @Mixin private SweepOptions sweep;

  @Mixin private TrainingOptions options;

  @Option(
      names = "--live",
      description =
          "also writes the report now and then while the run goes on; its page loads itself again")
  private boolean live;

  @Option(
      names = "--time-budget",
      paramLabel = "TIME",
      description = "ends the run after a time, such as 90s, 30m or 8h; what is finished is kept")
  private Optional<String> time = Optional.empty();

  @Option(
      names = "--max-trials",
      paramLabel = "N",
      description = "trains at most so many trials, in the order of the plan")
  private Optional<Integer> most = Optional.empty();

  @Option(
      names = "--attempts",
      paramLabel = "N",
      defaultValue = "4",
      description = "executors that may die with a trial before it is LOST (default: 4)")
  private int attempts;

  @Spec private CommandSpec command;

  @Override
  @SuppressWarnings("try") // the handler and the presence act by being there
  public Integer call() throws Exception {
    SweepRun.Limits limits = limits();
    Training training = options.training();
    Plan plan = sweep.plan();
    RunFolder folder = sweep.folder(plan);
    SweepRun run = new SweepRun(plan, folder, limits);
    int trials = plan.trials().size();
    int left = run.remaining().size();
    int finished = run.finished();
    out()
        .printf(
            Locale.ROOT,
            "%s: %d %s, %d finished already, %d to train; results in %s%n",
            plan.sweep().name(),
            trials,
            trials == 1 ? "trial" : "trials",
            finished,
            left,
            folder);
    Stream.concat(folder.noneIsPlanned(plan, finished).stream(), plan.remarks().stream())
        .forEach(remark -> out().println(Lines.wrapped("note: ", remark, Terminal.width())));
    out().flush();
    if (left == 0) {
      Map<Status, Integer> counts = run.update(session(plan, 0, training));
      int again = run.withoutModel().size();
      if (again == 0) {
        out().println("Nothing to train.");
        HtmlReport.write(folder);
        summarize(folder, counts);
        return ExitCode.DONE;
      }
      out()
          .printf(
              Locale.ROOT,
              "%d finished %s trained again for %s.%n",
              again,
              again == 1 ? "trial is" : "trials are",
              again == 1 ? "its model" : "their models");
    }
    options.requireMaster();
    try (Interrupt interrupt = new Interrupt(() -> cancel(run));
        AutoCloseable presence = run.appear()) {
      Instant started = Instant.now();
      Optional<Map<Status, Integer>> ended =
          train(run, plan, folder, training, session(plan, left, training));
      if (ended.isEmpty()) {
        out().println("Stopped before anything was trained.");
        return ExitCode.CANCELLED;
      }
      Map<Status, Integer> counts = ended.get();
      run.settle();
      HtmlReport.write(folder);
      Duration took = Duration.between(started, Instant.now());
      out().printf("After %s: %s%n", TimeText.of(took), line(counts));
      if (run.timeIsOver()) {
        out().println("The time of --time-budget is over.");
      }
      summarize(folder, counts);
      return exitCode(run, counts);
    }
  }

  private SweepRun.Limits limits() {
    List<String> problems = new ArrayList<>();
    Optional<Duration> budget = Optional.empty();
    if (time.isPresent()) {
      Matcher matcher = TIME.matcher(time.get());
      if (matcher.matches()) {
        double seconds =
            Double.parseDouble(matcher.group(1)) * SECONDS.get(matcher.group(2).charAt(0));
        budget = Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
      } else {
        problems.add("--time-budget: expected a time such as 90s, 30m or 8h, found " + time.get());
      }
    }
    if (most.isPresent() && most.get() < 1) {
      problems.add("--max-trials: expected at least 1, found " + most.get());
    }
    if (attempts < 1) {
      problems.add("--attempts: expected at least 1, found " + attempts);
    }
    if (!problems.isEmpty()) {
      throw new InputException(problems);
    }
    return new SweepRun.Limits(attempts, most, budget);
  }

  private Provenance.Session session(Plan plan, int trials, Training training) {
    List<String> typed = command.root().commandLine().getParseResult().originalArgs();
    return Versions.session("trawl " + String.join(" ", typed), plan, trials, training);
  }

  /** Trains, once Spark has started; empty if the run was cancelled before. */
  private Optional<Map<Status, Integer>> train(
      SweepRun run, Plan plan, RunFolder folder, Training training, Provenance.Session session)
      throws InterruptedException {
    Optional<SparkContext> context = options.context(plan.sweep().name(), run::cancelled);
    if (context.isEmpty()) {
      return Optional.empty();
    }
    try (ProgressLine progress =
        new ProgressLine(plan.objective().metric(), command.commandLine().getErr())) {
      run.begin(session);
      return Optional.of(
          run.train(context.get(), training, live ? reporting(folder, progress) : progress));
    } finally {
      context.get().stop();
    }
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

  private void summarize(RunFolder folder, Map<Status, Integer> counts) {
    List<Map<String, Object>> rows = folder.rows(Table.TRIALS);
    printFailures(rows, Status.FAILED, folder);
    printFailures(rows, Status.LOST, folder);
    out().println();
    SweepSummary.print(folder, Terminal.width(), out());
    out().printf("Report: %s/%s%n", folder, HtmlReport.FILE);
    if (counts.keySet().stream().anyMatch(status -> !status.finished())) {
      out().println("Run the same command again to train what is not finished.");
    }
  }

  private void printFailures(List<Map<String, Object>> rows, Status status, RunFolder folder) {
    List<Map<String, Object>> failed =
        rows.stream().filter(row -> status.name().equals(row.get("status"))).toList();
    String word = status.name().toLowerCase(Locale.ROOT);
    failed.stream()
        .limit(FAILURES_SHOWN)
        .forEach(row -> out().printf("  %s %s: %s%n", row.get("trial"), word, row.get("message")));
    if (failed.size() > FAILURES_SHOWN) {
      out().printf(Locale.ROOT, "  … and %d more%n", failed.size() - FAILURES_SHOWN);
    }
    if (!failed.isEmpty()) {
      out().printf("  %s/run.log tells more%n", folder);
    }
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
