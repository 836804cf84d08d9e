package org.trawl.core.data.split;

import java.io.Serializable;
import java.util.List;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.source.SourceSpec;

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
 * @param augment what is appended to the training samples before they are prepared
 */
public record DataSpec(
    SourceSpec source,
    Part validation,
    Part test,
    int folds,
    boolean pooled,
    int limit,
    List<PrepareStep> prepare,
    Augment augment)
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

  /** Data as they are. */
  public DataSpec(
      SourceSpec source,
      Part validation,
      Part test,
      int folds,
      boolean pooled,
      int limit,
      List<PrepareStep> prepare) {
    this(source, validation, test, folds, pooled, limit, prepare, Augment.NONE);
  }

  /** The same data as they are: with the same division. */
  public DataSpec withoutAugment() {
    return new DataSpec(source, validation, test, folds, pooled, limit, prepare);
  }

  /**
   * Noisy copies of the training samples, the same ones in every epoch.
   *
   * @param noiseSigma standard deviation of the Gaussian noise, in the units of the source
   * @param copies of each sample; 0 for none
   */
  public record Augment(double noiseSigma, int copies) implements Serializable {
    /** No copies. */
    public static final Augment NONE = new Augment(0, 0);

    public Augment {
      if (!(noiseSigma >= 0 && noiseSigma < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "Invalid augment.noise-sigma (finite, at least 0): " + noiseSigma);
      }
      if (copies < 0) {
        throw new IllegalArgumentException("Invalid augment.copies (at least 0): " + copies);
      }
    }
  }

  /** The same with another preparation. */
  public DataSpec with(List<PrepareStep> steps) {
    return new DataSpec(source, validation, test, folds, pooled, limit, steps);
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
}
