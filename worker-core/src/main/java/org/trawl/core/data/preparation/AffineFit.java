package org.trawl.core.data.preparation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.trawl.core.data.preparation.PrepareStep.OfEachFeature;
import org.trawl.core.data.preparation.PrepareStep.Scale;
import org.trawl.core.data.preparation.PrepareStep.Standardize;
import org.trawl.core.data.preparation.PrepareStep.Unit;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Samples;

/**
 * Makes steps of each feature into one factor and one summand, fitted to the rows that are trained
 * on. Computed in double precision in the order of the rows (bytes: in whole numbers), and rounded
 * to single precision once, at the end. The factor is of what is held of a feature; its offset has
 * a part in the summand.
 */
final class AffineFit {
  private final PreparedSamples source;
  private final int[] train;
  private final double[] scale;
  private final double[] shift;
  private Moments moments;

  private AffineFit(PreparedSamples source, int[] train, double[] offsets) {
    this.source = source;
    this.train = train;
    scale = new double[source.form().features()];
    shift = Arrays.copyOf(offsets, scale.length);
    Arrays.fill(scale, 1);
  }

  /**
   * Fits the steps, in order.
   *
   * @param train rows to fit to
   * @throws DataException if a step cannot be applied to the samples
   */
  static FittedStep.Affine of(PreparedSamples source, int[] train, List<OfEachFeature> steps) {
    return of(source, train, steps, source.samples().offsets());
  }

  /**
   * The same but for a summand that is the same in all rows, for steps that do not depend on it.
   */
  static FittedStep.Affine withoutOffsets(
      PreparedSamples source, int[] train, List<OfEachFeature> steps) {
    return of(source, train, steps, Samples.NONE);
  }

  private static FittedStep.Affine of(
      PreparedSamples source, int[] train, List<OfEachFeature> steps, double[] offsets) {
    AffineFit fit = new AffineFit(source, train, offsets);
    FeatureForm form = source.form();
    for (OfEachFeature step : steps) {
      form = form.after(step);
      fit.add(step);
    }
    return new FittedStep.Affine(
        rounded(form, "factor", fit.scale), rounded(form, "summand", fit.shift));
  }

  private void add(OfEachFeature step) {
    if (step instanceof Unit) {
      for (int i = 0; i < scale.length; i++) {
        scale[i] /= source.form().fullScale();
        shift[i] /= source.form().fullScale();
      }
    } else if (step instanceof Scale number) {
      for (int i = 0; i < scale.length; i++) {
        scale[i] *= number.factor();
        shift[i] *= number.factor();
      }
    } else if (step instanceof Standardize standardize) {
      moments = moments == null ? Moments.of(source.samples(), train) : moments;
      if (standardize.over() == Standardize.Over.ALL) {
        standardizeAll();
      } else {
        standardizeEach();
      }
    }
  }

  /** Composes scale and shift with the standardization of the values that they make. */
  private void standardizeEach() {
    for (int i = 0; i < scale.length; i++) {
      double deviation = Math.abs(scale[i]) * moments.deviation[i];
      if (deviation == 0) {
        scale[i] = 0;
        shift[i] = 0;
      } else {
        scale[i] /= deviation;
        shift[i] = -moments.mean[i] * scale[i];
      }
    }
  }

  /**
   * The same with one mean and one deviation: the variance of all is the mean of the features'
   * variances and of the squared differences of their means from that of all.
   */
  private void standardizeAll() {
    double mean = 0;
    for (int i = 0; i < scale.length; i++) {
      mean += scale[i] * moments.mean[i] + shift[i];
    }
    mean /= scale.length;
    double variance = 0;
    for (int i = 0; i < scale.length; i++) {
      double deviation = scale[i] * moments.deviation[i];
      double difference = scale[i] * moments.mean[i] + shift[i] - mean;
      variance += deviation * deviation + difference * difference;
    }
    double deviation = Math.sqrt(variance / scale.length);
    for (int i = 0; i < scale.length; i++) {
      scale[i] = deviation == 0 ? 0 : scale[i] / deviation;
      shift[i] = deviation == 0 ? 0 : (shift[i] - mean) / deviation;
    }
  }

  private static float[] rounded(FeatureForm form, String what, double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
      if (!Float.isFinite(rounded[i])) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot prepare %s: feature %d: expected a %s in single precision, found %s",
                form.name(),
                i,
                what,
                values[i]));
      }
    }
    return rounded;
  }
}
