package org.trawl.driver.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.Segments;

/**
 * What an executor answers when a batch has ended there.
 *
 * @param ends of its trials, in order; those that a cancellation left out are missing
 * @param kept copies of the segments that it kept, as {@link Segments} encodes them
 */
record BatchEnd(List<TrialEnd> ends, byte[] kept) implements Serializable {
  BatchEnd {
    ends = List.copyOf(ends);
  }

  static BatchEnd of(List<TrialEnd> ends, List<Segment> kept) {
    return new BatchEnd(ends, Segments.encode(kept));
  }

  /** The copies by the names of their files; none if they are damaged: the journal has them too. */
  Map<String, Segment> segments() {
    try {
      return Segments.decode(kept);
    } catch (IOException damaged) {
      return Map.of();
    }
  }
}
