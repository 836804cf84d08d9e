package org.trawl.core.network;

import java.util.List;
import java.util.Locale;

/**
 * Numbers with a shape, row-major.
 *
 * @param shape sizes of the dimensions, slowest first; each at least 0
 * @param values as many as the product of the sizes; whoever makes a tensor lends them
 */
public record Tensor(List<Integer> shape, float[] values) {
  public Tensor {
    shape = List.copyOf(shape);
    long size = 1;
    for (int length : shape) {
      size = Math.multiplyExact(size, length);
    }
    if (size != values.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid tensor (%d values of shape %s expected): %d",
              size,
              shape,
              values.length));
    }
  }

  /** A vector. */
  public static Tensor of(float[] values) {
    return new Tensor(List.of(values.length), values);
  }
}
