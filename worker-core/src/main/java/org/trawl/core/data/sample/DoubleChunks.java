package org.trawl.core.data.sample;

import java.util.ArrayList;
import java.util.List;

/** A list of numbers that grows without being copied and gives its memory back piece by piece. */
final class DoubleChunks {
  /** Numbers of a piece. */
  static final int LENGTH = 1 << 15;

  private final List<double[]> chunks = new ArrayList<>();

  /** Whether there is no room yet for the number at an index. */
  boolean full(int index) {
    return index / LENGTH >= chunks.size();
  }

  /** Makes room for another piece; how many there are. */
  int grow() {
    chunks.add(new double[LENGTH]);
    return chunks.size();
  }

  void set(int index, double value) {
    chunks.get(index / LENGTH)[index % LENGTH] = value;
  }

  double value(int index) {
    return chunks.get(index / LENGTH)[index % LENGTH];
  }

  /** Lets go of a piece, which is asked for no more. */
  void release(int index) {
    chunks.set(index / LENGTH, null);
  }
}
