package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.trawl.driver.report.Comparison.Group;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

class MetricScaleTest {
  private static final Objective ACCURACY =
      new Objective("validation_accuracy", Direction.MAXIMIZE);
  private static final Objective LOSS = new Objective("validation_loss", Direction.MINIMIZE);

  /** The header and a line a group of trials with these values. */
  private static List<String> drawn(Objective metric, double[]... values) {
    List<Group> groups = new ArrayList<>();
    List<Double> all = new ArrayList<>();
    for (double[] of : values) {
      List<Map<String, Object>> trials = new ArrayList<>();
      for (double value : of) {
        Map<String, Object> trial = new LinkedHashMap<>();
        trial.put("status", "COMPLETED");
        trial.put(metric.metric(), value);
        trials.add(trial);
        all.add(value);
      }
      groups.add(Group.of(List.of(), trials, metric, new Predictions(metric.metric())));
    }
    double[] every = all.stream().mapToDouble(x -> x).toArray();
    MetricScale scale = MetricScale.of(groups, every, metric);
    List<String> lines = new ArrayList<>(List.of(scale.header()));
    groups.forEach(group -> lines.add(scale.drawn(group)));
    return lines;
  }

  @Test
  void closeMeansOfLargeDeviationsOverlap() {
    assertEquals(
        List.of(
            "0.88              0.9949", //
            "╶─────●─────╴",
            "           ╶─────●─────╴"),
        drawn(
            ACCURACY, new double[] {0.88, 0.9103, 0.9406}, new double[] {0.9349, 0.9649, 0.9949}));
  }

  @Test
  void withoutADeviationItBeginsAtZero() {
    assertEquals(
        List.of(
            "0                 0.9649", //
            "                      ●",
            "                       ●"),
        drawn(ACCURACY, new double[] {0.9103}, new double[] {0.9649}));
  }

  @Test
  void lossesOfSeveralDecadesAreOnALogarithmicScaleThatSaysSo() {
    assertEquals(
        List.of(
            "0.01       log       100", //
            "●",
            "            ●",
            "                       ●"),
        drawn(LOSS, new double[] {0.01}, new double[] {1}, new double[] {100}));
  }

  @Test
  void aDeviationIsDrawnNoFurtherThanTrialsAre() {
    // 0.5, 1, 1: mean 0.8333, deviation 0.2887, but no accuracy is more than 1.
    List<String> lines = drawn(ACCURACY, new double[] {0.5, 1, 1}, new double[] {0.6, 0.6, 0.6});
    assertEquals("0.5447                 1", lines.get(0));
    assertEquals("╶──────────────●───────╴", lines.get(1));
  }

  @Test
  void allTheSame_isOneDot() {
    assertEquals(
        "           ●", drawn(ACCURACY, new double[] {0}, new double[] {0}).get(1).substring(1));
  }
}
