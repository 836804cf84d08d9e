package org.trawl.driver.sweep;

/**
 * What makes one trial better than another.
 *
 * @param metric a metric column of the table epochs, or macro_f1
 */
public record Objective(String metric, Direction direction) {

  /** Whether a smaller or a larger value is better. */
  public enum Direction {
    MINIMIZE,
    MAXIMIZE
  }

  /** Whether a value is better than another. */
  public boolean better(double value, double than) {
    return direction == Direction.MAXIMIZE ? value > than : value < than;
  }
}
