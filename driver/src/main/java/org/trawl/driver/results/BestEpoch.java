package org.trawl.driver.results;

import org.trawl.core.training.EpochResult;
import org.trawl.driver.sweep.Objective;

/**
 * The best epoch by an objective, as epochs come: the first of equals; the last where there is no
 * validation part, or no epoch has the metric.
 */
public final class BestEpoch {
  private final Objective objective;
  private int epoch;
  private double value = Double.NaN;

  public BestEpoch(Objective objective) {
    this.objective = objective;
  }

  /** Whether the next epoch is the best so far. */
  public boolean offer(EpochResult next) {
    double offered = EpochMetrics.value(next, objective.metric());
    boolean best =
        next.validation().isEmpty()
            || !Double.isFinite(value)
            || (Double.isFinite(offered) && objective.better(offered, value));
    if (best) {
      epoch = next.epoch();
      value = offered;
    }
    return best;
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

  /** The objective's value there; NaN where there is none. */
  public double value() {
    return value;
  }
}
