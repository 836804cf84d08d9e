package org.trawl.driver.model;

import java.util.Map;
import org.trawl.core.network.Tensor;

/**
 * A step of a preparation as it was fitted to the training part: from the features of a sample to
 * those that the next step, or the network, takes. A model's file has a list of them, each with its
 * kind and its tensors.
 */
public sealed interface FittedStep {

  /** The word for the kind in a model's file. */
  String kind();

  /** What was fitted, by names within the step. */
  Map<String, Tensor> tensors();

  /** The features that it takes. */
  int inputs();

  /** The features that it gives. */
  int outputs();

  /**
   * Prepares samples.
   *
   * @param samples rows x inputs, row-major; not modified
   * @return rows x outputs
   */
  float[] apply(float[] samples, int rows);

  /**
   * Each feature times its factor plus its summand, rounded once: unit, standardize, and any
   * sequence of them.
   *
   * @param scale factor of each feature
   * @param shift summand of each feature
   */
  record Affine(float[] scale, float[] shift) implements FittedStep {
    static final String KIND = "affine";

    public Affine {
      if (scale.length != shift.length) {
        throw new IllegalArgumentException(
            "Invalid shift (%d features expected): %d".formatted(scale.length, shift.length));
      }
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public Map<String, Tensor> tensors() {
      return Map.of("scale", Tensor.of(scale), "shift", Tensor.of(shift));
    }

    @Override
    public int inputs() {
      return scale.length;
    }

    @Override
    public int outputs() {
      return scale.length;
    }

    @Override
    public float[] apply(float[] samples, int rows) {
      float[] prepared = new float[samples.length];
      for (int i = 0; i < prepared.length; i++) {
        int feature = i % scale.length;
        prepared[i] = Math.fma(samples[i], scale[feature], shift[feature]);
      }
      return prepared;
    }
  }
}
