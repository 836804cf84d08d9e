package org.trawl.driver.sweep;

/**
 * What a run keeps beside its results: the section keep of a sweep file. Changes no result.
 *
 * @param models of how many trials of each data set, the best ones by the objective; {@link #ALL},
 *     or 0 for none
 * @param checkpoints of which trials, once they are finished
 * @param every epochs between two checkpoints, and of a segment of the journal; 0 for as many as
 *     are estimated to take half a minute
 */
public record Keep(int models, Checkpoints checkpoints, int every) {
  /** The models of all completed trials. */
  public static final int ALL = Integer.MAX_VALUE;

  /** The best trial's model, and each trial's last checkpoint. */
  public static final Keep DEFAULT = new Keep(1, Checkpoints.LAST, 0);

  /** Which checkpoints are kept. */
  public enum Checkpoints {
    /** The last one of each trial: more epochs go on from it. */
    LAST,
    /** None of a finished trial; while it is trained, the last one. */
    NONE
  }

  /** The models as a sweep file says them. */
  String modelsText() {
    return switch (models) {
      case 0 -> "none";
      case 1 -> "best";
      case ALL -> "all";
      default -> String.valueOf(models);
    };
  }
}
