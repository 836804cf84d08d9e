package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.trawl.driver.report.CompareReport.Question;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;

/**
 * How the trials of one run or several compare, those of each data set for themselves: what {@code
 * trawl compare} prints.
 */
public final class CompareReports {
  private final List<RunFolder> runs;
  private final List<Map<String, Object>> all = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();

  private CompareReports(List<RunFolder> runs) {
    this.runs = List.copyOf(runs);
  }

  /**
   * Reads the trials of runs; of several, the column sweep tells them apart.
   *
   * @param metricGiven whether they are compared by another metric than their objective
   * @throws InputException if trials of the same data have different objectives, unless one is
   *     given
   */
  public static CompareReports of(List<RunFolder> runs, boolean metricGiven) {
    CompareReports reports = new CompareReports(runs);
    Map<RunFolder, Provenance> provenances = new LinkedHashMap<>();
    runs.forEach(run -> provenances.put(run, run.provenance().orElseThrow()));
    long names = provenances.values().stream().map(Provenance::sweep).distinct().count();
    IdentityHashMap<Map<String, Object>, Objective> objectives = new IdentityHashMap<>();
    IdentityHashMap<Map<String, Object>, RunFolder> from = new IdentityHashMap<>();
    provenances.forEach(
        (run, provenance) -> {
          for (Map<String, Object> trial : run.rows(Table.TRIALS)) {
            if (names < runs.size()) {
              trial.put("sweep", run.address());
            }
            objectives.put(trial, provenance.objectiveOf(trial));
            from.put(trial, run);
            reports.all.add(trial);
          }
        });
    Section.byData(reports.all)
        .forEach(
            (name, trials) -> {
              Objective objective = objectives.get(trials.get(0));
              if (!metricGiven
                  && trials.stream().anyMatch(trial -> !objectives.get(trial).equals(objective))) {
                Set<String> different = new LinkedHashSet<>();
                trials.forEach(
                    trial -> different.add(from.get(trial) + " " + objectives.get(trial).metric()));
                throw new InputException(
                    "Cannot compare runs with different objectives without --metric: "
                        + String.join(", ", different));
              }
              reports.sections.add(new Section(name, trials, objective));
            });
    if (reports.sections.isEmpty()) {
      Objective objective = provenances.values().iterator().next().objective();
      reports.sections.add(new Section("", List.of(), objective));
    }
    return reports;
  }

  /**
   * Prints the answer to a question; as a table for people with what there is to know beside.
   *
   * @param by keys to group by, as written in a sweep file or as columns; empty for those that vary
   * @param across a key whose values become the columns of the printed table
   * @param metric a column of trials; empty for the objective's
   * @param width characters of a line
   * @throws InputException naming unknown keys and metrics
   */
  public void print(
      Question question,
      List<String> by,
      Optional<String> across,
      Optional<String> metric,
      Format format,
      int width,
      PrintWriter out) {
    boolean several = sections.size() > 1;
    if (several && !CompareReport.forPeople(format)) {
      format.print(rows(question, by, across, metric, format), width, out);
      out.flush();
      return;
    }
    List<CompareReport> reports =
        sections.stream().map(section -> report(section, by, across, metric)).toList();
    for (int i = 0; i < reports.size(); i++) {
      out.print(i > 0 ? System.lineSeparator() : "");
      Section.printHeading(sections.get(i).name(), several, out);
      reports.get(i).print(question, format, width, out);
    }
    out.flush();
  }

  /**
   * The rows of all data sets with the same columns, the first of which is the data's name, the
   * last two its metric and that one's direction.
   */
  private Rows rows(
      Question question,
      List<String> by,
      Optional<String> across,
      Optional<String> metric,
      Format format) {
    List<String> keys = new ArrayList<>(by.isEmpty() ? Trials.varying(all) : by);
    if (by.isEmpty()) {
      across.ifPresent(key -> keys.removeAll(Trials.columns(List.of(key))));
    }
    return Section.united(
        sections,
        section -> report(section, keys, across, metric).rows(question, format),
        section -> CompareReport.metric(metric, section.objective()));
  }

  private CompareReport report(
      Section section, List<String> by, Optional<String> across, Optional<String> metric) {
    Set<String> trials = new TreeSet<>();
    section.trials().forEach(trial -> trials.add(Objects.toString(trial.get("trial"))));
    Consumer<Consumer<Map<String, Object>>> confusion =
        action ->
            runs.forEach(
                run -> run.forEach(Table.CONFUSION, Predictions.COLUMNS, trials::contains, action));
    return new CompareReport(section.trials(), confusion, section.objective(), by, across, metric);
  }
}
