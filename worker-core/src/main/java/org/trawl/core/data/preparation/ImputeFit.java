package org.trawl.core.data.preparation;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.trawl.core.data.preparation.PrepareStep.Impute.With;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Precision;
import org.trawl.core.data.sample.TextColumn;

/** Finds what is put in the place of missing values, by those of the rows that are trained on. */
final class ImputeFit {
  private ImputeFit() {}

  /**
   * Fits to some rows.
   *
   * @throws DataException if a feature has no value in them
   */
  static FittedStep.Impute of(PrepareStep.Impute step, StageReader reader, int[] train) {
    FeatureForm form = reader.form();
    Set<Integer> texts = form.texts().stream().map(TextColumn::feature).collect(Collectors.toSet());
    List<Integer> missing = form.columns().missing().features();
    float[] values = new float[form.features()];
    double[] column = new double[train.length];
    for (int i = 0; i < values.length; i++) {
      if (step.with() == With.CONSTANT) {
        double offset = reader.offsets().length == 0 ? 0 : reader.offsets()[i];
        values[i] = texts.contains(i) ? 0 : Precision.held(step.constant(), offset);
      } else if (!texts.contains(i)) {
        int count = 0;
        for (int row : train) {
          float value = reader.held(row, i);
          if (!Float.isNaN(value)) {
            column[count++] = value;
          }
        }
        if (count == 0) {
          throw new DataException(
              "Cannot apply impute to %s: expected values of %s in the training part, found none"
                      .formatted(form.name(), form.columns().name(i))
                  + " (cure: leave the feature out, or give a number: { impute = 0 })");
        }
        values[i] = (float) value(step.with(), Arrays.copyOf(column, count));
      }
    }
    return new FittedStep.Impute(values, step.indicator() ? missing : List.of());
  }

  private static double value(With with, double[] values) {
    return switch (with) {
      case MEAN -> mean(values);
      case MEDIAN -> median(values);
      default -> mostFrequent(values);
    };
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  /** The smallest of those that are there most often. */
  private static double mostFrequent(double[] values) {
    Arrays.sort(values);
    int most = 0;
    double found = values[0];
    for (int from = 0, to = 0; from < values.length; from = to) {
      while (to < values.length && values[to] == values[from]) {
        to++;
      }
      if (to - from > most) {
        most = to - from;
        found = values[from];
      }
    }
    return found;
  }
}
