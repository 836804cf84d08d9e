package org.trawl.core.kernel;

import static org.trawl.core.kernel.Panels.WIDTH;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The shape of the machine's vectors, and what is computed on them within the loops of the
 * operations: unlike these, it is inlined.
 */
final class Lanes {
  static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > WIDTH
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
  static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());

  /** Numbers of a vector of floats. */
  static final int LANES = FLOATS.length();

  static final int WIDTH_BITS = Integer.numberOfTrailingZeros(WIDTH);

  /**
   * Bytes of as many lanes as a vector of floats has: 128 bits for 512, 64 bits for 256 and less.
   */
  static final VectorSpecies<Byte> BYTES =
      LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  /** Of each byte, 8 long: the numbers of its bits that are 1, times a panel's width, in order. */
  private static final byte[] BIT_PLACES = bitPlaces();

  private Lanes() {}

  private static byte[] bitPlaces() {
    byte[] places = new byte[256 * Byte.SIZE];
    for (int bits = 0; bits < 256; bits++) {
      int next = bits * Byte.SIZE;
      for (int i = 0; i < Byte.SIZE; i++) {
        if ((bits >> i & 1) == 1) {
          places[next++] = (byte) (i * WIDTH);
        }
      }
    }
    return places;
  }

  /** The places of the bits that are 1 among 8, from a place on; after them any numbers. */
  static IntVector bitPlaces(int bits, int from) {
    return ((IntVector)
            ByteVector.fromArray(ByteVector.SPECIES_64, BIT_PLACES, bits * Byte.SIZE)
                .convertShape(VectorOperators.B2I, IntVector.SPECIES_256, 0))
        .add(from);
  }

  /** What a sum starts from. */
  static FloatVector start(boolean add, float[] c, int from) {
    return add ? FloatVector.fromArray(FLOATS, c, from) : FloatVector.zero(FLOATS);
  }

  /** A sum and eight lanes, in order; lane by lane, because constants alone are fast here. */
  static double sum(DoubleVector lanes, double sum) {
    double next = sum + lanes.lane(0);
    next += lanes.lane(1);
    next += lanes.lane(2);
    next += lanes.lane(3);
    next += lanes.lane(4);
    next += lanes.lane(5);
    next += lanes.lane(6);
    return next + lanes.lane(7);
  }

  /** As {@link ElementaryFunctions#exp}. */
  static FloatVector exp(FloatVector x) {
    FloatVector clamped =
        x.max(ElementaryFunctions.EXP_LOWEST).min(ElementaryFunctions.EXP_HIGHEST);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ElementaryFunctions.ROUNDER);
    FloatVector rounded =
        clamped.fma(FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG2_E), rounder);
    IntVector exponent = rounded.reinterpretAsInts().sub(ElementaryFunctions.ROUNDER_BITS);
    FloatVector n = rounded.sub(rounder);
    FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -ElementaryFunctions.LN2_HIGH), clamped);
    r = n.fma(FloatVector.broadcast(FLOATS, -ElementaryFunctions.LN2_LOW), r);
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    return reducedExpm1(r).add(1f).mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
  }

  /** As {@link ElementaryFunctions#expm1}, of what is not above 1; of more it means nothing. */
  static FloatVector expm1(FloatVector x) {
    FloatVector clamped = x.max(ElementaryFunctions.EXPM1_LOWEST);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ElementaryFunctions.ROUNDER);
    FloatVector rounded =
        clamped.fma(FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG2_E), rounder);
    FloatVector n = rounded.sub(rounder);
    FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -ElementaryFunctions.LN2_HIGH), clamped);
    r = n.fma(FloatVector.broadcast(FLOATS, -ElementaryFunctions.LN2_LOW), r);
    FloatVector scale =
        powerOfTwo(rounded.reinterpretAsInts().sub(ElementaryFunctions.ROUNDER_BITS));
    return scale.fma(reducedExpm1(r), scale.sub(1f));
  }

  /** As {@link ElementaryFunctions#tanh}. */
  static FloatVector tanh(FloatVector x) {
    FloatVector doubled = x.abs().min(ElementaryFunctions.TANH_HIGHEST).mul(2f);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ElementaryFunctions.ROUNDER);
    FloatVector rounded =
        doubled.fma(FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG2_E), rounder);
    IntVector exponent = rounded.reinterpretAsInts().sub(ElementaryFunctions.ROUNDER_BITS);
    FloatVector n = rounded.sub(rounder);
    FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -ElementaryFunctions.LN2_HIGH), doubled);
    r = n.fma(FloatVector.broadcast(FLOATS, -ElementaryFunctions.LN2_LOW), r);
    FloatVector scale = powerOfTwo(exponent);
    FloatVector expm1 = scale.fma(reducedExpm1(r), scale.sub(1f));
    FloatVector magnitude = expm1.div(expm1.add(2f));
    IntVector sign = x.reinterpretAsInts().and(0x80000000);
    return magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  static FloatVector reducedExpm1(FloatVector r) {
    FloatVector q = FloatVector.broadcast(FLOATS, ElementaryFunctions.EXP_Q4);
    q = q.fma(r, FloatVector.broadcast(FLOATS, ElementaryFunctions.EXP_Q3));
    q = q.fma(r, FloatVector.broadcast(FLOATS, ElementaryFunctions.EXP_Q2));
    q = q.fma(r, FloatVector.broadcast(FLOATS, ElementaryFunctions.EXP_Q1));
    q = q.fma(r, FloatVector.broadcast(FLOATS, ElementaryFunctions.EXP_Q0));
    return q.fma(r.mul(r), r);
  }

  static FloatVector powerOfTwo(IntVector exponent) {
    return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  /** As {@link ElementaryFunctions#log}. */
  static FloatVector log(FloatVector x) {
    IntVector shifted = x.reinterpretAsInts().sub(ElementaryFunctions.SQRT_HALF_BITS);
    FloatVector e =
        (FloatVector)
            shifted.lanewise(VectorOperators.ASHR, 23).convertShape(VectorOperators.I2F, FLOATS, 0);
    FloatVector f =
        shifted.and(0x7FFFFF).add(ElementaryFunctions.SQRT_HALF_BITS).reinterpretAsFloats().sub(1f);
    FloatVector p = FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG_P7);
    p = p.fma(f, FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG_P6));
    p = p.fma(f, FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG_P5));
    p = p.fma(f, FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG_P4));
    p = p.fma(f, FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG_P3));
    p = p.fma(f, FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG_P2));
    p = p.fma(f, FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG_P1));
    p = p.fma(f, FloatVector.broadcast(FLOATS, ElementaryFunctions.LOG_P0));
    FloatVector squared = f.mul(f);
    FloatVector y =
        e.fma(FloatVector.broadcast(FLOATS, ElementaryFunctions.LN2_LOW), p.mul(f).mul(squared));
    y = squared.fma(FloatVector.broadcast(FLOATS, -0.5f), y);
    return e.fma(FloatVector.broadcast(FLOATS, ElementaryFunctions.LN2_HIGH), f.add(y));
  }

  /** A polynomial of degree 8, its highest coefficient first. */
  static FloatVector polynomial(FloatVector x, float[] coefficients) {
    FloatVector p = FloatVector.broadcast(FLOATS, coefficients[0]);
    p = p.fma(x, FloatVector.broadcast(FLOATS, coefficients[1]));
    p = p.fma(x, FloatVector.broadcast(FLOATS, coefficients[2]));
    p = p.fma(x, FloatVector.broadcast(FLOATS, coefficients[3]));
    p = p.fma(x, FloatVector.broadcast(FLOATS, coefficients[4]));
    p = p.fma(x, FloatVector.broadcast(FLOATS, coefficients[5]));
    p = p.fma(x, FloatVector.broadcast(FLOATS, coefficients[6]));
    p = p.fma(x, FloatVector.broadcast(FLOATS, coefficients[7]));
    return p.fma(x, FloatVector.broadcast(FLOATS, coefficients[8]));
  }

  static IntVector rotate(IntVector x, int count) {
    return x.lanewise(VectorOperators.LSHL, count)
        .or(x.lanewise(VectorOperators.LSHR, Integer.SIZE - count));
  }
}
