package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.Objective;

/** The best trials of a run, of each data set for itself: what {@code trawl best} prints. */
public final class BestReport {
  private final RunFolder run;
  private final List<Section> sections;
  private final int top;

  private BestReport(RunFolder run, List<Section> sections, int top) {
    this.run = run;
    this.sections = sections;
    this.top = top;
  }

  /**
   * Ranks the trials of a run.
   *
   * @param metric a column of trials; empty for the objective's
   * @param top how many trials of each data set, at least 1
   */
  public static BestReport of(RunFolder run, Optional<String> metric, int top) {
    List<Section> sections = Section.of(run).stream().map(section -> by(metric, section)).toList();
    return new BestReport(run, sections, top);
  }

  private static Section by(Optional<String> metric, Section section) {
    Objective objective =
        metric.map(name -> Metrics.named(name, section.objective())).orElse(section.objective());
    return new Section(section.name(), section.trials(), objective);
  }

  /** The hashes of a run's trials by the objective, best first, by the names of their data. */
  public static Map<String, List<String>> ranked(RunFolder run) {
    Map<String, List<String>> ranked = new LinkedHashMap<>();
    for (Section section : Section.of(run)) {
      List<String> trials =
          Leaderboard.ranked(section.trials(), section.objective()).stream()
              .map(row -> (String) row.get("trial"))
              .toList();
      if (!trials.isEmpty()) {
        ranked.put(section.name(), trials);
      }
    }
    return ranked;
  }

  /** Prints a row a trial; for people the best one with all its details where no more are asked. */
  public void print(Format format, int width, PrintWriter out) {
    if (format != Format.TABLE) {
      format.print(rows(), width, out);
    } else {
      for (Section section : sections) {
        Section.printHeading(section.name(), sections.size() > 1, out);
        print(section, width, out);
      }
    }
    out.flush();
  }

  /** The rows of all data sets, whose names are the first column where there are several. */
  private Rows rows() {
    if (sections.size() == 1) {
      return Leaderboard.rows(sections.get(0).trials(), sections.get(0).objective(), top);
    }
    return Section.united(
        sections,
        section -> Leaderboard.rows(section.trials(), section.objective(), top),
        Section::objective);
  }

  private void print(Section section, int width, PrintWriter out) {
    String metric = section.objective().metric();
    List<Map<String, Object>> ranked = Leaderboard.ranked(section.trials(), section.objective());
    if (ranked.isEmpty()) {
      String others = Trials.notCounted(section.trials());
      out.printf("No trial has a %s%s%n", metric, others.isEmpty() ? "" : ": " + others);
      return;
    } else if (top == 1) {
      TrialDetails.of(run, (String) ranked.get(0).get("trial")).print(Format.TABLE, width, out);
    } else {
      Format.TABLE.print(Leaderboard.table(section.trials(), section.objective(), top), width, out);
      out.println();
    }
    Ties.note(ranked, metric, trial -> run.rowsOf(trial, Table.PARTS))
        .ifPresent(
            note -> {
              out.println(Lines.wrapped("", List.of(note.split(" ")), " ", width));
              out.println();
            });
  }
}
