package org.trawl.driver.sweep;

import java.util.List;
import java.util.Optional;

/**
 * A sweep file, read and checked; nothing is expanded yet.
 *
 * @param name of the sweep, of its default folder, and of the run
 * @param seed the only source of randomness
 * @param repeats trials of each point with another seed, at least 1
 * @param objective empty for the default that the data allow
 * @param variants whose points add up, in the order of the file; one without a name where the file
 *     has none
 * @param where keeps the points for which it holds; empty for all
 * @param keep what a run keeps beside its results
 * @param place of the objective; the start of the file where it names none
 * @param notes what was decided as the file was read, a sentence each with its place
 */
public record Sweep(
    String name,
    long seed,
    int repeats,
    Optional<Objective> objective,
    List<Variant> variants,
    Optional<Where> where,
    Keep keep,
    Place place,
    List<String> notes) {

  public Sweep {
    variants = List.copyOf(variants);
    notes = List.copyOf(notes);
  }

  /**
   * The sweep as a file that needs no other: includes, substitutions and {@code --set} resolved,
   * addresses absolute, axes as lists in their order. Reading it gives an equal plan.
   */
  public String resolved() {
    return SweepText.of(this);
  }
}
