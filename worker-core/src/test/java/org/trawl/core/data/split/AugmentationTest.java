package org.trawl.core.data.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec.Augment;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;

class AugmentationTest {
  private static final int SAMPLES = 400;
  private static final int FEATURES = 31;
  private static final Dataset DATASET = dataset();

  private static Dataset dataset() {
    RandomStream random = new RandomStream(8);
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = random.nextInt(3);
    }
    byte[] pixels = TestSources.randomBytes(random, SAMPLES * FEATURES);
    Samples samples = new Samples.Bytes(pixels, SAMPLES, FEATURES);
    return new Dataset("pixels", samples, labels, List.of("a", "b", "c"), 350, 0, 255);
  }

  private static TrainingData data(Augment augment, int folds, int fold, long key) {
    Part validation = folds > 0 ? Part.NONE : new Part(50);
    DataSpec spec =
        new DataSpec(
            null, validation, Part.NONE, folds, false, 0, List.of(new PrepareStep.Unit()), augment);
    return TrainingData.of(DATASET, spec, new RandomStream(key), fold);
  }

  private static float value(TrainingData data, int row, int feature) {
    return ((Samples.Reals) data.dataset().samples()).held().get(row, feature);
  }

  private static int pixel(int row, int feature) {
    return ((Samples.Bytes) DATASET.samples()).data()[row * FEATURES + feature] & 0xFF;
  }

  @Test
  void copiesFollowTheSamples_andTheOtherPartsStayAsTheyAre() {
    TrainingData plain = data(Augment.NONE, 0, 0, 5);
    TrainingData data = data(new Augment(12, 3), 0, 0, 5);
    assertSame(DATASET, plain.dataset());
    assertEquals(300, plain.train().length);
    assertEquals(1200, data.train().length);
    assertEquals(50, data.validation().length);
    assertEquals(50, data.test().length);
    assertEquals(1300, data.dataset().samples().rows());
    assertArrayEquals(plain.scale(), data.scale());
    assertArrayEquals(plain.shift(), data.shift());
    for (int i = 0; i < 1200; i++) {
      int row = plain.train()[i % 300];
      assertEquals(DATASET.labels()[row], data.dataset().labels()[data.train()[i]]);
      for (int j = 0; j < FEATURES; j++) {
        float value = value(data, data.train()[i], j);
        assertEquals(pixel(row, j), value, i < 300 ? 0 : 6 * 12);
      }
    }
    checkUnchanged(plain.validation(), data, data.validation());
    checkUnchanged(plain.test(), data, data.test());
  }

  private static void checkUnchanged(int[] expected, TrainingData data, int[] part) {
    for (int i = 0; i < part.length; i++) {
      assertEquals(DATASET.labels()[expected[i]], data.dataset().labels()[part[i]]);
      for (int j = 0; j < FEATURES; j++) {
        assertEquals(pixel(expected[i], j), value(data, part[i], j));
      }
    }
  }

  /**
   * 27,900 normal numbers: the mean is within 4 sigma / sqrt(n), the deviation within 4 sigma /
   * sqrt(2n), correlations within 4 / sqrt(n).
   */
  @Test
  void theNoiseHasItsSigma_andIsIndependentBetweenCopiesAndFeatures() {
    double sigma = 20;
    TrainingData data = data(new Augment(sigma, 3), 0, 0, 5);
    double[][] noise = new double[3][300 * FEATURES];
    double[] all = new double[3 * 300 * FEATURES];
    for (int copy = 0; copy < 3; copy++) {
      for (int i = 0; i < 300; i++) {
        for (int j = 0; j < FEATURES; j++) {
          int place = i * FEATURES + j;
          noise[copy][place] = value(data, (copy + 1) * 300 + i, j) - value(data, i, j);
          all[copy * 300 * FEATURES + place] = noise[copy][place] / sigma;
        }
      }
    }
    double n = all.length;
    double mean = Arrays.stream(all).sum() / n;
    double square = Arrays.stream(all).map(x -> x * x).sum() / n;
    double fourth = Arrays.stream(all).map(x -> x * x * x * x).sum() / n;
    assertEquals(0, mean, 4 / Math.sqrt(n));
    assertEquals(1, Math.sqrt(square), 4 / Math.sqrt(2 * n));
    assertEquals(3, fourth, 4 * Math.sqrt(96 / n), "as of a normal distribution");
    double[] next = Arrays.copyOfRange(all, 1, all.length);
    assertEquals(0, product(all, next) / n, 4 / Math.sqrt(n), "from feature to feature");
    double[] below = Arrays.copyOfRange(all, FEATURES, all.length);
    assertEquals(0, product(all, below) / n, 4 / Math.sqrt(n), "from sample to sample");
    double ofCopies = 300 * FEATURES;
    double scale = sigma * sigma * ofCopies;
    assertEquals(0, product(noise[0], noise[1]) / scale, 4 / Math.sqrt(ofCopies));
    assertEquals(0, product(noise[1], noise[2]) / scale, 4 / Math.sqrt(ofCopies));
  }

  private static double product(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < Math.min(x.length, y.length); i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** The same noise for a sample's copy wherever it is, another one for another split's key. */
  @Test
  void theNoiseOfASampleIsOfItsCopyAndTheKey() {
    TrainingData one = data(new Augment(10, 1), 0, 0, 5);
    TrainingData more = data(new Augment(10, 4), 0, 0, 5);
    for (int i = 0; i < 600; i++) {
      assertEquals(value(one, i, 3), value(more, i, 3));
    }
    TrainingData larger = data(new Augment(20, 1), 0, 0, 5);
    for (int i = 300; i < 600; i++) {
      float noise = value(one, i, 3) - value(one, i - 300, 3);
      assertEquals(2 * noise, value(larger, i, 3) - value(larger, i - 300, 3), 1e-4);
    }
    TrainingData fold = data(new Augment(10, 1), 5, 2, 5);
    int[] rows = data(Augment.NONE, 5, 2, 5).train();
    int[] others = data(Augment.NONE, 0, 0, 5).train();
    int shared = 0;
    for (int i = 0; i < rows.length; i++) {
      int at = Arrays.binarySearch(others, rows[i]);
      if (at >= 0) {
        assertEquals(value(one, 300 + at, 7), value(fold, rows.length + i, 7));
        shared++;
      }
    }
    assertTrue(shared > 100);
    assertNotEquals(value(one, 300, 0), value(data(new Augment(10, 1), 0, 0, 6), 300, 0));
  }

  @Test
  void copiesAreMadeOnceForAllTrialsOfASplit() {
    DataCache cache = TestSources.cache();
    SourceSpec digits = TestSources.DIGITS;
    DataSpec spec =
        new DataSpec(digits, new Part(0.1), Part.NONE, 0, false, 100, List.of(), new Augment(1, 2));
    TrainingData first = cache.trainingData(spec, new RandomStream(1), 0, Storage.local());
    assertEquals(270, first.train().length);
    assertSame(first, cache.trainingData(spec, new RandomStream(1), 0, Storage.local()));
    assertNotSame(first, cache.trainingData(spec, new RandomStream(2), 0, Storage.local()));
    assertNotSame(
        first, cache.trainingData(spec.withoutAugment(), new RandomStream(1), 0, Storage.local()));
  }

  @Test
  void negativeNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Augment(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Augment(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new Augment(1, -1));
  }
}
