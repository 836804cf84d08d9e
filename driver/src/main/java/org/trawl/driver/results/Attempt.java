package org.trawl.driver.results;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * An execution of a trial that ended: a row of the table attempts.
 *
 * @param trial hash of the trial
 * @param number from 1, counted over all runs in a folder
 * @param host where it ran
 * @param executor Spark's name of the executor
 * @param started in microseconds, as tables keep times
 * @param ended likewise
 * @param cause why, in one line; empty when completed
 * @param epochs that it finished
 * @param secondsLost of training that no segment keeps
 */
public record Attempt(
    String trial,
    int number,
    String host,
    String executor,
    Instant started,
    Instant ended,
    Status outcome,
    String cause,
    int epochs,
    double secondsLost)
    implements Serializable {

  public Attempt {
    started = started.truncatedTo(ChronoUnit.MICROS);
    ended = ended.truncatedTo(ChronoUnit.MICROS);
  }

  Attempt numbered(int other) {
    return new Attempt(
        trial, other, host, executor, started, ended, outcome, cause, epochs, secondsLost);
  }

  Attempt with(Status otherOutcome, String otherCause, int otherEpochs) {
    return new Attempt(
        trial,
        number,
        host,
        executor,
        started,
        ended,
        otherOutcome,
        otherCause,
        otherEpochs,
        secondsLost);
  }

  Map<String, Object> row() {
    Map<String, Object> row = new HashMap<>();
    row.put("trial", trial);
    row.put("attempt", number);
    row.put("host", host);
    row.put("executor", executor);
    row.put("started", started);
    row.put("ended", ended);
    row.put("outcome", outcome.name());
    row.put("cause", cause.isEmpty() ? null : cause);
    row.put("epochs_run", epochs);
    row.put("seconds_lost", secondsLost);
    return row;
  }

  static Attempt of(Map<String, Object> row) {
    Object cause = row.get("cause");
    return new Attempt(
        (String) row.get("trial"),
        (Integer) row.get("attempt"),
        (String) row.get("host"),
        (String) row.get("executor"),
        (Instant) row.get("started"),
        (Instant) row.get("ended"),
        Status.valueOf((String) row.get("outcome")),
        cause == null ? "" : (String) cause,
        (Integer) row.get("epochs_run"),
        row.get("seconds_lost") instanceof Double lost ? lost : 0);
  }
}
