package org.trawl.core.data.preparation;

import java.util.Optional;
import org.trawl.core.data.sample.Samples;

/**
 * Reads what is held of samples, each feature with its factor and summand where there are: without
 * them, less its offset.
 */
final class StageReader {
  private final Samples samples;
  private final Optional<FittedStep.Affine> affine;
  private final FeatureForm form;
  private float[] block = new float[0];

  /**
   * Reads of samples.
   *
   * @param form of what is read
   */
  StageReader(Samples samples, Optional<FittedStep.Affine> affine, FeatureForm form) {
    this.samples = samples;
    this.affine = affine;
    this.form = form;
  }

  /** The form of what is read. */
  FeatureForm form() {
    return form;
  }

  /** What is to be added to each feature that is read; empty for nothing. */
  double[] offsets() {
    return affine.isPresent() ? Samples.NONE : samples.offsets();
  }

  /** The number of rows there are. */
  int rows() {
    return samples.rows();
  }

  /** What is held of a feature, before its factor and summand; NaN where it is missing. */
  float held(int row, int column) {
    return samples instanceof Samples.Reals reals
        ? reals.held().data[row * samples.columns() + column]
        : (float) samples.value(row, column);
  }

  /**
   * Reads some rows.
   *
   * @param rows their numbers, from {@code from} on
   * @return count x features, row-major; overwritten by the next reading
   */
  float[] read(int[] rows, int from, int count) {
    int features = samples.columns();
    if (block.length < count * features) {
      block = new float[count * features];
    }
    for (int row = 0; row < count; row++) {
      copy(rows[from + row], row * features);
    }
    affine.ifPresent(step -> step.apply(block, count, block));
    return block;
  }

  private void copy(int row, int to) {
    int features = samples.columns();
    int start = row * features;
    if (samples instanceof Samples.Bytes bytes) {
      for (int i = 0; i < features; i++) {
        block[to + i] = bytes.data()[start + i] & 0xFF;
      }
    } else if (samples instanceof Samples.Reals reals) {
      System.arraycopy(reals.held().data, start, block, to, features);
    }
  }
}
