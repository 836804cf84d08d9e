package org.trawl.driver.sweep;

import java.util.List;

/**
 * A swept key and its values.
 *
 * @param values distinct, in the order of the file, each of the Java type that the key's KeyType
 *     names
 */
public record Axis(Key key, List<Object> values, Place place) {
  public Axis {
    values = List.copyOf(values);
  }
}
