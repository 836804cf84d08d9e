package org.trawl.driver.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Counts the {@link Work} of an executor's JVM and sends it to the driver: once a second, and after
 * each batch. Whatever sending does (fail, block) training does not feel.
 */
final class Tally {
  /** That of this JVM. */
  static final Tally HERE = new Tally();

  private long epochs;
  private long samples;
  private List<Long> segments = new ArrayList<>();
  private List<Long> checkpoints = new ArrayList<>();
  private Optional<Sender> sender = Optional.empty();

  private record Sender(ScheduledExecutorService thread, Consumer<Work> channel) {}

  private Tally() {}

  /** Counts from now on, and sends. */
  @SuppressWarnings("FutureReturnValueIgnored") // what it throws is dropped
  synchronized void open(Consumer<Work> channel) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "trawl-tally");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.scheduleWithFixedDelay(() -> send(channel), 1, 1, TimeUnit.SECONDS);
    sender = Optional.of(new Sender(thread, channel));
  }

  /** An epoch was trained, on so many samples. */
  synchronized void epoch(int trainedOn) {
    if (sender.isPresent()) {
      epochs++;
      samples += trainedOn;
    }
  }

  /** A segment was published; took nanoseconds. */
  synchronized void segment(long took) {
    if (sender.isPresent()) {
      segments.add(took);
    }
  }

  /** A checkpoint was published; took nanoseconds. */
  synchronized void checkpoint(long took) {
    if (sender.isPresent()) {
      checkpoints.add(took);
    }
  }

  /** Lets it be sent what there is; returns at once. */
  synchronized void flush() {
    sender.ifPresent(to -> to.thread().execute(() -> send(to.channel())));
  }

  /** Sends what there is, and counts no more. */
  void close() {
    Optional<Sender> last;
    synchronized (this) {
      last = sender;
      sender = Optional.empty();
    }
    last.ifPresent(
        to -> {
          to.thread().shutdownNow();
          send(to.channel());
        });
  }

  private void send(Consumer<Work> channel) {
    Work work = take();
    if (!work.equals(Work.NONE)) {
      try {
        channel.accept(work);
      } catch (RuntimeException | LinkageError lost) {
        // The driver is not to be reached: it counts less.
      }
    }
  }

  private synchronized Work take() {
    Work work = new Work(epochs, samples, segments, checkpoints);
    epochs = 0;
    samples = 0;
    segments = new ArrayList<>();
    checkpoints = new ArrayList<>();
    return work;
  }
}
