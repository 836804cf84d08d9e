package org.trawl.driver.sweep;

/**
 * What a run keeps beside its results: the section keep of a sweep file.
 *
 * @param models of how many trials, the best ones by the objective; {@link #ALL}, or 0 for none
 */
public record Keep(int models) {
  /** The models of all completed trials. */
  public static final int ALL = Integer.MAX_VALUE;

  /** The best trial's model. */
  public static final Keep DEFAULT = new Keep(1);

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
