package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void shortNumbersStayAsTheyAre() {
    assertEquals(
        List.of("0.005", "0.1", "1e-5", "", "0", "20"),
        Numbers.column(Arrays.asList(0.005, 0.1, 1e-5, null, 0.0, 20.0)));
  }

  @Test
  void shortNumbersOfOneSizeHaveTheSameDecimals() {
    assertEquals(
        List.of("0.86", "0.90", "", "0.00"), Numbers.column(Arrays.asList(0.86, 0.9, null, 0.0)));
    assertEquals(List.of("10", "20"), Numbers.column(List.of(10.0, 20.0)));
  }

  @Test
  void longNumbersHaveTheDecimalsThatGiveTheLargestFourDigits() {
    assertEquals(List.of("0.9741", "1.0000"), Numbers.column(List.of(0.97412345, 1.0)));
    assertEquals(List.of("2.303", "0.012"), Numbers.column(List.of(2.302585, 0.0123456)));
    assertEquals(List.of("123457", "8"), Numbers.column(List.of(123456.789, 8.25)));
    assertEquals(List.of("0.001235", "0.000500"), Numbers.column(List.of(0.00123456, 0.0005)));
  }

  @Test
  void whatRoundingWouldHideIsShownWithItsExponent() {
    assertEquals(List.of("2.303", "1.2e-5"), Numbers.column(List.of(2.302585, 0.0000123)));
  }

  @Test
  void wholeNumbersAreNeverRounded() {
    assertEquals(List.of("8000000001", "7"), Numbers.column(List.<Number>of(8_000_000_001L, 7)));
    assertEquals("1234567", Numbers.text(1_234_567L));
  }

  @Test
  void notANumber_isSaid() {
    assertEquals(List.of("NaN", "0.5"), Numbers.column(List.of(Double.NaN, 0.5)));
  }
}
