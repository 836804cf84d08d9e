package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/** How trials of one data set, of one run or several, compare. */
public final class CompareReport {
  private static final int MOST_IMPORTANT = 4;

  private final List<Map<String, Object>> trials;
  private final Objective metric;
  private final Optional<String> across;
  private final Predictions predictions;
  private final Comparison comparison;
  private final Optional<FunctionalAnova> anova;

  /**
   * Compares trials.
   *
   * @param trials rows of the table trials
   * @param confusion passes the rows of the table confusion on
   * @param ofRuns objective of the runs
   * @param by keys to group by, as written in a sweep file or as columns; empty for those that vary
   * @param across a key whose values become the columns of the printed table
   * @param metric a column of trials; empty for the objective's
   * @throws InputException naming unknown keys and metrics
   */
  CompareReport(
      List<Map<String, Object>> trials,
      Consumer<Consumer<Map<String, Object>>> confusion,
      Objective ofRuns,
      List<String> by,
      Optional<String> across,
      Optional<String> metric) {
    this.trials = trials;
    this.metric = metric(metric, ofRuns);
    this.across = across.map(name -> Trials.columns(List.of(name)).get(0));
    this.predictions = new Predictions(this.metric.metric());
    Set<String> keys =
        new LinkedHashSet<>(by.isEmpty() ? Trials.varying(trials) : Trials.columns(by));
    if (!by.isEmpty() && this.across.filter(keys::contains).isPresent()) {
      throw new InputException(
          "Cannot compare: expected different keys in --by and --across, found %s in both"
              .formatted(this.across.get()));
    }
    this.across.ifPresent(keys::remove);
    this.across.ifPresent(keys::add);
    if (Trials.varies(trials, "sweep") && !keys.contains("sweep")) {
      keys = withFirst("sweep", keys);
    }
    if (keys.isEmpty()) {
      keys.add("point");
    }
    confusion.accept(predictions::add);
    this.comparison = Comparison.of(trials, List.copyOf(keys), this.metric, predictions);
    this.anova = FunctionalAnova.of(trials, this.metric.metric());
  }

  /** By what trials are compared: what is asked for, else their objective. */
  static Objective metric(Optional<String> asked, Objective ofRuns) {
    return asked.map(name -> Metrics.named(name, ofRuns)).orElse(ofRuns);
  }

  private static Set<String> withFirst(String first, Set<String> others) {
    Set<String> all = new LinkedHashSet<>();
    all.add(first);
    all.addAll(others);
    return all;
  }

  /** What is asked of the trials. */
  public enum Question {
    /** Groups of equal values of the keys. */
    GROUPS,
    /** Each value of each key that varies, over all others. */
    EFFECTS,
    /** Which keys matter. */
    IMPORTANCE
  }

  /**
   * Prints the answer to a question; as a table for people with what there is to know beside.
   *
   * @param width characters of a line
   */
  void print(Question question, Format format, int width, PrintWriter out) {
    switch (question) {
      case GROUPS -> printGroups(format, width, out);
      case EFFECTS -> {
        if (forPeople(format)) {
          printMetric("values in their order", out);
        }
        format.print(effects(format), width, out);
      }
      case IMPORTANCE -> {
        format.print(importance(format), width, out);
        if (forPeople(format)) {
          out.println();
          out.println(Lines.wrapped("", words(importanceNote()), " ", width));
        }
      }
    }
    out.flush();
  }

  /** The answer to a question as rows. */
  Rows rows(Question question, Format format) {
    return switch (question) {
      case GROUPS -> comparison.rows();
      case EFFECTS -> effects(format);
      case IMPORTANCE -> importance(format);
    };
  }

  static boolean forPeople(Format format) {
    return format == Format.TABLE || format == Format.MARKDOWN;
  }

  /** The groups of each key alone: key, value, count, mean, deviation, best. */
  private Rows effects(Format format) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String key : Trials.varying(trials)) {
      List<Comparison.Group> groups =
          Comparison.of(trials, List.of(key), metric, predictions).groups().stream()
              .sorted(Comparator.comparing(Comparison.Group::values, Values::compare))
              .toList();
      List<String> written = Comparison.written(key, groups);
      for (int i = 0; i < groups.size(); i++) {
        Comparison.Group group = groups.get(i);
        Object value = Trials.shown(key, group.values().get(0));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", key);
        row.put("value", forPeople(format) ? written.get(i) : value);
        row.put("count", group.count());
        row.put("mean", group.mean());
        row.put("deviation", group.deviation());
        row.put("best", group.best());
        rows.add(row);
      }
    }
    return new Rows(List.of("key", "value", "count", "mean", "deviation", "best"), rows);
  }

  /** Key, the key it is paired with, importance. */
  private Rows importance(Format format) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (FunctionalAnova.Component component :
        anova.map(FunctionalAnova::components).orElse(List.of())) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("key", component.keys().get(0));
      row.put("with", component.keys().size() > 1 ? component.keys().get(1) : null);
      row.put(
          "importance",
          forPeople(format)
              ? new TextTable.Aligned(String.format(Locale.ROOT, "%.4f", component.share()))
              : (Object) component.share());
      rows.add(row);
    }
    return new Rows(List.of("key", "with", "importance"), rows);
  }

  private String importanceNote() {
    return anova
        .map(
            found ->
                String.format(
                    Locale.ROOT,
                    ("Importance: the share of the variance of %s over the swept values that a key, or"
                        + " beyond that a pair of keys, explains (functional ANOVA of %d trials, %s)."),
                    metric.metric(),
                    found.trials(),
                    found.exact()
                        ? "exact, as every combination is there"
                        : "by a forest, as not every combination is there"))
        .orElse("No key has an importance: none varies, or " + metric.metric() + " does not.");
  }

  private void printGroups(Format format, int width, PrintWriter out) {
    if (!forPeople(format)) {
      format.print(rows(Question.GROUPS, format), width, out);
      return;
    }
    printMetric(across.isPresent() ? "best marked " + Comparison.BEST : "best first", out);
    format.print(across.isPresent() ? comparison.pivot() : comparison.table(), width, out);
    out.println();
    for (String note : notes()) {
      out.println(Lines.wrapped("", words(note), " ", width));
      if (format == Format.MARKDOWN) {
        out.println(); // a paragraph each
      }
    }
  }

  private void printMetric(String order, PrintWriter out) {
    long counted = trials.stream().filter(trial -> Trials.measured(trial, metric.metric())).count();
    String better = metric.direction() == Direction.MAXIMIZE ? "larger" : "smaller";
    out.printf(
        Locale.ROOT,
        "%s (%s is better) of %d of %d trials, %s%n%n",
        metric.metric(),
        better,
        counted,
        trials.size(),
        order);
  }

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (across.isPresent() && comparison.usualCount() > 0) {
      notes.add(cells());
    }
    comparison.testNote(Comparison.SAID, Trials.varies(trials, "fold")).ifPresent(notes::add);
    if (!comparison.tested() && comparison.groups().size() > 1) {
      notes.add(
          "No test of what is worse than the best: that takes two repeats or folds, with values of"
              + " other keys that all groups have.");
    }
    mostImportant().ifPresent(notes::add);
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

  /** The keys and pairs that explain most, in a line. */
  private Optional<String> mostImportant() {
    return anova
        .filter(found -> found.components().size() > 1)
        .map(
            found ->
                "Importance (trawl compare --importance): "
                    + String.join(
                        ", ",
                        found.components().stream()
                            .limit(MOST_IMPORTANT)
                            .filter(component -> component.share() >= 0.005)
                            .map(
                                component ->
                                    String.format(
                                        Locale.ROOT,
                                        "%s %.2f",
                                        String.join(" x ", component.keys()),
                                        component.share()))
                            .toList())
                    + ".");
  }

  private String cells() {
    int usual = comparison.usualCount();
    String cell = usual == 1 ? "one trial" : "the mean ± deviation of " + usual + " trials";
    String others = usual == 1 ? ", or the mean ± deviation of" : ", or of";
    return "A cell is "
        + cell
        + (comparison.sameCount() ? "." : others + " as many as in brackets.");
  }
}
