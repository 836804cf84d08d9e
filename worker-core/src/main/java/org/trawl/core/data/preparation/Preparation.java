package org.trawl.core.data.preparation;

import java.util.List;
import java.util.Locale;
import org.trawl.core.data.sample.Precision;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.TextColumn;

/**
 * A fitted preparation as data: what makes the features that a network takes of the features of a
 * raw sample, step by step. Equal to what training gathers, bit for bit.
 *
 * @param steps at least one; the first takes features less their offsets, in single precision
 * @param offsets of the features of a raw sample; empty where all are 0
 */
public record Preparation(List<FittedStep> steps, double[] offsets) {
  public Preparation {
    steps = List.copyOf(steps);
    if (!steps.isEmpty() && offsets.length > 0 && offsets.length != steps.get(0).inputs()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid offsets (%d features expected): %d",
              steps.get(0).inputs(),
              offsets.length));
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("Invalid preparation (at least one step): none");
    }
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).inputs() != steps.get(i - 1).outputs()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid preparation (step %d takes %d features): %d",
                i,
                steps.get(i).inputs(),
                steps.get(i - 1).outputs()));
      }
    }
  }

  /** Of features without offsets. */
  public Preparation(List<FittedStep> steps) {
    this(steps, Samples.NONE);
  }

  /** Whether it fills in values that are missing. */
  public boolean imputes() {
    return steps.get(0) instanceof FittedStep.Impute;
  }

  /** The features of a raw sample that are texts. */
  public List<TextColumn> texts() {
    FittedStep coding = steps.get(imputes() && steps.size() > 1 ? 1 : 0);
    return coding instanceof FittedStep.OneHot oneHot ? oneHot.columns() : List.of();
  }

  /** The number of features of a raw sample. */
  public int inputs() {
    return steps.get(0).inputs();
  }

  /** The number of features of a prepared sample. */
  public int outputs() {
    return steps.get(steps.size() - 1).outputs();
  }

  /**
   * Prepares raw samples.
   *
   * @param samples rows x inputs, row-major, in the precision of where they come from; not modified
   * @return rows x outputs, row-major
   * @throws IllegalArgumentException if they are not that many
   */
  public float[] apply(double[] samples, int rows) {
    float[] held = new float[samples.length];
    for (int i = 0; i < held.length; i++) {
      held[i] = Precision.held(samples[i], offsets.length == 0 ? 0 : offsets[i % inputs()]);
    }
    return applyToHeld(held, rows);
  }

  /**
   * Prepares samples.
   *
   * @param samples rows x inputs, row-major, less their offsets; not modified
   * @return rows x outputs, row-major
   * @throws IllegalArgumentException if they are not that many
   */
  float[] applyToHeld(float[] samples, int rows) {
    if (samples.length != (long) rows * inputs()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid samples (%d x %d features expected): %d",
              rows,
              inputs(),
              samples.length));
    }
    float[] prepared = samples;
    for (FittedStep step : steps) {
      float[] next = new float[Math.multiplyExact(rows, step.outputs())];
      step.apply(prepared, rows, next);
      prepared = next;
    }
    return prepared;
  }
}
