package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.List;

/**
 * What an executor has done since it told last.
 *
 * @param epochs trained
 * @param samples trained on in these epochs
 * @param segments how long each publication of a segment took, in nanoseconds
 * @param checkpoints the same of checkpoints
 */
record Work(long epochs, long samples, List<Long> segments, List<Long> checkpoints)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Nothing. */
  static final Work NONE = new Work(0, 0, List.of(), List.of());

  Work {
    segments = List.copyOf(segments);
    checkpoints = List.copyOf(checkpoints);
  }
}
