package org.trawl.core.kernel;

/**
 * exp, log, tanh and the logistic function in float, by polynomials with fused multiply-add, so
 * that every implementation of {@link Kernels} computes the same bits on every machine (the JVM's
 * own differ between interpreters, compilers and processors).
 *
 * <p>exp and tanh reduce the argument to r = x - n ln 2, |r| at most ln(2)/2, and use e^r - 1 = r +
 * r² q(r); log splits off the exponent and uses log(1 + f) = f - f²/2 + f³ p(f). The polynomials
 * are minimax fits of the relative error (Lawson's iteration), 0.25 and 0.1 ulp before rounding.
 * Measured over all floats: exp within 1.0, tanh within 1.6, log within 1.0 ulp.
 */
final class ElementaryFunctions {
  static final float LOG2_E = 0x1.715476p0f;
  static final float LN2_HIGH = 0x1.62e43p-1f;
  static final float LN2_LOW = -0x1.05c61p-29f;

  /** Adding it rounds a float below 2^22 to a whole number, which then stands in the low bits. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = 0x4B400000;

  static final float EXP_LOWEST = -104f;
  static final float EXP_HIGHEST = 89f;

  static final float EXP_Q0 = 0x1.fffffep-2f;
  static final float EXP_Q1 = 0x1.5554bp-3f;
  static final float EXP_Q2 = 0x1.555674p-5f;
  static final float EXP_Q3 = 0x1.1227bp-7f;
  static final float EXP_Q4 = 0x1.6bebfep-10f;

  /** Below, e^x - 1 rounds to -1. */
  static final float EXPM1_LOWEST = -30f;

  /** From here on tanh rounds to 1. */
  static final float TANH_HIGHEST = 10f;

  /** The bits of sqrt(1/2): mantissas are taken from here to sqrt(2). */
  static final int SQRT_HALF_BITS = 0x3F3504F3;

  static final float LOG_P0 = 0x1.555554p-2f;
  static final float LOG_P1 = -0x1.000226p-2f;
  static final float LOG_P2 = 0x1.99a008p-3f;
  static final float LOG_P3 = -0x1.547244p-3f;
  static final float LOG_P4 = 0x1.22da1ap-3f;
  static final float LOG_P5 = -0x1.0d8548p-3f;
  static final float LOG_P6 = 0x1.055b82p-3f;
  static final float LOG_P7 = -0x1.38b59ep-4f;

  static final float SQRT_TWO = 0x1.6a09e6p0f;

  /** Giles 2012, table 5: the inverse error function over x, by w - 2.5 where w is below 5. */
  static final float[] NORMAL_NEAR = {
    2.81022636e-08f,
    3.43273939e-07f,
    -3.5233877e-06f,
    -4.39150654e-06f,
    0.00021858087f,
    -0.00125372503f,
    -0.00417768164f,
    0.246640727f,
    1.50140941f
  };

  /** The same by sqrt(w) - 3 where w is 5 or more. */
  static final float[] NORMAL_FAR = {
    -0.000200214257f,
    0.000100950558f,
    0.00134934322f,
    -0.00367342844f,
    0.00573950773f,
    -0.0076224613f,
    0.00943887047f,
    1.00167406f,
    2.83297682f
  };

  private ElementaryFunctions() {}

  /** e^x; 0 below -104, infinite from 88.73 on; NaN for NaN. */
  static float exp(float x) {
    float clamped = Math.min(Math.max(x, EXP_LOWEST), EXP_HIGHEST);
    float rounded = Math.fma(clamped, LOG2_E, ROUNDER);
    int exponent = Float.floatToRawIntBits(rounded) - ROUNDER_BITS;
    float n = rounded - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
    // Two factors, because 2^exponent alone would leave the range at either end.
    int half = exponent >> 1;
    return (1f + reducedExpm1(r)) * powerOfTwo(half) * powerOfTwo(exponent - half);
  }

  /** tanh(x), odd to the bit. */
  static float tanh(float x) {
    float doubled = 2f * Math.min(Math.abs(x), TANH_HIGHEST);
    float rounded = Math.fma(doubled, LOG2_E, ROUNDER);
    int exponent = Float.floatToRawIntBits(rounded) - ROUNDER_BITS;
    float n = rounded - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, doubled));
    float scale = powerOfTwo(exponent);
    float expm1 = Math.fma(scale, reducedExpm1(r), scale - 1f);
    return Math.copySign(expm1 / (expm1 + 2f), x);
  }

  /** 1 / (1 + e^-x). */
  static float sigmoid(float x) {
    return 1f / (1f + exp(-x));
  }

  /**
   * The natural logarithm.
   *
   * @param x a positive normal float; not checked
   */
  static float log(float x) {
    int shifted = Float.floatToRawIntBits(x) - SQRT_HALF_BITS;
    float e = shifted >> 23;
    float f = Float.intBitsToFloat((shifted & 0x7FFFFF) + SQRT_HALF_BITS) - 1f;
    float p = LOG_P7;
    p = Math.fma(p, f, LOG_P6);
    p = Math.fma(p, f, LOG_P5);
    p = Math.fma(p, f, LOG_P4);
    p = Math.fma(p, f, LOG_P3);
    p = Math.fma(p, f, LOG_P2);
    p = Math.fma(p, f, LOG_P1);
    p = Math.fma(p, f, LOG_P0);
    float squared = f * f;
    float y = Math.fma(e, LN2_LOW, p * f * squared);
    y = Math.fma(-0.5f, squared, y);
    return Math.fma(e, LN2_HIGH, f + y);
  }

  /** e^x - 1, without loss near 0; infinite from 88.73 on. */
  static float expm1(float x) {
    if (x > 1f) {
      return exp(x) - 1f;
    }
    float clamped = Math.max(x, EXPM1_LOWEST);
    float rounded = Math.fma(clamped, LOG2_E, ROUNDER);
    float n = rounded - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
    float scale = powerOfTwo(Float.floatToRawIntBits(rounded) - ROUNDER_BITS);
    return Math.fma(scale, reducedExpm1(r), scale - 1f);
  }

  /**
   * log(1 + x), without loss near 0.
   *
   * @param x at least 0, finite; not checked
   */
  static float log1p(float x) {
    float sum = 1f + x;
    // What rounding took from the sum, by the derivative of the logarithm.
    return log(sum) + (x - (sum - 1f)) / sum;
  }

  /**
   * A standard normal number, by the inverse of its distribution (Giles 2012, "Approximating the
   * erfinv function", single precision).
   *
   * @param word 32 random bits
   */
  static float normal(int word) {
    float x = ((word >> 7) | 1) * 0x1p-24f;
    float w = -log((1f - x) * (1f + x));
    float p =
        w < 5f
            ? polynomial(w - 2.5f, NORMAL_NEAR)
            : polynomial((float) Math.sqrt(w) - 3f, NORMAL_FAR);
    return p * x * SQRT_TWO;
  }

  private static float polynomial(float x, float[] coefficients) {
    float p = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      p = Math.fma(p, x, coefficients[i]);
    }
    return p;
  }

  /** e^r - 1 for |r| at most ln(2)/2. */
  private static float reducedExpm1(float r) {
    float q = EXP_Q4;
    q = Math.fma(q, r, EXP_Q3);
    q = Math.fma(q, r, EXP_Q2);
    q = Math.fma(q, r, EXP_Q1);
    q = Math.fma(q, r, EXP_Q0);
    return Math.fma(q, r * r, r);
  }

  private static float powerOfTwo(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }
}
