package org.trawl.driver.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The trials that wait for a slot, longest first, so that the last ones to end are short. They are
 * handed out in batches: what a task costs besides its trials is shared by many where they are
 * short, and the batches become smaller to the end (guided self-scheduling: Polychronopoulos and
 * Kuck 1987), so that no slot idles long while another one works on a last batch.
 *
 * <p>A trial whose executor died comes back alone and first: trials beside it are not lost again.
 * One that came back twice is a suspect, and suspects are handed out one at a time, so that none of
 * them is counted out for what another one did.
 */
final class TrialQueue {
  /**
   * A batch takes at most so long, on a few slots: its trials come back together, and handing it
   * out and taking it in costs some 20 ms.
   */
  private static final double MOST_SECONDS = 4;

  /**
   * On many slots batches are longer, so that no more begin in a second: handing one out takes the
   * driver some milliseconds.
   */
  private static final double BATCHES_A_SECOND = 100;

  /** A batch is at most this part of what is left for its slot. */
  private static final int PARTS = 4;

  /** What a trial takes besides its training: its file above all. */
  static final double SECONDS_A_TRIAL = 0.003;

  /** Deaths of its executor that make a trial a suspect. */
  private static final int SUSPECT = 2;

  private final Deque<Unit> waiting = new ArrayDeque<>();
  private final Deque<Unit> suspects = new ArrayDeque<>();
  private boolean suspectIsOut;
  private double seconds;

  /**
   * Trials that must run one after the other: those that differ in their epochs alone, the shorter
   * ones first.
   *
   * @param seconds that they are estimated to take
   * @param deaths of executors that had the first of them
   */
  record Unit(List<TrialTask> tasks, double seconds, int deaths) {
    Unit {
      tasks = List.copyOf(tasks);
    }

    double cost() {
      return seconds + SECONDS_A_TRIAL * tasks.size();
    }

    /** The share of the epochs that were to be trained, once an epoch is reached. */
    double share(int epoch) {
      int from = tasks.get(0).beginning().epoch();
      int to = tasks.get(tasks.size() - 1).epochs();
      return to <= from ? 1 : Math.max(0, Math.min(1, (double) (epoch - from) / (to - from)));
    }
  }

  /** What a task trains. */
  record Batch(List<Unit> units, boolean suspect) {
    Batch {
      units = List.copyOf(units);
    }

    List<TrialTask> tasks() {
      List<TrialTask> tasks = new ArrayList<>();
      units.forEach(unit -> tasks.addAll(unit.tasks()));
      return tasks;
    }
  }

  TrialQueue(List<Unit> units) {
    units.stream().sorted(Comparator.comparingDouble(Unit::cost).reversed()).forEach(waiting::add);
    seconds = units.stream().mapToDouble(Unit::cost).sum();
  }

  /** Whether nothing waits. */
  boolean isEmpty() {
    return waiting.isEmpty() && suspects.isEmpty();
  }

  /** How many trials wait. */
  int trials() {
    return Stream.concat(waiting.stream(), suspects.stream())
        .mapToInt(unit -> unit.tasks().size())
        .sum();
  }

  /** What each of those that wait costs, in seconds. */
  List<Double> costs() {
    List<Double> costs = new ArrayList<>(waiting.size() + suspects.size());
    waiting.forEach(unit -> costs.add(unit.cost()));
    suspects.forEach(unit -> costs.add(unit.cost()));
    return costs;
  }

  /** The next batch; empty if nothing may be handed out now. */
  Optional<Batch> next(int slots) {
    if (!suspects.isEmpty() && !suspectIsOut) {
      suspectIsOut = true;
      return Optional.of(new Batch(List.of(suspects.remove()), true));
    } else if (waiting.isEmpty()) {
      return Optional.empty();
    }
    double longest = Math.max(MOST_SECONDS, slots / BATCHES_A_SECOND);
    double most = Math.min(longest, seconds / (PARTS * Math.max(1, slots)));
    List<Unit> units = new ArrayList<>();
    double cost = 0;
    do {
      Unit unit = waiting.remove();
      units.add(unit);
      cost += unit.cost();
    } while (!waiting.isEmpty()
        && units.get(0).deaths() == 0
        && cost + waiting.peek().cost() <= most);
    seconds = Math.max(0, seconds - cost);
    return Optional.of(new Batch(units, false));
  }

  /** A batch that was handed out is no longer running. */
  void over(Batch batch) {
    if (batch.suspect()) {
      suspectIsOut = false;
    }
  }

  /** Takes a unit back, to be handed out before all others. */
  void again(Unit unit) {
    if (unit.deaths() >= SUSPECT) {
      suspects.add(unit);
    } else {
      waiting.addFirst(unit);
      seconds += unit.cost();
    }
  }
}
