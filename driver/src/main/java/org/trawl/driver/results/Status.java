package org.trawl.driver.results;

/** Where a trial stands, or how an attempt ended. */
public enum Status {
  /** Not begun. */
  PENDING,
  /** On an executor now. */
  RUNNING,
  /** All its epochs are done. */
  COMPLETED,
  /** A loss was not finite; the epochs before are kept. */
  DIVERGED,
  /** Stopped because others were clearly better. */
  PRUNED,
  /** An exception or an error ended it. */
  FAILED,
  /** The run was cancelled while it was on an executor. */
  CANCELLED,
  /** Its executors died too often. */
  LOST;

  /** Whether a later run leaves the trial as it is. */
  public boolean finished() {
    return this == COMPLETED || this == DIVERGED || this == PRUNED;
  }
}
