package org.trawl.core.data;

import java.util.List;

/**
 * What one trial trains and evaluates on: a shared data set, which of its rows are for what, and
 * the preparation of each feature as one multiplication and one addition, applied as samples are
 * gathered into a batch.
 *
 * @param train rows to train on, in file order
 * @param validation rows to validate on; empty for none
 * @param test rows to test on; empty for none
 * @param scale factor of each feature
 * @param shift added to each feature after its factor
 */
public record TrainingData(
    Dataset dataset, int[] train, int[] validation, int[] test, float[] scale, float[] shift) {

  /** The names of the classes in the order of their numbers. */
  public List<String> classes() {
    return dataset.classes();
  }

  /** The number of features of a sample. */
  public int features() {
    return dataset.features();
  }
}
