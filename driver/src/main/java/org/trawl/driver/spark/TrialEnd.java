package org.trawl.driver.spark;

import java.io.Serializable;
import org.trawl.driver.results.Attempt;

/** What an executor answers when a trial has ended there. */
sealed interface TrialEnd extends Serializable {

  /**
   * The trial is finished.
   *
   * @param segment the bytes of its segment's file, as the journal has it
   */
  record Finished(byte[] segment) implements TrialEnd {}

  /**
   * The trial failed, or was cancelled.
   *
   * @param attempt as recorded
   * @param stackTrace empty where there is none
   */
  record Failed(Attempt attempt, String stackTrace) implements TrialEnd {}
}
