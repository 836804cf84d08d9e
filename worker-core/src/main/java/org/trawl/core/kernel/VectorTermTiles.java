package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.FLOATS;
import static org.trawl.core.kernel.Lanes.WIDTH_BITS;
import static org.trawl.core.kernel.Panels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * The tiles of products of which only some terms count, a method a shape: 4 rows of 2 to 4 vectors.
 * c31 is row 3, vector 1.
 */
final class VectorTermTiles {
  private VectorTermTiles() {}

  /** Of four vectors: c = a b. */
  static void ofFour(
      Terms terms,
      int tile,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom0,
      int bFrom1,
      int bFrom2,
      int bFrom3,
      float[] c,
      int cFrom0,
      int cFrom1,
      int cFrom2,
      int cFrom3) {
    FloatVector c00 = FloatVector.zero(FLOATS);
    FloatVector c01 = FloatVector.zero(FLOATS);
    FloatVector c02 = FloatVector.zero(FLOATS);
    FloatVector c03 = FloatVector.zero(FLOATS);
    FloatVector c10 = FloatVector.zero(FLOATS);
    FloatVector c11 = FloatVector.zero(FLOATS);
    FloatVector c12 = FloatVector.zero(FLOATS);
    FloatVector c13 = FloatVector.zero(FLOATS);
    FloatVector c20 = FloatVector.zero(FLOATS);
    FloatVector c21 = FloatVector.zero(FLOATS);
    FloatVector c22 = FloatVector.zero(FLOATS);
    FloatVector c23 = FloatVector.zero(FLOATS);
    FloatVector c30 = FloatVector.zero(FLOATS);
    FloatVector c31 = FloatVector.zero(FLOATS);
    FloatVector c32 = FloatVector.zero(FLOATS);
    FloatVector c33 = FloatVector.zero(FLOATS);
    int jump = (aStride - 1) * WIDTH;
    int[] places = terms.places;
    int end = terms.ends[tile];
    for (int n = terms.begin(tile); n < end; n++) {
      int place = places[n];
      int from = aFrom + (place >> WIDTH_BITS) + (place >> (2 * WIDTH_BITS)) * jump;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + place);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom1 + place);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bFrom2 + place);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bFrom3 + place);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[from]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[from + WIDTH]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[from + 2 * WIDTH]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[from + 3 * WIDTH]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
    }
    c00.intoArray(c, cFrom0);
    c01.intoArray(c, cFrom1);
    c02.intoArray(c, cFrom2);
    c03.intoArray(c, cFrom3);
    c10.intoArray(c, cFrom0 + WIDTH);
    c11.intoArray(c, cFrom1 + WIDTH);
    c12.intoArray(c, cFrom2 + WIDTH);
    c13.intoArray(c, cFrom3 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c21.intoArray(c, cFrom1 + 2 * WIDTH);
    c22.intoArray(c, cFrom2 + 2 * WIDTH);
    c23.intoArray(c, cFrom3 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c31.intoArray(c, cFrom1 + 3 * WIDTH);
    c32.intoArray(c, cFrom2 + 3 * WIDTH);
    c33.intoArray(c, cFrom3 + 3 * WIDTH);
  }

  /** Of three vectors: c = a b. */
  static void ofThree(
      Terms terms,
      int tile,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom0,
      int bFrom1,
      int bFrom2,
      float[] c,
      int cFrom0,
      int cFrom1,
      int cFrom2) {
    FloatVector c00 = FloatVector.zero(FLOATS);
    FloatVector c01 = FloatVector.zero(FLOATS);
    FloatVector c02 = FloatVector.zero(FLOATS);
    FloatVector c10 = FloatVector.zero(FLOATS);
    FloatVector c11 = FloatVector.zero(FLOATS);
    FloatVector c12 = FloatVector.zero(FLOATS);
    FloatVector c20 = FloatVector.zero(FLOATS);
    FloatVector c21 = FloatVector.zero(FLOATS);
    FloatVector c22 = FloatVector.zero(FLOATS);
    FloatVector c30 = FloatVector.zero(FLOATS);
    FloatVector c31 = FloatVector.zero(FLOATS);
    FloatVector c32 = FloatVector.zero(FLOATS);
    int jump = (aStride - 1) * WIDTH;
    int[] places = terms.places;
    int end = terms.ends[tile];
    for (int n = terms.begin(tile); n < end; n++) {
      int place = places[n];
      int from = aFrom + (place >> WIDTH_BITS) + (place >> (2 * WIDTH_BITS)) * jump;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + place);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom1 + place);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bFrom2 + place);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[from]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[from + WIDTH]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[from + 2 * WIDTH]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[from + 3 * WIDTH]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
    }
    c00.intoArray(c, cFrom0);
    c01.intoArray(c, cFrom1);
    c02.intoArray(c, cFrom2);
    c10.intoArray(c, cFrom0 + WIDTH);
    c11.intoArray(c, cFrom1 + WIDTH);
    c12.intoArray(c, cFrom2 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c21.intoArray(c, cFrom1 + 2 * WIDTH);
    c22.intoArray(c, cFrom2 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c31.intoArray(c, cFrom1 + 3 * WIDTH);
    c32.intoArray(c, cFrom2 + 3 * WIDTH);
  }

  /** Of two vectors: c = a b. */
  static void ofTwo(
      Terms terms,
      int tile,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom0,
      int bFrom1,
      float[] c,
      int cFrom0,
      int cFrom1) {
    FloatVector c00 = FloatVector.zero(FLOATS);
    FloatVector c01 = FloatVector.zero(FLOATS);
    FloatVector c10 = FloatVector.zero(FLOATS);
    FloatVector c11 = FloatVector.zero(FLOATS);
    FloatVector c20 = FloatVector.zero(FLOATS);
    FloatVector c21 = FloatVector.zero(FLOATS);
    FloatVector c30 = FloatVector.zero(FLOATS);
    FloatVector c31 = FloatVector.zero(FLOATS);
    int jump = (aStride - 1) * WIDTH;
    int[] places = terms.places;
    int end = terms.ends[tile];
    for (int n = terms.begin(tile); n < end; n++) {
      int place = places[n];
      int from = aFrom + (place >> WIDTH_BITS) + (place >> (2 * WIDTH_BITS)) * jump;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + place);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom1 + place);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[from]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[from + WIDTH]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[from + 2 * WIDTH]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[from + 3 * WIDTH]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
    }
    c00.intoArray(c, cFrom0);
    c01.intoArray(c, cFrom1);
    c10.intoArray(c, cFrom0 + WIDTH);
    c11.intoArray(c, cFrom1 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c21.intoArray(c, cFrom1 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c31.intoArray(c, cFrom1 + 3 * WIDTH);
  }

  /** Of four vectors: c = aᵀ b. */
  static void transposedOfFour(
      Terms terms,
      int tile,
      float[] a,
      int aFrom,
      float[] b,
      int bFrom0,
      int bFrom1,
      int bFrom2,
      int bFrom3,
      boolean add,
      float[] c,
      int cFrom0,
      int cFrom1,
      int cFrom2,
      int cFrom3) {
    FloatVector c00 = Lanes.start(add, c, cFrom0);
    FloatVector c01 = Lanes.start(add, c, cFrom1);
    FloatVector c02 = Lanes.start(add, c, cFrom2);
    FloatVector c03 = Lanes.start(add, c, cFrom3);
    FloatVector c10 = Lanes.start(add, c, cFrom0 + WIDTH);
    FloatVector c11 = Lanes.start(add, c, cFrom1 + WIDTH);
    FloatVector c12 = Lanes.start(add, c, cFrom2 + WIDTH);
    FloatVector c13 = Lanes.start(add, c, cFrom3 + WIDTH);
    FloatVector c20 = Lanes.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c21 = Lanes.start(add, c, cFrom1 + 2 * WIDTH);
    FloatVector c22 = Lanes.start(add, c, cFrom2 + 2 * WIDTH);
    FloatVector c23 = Lanes.start(add, c, cFrom3 + 2 * WIDTH);
    FloatVector c30 = Lanes.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c31 = Lanes.start(add, c, cFrom1 + 3 * WIDTH);
    FloatVector c32 = Lanes.start(add, c, cFrom2 + 3 * WIDTH);
    FloatVector c33 = Lanes.start(add, c, cFrom3 + 3 * WIDTH);
    int[] places = terms.places;
    int end = terms.ends[tile];
    for (int n = terms.begin(tile); n < end; n++) {
      int place = places[n];
      int from = aFrom + place;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + place);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom1 + place);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bFrom2 + place);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bFrom3 + place);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[from]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[from + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[from + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[from + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
    }
    c00.intoArray(c, cFrom0);
    c01.intoArray(c, cFrom1);
    c02.intoArray(c, cFrom2);
    c03.intoArray(c, cFrom3);
    c10.intoArray(c, cFrom0 + WIDTH);
    c11.intoArray(c, cFrom1 + WIDTH);
    c12.intoArray(c, cFrom2 + WIDTH);
    c13.intoArray(c, cFrom3 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c21.intoArray(c, cFrom1 + 2 * WIDTH);
    c22.intoArray(c, cFrom2 + 2 * WIDTH);
    c23.intoArray(c, cFrom3 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c31.intoArray(c, cFrom1 + 3 * WIDTH);
    c32.intoArray(c, cFrom2 + 3 * WIDTH);
    c33.intoArray(c, cFrom3 + 3 * WIDTH);
  }

  /** Of three vectors: c = aᵀ b. */
  static void transposedOfThree(
      Terms terms,
      int tile,
      float[] a,
      int aFrom,
      float[] b,
      int bFrom0,
      int bFrom1,
      int bFrom2,
      boolean add,
      float[] c,
      int cFrom0,
      int cFrom1,
      int cFrom2) {
    FloatVector c00 = Lanes.start(add, c, cFrom0);
    FloatVector c01 = Lanes.start(add, c, cFrom1);
    FloatVector c02 = Lanes.start(add, c, cFrom2);
    FloatVector c10 = Lanes.start(add, c, cFrom0 + WIDTH);
    FloatVector c11 = Lanes.start(add, c, cFrom1 + WIDTH);
    FloatVector c12 = Lanes.start(add, c, cFrom2 + WIDTH);
    FloatVector c20 = Lanes.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c21 = Lanes.start(add, c, cFrom1 + 2 * WIDTH);
    FloatVector c22 = Lanes.start(add, c, cFrom2 + 2 * WIDTH);
    FloatVector c30 = Lanes.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c31 = Lanes.start(add, c, cFrom1 + 3 * WIDTH);
    FloatVector c32 = Lanes.start(add, c, cFrom2 + 3 * WIDTH);
    int[] places = terms.places;
    int end = terms.ends[tile];
    for (int n = terms.begin(tile); n < end; n++) {
      int place = places[n];
      int from = aFrom + place;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + place);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom1 + place);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bFrom2 + place);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[from]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[from + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[from + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[from + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
    }
    c00.intoArray(c, cFrom0);
    c01.intoArray(c, cFrom1);
    c02.intoArray(c, cFrom2);
    c10.intoArray(c, cFrom0 + WIDTH);
    c11.intoArray(c, cFrom1 + WIDTH);
    c12.intoArray(c, cFrom2 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c21.intoArray(c, cFrom1 + 2 * WIDTH);
    c22.intoArray(c, cFrom2 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c31.intoArray(c, cFrom1 + 3 * WIDTH);
    c32.intoArray(c, cFrom2 + 3 * WIDTH);
  }

  /** Of two vectors: c = aᵀ b. */
  static void transposedOfTwo(
      Terms terms,
      int tile,
      float[] a,
      int aFrom,
      float[] b,
      int bFrom0,
      int bFrom1,
      boolean add,
      float[] c,
      int cFrom0,
      int cFrom1) {
    FloatVector c00 = Lanes.start(add, c, cFrom0);
    FloatVector c01 = Lanes.start(add, c, cFrom1);
    FloatVector c10 = Lanes.start(add, c, cFrom0 + WIDTH);
    FloatVector c11 = Lanes.start(add, c, cFrom1 + WIDTH);
    FloatVector c20 = Lanes.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c21 = Lanes.start(add, c, cFrom1 + 2 * WIDTH);
    FloatVector c30 = Lanes.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c31 = Lanes.start(add, c, cFrom1 + 3 * WIDTH);
    int[] places = terms.places;
    int end = terms.ends[tile];
    for (int n = terms.begin(tile); n < end; n++) {
      int place = places[n];
      int from = aFrom + place;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + place);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom1 + place);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[from]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[from + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[from + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[from + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
    }
    c00.intoArray(c, cFrom0);
    c01.intoArray(c, cFrom1);
    c10.intoArray(c, cFrom0 + WIDTH);
    c11.intoArray(c, cFrom1 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c21.intoArray(c, cFrom1 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c31.intoArray(c, cFrom1 + 3 * WIDTH);
  }
}
