package org.trawl.driver.results;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;

/**
 * How far a run is, from its folder alone: another process may be at it, on another machine. The
 * table of trials says what is planned; what is finished, the journal; what runs, the sessions that
 * are still there. So it is right after a kill, which leaves the table as it was.
 *
 * @param counts how many trials stand where; those that occur
 * @param best the trial with the objective's best value among the completed ones
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
    Optional<Best> best,
    Instant changed,
    Optional<Duration> left,
    List<Session> sessions) {

  /** A trial and its value of the objective. */
  public record Best(String trial, double value) {}

  /** A trial as it stands now. */
  private record Standing(String trial, Status status, Optional<Double> value) {}

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
    Objective objective = provenance.objective();
    List<Session> sessions = folder.sessions().alive(now);
    Set<String> running = new HashSet<>();
    sessions.forEach(session -> session.running().forEach(trial -> running.add(trial.trial())));
    Instant started = provenance.lastSession().started();
    List<Standing> trials = new Reading(folder, objective, running).standings();
    Map<Status, Integer> counts = new EnumMap<>(Status.class);
    trials.forEach(trial -> counts.merge(trial.status(), 1, Integer::sum));
    return new RunStatus(
        provenance.sweep(),
        trials.size(),
        counts,
        objective,
        best(trials, objective),
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

  private static Optional<Best> best(List<Standing> trials, Objective objective) {
    return trials.stream()
        .filter(trial -> trial.status() == Status.COMPLETED && trial.value().isPresent())
        .map(trial -> new Best(trial.trial(), trial.value().get()))
        .reduce((one, other) -> objective.better(other.value(), one.value()) ? other : one);
  }

  /** Compares the table of trials with the journal. */
  private static final class Reading {
    private final RunFolder folder;
    private final Objective objective;
    private final Set<String> running;
    private final Journal journal;
    private final Journal.Listing listing;
    private final Map<String, Attempt> failures = new HashMap<>();

    Reading(RunFolder folder, Objective objective, Set<String> running) {
      this.folder = folder;
      this.objective = objective;
      this.running = running;
      this.journal = folder.journal();
      this.listing = journal.listing();
    }

    List<Standing> standings() {
      List<Map<String, Object>> rows =
          folder.rows(
              Table.TRIALS, List.of("trial", "lineage", "epochs", "status", objective.metric()));
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
        return new Standing(
            trial, status(row), Optional.ofNullable((Double) row.get(objective.metric())));
      } else if (chain.complete()) { // since the table was written
        List<Segment> segments = journal.segments(chain);
        if (!segments.isEmpty()) {
          Segment whole = Segment.joined(trial, "", (Integer) row.get("epochs"), segments);
          return new Standing(trial, whole.attempt().outcome(), value(whole));
        }
      }
      if (running.contains(trial)) {
        return new Standing(trial, Status.RUNNING, Optional.empty());
      }
      Status status =
          Optional.ofNullable(failures.get(trial)).map(Attempt::outcome).orElse(Status.PENDING);
      return new Standing(trial, status, Optional.empty());
    }

    private Optional<Double> value(Segment segment) {
      return EpochMetrics.best(segment.epochs(), objective)
          .map(epoch -> EpochMetrics.value(epoch, objective.metric()))
          .filter(Double::isFinite);
    }

    private static Status status(Map<String, Object> row) {
      return Status.valueOf((String) row.get("status"));
    }
  }
}
