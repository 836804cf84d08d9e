package org.trawl.driver.results;

import java.io.Serializable;
import java.util.Map;
import org.trawl.core.training.EarlyStopping;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Objective;

/**
 * Which epoch of a trial is its best one, whose metrics stand in the table trials and whose weights
 * are its model. Where early stopping restores the best weights it is the epoch that they are of;
 * else the best by the objective, and without a validation part the last.
 *
 * @param by what epochs are compared by; the first of equals is the best
 * @param always whether also without a validation part
 */
public record EpochChoice(Objective by, boolean always) implements Serializable {

  /** The choice for trials with an objective and a way to stop. */
  public static EpochChoice of(Objective objective, EarlyStopping stopping) {
    return stopping.restores()
        ? restored(stopping.metric().key())
        : new EpochChoice(objective, false);
  }

  /** The choice for the trial of a row of the table trials. */
  public static EpochChoice of(Objective objective, Map<String, Object> trial) {
    boolean restores =
        trial.get(Keys.STOPPING_PATIENCE.column()) instanceof Integer patience
            && patience > 0
            && Boolean.TRUE.equals(trial.get(Keys.RESTORE_BEST.column()));
    return restores
        ? restored((String) trial.get(Keys.STOPPING_METRIC.column()))
        : new EpochChoice(objective, false);
  }

  static EpochChoice restored(String metric) {
    return new EpochChoice(Objective.of(metric), true);
  }
}
