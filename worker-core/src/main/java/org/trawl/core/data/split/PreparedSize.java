package org.trawl.core.data.split;

import java.util.Arrays;
import org.trawl.core.data.preparation.FeatureForm;
import org.trawl.core.data.preparation.PreparedSamples.Stages;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;

/**
 * What a preparation makes of a data set, known without computing it.
 *
 * @param samples of all parts
 * @param sourceFeatures of a sample before it is prepared
 * @param features of a prepared sample; after a pca by share, at most so many
 * @param classes that are kept
 * @param rows that can be divided: of the training part, pooled of all, of the classes kept
 * @param largestClass rows of the largest class among them
 * @param bytes of samples that are made of others, beside the data set: the two of neighbouring
 *     steps that take the most; 0 where samples stay as they are
 */
public record PreparedSize(
    int samples,
    int sourceFeatures,
    int features,
    int classes,
    int rows,
    int largestClass,
    long bytes) {

  /**
   * Of a data set and how it is to be prepared.
   *
   * @throws DataException if a step cannot be applied
   */
  public static PreparedSize of(Dataset dataset, DataSpec spec) {
    FeatureForm last = FeatureForm.of(dataset, spec.prepare());
    Dataset chosen = ChosenClasses.of(dataset, spec);
    int pool = spec.pooled() ? dataset.samples().rows() : dataset.trainRows();
    int[] counts = new int[chosen.classes().size()];
    Arrays.stream(chosen.labels()).limit(pool).filter(i -> i >= 0).forEach(i -> counts[i]++);
    return new PreparedSize(
        dataset.samples().rows(),
        dataset.features(),
        last.features(),
        counts.length,
        Arrays.stream(counts).sum(),
        Arrays.stream(counts).max().orElse(0),
        Stages.of(spec.prepare()).bytes(dataset));
  }

  /** With the number of features that was found. */
  public PreparedSize with(int found) {
    return new PreparedSize(samples, sourceFeatures, found, classes, rows, largestClass, bytes);
  }
}
