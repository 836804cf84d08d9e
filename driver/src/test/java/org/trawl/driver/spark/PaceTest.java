package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.driver.spark.Pace.Batch;
import org.trawl.driver.spark.Pace.Part;

/** The time left of runs that are told in numbers. */
class PaceTest {
  /** A look at one slot's batch of one unit, with what waits. */
  private static OptionalDouble look(
      Pace pace, double now, double cost, double share, Double... waiting) {
    return pace.look(now, 1, List.of(batch("a", cost, share)), List.of(), List.of(waiting));
  }

  private static Batch batch(String id, double cost, double share) {
    return new Batch(id, List.of(new Part(cost, share, share == 1)));
  }

  /**
   * 100 of cost, at 2 s each: after 10 s, 5 are done. What follows the last trial takes a second.
   */
  @Test
  void whatIsLeftTakesAsLongAsWhatWasDone() {
    Pace pace = new Pace();
    for (int now = 0; now <= 10; now++) {
      double left = look(pace, now, 100, now / 200.0).orElse(0);
      assertEquals(now < 5 ? 0 : 200 - now + 1, left, 1e-9);
    }
  }

  @Test
  void nothingIsToldBeforeEnoughIsKnown() {
    Pace pace = new Pace();
    assertTrue(look(pace, 0, 10, 0).isEmpty());
    assertTrue(look(pace, 2, 10, 0.2).isEmpty(), "too soon");
    assertTrue(look(pace, 4, 10, 0.4).isEmpty(), "too soon");
    assertTrue(look(pace, 6, 10, 0.6).isPresent());
    Pace slow = new Pace();
    assertTrue(look(slow, 0, 1000, 0).isEmpty());
    assertTrue(look(slow, 10, 1000, 0.015).isEmpty(), "too little");
    assertTrue(look(slow, 20, 1000, 0.03).isPresent());
  }

  /** Long trials go first: what is left is not the number of trials. */
  @Test
  void aTrialCountsByItsCost() {
    Pace pace = new Pace();
    List<Double> waiting = Collections.nCopies(99, 0.1);
    pace.look(0, 1, List.of(batch("a", 90, 0)), List.of(), waiting);
    OptionalDouble left = pace.look(90, 1, List.of(), List.of(batch("a", 90, 1)), waiting);
    assertEquals(9.9 + 1, left.orElseThrow(), 1e-9);
  }

  /** What is compiled goes faster: what the first steps took says nothing of the rest. */
  @Test
  void nothingIsToldWhileWorkBecomesFaster() {
    Pace pace = new Pace();
    double share = 0;
    for (int now = 0; now <= 9; now++) { // 0.5 of 1000, then always half as much again
      share += 5e-4 * Math.pow(1.5, now);
      assertTrue(look(pace, now, 1000, share).isEmpty(), now + " s");
    }
    for (int now = 10; now < 30; now++) {
      share += 0.02;
      look(pace, now, 1000, share);
    }
    share += 0.02;
    double left = look(pace, 30, 1000, share).orElseThrow();
    assertEquals((1 - share) * 50, left, 3);
  }

  /** Two slots, three trials of 100 s: the third one begins when the first two end. */
  @Test
  void theLongestTrialAtTheEndIsWaitedFor() {
    Pace pace = new Pace();
    List<Batch> running = List.of(batch("a", 100, 0), batch("b", 100, 0));
    pace.look(0, 2, running, List.of(), List.of(100.0));
    running = List.of(batch("a", 100, 0.5), batch("b", 100, 0.5));
    assertEquals(151, pace.look(50, 2, running, List.of(), List.of(100.0)).orElseThrow(), 1e-9);
    List<Batch> ended = List.of(batch("a", 100, 1), batch("b", 100, 1));
    assertEquals(101, pace.look(100, 2, List.of(), ended, List.of(100.0)).orElseThrow(), 1e-9);
    running = List.of(batch("c", 100, 0.5));
    assertEquals(51, pace.look(150, 2, running, List.of(), List.of()).orElseThrow(), 1e-9);
  }

  /** A slot that waited for its next batch was not at work on it, but it took the time. */
  @Test
  void whatIsLostBetweenBatchesCounts() {
    Pace pace = new Pace();
    double now = 0;
    OptionalDouble left = OptionalDouble.empty();
    for (int i = 0; i < 50; i++) { // 1 s of work, and 1 s until the next one has begun
      pace.look(now, 1, List.of(batch("b" + i, 1, 0)), List.of(), List.of(1.0));
      now += 1;
      left = pace.look(now, 1, List.of(), List.of(batch("b" + i, 1, 1)), List.of(10.0));
      now += 1;
    }
    assertEquals(2 * 10 + 1, left.orElseThrow(), 1.5);
  }

  /** Half of the trials stop after a quarter of their epochs: of those that wait half will too. */
  @Test
  void whatStopsEarlyIsExpectedOfOthers() {
    Pace pace = new Pace();
    pace.look(0, 1, List.of(), List.of(), List.of());
    double now = 0;
    OptionalDouble left = OptionalDouble.empty();
    List<Double> waiting = new ArrayList<>(Collections.nCopies(100, 8.0));
    for (int i = 0; i < 40; i++) {
      double share = i % 2 == 0 ? 0.25 : 1;
      pace.look(now, 1, List.of(batch("b" + i, 8, 0)), List.of(), waiting);
      now += 8 * share;
      left = pace.look(now, 1, List.of(), List.of(batch("b" + i, 8, share)), waiting);
    }
    assertEquals(100 * 8 * 0.625, left.orElseThrow(), 0.05 * 500);
  }

  /** A run at an even pace: its time left is right from a tenth on, and never grows. */
  @ParameterizedTest
  @ValueSource(doubles = {0.4, 1, 3})
  void theTimeLeftFallsAsTimePasses(double really) {
    Pace pace = new Pace();
    double cost = 100;
    double last = Double.POSITIVE_INFINITY;
    double whole = cost * really;
    for (double now = 0; now < whole; now += 0.5) {
      OptionalDouble left = look(pace, now, cost, now / whole);
      if (left.isPresent() && now > 0.2 * whole) {
        assertEquals(1, left.getAsDouble() / (whole - now + 1), 0.05, now + " s");
        assertTrue(left.getAsDouble() <= last + 1, now + " s");
        last = left.getAsDouble();
      }
    }
    assertTrue(last < 2 * whole);
  }
}
