package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTest {
  @ParameterizedTest
  @CsvSource({
    "1E+1, 10",
    "10, 10",
    "1.5E+3, 1500",
    "1E+6, 1000000",
    "1E+7, 1e7",
    "1.25E+30, 1.25e30",
    "0.001, 0.001",
    "1E-7, 1e-7",
    "-2E+2, -200",
    "0, 0"
  })
  void numbersAreWrittenAsPeopleDo(String number, String text) {
    assertEquals(text, Key.text(new BigDecimal(number)));
    assertEquals("[" + text + "]", Key.text(List.of(new BigDecimal(number))));
  }
}
