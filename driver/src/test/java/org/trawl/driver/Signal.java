package org.trawl.driver;

import java.io.IOException;

/** Signals to processes: SIGKILL alone Java can send itself. */
public final class Signal {
  private Signal() {}

  /**
   * Sends one.
   *
   * @param signal such as {@code -STOP}
   */
  public static void send(String signal, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, String.valueOf(pid)).start().waitFor();
  }
}
