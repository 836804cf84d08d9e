package org.trawl.core.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations on the JDK's Vector API, in vectors of the machine's width.
 *
 * <p>A product of which all terms count keeps a tile of 8 rows and 1 or 2 panels in registers: per
 * term 8 broadcasts and 2 loads feed 16 multiply-adds. Where terms are left out a tile has 4 rows
 * and 2 to 4 panels, because more zeros of 4 rows coincide than of 8: 4 broadcasts and 4 loads feed
 * as many. That is for vectors of 16 floats and 32 registers; narrower machines take a panel's
 * vectors one by one, or of the terms that count two at a time. A tile's loop is one loop over
 * consecutive memory, or over a list of places in it, and the tile is stored before anything else
 * is done to it: with a nested loop, or an epilogue of arithmetic, C2 of JDK 17 reaches its limit
 * of nodes and puts every vector into an object (measured: 6 instead of 114 GFLOP/s of a peak of
 * 117). Blocks of terms that stay in the first-level cache were not faster.
 *
 * <p>Vectors are locals, never fields, and the operations are compiled apart from their callers:
 * inlined into a large one, an operation meets the same limit half-way. {@code
 * -XX:CompileCommand=dontinline,org/trawl/core/kernel/VectorKernels.*} in deploy/jvm.options sees
 * to it; without it everything is right, but a step may allocate and be slower.
 */
final class VectorKernels implements Kernels {
  static final VectorKernels INSTANCE = new VectorKernels();

  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > Panels.WIDTH
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, FLOATS.vectorShape());
  private static final int LANES = FLOATS.length();
  private static final int WIDTH = Panels.WIDTH;

  /**
   * Terms that a product of all terms takes of all tiles before the next ones: two panels of so
   * many rows, 128 KB, leave room in the second-level cache (784x256x7000: 103 instead of 76
   * GFLOP/s of 117).
   */
  private static final int DEPTH = 1024;

  private static final int WIDTH_BITS = Integer.numberOfTrailingZeros(WIDTH);

  /**
   * Bytes of as many lanes as a vector of floats has: 128 bits for 512, 64 bits for 256 and less.
   */
  private static final VectorSpecies<Byte> BYTES =
      LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  /** Threefry's rotations, of even and of odd groups of four rounds. */
  private static final int EVEN_ROTATIONS = 13 | 15 << 8 | 26 << 16 | 6 << 24;

  private static final int ODD_ROTATIONS = 17 | 29 << 8 | 16 << 16 | 24 << 24;

  /** All bits, 16 times, then none: from 16 - n on, the first n lanes of a vector. */
  private static final int[] COLUMN_BITS =
      IntStream.range(0, 2 * WIDTH).map(i -> i < WIDTH ? -1 : 0).toArray();

  private static final int[] INDEXES = IntStream.range(0, WIDTH).toArray();

  /** As many integers as a vector of floats has tiles of four columns. */
  private static final VectorSpecies<Integer> TILES =
      VectorSpecies.of(int.class, BYTES.vectorShape());

  /** Of each byte, 8 long: the numbers of its bits that are 1, times a panel's width, in order. */
  private static final byte[] BIT_PLACES = bitPlaces();

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private VectorKernels() {}

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

  @Override
  public String name() {
    return "vector-" + FLOATS.vectorBitSize();
  }

  @Override
  public void multiply(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      float[] c,
      int cFrom,
      int cStride) {
    int panels = Panels.count(columns);
    if (terms != null && panels > 1) {
      multiplyTerms(
          rows, panels, a, aFrom, aStride, terms, firstTile, b, bFrom, bStride, c, cFrom, cStride);
      return;
    }
    int done = 0;
    do {
      multiplyAll(
          rows,
          panels,
          Math.min(DEPTH, depth - done),
          a,
          aFrom + Panels.index(aStride, 0, done),
          aStride,
          b,
          bFrom + done * WIDTH,
          bStride,
          done > 0,
          c,
          cFrom,
          cStride);
      done += DEPTH;
    } while (done < depth);
  }

  /** Of all terms. */
  private static void multiplyAll(
      int rows,
      int panels,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    int bPanel = bStride * WIDTH;
    int cPanel = cStride * WIDTH;
    int panel = 0;
    if (LANES == WIDTH) {
      for (; panel + 1 < panels; panel += 2) {
        int b0 = bFrom + panel * bPanel;
        int c0 = cFrom + panel * cPanel;
        for (int i = 0; i < rows; i += Panels.TILE_ROWS) {
          int row = c0 + i * WIDTH;
          int from = aFrom + i * WIDTH;
          tileOfTwo(depth, a, from, aStride, b, b0, b0 + bPanel, add, c, row, row + cPanel);
        }
      }
    }
    for (; panel < panels; panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int b0 = bFrom + panel * bPanel + lane;
        int c0 = cFrom + panel * cPanel + lane;
        for (int i = 0; i < rows; i += Panels.TILE_ROWS) {
          int from = aFrom + i * WIDTH;
          tileOfOne(depth, a, from, aStride, b, b0, add, c, c0 + i * WIDTH);
        }
      }
    }
  }

  /** Of the terms that count, and of two panels or more. */
  private static void multiplyTerms(
      int rows,
      int panels,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      float[] c,
      int cFrom,
      int cStride) {
    int vectors = panels * WIDTH / LANES;
    for (int vector = 0; vector < vectors; ) {
      int size = LANES == WIDTH ? Panels.group(vectors - vector) : 2;
      int b0 = bFrom + place(vector, bStride);
      int b1 = bFrom + place(vector + 1, bStride);
      int b2 = bFrom + place(vector + 2, bStride);
      int b3 = bFrom + place(vector + 3, bStride);
      int c0 = cFrom + place(vector, cStride);
      int c1 = cFrom + place(vector + 1, cStride);
      int c2 = cFrom + place(vector + 2, cStride);
      int c3 = cFrom + place(vector + 3, cStride);
      for (int i = 0; i < rows; i += Terms.TILE) {
        int tile = firstTile + i / Terms.TILE;
        int from = aFrom + i * WIDTH;
        int row = i * WIDTH;
        int row0 = c0 + row;
        int row1 = c1 + row;
        if (size == 2) {
          termsOfTwo(terms, tile, a, from, aStride, b, b0, b1, c, row0, row1);
        } else if (size == 3) {
          termsOfThree(terms, tile, a, from, aStride, b, b0, b1, b2, c, row0, row1, c2 + row);
        } else {
          termsOfFour(
              terms, tile, a, from, aStride, b, b0, b1, b2, b3, c, row0, row1, c2 + row, c3 + row);
        }
      }
      vector += size;
    }
  }

  /** The place of a row's n-th vector. */
  private static int place(int vector, int stride) {
    int lane = vector * LANES;
    return (lane / WIDTH * stride) * WIDTH + lane % WIDTH;
  }

  /** A tile of 8 rows and 2 vectors: two panels. */
  private static void tileOfTwo(
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
    FloatVector c00 = Functions.start(add, c, cFrom0);
    FloatVector c01 = Functions.start(add, c, cFrom1);
    FloatVector c10 = Functions.start(add, c, cFrom0 + WIDTH);
    FloatVector c11 = Functions.start(add, c, cFrom1 + WIDTH);
    FloatVector c20 = Functions.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c21 = Functions.start(add, c, cFrom1 + 2 * WIDTH);
    FloatVector c30 = Functions.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c31 = Functions.start(add, c, cFrom1 + 3 * WIDTH);
    FloatVector c40 = Functions.start(add, c, cFrom0 + 4 * WIDTH);
    FloatVector c41 = Functions.start(add, c, cFrom1 + 4 * WIDTH);
    FloatVector c50 = Functions.start(add, c, cFrom0 + 5 * WIDTH);
    FloatVector c51 = Functions.start(add, c, cFrom1 + 5 * WIDTH);
    FloatVector c60 = Functions.start(add, c, cFrom0 + 6 * WIDTH);
    FloatVector c61 = Functions.start(add, c, cFrom1 + 6 * WIDTH);
    FloatVector c70 = Functions.start(add, c, cFrom0 + 7 * WIDTH);
    FloatVector c71 = Functions.start(add, c, cFrom1 + 7 * WIDTH);
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

  /** A tile of 8 rows and 1 vector. */
  private static void tileOfOne(
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom0,
      boolean add,
      float[] c,
      int cFrom0) {
    FloatVector c00 = Functions.start(add, c, cFrom0);
    FloatVector c10 = Functions.start(add, c, cFrom0 + WIDTH);
    FloatVector c20 = Functions.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c30 = Functions.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c40 = Functions.start(add, c, cFrom0 + 4 * WIDTH);
    FloatVector c50 = Functions.start(add, c, cFrom0 + 5 * WIDTH);
    FloatVector c60 = Functions.start(add, c, cFrom0 + 6 * WIDTH);
    FloatVector c70 = Functions.start(add, c, cFrom0 + 7 * WIDTH);
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

  /** A tile of 4 rows and 4 vectors; of the terms that count. */
  private static void termsOfFour(
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

  /** A tile of 4 rows and 3 vectors; of the terms that count. */
  private static void termsOfThree(
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

  /** A tile of 4 rows and 2 vectors; of the terms that count. */
  private static void termsOfTwo(
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

  @Override
  public void multiplyTransposed(
      int rows,
      int columns,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    int panels = Panels.count(columns);
    if (terms != null && panels > 1) {
      multiplyTransposedTerms(
          rows, panels, a, aFrom, aStride, terms, firstTile, b, bFrom, bStride, add, c, cFrom,
          cStride);
      return;
    }
    int done = 0;
    do {
      multiplyAllTransposed(
          rows,
          panels,
          Math.min(DEPTH, depth - done),
          a,
          aFrom + done * WIDTH,
          aStride,
          b,
          bFrom + done * WIDTH,
          bStride,
          add || done > 0,
          c,
          cFrom,
          cStride);
      done += DEPTH;
    } while (done < depth);
  }

  /** Of all terms. */
  private static void multiplyAllTransposed(
      int rows,
      int panels,
      int depth,
      float[] a,
      int aFrom,
      int aStride,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    int bPanel = bStride * WIDTH;
    int cPanel = cStride * WIDTH;
    int panel = 0;
    if (LANES == WIDTH) {
      for (; panel + 1 < panels; panel += 2) {
        int b0 = bFrom + panel * bPanel;
        int c0 = cFrom + panel * cPanel;
        for (int i = 0; i < rows; i += Panels.TILE_ROWS) {
          int row = c0 + i * WIDTH;
          int from = aFrom + Panels.index(aStride, 0, i);
          transposedTileOfTwo(depth, a, from, b, b0, b0 + bPanel, add, c, row, row + cPanel);
        }
      }
    }
    for (; panel < panels; panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int b0 = bFrom + panel * bPanel + lane;
        int c0 = cFrom + panel * cPanel + lane;
        for (int i = 0; i < rows; i += Panels.TILE_ROWS) {
          int from = aFrom + Panels.index(aStride, 0, i);
          transposedTileOfOne(depth, a, from, b, b0, add, c, c0 + i * WIDTH);
        }
      }
    }
  }

  /** Of the terms that count, and of two panels or more. */
  private static void multiplyTransposedTerms(
      int rows,
      int panels,
      float[] a,
      int aFrom,
      int aStride,
      Terms terms,
      int firstTile,
      float[] b,
      int bFrom,
      int bStride,
      boolean add,
      float[] c,
      int cFrom,
      int cStride) {
    int vectors = panels * WIDTH / LANES;
    for (int vector = 0; vector < vectors; ) {
      int size = LANES == WIDTH ? Panels.group(vectors - vector) : 2;
      int b0 = bFrom + place(vector, bStride);
      int b1 = bFrom + place(vector + 1, bStride);
      int b2 = bFrom + place(vector + 2, bStride);
      int b3 = bFrom + place(vector + 3, bStride);
      int c0 = cFrom + place(vector, cStride);
      int c1 = cFrom + place(vector + 1, cStride);
      int c2 = cFrom + place(vector + 2, cStride);
      int c3 = cFrom + place(vector + 3, cStride);
      for (int i = 0; i < rows; i += Terms.TILE) {
        int tile = firstTile + i / Terms.TILE;
        int from = aFrom + Panels.index(aStride, 0, i);
        int row = i * WIDTH;
        int row0 = c0 + row;
        int row1 = c1 + row;
        if (size == 2) {
          transposedTermsOfTwo(terms, tile, a, from, b, b0, b1, add, c, row0, row1);
        } else if (size == 3) {
          transposedTermsOfThree(terms, tile, a, from, b, b0, b1, b2, add, c, row0, row1, c2 + row);
        } else {
          transposedTermsOfFour(
              terms, tile, a, from, b, b0, b1, b2, b3, add, c, row0, row1, c2 + row, c3 + row);
        }
      }
      vector += size;
    }
  }

  /** A tile of 8 rows and 2 vectors: two panels. */
  private static void transposedTileOfTwo(
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
    FloatVector c00 = Functions.start(add, c, cFrom0);
    FloatVector c01 = Functions.start(add, c, cFrom1);
    FloatVector c10 = Functions.start(add, c, cFrom0 + WIDTH);
    FloatVector c11 = Functions.start(add, c, cFrom1 + WIDTH);
    FloatVector c20 = Functions.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c21 = Functions.start(add, c, cFrom1 + 2 * WIDTH);
    FloatVector c30 = Functions.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c31 = Functions.start(add, c, cFrom1 + 3 * WIDTH);
    FloatVector c40 = Functions.start(add, c, cFrom0 + 4 * WIDTH);
    FloatVector c41 = Functions.start(add, c, cFrom1 + 4 * WIDTH);
    FloatVector c50 = Functions.start(add, c, cFrom0 + 5 * WIDTH);
    FloatVector c51 = Functions.start(add, c, cFrom1 + 5 * WIDTH);
    FloatVector c60 = Functions.start(add, c, cFrom0 + 6 * WIDTH);
    FloatVector c61 = Functions.start(add, c, cFrom1 + 6 * WIDTH);
    FloatVector c70 = Functions.start(add, c, cFrom0 + 7 * WIDTH);
    FloatVector c71 = Functions.start(add, c, cFrom1 + 7 * WIDTH);
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

  /** A tile of 8 rows and 1 vector. */
  private static void transposedTileOfOne(
      int depth, float[] a, int aFrom, float[] b, int bFrom0, boolean add, float[] c, int cFrom0) {
    FloatVector c00 = Functions.start(add, c, cFrom0);
    FloatVector c10 = Functions.start(add, c, cFrom0 + WIDTH);
    FloatVector c20 = Functions.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c30 = Functions.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c40 = Functions.start(add, c, cFrom0 + 4 * WIDTH);
    FloatVector c50 = Functions.start(add, c, cFrom0 + 5 * WIDTH);
    FloatVector c60 = Functions.start(add, c, cFrom0 + 6 * WIDTH);
    FloatVector c70 = Functions.start(add, c, cFrom0 + 7 * WIDTH);
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

  /** A tile of 4 rows and 4 vectors; of the terms that count. */
  private static void transposedTermsOfFour(
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
    FloatVector c00 = Functions.start(add, c, cFrom0);
    FloatVector c01 = Functions.start(add, c, cFrom1);
    FloatVector c02 = Functions.start(add, c, cFrom2);
    FloatVector c03 = Functions.start(add, c, cFrom3);
    FloatVector c10 = Functions.start(add, c, cFrom0 + WIDTH);
    FloatVector c11 = Functions.start(add, c, cFrom1 + WIDTH);
    FloatVector c12 = Functions.start(add, c, cFrom2 + WIDTH);
    FloatVector c13 = Functions.start(add, c, cFrom3 + WIDTH);
    FloatVector c20 = Functions.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c21 = Functions.start(add, c, cFrom1 + 2 * WIDTH);
    FloatVector c22 = Functions.start(add, c, cFrom2 + 2 * WIDTH);
    FloatVector c23 = Functions.start(add, c, cFrom3 + 2 * WIDTH);
    FloatVector c30 = Functions.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c31 = Functions.start(add, c, cFrom1 + 3 * WIDTH);
    FloatVector c32 = Functions.start(add, c, cFrom2 + 3 * WIDTH);
    FloatVector c33 = Functions.start(add, c, cFrom3 + 3 * WIDTH);
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

  /** A tile of 4 rows and 3 vectors; of the terms that count. */
  private static void transposedTermsOfThree(
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
    FloatVector c00 = Functions.start(add, c, cFrom0);
    FloatVector c01 = Functions.start(add, c, cFrom1);
    FloatVector c02 = Functions.start(add, c, cFrom2);
    FloatVector c10 = Functions.start(add, c, cFrom0 + WIDTH);
    FloatVector c11 = Functions.start(add, c, cFrom1 + WIDTH);
    FloatVector c12 = Functions.start(add, c, cFrom2 + WIDTH);
    FloatVector c20 = Functions.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c21 = Functions.start(add, c, cFrom1 + 2 * WIDTH);
    FloatVector c22 = Functions.start(add, c, cFrom2 + 2 * WIDTH);
    FloatVector c30 = Functions.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c31 = Functions.start(add, c, cFrom1 + 3 * WIDTH);
    FloatVector c32 = Functions.start(add, c, cFrom2 + 3 * WIDTH);
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

  /** A tile of 4 rows and 2 vectors; of the terms that count. */
  private static void transposedTermsOfTwo(
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
    FloatVector c00 = Functions.start(add, c, cFrom0);
    FloatVector c01 = Functions.start(add, c, cFrom1);
    FloatVector c10 = Functions.start(add, c, cFrom0 + WIDTH);
    FloatVector c11 = Functions.start(add, c, cFrom1 + WIDTH);
    FloatVector c20 = Functions.start(add, c, cFrom0 + 2 * WIDTH);
    FloatVector c21 = Functions.start(add, c, cFrom1 + 2 * WIDTH);
    FloatVector c30 = Functions.start(add, c, cFrom0 + 3 * WIDTH);
    FloatVector c31 = Functions.start(add, c, cFrom1 + 3 * WIDTH);
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

  @Override
  public void transpose(
      int rows,
      int columns,
      float[] source,
      int sourceFrom,
      int sourceStride,
      float[] target,
      int targetStride) {
    for (int panel = 0; panel < Panels.count(rows); panel++) {
      int count = Math.min(WIDTH, rows - panel * WIDTH);
      int targetPanel = panel * targetStride * WIDTH;
      for (int from = 0; from < columns; from += WIDTH) {
        int sourceBlock = sourceFrom + Panels.index(sourceStride, panel * WIDTH, from);
        int width = Math.min(WIDTH, columns - from);
        int targetBlock = targetPanel + from * WIDTH;
        if (count == WIDTH) {
          transposeBlock(width, source, sourceBlock, target, targetBlock);
        } else {
          transposePart(count, width, source, sourceBlock, target, targetBlock);
        }
      }
    }
  }

  /** 16 rows x width to width x 16. */
  private static void transposeBlock(
      int width, float[] source, int sourceBlock, float[] target, int targetBlock) {
    for (int j = 0; j < width; j++) {
      int to = targetBlock + j * WIDTH;
      int from = sourceBlock + j;
      target[to] = source[from];
      target[to + 1] = source[from + WIDTH];
      target[to + 2] = source[from + 2 * WIDTH];
      target[to + 3] = source[from + 3 * WIDTH];
      target[to + 4] = source[from + 4 * WIDTH];
      target[to + 5] = source[from + 5 * WIDTH];
      target[to + 6] = source[from + 6 * WIDTH];
      target[to + 7] = source[from + 7 * WIDTH];
      target[to + 8] = source[from + 8 * WIDTH];
      target[to + 9] = source[from + 9 * WIDTH];
      target[to + 10] = source[from + 10 * WIDTH];
      target[to + 11] = source[from + 11 * WIDTH];
      target[to + 12] = source[from + 12 * WIDTH];
      target[to + 13] = source[from + 13 * WIDTH];
      target[to + 14] = source[from + 14 * WIDTH];
      target[to + 15] = source[from + 15 * WIDTH];
    }
  }

  /** Fewer than 16 rows; the rest of the target's rows is 0. */
  private static void transposePart(
      int count, int width, float[] source, int sourceBlock, float[] target, int targetBlock) {
    for (int j = 0; j < width; j++) {
      int to = targetBlock + j * WIDTH;
      for (int i = 0; i < count; i++) {
        target[to + i] = source[sourceBlock + i * WIDTH + j];
      }
      for (int i = count; i < WIDTH; i++) {
        target[to + i] = 0f;
      }
    }
  }

  @Override
  public void addRow(int rows, int columns, float[] matrix, int stride, float[] row, int rowFrom) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int from = panel * stride * WIDTH + lane;
        addVector(rows, matrix, from, row, rowFrom + panel * WIDTH + lane);
      }
    }
  }

  private static void addVector(int rows, float[] matrix, int from, float[] row, int rowFrom) {
    FloatVector added = FloatVector.fromArray(FLOATS, row, rowFrom);
    for (int i = 0; i < rows; i++) {
      int place = from + i * WIDTH;
      FloatVector.fromArray(FLOATS, matrix, place).add(added).intoArray(matrix, place);
    }
  }

  @Override
  public void sumColumns(
      int rows, int columns, float[] matrix, int stride, boolean add, float[] sums, int sumsFrom) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int from = panel * stride * WIDTH + lane;
        int place = sumsFrom + panel * WIDTH + lane;
        FloatVector sum = Functions.start(add, sums, place);
        for (int i = 0; i < rows; i++) {
          sum = sum.add(FloatVector.fromArray(FLOATS, matrix, from + i * WIDTH));
        }
        sum.intoArray(sums, place);
      }
    }
  }

  @Override
  public void addAbsoluteColumns(int rows, int columns, float[] matrix, int stride, float[] sums) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int from = panel * stride * WIDTH + lane;
        addAbsoluteVector(rows, matrix, from, sums, panel * WIDTH + lane);
      }
    }
  }

  private static void addAbsoluteVector(
      int rows, float[] matrix, int from, float[] sums, int sumsFrom) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i + 3 < rows; i += 4) {
      int place = from + i * WIDTH;
      sum0 = sum0.add(FloatVector.fromArray(FLOATS, matrix, place).abs());
      sum1 = sum1.add(FloatVector.fromArray(FLOATS, matrix, place + WIDTH).abs());
      sum2 = sum2.add(FloatVector.fromArray(FLOATS, matrix, place + 2 * WIDTH).abs());
      sum3 = sum3.add(FloatVector.fromArray(FLOATS, matrix, place + 3 * WIDTH).abs());
    }
    if (i < rows) {
      sum0 = sum0.add(FloatVector.fromArray(FLOATS, matrix, from + i * WIDTH).abs());
    }
    if (i + 1 < rows) {
      sum1 = sum1.add(FloatVector.fromArray(FLOATS, matrix, from + (i + 1) * WIDTH).abs());
    }
    if (i + 2 < rows) {
      sum2 = sum2.add(FloatVector.fromArray(FLOATS, matrix, from + (i + 2) * WIDTH).abs());
    }
    FloatVector.fromArray(FLOATS, sums, sumsFrom)
        .add(sum0.add(sum1).add(sum2.add(sum3)))
        .intoArray(sums, sumsFrom);
  }

  @Override
  public void gather(
      byte[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride) {
    int vectors = columns / LANES * LANES;
    // Panel by panel: the loads of many samples from memory overlap, and what is written is one
    // stretch.
    if (BYTES.length() == LANES) {
      for (int j = 0; j < vectors; j += LANES) {
        int to = Panels.index(stride, 0, j);
        gatherColumns(source, columns, j, rowNumbers, from, count, scale, shift, batch, to);
      }
    }
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      for (int j = BYTES.length() == LANES ? vectors : 0; j < columns; j++) {
        float value = source[row + j] & 0xFF;
        batch[Panels.index(stride, i, j)] = Math.fma(value, scale[j], shift[j]);
      }
      PlainKernels.clearFill(columns, batch, stride, i);
    }
  }

  /** The columns from j on, as many as a vector has lanes. */
  private static void gatherColumns(
      byte[] source,
      int columns,
      int j,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int to) {
    FloatVector factor = FloatVector.fromArray(FLOATS, scale, j);
    FloatVector added = FloatVector.fromArray(FLOATS, shift, j);
    for (int i = 0; i < count; i++) {
      IntVector bytes =
          (IntVector)
              ByteVector.fromArray(BYTES, source, rowNumbers[from + i] * columns + j)
                  .convertShape(VectorOperators.B2I, INTS, 0);
      FloatVector values =
          (FloatVector) bytes.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0);
      values.fma(factor, added).intoArray(batch, to + i * WIDTH);
    }
  }

  @Override
  public void gatherTerms(
      byte[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride,
      Terms byRows,
      Terms byColumns) {
    if (BYTES.length() != LANES || columns % WIDTH != 0) {
      Kernels.super.gatherTerms(
          source, columns, rowNumbers, from, count, scale, shift, batch, stride, byRows, byColumns);
      return;
    }
    int tiles = Terms.tiles(columns);
    for (int j = 0; j < columns; j += LANES) {
      int to = Panels.index(stride, 0, j);
      for (int i = 0; i < count; i += Terms.MASK_TERMS) {
        int rows = Math.min(Terms.MASK_TERMS, count - i);
        int mask = i / Terms.MASK_TERMS * tiles + j / Terms.TILE;
        gatherAndMask(
            source,
            columns,
            j,
            rowNumbers,
            from + i,
            rows,
            scale,
            shift,
            batch,
            to + i * WIDTH,
            byColumns.masks,
            mask);
      }
    }
    int found = 0;
    for (int tile = 0; tile < tiles; tile++) {
      found = findInMasks(count, byColumns.masks, tile, tiles, byColumns.places, found);
      byColumns.ends[tile] = found;
    }
    byColumns.decide(columns, count);
    found = 0;
    for (int tile = 0; tile < Terms.tiles(count); tile++) {
      int first = from + tile * Terms.TILE;
      int last = from + count - 1;
      int row0 = rowNumbers[first] * columns;
      int row1 = rowNumbers[Math.min(first + 1, last)] * columns;
      int row2 = rowNumbers[Math.min(first + 2, last)] * columns;
      int row3 = rowNumbers[Math.min(first + 3, last)] * columns;
      found = findInRows(columns, source, row0, row1, row2, row3, byRows.places, found);
      byRows.ends[tile] = found;
    }
    byRows.decide(count, columns);
  }

  /**
   * The columns from j on of up to 32 samples; and a mask for each four of these columns: bit i
   * tells whether one of the i-th sample's is not 0.
   */
  private static void gatherAndMask(
      byte[] source,
      int columns,
      int j,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int to,
      int[] masks,
      int mask) {
    FloatVector factor = FloatVector.fromArray(FLOATS, scale, j);
    FloatVector added = FloatVector.fromArray(FLOATS, shift, j);
    IntVector found = IntVector.zero(TILES);
    for (int i = 0; i < count; i++) {
      ByteVector bytes = ByteVector.fromArray(BYTES, source, rowNumbers[from + i] * columns + j);
      IntVector numbers = (IntVector) bytes.convertShape(VectorOperators.B2I, INTS, 0);
      FloatVector values =
          (FloatVector) numbers.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0);
      values.fma(factor, added).intoArray(batch, to + i * WIDTH);
      VectorMask<Integer> notZero = bytes.reinterpretAsInts().compare(VectorOperators.NE, 0);
      found = found.blend(found.or(1 << i), notZero);
    }
    found.intoArray(masks, mask);
  }

  /** The columns in which one of four samples is not 0, 8 at a time. */
  private static int findInRows(
      int columns, byte[] source, int row0, int row1, int row2, int row3, int[] places, int found) {
    int next = found;
    for (int j = 0; j < columns; j += Byte.SIZE) {
      long bytes =
          (long) EIGHT_BYTES.get(source, row0 + j)
              | (long) EIGHT_BYTES.get(source, row1 + j)
              | (long) EIGHT_BYTES.get(source, row2 + j)
              | (long) EIGHT_BYTES.get(source, row3 + j);
      // The highest bit of each byte that is not 0, then those of all bytes side by side.
      long high = (bytes & 0x7F7F7F7F7F7F7F7FL) + 0x7F7F7F7F7F7F7F7FL | bytes;
      int bits = (int) ((high >>> 7 & 0x0101010101010101L) * 0x0102040810204080L >>> 56);
      Functions.bitPlaces(bits, j * WIDTH).intoArray(places, next);
      next += Integer.bitCount(bits);
    }
    return next;
  }

  /** The rows whose bits are 1 in the masks of a tile. */
  private static int findInMasks(
      int rows, int[] masks, int tile, int tiles, int[] places, int found) {
    int next = found;
    for (int i = 0; i < rows; i += Byte.SIZE) {
      int bits = masks[tile + i / Terms.MASK_TERMS * tiles] >>> (i % Terms.MASK_TERMS) & 0xFF;
      Functions.bitPlaces(bits, i * WIDTH).intoArray(places, next);
      next += Integer.bitCount(bits);
    }
    return next;
  }

  @Override
  public void gather(
      float[] source,
      int columns,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int stride) {
    int vectors = columns / LANES * LANES;
    for (int j = 0; j < vectors; j += LANES) {
      int to = Panels.index(stride, 0, j);
      gatherColumns(source, columns, j, rowNumbers, from, count, scale, shift, batch, to);
    }
    for (int i = 0; i < count; i++) {
      int row = rowNumbers[from + i] * columns;
      for (int j = vectors; j < columns; j++) {
        batch[Panels.index(stride, i, j)] = Math.fma(source[row + j], scale[j], shift[j]);
      }
      PlainKernels.clearFill(columns, batch, stride, i);
    }
  }

  /** The columns from j on, as many as a vector has lanes. */
  private static void gatherColumns(
      float[] source,
      int columns,
      int j,
      int[] rowNumbers,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] batch,
      int to) {
    FloatVector factor = FloatVector.fromArray(FLOATS, scale, j);
    FloatVector added = FloatVector.fromArray(FLOATS, shift, j);
    for (int i = 0; i < count; i++) {
      FloatVector.fromArray(FLOATS, source, rowNumbers[from + i] * columns + j)
          .fma(factor, added)
          .intoArray(batch, to + i * WIDTH);
    }
  }

  @Override
  public void relu(float[] x, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, i).max(0f).intoArray(x, i);
    }
    for (; i < count; i++) {
      x[i] = Math.max(x[i], 0f);
    }
  }

  @Override
  public void reluDerivative(float[] output, float[] delta, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Float> positive =
          FloatVector.fromArray(FLOATS, output, i).compare(VectorOperators.GT, 0f);
      FloatVector.zero(FLOATS)
          .blend(FloatVector.fromArray(FLOATS, delta, i), positive)
          .intoArray(delta, i);
    }
    for (; i < count; i++) {
      delta[i] = output[i] > 0f ? delta[i] : 0f;
    }
  }

  @Override
  public void sigmoid(float[] x, int count) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector e = Functions.exp(FloatVector.fromArray(FLOATS, x, i).neg());
      one.div(e.add(one)).intoArray(x, i);
    }
    for (; i < count; i++) {
      x[i] = ElementaryFunctions.sigmoid(x[i]);
    }
  }

  @Override
  public void sigmoidDerivative(float[] output, float[] delta, int count) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector y = FloatVector.fromArray(FLOATS, output, i);
      FloatVector.fromArray(FLOATS, delta, i).mul(y.mul(one.sub(y))).intoArray(delta, i);
    }
    for (; i < count; i++) {
      delta[i] = delta[i] * (output[i] * (1f - output[i]));
    }
  }

  @Override
  public void tanh(float[] x, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      Functions.tanh(FloatVector.fromArray(FLOATS, x, i)).intoArray(x, i);
    }
    for (; i < count; i++) {
      x[i] = ElementaryFunctions.tanh(x[i]);
    }
  }

  @Override
  public void tanhDerivative(float[] output, float[] delta, int count) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector y = FloatVector.fromArray(FLOATS, output, i);
      FloatVector.fromArray(FLOATS, delta, i).mul(y.neg().fma(y, one)).intoArray(delta, i);
    }
    for (; i < count; i++) {
      delta[i] = delta[i] * Math.fma(-output[i], output[i], 1f);
    }
  }

  @Override
  public void leakyRelu(float[] x, float slope, int count) {
    if (count % LANES != 0) {
      Kernels.super.leakyRelu(x, slope, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(x, i);
    }
  }

  @Override
  public void leakyReluDerivative(float[] output, float slope, float[] delta, int count) {
    if (count % LANES != 0) {
      Kernels.super.leakyReluDerivative(output, slope, delta, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector d = FloatVector.fromArray(FLOATS, delta, i);
      VectorMask<Float> positive =
          FloatVector.fromArray(FLOATS, output, i).compare(VectorOperators.GT, 0f);
      d.mul(slope).blend(d, positive).intoArray(delta, i);
    }
  }

  @Override
  public void elu(float[] x, int count) {
    if (count % LANES != 0) {
      Kernels.super.elu(x, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      Functions.expm1(v).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(x, i);
    }
  }

  @Override
  public void eluDerivative(float[] output, float[] delta, int count) {
    if (count % LANES != 0) {
      Kernels.super.eluDerivative(output, delta, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector y = FloatVector.fromArray(FLOATS, output, i);
      FloatVector d = FloatVector.fromArray(FLOATS, delta, i);
      d.mul(y.add(1f)).blend(d, y.compare(VectorOperators.GT, 0f)).intoArray(delta, i);
    }
  }

  @Override
  public void softplus(float[] x, int count) {
    if (count % LANES != 0) {
      Kernels.super.softplus(x, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector e = Functions.exp(v.abs().neg());
      // As ElementaryFunctions.log1p.
      FloatVector sum = e.add(1f);
      FloatVector rest = Functions.log(sum).add(e.sub(sum.sub(1f)).div(sum));
      v.max(0f).add(rest).intoArray(x, i);
    }
  }

  @Override
  public void softplusDerivative(float[] output, float[] delta, int count) {
    if (count % LANES != 0) {
      Kernels.super.softplusDerivative(output, delta, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector slope = Functions.expm1(FloatVector.fromArray(FLOATS, output, i).neg()).neg();
      FloatVector.fromArray(FLOATS, delta, i).mul(slope).intoArray(delta, i);
    }
  }

  @Override
  public void lecunTanh(float[] x, int count) {
    if (count % LANES != 0) {
      Kernels.super.lecunTanh(x, count);
      return;
    }
    FloatVector scale = FloatVector.broadcast(FLOATS, LECUN_SCALE);
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector t = Functions.tanh(v.mul(LECUN_SLOPE));
      scale.fma(t, v.mul(LECUN_TWIST)).intoArray(x, i);
    }
  }

  @Override
  public void lecunTanhDerivative(float[] z, float[] delta, int count) {
    if (count % LANES != 0) {
      Kernels.super.lecunTanhDerivative(z, delta, count);
      return;
    }
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    FloatVector twist = FloatVector.broadcast(FLOATS, LECUN_TWIST);
    FloatVector scale = FloatVector.broadcast(FLOATS, LECUN_SCALE * LECUN_SLOPE);
    for (int i = 0; i < count; i += LANES) {
      FloatVector t = Functions.tanh(FloatVector.fromArray(FLOATS, z, i).mul(LECUN_SLOPE));
      FloatVector slope = scale.fma(t.neg().fma(t, one), twist);
      FloatVector.fromArray(FLOATS, delta, i).mul(slope).intoArray(delta, i);
    }
  }

  @Override
  public void multiplyElements(float[] target, float[] factors, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, target, i)
          .mul(FloatVector.fromArray(FLOATS, factors, i))
          .intoArray(target, i);
    }
    for (; i < count; i++) {
      target[i] *= factors[i];
    }
  }

  @Override
  public void softmaxCrossEntropy(
      int rows, int columns, float[] x, int stride, int[] classes, float[] losses) {
    if (LANES == WIDTH && columns <= WIDTH) {
      softmaxCrossEntropy(rows, columns, x, classes, losses);
      return;
    }
    int panels = Panels.count(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = columns; j < panels * WIDTH; j++) {
        x[Panels.index(stride, i, j)] = Float.NEGATIVE_INFINITY;
      }
      float ofClass = x[Panels.index(stride, i, classes[i])];
      float largest = PlainKernels.largest(columns, x, stride, i);
      for (int panel = 0; panel < panels; panel++) {
        expLess(largest, x, (panel * stride + i) * WIDTH);
      }
      float sum = 0f;
      for (int j = 0; j < columns; j++) {
        sum += x[Panels.index(stride, i, j)];
      }
      for (int panel = 0; panel < panels; panel++) {
        divide(x, (panel * stride + i) * WIDTH, sum);
      }
      losses[i] = ElementaryFunctions.log(sum) - (ofClass - largest);
    }
  }

  /** The same where a row is one vector. */
  private static void softmaxCrossEntropy(
      int rows, int columns, float[] x, int[] classes, float[] losses) {
    IntVector columnBits = IntVector.fromArray(INTS, COLUMN_BITS, WIDTH - columns);
    for (int i = 0; i < rows; i++) {
      int from = i * WIDTH;
      float ofClass = x[from + classes[i]];
      float largest = Float.NEGATIVE_INFINITY;
      for (int j = from; j < from + columns; j++) {
        largest = x[j] > largest ? x[j] : largest;
      }
      FloatVector e = Functions.exp(FloatVector.fromArray(FLOATS, x, from).sub(largest));
      e = e.reinterpretAsInts().and(columnBits).reinterpretAsFloats();
      e.intoArray(x, from);
      float sum = 0f;
      for (int j = from; j < from + columns; j++) {
        sum += x[j];
      }
      e.div(sum).intoArray(x, from);
      losses[i] = ElementaryFunctions.log(sum) - (ofClass - largest);
    }
  }

  /** x = exp(x - subtracted) over a panel's row. */
  private static void expLess(float subtracted, float[] x, int from) {
    for (int lane = 0; lane < WIDTH; lane += LANES) {
      Functions.exp(FloatVector.fromArray(FLOATS, x, from + lane).sub(subtracted))
          .intoArray(x, from + lane);
    }
  }

  /** x = x / divisor over a panel's row. */
  private static void divide(float[] x, int from, float divisor) {
    for (int lane = 0; lane < WIDTH; lane += LANES) {
      FloatVector.fromArray(FLOATS, x, from + lane).div(divisor).intoArray(x, from + lane);
    }
  }

  @Override
  public void differences(
      int rows,
      int columns,
      float[] outputs,
      int stride,
      int[] classes,
      float factor,
      float[] delta) {
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      int from = panel * stride * WIDTH;
      for (int i = from; i < from + rows * WIDTH; i += LANES) {
        FloatVector.fromArray(FLOATS, outputs, i).mul(factor).intoArray(delta, i);
      }
    }
    for (int i = 0; i < rows; i++) {
      int ofClass = Panels.index(stride, i, classes[i]);
      delta[ofClass] = (outputs[ofClass] - 1f) * factor;
      PlainKernels.clearFill(columns, delta, stride, i);
    }
  }

  @Override
  public void moments(
      int rows, int columns, float[] matrix, int stride, float[] means, float[] variances) {
    for (int j = 0; j < Panels.count(columns) * WIDTH; j += LANES) {
      int from = Panels.index(stride, 0, j);
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = 0; i < rows; i++) {
        sum = sum.add(FloatVector.fromArray(FLOATS, matrix, from + i * WIDTH));
      }
      FloatVector mean = sum.div(rows);
      FloatVector squares = FloatVector.zero(FLOATS);
      for (int i = 0; i < rows; i++) {
        FloatVector difference = FloatVector.fromArray(FLOATS, matrix, from + i * WIDTH).sub(mean);
        squares = difference.fma(difference, squares);
      }
      mean.intoArray(means, j);
      squares.div(rows).intoArray(variances, j);
    }
  }

  @Override
  public void normalize(
      int rows,
      int columns,
      float[] matrix,
      int stride,
      float[] means,
      float[] inverses,
      float[] parameters,
      int scaleFrom,
      int shiftFrom,
      float[] normalized) {
    for (int j = 0; j < Panels.count(columns) * WIDTH; j += LANES) {
      int from = Panels.index(stride, 0, j);
      FloatVector mean = FloatVector.fromArray(FLOATS, means, j);
      FloatVector inverse = FloatVector.fromArray(FLOATS, inverses, j);
      FloatVector scale = FloatVector.fromArray(FLOATS, parameters, scaleFrom + j);
      FloatVector shift = FloatVector.fromArray(FLOATS, parameters, shiftFrom + j);
      for (int place = from; place < from + rows * WIDTH; place += WIDTH) {
        FloatVector x = FloatVector.fromArray(FLOATS, matrix, place).sub(mean).mul(inverse);
        x.intoArray(normalized, place);
        x.fma(scale, shift).intoArray(matrix, place);
      }
    }
  }

  @Override
  public void normalizeDerivative(
      int rows,
      int columns,
      float[] normalized,
      int stride,
      float[] inverses,
      float[] parameters,
      int scaleFrom,
      float[] delta,
      float[] gradient) {
    int width = Panels.count(columns) * WIDTH;
    for (int j = 0; j < width; j += LANES) {
      int from = Panels.index(stride, 0, j);
      FloatVector scaleGradient = FloatVector.zero(FLOATS);
      FloatVector shiftGradient = FloatVector.zero(FLOATS);
      for (int place = from; place < from + rows * WIDTH; place += WIDTH) {
        FloatVector d = FloatVector.fromArray(FLOATS, delta, place);
        scaleGradient = d.fma(FloatVector.fromArray(FLOATS, normalized, place), scaleGradient);
        shiftGradient = shiftGradient.add(d);
      }
      scaleGradient.intoArray(gradient, j);
      shiftGradient.intoArray(gradient, width + j);
      FloatVector factor =
          FloatVector.fromArray(FLOATS, parameters, scaleFrom + j)
              .mul(FloatVector.fromArray(FLOATS, inverses, j));
      FloatVector scaleMean = scaleGradient.div(rows);
      FloatVector shiftMean = shiftGradient.div(rows);
      for (int place = from; place < from + rows * WIDTH; place += WIDTH) {
        FloatVector x = FloatVector.fromArray(FLOATS, normalized, place);
        FloatVector d = FloatVector.fromArray(FLOATS, delta, place).sub(shiftMean);
        factor.mul(x.neg().fma(scaleMean, d)).intoArray(delta, place);
      }
    }
  }

  @Override
  public void dropoutMask(RandomStream stream, float rate, float[] mask, int count) {
    int threshold = Math.round(rate * 0x1p24f);
    float kept = 1f / (1f - rate);
    int blocks = (count + 1) / 2;
    int vectors = words(stream, mask, count);
    for (int half = 0; half < 2; half++) {
      mask(threshold, kept, mask, half * blocks, vectors);
    }
    for (int i = vectors; i < blocks; i++) {
      long block = stream.blockAt(i);
      mask[i] = ((int) block >>> 8) < threshold ? 0f : kept;
      if (blocks + i < count) {
        mask[blocks + i] = ((int) (block >>> 32) >>> 8) < threshold ? 0f : kept;
      }
    }
    stream.seek(stream.position() + blocks);
  }

  /** Turns random words into a mask. */
  private static void mask(int threshold, float kept, float[] words, int from, int count) {
    IntVector keptBits = IntVector.broadcast(INTS, Float.floatToRawIntBits(kept));
    for (int i = from; i < from + count; i += LANES) {
      IntVector word = FloatVector.fromArray(FLOATS, words, i).reinterpretAsInts();
      // All ones where the word is below the threshold, without a mask's type to convert.
      IntVector below =
          word.lanewise(VectorOperators.LSHR, 8)
              .sub(threshold)
              .lanewise(VectorOperators.ASHR, Integer.SIZE - 1);
      keptBits.and(below.not()).reinterpretAsFloats().intoArray(words, i);
    }
  }

  @Override
  public void fillNormal(RandomStream stream, float[] values, int count) {
    int blocks = (count + 1) / 2;
    int vectors = words(stream, values, count);
    for (int half = 0; half < 2; half++) {
      normal(values, half * blocks, vectors);
    }
    for (int i = vectors; i < blocks; i++) {
      long block = stream.blockAt(i);
      values[i] = ElementaryFunctions.normal((int) block);
      if (blocks + i < count) {
        values[blocks + i] = ElementaryFunctions.normal((int) (block >>> 32));
      }
    }
    stream.seek(stream.position() + blocks);
  }

  /**
   * Turns random words into normal numbers, as {@link ElementaryFunctions#normal}. That does the
   * vectors with a number in the tails, one in twenty: with the polynomials of both, this loop
   * would be more than the compiler inlines, and its vectors objects.
   */
  private static void normal(float[] words, int from, int count) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int i = from; i < from + count; i += LANES) {
      FloatVector bits = FloatVector.fromArray(FLOATS, words, i);
      IntVector odd = bits.reinterpretAsInts().lanewise(VectorOperators.ASHR, 7).or(1);
      FloatVector x =
          ((FloatVector) odd.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(0x1p-24f);
      FloatVector w = Functions.log(one.sub(x).mul(one.add(x))).neg();
      FloatVector near = Functions.polynomial(w.sub(2.5f), ElementaryFunctions.NORMAL_NEAR);
      if (w.compare(VectorOperators.GE, 5f).anyTrue()) {
        plainNormal(words, i);
      } else {
        near.mul(x).mul(ElementaryFunctions.SQRT_TWO).intoArray(words, i);
      }
    }
  }

  /** The same for one vector's words. */
  private static void plainNormal(float[] words, int from) {
    for (int i = from; i < from + LANES; i++) {
      words[i] = ElementaryFunctions.normal(Float.floatToRawIntBits(words[i]));
    }
  }

  /**
   * Writes whole vectors of a stream's next words, as bits: the first words of the blocks from 0,
   * the second words from the middle. Threefry as in {@link RandomStream#block}, a block a lane,
   * four rounds a pass over the array: all twenty in one loop are more than the compiler inlines.
   *
   * @return how many are written of each
   */
  private static int words(RandomStream stream, float[] target, int count) {
    int blocks = (count + 1) / 2;
    long position = stream.position();
    int high = (int) (position >>> 32);
    boolean carries = high != (int) ((position + blocks) >>> 32);
    int vectors = carries ? 0 : (count - blocks) / LANES * LANES;
    int key0 = stream.key0();
    int key1 = stream.key1();
    int key2 = RandomStream.PARITY ^ key0 ^ key1;
    IntVector lanes = IntVector.fromArray(INTS, INDEXES, 0);
    FloatVector second = IntVector.broadcast(INTS, high + key1).reinterpretAsFloats();
    for (int i = 0; i < vectors; i += LANES) {
      lanes.add((int) position + i + key0).reinterpretAsFloats().intoArray(target, i);
      second.intoArray(target, blocks + i);
    }
    // One call in a loop, not five calls: each would be inlined.
    for (int group = 0; group < 5; group++) {
      int added0 = group % 3 == 0 ? key1 : group % 3 == 1 ? key2 : key0;
      int added1 = group % 3 == 0 ? key2 : group % 3 == 1 ? key0 : key1;
      int rotations = group % 2 == 0 ? EVEN_ROTATIONS : ODD_ROTATIONS;
      fourRounds(target, blocks, vectors, rotations, added0, added1 + group + 1);
    }
    return vectors;
  }

  /**
   * Four rounds of Threefry and an addition of keys.
   *
   * @param rotations of the rounds, a byte each, the first lowest
   */
  private static void fourRounds(
      float[] words, int second, int count, int rotations, int added0, int added1) {
    int rotation0 = rotations & 0xFF;
    int rotation1 = rotations >>> 8 & 0xFF;
    int rotation2 = rotations >>> 16 & 0xFF;
    int rotation3 = rotations >>> 24;
    for (int i = 0; i < count; i += LANES) {
      IntVector x0 = FloatVector.fromArray(FLOATS, words, i).reinterpretAsInts();
      IntVector x1 = FloatVector.fromArray(FLOATS, words, second + i).reinterpretAsInts();
      x0 = x0.add(x1);
      x1 = Functions.rotate(x1, rotation0).lanewise(VectorOperators.XOR, x0);
      x0 = x0.add(x1);
      x1 = Functions.rotate(x1, rotation1).lanewise(VectorOperators.XOR, x0);
      x0 = x0.add(x1);
      x1 = Functions.rotate(x1, rotation2).lanewise(VectorOperators.XOR, x0);
      x0 = x0.add(x1);
      x1 = Functions.rotate(x1, rotation3).lanewise(VectorOperators.XOR, x0);
      x0.add(added0).reinterpretAsFloats().intoArray(words, i);
      x1.add(added1).reinterpretAsFloats().intoArray(words, second + i);
    }
  }

  @Override
  public void addMultiple(float[] x, float factor, float[] values, int count) {
    FloatVector factors = FloatVector.broadcast(FLOATS, factor);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      factors
          .fma(FloatVector.fromArray(FLOATS, values, i), FloatVector.fromArray(FLOATS, x, i))
          .intoArray(x, i);
    }
    for (; i < count; i++) {
      x[i] = Math.fma(factor, values[i], x[i]);
    }
  }

  @Override
  public double sumAbsolute(float[] x, int from, int count) {
    if (LANES != WIDTH || count % WIDTH != 0) {
      return PlainKernels.INSTANCE.sumAbsolute(x, from, count);
    }
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = DoubleVector.zero(DOUBLES);
    for (int i = from; i < from + count; i += WIDTH) {
      FloatVector magnitude = FloatVector.fromArray(FLOATS, x, i).abs();
      low = low.add((DoubleVector) magnitude.convertShape(VectorOperators.F2D, DOUBLES, 0));
      high = high.add((DoubleVector) magnitude.convertShape(VectorOperators.F2D, DOUBLES, 1));
    }
    return Functions.sum(high, Functions.sum(low, 0));
  }

  @Override
  public float largestAbsolute(float[] x, int from, int count) {
    FloatVector largest = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      largest = largest.max(FloatVector.fromArray(FLOATS, x, from + i).abs());
    }
    float rest = PlainKernels.INSTANCE.largestAbsolute(x, from + i, count - i);
    return Math.max(largest.reduceLanes(VectorOperators.MAX), rest);
  }

  @Override
  public double sumSquares(float[] x, int from, int count) {
    if (LANES != WIDTH || count % WIDTH != 0) {
      return PlainKernels.INSTANCE.sumSquares(x, from, count);
    }
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = DoubleVector.zero(DOUBLES);
    for (int i = from; i < from + count; i += WIDTH) {
      FloatVector value = FloatVector.fromArray(FLOATS, x, i);
      DoubleVector first = (DoubleVector) value.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector second = (DoubleVector) value.convertShape(VectorOperators.F2D, DOUBLES, 1);
      low = low.add(first.mul(first));
      high = high.add(second.mul(second));
    }
    return Functions.sum(high, Functions.sum(low, 0));
  }

  @Override
  public void addPenaltyGradient(
      float[] weights,
      int from,
      int count,
      float l1,
      float l2,
      float[] gradient,
      int gradientFrom) {
    FloatVector factor2 = FloatVector.broadcast(FLOATS, l2);
    FloatVector factor1 = FloatVector.broadcast(FLOATS, l1);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector w = FloatVector.fromArray(FLOATS, weights, from + i);
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      // As Math.signum. In a method of its own it was left apart, its vectors objects, in some
      // runs.
      FloatVector one = w.reinterpretAsInts().and(0x80000000).or(0x3F800000).reinterpretAsFloats();
      FloatVector sign = w.blend(one, w.abs().compare(VectorOperators.GT, 0f));
      factor1.fma(sign, factor2.fma(w, g)).intoArray(gradient, gradientFrom + i);
    }
    if (i < count) {
      PlainKernels.INSTANCE.addPenaltyGradient(
          weights, from + i, count - i, l1, l2, gradient, gradientFrom + i);
    }
  }

  @Override
  public void sgd(
      float[] weights, int from, int count, float[] gradient, int gradientFrom, float rate) {
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      step.fma(g, FloatVector.fromArray(FLOATS, weights, from + i)).intoArray(weights, from + i);
    }
    for (; i < count; i++) {
      weights[from + i] = Math.fma(-rate, gradient[gradientFrom + i], weights[from + i]);
    }
  }

  @Override
  public void sgdMomentum(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] velocity,
      float rate,
      float momentum) {
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    FloatVector m = FloatVector.broadcast(FLOATS, momentum);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector v = m.fma(FloatVector.fromArray(FLOATS, velocity, from + i), g);
      v.intoArray(velocity, from + i);
      step.fma(v, FloatVector.fromArray(FLOATS, weights, from + i)).intoArray(weights, from + i);
    }
    for (; i < count; i++) {
      float v = Math.fma(momentum, velocity[from + i], gradient[gradientFrom + i]);
      velocity[from + i] = v;
      weights[from + i] = Math.fma(-rate, v, weights[from + i]);
    }
  }

  @Override
  public void sgdNesterov(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] velocity,
      float rate,
      float momentum) {
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    FloatVector m = FloatVector.broadcast(FLOATS, momentum);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector v = m.fma(FloatVector.fromArray(FLOATS, velocity, from + i), g);
      v.intoArray(velocity, from + i);
      step.fma(m.fma(v, g), FloatVector.fromArray(FLOATS, weights, from + i))
          .intoArray(weights, from + i);
    }
    for (; i < count; i++) {
      float g = gradient[gradientFrom + i];
      float v = Math.fma(momentum, velocity[from + i], g);
      velocity[from + i] = v;
      weights[from + i] = Math.fma(-rate, Math.fma(momentum, v, g), weights[from + i]);
    }
  }

  @Override
  public void adam(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] first,
      float[] second,
      float step,
      float beta1,
      float beta2,
      float rootScale,
      float epsilon) {
    FloatVector keep1 = FloatVector.broadcast(FLOATS, beta1);
    FloatVector keep2 = FloatVector.broadcast(FLOATS, beta2);
    FloatVector scale = FloatVector.broadcast(FLOATS, rootScale);
    FloatVector floor = FloatVector.broadcast(FLOATS, epsilon);
    FloatVector negativeStep = FloatVector.broadcast(FLOATS, -step);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector m = keep1.fma(FloatVector.fromArray(FLOATS, first, from + i), g.mul(1f - beta1));
      FloatVector v =
          keep2.fma(FloatVector.fromArray(FLOATS, second, from + i), g.mul(g).mul(1f - beta2));
      m.intoArray(first, from + i);
      v.intoArray(second, from + i);
      FloatVector root = v.lanewise(VectorOperators.SQRT).fma(scale, floor);
      negativeStep
          .fma(m.div(root), FloatVector.fromArray(FLOATS, weights, from + i))
          .intoArray(weights, from + i);
    }
    if (i < count) {
      PlainKernels.INSTANCE.adam(
          weights,
          from + i,
          count - i,
          gradient,
          gradientFrom + i,
          first,
          second,
          step,
          beta1,
          beta2,
          rootScale,
          epsilon);
    }
  }

  @Override
  public void rmsprop(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] squares,
      float rate,
      float decay,
      float epsilon) {
    if (count % LANES != 0) {
      Kernels.super.rmsprop(
          weights, from, count, gradient, gradientFrom, squares, rate, decay, epsilon);
      return;
    }
    FloatVector keep = FloatVector.broadcast(FLOATS, decay);
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    for (int i = 0; i < count; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector v =
          keep.fma(FloatVector.fromArray(FLOATS, squares, from + i), g.mul(g).mul(1f - decay));
      v.intoArray(squares, from + i);
      FloatVector root = v.lanewise(VectorOperators.SQRT).add(epsilon);
      step.fma(g.div(root), FloatVector.fromArray(FLOATS, weights, from + i))
          .intoArray(weights, from + i);
    }
  }

  @Override
  public void adagrad(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] squares,
      float rate,
      float epsilon) {
    if (count % LANES != 0) {
      Kernels.super.adagrad(weights, from, count, gradient, gradientFrom, squares, rate, epsilon);
      return;
    }
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    for (int i = 0; i < count; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector v = g.fma(g, FloatVector.fromArray(FLOATS, squares, from + i));
      v.intoArray(squares, from + i);
      FloatVector root = v.lanewise(VectorOperators.SQRT).add(epsilon);
      step.fma(g.div(root), FloatVector.fromArray(FLOATS, weights, from + i))
          .intoArray(weights, from + i);
    }
  }

  /** What is computed on vectors within the loops of the operations. */
  private static final class Functions {
    private Functions() {}

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
              shifted
                  .lanewise(VectorOperators.ASHR, 23)
                  .convertShape(VectorOperators.I2F, FLOATS, 0);
      FloatVector f =
          shifted
              .and(0x7FFFFF)
              .add(ElementaryFunctions.SQRT_HALF_BITS)
              .reinterpretAsFloats()
              .sub(1f);
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
}
