package org.trawl.driver.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.preparation.PrepareStep.Standardize;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.PrepareSteps;

/**
 * The ranges of a data set's features over its training part, and whether a preparation leaves them
 * so far apart, or so far from zero, that networks hardly learn from them. Pixels are of one scale,
 * whatever range each has.
 */
public final class FeatureScales {
  /** How many times as wide as another a feature may be. */
  private static final double MOST_RATIO = 100;

  /** The largest value that is told of no feature. */
  private static final double MOST_VALUE = 1000;

  /** So many features that are all bytes are pixels. */
  private static final int FEWEST_PIXELS = 64;

  private static final MathContext DIGITS = new MathContext(4);
  private static final Set<String> OTHER_FEATURES = Set.of("pca", "hog");

  private final Dataset dataset;
  private final boolean oneScale;
  private final int[] features;
  private final double[] minimum;
  private final double[] maximum;

  private FeatureScales(Dataset dataset) {
    this.dataset = dataset;
    Samples samples = dataset.samples();
    Set<Integer> texts =
        dataset.texts().stream().map(TextColumn::feature).collect(Collectors.toSet());
    features = IntStream.range(0, samples.columns()).filter(i -> !texts.contains(i)).toArray();
    boolean bytes = samples instanceof Samples.Bytes;
    oneScale =
        dataset.shape().image()
            || dataset.fullScale() > 0
            || (bytes && samples.columns() >= FEWEST_PIXELS);
    minimum = new double[samples.columns()];
    maximum = new double[samples.columns()];
    Arrays.fill(minimum, Double.POSITIVE_INFINITY);
    Arrays.fill(maximum, Double.NEGATIVE_INFINITY);
    if (bytes && oneScale) {
      return; // nothing that could be told
    }
    for (int row = 0; row < dataset.trainRows(); row++) {
      for (int i : features) {
        double value = samples.value(row, i);
        if (!Double.isNaN(value)) {
          minimum[i] = Math.min(minimum[i], value);
          maximum[i] = Math.max(maximum[i], value);
        }
      }
    }
  }

  /** Of a data set. */
  public static FeatureScales of(Dataset dataset) {
    return new FeatureScales(dataset);
  }

  /**
   * What is wrong with the features after a preparation; empty where nothing is.
   *
   * @param prepare texts of its steps
   */
  public Optional<String> remark(List<String> prepare) {
    List<PrepareStep> steps = prepare.stream().map(PrepareSteps::step).toList();
    boolean standardized = false;
    double factor = 1;
    for (PrepareStep step : steps) {
      if (step instanceof Standardize standardize) {
        if (standardize.over() == Standardize.Over.EACH) {
          return Optional.empty();
        }
        standardized = true;
      } else if (step instanceof PrepareStep.Unit && dataset.fullScale() > 0) {
        factor /= dataset.fullScale();
      } else if (step instanceof PrepareStep.Scale scale) {
        factor *= Math.abs(scale.factor());
      }
    }
    Optional<String> apart = oneScale ? Optional.empty() : apart(steps);
    return apart
        .or(standardized ? Optional::empty : large(factor))
        .map(text -> "%s (cure: prepare = [%s])".formatted(text, standardized(prepare)));
  }

  /** That some features are much wider than others. */
  private Optional<String> apart(List<PrepareStep> steps) {
    OptionalInt narrowest = best(i -> range(i) > 0 ? -range(i) : Double.NEGATIVE_INFINITY);
    OptionalInt widest = best(this::range);
    if (narrowest.isEmpty() || !(range(widest.getAsInt()) > 0)) {
      return Optional.empty();
    }
    double least = range(narrowest.getAsInt());
    double most = range(widest.getAsInt());
    String name = DataRemarks.feature(dataset, narrowest.getAsInt());
    if (least > 1 && steps.stream().anyMatch(PrepareStep.OneHot.class::isInstance)) {
      least = 1;
      name = "a text";
    }
    return most / least <= MOST_RATIO
        ? Optional.empty()
        : Optional.of(
            "the ranges of features differ by more than a hundred, from %s (%s) to %s (%s), and the"
                    .formatted(
                        text(least),
                        name,
                        text(most),
                        DataRemarks.feature(dataset, widest.getAsInt()))
                + " largest drown the others");
  }

  /** That features are far from zero. */
  private Supplier<Optional<String>> large(double factor) {
    return () -> {
      OptionalInt largest = best(this::size);
      return largest.isEmpty() || !(size(largest.getAsInt()) * factor > MOST_VALUE)
          ? Optional.empty()
          : Optional.of(
              "features are as large as %s (%s), from which networks hardly learn"
                  .formatted(
                      text(size(largest.getAsInt()) * factor),
                      DataRemarks.feature(dataset, largest.getAsInt())));
    };
  }

  private double range(int feature) {
    return maximum[feature] - minimum[feature];
  }

  private double size(int feature) {
    return Math.max(Math.abs(minimum[feature]), Math.abs(maximum[feature]));
  }

  /** The first of the features with values that has the most of something. */
  private OptionalInt best(IntToDoubleFunction of) {
    int best = -1;
    for (int i : features) {
      if (minimum[i] <= maximum[i] && (best < 0 || of.applyAsDouble(i) > of.applyAsDouble(best))) {
        best = i;
      }
    }
    return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
  }

  private static String text(double number) {
    return Key.text(new BigDecimal(number).round(DIGITS).stripTrailingZeros());
  }

  /** The steps with standardize among them, before what makes other features of features. */
  private static String standardized(List<String> prepare) {
    List<String> steps = new ArrayList<>();
    boolean added = false;
    for (String step : prepare) {
      if (!added && OTHER_FEATURES.stream().anyMatch(step::startsWith)) {
        steps.add("standardize");
        added = true;
      }
      if (!step.startsWith("standardize")) {
        steps.add(step.matches(".*[={].*") ? "{ %s }".formatted(step) : step);
      }
    }
    if (!added) {
      steps.add("standardize");
    }
    return String.join(", ", steps);
  }
}
