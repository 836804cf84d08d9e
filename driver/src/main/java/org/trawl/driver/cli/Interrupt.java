package org.trawl.driver.cli;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.service.launcher.IrqHandler;

/**
 * What Ctrl-C (SIGINT) and SIGTERM do while it is open: the first one runs an action, the next one
 * ends the JVM at once, as one after closing does.
 *
 * <p>Hadoop's handler stands for the JDK's own, which javac warns of in a way that cannot be
 * silenced.
 */
final class Interrupt implements AutoCloseable {
  private static volatile boolean received;

  private final AtomicReference<Runnable> action;

  Interrupt(Runnable action) {
    this.action = new AtomicReference<>(action);
    new IrqHandler(IrqHandler.CONTROL_C, signal -> interrupted()).bind();
    new IrqHandler(IrqHandler.SIGTERM, signal -> interrupted()).bind();
  }

  /** SIGTERM ends this JVM with the status that says cancelled, as SIGINT does by itself. */
  static void endWithItsStatus() {
    new IrqHandler(IrqHandler.SIGTERM, signal -> Runtime.getRuntime().halt(ExitCode.CANCELLED))
        .bind();
  }

  /** Whether this JVM got such a signal. */
  static boolean received() {
    return received;
  }

  private void interrupted() {
    received = true;
    Runnable first = action.getAndSet(null);
    if (first == null) {
      Runtime.getRuntime().halt(ExitCode.CANCELLED);
    } else {
      first.run();
    }
  }

  @Override
  public void close() {
    action.set(null);
  }
}
