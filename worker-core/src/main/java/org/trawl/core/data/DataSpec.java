package org.trawl.core.data;

import java.io.Serializable;
import java.util.List;

/**
 * A source, how its samples are divided and how they are prepared.
 *
 * @param validation the part of the training samples that is held out for validation
 * @param test the part of the training samples that is held out for testing; {@link Part#NONE}
 *     leaves the source's own test part
 * @param folds number of folds of cross-validation, at least 2; 0 for none
 * @param pooled whether all parts of the source are one pool before they are divided
 * @param limit samples taken of the training part before it is divided; 0 for all
 * @param prepare steps, in order
 */
public record DataSpec(
    SourceSpec source,
    Part validation,
    Part test,
    int folds,
    boolean pooled,
    int limit,
    List<PrepareStep> prepare)
    implements Serializable {

  public DataSpec {
    prepare = List.copyOf(prepare);
    if (folds < 0 || folds == 1) {
      throw new IllegalArgumentException("Invalid folds (0 or at least 2): " + folds);
    }
    if (limit < 0) {
      throw new IllegalArgumentException("Invalid limit (at least 0): " + limit);
    }
  }

  /**
   * A part of the samples.
   *
   * @param size below 1 a share, from 1 a count; 0 for none
   */
  public record Part(double size) implements Serializable {
    /** No samples. */
    public static final Part NONE = new Part(0);

    public Part {
      if (!(size >= 0) || (size >= 1 && size != Math.rint(size)) || size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Invalid part (a share below 1 or a whole number of samples): " + size);
      }
    }
  }

  /** A step of preparation. */
  public enum PrepareStep {
    /** Divides by the source's full scale. */
    UNIT("unit"),
    /** Each feature to mean 0 and deviation 1 over the training part; constant ones to 0. */
    STANDARDIZE("standardize");

    private final String key;

    PrepareStep(String key) {
      this.key = key;
    }

    /** The word for it in a sweep file. */
    public String key() {
      return key;
    }
  }
}
