package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/**
 * Comparisons and importances against SciPy and scikit-learn: statistics.py beside statistics.json.
 */
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
  void pointsAreComparedAsNumPyAndSciPyDo() {
    List<Group> groups = groups(trials(Set.of()), KEYS);
    JsonNode comparison = expected.get("comparison");
    assertEquals(comparison.get("points").size(), groups.size());
    for (int i = 0; i < groups.size(); i++) {
      JsonNode row = comparison.get("points").get(i);
      Group group = groups.get(i);
      for (int key = 0; key < 3; key++) {
        assertEquals(level(key, row.get("cell").get(key)), group.values().get(key));
      }
      assertEquals(row.get("mean").doubleValue(), group.mean(), 1e-12);
      assertEquals(row.get("deviation").doubleValue(), group.deviation(), 1e-12);
      assertVerdict(comparison, i, group.verdict());
      assertEquals(i == 0, group.verdict().best());
    }
  }

  @Test
  void aKeyAloneIsComparedByMeansOverTheOthers() {
    List<Group> groups = groups(trials(Set.of()), List.of("learning_rate"));
    JsonNode marginal = expected.get("marginal");
    for (int i = 0; i < 3; i++) {
      assertEquals(level(0, marginal.get("levels").get(i)), groups.get(i).values().get(0));
      assertVerdict(marginal, i, groups.get(i).verdict());
    }
  }

  private static void assertVerdict(JsonNode comparison, int i, Significance.Verdict verdict) {
    double tolerance = 0.002 * comparison.get("told").doubleValue(); // of the sum over 1/d0
    assertEquals(comparison.get("lower").get(i).doubleValue(), verdict.lower(), tolerance);
    assertEquals(comparison.get("upper").get(i).doubleValue(), verdict.upper(), tolerance);
    assertEquals(comparison.get("kept").get(i).booleanValue(), verdict.notWorse());
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
}
