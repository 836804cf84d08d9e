package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.trawl.driver.sweep.Objective;

class RankTest {
  private static final double NONE = Double.NaN;

  private static List<Rank> sorted(String metric, Rank... ranks) {
    return List.of(ranks).stream().sorted(Rank.bestFirst(Objective.of(metric))).toList();
  }

  @Test
  void equalValuesAreOrderedByTheLossThenByTheParameters() {
    Rank best = new Rank(0.9, 0.5, 99);
    Rank small = new Rank(0.8, 0.2, 10);
    Rank large = new Rank(0.8, 0.2, 20);
    Rank worseLoss = new Rank(0.8, 0.3, 1);
    Rank noLoss = new Rank(0.8, NONE, 1);
    Rank none = new Rank(NONE, 0.1, 1);
    assertEquals(
        List.of(best, small, large, worseLoss, noLoss, none),
        sorted("validation_accuracy", none, noLoss, worseLoss, large, small, best));
    assertEquals(
        List.of(small, large, best, none), sorted("validation_loss", none, best, small, large));
  }

  @Test
  void theLossIsOfTheMetricsPart() {
    Map<String, Object> trial =
        Map.of(
            "train_loss",
            1.0,
            "validation_loss",
            2.0,
            "test_loss",
            3.0,
            "macro_f1",
            0.5,
            "parameters",
            7L);
    assertEquals(new Rank(0.5, 2, 7), Rank.of(trial, "macro_f1"));
    assertEquals(new Rank(NONE, 3, 7), Rank.of(trial, "test_macro_f1"));
    assertEquals(new Rank(NONE, 1, 7), Rank.of(trial, "train_accuracy"));
    Map<String, Object> untested = Map.of("test_loss", 3.0, "macro_f1", 0.5);
    assertEquals(new Rank(0.5, 3, Long.MAX_VALUE), Rank.of(untested, "macro_f1"));
  }
}
