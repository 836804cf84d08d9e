package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trawl.driver.spark.Estimate;

class TimeTextTest {
  @ParameterizedTest
  @CsvSource({
    "0.2, 0.3, 1 s",
    "5.4, 12.2, 5 to 15 s",
    "52, 130, 50 s to 2.5 min",
    "125, 250, 2 to 4.5 min",
    "700, 1300, 11 to 22 min",
    "3700, 9000, 60 min to 2.5 h",
    "40000, 70000, 11 to 20 h",
    "4000000, 5000000, '1,111 to 1,389 h'",
  })
  void aRangeIsRoundedOutwards(double least, double most, String text) {
    assertEquals(text, TimeText.of(new Estimate.Range(least, most)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1 s",
    "7.4, 7 s",
    "23, 25 s",
    "58, 60 s",
    "99, 100 s",
    "170, 3 min",
    "1234, 21 min",
    "9000, 2.5 h",
    "86400, 24 h"
  })
  void whatIsLeftHasNoMoreDigitsThanItDeserves(double seconds, String text) {
    assertEquals(text, TimeText.about(Duration.ofMillis((long) (1000 * seconds))));
  }

  @ParameterizedTest
  @CsvSource({"12, 12 s", "200, 3 min 20 s", "7500, 2 h 5 min"})
  void whatWasMeasuredIsTold(long seconds, String text) {
    assertEquals(text, TimeText.of(Duration.ofSeconds(seconds)));
  }
}
