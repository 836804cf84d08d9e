package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/** How the trials of one run or several compare: what {@code trawl compare} prints. */
public final class CompareReport {
  private final List<Map<String, Object>> trials;
  private final Objective metric;
  private final Optional<String> across;
  private final Predictions predictions;
  private final Comparison comparison;

  /**
   * Compares trials.
   *
   * @param trials rows of the table trials
   * @param confusion rows of the table confusion
   * @param ofRuns objective of the runs
   * @param by keys to group by, as written in a sweep file or as columns; empty for those that vary
   * @param across a key whose values become the columns of the printed table
   * @param metric a column of trials; empty for the objective's
   * @throws InputException naming unknown keys and metrics
   */
  CompareReport(
      List<Map<String, Object>> trials,
      List<Map<String, Object>> confusion,
      Objective ofRuns,
      List<String> by,
      Optional<String> across,
      Optional<String> metric) {
    this.trials = trials;
    this.metric = metric.map(name -> Metrics.named(name, ofRuns)).orElse(ofRuns);
    this.across = across.map(name -> Trials.columns(List.of(name)).get(0));
    this.predictions = new Predictions(confusion, this.metric.metric());
    Set<String> keys =
        new LinkedHashSet<>(by.isEmpty() ? Trials.varying(trials) : Trials.columns(by));
    this.across.ifPresent(keys::remove);
    this.across.ifPresent(keys::add);
    if (Trials.varies(trials, "sweep") && !keys.contains("sweep")) {
      keys = withFirst("sweep", keys);
    }
    if (keys.isEmpty()) {
      keys.add("point");
    }
    this.comparison = Comparison.of(trials, List.copyOf(keys), this.metric, predictions);
  }

  private static Set<String> withFirst(String first, Set<String> others) {
    Set<String> all = new LinkedHashSet<>();
    all.add(first);
    all.addAll(others);
    return all;
  }

  /** Compares the trials of runs; of several, the column sweep tells them apart. */
  public static CompareReport of(
      List<RunFolder> runs, List<String> by, Optional<String> across, Optional<String> metric) {
    Map<RunFolder, Objective> objectives = new LinkedHashMap<>();
    runs.forEach(run -> objectives.put(run, run.provenance().orElseThrow().objective()));
    if (metric.isEmpty() && objectives.values().stream().distinct().count() > 1) {
      throw new InputException(
          "Cannot compare runs with different objectives without --metric: "
              + String.join(
                  ", ",
                  objectives.entrySet().stream()
                      .map(run -> run.getKey() + " " + run.getValue().metric())
                      .toList()));
    }
    long names =
        runs.stream().map(run -> run.provenance().orElseThrow().sweep()).distinct().count();
    List<Map<String, Object>> trials = new ArrayList<>();
    List<Map<String, Object>> confusion = new ArrayList<>();
    for (RunFolder run : runs) {
      for (Map<String, Object> trial : run.rows(Table.TRIALS)) {
        if (names < runs.size()) {
          trial.put("sweep", run.address());
        }
        trials.add(trial);
      }
      confusion.addAll(run.rows(Table.CONFUSION));
    }
    Objective objective = objectives.values().iterator().next();
    return new CompareReport(trials, confusion, objective, by, across, metric);
  }

  /** Prints the groups; as a table for people with what there is to know beside. */
  public void print(Format format, int width, PrintWriter out) {
    if (format != Format.TABLE) {
      format.print(comparison.rows(), width, out);
      return;
    }
    long counted =
        trials.stream().filter(trial -> Trials.measured(trial, metric.metric())).count();
    String better = metric.direction() == Direction.MAXIMIZE ? "larger" : "smaller";
    out.printf(
        "%s (%s is better) of %d of %d trials, %s%n%n",
        metric.metric(),
        better,
        counted,
        trials.size(),
        across.isPresent() ? "best marked " + Comparison.BEST : "best first");
    format.print(across.isPresent() ? comparison.pivot() : comparison.table(), width, out);
    out.println();
    notes().forEach(note -> out.println(Lines.wrapped("", words(note), " ", width)));
    out.flush();
  }

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (across.isPresent() && comparison.usualCount() > 0) {
      int usual = comparison.usualCount();
      notes.add(
          usual == 1
              ? "A cell is one trial, or the mean ± deviation of as many as in brackets."
              : "A cell is the mean ± deviation of %d trials, or of as many as in brackets."
                  .formatted(usual));
    }
    String share = predictions.largestShare();
    if (!share.isEmpty() && comparison.usualCount() > 0) {
      notes.add(
          "Baseline: always predicting the largest class of the %s part has accuracy %s."
              .formatted(predictions.part(), share));
    }
    if (comparison.oneClass()) {
      notes.add(Comparison.ONE_CLASS + " has trials that predict one class only.");
    }
    String others = Trials.notCounted(trials);
    if (!others.isEmpty()) {
      notes.add("Not in the means: " + others + ".");
    }
    if (trials.stream().noneMatch(trial -> Trials.measured(trial, metric.metric()))) {
      List<String> filled =
          Stream.concat(Metrics.LEARNT.stream(), Metrics.TAKEN.stream())
              .filter(name -> trials.stream().anyMatch(trial -> Trials.measured(trial, name)))
              .toList();
      notes.add(
          "No trial has a %s%s."
              .formatted(
                  metric.metric(),
                  filled.isEmpty() ? " yet" : "; there are: " + String.join(", ", filled)));
    }
    return notes;
  }
}
