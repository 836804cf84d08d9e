package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trawl.driver.spark.Estimate.Range;
import org.trawl.driver.spark.Estimate.Seconds;

/** The ranges of estimates that are told in numbers. */
class EstimateTest {
  private static Estimate of(int trials, double seconds, double slowdown, int probed) {
    return new Estimate(
        Collections.nCopies(trials, new Seconds(seconds, seconds)), 0, slowdown, probed);
  }

  private static void assertWithin(double seconds, Range range) {
    assertTrue(range.least() < seconds && seconds < range.most(), range + " " + seconds);
  }

  @Test
  void whatWasProbedLiesWithinItsRange() {
    Range range = of(10, 100, 1, 4).command(0, 2);
    assertWithin(500, range);
    assertTrue(range.most() / range.least() < 1.8, range::toString);
    assertWithin(500 + 8, of(10, 100, 1, 4).command(2, 2));
  }

  @Test
  void whatIsNotProbedIsLessSure() {
    Range sure = of(10, 100, 1, 1).command(0, 2);
    Range unsure = of(10, 100, 1, 0).command(0, 2);
    assertTrue(unsure.least() < sure.least() && unsure.most() > sure.most());
  }

  /** What one process beside two slots takes may be over soon, or go on. */
  @Test
  void loadMakesTheRangeWider() {
    Range range = of(10, 100, 1.5, 4).command(0, 2);
    assertWithin(500, range);
    assertWithin(750, range);
  }

  /** Two slots, three trials of 100 s. */
  @Test
  void theLastTrialIsWaitedFor() {
    assertEquals(200, Estimate.makespan(2, List.of(100.0, 100.0, 100.0)));
    assertEquals(60, Estimate.makespan(3, List.of(30.0, 60.0, 30.0, 20.0, 10.0)));
    assertEquals(0, Estimate.makespan(2, List.of()));
    assertWithin(200, of(3, 100, 1, 1).command(0, 2));
  }

  /** Spark's start and the report count, however little there is to train. */
  @Test
  void aSweepOfNoWorkTakesSeconds() {
    Range range = of(1, 0.001, 1, 0).command(1.5, 2);
    assertWithin(7, range);
    assertTrue(range.least() > 3, range::toString);
  }

  @Test
  void aTrainingThatStopsEarlyIsBetweenItsFirstAndItsLastEnd() {
    Estimate estimate = new Estimate(Collections.nCopies(8, new Seconds(100, 400)), 0, 1, 4);
    Range range = estimate.command(0, 2);
    assertWithin(4 * 200, range);
    assertEquals(8 * 200, estimate.core());
  }

  @Test
  void preparationIsShared() {
    Estimate estimate = new Estimate(List.of(new Seconds(0, 0), new Seconds(0, 0)), 80, 1, 2);
    assertEquals(80, estimate.core());
    assertWithin(40, estimate.command(0, 2));
  }

  @ParameterizedTest
  @CsvSource({"1, 0.1, 1, 0", "1000, 0.1, 4, 0", "3, 1e6, 4, 4", "1, 1e-3, 4, 0"})
  void theEndsAreWithinAFactorOfTwoOfTheMiddle(
      int trials, double seconds, double slowdown, int probed) {
    Range range = of(trials, seconds, slowdown, probed).command(2, 2);
    assertTrue(range.least() > 0 && range.most() <= 4.0001 * range.least(), range::toString);
  }
}
