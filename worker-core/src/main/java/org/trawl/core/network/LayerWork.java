package org.trawl.core.network;

import org.trawl.core.kernel.Panels;

/** Kinds of work that layers do for a sample; how many seconds they take is for others to say. */
public enum LayerWork {
  /** Multiplying and adding, with what fills up panels. */
  PRODUCTS,
  /** The same for few panels, which stay in the cache. */
  NARROW_PRODUCTS,
  /** A value forth and back; half of it forth alone. */
  VALUES,
  /** The same with exponential functions. */
  CURVED_VALUES,
  /** A value that may be dropped. */
  DRAWN_VALUES,
  /** A value that is normalised, forth and back. */
  NORMALIZED_VALUES;

  /** Few panels of outputs leave the processor's arithmetic idle at times. */
  static LayerWork products(int columns) {
    return Panels.count(columns) < 3 ? NARROW_PRODUCTS : PRODUCTS;
  }
}
