package org.trawl.core.data.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.kernel.RandomStream;

class ClassCountsTest {
  /** 6 of a, 3 of b, 1 of c to train on; 1 of each of b and c in the source's own test part. */
  private static final Dataset DATASET =
      new Dataset(
          "letters",
          new Samples.Reals(new FMatrixRMaj(12, 1)),
          new int[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 1, 2},
          List.of("a", "b", "c"),
          10,
          0,
          0);

  @Test
  void ofPartsHeldOut_andOfTheSourcesOwn() {
    ClassCounts counts = counts(new Part(0.5), Part.NONE, 0, false, List.of());
    assertArrayEquals(new int[] {6, 3, 1}, counts.divided());
    // Of 5 validated by largest remainder: 3, 1.5 and 0.5, and b comes before c.
    assertArrayEquals(new int[] {3, 2, 0}, counts.validation());
    assertArrayEquals(new int[] {3, 1, 1}, counts.train());
    assertArrayEquals(new int[] {0, 1, 1}, counts.test());
  }

  @Test
  void pooledAndHeldOutForTest() {
    ClassCounts counts = counts(Part.NONE, new Part(0.25), 0, true, List.of());
    assertArrayEquals(new int[] {6, 4, 2}, counts.divided());
    assertArrayEquals(new int[] {2, 1, 0}, counts.test());
    assertArrayEquals(new int[] {4, 3, 2}, counts.train());
  }

  @Test
  void stepsThatChooseRows_leaveWhatWasDivided() {
    ClassCounts counts =
        counts(
            Part.NONE,
            Part.NONE,
            3,
            false,
            List.of(
                new PrepareStep.Classes(List.of("a", "b")),
                new PrepareStep.Balance(PrepareStep.Balance.How.UNDER)));
    assertEquals(List.of("a", "b"), counts.classes());
    assertArrayEquals(new int[] {6, 3}, counts.divided());
    assertArrayEquals(new int[] {2, 2}, counts.train());
    assertArrayEquals(new int[] {2, 1}, counts.validation());
    assertArrayEquals(new int[] {0, 1}, counts.test());
  }

  private static ClassCounts counts(
      Part validation, Part test, int folds, boolean pooled, List<PrepareStep> prepare) {
    DataSpec spec = new DataSpec(TestSources.DIGITS, validation, test, folds, pooled, 0, prepare);
    return ClassCounts.of(DATASET, spec, new RandomStream(1));
  }
}
