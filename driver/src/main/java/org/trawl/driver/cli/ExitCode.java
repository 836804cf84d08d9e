package org.trawl.driver.cli;

/** Exit statuses of the command line. */
final class ExitCode {
  static final int DONE = 0;

  /** Some trials FAILED or LOST. */
  static final int TRIALS_FAILED = 1;

  /** The input is wrong; nothing was started, nothing written. */
  static final int WRONG_INPUT = 2;

  /** The infrastructure failed; run again to go on. */
  static final int INFRASTRUCTURE = 3;

  static final int CANCELLED = 130;

  private ExitCode() {}
}
