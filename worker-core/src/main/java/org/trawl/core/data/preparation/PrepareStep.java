package org.trawl.core.data.preparation;

import java.io.Serializable;
import java.util.List;

/**
 * A step of preparation, as it is asked for; {@link FittedStep} is what it becomes.
 *
 * <p>Some steps choose samples and come before the others: {@link Classes} before the data set is
 * divided, {@link Limit} and {@link Balance} of the training part alone, afterwards. The others
 * make features of features, in the order in which they are listed. What is fitted ({@link Impute},
 * {@link Standardize}, {@link Pca}) is fitted on the training part.
 */
public sealed interface PrepareStep extends Serializable {

  /** The word for it in a sweep file. */
  String key();

  /** A step that chooses samples rather than making features. */
  sealed interface OfRows extends PrepareStep {}

  /** A step that is one multiplication and one addition a feature. */
  sealed interface OfEachFeature extends PrepareStep {}

  /**
   * Keeps the samples of some classes, of all parts.
   *
   * @param names of at least two classes, different ones
   */
  record Classes(List<String> names) implements OfRows {
    public Classes {
      names = List.copyOf(names);
    }

    @Override
    public String key() {
      return "classes";
    }
  }

  /**
   * Keeps some samples of the training part, stratified.
   *
   * @param count how many, at least 1
   */
  record Limit(int count) implements OfRows {
    @Override
    public String key() {
      return "limit";
    }
  }

  /** Gives each class of the training part as many samples. */
  record Balance(How how) implements OfRows {
    /** Where they come from. */
    public enum How {
      /** As many as the smallest class has; the others are left out. */
      UNDER,
      /** As many as the largest class has; samples of the others are taken again, in turn. */
      OVER
    }

    @Override
    public String key() {
      return "balance";
    }
  }

  /**
   * Puts values in the place of those that are missing; it comes before all steps that make
   * features.
   *
   * @param constant the value that is put, where it is a constant; 0 otherwise
   * @param indicator whether each feature of which values are missing, in any part, is followed by
   *     one behind all features that is 1 where it is missing and 0 elsewhere
   */
  record Impute(With with, double constant, boolean indicator) implements PrepareStep {
    /** What is put, of the values that are there of a feature in the training part. */
    public enum With {
      MEAN,
      MEDIAN,
      /** The smallest of those that are there most often. */
      MOST_FREQUENT,
      CONSTANT
    }

    @Override
    public String key() {
      return "impute";
    }
  }

  /** Of each column of texts, a feature for each of them: 1 where a sample has it, else 0. */
  record OneHot() implements PrepareStep {
    @Override
    public String key() {
      return "one-hot";
    }
  }

  /** One channel of those of an image: its luma (ITU-R BT.601). */
  record Gray() implements PrepareStep {
    @Override
    public String key() {
      return "gray";
    }
  }

  /**
   * Images of another size, each channel by itself.
   *
   * @param rows at least 1
   * @param columns at least 1
   */
  record Resize(int rows, int columns) implements PrepareStep {
    @Override
    public String key() {
      return "resize";
    }
  }

  /** Divides by the source's full scale. */
  record Unit() implements OfEachFeature {
    @Override
    public String key() {
      return "unit";
    }
  }

  /** Multiplies by a number. */
  record Scale(double factor) implements OfEachFeature {
    @Override
    public String key() {
      return "scale";
    }
  }

  /** To mean 0 and population deviation 1 over the training part; what is constant, to 0. */
  record Standardize(Over over) implements OfEachFeature {
    /** What has one mean and one deviation. */
    public enum Over {
      /** Each feature. */
      EACH,
      /** All features together. */
      ALL
    }

    @Override
    public String key() {
      return "standardize";
    }
  }

  /**
   * The first principal components of the training part.
   *
   * @param components from 1 their number; below 1 the share of the variance that they have at
   *     least
   */
  record Pca(double components) implements PrepareStep {
    @Override
    public String key() {
      return "pca";
    }
  }

  /**
   * Histograms of oriented gradients (Dalal and Triggs 2005) with block norm L2-Hys. Pairs are of
   * rows, then of columns.
   *
   * @param orientations bins of 180 degrees
   */
  record Hog(int orientations, int pixelRows, int pixelColumns, int cellRows, int cellColumns)
      implements PrepareStep {
    @Override
    public String key() {
      return "hog";
    }
  }
}
