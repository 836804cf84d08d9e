package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StepTimesTest {
  private final StepTimes times = new StepTimes();
  private double wall;
  private double core;
  private double cost;

  /** Work of 10 ms by the formula, which takes some times as long. */
  private void work(double factor, double load) {
    cost += 0.01;
    core += 0.01 * factor;
    wall += 0.01 * factor * load;
    times.at(wall, core, cost);
  }

  @Test
  void onlyWhatIsCompiledCounts() {
    times.at(0, 0, 0);
    for (int i = 0; i < 50; i++) {
      work(40.0 / (1 + i), 1);
      assertFalse(times.settled());
    }
    for (int i = 0; i < 100; i++) {
      work(0.8, 1);
    }
    assertTrue(times.settled());
    assertEquals(0.8, times.factor(), 1e-9);
  }

  @Test
  void loadIsNotTheTrialsFault() {
    times.at(0, 0, 0);
    for (int i = 0; i < 100; i++) {
      work(1.5, 3);
    }
    assertEquals(1.5, times.factor(), 1e-9);
    assertEquals(3, times.slowdown(), 1e-9);
  }

  @Test
  void aFewMomentsOfTroubleDoNotCount() {
    times.at(0, 0, 0);
    for (int i = 0; i < 400; i++) {
      work(i % 20 == 0 ? 200 : 1, 1);
    }
    assertEquals(1, times.factor(), 1e-9);
  }

  @Test
  void withoutStepsNothingIsKnown() {
    assertEquals(0, times.factor());
    assertEquals(1, times.slowdown());
    assertFalse(times.settled());
  }
}
