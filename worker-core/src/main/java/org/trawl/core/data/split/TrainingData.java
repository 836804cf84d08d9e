package org.trawl.core.data.split;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.trawl.core.data.preparation.FeatureForm;
import org.trawl.core.data.preparation.FittedStep;
import org.trawl.core.data.preparation.Preparation;
import org.trawl.core.data.preparation.PreparedSamples;
import org.trawl.core.data.preparation.PreparedSamples.Stage;
import org.trawl.core.data.preparation.PreparedSamples.Stages;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.kernel.RandomStream;

/**
 * What one trial trains and evaluates on: a shared data set, which of its rows are for what, and
 * the last steps of the preparation of each feature as one multiplication and one addition, applied
 * as samples are gathered into a batch. Steps of another kind have been applied to the data set.
 * Where training samples are augmented, the data set is one of its own.
 *
 * @param dataset after the steps that are not of each feature alone; its labels are -1 where the
 *     preparation leaves the class out
 * @param train rows to train on, in file order; a row comes again where classes are balanced so;
 *     noisy copies after them
 * @param validation rows to validate on; empty for none
 * @param test rows to test on; empty for none
 * @param scale factor of each feature
 * @param shift added to each feature after its factor
 * @param steps that were applied to all samples of the source, fitted; empty where they are as the
 *     source has them
 * @param source the data set before any step, with noisy copies where there are; its rows are the
 *     same
 */
public record TrainingData(
    Dataset dataset,
    int[] train,
    int[] validation,
    int[] test,
    float[] scale,
    float[] shift,
    List<FittedStep> steps,
    Dataset source) {

  public TrainingData {
    steps = List.copyOf(steps);
  }

  /** On the samples of a source as it has them. */
  public TrainingData(
      Dataset dataset, int[] train, int[] validation, int[] test, float[] scale, float[] shift) {
    this(dataset, train, validation, test, scale, shift, List.of(), dataset);
  }

  /** Makes samples of others, once for all who need them. */
  @FunctionalInterface
  public interface Derivation {
    /**
     * The samples after some stages.
     *
     * @param stages from the first of the preparation on; at least one
     * @param train rows to fit to
     */
    PreparedSamples derive(Dataset dataset, List<Stage> stages, int[] train);
  }

  /**
   * Divides and prepares a data set. The data cache does the same once for all trials that ask for
   * it.
   *
   * @param stream decides the split, taken from its start and left as it is: the same key, the same
   *     split; the folds of one cross-validation need one key
   * @param fold from 1 to {@code spec.folds()}; 0 where it has no folds
   * @throws DataException if a part would be empty, or a step cannot be applied
   */
  public static TrainingData of(Dataset dataset, DataSpec spec, RandomStream stream, int fold) {
    return of(dataset, spec, stream, fold, TrainingData::derive);
  }

  /**
   * The same with samples that others may have, too.
   *
   * @param derivation makes the samples after stages that are not of each feature alone
   */
  public static TrainingData of(
      Dataset dataset, DataSpec spec, RandomStream stream, int fold, Derivation derivation) {
    FeatureForm.of(dataset, spec.prepare()); // refuses what cannot be applied before it takes time
    Dataset chosen = ChosenClasses.of(dataset, spec);
    Split split = Split.of(chosen, spec, stream, fold);
    Stages stages = Stages.of(spec.prepare());
    PreparedSamples prepared =
        stages.stages().isEmpty()
            ? PreparedSamples.of(dataset)
            : derivation.derive(dataset, stages.stages(), split.train());
    FittedStep.Affine last = prepared.last(stages.last(), split.train());
    Dataset source = chosen;
    Samples samples = prepared.samples();
    if (spec.augment().copies() > 0) {
      if (!dataset.texts().isEmpty()) {
        throw new DataException(
            "Cannot augment %s: expected features that are numbers, found columns of text"
                .formatted(dataset.name()));
      }
      Augmentation.Augmented augmented = Augmentation.of(chosen, split, spec.augment(), stream);
      source = augmented.dataset();
      split = augmented.split();
      samples = prepared.apply(source.samples());
    }
    return new TrainingData(
        source.with(samples, prepared.form().shape()),
        split.train(),
        split.validation(),
        split.test(),
        last.scale(),
        last.shift(),
        prepared.steps(),
        source);
  }

  private static PreparedSamples derive(Dataset dataset, List<Stage> stages, int[] train) {
    PreparedSamples samples = PreparedSamples.of(dataset);
    for (Stage stage : stages) {
      samples = samples.after(stage, train, Supplier::get);
    }
    return samples;
  }

  /** All that makes a network's features of those of a sample of the source. */
  public Preparation preparation() {
    List<FittedStep> all = new ArrayList<>(steps);
    all.add(new FittedStep.Affine(scale, shift));
    return new Preparation(all, source.samples().offsets());
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
