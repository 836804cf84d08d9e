package org.trawl.driver.results;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Segments of one lineage, each beginning where the one before it ends, the first with epoch 1.
 * Segments of trials that differ in their epochs alone, or were made with other bounds, fit
 * together: they hold the same bits.
 *
 * @param names in order
 * @param complete whether they hold all epochs of the trial, or its training's own end
 */
record Chain(List<SegmentName> names, boolean complete) {
  /** No segment. */
  static final Chain NONE = new Chain(List.of(), false);

  Chain {
    names = List.copyOf(names);
  }

  /** The last epoch that the names promise; 0 for none. */
  int reached() {
    return names.isEmpty() ? 0 : names.get(names.size() - 1).last();
  }

  /**
   * The chain that holds a trial, else the one that leads furthest.
   *
   * @param names of segments of one lineage, in any order
   * @param epochs of the trial
   */
  static Chain of(Collection<SegmentName> names, int epochs) {
    List<SegmentName> ordered = new ArrayList<>(names);
    ordered.sort(Comparator.comparingInt(SegmentName::first).thenComparingInt(SegmentName::last));
    // By each epoch that a chain reaches, the last segment of such a chain.
    TreeMap<Integer, SegmentName> by = new TreeMap<>();
    Optional<SegmentName> completing = Optional.empty();
    for (SegmentName name : ordered) {
      if (name.first() > 1 && !by.containsKey(name.first() - 1)) {
        continue;
      }
      if (name.last() == epochs || (name.end() && completing.isEmpty())) {
        completing = Optional.of(name);
      } else if (name.last() > epochs) {
        completing = completing.or(() -> Optional.of(name)); // whose later epochs are left out
      } else if (!name.end()) {
        by.putIfAbsent(name.last(), name);
      }
    }
    if (completing.isPresent()) {
      return new Chain(upTo(completing.get(), by), true);
    }
    return by.isEmpty() ? NONE : new Chain(upTo(by.lastEntry().getValue(), by), false);
  }

  private static List<SegmentName> upTo(SegmentName last, TreeMap<Integer, SegmentName> by) {
    List<SegmentName> chain = new ArrayList<>(List.of(last));
    while (chain.get(chain.size() - 1).first() > 1) {
      chain.add(by.get(chain.get(chain.size() - 1).first() - 1));
    }
    Collections.reverse(chain);
    return chain;
  }

  /** The beginning of the chain, to an epoch that one of its segments ends with. */
  Chain to(int epoch) {
    return new Chain(names.stream().filter(name -> name.last() <= epoch).toList(), false);
  }
}
