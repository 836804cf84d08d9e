package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.trawl.driver.report.Comparison.Group;
import org.trawl.driver.report.FunctionalAnova.Component;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/** Tests and importances against SciPy and scikit-learn: statistics.py beside statistics.json. */
class StatisticsTest {
  private static final List<String> KEYS = List.of("learning_rate", "epochs", "batch_size");
  private static final Objective ACCURACY =
      new Objective("validation_accuracy", Direction.MAXIMIZE);

  private static JsonNode expected;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream stream = StatisticsTest.class.getResourceAsStream("statistics.json")) {
      expected = new ObjectMapper().readTree(stream);
    }
  }

  private static List<Map<String, Object>> trials(Set<JsonNode> missing) {
    List<Map<String, Object>> trials = new ArrayList<>();
    for (JsonNode row : expected.get("trials")) {
      if (!missing.contains(row.get("cell"))) {
        Map<String, Object> trial = new LinkedHashMap<>();
        trial.put("status", "COMPLETED");
        trial.put("seed", 100L + row.get("seed").intValue());
        trial.put("repeat", row.get("seed").intValue() + 1);
        trial.put("fold", 0);
        for (int key = 0; key < 3; key++) {
          trial.put(KEYS.get(key), level(key, row.get("cell").get(key)));
        }
        trial.put("validation_accuracy", row.get("value").doubleValue());
        trials.add(trial);
      }
    }
    return trials;
  }

  private static Object level(int key, JsonNode level) {
    return expected.get("levels").get(key).get(level.intValue()).doubleValue();
  }

  private static List<Group> groups(List<Map<String, Object>> trials, List<String> keys) {
    Predictions none = new Predictions(ACCURACY.metric());
    return Comparison.of(trials, keys, ACCURACY, none).groups();
  }

  @Test
  void pointsAreTestedAsSciPyDoes() {
    List<Group> groups = groups(trials(Set.of()), KEYS);
    assertEquals(expected.get("comparison").size(), groups.size());
    for (int i = 0; i < groups.size(); i++) {
      JsonNode row = expected.get("comparison").get(i);
      Group group = groups.get(i);
      for (int key = 0; key < 3; key++) {
        assertEquals(level(key, row.get("cell").get(key)), group.values().get(key));
      }
      assertEquals(row.get("mean").doubleValue(), group.mean(), 1e-12);
      assertEquals(row.get("deviation").doubleValue(), group.deviation(), 1e-12);
      if (i == 0) {
        assertNull(group.verdict().p());
        assertEquals(true, group.verdict().notWorse());
      } else {
        double p = row.get("p").doubleValue();
        assertEquals(p, group.verdict().p(), 1e-9);
        assertEquals(p > 0.05, group.verdict().notWorse());
        assertEquals(4, group.verdict().pairs());
      }
    }
  }

  @Test
  void aKeyAloneIsTestedByMeansOverTheOthers() {
    List<Group> groups = groups(trials(Set.of()), List.of("learning_rate"));
    JsonNode marginal = expected.get("marginal");
    for (int i = 0; i < 3; i++) {
      assertEquals(level(0, marginal.get("levels").get(i)), groups.get(i).values().get(0));
      if (i > 0) {
        assertEquals(marginal.get("p").get(i - 1).doubleValue(), groups.get(i).verdict().p(), 1e-9);
      }
    }
  }

  @Test
  void importanceOnAWholeGridIsExact() {
    FunctionalAnova anova =
        FunctionalAnova.of(trials(Set.of()), "validation_accuracy").orElseThrow();
    assertTrue(anova.exact());
    assertEquals(72, anova.trials());
    assertShares(expected.get("exact"), anova, 1e-9);
  }

  @Test
  void importanceWithHolesIsThatOfAForest() {
    Set<JsonNode> missing = new HashSet<>();
    expected.get("missing").forEach(missing::add);
    List<Map<String, Object>> trials = trials(missing);
    FunctionalAnova anova = FunctionalAnova.of(trials, "validation_accuracy").orElseThrow();
    assertFalse(anova.exact());
    assertShares(expected.get("forest"), anova, 0.02);
    FunctionalAnova again = FunctionalAnova.of(trials, "validation_accuracy").orElseThrow();
    assertEquals(anova.components(), again.components());
  }

  private static void assertShares(JsonNode shares, FunctionalAnova anova, double tolerance) {
    assertEquals(6, anova.components().size());
    for (Component component : anova.components()) {
      String name =
          String.join(
              ",",
              component.keys().stream()
                  .map(key -> String.valueOf(KEYS.indexOf(key)))
                  .sorted()
                  .toList());
      assertEquals(shares.get(name).doubleValue(), component.share(), tolerance, name);
    }
  }

  @Test
  void importanceOfWordsAndListsAndOfNothing() {
    List<Map<String, Object>> trials = new ArrayList<>();
    for (String activation : List.of("relu", "tanh", "elu")) {
      for (List<Integer> hidden : List.of(List.of(5), List.<Integer>of())) {
        Map<String, Object> trial = new LinkedHashMap<>();
        trial.put("status", "COMPLETED");
        trial.put("activation", activation);
        trial.put("hidden", hidden);
        trial.put("validation_accuracy", activation.equals("tanh") ? 1.0 : 0.5);
        trial.put("validation_loss", 1.0);
        trials.add(trial);
      }
    }
    List<Component> components =
        FunctionalAnova.of(trials, "validation_accuracy").orElseThrow().components();
    assertEquals(List.of("activation"), components.get(0).keys());
    assertEquals(1, components.get(0).share(), 1e-12);
    assertEquals(0, components.get(1).share(), 1e-12);
    assertEquals(Optional.empty(), FunctionalAnova.of(trials, "validation_loss"));
    assertEquals(Optional.empty(), FunctionalAnova.of(List.of(), "validation_loss"));
  }

  @Test
  void holm_isTheWorkedExample() {
    // 0.01 x 4, 0.02 x 3, 0.03 x 2, 0.04 x 1, never smaller than the one before
    double[] p = {0.03, Double.NaN, 0.01, 0.04, 0.02};
    assertArrayEquals(
        new double[] {0.06, Double.NaN, 0.04, 0.06, 0.06}, Significance.holm(p), 1e-15);
  }

  @Test
  void pairedT_ofFoldsHasALargerError() {
    double[] differences = {0.01, 0.03, 0.02, 0.04, 0.00};
    // mean 0.02, s^2 = 0.001/4; t = 0.02 / sqrt(0.00025/5) = 2.8284, of 4 degrees: scipy.stats.t.sf
    assertEquals(0.047421, Significance.pairedT(differences, 0), 1e-6);
    // t = 0.02 / sqrt(0.00025 (1/5 + 1/4)) = 1.8856
    assertEquals(0.132419, Significance.pairedT(differences, 0.25), 1e-6);
    assertEquals(1, Significance.pairedT(new double[] {0, 0, 0}, 0));
    // Equal differences: the exact sign test, 2 / 2^n.
    assertEquals(0.5, Significance.pairedT(new double[] {0.5, 0.5}, 0));
    assertEquals(0.5, Significance.pairedT(new double[] {0.9721 - 0.9610, 0.9694 - 0.9583}, 0));
    assertEquals(0.03125, Significance.pairedT(new double[] {1, 1, 1, 1, 1, 1}, 0));
    assertTrue(Double.isNaN(Significance.pairedT(new double[] {0.5}, 0)));
  }
}
