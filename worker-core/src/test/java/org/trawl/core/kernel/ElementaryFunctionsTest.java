package org.trawl.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Against StrictMath in double. The bounds in ulp are those of the class's Javadoc, which were
 * measured over all floats; here every 509th is tried, and all near special points.
 */
class ElementaryFunctionsTest {
  private static final double EXP_ULP = 1.05;
  private static final double TANH_ULP = 2.6;
  private static final double LOG_ULP = 0.9;
  private static final double SIGMOID_ULP = 2.5;

  /** A prime, so that all mantissas have their turn. */
  private static final int STRIDE = 509;

  private static final float INFINITY = Float.POSITIVE_INFINITY;

  @FunctionalInterface
  private interface FloatFunction {
    float apply(float x);
  }

  @Test
  void expIsWithinItsError() {
    FloatFunction exp = ElementaryFunctions::exp;
    checkAll(exp, StrictMath::exp, EXP_ULP);
    float[] special = {0, 0.34657359f, 0.6931472f, 1, 87.336544f, 88.02969f, 88.72283f, 103.27893f};
    for (float x : special) {
      checkNear(exp, StrictMath::exp, x, EXP_ULP);
      checkNear(exp, StrictMath::exp, -x, EXP_ULP);
    }
  }

  @Test
  void expSaturates() {
    assertEquals(1f, ElementaryFunctions.exp(0f));
    assertEquals(1f, ElementaryFunctions.exp(-0f));
    assertEquals(INFINITY, ElementaryFunctions.exp(88.73f));
    assertEquals(INFINITY, ElementaryFunctions.exp(Float.MAX_VALUE));
    assertEquals(INFINITY, ElementaryFunctions.exp(INFINITY));
    assertEquals(0f, ElementaryFunctions.exp(-104f));
    assertEquals(0f, ElementaryFunctions.exp(-Float.MAX_VALUE));
    assertEquals(0f, ElementaryFunctions.exp(-INFINITY));
    assertEquals(Float.MIN_VALUE, ElementaryFunctions.exp(-103.5f));
    assertTrue(ElementaryFunctions.exp(88.72283f) < INFINITY);
    assertTrue(Float.isNaN(ElementaryFunctions.exp(Float.NaN)));
  }

  @Test
  void tanhIsWithinItsError() {
    FloatFunction tanh = ElementaryFunctions::tanh;
    checkAll(tanh, StrictMath::tanh, TANH_ULP);
    for (float x : new float[] {0, 0.0625f, 0.17328679f, 0.5198604f, 1, 9.010913f, 10}) {
      checkNear(tanh, StrictMath::tanh, x, TANH_ULP);
      checkNear(tanh, StrictMath::tanh, -x, TANH_ULP);
    }
  }

  @Test
  void tanhIsOddToTheBitAndKeepsSmallNumbersAndTheSignOfZero() {
    for (long bits = 0; bits <= Float.floatToIntBits(INFINITY); bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      assertBits(-ElementaryFunctions.tanh(x), ElementaryFunctions.tanh(-x), x);
      if (x < 0x1p-25f) {
        assertBits(x, ElementaryFunctions.tanh(x), x);
      }
    }
    assertBits(0f, ElementaryFunctions.tanh(0f), 0f);
    assertBits(-0f, ElementaryFunctions.tanh(-0f), -0f);
    assertBits(Float.MIN_VALUE, ElementaryFunctions.tanh(Float.MIN_VALUE), Float.MIN_VALUE);
  }

  @Test
  void tanhReachesOneNeverPassesItAndStaysThere() {
    for (float x = 8; x < 11; x = Math.nextUp(x)) {
      float y = ElementaryFunctions.tanh(x);
      assertTrue(x < 9.0110f ? y <= 1f : y == 1f, "tanh near 1");
    }
    assertEquals(1f, ElementaryFunctions.tanh(Float.MAX_VALUE));
    assertEquals(1f, ElementaryFunctions.tanh(INFINITY));
    assertEquals(-1f, ElementaryFunctions.tanh(-INFINITY));
    assertTrue(Float.isNaN(ElementaryFunctions.tanh(Float.NaN)));
  }

  @Test
  void sigmoidIsWithinItsErrorWhereItIsANormalFloat() {
    DoubleUnaryOperator reference = x -> 1 / (1 + StrictMath.exp(-x));
    for (long bits = 0; bits <= Float.floatToIntBits(INFINITY); bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      check(ElementaryFunctions::sigmoid, reference, x, SIGMOID_ULP);
      if (x <= 87) {
        check(ElementaryFunctions::sigmoid, reference, -x, SIGMOID_ULP);
      } else {
        float y = ElementaryFunctions.sigmoid(-x);
        assertTrue(y >= 0 && y < 0x1p-125f, () -> "sigmoid of -" + x);
      }
    }
    for (float x : new float[] {0, 0.34657359f, 1, 16.635532f, 17.32868f, 86}) {
      checkNear(ElementaryFunctions::sigmoid, reference, x, SIGMOID_ULP);
      checkNear(ElementaryFunctions::sigmoid, reference, -x, SIGMOID_ULP);
    }
  }

  @Test
  void sigmoidSaturates() {
    assertEquals(0.5f, ElementaryFunctions.sigmoid(0f));
    assertEquals(1f, ElementaryFunctions.sigmoid(18f));
    assertEquals(1f, ElementaryFunctions.sigmoid(INFINITY));
    assertEquals(0f, ElementaryFunctions.sigmoid(-89f));
    assertEquals(0f, ElementaryFunctions.sigmoid(-INFINITY));
    assertTrue(Float.isNaN(ElementaryFunctions.sigmoid(Float.NaN)));
  }

  @Test
  void logIsWithinItsErrorOfPositiveNormalFloats() {
    FloatFunction log = ElementaryFunctions::log;
    int last = Float.floatToIntBits(Float.MAX_VALUE);
    for (long bits = Float.floatToIntBits(Float.MIN_NORMAL); bits <= last; bits += STRIDE) {
      check(log, StrictMath::log, Float.intBitsToFloat((int) bits), LOG_ULP);
    }
    for (float x : new float[] {0.5f, 0.70710677f, 1, 1.4142135f, 2, 0x1p-100f, 0x1p100f}) {
      checkNear(log, StrictMath::log, x, LOG_ULP);
    }
    check(log, StrictMath::log, Float.MIN_NORMAL, LOG_ULP);
    check(log, StrictMath::log, Float.MAX_VALUE, LOG_ULP);
    assertBits(0f, ElementaryFunctions.log(1f), 1f);
  }

  /** normal(word) is the quantile of (2k + 1) 2^-25, k the word's 24 high bits with their sign. */
  @Test
  void normalIsTheQuantileOfItsWord() {
    double worst = 0;
    float before = Float.NEGATIVE_INFINITY;
    for (long word = Integer.MIN_VALUE; word <= Integer.MAX_VALUE; word += 256 * STRIDE) {
      float y = ElementaryFunctions.normal((int) word);
      double uniform = 0.5 + ((word >> 8) + 0.5) * 0x1p-24;
      double tail = Math.min(uniform, 1 - uniform);
      double density = StrictMath.exp(-0.5 * y * y) / Math.sqrt(2 * Math.PI);
      double error = Math.abs(Statistics.normalTail(Math.abs(y)) - tail) / density;
      worst = Math.max(worst, error / Math.max(1, Math.abs(y)));
      assertTrue(y >= before - 1e-6f, () -> "normal falls");
      before = y;
    }
    assertTrue(worst < 1e-6, "error " + worst);
    // The farthest: the tails of 2^-25.
    assertEquals(5.4196, ElementaryFunctions.normal(Integer.MAX_VALUE), 1e-3);
    assertEquals(-5.4196, ElementaryFunctions.normal(Integer.MIN_VALUE), 1e-3);
  }

  @Test
  void normalIsSymmetricToTheBit() {
    RandomStream stream = new RandomStream(9);
    for (int i = 0; i < 100_000; i++) {
      int word = (int) stream.nextLong();
      float y = ElementaryFunctions.normal(word);
      assertBits(-y, ElementaryFunctions.normal(~word), word);
    }
  }

  @Test
  void normalOfRandomWordsIsNormallyDistributed() {
    int count = 1_000_000;
    RandomStream stream = new RandomStream(10);
    double[] values = new double[count];
    Arrays.setAll(values, i -> ElementaryFunctions.normal((int) stream.nextLong()));
    double root = Math.sqrt(count);
    assertEquals(0, Statistics.mean(values), Statistics.DEVIATIONS / root);
    double deviations = Statistics.DEVIATIONS;
    assertEquals(1, Statistics.moment(values, 0, 1, 2), deviations * Math.sqrt(2) / root);
    assertEquals(0, Statistics.moment(values, 0, 1, 3), deviations * Math.sqrt(15) / root);
    assertEquals(3, Statistics.moment(values, 0, 1, 4), deviations * Math.sqrt(96) / root);

    // Kolmogorov and Smirnov: passed by chance once in 10,000.
    Arrays.sort(values);
    double distance = 0;
    for (int i = 0; i < count; i++) {
      double probability = Statistics.normal(values[i]);
      distance = Math.max(distance, Math.abs(probability - (double) i / count));
      distance = Math.max(distance, Math.abs(probability - (i + 1.0) / count));
    }
    assertTrue(distance < 2.23 / root, "distance " + distance);
    for (double limit : new double[] {2, 3, 4, 4.5}) {
      double expected = 2 * Statistics.normalTail(limit) * count;
      long found = Arrays.stream(values).filter(value -> Math.abs(value) > limit).count();
      assertEquals(expected, found, deviations * Math.sqrt(expected), "beyond " + limit);
    }
  }

  /** All bit patterns by the stride, both signs, infinities and NaNs. */
  private static void checkAll(FloatFunction function, DoubleUnaryOperator reference, double ulp) {
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STRIDE) {
      check(function, reference, Float.intBitsToFloat((int) bits), ulp);
    }
  }

  /** The 2000 floats on either side of a point. */
  private static void checkNear(
      FloatFunction function, DoubleUnaryOperator reference, float point, double ulp) {
    float up = point;
    float down = point;
    for (int i = 0; i < 2000; i++) {
      check(function, reference, up, ulp);
      check(function, reference, down, ulp);
      up = Math.nextUp(up);
      down = Math.nextDown(down);
    }
  }

  private static void check(
      FloatFunction function, DoubleUnaryOperator reference, float x, double ulp) {
    double expected = reference.applyAsDouble(x);
    float actual = function.apply(x);
    if (Double.isNaN(expected)) {
      assertTrue(Float.isNaN(actual), () -> "of " + x + ": " + actual);
      return;
    }
    float rounded = (float) expected;
    if (actual == rounded) {
      return;
    }
    double error = Math.abs(actual - expected) / Math.ulp(rounded);
    if (!(error <= ulp)) {
      throw new AssertionError(
          "of %s (%s): %s expected, %s found, %s ulp"
              .formatted(x, Float.toHexString(x), expected, actual, error));
    }
  }

  private static void assertBits(float expected, float actual, float of) {
    if (Float.floatToRawIntBits(expected) != Float.floatToRawIntBits(actual)) {
      throw new AssertionError("of %s: %s expected, %s found".formatted(of, expected, actual));
    }
  }
}
