package org.trawl.core.data;

import java.util.List;
import java.util.Locale;

/**
 * A fitted preparation as data: what makes the features that a network takes of the features of a
 * raw sample, step by step. At least one step; equal to what training gathers, bit for bit.
 */
public record Preparation(List<FittedStep> steps) {
  public Preparation {
    steps = List.copyOf(steps);
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

  /** The number of features of a raw sample. */
  public int inputs() {
    return steps.get(0).inputs();
  }

  /** The number of features of a prepared sample. */
  public int outputs() {
    return steps.get(steps.size() - 1).outputs();
  }

  /**
   * Prepares samples.
   *
   * @param samples rows x inputs, row-major, as a source stores them; not modified
   * @return rows x outputs, row-major
   * @throws IllegalArgumentException if they are not that many
   */
  public float[] apply(float[] samples, int rows) {
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
