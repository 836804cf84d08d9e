package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.trawl.driver.results.Rank;
import org.trawl.driver.sweep.Objective;

/** The best of trials that are compared with each other. */
final class Leaderboard {
  /** Columns that a table for people would be too wide with. */
  private static final Set<String> OMITTED =
      Set.of(
          "best_epoch",
          "train_loss",
          "train_accuracy",
          "validation_loss",
          "test_loss",
          "macro_f1",
          "test_macro_f1",
          "epochs_run",
          "seconds");

  private Leaderboard() {}

  /** The trials that have a value of a metric, best first ({@link Rank}). */
  static List<Map<String, Object>> ranked(List<Map<String, Object>> trials, Objective metric) {
    return trials.stream()
        .filter(trial -> Trials.measured(trial, metric.metric()))
        .sorted(
            Comparator.comparing(trial -> Rank.of(trial, metric.metric()), Rank.bestFirst(metric)))
        .toList();
  }

  /**
   * Rank, hash, metric, the keys that vary within the run, other metrics and costs of the best
   * trials.
   *
   * @param top how many at most
   */
  static Rows rows(List<Map<String, Object>> trials, Objective metric, int top) {
    List<String> keys = identifying(trials);
    List<String> columns =
        Stream.of(
                Stream.of("rank", "trial", metric.metric()),
                keys.stream(),
                Stream.of("best_epoch"),
                Metrics.LEARNT.stream(),
                Stream.of("epochs_run", "seconds"))
            .flatMap(names -> names)
            .distinct()
            .toList();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map<String, Object> trial : ranked(trials, metric).stream().limit(top).toList()) {
      Map<String, Object> row = new LinkedHashMap<>();
      columns.forEach(column -> row.put(column, Trials.value(trial, column)));
      row.put("rank", rows.size() + 1);
      rows.add(row);
    }
    return new Rows(columns, rows);
  }

  /** The keys that vary, and repeat and fold where they do. */
  private static List<String> identifying(List<Map<String, Object>> trials) {
    Stream<String> parts = Stream.of("repeat", "fold").filter(part -> Trials.varies(trials, part));
    return Stream.concat(Trials.varying(trials).stream(), parts).toList();
  }

  /** The same for people: the accuracies only; {@code trawl show} tells the rest. */
  static Rows table(List<Map<String, Object>> trials, Objective metric, int top) {
    Set<String> omitted = new HashSet<>(OMITTED);
    omitted.remove(metric.metric());
    Rows all = rows(trials, metric, top);
    List<String> columns =
        all.columns().stream().filter(column -> !omitted.contains(column)).toList();
    return forPeople(new Rows(columns, all.values()));
  }

  /** Rows without the columns that hold nothing, and with words for people. */
  static Rows forPeople(Rows rows) {
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Map<String, Object> row : rows.values()) {
      Map<String, Object> words = new LinkedHashMap<>(row);
      words.replaceAll(Trials::shown);
      shown.add(words);
    }
    List<String> columns =
        rows.columns().stream()
            .filter(column -> shown.stream().map(row -> row.get(column)).anyMatch(Objects::nonNull))
            .toList();
    return new Rows(columns, shown);
  }
}
