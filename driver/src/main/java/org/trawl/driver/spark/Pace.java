package org.trawl.driver.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * How long the rest of a run will take, by what it has done so far. All is told to it in numbers,
 * the time too: nothing here looks at a clock.
 *
 * <p>Work is counted in seconds as estimated from the trials' specifications, their {@link Part
 * cost}. How much of it a slot does in a second is taken from the latter half of the time, as the
 * JVM compiles at first and load comes and goes. What will not be done, as trials stop early or
 * diverge, is taken from those that did (the estimator of Kaplan and Meier 1958, where running
 * trials are censored). The rest is then handed out to the slots as the queue does, longest first,
 * so that the longest trial counts, and what follows the last one is added.
 *
 * <p>While work still becomes faster, in the first minute, what it took says nothing of the rest:
 * nothing is told then. Nor is it before some seconds have passed and two hundredths of the work
 * are done.
 */
final class Pace {
  /** Before that nothing is told. */
  private static final double LEAST_SECONDS = 5;

  private static final double LEAST_SHARE = 0.02;

  /** The JVM has compiled what it needs after so many seconds, whatever it looks like. */
  private static final double COMPILED = 60;

  /** After so many, one piece of work that came through is enough to go by. */
  private static final double BEGUN = 15;

  /** Work that takes less than this part of what it took before is still being compiled. */
  private static final double FASTER = 0.8;

  /** This part of the time so far, the latest, says how fast work is done. */
  private static final double LATEST = 0.5;

  /** So many waiting units are handed out one by one; of more the last ones make no difference. */
  private static final int HANDED_OUT = 2000;

  /** The ends of trials are counted in so many parts of their epochs. */
  private static final int PARTS = 20;

  /**
   * The course of trials is known beforehand as well as if so many had gone to their last epoch.
   */
  private static final double WHOLE_BEFORE = 1;

  private final Map<String, Seen> seen = new HashMap<>();
  private final Deque<Double> freed = new ArrayDeque<>();
  private final Deque<Done> latest = new ArrayDeque<>();
  private final int[] ends = new int[PARTS + 1];
  private double began = Double.NaN;
  private double done;

  /**
   * What is tried in one go.
   *
   * @param cost of all its epochs that were to be trained
   * @param share of them that is trained
   * @param over whether no more follow
   */
  record Part(double cost, double share, boolean over) {}

  /**
   * What a slot works at, in order.
   *
   * @param id names it from look to look
   */
  record Batch(String id, List<Part> parts) {
    Batch {
      parts = List.copyOf(parts);
    }

    private double done() {
      return parts.stream().mapToDouble(part -> part.cost() * part.share()).sum();
    }
  }

  /** A batch when it last came on. */
  private record Seen(double since, double done) {}

  /** Work that a slot did, and how long that took. */
  private record Done(double at, double cost, double seconds) {}

  /**
   * Takes in how far the run is, and tells how many seconds it will go on; empty while that is not
   * known.
   *
   * @param now in seconds, since whenever
   * @param slots batches that can run at once
   * @param running on slots now
   * @param ended since the last look
   * @param waiting costs of what is not on a slot
   */
  OptionalDouble look(
      double now, int slots, List<Batch> running, List<Batch> ended, List<Double> waiting) {
    if (Double.isNaN(began)) {
      began = now;
    }
    for (Batch batch : ended) {
      come(batch, now);
      seen.remove(batch.id());
      freed.add(now);
      done += batch.done();
      batch.parts().forEach(this::count);
    }
    Set<String> there = new HashSet<>();
    for (Batch batch : running) {
      come(batch, now);
      there.add(batch.id());
    }
    seen.keySet().retainAll(there); // the others came back without an answer
    while (freed.size() > slots) {
      freed.remove();
    }
    return left(now, slots, running, waiting);
  }

  /** Counts what a batch did since it last came on. */
  private void come(Batch batch, double now) {
    Seen before = seen.get(batch.id());
    if (before == null) {
      Double free = freed.poll(); // it followed another one
      before = new Seen(free == null ? now : free, 0);
      seen.put(batch.id(), before);
    }
    double cost = batch.done();
    if (cost > before.done() && now > before.since()) {
      latest.add(new Done(now, cost - before.done(), now - before.since()));
      seen.put(batch.id(), new Seen(now, cost));
    }
  }

  private void count(Part part) {
    ends[part.share() >= 1 ? PARTS : (int) (part.share() * PARTS)]++;
  }

  private OptionalDouble left(double now, int slots, List<Batch> running, List<Double> waiting) {
    double[] survival = survival(running);
    double whole = after(0, survival);
    double onSlots = 0;
    double doneOnSlots = 0;
    double longest = 0;
    PriorityQueue<Double> ends = new PriorityQueue<>();
    for (Batch batch : running) {
      double left = 0;
      for (Part part : batch.parts()) {
        left += part.over() ? 0 : part.cost() * after(part.share(), survival);
      }
      doneOnSlots += batch.done();
      onSlots += left;
      longest = Math.max(longest, left);
      ends.add(left);
    }
    double inQueue = waiting.stream().mapToDouble(cost -> cost * whole).sum();
    double sum = onSlots + inQueue;
    double all = done + doneOnSlots + sum;
    if (now - began < LEAST_SECONDS || done + doneOnSlots < LEAST_SHARE * all) {
      return OptionalDouble.empty();
    }
    double secondsOfWork = secondsOfWork(now);
    if (Double.isNaN(secondsOfWork) || !settled(now)) {
      return OptionalDouble.empty();
    }
    double most =
        waiting.size() > HANDED_OUT
            ? Math.max(sum / Math.max(1, slots), longest)
            : handedOut(slots, ends, waiting, whole);
    return OptionalDouble.of(most * secondsOfWork + Estimate.END);
  }

  /** When the last one ends, if whoever is through takes the longest that waits. */
  private static double handedOut(
      int slots, PriorityQueue<Double> ends, List<Double> waiting, double whole) {
    while (ends.size() < slots) {
      ends.add(0.0);
    }
    List<Double> sorted = new ArrayList<>(waiting);
    sorted.sort(Comparator.reverseOrder());
    double last = ends.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    for (double cost : sorted) {
      double end = ends.remove() + cost * whole;
      ends.add(end);
      last = Math.max(last, end);
    }
    return last;
  }

  /** What a slot takes for work of one second; not a number if nothing was done of late. */
  private double secondsOfWork(double now) {
    double since = now - LATEST * (now - began);
    while (!latest.isEmpty() && latest.peek().at() < since) {
      latest.remove();
    }
    double cost = 0;
    double seconds = 0;
    for (Done one : latest) {
      cost += one.cost();
      seconds += one.seconds();
    }
    return seconds / cost;
  }

  /** Whether the later half of the latest work took about as long as the half before. */
  private boolean settled(double now) {
    double passed = now - began;
    double middle = now - LATEST * passed / 2;
    double before = 0;
    double costBefore = 0;
    double after = 0;
    double costAfter = 0;
    for (Done one : latest) {
      if (one.at() < middle) {
        before += one.seconds();
        costBefore += one.cost();
      } else {
        after += one.seconds();
        costAfter += one.cost();
      }
    }
    if (costBefore == 0 || costAfter == 0) {
      return passed >= BEGUN;
    }
    return passed >= COMPILED || after / costAfter > FASTER * before / costBefore;
  }

  /** The share of trials that are still trained after each part of their epochs. */
  private double[] survival(List<Batch> running) {
    double[] atRisk = new double[PARTS];
    for (int end = 0; end <= PARTS; end++) {
      for (int part = 0; part < Math.min(end + 1, PARTS); part++) {
        atRisk[part] += ends[end];
      }
    }
    for (Batch batch : running) {
      for (Part part : batch.parts()) {
        for (int at = 0; at < (int) (Math.min(1, part.share()) * PARTS); at++) {
          atRisk[at]++;
        }
      }
    }
    double[] survival = new double[PARTS + 1];
    survival[0] = 1;
    for (int part = 0; part < PARTS; part++) {
      survival[part + 1] = survival[part] * (1 - ends[part] / (atRisk[part] + WHOLE_BEFORE));
    }
    return survival;
  }

  /** The share of its epochs that a trial will still train, once it has trained some of them. */
  private static double after(double share, double[] survival) {
    double sum = 0;
    for (int part = 0; part < PARTS; part++) {
      double from = Math.max(share, (double) part / PARTS);
      double to = (part + 1.0) / PARTS;
      sum += Math.max(0, to - from) * (survival[part] + survival[part + 1]) / 2;
    }
    int reached = Math.min(PARTS, (int) (share * PARTS));
    return sum / survival[reached];
  }
}
