package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                      | 10 | ''              | false",
        "1-10                    | 10 | 1-10            | true",
        "1-4 5-8                 | 10 | 1-4 5-8         | false",
        "5-8 9-10 1-4            | 10 | 1-4 5-8 9-10    | true",
        // Another number of epochs ended between two bounds.
        "1-4 5-8 9-10            | 12 | 1-4 5-8 9-10    | false",
        "1-4 5-8 9-10 11-12      | 12 | 1-4 5-8 9-10 11-12 | true",
        "1-4 5-8 9-10 9-12       | 20 | 1-4 5-8 9-12    | false",
        // Fewer epochs are in what more of them left.
        "1-4 5-8 9-12            | 10 | 1-4 5-8 9-12    | true",
        "1-4 5-8                 | 8  | 1-4 5-8         | true",
        "1-4 5-8 5-6             | 6  | 1-4 5-6         | true",
        // The training ended by itself.
        "1-4 5-8-end             | 20 | 1-4 5-8-end     | true",
        "1-4 5-8-end             | 6  | 1-4 5-8-end     | true",
        "1-4-end                 | 3  | 1-4-end         | true",
        // Gaps, and leftovers of other bounds.
        "1-4 9-12                | 12 | 1-4             | false",
        "5-8                     | 8  | ''              | false",
        "1-3 4-6 1-5 6-10        | 10 | 1-5 6-10        | true",
        "1-3 4-6 7-9 1-5         | 10 | 1-3 4-6 7-9     | false",
      })
  void theChainThatHoldsATrialOrLeadsFurthest(
      String names, int epochs, String expected, boolean complete) {
    Chain chain = Chain.of(names(names), epochs);
    assertEquals(names(expected), chain.names());
    assertEquals(complete, chain.complete());
  }

  @Test
  void namesAreWhatTheirFilesSay() {
    for (boolean end : new boolean[] {false, true}) {
      SegmentName name = new SegmentName("0123456789ab", 11, 20, end);
      assertEquals(Optional.of(name), SegmentName.of(name.file()));
    }
    for (String other :
        List.of("0123456789ab-1.parquet", "x-1-2.tmp", "-1-2.parquet", "a-1-2-over.parquet")) {
      assertEquals(Optional.empty(), SegmentName.of(other), other);
    }
  }

  private static List<SegmentName> names(String text) {
    return Stream.of(text.split(" "))
        .filter(name -> !name.isEmpty())
        .map(name -> SegmentName.of("ab-" + name + ".parquet").orElseThrow())
        .toList();
  }
}
