package org.trawl.driver.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A driver that is at a run now, as the others see it: the file {@code live/<id>.json}, which it
 * writes anew every few seconds and removes when it ends. After a kill it is left behind. Nothing
 * that is kept depends on it.
 *
 * @param id names the session
 * @param started when the driver's process began
 * @param seen when the file was written
 * @param running what executors are at
 * @param secondsLeft until its last trial ends, as seen then; NULL while that is not known
 */
public record Session(
    String id,
    String host,
    long pid,
    Instant started,
    Instant seen,
    List<Running> running,
    Double secondsLeft) {
  static final String FOLDER = "live";

  /** A driver elsewhere that was not seen for so long has gone. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public Session {
    running = List.copyOf(running);
  }

  /**
   * A trial on an executor.
   *
   * @param trial its hash
   * @param epoch the last one that the executor told of; 0 for none
   * @param epochs of the trial; 0 where that is not known
   */
  public record Running(String trial, int epoch, int epochs) {}

  /** A session of this process. */
  public static Session here(String id, List<Running> running, Optional<Double> secondsLeft) {
    ProcessHandle self = ProcessHandle.current();
    Instant now = Instant.now();
    return new Session(
        id,
        thisHost(),
        self.pid(),
        began(self).orElse(now),
        now,
        running,
        secondsLeft.orElse(null));
  }

  /** How long it will go on from a moment; empty while that is not known. */
  public Optional<Duration> left(Instant now) {
    if (secondsLeft == null) {
      return Optional.empty();
    }
    Duration left =
        Duration.ofMillis(Math.round(1000 * secondsLeft)).minus(Duration.between(seen, now));
    return Optional.of(left.isNegative() ? Duration.ZERO : left);
  }

  /** Whether its driver is still there, as far as this machine can tell. */
  public boolean alive(Instant now) {
    if (!host.equals(thisHost())) {
      return Duration.between(seen, now).compareTo(SILENCE) < 0;
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(process -> began(process).orElse(started))
        // Numbers of processes are used again.
        .filter(instant -> Duration.between(instant, started).abs().toSeconds() < 2)
        .isPresent();
  }

  private static Optional<Instant> began(ProcessHandle process) {
    return process.info().startInstant();
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  String text() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Reads a session's file; empty if it is none. */
  static Optional<Session> parse(String text) {
    try {
      return Optional.of(JSON.readValue(text, Session.class));
    } catch (JsonProcessingException | IllegalArgumentException | NullPointerException damaged) {
      return Optional.empty();
    }
  }
}
