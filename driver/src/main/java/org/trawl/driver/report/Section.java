package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.trawl.driver.plan.DataNames;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.Objective;

/**
 * Trials that are compared with each other: those of the same data. What compares trials gives each
 * section its own answer.
 *
 * @param name of the data
 * @param trials rows of the table trials, in the order of the plan
 * @param objective of the trials
 */
record Section(String name, List<Map<String, Object>> trials, Objective objective) {

  /** The sections of a run; one of no trials where it has none. */
  static List<Section> of(RunFolder run) {
    Provenance provenance = run.provenance().orElseThrow();
    List<Section> sections = new ArrayList<>();
    byData(run.rows(Table.TRIALS))
        .forEach(
            (name, rows) ->
                sections.add(new Section(name, rows, provenance.objectiveOf(rows.get(0)))));
    return sections.isEmpty()
        ? List.of(new Section("", List.of(), provenance.objective()))
        : sections;
  }

  /** Trials by the names of their data, in the order in which it occurs. */
  static Map<String, List<Map<String, Object>>> byData(List<Map<String, Object>> trials) {
    Map<String, String> names = DataNames.of(trials);
    Map<String, List<Map<String, Object>>> byName = new LinkedHashMap<>();
    for (Map<String, Object> trial : trials) {
      String name = names.get((String) trial.get(DataNames.COLUMN));
      byName.computeIfAbsent(name, none -> new ArrayList<>()).add(trial);
    }
    return byName;
  }

  /**
   * The rows of several sections as one table, whose first column names the data, and whose last
   * ones the metric and its direction.
   */
  static Rows united(
      List<Section> sections,
      Function<Section, Rows> answer,
      Function<Section, Objective> metricOfSection) {
    Set<String> columns = new LinkedHashSet<>(List.of("data"));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Section section : sections) {
      Rows own = answer.apply(section);
      Objective metric = metricOfSection.apply(section);
      columns.addAll(own.columns());
      for (Map<String, Object> row : own.values()) {
        Map<String, Object> named = new LinkedHashMap<>(row);
        named.put("data", section.name());
        named.put("metric", metric.metric());
        named.put("direction", metric.direction().name().toLowerCase(Locale.ROOT));
        rows.add(named);
      }
    }
    columns.addAll(List.of("metric", "direction"));
    return new Rows(List.copyOf(columns), rows);
  }

  /** What stands above the answer for a data set, where there are several. */
  static void printHeading(String name, boolean several, PrintWriter out) {
    if (several) {
      out.printf("Data: %s%n%n", name);
    }
  }
}
