package org.trawl.driver.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Something that goes on in a thread of its own, which does not keep the JVM from ending. */
final class Background<T> {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final FutureTask<T> task;

  /** Starts it. */
  Background(String name, Callable<T> action) {
    task = new FutureTask<>(action);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Waits for its result; throws what it has thrown.
   *
   * @param cancelled asked now and then; ends the waiting
   * @return empty if the waiting was ended; the JVM should end too, as the thread may go on
   */
  Optional<T> await(BooleanSupplier cancelled) throws InterruptedException {
    while (!cancelled.getAsBoolean()) {
      try {
        return Optional.of(task.get(LOOK.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException goesOn) {
        // Look again.
      } catch (ExecutionException failure) {
        if (failure.getCause() instanceof RuntimeException known) {
          throw known;
        }
        throw new IllegalStateException(failure.getCause());
      }
    }
    return Optional.empty();
  }
}
