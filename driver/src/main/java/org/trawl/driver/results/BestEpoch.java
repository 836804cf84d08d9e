package org.trawl.driver.results;

import org.trawl.core.training.EpochResult;
import org.trawl.driver.sweep.Objective;

/** The best epoch by a choice, as epochs come: the last where none has what it is chosen by. */
public final class BestEpoch {
  private final EpochChoice choice;
  private int epoch;
  private double value = Double.NaN;

  public BestEpoch(EpochChoice choice) {
    this.choice = choice;
  }

  /** Whether the next epoch is the best so far. */
  public boolean offer(EpochResult next) {
    double offered = EpochMetrics.value(next, choice.by().metric());
    boolean best =
        (next.validation().isEmpty() && !choice.always())
            || !Double.isFinite(value)
            || (Double.isFinite(offered) && choice.by().better(offered, value));
    if (best) {
      epoch = next.epoch();
      value = offered;
    }
    return best;
  }

  /** An objective's value in an epoch; NaN for none. */
  public static double value(EpochResult epoch, Objective objective) {
    return EpochMetrics.value(epoch, objective.metric());
  }

  /** Goes on from what an interrupted training had found. */
  public void resume(int bestEpoch, double bestValue) {
    epoch = bestEpoch;
    value = bestValue;
  }

  /** The best one so far, from 1; 0 before there is any. */
  public int epoch() {
    return epoch;
  }

  /** What it was chosen for; NaN where there is nothing. */
  public double value() {
    return value;
  }
}
