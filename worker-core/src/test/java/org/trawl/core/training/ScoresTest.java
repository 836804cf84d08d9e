package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.training.TrainingSpec.Measures;

/** Against scikit-learn: metrics.json, which metrics.py beside it made. */
class ScoresTest {
  private static final double TOLERANCE = 1e-12;

  static Stream<Named<JsonNode>> cases() throws IOException {
    try (InputStream file =
        ScoresTest.class.getResourceAsStream("/org/trawl/core/training/metrics.json")) {
      JsonNode cases = new ObjectMapper().readTree(file);
      assertTrue(cases.size() >= 12);
      return StreamSupport.stream(cases.spliterator(), false)
          .map(one -> Named.of(one.get("name").asText(), one));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theyAreThoseOfScikitLearn(JsonNode expected) {
    int classes = expected.get("precision").size();
    Scores scores = scores(expected, classes);
    for (int k = 1; k <= classes; k++) {
      assertEquals(
          expected.get("top_k_accuracy").get(k - 1).asDouble(),
          scores.topKAccuracy(k),
          TOLERANCE,
          "k = " + k);
    }
    assertNear(expected.get("calibration_error"), scores.calibrationError());
    double[] areas = new double[classes];
    assertEquals(List.of(), scores.roc(areas, 0));
    List<RocCurve> curves = scores.roc(areas, 10_000);
    for (int type = 0; type < classes; type++) {
      assertNear(expected.get("roc_auc").get(type), areas[type]);
      if (!expected.get("roc").get(type).isNull()) {
        checkCurve(expected.get("roc").get(type), curves.get(type));
      }
    }
    ClassMetrics metrics = new ClassMetrics(Confusion.of(confusion(expected, classes)));
    for (int type = 0; type < classes; type++) {
      assertNear(expected.get("precision").get(type), metrics.precision(type));
      assertNear(expected.get("recall").get(type), metrics.recall(type));
      assertNear(expected.get("f1").get(type), metrics.f1(type));
      assertEquals(expected.get("support").get(type).asInt(), metrics.support(type));
    }
    assertNear(expected.get("macro_precision"), metrics.macroPrecision());
    assertNear(expected.get("macro_recall"), metrics.macroRecall());
    assertNear(expected.get("macro_f1"), metrics.macroF1());
    assertNear(expected.get("weighted_precision"), metrics.weightedPrecision());
    assertNear(expected.get("weighted_recall"), metrics.weightedRecall());
    assertNear(expected.get("weighted_f1"), metrics.weightedF1());
    assertNear(expected.get("macro_roc_auc"), metrics.macroRocAuc(areas));
    assertNear(expected.get("weighted_roc_auc"), metrics.weightedRocAuc(areas));
  }

  private static Scores scores(JsonNode part, int classes) {
    Scores scores = new Scores(200, classes);
    // What another part left must not matter.
    scores.add(0);
    scores.set(classes - 1, 7f);
    scores.clear();
    for (int sample = 0; sample < part.get("labels").size(); sample++) {
      scores.add(part.get("labels").get(sample).asInt());
      for (int type = 0; type < classes; type++) {
        scores.set(type, (float) part.get("outputs").get(sample).get(type).asDouble());
      }
    }
    return scores;
  }

  private static int[] confusion(JsonNode part, int classes) {
    int[] confusion = new int[classes * classes];
    for (int sample = 0; sample < part.get("labels").size(); sample++) {
      JsonNode outputs = part.get("outputs").get(sample);
      int largest = 0;
      for (int type = 1; type < classes; type++) {
        largest = outputs.get(type).asDouble() > outputs.get(largest).asDouble() ? type : largest;
      }
      confusion[part.get("labels").get(sample).asInt() * classes + largest]++;
    }
    return confusion;
  }

  private static void checkCurve(JsonNode expected, RocCurve curve) {
    int points = expected.get(0).size();
    assertEquals(points, curve.thresholds().length);
    assertTrue(Double.isNaN(curve.thresholds()[0]));
    for (int point = 0; point < points; point++) {
      assertNear(expected.get(0).get(point), curve.falsePositiveRate(point));
      assertNear(expected.get(1).get(point), curve.truePositiveRate(point));
      if (point > 0) {
        assertEquals(expected.get(2).get(point - 1).asDouble(), curve.thresholds()[point]);
      }
    }
  }

  private static void assertNear(JsonNode expected, double actual) {
    assertEquals(expected.isNull() ? Double.NaN : expected.asDouble(), actual, TOLERANCE);
  }

  /** Curves are made by sorting; without them a class of few samples is compared one by one. */
  @Test
  void theAreaOfAClassOfFewSamplesIsTheOneBelowItsCurve() {
    RandomStream random = new SeedStreams(5).stream("few");
    int classes = 40;
    Scores scores = new Scores(200, classes);
    for (int sample = 0; sample < 200; sample++) {
      int label = sample < 60 ? sample % 3 : sample % (classes - 1);
      scores.add(label);
      for (int type = 0; type < classes; type++) {
        // Many equal ones, and both zeros.
        int level = (int) (random.nextLong() >>> 62) - 1;
        scores.set(type, type == label && level > 0 ? 2f : level == 0 ? -0f : level / 4f);
      }
    }
    double[] compared = new double[classes];
    double[] sorted = new double[classes];
    scores.roc(compared, 0);
    scores.roc(sorted, 2);
    assertArrayEquals(sorted, compared);
    assertTrue(sorted[3] > 0.5 && sorted[3] < 1, "area " + sorted[3]);
    assertTrue(Double.isNaN(compared[classes - 1]), "a class without samples");
  }

  @Test
  void aCurveOfFewPointsHasTheEndsAndPointsOfTheWholeOne() throws IOException {
    JsonNode part =
        cases()
            .map(Named::getPayload)
            .filter(one -> one.get("name").asText().equals("chance"))
            .findFirst()
            .orElseThrow();
    Scores scores = scores(part, 4);
    double[] areas = new double[4];
    RocCurve whole = scores.roc(areas, 10_000).get(0);
    for (int points : new int[] {2, 3, 7, whole.thresholds().length}) {
      RocCurve few = scores.roc(areas, points).get(0);
      assertEquals(points, few.thresholds().length);
      int at = 0;
      for (int point = 0; point < points; point++) {
        while (whole.falsePositives()[at] != few.falsePositives()[point]
            || whole.truePositives()[at] != few.truePositives()[point]) {
          at++;
        }
        assertEquals(whole.thresholds()[at], few.thresholds()[point]);
      }
      assertEquals(whole.thresholds().length - 1, at);
      assertEquals(0, few.falsePositives()[0]);
    }
  }

  /** The training part is evaluated as the network is after the epoch, without dropout. */
  @Test
  void theTrainingPartIsEvaluatedOnRequest() {
    TrainingData rings = Toy.rings(90, 10, 10);
    TrainingData same =
        new TrainingData(
            rings.dataset(),
            rings.train(),
            rings.train(),
            rings.test(),
            rings.scale(),
            rings.shift());
    Toy toy = new Toy();
    toy.dropout = 0.5;
    assertTrue(toy.train(rings).epochs().get(0).train().isEmpty());
    toy.measures = new Measures(true, true, 2, 5);
    for (EpochResult epoch : toy.train(same).epochs()) {
      Evaluation train = epoch.train().orElseThrow();
      Evaluation validation = epoch.validation().orElseThrow();
      assertEquals(validation.loss(), train.loss());
      assertEquals(validation.topKAccuracy(), train.topKAccuracy());
      assertTrue(train.topKAccuracy() >= train.accuracy());
      assertEquals(validation.calibrationError(), train.calibrationError());
      assertArrayEquals(validation.rocAuc(), train.rocAuc());
      assertArrayEquals(validation.confusion(), train.confusion());
      assertEquals(3, train.rocCurves().size());
      assertFalse(train.loss() == epoch.trainLoss());
    }
  }
}
