package org.trawl.driver.sweep;

/**
 * Where a value stands.
 *
 * @param file as it is shown, or what else the value comes from, such as {@code --set key=value}
 * @param line from 1; 0 where it has none
 * @param order of the file among those that were read; places sort by it, then by line
 */
public record Place(String file, int line, int order) implements Comparable<Place> {

  @Override
  public int compareTo(Place other) {
    return order != other.order
        ? Integer.compare(order, other.order)
        : Integer.compare(line, other.line);
  }

  /** Such as sweeps/quickstart.conf:12. */
  @Override
  public String toString() {
    return line > 0 ? file + ":" + line : file;
  }
}
