package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparisonsWithBestTest {
  private static final double NONE = Double.NaN;

  private static double[] doubles(JsonNode array) {
    return IntStream.range(0, array.size()).mapToDouble(i -> array.get(i).doubleValue()).toArray();
  }

  @Test
  void twoGroups_areComparedByThePairedTTest() {
    // Differences 1, 2, 3: mean 2, deviation 1, error 1/sqrt(3) = 0.57735; t(0.95, 2) = 2.919986,
    // so
    // the margin is 1.685855. Residuals about half the difference: -0.5, 0, 0.5 in both groups,
    // whose
    // variance is 0.5 / (2 (1 - 1/2)) = 0.5, so moderated it is too.
    double[][] values = {{11, 22, 33}, {10, 20, 30}};
    ComparisonsWithBest hsu = new ComparisonsWithBest(values, 0);
    assertArrayEquals(new double[] {0.5, 0.5}, hsu.variances().moderated(), 1e-9);
    assertEquals(1.685855, hsu.told(), 1e-6);
    assertTrue(hsu.kept(0));
    assertFalse(hsu.kept(1));
    assertEquals(0, hsu.lower(0)); // nobody else is kept
    assertEquals(3.685855, hsu.upper(0), 1e-6);
    assertEquals(-3.685855, hsu.lower(1), 1e-6);
    assertEquals(0, hsu.upper(1));
    // Over three folds the variance of a mean is 1/3 + 1/2 of one's: the margin sqrt(2.5) as large.
    ComparisonsWithBest folds = new ComparisonsWithBest(values, 0.5);
    assertEquals(2.665570, folds.told(), 1e-6);
    assertTrue(folds.kept(1));
    assertEquals(-4.665570, folds.lower(1), 1e-6);
    assertEquals(0.665570, folds.upper(1), 1e-6);
  }

  @Test
  void folds_areComparedAsSciPyDoes() throws IOException {
    double[][] counts = {{55, 57, 54, 58, 56}, {53, 54, 54, 56, 54}, {40, 45, 41, 46, 44}};
    double[][] values =
        Arrays.stream(counts)
            .map(of -> Arrays.stream(of).map(count -> count / 60).toArray())
            .toArray(double[][]::new);
    ComparisonsWithBest hsu = new ComparisonsWithBest(values, 0.25);
    try (InputStream stream = StatisticsTest.class.getResourceAsStream("statistics.json")) {
      JsonNode expected = new ObjectMapper().readTree(stream).get("folds");
      assertEquals(Double.POSITIVE_INFINITY, hsu.variances().priorDegrees()); // too few to tell
      assertEquals(expected.get("prior").doubleValue(), hsu.variances().priorVariance(), 1e-15);
      assertArrayEquals(doubles(expected.get("variances")), hsu.variances().moderated(), 1e-15);
      assertEquals(expected.get("told").doubleValue(), hsu.told(), 1e-12);
      for (int i = 0; i < 3; i++) {
        assertEquals(expected.get("kept").get(i).booleanValue(), hsu.kept(i));
        assertEquals(expected.get("lower").get(i).doubleValue(), hsu.lower(i), 1e-12);
        assertEquals(expected.get("upper").get(i).doubleValue(), hsu.upper(i), 1e-12);
      }
    }
  }

  @Test
  void bigSeedEffectsAreNoNoise() {
    double[][] values = {{101.01, 201.00, 302.02}, {101, 201.01, 302}, {100, 200.02, 301.01}};
    ComparisonsWithBest hsu = new ComparisonsWithBest(values, 0);
    assertEquals(List.of(0, 1), hsu.keptGroups());
    assertTrue(hsu.told() < 0.1, () -> "told " + hsu.told());
  }

  @Test
  void allTheSame_nothingIsWorseAndTheIntervalsAreNothing() {
    ComparisonsWithBest hsu =
        new ComparisonsWithBest(new double[][] {{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}}, 0);
    assertEquals(List.of(0, 1, 2), hsu.keptGroups());
    for (int i = 0; i < 3; i++) {
      assertEquals(0, hsu.lower(i));
      assertEquals(0, hsu.upper(i));
    }
    // As different as the seeds are: what remains is rounding.
    ComparisonsWithBest seeds =
        new ComparisonsWithBest(new double[][] {{0.1, 0.3, 0.7}, {0.1, 0.3, 0.7}}, 0);
    assertEquals(List.of(0, 1), seeds.keptGroups());
  }

  @Test
  void equalDifferences_areNotKnownExactly() {
    // No residuals at all; steps of 1/60, whose rounding has a variance of 1/60^2/12, so that with
    // t(0.95, 1) = 6.313752 the margin is 6.313752 sqrt(1/12) / 60 = 0.030377: not one sample, but
    // two.
    double[] best = {50 / 60.0, 53 / 60.0};
    double[] one = {49 / 60.0, 52 / 60.0};
    double[] two = {48 / 60.0, 51 / 60.0};
    ComparisonsWithBest close = new ComparisonsWithBest(new double[][] {best, one}, 0);
    assertEquals(0.030377, close.told(), 1e-6);
    assertTrue(close.kept(1));
    ComparisonsWithBest far = new ComparisonsWithBest(new double[][] {best, two}, 0);
    assertFalse(far.kept(1));
  }

  @Test
  void aGroupWithFewerBlocksIsComparedWithoutTheirEffects() {
    // The second has not the hardest block: its mean is the largest, but it is the worse one.
    double[][] values = {
      {0.90, 0.80, 0.501}, {0.801, 0.70, NONE}, {0.90, 0.802, 0.50}, {0.85, 0.75, 0.45}
    };
    ComparisonsWithBest hsu = new ComparisonsWithBest(values, 0);
    assertFalse(hsu.kept(1));
    assertEquals(List.of(2, 0), hsu.keptGroups());
    assertEquals(-0.1, hsu.lower(1) + hsu.told(), 0.02);
  }

  @Test
  void bothBounds_areThoseOfAllPairs() {
    Random random = new Random(5);
    int groups = 60;
    int blocks = 4;
    double[][] values = new double[groups][blocks];
    double[] means = new double[groups];
    for (int i = 0; i < groups; i++) {
      for (int block = 0; block < blocks; block++) {
        values[i][block] = -0.1 * i + random.nextGaussian();
      }
      means[i] = DoubleStream.of(values[i]).average().orElseThrow();
    }
    ComparisonsWithBest hsu = new ComparisonsWithBest(values, 0);
    double[] variances = hsu.variances().moderated();
    double[] sorted = DoubleStream.of(variances).sorted().toArray();
    double quantile = hsu.told() / Math.sqrt(2 * sorted[groups / 2] / blocks);
    for (int i = 0; i < groups; i++) {
      double lower = 0;
      double upper = Double.POSITIVE_INFINITY;
      for (int j = 0; j < groups; j++) {
        if (i != j) {
          double margin = quantile * Math.sqrt((variances[i] + variances[j]) / blocks);
          upper = Math.min(upper, means[i] - means[j] + margin);
          lower = hsu.kept(j) ? Math.min(lower, means[i] - means[j] - margin) : lower;
        }
      }
      assertEquals(upper >= 0, hsu.kept(i));
      assertEquals(Math.max(0, upper), hsu.upper(i), 1e-12);
      assertEquals(lower, hsu.lower(i), 1e-12);
    }
  }
}
