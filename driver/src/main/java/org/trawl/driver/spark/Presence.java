package org.trawl.driver.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Session;
import org.trawl.driver.results.Sessions;

/**
 * Shows others that a run goes on, hears from them that it should stop, and ends it in time; in a
 * thread of its own. What the storage refuses of that is no reason to end the run.
 */
final class Presence implements AutoCloseable {
  private static final Logger LOG = LogManager.getLogger(Presence.class);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The run, as this thread sees it. */
  interface Run {
    /** The trials on executors now. */
    List<Session.Running> running();

    /** How long it will go on; empty while that is not known. */
    Optional<Duration> left();

    boolean cancelled();

    void cancel();

    /** Its time is over. */
    void endInTime();
  }

  private final Run run;
  private final Optional<Duration> time;
  private final String id = UUID.randomUUID().toString();
  private final Sessions sessions;
  private final Duration write;
  private volatile Instant started = Instant.MAX;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "trawl-presence");
            daemon.setDaemon(true);
            return daemon;
          });
  private Instant nextWrite = Instant.MIN;

  /**
   * Shows a run.
   *
   * @param time that its training may take
   */
  @SuppressWarnings("FutureReturnValueIgnored") // what it throws is dropped
  Presence(RunFolder folder, Optional<Duration> time, Run run) {
    this.run = run;
    this.time = time;
    this.sessions = folder.sessions();
    Duration look = folder.local() ? LOOK : LOOK.multipliedBy(10);
    this.write = look.multipliedBy(5);
    quietly(() -> sessions.clean(Instant.now()));
    quietly(this::show);
    thread.scheduleWithFixedDelay(
        () -> quietly(this::showAndHear), 0, look.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The time that the run may take counts from now on. */
  void trainingBegins() {
    started = Instant.now();
  }

  /** Writes where the run is now. */
  void show() {
    sessions.write(
        Session.here(
            id, run.running(), run.left().map(Duration::toMillis).map(millis -> millis / 1000.0)));
  }

  private void showAndHear() {
    Instant now = Instant.now();
    if (time.isPresent()
        && now.isAfter(started)
        && Duration.between(started, now).compareTo(time.get()) > 0) {
      run.endInTime();
    }
    if (now.isAfter(nextWrite)) {
      nextWrite = now.plus(write);
      show();
    }
    if (!run.cancelled() && sessions.stopped(id)) {
      run.cancel();
    }
  }

  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.shutdown();
    try {
      thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    quietly(() -> sessions.remove(id));
  }

  private static void quietly(Runnable action) {
    try {
      action.run();
    } catch (InfrastructureException refused) {
      LOG.debug("Others do not see the run", refused);
    }
  }
}
