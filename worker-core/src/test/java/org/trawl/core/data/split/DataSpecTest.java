package org.trawl.core.data.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec.Part;

class DataSpecTest {

  @Test
  void foldsRefusedBelowTwo() {
    assertRefused("Invalid folds (0 or at least 2): 1", () -> spec(1, 0));
    assertRefused("Invalid folds (0 or at least 2): -2", () -> spec(-2, 0));
    assertEquals(2, spec(2, 0).folds());
  }

  @Test
  void limitRefusedBelowZero() {
    assertRefused("Invalid limit (at least 0): -1", () -> spec(0, -1));
  }

  @Test
  void partRefusedUnlessAShareOrAWholeNumber() {
    String expected = "Invalid part (a share below 1 or a whole number of samples): ";
    assertRefused(expected + "-0.1", () -> new Part(-0.1));
    assertRefused(expected + "1.5", () -> new Part(1.5));
    assertRefused(expected + "NaN", () -> new Part(Double.NaN));
    assertRefused(expected + "3.0E9", () -> new Part(3e9));
    assertEquals(0.2, new Part(0.2).size());
    assertEquals(100, new Part(100).size());
  }

  @Test
  void bytesRefusedInAnotherNumberThanRowsTimesColumns() {
    assertRefused(
        "Invalid samples (2 x 3 expected): 5 values", () -> new Samples.Bytes(new byte[5], 2, 3));
  }

  private static DataSpec spec(int folds, int limit) {
    SourceSpec source =
        new SourceSpec(
            "toy",
            SourceSpec.Format.CSV,
            List.of("toy.csv"),
            List.of(),
            List.of(),
            List.of(),
            "0",
            SourceSpec.Header.AUTO,
            List.of(),
            0);
    return new DataSpec(source, Part.NONE, Part.NONE, folds, false, limit, List.of());
  }

  private static void assertRefused(String message, Executable executable) {
    var exception = assertThrows(IllegalArgumentException.class, executable);
    assertEquals(message, exception.getMessage());
  }
}
