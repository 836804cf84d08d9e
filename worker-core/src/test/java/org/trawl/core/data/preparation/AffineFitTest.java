package org.trawl.core.data.preparation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.RandomStream;

final class AffineFitTest {
  private static final PrepareStep.Unit UNIT = new PrepareStep.Unit();
  private static final PrepareStep.Standardize STANDARDIZE =
      new PrepareStep.Standardize(PrepareStep.Standardize.Over.EACH);
  private static final Dataset DIGITS = TestSources.read(TestSources.DIGITS);
  private static final int[] SOME_ROWS =
      TrainingData.of(
              DIGITS, TestSources.dataSpec(TestSources.DIGITS, 0.3, 0, 0), new RandomStream(1), 0)
          .train();

  @Test
  void noSteps_leaveFeaturesAsTheyAre() {
    FittedStep.Affine preparation = AffineFit.of(PreparedSamples.of(DIGITS), SOME_ROWS, List.of());

    for (int i = 0; i < 64; i++) {
      assertEquals(1, preparation.scale()[i]);
      assertEquals(0, preparation.shift()[i]);
    }
  }

  @Test
  void unit_dividesByTheFullScale() {
    FittedStep.Affine preparation =
        AffineFit.of(PreparedSamples.of(DIGITS), SOME_ROWS, List.of(UNIT));

    for (int i = 0; i < 64; i++) {
      assertEquals(1 / 16f, preparation.scale()[i]);
      assertEquals(0, preparation.shift()[i]);
    }
  }

  @Test
  void unitOfAnUnknownScale_isRefused() {
    Dataset dataset = reals(new float[] {1, 2, 3, 4}, 2);

    DataException error =
        assertThrows(
            DataException.class,
            () -> AffineFit.of(PreparedSamples.of(dataset), new int[] {0, 1}, List.of(UNIT)));

    assertEquals(
        "Cannot apply unit to reals: expected full-scale in its description (the largest value that"
            + " a feature can have), found none",
        error.getMessage());
  }

  @Test
  void standardize_givesTheTrainingRowsMean0AndDeviation1() {
    checkStandardized(DIGITS, SOME_ROWS, List.of(STANDARDIZE));
    checkStandardized(DIGITS, SOME_ROWS, List.of(UNIT, STANDARDIZE));
    checkStandardized(DIGITS, SOME_ROWS, List.of(STANDARDIZE, STANDARDIZE));
  }

  @Test
  void standardizeOfReals_equalsThatOfBytes() {
    byte[] bytes = ((Samples.Bytes) DIGITS.samples()).data();
    float[] floats = new float[bytes.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = bytes[i];
    }
    Dataset reals = reals(floats, 64);

    checkStandardized(reals, SOME_ROWS, List.of(STANDARDIZE));
    FittedStep.Affine ofBytes =
        AffineFit.of(PreparedSamples.of(DIGITS), SOME_ROWS, List.of(STANDARDIZE));
    FittedStep.Affine ofReals =
        AffineFit.of(PreparedSamples.of(reals), SOME_ROWS, List.of(STANDARDIZE));
    assertArrayEquals(ofBytes.scale(), ofReals.scale(), 1e-6f);
    assertArrayEquals(ofBytes.shift(), ofReals.shift(), 1e-6f);
  }

  @Test
  void stepsAfterStandardize_actOnStandardizedValues() {
    FittedStep.Affine standardized =
        AffineFit.of(PreparedSamples.of(DIGITS), SOME_ROWS, List.of(STANDARDIZE));
    FittedStep.Affine divided =
        AffineFit.of(PreparedSamples.of(DIGITS), SOME_ROWS, List.of(STANDARDIZE, UNIT));

    for (int i = 0; i < 64; i++) {
      assertEquals(standardized.scale()[i] / 16, divided.scale()[i]);
      assertEquals(standardized.shift()[i] / 16, divided.shift()[i]);
    }
  }

  @Test
  void constantFeatures_become0() {
    // 0.1f summed thrice and divided by 3 is not 0.1f: no rounding makes a deviation
    Dataset dataset = reals(new float[] {0.1f, 1, 0.1f, 2, 0.1f, 3}, 2);

    FittedStep.Affine preparation =
        AffineFit.of(PreparedSamples.of(dataset), new int[] {0, 1, 2}, List.of(STANDARDIZE));

    assertEquals(0, preparation.scale()[0]);
    assertEquals(0, preparation.shift()[0]);
    // 1, 2, 3: mean 2, population deviation sqrt(2/3)
    assertEquals((float) (1 / Math.sqrt(2 / 3.0)), preparation.scale()[1]);
    assertEquals((float) (-2 / Math.sqrt(2 / 3.0)), preparation.shift()[1]);
  }

  @Test
  void deviationsBelowSinglePrecision_areRefused() {
    Dataset dataset = reals(new float[] {1e-45f, 0}, 1);

    assertThrows(
        DataException.class,
        () -> AffineFit.of(PreparedSamples.of(dataset), new int[] {0, 1}, List.of(STANDARDIZE)));
  }

  /** Against means and deviations computed the plain way. */
  private static void checkStandardized(
      Dataset dataset, int[] rows, List<PrepareStep.OfEachFeature> steps) {
    FittedStep.Affine preparation = AffineFit.of(PreparedSamples.of(dataset), rows, steps);
    for (int column = 0; column < dataset.features(); column++) {
      double sum = 0;
      for (int row : rows) {
        sum += value(dataset, row, column);
      }
      double mean = sum / rows.length;
      double squares = 0;
      for (int row : rows) {
        squares += Math.pow(value(dataset, row, column) - mean, 2);
      }
      double deviation = Math.sqrt(squares / rows.length);
      for (int row = 0; row < dataset.samples().rows(); row += 97) {
        double value = value(dataset, row, column);
        double expected = deviation == 0 ? 0 : (value - mean) / deviation;
        float prepared =
            Math.fma((float) value, preparation.scale()[column], preparation.shift()[column]);
        assertEquals(expected, prepared, 1e-5 * Math.max(1, Math.abs(expected)));
      }
    }
  }

  private static double value(Dataset dataset, int row, int column) {
    int index = row * dataset.features() + column;
    return dataset.samples() instanceof Samples.Bytes bytes
        ? bytes.data()[index] & 0xFF
        : ((Samples.Reals) dataset.samples()).held().data[index];
  }

  private static Dataset reals(float[] data, int columns) {
    int rows = data.length / columns;
    return new Dataset(
        "reals",
        new Samples.Reals(FMatrixRMaj.wrap(rows, columns, data)),
        new int[rows],
        List.of("a", "b"),
        rows,
        0,
        0);
  }
}
