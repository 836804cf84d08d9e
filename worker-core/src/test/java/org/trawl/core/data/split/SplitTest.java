package org.trawl.core.data.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.kernel.RandomStream;

final class SplitTest {
  private static final Dataset DIGITS = TestSources.read(TestSources.DIGITS);

  /** Rows 0 to 9 to train on, 10 to 12 validate, 13 to 16 test; classes take turns. */
  private static final Dataset THREE_PARTS =
      TestSources.dataset(IntStream.range(0, 17).map(i -> i % 2).toArray(), 10, 3);

  @Test
  void shares_areRoundedAndStratifiedByLargestRemainder() {
    Split split = split(DIGITS, spec(0.2, 0.1, 0, false, 0), 1, 0);

    assertEquals(359, split.validation().length); // 0.2 of 1797 = 359.4
    assertEquals(180, split.test().length); // 179.7
    assertEquals(1797 - 359 - 180, split.train().length);
    // 180 of 1797: class 0 has 178, 178 * 180 / 1797 = 17.83; floors are 17 or 18, 173 in sum
    assertArrayEquals(
        new int[] {18, 18, 18, 18, 18, 18, 18, 18, 18, 18}, counts(DIGITS, split.test()));
    checkPartition(0, 1797, split.train(), split.validation(), split.test());
  }

  @Test
  void counts_areExactForEverySize() {
    int[] labels = new int[100];
    Arrays.fill(labels, 0, 61, 0);
    Arrays.fill(labels, 61, 90, 1);
    Arrays.fill(labels, 90, 100, 2);
    Dataset dataset = TestSources.dataset(labels, 100, 0);
    for (int count = 1; count < 100; count++) {
      int[] validation = split(dataset, spec(count, 0, 0, false, 0), count, 0).validation();
      int[] counts = counts(dataset, validation);
      assertEquals(count, validation.length);
      assertEquals(0.61 * count, counts[0], 1);
      assertEquals(0.29 * count, counts[1], 1);
      assertEquals(0.10 * count, counts[2], 1);
    }
    // 7 of 61, 29, 10: 4.27, 2.03, 0.70; the one that is left goes to the largest remainder
    assertArrayEquals(
        new int[] {4, 2, 1},
        counts(dataset, split(dataset, spec(7, 0, 0, false, 0), 1, 0).validation()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 10, 1797})
  void folds_partitionThePoolAndAreEven(int folds) {
    int[] held = new int[1797];
    for (int fold = 1; fold <= folds; fold = folds > 100 ? fold + 601 : fold + 1) {
      Split split = split(DIGITS, spec(0, 0, folds, false, 0), 7, fold);
      checkPartition(0, 1797, split.train(), split.validation());
      assertEquals(1797.0 / folds, split.validation().length, 0.9999);
      int[] all = counts(DIGITS, range(0, 1797));
      int[] counts = counts(DIGITS, split.validation());
      for (int i = 0; i < 10; i++) {
        assertEquals((double) all[i] / folds, counts[i], 0.9999);
      }
      for (int row : split.validation()) {
        held[row]++;
      }
    }
    if (folds < 100) {
      assertTrue(Arrays.stream(held).allMatch(times -> times == 1));
    }
  }

  @Test
  void foldsAfterATestPart_leaveItAlone() {
    Split first = split(DIGITS, spec(0, 97, 4, false, 0), 7, 1);
    Split second = split(DIGITS, spec(0, 97, 4, false, 0), 7, 2);

    assertEquals(97, first.test().length);
    assertArrayEquals(first.test(), second.test());
    assertEquals(425, first.validation().length);
    checkPartition(0, 1797, first.train(), first.validation(), first.test());
  }

  @Test
  void ownParts_comeFirst() {
    Split own = split(THREE_PARTS, spec(0.2, 0, 0, false, 0), 1, 0);
    assertArrayEquals(range(0, 10), own.train());
    assertArrayEquals(range(10, 13), own.validation());
    assertArrayEquals(range(13, 17), own.test());

    Split none = split(THREE_PARTS, spec(0, 0, 0, false, 0), 1, 0);
    assertArrayEquals(range(0, 10), none.train());
    assertEquals(0, none.validation().length);
    assertArrayEquals(range(13, 17), none.test());

    Split heldOut = split(THREE_PARTS, spec(1, 4, 0, false, 0), 1, 0);
    assertArrayEquals(range(10, 13), heldOut.validation());
    assertEquals(4, heldOut.test().length);
    checkPartition(0, 10, heldOut.train(), heldOut.test());

    Split folds = split(THREE_PARTS, spec(0, 0, 5, false, 0), 1, 2);
    checkPartition(0, 10, folds.train(), folds.validation());
    assertArrayEquals(range(13, 17), folds.test());
  }

  @Test
  void pooled_dividesAllParts() {
    Split split = split(THREE_PARTS, spec(0.2, 5, 0, true, 0), 1, 0);
    assertEquals(3, split.validation().length);
    assertEquals(5, split.test().length);
    checkPartition(0, 17, split.train(), split.validation(), split.test());

    assertEquals(0, split(THREE_PARTS, spec(0.2, 0, 0, true, 0), 1, 0).test().length);
  }

  @Test
  void limit_takesAStratifiedPartFirst() {
    Split split = split(DIGITS, spec(0.5, 0, 0, false, 100), 1, 0);
    assertEquals(50, split.train().length);
    assertEquals(50, split.validation().length);
    for (int count : counts(DIGITS, concat(split.train(), split.validation()))) {
      assertEquals(10, count);
    }

    int[] small = split(DIGITS, spec(0, 0, 0, false, 100), 1, 0).train();
    int[] large = split(DIGITS, spec(0, 0, 0, false, 1000), 1, 0).train();
    assertTrue(Arrays.stream(small).allMatch(row -> Arrays.binarySearch(large, row) >= 0));
  }

  @Test
  void theStreamsKey_decides() {
    DataSpec spec = spec(0.2, 0, 0, false, 0);
    RandomStream used = new RandomStream(5);
    used.nextLong();
    Split split = Split.of(DIGITS, spec, used, 0);

    assertEquals(1, used.position());
    assertArrayEquals(split.validation(), split(DIGITS, spec, 5, 0).validation());
    assertFalse(Arrays.equals(split.validation(), split(DIGITS, spec, 6, 0).validation()));
    assertFalse(
        Arrays.equals(split.validation(), split(DIGITS, spec, 5L | 1L << 32, 0).validation()));
    int[] validation = split.validation();
    int[] sorted = validation.clone();
    Arrays.sort(sorted);
    assertArrayEquals(sorted, validation);
  }

  @Test
  void parts_cannotBeEmptyOrTooLarge() {
    checkError(
        spec(0.2, 1797, 0, false, 0),
        "Cannot divide digits: of its 1797 samples to divide 1797 are held out for test and 359 for"
            + " validation, which leaves 0 for training");
    checkError(spec(0.6, 0.5, 0, false, 0), "which leaves 0 for training");
    checkError(
        spec(2000, 0, 0, false, 0),
        "Cannot divide digits: validation = 2000, but there are 1797 samples to divide");
    checkError(
        spec(0.0001, 0, 0, false, 0),
        "Cannot divide digits: validation = 0.00010 of 1797 samples is less than one");
    checkError(spec(0.2, 0, 0, false, 1), "validation = 0.2 of 1 samples is less than one");
    checkError(
        spec(0, 0, 0, false, 1798), "Cannot take limit = 1798 samples of digits: it has 1797");
    DataException folds =
        assertThrows(DataException.class, () -> split(DIGITS, spec(0, 0, 11, false, 10), 1, 1));
    assertTrue(folds.getMessage().contains("leaves 10 for the 11 folds"), folds.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> split(DIGITS, spec(0, 0, 5, false, 0), 1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> split(DIGITS, spec(0, 0, 5, false, 0), 1, 6));
    assertThrows(
        IllegalArgumentException.class, () -> split(DIGITS, spec(0.1, 0, 5, false, 0), 1, 1));
  }

  private static void checkError(DataSpec spec, String message) {
    DataException error =
        assertThrows(DataException.class, () -> split(DIGITS, spec, 1, 0), message);
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private static void checkPartition(int from, int to, int[]... parts) {
    int[] all = concat(parts);
    Arrays.sort(all);
    assertArrayEquals(range(from, to), all);
  }

  private static int[] concat(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static int[] counts(Dataset dataset, int[] rows) {
    int[] counts = new int[dataset.classes().size()];
    for (int row : rows) {
      counts[dataset.labels()[row]]++;
    }
    return counts;
  }

  private static Split split(Dataset dataset, DataSpec spec, long key, int fold) {
    return Split.of(dataset, spec, new RandomStream(key), fold);
  }

  private static DataSpec spec(
      double validation, double test, int folds, boolean pooled, int limit) {
    return new DataSpec(
        TestSources.DIGITS, new Part(validation), new Part(test), folds, pooled, limit, List.of());
  }
}
