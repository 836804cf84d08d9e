package org.trawl.core.data.preparation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.SourceReader;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.PrepareStep.Impute;
import org.trawl.core.data.preparation.PrepareStep.Impute.With;
import org.trawl.core.data.preparation.PrepareStep.OneHot;
import org.trawl.core.data.preparation.PrepareStep.Scale;
import org.trawl.core.data.preparation.PrepareStep.Standardize;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;

/** Missing values are filled in by what the training part has. */
final class ImputeTest {
  private static final Impute MEAN = new Impute(With.MEAN, 0, false);
  private static final Standardize EACH = new Standardize(Standardize.Over.EACH);

  @TempDir private Path folder;

  private Dataset table(String text) {
    Path file = TestSources.write(folder, "t.csv", text);
    return SourceReader.read(TestSources.csv(file, "kind", Header.PRESENT), Storage.local());
  }

  /** The training part is all of it. */
  private static TrainingData prepared(Dataset dataset, PrepareStep... steps) {
    return TrainingData.of(
        dataset,
        new DataSpec(
            TestSources.DIGITS,
            DataSpec.Part.NONE,
            DataSpec.Part.NONE,
            0,
            false,
            0,
            List.of(steps)),
        new RandomStream(1),
        0);
  }

  private static float[] features(TrainingData data) {
    return ((Samples.Reals) data.dataset().samples()).held().data;
  }

  private Dataset some() {
    return table("x,y,kind\n1,0.5,a\n,0.25,b\n1,NA,a\n7,0.75,b\n3,nan,b\n");
  }

  @Test
  void eachFeatureHasAValueOfItsOwn() {
    assertArrayEquals(
        new float[] {1, 0.5f, 3, 0.25f, 1, 0.5f, 7, 0.75f, 3, 0.5f},
        features(prepared(some(), MEAN)));
    assertArrayEquals(
        new float[] {1, 0.5f, 2, 0.25f, 1, 0.5f, 7, 0.75f, 3, 0.5f},
        features(prepared(some(), new Impute(With.MEDIAN, 0, false))));
    assertArrayEquals(
        new float[] {1, 0.5f, 1, 0.25f, 1, 0.25f, 7, 0.75f, 3, 0.25f},
        features(prepared(some(), new Impute(With.MOST_FREQUENT, 0, false))));
    assertArrayEquals(
        new float[] {1, 0.5f, -1, 0.25f, 1, -1, 7, 0.75f, 3, -1},
        features(prepared(some(), new Impute(With.CONSTANT, -1, false))));
  }

  @Test
  void indicatorsStandBehindAllFeatures_ofThoseThatMissValues() {
    Dataset dataset = table("x,y,kind\n1,2,a\n,3,b\n5,4,b\n");

    TrainingData data = prepared(dataset, new Impute(With.MEAN, 0, true));

    assertArrayEquals(new float[] {1, 2, 0, 3, 3, 1, 5, 4, 0}, features(data));
    assertEquals(3, PreparedSize.of(dataset, spec(new Impute(With.MEAN, 0, true))).features());
    assertArrayEquals(
        new float[] {3, 9, 1, 1, 3, 0},
        data.preparation().apply(new double[] {Double.NaN, 9, 1, Double.NaN}, 2));
  }

  private static DataSpec spec(PrepareStep... steps) {
    return new DataSpec(
        TestSources.DIGITS, DataSpec.Part.NONE, DataSpec.Part.NONE, 0, false, 0, List.of(steps));
  }

  @Test
  void valuesComeFromTheTrainingPartAlone() {
    Path train = TestSources.write(folder, "train.csv", "x,kind\n1,a\n3,b\n,a\n");
    Path test = TestSources.write(folder, "test.csv", "x,kind\n100,a\n,b\n");
    Dataset dataset =
        SourceReader.read(
            TestSources.csv(List.of(train), List.of(test), "kind", Header.PRESENT),
            Storage.local());

    assertArrayEquals(new float[] {1, 3, 2, 100, 2}, features(prepared(dataset, MEAN)));
  }

  @Test
  void stepsAfterIt_andTextsGoOnAsWithoutMissingValues() {
    Dataset dataset = table("x,c,kind\n1,red,a\n,,b\n3,blue,a\n5,red,b\n");

    TrainingData data = prepared(dataset, MEAN, new OneHot(), EACH);

    assertArrayEquals( // x; "", blue, red: an empty text is a kind of its own
        new float[] {1, 0, 0, 1, 3, 1, 0, 0, 3, 0, 1, 0, 5, 0, 0, 1}, features(data));
    assertEquals(1, data.preparation().texts().size());
    assertTrue(data.preparation().imputes());
  }

  @Test
  void offsetsStay() {
    StringBuilder text = new StringBuilder("t,kind\n");
    for (int i = 0; i < 50; i++) {
      text.append(i % 10 == 9 ? "" : "" + (1_700_000_000 + i)).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    Dataset dataset = table(text.toString());

    TrainingData data = prepared(dataset, MEAN);

    assertTrue(dataset.samples().offsets()[0] > 1e9);
    for (int i = 0; i < 50; i++) {
      double expected = i % 10 == 9 ? 1_700_000_024 : 1_700_000_000 + i;
      assertEquals(expected, data.dataset().samples().offsets()[0] + features(data)[i], 1e-5);
    }
    TrainingData constant = prepared(dataset, new Impute(With.CONSTANT, 1_700_000_001, false));
    assertEquals(
        1_700_000_001, constant.dataset().samples().offsets()[0] + features(constant)[9], 1e-5);
  }

  @Test
  void withoutIt_orNotBeforeOtherSteps_missingValuesAreRefused() {
    for (PrepareStep[] steps : new PrepareStep[][] {{}, {EACH}, {new Scale(2), EACH}}) {
      DataException error = assertThrows(DataException.class, () -> prepared(some(), steps));
      assertTrue(
          error
              .getMessage()
              .matches(
                  "(?s).*t.csv:3: column 0 \\(x\\): expected a number, found nothing \\(cure for"
                      + " missing values: impute in data.prepare.*"),
          error.getMessage());
    }
    Dataset whole = table("x,kind\n1,a\n2,b\n");
    DataException late = assertThrows(DataException.class, () -> prepared(whole, EACH, MEAN));
    assertTrue(late.getMessage().contains("Cannot apply impute after standardize"));
    assertArrayEquals(
        ((Samples.Bytes) whole.samples()).data(),
        ((Samples.Bytes) prepared(whole, MEAN).dataset().samples()).data());
  }

  @Test
  void aFeatureWithoutAnyValueInTheTrainingPart_isNamed() {
    Dataset dataset = table("x,y,kind\n1,,a\n2,,b\n");

    DataException error = assertThrows(DataException.class, () -> prepared(dataset, MEAN));

    assertTrue(
        error.getMessage().contains("expected values of y in the training part, found none"),
        error.getMessage());
    assertArrayEquals(
        new float[] {1, 0, 2, 0}, features(prepared(dataset, new Impute(With.CONSTANT, 0, false))));
  }

  @Test
  void allValuesThatAreMissingHaveOneFingerprint() {
    float other = Float.intBitsToFloat(0x7FC12345);
    String[] fingerprints = new String[2];
    for (int i = 0; i < 2; i++) {
      float[] values = {1, i == 0 ? Float.NaN : other, 2.5f, 3};
      fingerprints[i] =
          TestSources.fingerprint(
              new Dataset(
                  "nan",
                  new Samples.Reals(FMatrixRMaj.wrap(4, 1, values)),
                  new int[] {0, 1, 0, 1},
                  List.of("a", "b"),
                  4,
                  0,
                  0));
    }
    assertEquals(fingerprints[0], fingerprints[1]);
  }
}
