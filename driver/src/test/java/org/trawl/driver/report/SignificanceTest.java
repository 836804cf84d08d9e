package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

class SignificanceTest {
  private static final Objective ACCURACY =
      new Objective("validation_accuracy", Direction.MAXIMIZE);
  private static final Objective LOSS = new Objective("validation_loss", Direction.MINIMIZE);

  private final List<Map<String, Object>> trials = new ArrayList<>();

  private Map<String, Object> add(String activation, double rate, int repeat, double accuracy) {
    Map<String, Object> trial = new LinkedHashMap<>();
    trial.put("status", "COMPLETED");
    trial.put("activation", activation);
    trial.put("learning_rate", rate);
    trial.put("seed", 70L + repeat);
    trial.put("repeat", repeat);
    trial.put("fold", 0);
    trial.put("validation_accuracy", accuracy);
    trial.put("validation_loss", 1 - accuracy);
    trials.add(trial);
    return trial;
  }

  private void ended(Map<String, Object> trial, String status) {
    trial.put("status", status);
    trial.put("validation_accuracy", null);
    trial.put("validation_loss", null);
  }

  private List<Map<String, Object>> rows(Objective metric, String... keys) {
    List<Map<String, Object>> rows = new ArrayList<>();
    Comparison.of(trials, List.of(keys), metric, new Predictions(metric.metric()))
        .rows()
        .values()
        .forEach(rows::add);
    return rows;
  }

  private String note(String key) {
    return Comparison.of(trials, List.of(key), ACCURACY, new Predictions("validation_accuracy"))
        .testNote("=", false)
        .orElseThrow();
  }

  private static List<Object> column(List<Map<String, Object>> rows, String name) {
    List<Object> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.get(name)));
    return values;
  }

  @Test
  void ofManyPointsWithThreeRepeatsTheBadAreNotMarked() {
    Random random = new Random(1);
    for (int point = 0; point < 152; point++) {
      double mean = point == 151 ? 0.1337 : 0.985 - 0.0025 * point;
      for (int repeat = 1; repeat <= 3; repeat++) {
        // of 300 samples, as accuracies are
        double noise = 0.004 * random.nextGaussian() + 0.003 * repeat;
        add("relu", point, repeat, Math.rint(300 * (mean + noise)) / 300);
      }
    }
    List<Map<String, Object>> rows = rows(ACCURACY, "learning_rate");
    long kept = rows.stream().filter(row -> Boolean.TRUE.equals(row.get("not_worse"))).count();
    assertTrue(kept < 15, () -> kept + " kept");
    assertEquals(151.0, rows.get(151).get("learning_rate"));
    assertEquals(false, rows.get(151).get("not_worse"));
    assertEquals(0.0, rows.get(151).get("versus_best_upper"));
    assertTrue((double) rows.get(151).get("versus_best_lower") < -0.8);
  }

  @Test
  void ofTwoRepeatsALossFarAwayIsNotMarked() {
    double[] losses = {0.138, 0.141, 0.150, 0.162, 0.171, 0.190, 0.220, 0.260, 1.954};
    double[] noise = {0.002, -0.003, 0.004, 0.001, -0.005, 0.003, -0.001, 0.006, 0.3};
    for (int point = 0; point < losses.length; point++) {
      add("relu", point, 1, 1 - losses[point] - noise[point]);
      add("relu", point, 2, 1 - losses[point] + noise[point] + 0.01);
    }
    List<Map<String, Object>> rows = rows(LOSS, "learning_rate");
    assertEquals(0.0, rows.get(0).get("learning_rate"));
    assertEquals(true, rows.get(0).get("not_worse"));
    assertEquals(8.0, rows.get(8).get("learning_rate"));
    assertEquals(false, rows.get(8).get("not_worse"));
    // Of a loss the interval goes the other way: from no difference to how much larger it may be.
    assertEquals(0.0, rows.get(8).get("versus_best_lower"));
    assertTrue((double) rows.get(8).get("versus_best_upper") > 1.8);
  }

  @Test
  void lossesAreComparedAsTheirNegativesAre() {
    Random random = new Random(2);
    for (int point = 0; point < 8; point++) {
      for (int repeat = 1; repeat <= 4; repeat++) {
        add("relu", point, repeat, 0.9 - 0.01 * point + 0.01 * random.nextGaussian());
      }
    }
    List<Map<String, Object>> accuracies = rows(ACCURACY, "learning_rate");
    List<Map<String, Object>> losses = rows(LOSS, "learning_rate");
    for (int i = 0; i < 8; i++) {
      assertEquals(accuracies.get(i).get("not_worse"), losses.get(i).get("not_worse"));
      assertEquals(
          -(double) accuracies.get(i).get("versus_best_lower"),
          (double) losses.get(i).get("versus_best_upper"),
          1e-12);
      assertEquals(
          -(double) accuracies.get(i).get("versus_best_upper"),
          (double) losses.get(i).get("versus_best_lower"),
          1e-12);
    }
  }

  @Test
  void aPointWithADivergedOrFailedRepeatSaysSoAndIsNotInTheSet() {
    for (int repeat = 1; repeat <= 3; repeat++) {
      add("relu", 0.1, repeat, 0.90 + 0.01 * repeat);
      add("relu", 0.2, repeat, 0.89 + 0.01 * repeat + 0.001 * (repeat % 2));
      Map<String, Object> diverging = add("relu", 0.3, repeat, 0.95 + 0.01 * repeat);
      Map<String, Object> failing = add("relu", 0.4, repeat, 0.97 + 0.01 * repeat);
      if (repeat == 2) {
        ended(diverging, "DIVERGED");
        ended(failing, "FAILED");
      }
    }
    List<Map<String, Object>> rows = rows(ACCURACY, "learning_rate");
    assertEquals(List.of(0.4, 0.3, 0.1, 0.2), column(rows, "learning_rate"));
    assertEquals(List.of(false, false, true, false), column(rows, "not_worse"));
    assertEquals(List.of(0, 1, 0, 0), column(rows, "diverged"));
    assertEquals(List.of(1, 0, 0, 0), column(rows, "failed"));
    Comparison comparison =
        Comparison.of(
            trials, List.of("learning_rate"), ACCURACY, new Predictions("validation_accuracy"));
    assertEquals("2 of 3", comparison.groups().get(0).counted());
    assertTrue(note("learning_rate").endsWith("some trials (2 of 3) is not compared."));
    assertEquals("3", comparison.groups().get(2).counted());
    assertTrue(comparison.groups().get(2).verdict().best());
  }

  @Test
  void groupsOfSeveralPointsAreComparedOverWhatAllHave() {
    Random random = new Random(3);
    for (int repeat = 1; repeat <= 3; repeat++) {
      for (double rate : new double[] {0.1, 0.2, 0.3, 0.4}) {
        // relu is better by 0.05 at each rate, but diverges at the easiest and lacks an easy one.
        double noise = 0.001 * random.nextGaussian();
        Map<String, Object> relu = add("relu", rate, repeat, 0.55 + rate + noise);
        if (rate == 0.4) {
          ended(relu, "DIVERGED");
        } else if (rate == 0.3) {
          trials.remove(relu);
        }
        add("tanh", rate, repeat, 0.5 + rate);
      }
    }
    List<Map<String, Object>> rows = rows(ACCURACY, "activation");
    assertEquals(List.of("tanh", "relu"), column(rows, "activation")); // by means over all
    assertEquals(List.of(false, true), column(rows, "not_worse"));
    assertEquals(-0.05, (double) rows.get(0).get("versus_best_lower"), 0.005);
    assertTrue(note("activation").contains("over the 2 of 4 combinations of other keys"));
  }

  @Test
  void aGroupThatFailsInMostCombinationsDoesNotKeepTheOthersFromBeingCompared() {
    for (int repeat = 1; repeat <= 3; repeat++) {
      for (double rate : new double[] {0.1, 0.2, 0.3}) {
        add("relu", rate, repeat, 0.6 + rate + 0.001 * repeat);
        add("tanh", rate, repeat, 0.5 + rate + 0.001 * repeat * repeat);
        Map<String, Object> wild = add("identity", rate, repeat, 0.9);
        if (rate > 0.15) {
          ended(wild, "DIVERGED");
        }
      }
    }
    List<Map<String, Object>> rows = rows(ACCURACY, "activation");
    assertEquals(List.of("identity", "relu", "tanh"), column(rows, "activation"));
    assertEquals(List.of(false, true, false), column(rows, "not_worse"));
    assertTrue(note("activation").endsWith("failed in half of its combinations is not compared."));
    assertFalse(note("activation").contains("combinations of other keys"));
  }

  @Test
  void oneRepeat_nothingIsTested() {
    add("relu", 0.1, 1, 0.9);
    add("relu", 0.2, 1, 0.8);
    List<Map<String, Object>> rows = rows(ACCURACY, "learning_rate");
    for (Map<String, Object> row : rows) {
      assertEquals(null, row.get("not_worse"));
      assertEquals(null, row.get("versus_best_lower"));
    }
    assertFalse(
        Comparison.of(
                trials, List.of("learning_rate"), ACCURACY, new Predictions("validation_accuracy"))
            .tested());
  }

  @Test
  void onePoint_nothingIsTested() {
    add("relu", 0.1, 1, 0.9);
    add("relu", 0.1, 2, 0.8);
    assertEquals(null, rows(ACCURACY, "learning_rate").get(0).get("not_worse"));
  }

  @Test
  void aRunThatGoesOn_comparesPointsByTheSeedsThatTheyShare() {
    for (int point = 0; point < 6; point++) {
      for (int repeat = 1; repeat <= (point < 3 ? 4 : 3); repeat++) {
        // The last seed is a hard one, which the later points have not had yet.
        double hard = repeat == 4 ? -0.3 : 0;
        double noise = 0.0005 * ((point * 7 + repeat * 3) % 5);
        add("relu", point, repeat, 0.9 - 0.02 * point + hard + noise);
      }
    }
    add("relu", 6, 4, 0.6); // has one seed only
    List<Map<String, Object>> rows = rows(ACCURACY, "learning_rate");
    Map<Object, Object> notWorse = new LinkedHashMap<>();
    rows.forEach(row -> notWorse.put(row.get("learning_rate"), row.get("not_worse")));
    assertEquals(true, notWorse.get(0.0));
    for (double worse : new double[] {1, 2, 3, 4, 5}) {
      assertEquals(false, notWorse.get(worse), () -> worse + ": " + rows);
    }
    assertEquals(null, notWorse.get(6.0));
  }
}
