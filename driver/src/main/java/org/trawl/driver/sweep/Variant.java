package org.trawl.driver.sweep;

import java.util.List;
import java.util.Map;

/**
 * A grid of points: one term of the sum that {@code sweep.variants} is. A sweep without variants is
 * one variant without a name.
 *
 * @param name as written, or its position from 1; empty in a sweep without variants
 * @param settings values that hold for all its points
 * @param axes first those beside {@code variants}, then its own; the first varies slowest
 */
public record Variant(String name, Map<Key, Setting> settings, List<Axis> axes, Place place) {
  public Variant {
    settings = Map.copyOf(settings);
    axes = List.copyOf(axes);
  }
}
