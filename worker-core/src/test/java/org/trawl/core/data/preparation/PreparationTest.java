package org.trawl.core.data.preparation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.PrepareStep.Balance;
import org.trawl.core.data.preparation.PrepareStep.Classes;
import org.trawl.core.data.preparation.PrepareStep.Gray;
import org.trawl.core.data.preparation.PrepareStep.Hog;
import org.trawl.core.data.preparation.PrepareStep.Limit;
import org.trawl.core.data.preparation.PrepareStep.OneHot;
import org.trawl.core.data.preparation.PrepareStep.Pca;
import org.trawl.core.data.preparation.PrepareStep.Resize;
import org.trawl.core.data.preparation.PrepareStep.Scale;
import org.trawl.core.data.preparation.PrepareStep.Standardize;
import org.trawl.core.data.preparation.PrepareStep.Unit;
import org.trawl.core.data.sample.Columns;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.LabelForm;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;

/** Whole preparations: which rows, which features, and who shares them. */
final class PreparationTest {
  private static final Standardize EACH = new Standardize(Standardize.Over.EACH);
  private static final Standardize ALL = new Standardize(Standardize.Over.ALL);
  private static final Hog HOG = new Hog(4, 2, 2, 2, 2);

  private static final SourceSpec IMAGES =
      new SourceSpec(
          "digits",
          SourceSpec.Format.CSV,
          TestSources.DIGITS.train(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          "",
          SourceSpec.Header.ABSENT,
          List.of(),
          Map.of(),
          16,
          new SampleShape(8, 8, 1),
          SourceSpec.ImageChanges.NONE,
          "");

  private static final Dataset DIGITS = TestSources.read(IMAGES);

  private final DataCache cache = TestSources.cache();

  @Test
  void aPreparationAsData_makesOfRawSamplesWhatTrainingGathers() {
    for (List<PrepareStep> steps :
        List.<List<PrepareStep>>of(
            List.of(),
            List.of(new Unit(), EACH),
            List.of(new Resize(5, 6), new Unit(), ALL),
            List.of(new Unit(), HOG, EACH),
            List.of(new Gray(), new Scale(0.1), new Pca(7), EACH),
            List.of(EACH, new Pca(0.8), new Pca(3), new Scale(2)))) {
      TrainingData data = digits(steps, 0.2);
      Preparation preparation = data.preparation();
      assertEquals(64, preparation.inputs());
      assertEquals(data.features(), preparation.outputs());
      float[] raw = values(DIGITS.samples());
      float[] prepared = preparation.applyToHeld(raw, DIGITS.samples().rows());
      float[] derived = values(data.dataset().samples());
      for (int i = 0; i < derived.length; i++) {
        int feature = i % data.features();
        assertEquals(
            Math.fma(derived[i], data.scale()[feature], data.shift()[feature]), prepared[i]);
      }
    }
  }

  @Test
  void bytesStayBytes_whileTheyAreImages() {
    TrainingData data = digits(List.of(new Gray(), new Resize(4, 4), new Unit()), 0.2);

    assertEquals(16, data.features());
    assertEquals(new SampleShape(4, 4, 1), data.dataset().shape());
    assertTrue(data.dataset().samples() instanceof Samples.Bytes);
    assertEquals(1 / 16f, data.scale()[0]);
  }

  @Test
  void standardizeAll_hasOneMeanAndOneDeviation() {
    TrainingData data = digits(List.of(new Unit(), ALL), 0.2);
    double sum = 0;
    double squares = 0;
    float[] prepared =
        data.preparation().applyToHeld(values(DIGITS.samples()), DIGITS.samples().rows());
    for (int row : data.train()) {
      for (int i = 0; i < 64; i++) {
        sum += prepared[row * 64 + i];
        squares += prepared[row * 64 + i] * (double) prepared[row * 64 + i];
      }
    }
    int count = data.train().length * 64;
    assertEquals(0, sum / count, 1e-6);
    assertEquals(1, squares / count, 1e-6);
    assertEquals(data.scale()[0], data.scale()[33]);
    assertEquals(data.shift()[0], data.shift()[33]);
  }

  @Test
  void pca_isFittedToTheTrainingPartAlone_andItsComponentsAreOrthogonal() {
    TrainingData data = digits(List.of(new Pca(5)), 0.5);
    FittedStep.Pca pca = (FittedStep.Pca) data.steps().get(0);
    double mean = 0;
    for (int row : data.train()) {
      mean += values(DIGITS.samples())[row * 64 + 20];
    }
    assertEquals((float) (mean / data.train().length), pca.mean()[20]);
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        double product = 0;
        for (int i = 0; i < 64; i++) {
          product += (double) pca.loadings()[i * 5 + a] * pca.loadings()[i * 5 + b];
        }
        assertEquals(a == b ? 1 : 0, product, 1e-6);
      }
    }
  }

  @Test
  void pcaOfFewSamples_orOfConstantOnes_isRefused() {
    DataException few =
        assertThrows(DataException.class, () -> digits(List.of(new Limit(20), new Pca(30)), 0.2));
    assertEquals(
        "Cannot apply pca to digits: expected at least as many training samples as components, and"
            + " 2, found 20",
        few.getMessage());
    Dataset constant =
        new Dataset(
            "constant",
            new Samples.Reals(FMatrixRMaj.wrap(4, 2, new float[8])),
            new int[] {0, 1, 0, 1},
            List.of("a", "b"),
            4,
            0,
            0);
    assertThrows(
        DataException.class,
        () -> TrainingData.of(constant, spec(List.of(new Pca(1)), 0), new RandomStream(1), 0));
  }

  @Test
  void aComponentBeyondThoseThatVary_is0() {
    float[] line = {1, 2, 2, 4, 3, 6, 4, 8};
    Dataset dataset =
        new Dataset(
            "line",
            new Samples.Reals(FMatrixRMaj.wrap(4, 2, line)),
            new int[] {0, 1, 0, 1},
            List.of("a", "b"),
            4,
            0,
            0);

    TrainingData data =
        TrainingData.of(dataset, spec(List.of(new Pca(2)), 0), new RandomStream(1), 0);

    // (1, 2) / sqrt(5) by the distances from the mean (2.5, 5): 1.5 sqrt(5), 0.5 sqrt(5), ...
    float[] found = values(data.dataset().samples());
    assertArrayEquals(
        new double[] {-1.5, -0.5, 0.5, 1.5},
        IntStream.range(0, 4).mapToDouble(i -> found[2 * i] / Math.sqrt(5)).toArray(),
        1e-6);
    assertArrayEquals(
        new double[4], IntStream.range(0, 4).mapToDouble(i -> found[2 * i + 1]).toArray(), 1e-6);
  }

  @Test
  void oneHot_hasAFeatureForEachText_inTheirOrder() {
    float[] codes = {5, 0, 0, 6, 1, 1, 7, 0, 2, 8, 1, 0};
    Dataset dataset =
        new Dataset(
            "table",
            new Samples.Reals(FMatrixRMaj.wrap(4, 3, codes)),
            new int[] {0, 1, 0, 1},
            List.of("a", "b"),
            4,
            0,
            0,
            SampleShape.NONE,
            new Columns(
                List.of(),
                List.of(
                    new TextColumn(1, List.of("y", "x"), "t.csv:1"),
                    new TextColumn(2, List.of("10", "9", "100"), "t.csv:1")),
                "",
                LabelForm.PLAIN,
                List.of(),
                Columns.Missing.NONE));

    TrainingData data =
        TrainingData.of(dataset, spec(List.of(new OneHot()), 0), new RandomStream(1), 0);

    assertArrayEquals( // number; x, y; 9, 10, 100
        new float[] {5, 0, 1, 0, 1, 0, 6, 1, 0, 1, 0, 0, 7, 0, 1, 0, 0, 1, 8, 1, 0, 0, 1, 0},
        values(data.dataset().samples()));
    assertArrayEquals(
        new float[] {5, 0, 0, 0, 1, 0},
        data.preparation().apply(new double[] {5, -1, 0}, 1)); // a text that was not there
    for (List<PrepareStep> steps :
        List.<List<PrepareStep>>of(List.of(), List.of(EACH, new OneHot()))) {
      DataException uncoded =
          assertThrows(
              DataException.class,
              () -> TrainingData.of(dataset, spec(steps, 0), new RandomStream(1), 0));
      assertEquals("t.csv:1", uncoded.getMessage());
    }
    assertThrows(DataException.class, () -> digits(List.of(new OneHot()), 0.2));
  }

  @Test
  void noisyCopies_arePreparedAsTheSamplesAre() {
    List<PrepareStep> steps = List.of(new Unit(), new Pca(6), EACH);
    TrainingData plain = digits(steps, 0.2);
    DataSpec spec =
        new DataSpec(
            IMAGES, new Part(0.2), Part.NONE, 0, false, 0, steps, new DataSpec.Augment(2, 1));

    TrainingData data = TrainingData.of(DIGITS, spec, new RandomStream(1), 0);

    int train = plain.train().length;
    assertEquals(2 * train, data.train().length);
    assertEquals(6, data.features());
    assertArrayEquals(plain.scale(), data.scale());
    float[] made = values(data.dataset().samples());
    float[] before = values(plain.dataset().samples());
    for (int i = 0; i < train; i++) {
      assertEquals(before[plain.train()[i] * 6], made[i * 6]);
    }
    float[] copies =
        data.preparation()
            .applyToHeld(values(data.source().samples()), data.source().samples().rows());
    int last = (2 * train - 1) * 6;
    assertEquals(Math.fma(made[last], data.scale()[0], data.shift()[0]), copies[last]);
    assertTrue(made[last] != made[last - train * 6]);
  }

  @Test
  void classes_leaveOutTheRowsOfOthers_inAllParts() {
    Dataset dataset = TestSources.dataset(new int[] {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}, 8, 2);

    TrainingData data =
        TrainingData.of(
            dataset, spec(List.of(new Classes(List.of("2", "0.0"))), 1), new RandomStream(1), 0);

    assertEquals(List.of("0", "2"), data.classes());
    assertArrayEquals(new int[] {0, 2, 3, 5, 6}, data.train());
    assertArrayEquals(new int[] {8, 9}, data.validation());
    assertArrayEquals(new int[] {11}, data.test());
    assertArrayEquals(new int[] {0, -1, 1, 0, -1, 1, 0, -1, 1, 0, -1, 1}, data.dataset().labels());
    assertSame(dataset.samples(), data.dataset().samples());
  }

  @Test
  void limit_leavesValidationAndTestAsTheyAre() {
    TrainingData all = digits(List.of(new Unit()), 0.2);
    TrainingData some = digits(List.of(new Limit(100), new Unit()), 0.2);
    TrainingData fewer = digits(List.of(new Limit(50), new Unit()), 0.2);

    assertArrayEquals(all.validation(), some.validation());
    assertEquals(100, some.train().length);
    assertTrue(contains(all.train(), some.train()));
    assertTrue(contains(some.train(), fewer.train()));
    int[] ofEach = new int[10];
    Arrays.fill(ofEach, 10);
    assertArrayEquals(ofEach, counts(some));
  }

  @Test
  void balance_givesEachClassAsMany() {
    int[] labels = IntStream.range(0, 100).map(i -> i < 10 ? 0 : i < 40 ? 1 : 2).toArray();
    Dataset dataset = TestSources.dataset(labels, 100, 0);

    TrainingData under =
        TrainingData.of(
            dataset, spec(List.of(new Balance(Balance.How.UNDER)), 0.1), new RandomStream(1), 0);
    TrainingData over =
        TrainingData.of(
            dataset, spec(List.of(new Balance(Balance.How.OVER)), 0.1), new RandomStream(1), 0);

    assertArrayEquals(new int[] {9, 9, 9}, counts(under));
    assertArrayEquals(new int[] {54, 54, 54}, counts(over));
    assertEquals(10, under.validation().length);
    assertArrayEquals(under.validation(), over.validation());
    int[] ofFirst = new int[10]; // nine training samples, each six times
    Arrays.stream(over.train()).filter(row -> row < 10).forEach(row -> ofFirst[row]++);
    Arrays.sort(ofFirst);
    assertArrayEquals(new int[] {0, 6, 6, 6, 6, 6, 6, 6, 6, 6}, ofFirst);
    DataException none =
        assertThrows(
            DataException.class,
            () ->
                TrainingData.of(
                    dataset,
                    spec(List.of(new Limit(3), new Balance(Balance.How.UNDER)), 0.1),
                    new RandomStream(1),
                    0));
    assertEquals(
        "Cannot apply balance to made: expected training samples of each class, found none of 0",
        none.getMessage());
  }

  @Test
  void samplesMadeOfOthers_areSharedByTrialsThatDifferElsewhere() {
    Samples hog = cached(1, new Unit(), HOG).dataset().samples();

    assertSame(hog, cached(1, new Unit(), HOG, EACH).dataset().samples());
    assertSame(hog, cached(2, new Unit(), HOG, new Scale(3)).dataset().samples());
    assertSame(hog, cached(2, new Limit(500), new Unit(), HOG).dataset().samples());
    assertNotSame(hog, cached(1, HOG).dataset().samples());
    Samples pca = cached(1, new Unit(), HOG, new Pca(5)).dataset().samples();
    assertSame(pca, cached(1, new Unit(), HOG, new Pca(5), EACH).dataset().samples());
    assertNotSame(pca, cached(2, new Unit(), HOG, new Pca(5)).dataset().samples());
    assertNotSame(pca, cached(1, new Limit(500), new Unit(), HOG, new Pca(5)).dataset().samples());
  }

  private TrainingData cached(int key, PrepareStep... steps) {
    DataSpec spec = new DataSpec(IMAGES, new Part(0.2), Part.NONE, 0, false, 0, List.of(steps));
    return cache.trainingData(spec, new RandomStream(key), 0, Storage.local());
  }

  private static TrainingData digits(List<PrepareStep> steps, double validation) {
    return TrainingData.of(DIGITS, spec(steps, validation), new RandomStream(1), 0);
  }

  private static DataSpec spec(List<PrepareStep> steps, double validation) {
    return new DataSpec(IMAGES, new Part(validation), Part.NONE, 0, false, 0, steps);
  }

  private static float[] values(Samples samples) {
    int[] all = IntStream.range(0, samples.rows()).toArray();
    FeatureForm form = FeatureForm.of(DIGITS);
    return Arrays.copyOf(
        new StageReader(samples, Optional.empty(), form).read(all, 0, all.length),
        samples.rows() * samples.columns());
  }

  private static int[] counts(TrainingData data) {
    int[] counts = new int[data.classes().size()];
    Arrays.stream(data.train()).forEach(row -> counts[data.dataset().labels()[row]]++);
    return counts;
  }

  private static boolean contains(int[] rows, int[] others) {
    return Arrays.stream(others).allMatch(row -> Arrays.binarySearch(rows, row) >= 0);
  }
}
