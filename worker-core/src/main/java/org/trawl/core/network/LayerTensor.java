package org.trawl.core.network;

import java.util.List;
import org.trawl.core.kernel.Panels;

/**
 * A tensor of what a layer has learnt: what files call it, and where its numbers lie. In memory a
 * tensor [outputs, ...] is a matrix of (product of the other sizes) x outputs in {@link Panels},
 * and a vector is a matrix of one row; what fills up the panels of parameters is 0 and stays 0.
 *
 * @param name within its layer, such as weight or norm.scale
 * @param shape of the values in files, row-major, the layer's outputs first
 * @param from its place: of what is {@link Role#learnt} in the network's parameters, else in its
 *     statistics
 */
public record LayerTensor(String name, Role role, List<Integer> shape, int from) {
  public LayerTensor {
    shape = List.copyOf(shape);
  }

  /** What the numbers of a tensor are for. */
  public enum Role {
    /** What penalties and decay apply to. */
    WEIGHTS,
    BIASES,
    SCALES,
    SHIFTS,
    /** Running means: what training keeps for evaluation. */
    MEANS,
    /** Running variances, each at least 0. */
    VARIANCES;

    /** Whether they are parameters, with a gradient; the others are statistics. */
    public boolean learnt() {
      return this != MEANS && this != VARIANCES;
    }

    /** What the numbers are before anything is drawn or learnt. */
    float start() {
      return this == SCALES || this == VARIANCES ? 1 : 0;
    }
  }

  /** Columns in memory. */
  public int outputs() {
    return shape.get(0);
  }

  /** Rows in memory. */
  public int depth() {
    int depth = 1;
    // By index: an iterator would be allocated in every step.
    for (int i = 1; i < shape.size(); i++) {
      depth *= shape.get(i);
    }
    return depth;
  }

  /** The number of values. */
  public long size() {
    return (long) depth() * outputs();
  }

  /** Numbers in memory, with what fills up panels. */
  public int length() {
    return Panels.length(depth(), outputs());
  }

  /** The place after its last number. */
  public int end() {
    return from + length();
  }

  /** The place of a value. */
  public int place(int row, int output) {
    return from + Panels.index(depth(), row, output);
  }

  /** The values, as in files. */
  float[] read(float[] memory) {
    int depth = depth();
    float[] values = new float[Math.toIntExact(size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = memory[from + Panels.index(depth, i % depth, i / depth)];
    }
    return values;
  }

  /** Replaces the values by others, as in files. */
  void write(float[] values, float[] memory) {
    int depth = depth();
    for (int i = 0; i < values.length; i++) {
      memory[from + Panels.index(depth, i % depth, i / depth)] = values[i];
    }
  }
}
