package org.trawl.core.data.preparation;

import java.util.List;
import java.util.Locale;
import org.trawl.core.data.preparation.PrepareStep.Gray;
import org.trawl.core.data.preparation.PrepareStep.Hog;
import org.trawl.core.data.preparation.PrepareStep.Impute;
import org.trawl.core.data.preparation.PrepareStep.OfRows;
import org.trawl.core.data.preparation.PrepareStep.OneHot;
import org.trawl.core.data.preparation.PrepareStep.Pca;
import org.trawl.core.data.preparation.PrepareStep.Resize;
import org.trawl.core.data.preparation.PrepareStep.Unit;
import org.trawl.core.data.sample.Columns;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.sample.TextColumn;

/**
 * What the features of samples are, at one place among the steps of a preparation; known without
 * computing them.
 *
 * @param name the source's, for errors
 * @param features how many; after a pca by share, at most so many
 * @param shape of images; {@link SampleShape#NONE} where they are none, or none any more
 * @param fullScale the largest value that a feature can have, before steps of each feature; 0 for
 *     unknown
 * @param bytes whether they are kept as bytes
 * @param made whether a step has made other features of those of the source
 * @param texts those that are no numbers yet
 * @param columns what the files say of the features of the source
 */
public record FeatureForm(
    String name,
    int features,
    SampleShape shape,
    double fullScale,
    boolean bytes,
    boolean made,
    List<TextColumn> texts,
    Columns columns) {

  static FeatureForm of(Dataset dataset) {
    return new FeatureForm(
        dataset.name(),
        dataset.features(),
        dataset.shape(),
        dataset.fullScale(),
        dataset.samples() instanceof Samples.Bytes,
        false,
        dataset.texts(),
        dataset.columns());
  }

  /**
   * The form after a step.
   *
   * @throws DataException if the step cannot be applied to such features
   */
  FeatureForm after(PrepareStep step) {
    if (step instanceof Impute impute) {
      return impute.indicator() ? indicated(step) : this;
    } else if (step instanceof OneHot) {
      return oneHot(step);
    }
    requireNumbers();
    if (step instanceof Unit && made) {
      throw cannot(
          step, "it before the steps that make other features of the source's", "it after them");
    } else if (step instanceof Unit && fullScale == 0) {
      throw cannot(
          step,
          "full-scale in its description (the largest value that a feature can have)",
          "none");
    } else if (step instanceof Gray) {
      requireImages(step);
      return images(step, new SampleShape(shape.rows(), shape.columns(), 1));
    } else if (step instanceof Resize resize) {
      requireImages(step);
      return images(step, new SampleShape(resize.rows(), resize.columns(), shape.channels()));
    } else if (step instanceof Hog hog) {
      requireImages(step);
      long made = GradientHistograms.features(shape, hog);
      if (made == 0) {
        throw cannot(
            step,
            String.format(
                Locale.ROOT,
                "images of at least %d x %d pixels, which one block of %d x %d cells takes",
                (long) hog.pixelRows() * hog.cellRows(),
                (long) hog.pixelColumns() * hog.cellColumns(),
                hog.cellRows(),
                hog.cellColumns()),
            "images of " + shape);
      }
      return others(step, made);
    } else if (step instanceof Pca pca) {
      if (pca.components() > features) {
        throw cannot(
            step,
            "at most as many components as there are features, " + features,
            "" + (long) pca.components());
      }
      return others(step, pca.components() < 1 ? features : (long) pca.components());
    }
    return this;
  }

  /** The form after several steps of features. */
  FeatureForm after(List<? extends PrepareStep> steps) {
    FeatureForm form = this;
    for (PrepareStep step : steps) {
      form = form.after(step);
    }
    return form;
  }

  /** With another number of features, of which this one's is the most. */
  FeatureForm features(int count) {
    return new FeatureForm(name, count, shape, fullScale, bytes, made, texts, columns);
  }

  /** The same as reals. */
  FeatureForm asReals() {
    return new FeatureForm(name, features, shape, fullScale, false, made, texts, columns);
  }

  /** What a sample takes in memory. */
  long bytesOfSample() {
    return (long) features * (bytes ? 1 : Float.BYTES);
  }

  /** Images of images: bytes of bytes. */
  private FeatureForm images(PrepareStep step, SampleShape images) {
    return new FeatureForm(
        name, checked(step, images.features()), images, fullScale, bytes, made, texts, columns);
  }

  /** Features that are neither pixels nor whole numbers any more. */
  private FeatureForm others(PrepareStep step, long count) {
    return new FeatureForm(
        name, checked(step, count), SampleShape.NONE, 0, false, true, List.of(), columns);
  }

  private int checked(PrepareStep step, long count) {
    if (count > SamplesBuilder.LONGEST_ARRAY) {
      throw cannot(
          step,
          String.format(Locale.ROOT, "at most %d features a sample", SamplesBuilder.LONGEST_ARRAY),
          "" + count);
    }
    return (int) count;
  }

  private FeatureForm oneHot(PrepareStep step) {
    if (texts.isEmpty()) {
      throw cannot(step, "columns of text", made ? "features made of others" : "numbers only");
    }
    long count = new FittedStep.OneHot(features, texts).outputs();
    return new FeatureForm(
        name, checked(step, count), SampleShape.NONE, 0, bytes, true, List.of(), columns);
  }

  /** With a feature for each of which values are missing. */
  private FeatureForm indicated(PrepareStep step) {
    int more = columns.missing().features().size();
    return more == 0
        ? this
        : new FeatureForm(
            name,
            checked(step, (long) features + more),
            SampleShape.NONE,
            0,
            bytes,
            true,
            texts,
            columns);
  }

  /** Texts are no features before they are coded. */
  private void requireNumbers() {
    if (!texts.isEmpty()) {
      throw new DataException(texts.get(0).first());
    }
  }

  private void requireImages(PrepareStep step) {
    if (!shape.image()) {
      throw cannot(
          step,
          "images (cure: shape = [rows, columns] in the data set's description; or this step"
              + " before those that make other features)",
          features + " features without a shape");
    }
  }

  private DataException cannot(PrepareStep step, String expected, String found) {
    return new DataException(
        "Cannot apply %s to %s: expected %s, found %s"
            .formatted(step.key(), name, expected, found));
  }

  /** What steps come to, in order, without the data being touched. */
  public static FeatureForm of(Dataset dataset, List<PrepareStep> steps) {
    FeatureForm form = of(dataset);
    PrepareStep before = null;
    for (PrepareStep step : steps) {
      if (step instanceof OfRows && before != null) {
        throw new DataException(
            "Cannot apply %s after %s: expected the steps that choose samples (classes, limit, balance) first"
                .formatted(step.key(), before.key()));
      } else if (!(step instanceof OfRows)) {
        if (step instanceof Impute && before != null) {
          throw new DataException(
              "Cannot apply impute after %s: expected it before all steps that make features"
                  .formatted(before.key()));
        } else if (before == null && !(step instanceof Impute)) {
          requireValues(dataset);
        }
        before = step;
        form = form.after(step);
      }
    }
    if (before == null) {
      requireValues(dataset);
    }
    form.requireNumbers();
    return form;
  }

  /**
   * Values that are missing must be filled in.
   *
   * @throws DataException if one is
   */
  public static void requireValues(Dataset dataset) {
    String first = dataset.columns().missing().first();
    if (!first.isEmpty()) {
      throw new DataException(
          first
              + " (cure for missing values: impute in data.prepare, before other features' steps:"
              + " the mean of those that are there, or { impute = median }, or another)");
    }
  }
}
