package org.trawl.driver.spark;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What executors tell of trials while they train them, for those who watch. Best effort: the last
 * epoch of each trial is sent a few times a second, and whatever sending does (fail, block)
 * training does not feel. Small networks train a thousand epochs in that second: to wake a thread
 * for each of them would take longer than some of them do.
 */
final class Live {
  private static final int WAITING = 256;
  private static final Duration BETWEEN = Duration.ofMillis(100);

  /** What is to be sent, by trial. */
  private static final Map<String, Epoch> OUT = new ConcurrentHashMap<>();

  private static final Map<String, Epoch> HEARD = new ConcurrentHashMap<>();

  private static volatile Consumer<Epoch> channel = epoch -> {};
  private static Optional<Thread> sender = Optional.empty();

  private Live() {}

  /**
   * A trial has done an epoch.
   *
   * @param epoch 0 when it begins
   * @param epochs of the trial
   */
  record Epoch(String trial, int epoch, int epochs) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Tells of an epoch, from a thread that trains; returns at once. */
  static void tell(Epoch epoch) {
    if (OUT.size() < WAITING || OUT.containsKey(epoch.trial())) {
      OUT.put(epoch.trial(), epoch);
    }
  }

  /** Sends what this JVM tells; one thread sends for all. */
  static synchronized void open(Consumer<Epoch> to) {
    channel = to;
    if (sender.isEmpty()) {
      Thread thread = new Thread(Live::send, "trawl-live");
      thread.setDaemon(true);
      thread.start();
      sender = Optional.of(thread);
    }
  }

  /** Sends no more. */
  static void close() {
    channel = epoch -> {};
  }

  private static void send() {
    while (true) {
      try {
        Thread.sleep(BETWEEN.toMillis());
        for (String trial : Set.copyOf(OUT.keySet())) {
          channel.accept(OUT.remove(trial));
        }
      } catch (InterruptedException | RuntimeException | LinkageError lost) {
        // Those who watch miss an epoch.
      }
    }
  }

  /** A message has come to the driver. */
  static void heard(Epoch epoch) {
    HEARD.put(epoch.trial(), epoch);
  }

  /** The last that was heard of a trial; empty for nothing. */
  static Optional<Epoch> of(String trial) {
    return Optional.ofNullable(HEARD.get(trial));
  }

  /** A trial has ended. */
  static void forget(String trial) {
    HEARD.remove(trial);
  }
}
