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

  /** The losses of learning rates 500, 0.1, 0.15, 0.2 and 0.25: the worst one hides no other. */
  @Test
  void numbersThatDifferLookDifferent() {
    assertEquals(
        List.of("169.7112", "0.1234", "0.1236", "0.1985"),
        Numbers.column(List.of(169.7112, 0.12341, 0.12359, 0.19853)));
    assertEquals(
        List.of("169.71", "12.34", "13.76"), Numbers.column(List.of(169.7112, 12.341, 13.759)));
    assertEquals(List.of("0.98052", "0.98053"), Numbers.column(List.of(0.980521, 0.980534)));
    assertEquals(
        List.of("16971123.46", "0.12", "0.34"),
        Numbers.column(List.of(16971123.4567, 0.12341, 0.34359)));
    assertEquals(
        List.of("516900000", "0.1234", "0.1236"),
        Numbers.column(List.of(516912345.678, 0.12341, 0.12359)));
  }

  /** In the last bits sums differ by their order. */
  @Test
  void beyondSevenDigitsTheyAreEqual() {
    assertEquals(List.of("0.3000", "0.3000"), Numbers.column(List.of(0.1 + 0.2, 0.3)));
  }

  @Test
  void valuesOfKeysAreShownAsTheyWereWritten() {
    assertEquals(
        List.of("500", "0.1", "0.15", "0.25", "1e-8", "", "0.12345678"),
        Numbers.written(Arrays.asList(500.0, 0.1, 0.15, 0.25, 1e-8, null, 0.12345678)));
  }

  /** Of a logarithmic range. */
  @Test
  void valuesOfKeysThatWereComputedCanBeToldApart() {
    assertEquals(
        List.of("0.003162", "0.01", "0.03162"),
        Numbers.written(List.of(0.0031622776601683794, 0.01, 0.03162277660168379)));
    assertEquals(
        List.of("0.3333333", "0.3333334"),
        Numbers.written(List.of(0.33333333333333331, 0.33333340000001)));
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
