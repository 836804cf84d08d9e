package org.trawl.core.data;

import java.util.List;
import org.trawl.core.kernel.RandomStream;

/**
 * What one trial trains and evaluates on: a shared data set, which of its rows are for what, and
 * the preparation of each feature as one multiplication and one addition, applied as samples are
 * gathered into a batch. Where training samples are augmented, the data set is one of its own.
 *
 * @param train rows to train on, in file order; noisy copies after them
 * @param validation rows to validate on; empty for none
 * @param test rows to test on; empty for none
 * @param scale factor of each feature
 * @param shift added to each feature after its factor
 */
public record TrainingData(
    Dataset dataset, int[] train, int[] validation, int[] test, float[] scale, float[] shift) {

  /**
   * Divides and prepares a data set. {@link DataCache#trainingData} does the same once for all
   * trials that ask for it.
   *
   * @param stream decides the split, taken from its start and left as it is: the same key, the same
   *     split; the folds of one cross-validation need one key
   * @param fold from 1 to {@code spec.folds()}; 0 where it has no folds
   * @throws DataException if a part would be empty, or a step cannot be applied
   */
  public static TrainingData of(Dataset dataset, DataSpec spec, RandomStream stream, int fold) {
    Split split = Split.of(dataset, spec, stream, fold);
    Preparation preparation = Preparation.fit(dataset, split.train(), spec.prepare());
    Dataset samples = dataset;
    if (spec.augment().copies() > 0) {
      Augmentation.Augmented augmented = Augmentation.of(dataset, split, spec.augment(), stream);
      samples = augmented.dataset();
      split = augmented.split();
    }
    return new TrainingData(
        samples,
        split.train(),
        split.validation(),
        split.test(),
        preparation.scale(),
        preparation.shift());
  }

  /** The names of the classes in the order of their numbers. */
  public List<String> classes() {
    return dataset.classes();
  }

  /** The number of features of a sample. */
  public int features() {
    return dataset.features();
  }
}
