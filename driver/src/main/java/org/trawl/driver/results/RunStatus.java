package org.trawl.driver.results;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;

/**
 * How far a run is, from its folder alone: another process may be at it, on another machine.
 *
 * @param counts how many trials stand where; those that occur
 * @param best the trial with the objective's best value among the completed ones
 * @param changed when tables or journal last did
 * @param left until the session's trials are done, if they go on as they did; empty where none runs
 *     or none has ended
 */
public record RunStatus(
    String sweep,
    int trials,
    Map<Status, Integer> counts,
    Objective objective,
    Optional<Best> best,
    Instant changed,
    Optional<Duration> left) {

  /** A trial and its value of the objective. */
  public record Best(String trial, double value) {}

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
    List<Map<String, Object>> rows =
        folder.rows(Table.TRIALS, List.of("trial", "status", "ended", objective.metric()));
    Map<Status, Integer> counts = new EnumMap<>(Status.class);
    rows.forEach(row -> counts.merge(status(row), 1, Integer::sum));
    Instant started = provenance.lastSession().started();
    return new RunStatus(
        provenance.sweep(),
        rows.size(),
        counts,
        objective,
        best(rows, objective),
        folder.changed().orElse(started),
        counts.containsKey(Status.RUNNING) ? left(rows, started, now) : Optional.empty());
  }

  /** How many trials are finished. */
  public int finished() {
    return counts.entrySet().stream()
        .filter(count -> count.getKey().finished())
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static Optional<Best> best(List<Map<String, Object>> rows, Objective objective) {
    return rows.stream()
        .filter(row -> status(row) == Status.COMPLETED && row.get(objective.metric()) != null)
        .map(row -> new Best((String) row.get("trial"), (Double) row.get(objective.metric())))
        .reduce((one, other) -> objective.better(other.value(), one.value()) ? other : one);
  }

  private static Optional<Duration> left(
      List<Map<String, Object>> rows, Instant started, Instant now) {
    long ended =
        rows.stream()
            .filter(row -> row.get("ended") instanceof Instant end && end.isAfter(started))
            .count();
    long going = rows.stream().filter(row -> row.get("ended") == null).count();
    return ended == 0
        ? Optional.empty()
        : Optional.of(Duration.between(started, now).multipliedBy(going).dividedBy(ended));
  }

  private static Status status(Map<String, Object> row) {
    return Status.valueOf((String) row.get("status"));
  }
}
