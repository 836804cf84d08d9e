package org.trawl.driver.sweep;

import java.util.List;

/**
 * Input that is refused before anything starts (exit status 2): all its problems at once, each a
 * line "file:line: key: expected …, found …" where it has a place.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public InputException(String problem) {
    this(List.of(problem));
  }

  public InputException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** In the order of their places. */
  public List<String> problems() {
    return problems;
  }
}
