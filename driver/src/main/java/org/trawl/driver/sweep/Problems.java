package org.trawl.driver.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects all that is wrong with an input, so that it is told at once. */
public final class Problems {
  private final List<Problem> problems = new ArrayList<>();

  private record Problem(Place place, String text) {}

  /** Adds "place: key: expected …, found …". */
  public void add(Place place, String key, String expected, String found) {
    add(place, key + ": expected " + expected + ", found " + found);
  }

  /** Adds "place: text". */
  public void add(Place place, String text) {
    problems.add(new Problem(place, text));
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Distinct lines, by place; those of one place as they were added. */
  List<String> lines() {
    return problems.stream()
        .sorted(Comparator.comparing(Problem::place))
        .map(problem -> problem.place() + ": " + problem.text())
        .distinct()
        .toList();
  }

  /**
   * Refuses the input if there is any.
   *
   * @throws InputException with all of them
   */
  public void check() {
    if (!isEmpty()) {
      throw new InputException(lines());
    }
  }
}
