package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.Objective;

/** The best trials of a run: what {@code trawl best} prints. */
public final class BestReport {
  private final RunFolder run;
  private final List<Map<String, Object>> trials;
  private final Objective metric;
  private final int top;

  private BestReport(RunFolder run, List<Map<String, Object>> trials, Objective metric, int top) {
    this.run = run;
    this.trials = trials;
    this.metric = metric;
    this.top = top;
  }

  /**
   * Ranks the trials of a run.
   *
   * @param metric a column of trials; empty for the objective's
   * @param top how many trials, at least 1
   */
  public static BestReport of(RunFolder run, Optional<String> metric, int top) {
    Objective objective = run.provenance().orElseThrow().objective();
    return new BestReport(
        run,
        run.rows(Table.TRIALS),
        metric.map(name -> Metrics.named(name, objective)).orElse(objective),
        top);
  }

  /** The hashes of a run's trials by its objective, best first. */
  public static List<String> ranked(RunFolder run) {
    Objective objective = run.provenance().orElseThrow().objective();
    return Leaderboard.ranked(run.rows(Table.TRIALS), objective).stream()
        .map(row -> (String) row.get("trial"))
        .toList();
  }

  /** Prints a row a trial; for people the best one with all its details where no more are asked. */
  public void print(Format format, int width, PrintWriter out) {
    if (format != Format.TABLE) {
      format.print(Leaderboard.rows(trials, metric, top), width, out);
      return;
    }
    List<Map<String, Object>> ranked = Leaderboard.ranked(trials, metric);
    if (ranked.isEmpty()) {
      String others = Trials.notCounted(trials);
      out.printf("No trial has a %s%s%n", metric.metric(), others.isEmpty() ? "" : ": " + others);
    } else if (top == 1) {
      TrialDetails.of(run, (String) ranked.get(0).get("trial")).print(format, width, out);
    } else {
      format.print(Leaderboard.table(trials, metric, top), width, out);
    }
    out.flush();
  }
}
