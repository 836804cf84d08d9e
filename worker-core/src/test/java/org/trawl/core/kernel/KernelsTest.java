package org.trawl.core.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Products against EJML's to rounding, and the vector kernels against the plain ones to the bit.
 */
class KernelsTest {
  private static final Kernels PLAIN = Kernels.plain();
  private static Kernels vector;

  @BeforeAll
  static void vectorModuleIsThere() {
    assumeTrue(Kernels.vectorModule(), "JVM without --add-modules=jdk.incubator.vector");
    vector = Kernels.best();
  }

  /** Rows, columns and depth of products: 1, odd, around the panel's width and the tile's rows. */
  static Stream<int[]> shapes() {
    int[] sizes = {1, 2, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100};
    RandomStream random = new RandomStream(5);
    Stream<int[]> drawn =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    new int[] {
                      sizes[random.nextInt(sizes.length)],
                      sizes[random.nextInt(sizes.length)],
                      sizes[random.nextInt(sizes.length)]
                    });
    return Stream.concat(
        Stream.of(new int[] {1, 1, 1}, new int[] {64, 48, 784}, new int[] {20, 40, 2500}), drawn);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void multiply_isTheProduct(int[] shape) {
    int rows = shape[0];
    int columns = shape[1];
    int depth = shape[2];
    int stride = Panels.paddedRows(rows);
    float[] a = random(Panels.length(stride, depth), 1);
    float[] b = random(Panels.length(depth, columns), 2);
    float[] plain = new float[Panels.length(stride, columns)];
    float[] vectors = plain.clone();
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] c = kernels == PLAIN ? plain : vectors;
      kernels.multiply(rows, columns, depth, a, 0, stride, null, 0, b, 0, depth, c, 0, stride);
    }

    FMatrixRMaj expected = new FMatrixRMaj(rows, columns);
    CommonOps_FDRM.mult(matrix(a, stride, rows, depth), matrix(b, depth, depth, columns), expected);
    check(expected, depth, plain, vectors, stride);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void multiplyTransposed_isTheProductWithTheTranspose(int[] shape) {
    int rows = shape[0];
    int columns = shape[1];
    int depth = shape[2];
    float[] a = random(Panels.length(depth, rows), 1);
    float[] b = random(Panels.length(depth, columns), 2);
    int stride = Panels.paddedRows(rows);
    float[] plain = new float[Panels.length(stride, columns)];
    float[] vectors = plain.clone();
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] c = kernels == PLAIN ? plain : vectors;
      kernels.multiplyTransposed(
          rows, columns, depth, a, 0, depth, null, 0, b, 0, depth, false, c, 0, stride);
    }

    FMatrixRMaj expected = new FMatrixRMaj(rows, columns);
    CommonOps_FDRM.multTransA(
        matrix(a, depth, depth, rows), matrix(b, depth, depth, columns), expected);
    check(expected, depth, plain, vectors, stride);
  }

  private static void check(
      FMatrixRMaj expected, int depth, float[] plain, float[] vectors, int stride) {
    FMatrixRMaj actual = matrix(plain, stride, expected.numRows, expected.numCols);
    for (int i = 0; i < expected.getNumElements(); i++) {
      // Each of depth roundings is of a partial sum of values in [-1, 1).
      assertEquals(expected.get(i), actual.get(i), depth * depth * 0x1p-24 + 1e-6);
    }
    assertArrayEquals(
        actual.data, matrix(vectors, stride, expected.numRows, expected.numCols).data);
  }

  @Test
  void products_ofPartsOfLargerMatrices() {
    int depth = 21;
    int aStride = 40;
    int bStride = 24;
    float[] a = random(Panels.length(aStride, 70), 1);
    float[] b = random(Panels.length(bStride, 90), 2);
    int bFrom = Panels.index(bStride, 2, 16);
    float[] plain = new float[Panels.length(64, 96)];
    float[] vectors = plain.clone();
    int transposedFrom = Panels.index(aStride, 3, 32);
    int from = Panels.index(aStride, 8, 16);
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] c = kernels == PLAIN ? plain : vectors;
      kernels.multiplyTransposed(
          19, 48, depth, a, transposedFrom, aStride, null, 0, b, bFrom, bStride, false, c, 0, 64);
      kernels.multiply(
          19,
          40,
          depth,
          a,
          from,
          aStride,
          null,
          0,
          b,
          bFrom,
          bStride,
          c,
          Panels.index(64, 24, 48),
          64);
    }
    assertArrayEquals(matrix(plain, 64, 19, 48).data, matrix(vectors, 64, 19, 48).data);
    double transposedSum = 0;
    double sum = 0;
    for (int p = 0; p < depth; p++) {
      double other = b[Panels.index(bStride, 2 + p, 16 + 7)];
      transposedSum += a[Panels.index(aStride, 3 + p, 32 + 5)] * other;
      sum += a[Panels.index(aStride, 8 + 5, 16 + p)] * other;
    }
    for (float[] c : List.of(plain, vectors)) {
      assertEquals(transposedSum, c[Panels.index(64, 5, 7)], 1e-5);
      assertEquals(sum, c[Panels.index(64, 24 + 5, 48 + 7)], 1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void multiplyTransposed_addsUpPartsToTheBitsOfTheWhole(int[] shape) {
    int rows = shape[0];
    int columns = shape[1];
    int depth = shape[2];
    float[] a = random(Panels.length(depth, rows), 1);
    float[] b = random(Panels.length(depth, columns), 2);
    int stride = Panels.paddedRows(rows);
    float[] whole = new float[Panels.length(stride, columns)];
    PLAIN.multiplyTransposed(
        rows, columns, depth, a, 0, depth, null, 0, b, 0, depth, false, whole, 0, stride);
    int half = depth / 2;
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] c = new float[whole.length];
      Arrays.fill(c, 7f);
      kernels.multiplyTransposed(
          rows, columns, half, a, 0, depth, null, 0, b, 0, depth, false, c, 0, stride);
      int rest = half * Panels.WIDTH;
      int left = depth - half;
      kernels.multiplyTransposed(
          rows, columns, left, a, rest, depth, null, 0, b, rest, depth, true, c, 0, stride);
      assertArrayEquals(
          matrix(whole, stride, rows, columns).data, matrix(c, stride, rows, columns).data);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void multiplyTransposed_leavesOutTermsOfZero(int[] shape) {
    int rows = shape[0];
    int columns = shape[1];
    int depth = shape[2];
    float[] a = random(Panels.length(depth, rows), 1);
    Random random = new Random(9);
    boolean left = false;
    for (int p = 0; p < depth; p++) {
      for (int i = 0; i < Panels.count(rows) * Panels.WIDTH; i += Terms.TILE) {
        boolean zero = random.nextBoolean();
        left |= zero && i < rows;
        for (int j = i; j < i + Terms.TILE; j++) {
          a[Panels.index(depth, p, j)] *= zero || j >= rows ? 0f : 1f;
        }
      }
    }
    float[] b = random(Panels.length(depth, columns), 2);
    int stride = Panels.paddedRows(rows);
    float[] all = new float[Panels.length(stride, columns)];
    PLAIN.multiplyTransposed(
        rows, columns, depth, a, 0, depth, null, 0, b, 0, depth, false, all, 0, stride);
    Terms terms = new Terms(rows, depth);
    terms.findInColumns(depth, rows, absolute(a), depth);
    if (depth * rows > 1000) {
      assertTrue(terms.fewer());
    }
    int tiles = Terms.tiles(rows);
    assertEquals(left, terms.ends[tiles - 1] < tiles * depth);
    int later = rows > 24 ? 16 : 0;
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] c = new float[all.length];
      kernels.multiplyTransposed(
          rows, columns, depth, a, 0, depth, terms, 0, b, 0, depth, false, c, 0, stride);
      assertArrayEquals(
          matrix(all, stride, rows, columns).data, matrix(c, stride, rows, columns).data);
      // The tiles from a later one on, by themselves.
      int from = Panels.index(depth, 0, later);
      kernels.multiplyTransposed(
          rows - later,
          columns,
          depth,
          a,
          from,
          depth,
          terms,
          later / Terms.TILE,
          b,
          0,
          depth,
          false,
          c,
          0,
          stride);
      for (int i = later; i < rows; i++) {
        assertEquals(all[Panels.index(stride, i, 0)], c[Panels.index(stride, i - later, 0)]);
      }
    }
  }

  @Test
  void multiplyTransposed_leavesOutTheSameInEveryVersion() {
    int depth = 3;
    float[] a = new float[Panels.length(depth, 16)];
    a[Panels.index(depth, 0, 0)] = 1f;
    a[Panels.index(depth, 2, 8)] = 1f;
    float[] b = new float[Panels.length(depth, 32)];
    b[Panels.index(depth, 1, 0)] = Float.POSITIVE_INFINITY;
    b[Panels.index(depth, 2, 0)] = Float.POSITIVE_INFINITY;
    Terms terms = new Terms(16, depth);
    terms.findInColumns(depth, 16, a, depth);
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] c = new float[Panels.length(16, 32)];
      kernels.multiplyTransposed(
          16, 32, depth, a, 0, depth, terms, 0, b, 0, depth, false, c, 0, 16);
      assertEquals(0f, c[Panels.index(16, 0, 0)], "no term of infinity counts in the first tile");
      assertEquals(Float.POSITIVE_INFINITY, c[Panels.index(16, 8, 0)]);
      assertTrue(Float.isNaN(c[Panels.index(16, 9, 0)]), "0 beside 1 counts: times infinity");
      assertEquals(0f, c[Panels.index(16, 12, 0)], "nor in the last one");
    }
  }

  @Test
  void products_takeAllTermsForASinglePanel() {
    float[] a = new float[Panels.length(8, 1)];
    float[] b = {Float.POSITIVE_INFINITY, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    Terms terms = new Terms(8, 1);
    terms.findInRows(8, 1, a, 8);
    Terms transposed = new Terms(8, 1);
    transposed.findInColumns(1, 8, a, 1);
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] c = new float[Panels.length(8, 16)];
      kernels.multiply(8, 16, 1, a, 0, 8, terms, 0, b, 0, 1, c, 0, 8);
      assertTrue(Float.isNaN(c[0]), "0 times infinity");
      c = new float[Panels.length(8, 16)];
      kernels.multiplyTransposed(8, 16, 1, a, 0, 1, transposed, 0, b, 0, 1, false, c, 0, 8);
      assertTrue(Float.isNaN(c[0]), "0 times infinity");
    }
  }

  /** Columns, samples of a batch. */
  private static Stream<int[]> batches() {
    return Stream.of(1, 7, 16, 17, 48, 100, 784)
        .flatMap(columns -> IntStream.of(1, 5, 32, 33, 100).mapToObj(i -> new int[] {columns, i}));
  }

  @ParameterizedTest
  @MethodSource("batches")
  void gatherTerms_findsTheSameInEveryVersion(int[] batch) {
    int columns = batch[0];
    int count = batch[1];
    Random random = new Random(columns);
    byte[] source = new byte[120 * columns];
    for (int i = 0; i < source.length; i++) {
      source[i] = (byte) (random.nextInt(9) == 0 ? random.nextInt(256) : 0);
    }
    int[] rowNumbers = random.ints(count + 3, 0, 120).toArray();
    float[] scale = new float[columns];
    Arrays.fill(scale, 1 / 255f);
    float[] shift = new float[columns];
    int stride = Panels.paddedRows(count);
    Terms byRows = new Terms(count, columns);
    Terms byColumns = new Terms(columns, count);
    float[] expected = new float[Panels.length(stride, columns)];
    PLAIN.gatherTerms(
        source, columns, rowNumbers, 3, count, scale, shift, expected, stride, byRows, byColumns);
    Terms vectorByRows = new Terms(count, columns);
    Terms vectorByColumns = new Terms(columns, count);
    float[] actual = new float[expected.length];
    vector.gatherTerms(
        source,
        columns,
        rowNumbers,
        3,
        count,
        scale,
        shift,
        actual,
        stride,
        vectorByRows,
        vectorByColumns);
    assertArrayEquals(expected, actual);
    same(byRows, vectorByRows);
    same(byColumns, vectorByColumns);
    assertTrue(byRows.ends[byRows.ends.length - 1] > 0 || columns * count < 50);
  }

  @Test
  void group_neverLeavesASinglePanel() {
    assertEquals(1, Panels.group(1));
    for (int panels = 2; panels < 100; panels++) {
      int left = panels;
      while (left > 0) {
        int group = Panels.group(left);
        assertTrue(group >= 2 && group <= Panels.MOST_PANELS, panels + " panels: " + group);
        left -= group;
      }
      assertEquals(0, left);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 16, 20, 784})
  void terms_areTheSameFoundInBytes(int columns) {
    int samples = 30;
    Random random = new Random(columns);
    byte[] source = new byte[samples * columns];
    for (int i = 0; i < source.length; i++) {
      source[i] = (byte) (random.nextInt(20) == 0 ? random.nextInt(256) : 0);
    }
    int[] rowNumbers = random.ints(20, 0, samples).toArray();
    int depth = 17;
    float[] scale = new float[columns];
    Arrays.fill(scale, 1 / 255f);
    float[] batch = new float[Panels.length(depth, columns)];
    PLAIN.gather(source, columns, rowNumbers, 3, depth, scale, new float[columns], batch, depth);
    Terms ofBytes = new Terms(columns, depth);
    ofBytes.findInColumns(depth, columns, source, rowNumbers, 3);
    Terms ofFloats = new Terms(columns, depth);
    ofFloats.findInColumns(depth, columns, batch, depth);
    same(ofFloats, ofBytes);
    // In a batch filled up with rows of 0.
    int stride = Panels.paddedRows(depth);
    float[] padded = new float[Panels.length(stride, columns)];
    PLAIN.gather(source, columns, rowNumbers, 3, depth, scale, new float[columns], padded, stride);
    Terms rowsOfBytes = new Terms(depth, columns);
    rowsOfBytes.findInRows(depth, columns, source, rowNumbers, 3);
    Terms rowsOfFloats = new Terms(depth, columns);
    rowsOfFloats.findInRows(depth, columns, padded, stride);
    same(rowsOfFloats, rowsOfBytes);
    int nonzero = 0;
    for (int j = 0; j < columns; j++) {
      boolean counts = false;
      for (int i = 0; i < Terms.TILE; i++) {
        counts |= source[rowNumbers[3 + i] * columns + j] != 0;
      }
      nonzero += counts ? 1 : 0;
    }
    assertEquals(nonzero, rowsOfBytes.ends[0]);
    ofBytes.all();
    assertFalse(ofBytes.fewer());
  }

  private static void same(Terms expected, Terms actual) {
    assertArrayEquals(expected.ends, actual.ends);
    int count = expected.ends[expected.ends.length - 1];
    assertArrayEquals(Arrays.copyOf(expected.places, count), Arrays.copyOf(actual.places, count));
    assertEquals(expected.fewer(), actual.fewer());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void multiply_leavesOutTermsOfZero(int[] shape) {
    int rows = shape[0];
    int columns = shape[1];
    int depth = shape[2];
    int stride = Panels.paddedRows(rows);
    float[] a = random(Panels.length(stride, depth), 1);
    Random random = new Random(9);
    for (int tile = 0; tile < stride; tile += Terms.TILE) {
      for (int p = 0; p < depth; p++) {
        boolean zero = random.nextBoolean();
        for (int i = tile; i < tile + Terms.TILE; i++) {
          a[Panels.index(stride, i, p)] *= zero ? 0f : 1f;
        }
      }
    }
    float[] b = random(Panels.length(depth, columns), 2);
    float[] all = new float[Panels.length(stride, columns)];
    PLAIN.multiply(rows, columns, depth, a, 0, stride, null, 0, b, 0, depth, all, 0, stride);
    Terms terms = new Terms(rows, depth);
    terms.findInRows(rows, depth, absolute(a), stride);
    int later = rows > 24 ? 16 : 0;
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] c = new float[all.length];
      kernels.multiply(rows, columns, depth, a, 0, stride, terms, 0, b, 0, depth, c, 0, stride);
      assertArrayEquals(
          matrix(all, stride, rows, columns).data, matrix(c, stride, rows, columns).data);
      // The tiles from a later one on, by themselves.
      kernels.multiply(
          rows - later,
          columns,
          depth,
          a,
          later * Panels.WIDTH,
          stride,
          terms,
          later / Terms.TILE,
          b,
          0,
          depth,
          c,
          0,
          stride);
      for (int i = later; i < rows; i++) {
        assertEquals(all[Panels.index(stride, i, 0)], c[Panels.index(stride, i - later, 0)]);
      }
    }
  }

  /** 0 of either sign becomes 0. */
  private static float[] absolute(float[] values) {
    float[] absolute = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      absolute[i] = Math.abs(values[i]);
    }
    return absolute;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void transpose_swapsAndFillsUpWithZeros(int[] shape) {
    int rows = shape[0];
    int columns = shape[1];
    float[] source = random(Panels.length(rows, columns), 3);
    float[] plain = new float[Panels.length(columns, rows)];
    Arrays.fill(plain, 7f);
    float[] vectors = plain.clone();
    PLAIN.transpose(rows, columns, source, 0, rows, plain, columns);
    vector.transpose(rows, columns, source, 0, rows, vectors, columns);
    assertArrayEquals(plain, vectors);
    for (int i = 0; i < Panels.count(rows) * Panels.WIDTH; i++) {
      for (int j = 0; j < columns; j++) {
        float expected = i < rows ? source[Panels.index(rows, i, j)] : 0f;
        assertEquals(expected, plain[Panels.index(columns, j, i)]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void rowsAndColumns(int[] shape) {
    int rows = shape[0];
    int columns = shape[1];
    int stride = Panels.paddedRows(rows);
    float[] row = random(Panels.length(1, columns), 4);
    same(
        random(Panels.length(stride, columns), 5),
        (kernels, matrix) -> kernels.addRow(rows, columns, matrix, stride, row, 0));
    float[] matrix = random(Panels.length(stride, columns), 6);
    same(
        new float[Panels.length(1, columns)],
        (kernels, sums) -> kernels.sumColumns(rows, columns, matrix, stride, false, sums, 0));
    float[] both = new float[Panels.length(1, columns) + 16];
    PLAIN.sumColumns(rows, columns, matrix, stride, false, both, 16);
    for (Kernels kernels : List.of(PLAIN, vector)) {
      float[] sums = new float[both.length];
      int half = rows / 2;
      float[] rest = Arrays.copyOfRange(matrix, half * Panels.WIDTH, matrix.length);
      kernels.sumColumns(half, columns, matrix, stride, false, sums, 16);
      kernels.sumColumns(rows - half, columns, rest, stride, true, sums, 16);
      assertArrayEquals(both, sums);
    }
    float[] before = random(Panels.length(1, columns), 7);
    float[] magnitudes =
        same(
            before,
            (kernels, sums) -> kernels.addAbsoluteColumns(rows, columns, matrix, stride, sums));
    for (int j = 0; j < columns; j++) {
      double sum = before[j];
      for (int i = 0; i < rows; i++) {
        sum += Math.abs(matrix[Panels.index(stride, i, j)]);
      }
      assertEquals(sum, magnitudes[j], 1e-5 * rows);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 15, 16, 17, 64, 100, 784})
  void gather_scalesShiftsAndFillsUpWithZeros(int columns) {
    int samples = 9;
    byte[] bytes = new byte[samples * columns];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37);
    }
    float[] reals = random(samples * columns, 7);
    float[] scale = random(columns, 8);
    float[] shift = random(columns, 9);
    int[] rowNumbers = {3, 8, 0, 0, 7, 1};
    int stride = 8;
    float[] batch = random(Panels.length(stride, columns), 10);
    float[] ofBytes =
        same(
            batch.clone(),
            (kernels, target) ->
                kernels.gather(bytes, columns, rowNumbers, 1, 5, scale, shift, target, stride));
    float[] ofReals =
        same(
            batch.clone(),
            (kernels, target) ->
                kernels.gather(reals, columns, rowNumbers, 1, 5, scale, shift, target, stride));
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < Panels.count(columns) * Panels.WIDTH; j++) {
        int from = rowNumbers[1 + i] * columns + j;
        float byteValue = j < columns ? Math.fma(bytes[from] & 0xFF, scale[j], shift[j]) : 0f;
        float realValue = j < columns ? Math.fma(reals[from], scale[j], shift[j]) : 0f;
        assertEquals(byteValue, ofBytes[Panels.index(stride, i, j)]);
        assertEquals(realValue, ofReals[Panels.index(stride, i, j)]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 33, 48, 1000, 1024})
  void elementByElement(int count) {
    float[] x = spread(count, 11);
    float[] y = random(count, 12);
    same(x, (kernels, target) -> kernels.relu(target, count));
    same(x, (kernels, target) -> kernels.sigmoid(target, count));
    same(x, (kernels, target) -> kernels.tanh(target, count));
    same(x, (kernels, target) -> kernels.reluDerivative(y, target, count));
    same(x, (kernels, target) -> kernels.sigmoidDerivative(y, target, count));
    same(x, (kernels, target) -> kernels.tanhDerivative(y, target, count));
    same(x, (kernels, target) -> kernels.leakyRelu(target, 0.01f, count));
    same(x, (kernels, target) -> kernels.elu(target, count));
    same(x, (kernels, target) -> kernels.softplus(target, count));
    same(x, (kernels, target) -> kernels.lecunTanh(target, count));
    same(x, (kernels, target) -> kernels.leakyReluDerivative(y, 0.01f, target, count));
    same(x, (kernels, target) -> kernels.eluDerivative(y, target, count));
    same(x, (kernels, target) -> kernels.softplusDerivative(y, target, count));
    same(x, (kernels, target) -> kernels.lecunTanhDerivative(y, target, count));
    same(x, (kernels, target) -> kernels.multiplyElements(target, y, count));
    same(x, (kernels, target) -> kernels.fillNormal(new RandomStream(1), target, count));
    same(x, (kernels, target) -> kernels.addMultiple(target, 2f, y, count));
    same(x, (kernels, target) -> kernels.dropoutMask(new RandomStream(1), 0.3f, target, count));
  }

  @Test
  void elementaryFunctions_overAllMagnitudesAndWhatIsNotANumber() {
    float[] x = new float[1 << 20];
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(i << 12);
    }
    same(x, (kernels, target) -> kernels.leakyRelu(target, 0.01f, x.length));
    same(x, (kernels, target) -> kernels.elu(target, x.length));
    same(x, (kernels, target) -> kernels.softplus(target, x.length));
    same(x, (kernels, target) -> kernels.lecunTanh(target, x.length));
    same(x, (kernels, target) -> kernels.relu(target, x.length));
    same(x, (kernels, target) -> kernels.sigmoid(target, x.length));
    same(x, (kernels, target) -> kernels.tanh(target, x.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 16, 17, 40, 100})
  void outputs(int columns) {
    int rows = 13;
    int stride = Panels.paddedRows(rows);
    int[] classes = new int[rows];
    for (int i = 0; i < rows; i++) {
      classes[i] = i * 7 % columns;
    }
    float[] logits = spread(Panels.length(stride, columns), 13);
    float[] losses = new float[rows];
    float[] vectorLosses = new float[rows];
    float[] probabilities =
        same(
            logits,
            (kernels, x) -> {
              float[] target = kernels == vector ? vectorLosses : losses;
              kernels.softmaxCrossEntropy(rows, columns, x, stride, classes, target);
            });
    assertArrayEquals(losses, vectorLosses);
    same(
        logits,
        (kernels, delta) ->
            kernels.differences(rows, columns, probabilities, stride, classes, 0.25f, delta));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 48, 1024, 1027})
  void updates(int count) {
    int from = 32;
    float[] weights = random(from + count, 14);
    float[] gradient = random(16 + count, 15);
    float[] state = random(from + count, 16);
    float[] squares = random(from + count, 17);
    for (int i = 0; i < squares.length; i++) {
      squares[i] = Math.abs(squares[i]);
    }
    same(weights, (kernels, w) -> kernels.sgd(w, from, count, gradient, 16, 0.1f));
    for (int array = 0; array < 3; array++) {
      int written = array;
      same(
          new float[from + count],
          (kernels, target) -> {
            float[][] arrays = {weights.clone(), state.clone(), squares.clone()};
            kernels.adam(
                arrays[0], from, count, gradient, 16, arrays[1], arrays[2], 0.01f, 0.9f, 0.999f, 3f,
                1e-8f);
            System.arraycopy(arrays[written], 0, target, 0, target.length);
          });
      if (written < 2) {
        same(
            new float[from + count],
            (kernels, target) -> {
              float[][] arrays = {weights.clone(), squares.clone()};
              kernels.rmsprop(arrays[0], from, count, gradient, 16, arrays[1], 0.01f, 0.9f, 1e-8f);
              kernels.adagrad(arrays[0], from, count, gradient, 16, arrays[1], 0.01f, 1e-8f);
              System.arraycopy(arrays[written], 0, target, 0, target.length);
            });
        same(
            new float[from + count],
            (kernels, target) -> {
              float[][] arrays = {weights.clone(), state.clone()};
              kernels.sgdMomentum(arrays[0], from, count, gradient, 16, arrays[1], 0.01f, 0.9f);
              kernels.sgdNesterov(arrays[0], from, count, gradient, 16, arrays[1], 0.01f, 0.9f);
              System.arraycopy(arrays[written], 0, target, 0, target.length);
            });
      }
    }
    same(
        gradient,
        (kernels, g) -> kernels.addPenaltyGradient(weights, from, count, 0.1f, 0.2f, g, 16));
    assertEquals(PLAIN.sumAbsolute(weights, from, count), vector.sumAbsolute(weights, from, count));
    float[] negative = weights.clone();
    negative[from + count / 2] = -3f;
    for (Kernels kernels : List.of(PLAIN, vector)) {
      assertEquals(3f, kernels.largestAbsolute(negative, from, count));
      assertEquals(0f, kernels.largestAbsolute(negative, from, 0));
    }
    assertEquals(PLAIN.sumSquares(weights, from, count), vector.sumSquares(weights, from, count));
  }

  /** Does the same with both kernels on copies of an array; checks the bits, returns the result. */
  private static float[] same(float[] array, BiConsumer<Kernels, float[]> operation) {
    float[] plain = array.clone();
    float[] vectors = array.clone();
    operation.accept(PLAIN, plain);
    operation.accept(vector, vectors);
    for (int i = 0; i < plain.length; i++) {
      int at = i;
      assertEquals(
          Float.floatToIntBits(plain[i]),
          Float.floatToIntBits(vectors[i]),
          () ->
              String.format(
                  Locale.ROOT,
                  "element %d: of %s plain %s, vector %s",
                  at,
                  array[at],
                  plain[at],
                  vectors[at]));
    }
    return plain;
  }

  private static FMatrixRMaj matrix(float[] panels, int stride, int rows, int columns) {
    FMatrixRMaj matrix = new FMatrixRMaj(rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, panels[Panels.index(stride, i, j)]);
      }
    }
    return matrix;
  }

  /** Uniform in [-1, 1). */
  private static float[] random(int length, long key) {
    RandomStream stream = new RandomStream(key);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (2 * stream.nextDouble() - 1);
    }
    return values;
  }

  /** Of all magnitudes that logits have, 0 and infinities among them. */
  private static float[] spread(int length, long key) {
    float[] values = random(length, key);
    for (int i = 0; i < length; i++) {
      values[i] *= (float) StrictMath.pow(10, i % 7 - 2);
    }
    values[0] = 0f;
    return values;
  }
}
