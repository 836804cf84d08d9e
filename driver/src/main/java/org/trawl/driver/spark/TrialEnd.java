package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.List;
import org.trawl.driver.results.Attempt;

/** What an executor answers when a trial has ended there. */
sealed interface TrialEnd extends Serializable {

  /** Hash of the trial. */
  String trial();

  /**
   * The trial is finished.
   *
   * @param segments the files of its last ones, those that the driver did not know of, in order
   */
  record Finished(String trial, List<String> segments) implements TrialEnd {
    public Finished {
      segments = List.copyOf(segments);
    }
  }

  /**
   * The trial failed, or was cancelled.
   *
   * @param attempt as recorded
   * @param stackTrace empty where there is none
   */
  record Failed(Attempt attempt, String stackTrace) implements TrialEnd {
    @Override
    public String trial() {
      return attempt.trial();
    }
  }
}
