package org.trawl.driver.results;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.trawl.driver.plan.DataNames;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;

/**
 * How far a run is, from its folder alone: another process may be at it, on another machine. The
 * table of trials says what is planned; what is finished, the journal; what runs, the sessions that
 * are still there. So it is right after a kill, which leaves the table as it was.
 *
 * @param counts how many trials stand where; those that occur
 * @param best of each data set, the completed trial that is the best by its objective; none of one
 *     that has none
 * @param changed when tables or journal last did
 * @param left until the first session's last trial ends, as it says; empty where none runs or none
 *     knows
 * @param sessions who is at it
 */
public record RunStatus(
    String sweep,
    int trials,
    Map<Status, Integer> counts,
    Objective objective,
    List<Best> best,
    Instant changed,
    Optional<Duration> left,
    List<Session> sessions) {

  /**
   * The best trial of a data set.
   *
   * @param data name of the data set
   * @param value of the objective
   * @param equals trials that have this value, it among them
   */
  public record Best(String data, Objective objective, String trial, double value, int equals) {}

  /** A trial as it stands now. */
  private record Standing(Map<String, Object> row, Status status, Optional<Rank> rank) {}

  /**
   * Reads a run's folder.
   *
   * @param now the time that it is compared with
   */
  public static RunStatus of(RunFolder folder, Instant now) {
    Provenance provenance =
        folder
            .provenance()
            .orElseThrow(() -> new InputException("Cannot find a run: " + folder.address()));
    List<Session> sessions = folder.sessions().alive(now);
    Set<String> running = new HashSet<>();
    sessions.forEach(session -> session.running().forEach(trial -> running.add(trial.trial())));
    Instant started = provenance.lastSession().started();
    List<Standing> trials = new Reading(folder, provenance, running).standings();
    Map<Status, Integer> counts = new EnumMap<>(Status.class);
    trials.forEach(trial -> counts.merge(trial.status(), 1, Integer::sum));
    return new RunStatus(
        provenance.sweep(),
        trials.size(),
        counts,
        provenance.objective(),
        best(trials, provenance),
        folder.changed().orElse(started),
        sessions.stream()
            .flatMap(session -> session.left(now).stream())
            .min(Comparator.naturalOrder()),
        sessions);
  }

  /** How many trials are finished. */
  public int finished() {
    return counts.entrySet().stream()
        .filter(count -> count.getKey().finished())
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static List<Best> best(List<Standing> trials, Provenance provenance) {
    Map<String, String> names = DataNames.of(trials.stream().map(Standing::row).toList());
    Map<Object, List<Standing>> completed = new LinkedHashMap<>();
    trials.stream()
        .filter(trial -> trial.status() == Status.COMPLETED)
        .filter(trial -> trial.rank().filter(rank -> Double.isFinite(rank.value())).isPresent())
        .forEach(
            trial ->
                completed
                    .computeIfAbsent(trial.row().get(DataNames.COLUMN), data -> new ArrayList<>())
                    .add(trial));
    List<Best> best = new ArrayList<>();
    completed.forEach(
        (data, peers) -> {
          Objective objective = provenance.objectiveOf(peers.get(0).row());
          Standing first =
              peers.stream()
                  .min(
                      Comparator.comparing(
                          trial -> trial.rank().orElseThrow(), Rank.bestFirst(objective)))
                  .orElseThrow();
          double value = first.rank().orElseThrow().value();
          long equals =
              peers.stream().filter(each -> each.rank().orElseThrow().value() == value).count();
          String trial = (String) first.row().get("trial");
          best.add(new Best(names.get(data), objective, trial, value, (int) equals));
        });
    return best;
  }

  /** Compares the table of trials with the journal. */
  private static final class Reading {
    private final RunFolder folder;
    private final Provenance provenance;
    private final Set<String> running;
    private final Journal journal;
    private final Journal.Listing listing;
    private final Map<String, Attempt> failures = new HashMap<>();

    Reading(RunFolder folder, Provenance provenance, Set<String> running) {
      this.folder = folder;
      this.provenance = provenance;
      this.running = running;
      this.journal = folder.journal();
      this.listing = journal.listing();
    }

    List<Standing> standings() {
      List<Map<String, Object>> rows =
          folder.rows(
              Table.TRIALS,
              Table.TRIALS.columns().stream()
                  .map(Column::name)
                  .filter(name -> !name.equals("config")) // is long
                  .toList());
      Set<String> unfinished = new HashSet<>();
      rows.stream()
          .filter(row -> !chain(row).complete())
          .forEach(row -> unfinished.add((String) row.get("trial")));
      journal
          .attempts(unfinished)
          .forEach(
              attempt ->
                  failures.merge(
                      attempt.trial(),
                      attempt,
                      (one, other) -> one.number() > other.number() ? one : other));
      return rows.stream().map(this::standing).toList();
    }

    private Chain chain(Map<String, Object> row) {
      // A table of an earlier version has no lineages.
      return row.get("lineage") instanceof String lineage
          ? listing.chain(lineage, (Integer) row.get("epochs"))
          : new Chain(List.of(), status(row).finished());
    }

    private Standing standing(Map<String, Object> row) {
      String trial = (String) row.get("trial");
      Chain chain = chain(row);
      if (chain.complete() && status(row).finished()) {
        return new Standing(row, status(row), Optional.of(rank(row)));
      } else if (chain.complete()) { // since the table was written
        List<Segment> segments = journal.segments(chain);
        if (!segments.isEmpty()) {
          Segment whole = Segment.joined(trial, "", (Integer) row.get("epochs"), segments);
          return new Standing(row, whole.attempt().outcome(), rank(row, whole));
        }
      }
      if (running.contains(trial)) {
        return new Standing(row, Status.RUNNING, Optional.empty());
      }
      Status status =
          Optional.ofNullable(failures.get(trial)).map(Attempt::outcome).orElse(Status.PENDING);
      return new Standing(row, status, Optional.empty());
    }

    private Rank rank(Map<String, Object> row) {
      return Rank.of(row, provenance.objectiveOf(row).metric());
    }

    private Optional<Rank> rank(Map<String, Object> row, Segment segment) {
      Objective objective = provenance.objectiveOf(row);
      return EpochMetrics.best(segment.epochs(), EpochChoice.of(objective, row))
          .map(
              epoch ->
                  Rank.of(
                      objective.metric(),
                      metric -> EpochMetrics.value(epoch, metric),
                      segment.parameters()));
    }

    private static Status status(Map<String, Object> row) {
      return Status.valueOf((String) row.get("status"));
    }
  }
}
