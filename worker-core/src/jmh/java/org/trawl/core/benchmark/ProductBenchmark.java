package org.trawl.core.benchmark;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;

/**
 * The products of training on a core, beside EJML's: {@code operations} is in GFLOP/s, a
 * multiply-add being two. Forward and backward have a batch as rows; the gradient of weights has a
 * layer's inputs as rows, and the batch as depth.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ProductBenchmark {
  @Param({"plain", "vector", "ejml"})
  private String version;

  private Kernels kernels;

  @Setup
  public void choose() {
    kernels = Kernels.of(version.equals("vector") ? Kernels.Choice.VECTOR : Kernels.Choice.PLAIN);
  }

  private static float[] numbers(int count, RandomStream random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextDouble() - 0.5f;
    }
    return numbers;
  }

  /** Operands of rows x columns x depth. */
  private static final class Operands {
    final int rows;
    final int columns;
    final int depth;
    final float[] a;
    final float[] b;
    final float[] c;
    final FMatrixRMaj matrixA;
    final FMatrixRMaj matrixB;
    final FMatrixRMaj matrixC;

    /** With a of depth x rows if it is transposed, else of rows x depth. */
    Operands(String shape, boolean transposed) {
      int[] sides = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
      rows = sides[0];
      columns = sides[1];
      depth = sides[2];
      RandomStream random = new RandomStream(1);
      int padded = Panels.paddedRows(rows);
      a = numbers(Panels.length(transposed ? depth : padded, transposed ? rows : depth), random);
      b = numbers(Panels.length(depth, columns), random);
      c = new float[Panels.length(padded, columns)];
      matrixA =
          transposed
              ? new FMatrixRMaj(depth, rows, true, numbers(depth * rows, random))
              : new FMatrixRMaj(rows, depth, true, numbers(rows * depth, random));
      matrixB = new FMatrixRMaj(depth, columns, true, numbers(depth * columns, random));
      matrixC = new FMatrixRMaj(rows, columns);
      EjmlConcurrency.setMaxThreads(1);
    }

    long operations() {
      return 2L * rows * columns * depth;
    }
  }

  /** A layer's forward product: batch x outputs x inputs. */
  @State(Scope.Thread)
  public static class Forward {
    /** Of 500-250-100, hidden-5, hidden-200, deep-20x32, 100-100 and 200-200-200. */
    @Param({
      "64x500x784",
      "64x250x500",
      "64x100x250",
      "64x10x100",
      "32x5x784",
      "32x200x784",
      "32x32x32",
      "256x100x784",
      "256x200x200"
    })
    private String forward;

    private Operands operands;

    @Setup
    public void allocate() {
      operands = new Operands(forward, false);
    }
  }

  /** The gradient of a layer's weights: inputs x outputs x batch. */
  @State(Scope.Thread)
  public static class Gradient {
    /** Of 500-250-100, hidden-5, hidden-200, deep-20x32, 100-100 and batch-7000. */
    @Param({
      "784x500x64",
      "500x250x64",
      "784x5x32",
      "784x200x32",
      "32x32x32",
      "784x100x256",
      "784x256x7000"
    })
    private String gradient;

    private Operands operands;

    @Setup
    public void allocate() {
      operands = new Operands(gradient, true);
    }
  }

  @Benchmark
  public Object multiply(Forward state, Work work) {
    Operands of = state.operands;
    work.operations += of.operations();
    if (version.equals("ejml")) {
      CommonOps_FDRM.mult(of.matrixA, of.matrixB, of.matrixC);
      return of.matrixC;
    }
    int stride = Panels.paddedRows(of.rows);
    kernels.multiply(
        of.rows,
        of.columns,
        of.depth,
        of.a,
        0,
        stride,
        null,
        0,
        of.b,
        0,
        of.depth,
        of.c,
        0,
        stride);
    return of.c;
  }

  @Benchmark
  public Object multiplyTransposed(Gradient state, Work work) {
    Operands of = state.operands;
    work.operations += of.operations();
    if (version.equals("ejml")) {
      CommonOps_FDRM.multTransA(of.matrixA, of.matrixB, of.matrixC);
      return of.matrixC;
    }
    int stride = Panels.paddedRows(of.rows);
    kernels.multiplyTransposed(
        of.rows,
        of.columns,
        of.depth,
        of.a,
        0,
        of.depth,
        null,
        0,
        of.b,
        0,
        of.depth,
        false,
        of.c,
        0,
        stride);
    return of.c;
  }
}
