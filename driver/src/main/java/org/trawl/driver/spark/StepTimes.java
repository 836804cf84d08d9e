package org.trawl.driver.spark;

import java.util.ArrayList;
import java.util.List;

/**
 * How long the work of a training takes, once the JVM has compiled it, in times of what the formula
 * says: steps are timed together in windows of some milliseconds, and the latest ones count. Told
 * in numbers, without a clock.
 */
final class StepTimes {
  /** Steps are timed together for at least so many seconds. */
  private static final double WINDOW = 0.02;

  /** So many windows are compared with as many before them. */
  private static final int LATEST = 12;

  /** Below this part of what it was, a time has fallen. */
  private static final double FALLEN = 0.93;

  private final List<Window> windows = new ArrayList<>();
  private double wallFrom = Double.NaN;
  private double coreFrom;
  private double costFrom;

  /**
   * What work of a second by the formula took.
   *
   * @param wall seconds that passed
   * @param core seconds that the thread was on a core
   */
  private record Window(double wall, double core) {}

  /** So much has been done by now, each since whenever. */
  void at(double wall, double core, double cost) {
    if (!Double.isNaN(wallFrom)) {
      double done = cost - costFrom;
      if (wall - wallFrom < WINDOW || done <= 0) {
        return;
      }
      windows.add(new Window((wall - wallFrom) / done, (core - coreFrom) / done));
    }
    wallFrom = wall;
    coreFrom = core;
    costFrom = cost;
  }

  /** Whether work no longer takes less time than a while ago. */
  boolean settled() {
    int count = windows.size();
    return count >= 2 * LATEST
        && core(count - LATEST, count) > FALLEN * core(count - 2 * LATEST, count - LATEST);
  }

  /** Seconds of a core for work of one second: load does not count; 0 where none was timed. */
  double factor() {
    int count = windows.size();
    return count == 0 ? 0 : core(Math.max(0, count - LATEST), count);
  }

  /** How many times as long it takes by the clock, at least once. */
  double slowdown() {
    double wall = 0;
    double core = 0;
    for (Window window : windows.subList(windows.size() / 2, windows.size())) {
      wall += window.wall();
      core += window.core();
    }
    return core > 0 ? Math.max(1, wall / core) : 1;
  }

  /** The lower quartile of some windows. */
  private double core(int from, int to) {
    List<Double> sorted = windows.subList(from, to).stream().map(Window::core).sorted().toList();
    return sorted.get(sorted.size() / 4);
  }
}
