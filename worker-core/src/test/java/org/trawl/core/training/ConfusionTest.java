package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ConfusionTest {
  private static final int MANY = 100_000;

  /** Three samples of class 1: two right, one as class 0; one of the last class, right. */
  @Test
  void itHoldsThePairsThatOccur() {
    long last = MANY - 1;
    long[] samples = {MANY + 1L, last * MANY + last, MANY, MANY + 1L};
    Confusion confusion = Confusion.of(MANY, samples);
    assertArrayEquals(new int[] {1, 1, MANY - 1}, confusion.actual());
    assertArrayEquals(new int[] {0, 1, MANY - 1}, confusion.predicted());
    assertArrayEquals(new int[] {1, 2, 1}, confusion.counts());
    assertEquals(4, confusion.samples());
    ClassMetrics metrics = new ClassMetrics(confusion);
    assertEquals(2.0 / 3, metrics.recall(1));
    assertEquals(1, metrics.support(MANY - 1));
    assertEquals(0, metrics.support(7));
  }

  @Test
  void countsOfAllPairsAreReadAndGiven() {
    int[] counts = {3, 0, 1, 0, 0, 0, 2, 0, 5};
    assertArrayEquals(counts, Confusion.of(counts).all());
    assertEquals(4, Confusion.of(counts).pairs());
    assertEquals(0, Confusion.of(new int[0]).classes());
    assertThrows(IllegalArgumentException.class, () -> Confusion.of(new int[5]));
  }

  @Test
  void pairsOutOfOrderOrOfNoClassAreRefused() {
    int[] one = {1};
    int[] two = {1, 1};
    assertThrows(IllegalArgumentException.class, () -> new Confusion(2, two, two, two));
    assertThrows(IllegalArgumentException.class, () -> new Confusion(1, one, one, one));
    assertThrows(IllegalArgumentException.class, () -> new Confusion(2, one, one, new int[1]));
    assertThrows(IllegalArgumentException.class, () -> new Confusion(2, one, one, two));
  }
}
