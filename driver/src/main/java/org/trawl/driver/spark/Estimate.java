package org.trawl.driver.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * How long trials will take: a range, as neither the load of the machine nor the end of a training
 * that may stop early is known.
 *
 * @param trials what each takes; of those that share their epochs the longest
 * @param preparation seconds of one core that prepare data, besides
 * @param slowdown how many times as long work takes by the clock, with what else runs now
 * @param probed how many trials were trained for a moment; 0 where that was not worth it
 */
public record Estimate(List<Seconds> trials, double preparation, double slowdown, int probed) {
  /** Spark starts in so many seconds. */
  private static final double START = 4;

  /** The tables and the report are written at the end. */
  static final double END = 1;

  /** What is lost at first, while the JVM compiles what is new to it. */
  private static final double COMPILING = 2;

  /** What these may be wrong by, a formula with which nothing was compared, and one with probes. */
  private static final double FIXED = 1.3;

  private static final double UNSURE = 1.6;
  private static final double SURE = 1.3;

  /** The ends of a range are at most so many times its middle, or as small a part of it. */
  private static final double WIDEST = 2;

  public Estimate {
    trials = List.copyOf(trials);
  }

  /**
   * Seconds of one core.
   *
   * @param least if a training that can stop early does so as soon as it can
   * @param most if it does not
   */
  public record Seconds(double least, double most) {
    /** As likely too long as too short. */
    double middle() {
      return Math.sqrt(least * most);
    }
  }

  /** Of the clock, in seconds. */
  public record Range(double least, double most) {}

  /** Seconds of one core in all. */
  public double core() {
    return preparation + trials.stream().mapToDouble(Seconds::middle).sum();
  }

  /**
   * What {@code trawl run} takes.
   *
   * @param planning seconds to read the data and to plan
   */
  public Range command(double planning, int slots) {
    double unsure = probed > 0 ? SURE : UNSURE;
    double alone = makespan(slots, trials.stream().map(Seconds::least).toList());
    double whole = makespan(slots, trials.stream().map(Seconds::most).toList());
    double prepared = preparation / Math.max(1, Math.min(slots, trials.size()));
    double fixed = planning + START + COMPILING + END;
    double least = fixed / FIXED + (prepared + alone) / unsure;
    double most = slowdown * (fixed * FIXED + (prepared + whole) * unsure);
    double middle = Math.sqrt(least * most);
    return new Range(Math.max(least, middle / WIDEST), Math.min(most, middle * WIDEST));
  }

  /** When the last one ends, if each slot that is free takes the longest that is left. */
  static double makespan(int slots, List<Double> seconds) {
    PriorityQueue<Double> ends = new PriorityQueue<>();
    double last = 0;
    List<Double> longestFirst = new ArrayList<>(seconds);
    longestFirst.sort(Comparator.reverseOrder());
    for (double one : longestFirst) {
      double end = one + (ends.size() < slots ? 0 : ends.remove());
      ends.add(end);
      last = Math.max(last, end);
    }
    return last;
  }
}
