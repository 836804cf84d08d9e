package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.trawl.driver.report.Comparison.Group;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/**
 * What a run has taught, at a look: for each swept key the mean of the objective over all trials of
 * each of its values, the most telling key first, and the best points.
 */
public final class SweepSummary {
  private static final int POINTS = 5;
  private static final int VALUES_OF_A_KEY = 10;

  private SweepSummary() {}

  /**
   * Prints the summary of a run, of each data set for itself.
   *
   * @param width characters of a line
   */
  public static void print(RunFolder run, int width, PrintWriter out) {
    List<Section> sections = Section.of(run);
    for (Section section : sections) {
      Section.printHeading(section.name(), sections.size() > 1, out);
      print(
          section.trials(),
          section.objective(),
          trial -> run.rowsOf(trial, Table.PARTS),
          width,
          out);
      printOneClass(
          section.trials(),
          action -> run.forEach(Table.CONFUSION, Predictions.COLUMNS, action),
          section.objective(),
          width,
          out);
      if (sections.size() > 1) {
        out.println();
      }
    }
  }

  /**
   * Prints the summary of trials of one data set.
   *
   * @param trials rows of the table trials
   * @param parts the rows of the table parts of a trial
   * @param width characters of a line
   */
  static void print(
      List<Map<String, Object>> trials,
      Objective objective,
      Function<String, List<Map<String, Object>>> parts,
      int width,
      PrintWriter out) {
    List<Map<String, Object>> ranked = Leaderboard.ranked(trials, objective);
    if (ranked.isEmpty()) {
      out.println("No trial has a " + objective.metric() + " yet.");
      return;
    }
    List<String> keys = Trials.varying(trials);
    if (!keys.isEmpty()) {
      printKeys(trials, keys, objective, width, out);
      printPoints(trials, keys, objective, width, out);
    }
    Map<String, Object> best = ranked.get(0);
    String value = Numbers.metric((Number) best.get(objective.metric()));
    out.printf("Best trial: %s %s, trawl show %s%n", objective.metric(), value, best.get("trial"));
    Ties.note(ranked, objective.metric(), parts)
        .ifPresent(note -> out.println(Lines.wrapped("", List.of(note.split(" ")), " ", width)));
  }

  /**
   * Prints how many trials predict one class only, if there are any.
   *
   * @param confusion gives rows of the table confusion, with the columns of {@link Predictions}
   */
  static void printOneClass(
      List<Map<String, Object>> trials,
      Consumer<Consumer<Map<String, Object>>> confusion,
      Objective objective,
      int width,
      PrintWriter out) {
    Predictions predictions = new Predictions(objective.metric());
    confusion.accept(predictions::add);
    List<Object> ended =
        trials.stream().filter(Trials::endedWell).map(t -> t.get("trial")).toList();
    long oneClass = ended.stream().filter(predictions::oneClass).count();
    if (oneClass > 0) {
      String text =
          String.format(
              Locale.ROOT,
              "%d of %d trials predict%s one class only, of the %s part, where the largest class has"
                  + " %s of the samples: they tell nothing apart (cure: features of one scale,"
                  + " data.prepare = [standardize], or other learning rates).",
              oneClass,
              ended.size(),
              oneClass == 1 ? "s" : "",
              predictions.part(),
              predictions.largestShare());
      out.println(Lines.wrapped("", text, width));
    }
  }

  private static void printKeys(
      List<Map<String, Object>> trials,
      List<String> keys,
      Objective objective,
      int width,
      PrintWriter out) {
    List<Axis> axes =
        keys.stream()
            .map(key -> Axis.of(trials, key, objective))
            .filter(axis -> axis.groups().size() > 1)
            .sorted(Comparator.comparingDouble(Axis::effect).reversed())
            .toList();
    double[] measured =
        trials.stream()
            .filter(trial -> Trials.measured(trial, objective.metric()))
            .mapToDouble(trial -> Trials.metric(trial, objective.metric()))
            .toArray();
    List<Group> all = axes.stream().flatMap(axis -> axis.groups().stream()).toList();
    MetricScale scale = MetricScale.of(all, measured, objective);
    Numbers.Style style = Numbers.Style.of(all.stream().map(Group::mean).toList());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Axis axis : axes) {
      List<Group> shown = thinned(axis.groups());
      List<String> values = Comparison.written(axis.key(), shown);
      String key = axis.key();
      for (int i = 0; i < shown.size(); i++) {
        Group group = shown.get(i);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", key);
        key = "";
        row.put("value", values.get(i));
        row.put("trials", new TextTable.Aligned(group.counted()));
        if (group.mean() != null) {
          row.put("mean", new TextTable.Aligned(style.text(group.mean())));
          row.put(scale.header(), scale.drawn(group));
        }
        if (group.deviation() != null) {
          row.put("±", new TextTable.Aligned(style.text(group.deviation())));
        }
        rows.add(row);
      }
    }
    List<String> columns = List.of("key", "value", "trials", "mean", "±", scale.header());
    out.printf(
        Locale.ROOT,
        "Mean ± deviation of %s by key, over all others (%s is better)%n%n",
        objective.metric(),
        objective.direction() == Direction.MAXIMIZE ? "larger" : "smaller");
    Format.TABLE.print(Leaderboard.forPeople(new Rows(columns, rows)), width, out);
    out.println();
  }

  /** The first, the last and some between, evenly. */
  private static <T> List<T> thinned(List<T> values) {
    TreeSet<Integer> kept = new TreeSet<>();
    for (int i = 0; i < VALUES_OF_A_KEY; i++) {
      kept.add(Math.round((float) i * (values.size() - 1) / (VALUES_OF_A_KEY - 1)));
    }
    return kept.stream().map(values::get).toList();
  }

  private static void printPoints(
      List<Map<String, Object>> trials,
      List<String> keys,
      Objective objective,
      int width,
      PrintWriter out) {
    Predictions none = new Predictions(objective.metric());
    Comparison comparison = Comparison.of(trials, keys, objective, none);
    boolean repeated = comparison.groups().stream().anyMatch(group -> group.count() > 1);
    List<Map<String, Object>> points = new ArrayList<>();
    Rows all = repeated ? comparison.table() : Leaderboard.table(trials, objective, POINTS);
    all.values().forEach(points::add);
    int shown = Math.min(POINTS, points.size());
    String what = repeated ? "points, by mean " + objective.metric() : "trials";
    out.printf(Locale.ROOT, "The best %d of %d %s%n%n", shown, comparison.groups().size(), what);
    Rows best = Leaderboard.forPeople(new Rows(all.columns(), points.subList(0, shown)));
    Format.TABLE.print(best, width, out);
    out.println();
    if (repeated) {
      comparison
          .testNote(Comparison.SAID, Trials.varies(trials, "fold"))
          .ifPresent(
              note -> {
                out.println(Lines.wrapped("", List.of(note.split(" ")), " ", width));
                out.println();
              });
    }
  }

  /**
   * The means of an axis.
   *
   * @param groups one a value, in the order of the values
   */
  private record Axis(String key, List<Group> groups) {
    static Axis of(List<Map<String, Object>> trials, String key, Objective objective) {
      Predictions none = new Predictions(objective.metric());
      List<Group> groups =
          Comparison.of(trials, List.of(key), objective, none).groups().stream()
              .sorted(Comparator.comparing(Group::values, Values::compare))
              .toList();
      return new Axis(key, groups);
    }

    double least() {
      return means().min(Double::compare).orElse(0.0);
    }

    double most() {
      return means().max(Double::compare).orElse(0.0);
    }

    /** How far the means are apart. */
    double effect() {
      return most() - least();
    }

    private Stream<Double> means() {
      return groups.stream().map(Group::mean).filter(Objects::nonNull);
    }
  }
}
