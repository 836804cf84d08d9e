package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.FLOATS;
import static org.trawl.core.kernel.Lanes.WIDTH_BITS;
import static org.trawl.core.kernel.Panels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * The tiles of products of which all terms count, a method a shape: 8 rows of 1 or 2 vectors. c31
 * is row 3, vector 1.
 */
final class VectorTiles {
  private VectorTiles() {}

  /** Of two vectors, two panels: c = a b. */
  static void ofTwo(
      int depth,
      float[] a,
      int aFrom,
      int aStride,
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
    FloatVector c40 = Lanes.start(add, c, cFrom0 + 4 * WIDTH);
    FloatVector c41 = Lanes.start(add, c, cFrom1 + 4 * WIDTH);
    FloatVector c50 = Lanes.start(add, c, cFrom0 + 5 * WIDTH);
    FloatVector c51 = Lanes.start(add, c, cFrom1 + 5 * WIDTH);
    FloatVector c60 = Lanes.start(add, c, cFrom0 + 6 * WIDTH);
    FloatVector c61 = Lanes.start(add, c, cFrom1 + 6 * WIDTH);
    FloatVector c70 = Lanes.start(add, c, cFrom0 + 7 * WIDTH);
    FloatVector c71 = Lanes.start(add, c, cFrom1 + 7 * WIDTH);
    int jump = (aStride - 1) * WIDTH;
    for (int p = 0; p < depth; p++) {
      int terms = aFrom + p + (p >> WIDTH_BITS) * jump;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + p * WIDTH);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom1 + p * WIDTH);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[terms]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[terms + WIDTH]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[terms + 2 * WIDTH]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[terms + 3 * WIDTH]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      FloatVector a4 = FloatVector.broadcast(FLOATS, a[terms + 4 * WIDTH]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      FloatVector a5 = FloatVector.broadcast(FLOATS, a[terms + 5 * WIDTH]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      FloatVector a6 = FloatVector.broadcast(FLOATS, a[terms + 6 * WIDTH]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      FloatVector a7 = FloatVector.broadcast(FLOATS, a[terms + 7 * WIDTH]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
    }
    c00.intoArray(c, cFrom0);
    c01.intoArray(c, cFrom1);
    c10.intoArray(c, cFrom0 + WIDTH);
    c11.intoArray(c, cFrom1 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c21.intoArray(c, cFrom1 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c31.intoArray(c, cFrom1 + 3 * WIDTH);
    c40.intoArray(c, cFrom0 + 4 * WIDTH);
    c41.intoArray(c, cFrom1 + 4 * WIDTH);
    c50.intoArray(c, cFrom0 + 5 * WIDTH);
    c51.intoArray(c, cFrom1 + 5 * WIDTH);
    c60.intoArray(c, cFrom0 + 6 * WIDTH);
    c61.intoArray(c, cFrom1 + 6 * WIDTH);
    c70.intoArray(c, cFrom0 + 7 * WIDTH);
    c71.intoArray(c, cFrom1 + 7 * WIDTH);
  }

  /** Of one vector: c = a b. */
  static void ofOne(
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom0,
      boolean add,
      float[] c,
      int cFrom0) {
    FloatVector c00 = Lanes.start(add, c, cFrom0);
    FloatVector c10 = Lanes.start(add, c, cFrom0 + WIDTH);
    FloatVector c20 = Lanes.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c30 = Lanes.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c40 = Lanes.start(add, c, cFrom0 + 4 * WIDTH);
    FloatVector c50 = Lanes.start(add, c, cFrom0 + 5 * WIDTH);
    FloatVector c60 = Lanes.start(add, c, cFrom0 + 6 * WIDTH);
    FloatVector c70 = Lanes.start(add, c, cFrom0 + 7 * WIDTH);
    int jump = (aStride - 1) * WIDTH;
    for (int p = 0; p < depth; p++) {
      int terms = aFrom + p + (p >> WIDTH_BITS) * jump;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + p * WIDTH);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[terms]);
      c00 = a0.fma(b0, c00);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[terms + WIDTH]);
      c10 = a1.fma(b0, c10);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[terms + 2 * WIDTH]);
      c20 = a2.fma(b0, c20);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[terms + 3 * WIDTH]);
      c30 = a3.fma(b0, c30);
      FloatVector a4 = FloatVector.broadcast(FLOATS, a[terms + 4 * WIDTH]);
      c40 = a4.fma(b0, c40);
      FloatVector a5 = FloatVector.broadcast(FLOATS, a[terms + 5 * WIDTH]);
      c50 = a5.fma(b0, c50);
      FloatVector a6 = FloatVector.broadcast(FLOATS, a[terms + 6 * WIDTH]);
      c60 = a6.fma(b0, c60);
      FloatVector a7 = FloatVector.broadcast(FLOATS, a[terms + 7 * WIDTH]);
      c70 = a7.fma(b0, c70);
    }
    c00.intoArray(c, cFrom0);
    c10.intoArray(c, cFrom0 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c40.intoArray(c, cFrom0 + 4 * WIDTH);
    c50.intoArray(c, cFrom0 + 5 * WIDTH);
    c60.intoArray(c, cFrom0 + 6 * WIDTH);
    c70.intoArray(c, cFrom0 + 7 * WIDTH);
  }

  /** Of two vectors, two panels: c = aᵀ b. */
  static void transposedOfTwo(
      int depth,
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
    FloatVector c40 = Lanes.start(add, c, cFrom0 + 4 * WIDTH);
    FloatVector c41 = Lanes.start(add, c, cFrom1 + 4 * WIDTH);
    FloatVector c50 = Lanes.start(add, c, cFrom0 + 5 * WIDTH);
    FloatVector c51 = Lanes.start(add, c, cFrom1 + 5 * WIDTH);
    FloatVector c60 = Lanes.start(add, c, cFrom0 + 6 * WIDTH);
    FloatVector c61 = Lanes.start(add, c, cFrom1 + 6 * WIDTH);
    FloatVector c70 = Lanes.start(add, c, cFrom0 + 7 * WIDTH);
    FloatVector c71 = Lanes.start(add, c, cFrom1 + 7 * WIDTH);
    for (int p = 0; p < depth; p++) {
      int from = aFrom + p * WIDTH;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + p * WIDTH);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom1 + p * WIDTH);
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
      FloatVector a4 = FloatVector.broadcast(FLOATS, a[from + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      FloatVector a5 = FloatVector.broadcast(FLOATS, a[from + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      FloatVector a6 = FloatVector.broadcast(FLOATS, a[from + 6]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      FloatVector a7 = FloatVector.broadcast(FLOATS, a[from + 7]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
    }
    c00.intoArray(c, cFrom0);
    c01.intoArray(c, cFrom1);
    c10.intoArray(c, cFrom0 + WIDTH);
    c11.intoArray(c, cFrom1 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c21.intoArray(c, cFrom1 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c31.intoArray(c, cFrom1 + 3 * WIDTH);
    c40.intoArray(c, cFrom0 + 4 * WIDTH);
    c41.intoArray(c, cFrom1 + 4 * WIDTH);
    c50.intoArray(c, cFrom0 + 5 * WIDTH);
    c51.intoArray(c, cFrom1 + 5 * WIDTH);
    c60.intoArray(c, cFrom0 + 6 * WIDTH);
    c61.intoArray(c, cFrom1 + 6 * WIDTH);
    c70.intoArray(c, cFrom0 + 7 * WIDTH);
    c71.intoArray(c, cFrom1 + 7 * WIDTH);
  }

  /** Of one vector: c = aᵀ b. */
  static void transposedOfOne(
      int depth, float[] a, int aFrom, float[] b, int bFrom0, boolean add, float[] c, int cFrom0) {
    FloatVector c00 = Lanes.start(add, c, cFrom0);
    FloatVector c10 = Lanes.start(add, c, cFrom0 + WIDTH);
    FloatVector c20 = Lanes.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c30 = Lanes.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c40 = Lanes.start(add, c, cFrom0 + 4 * WIDTH);
    FloatVector c50 = Lanes.start(add, c, cFrom0 + 5 * WIDTH);
    FloatVector c60 = Lanes.start(add, c, cFrom0 + 6 * WIDTH);
    FloatVector c70 = Lanes.start(add, c, cFrom0 + 7 * WIDTH);
    for (int p = 0; p < depth; p++) {
      int from = aFrom + p * WIDTH;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom0 + p * WIDTH);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[from]);
      c00 = a0.fma(b0, c00);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[from + 1]);
      c10 = a1.fma(b0, c10);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[from + 2]);
      c20 = a2.fma(b0, c20);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[from + 3]);
      c30 = a3.fma(b0, c30);
      FloatVector a4 = FloatVector.broadcast(FLOATS, a[from + 4]);
      c40 = a4.fma(b0, c40);
      FloatVector a5 = FloatVector.broadcast(FLOATS, a[from + 5]);
      c50 = a5.fma(b0, c50);
      FloatVector a6 = FloatVector.broadcast(FLOATS, a[from + 6]);
      c60 = a6.fma(b0, c60);
      FloatVector a7 = FloatVector.broadcast(FLOATS, a[from + 7]);
      c70 = a7.fma(b0, c70);
    }
    c00.intoArray(c, cFrom0);
    c10.intoArray(c, cFrom0 + WIDTH);
    c20.intoArray(c, cFrom0 + 2 * WIDTH);
    c30.intoArray(c, cFrom0 + 3 * WIDTH);
    c40.intoArray(c, cFrom0 + 4 * WIDTH);
    c50.intoArray(c, cFrom0 + 5 * WIDTH);
    c60.intoArray(c, cFrom0 + 6 * WIDTH);
    c70.intoArray(c, cFrom0 + 7 * WIDTH);
  }
}
