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
 * The products of training, c = aᵀ b, on a core: {@code operations} is in GFLOP/s, a multiply-add
 * being two. A forward product has the batch as rows and a layer's inputs as depth; the one of a
 * gradient has the layer's inputs as rows and the batch as depth.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ProductBenchmark {
  /** Rows x columns x depth. */
  @Param({
    // Forward: 500-250-100, hidden-5, hidden-200, deep, 100-100, 200-200-200
    "64x500x784",
    "64x250x500",
    "64x100x250",
    "64x10x100",
    "32x5x784",
    "32x200x784",
    "32x32x32",
    "256x100x784",
    "256x200x200",
    // Gradients: likewise, and a batch of 7000
    "784x500x64",
    "500x250x64",
    "784x5x32",
    "784x200x32",
    "784x100x256",
    "784x256x7000"
  })
  private String shape;

  @Param({"plain", "vector", "ejml"})
  private String version;

  private int rows;
  private int columns;
  private int depth;
  private float[] a;
  private float[] b;
  private float[] c;
  private Kernels kernels;
  private FMatrixRMaj matrixA;
  private FMatrixRMaj matrixB;
  private FMatrixRMaj matrixC;

  @Setup
  public void allocate() {
    int[] sides = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
    rows = sides[0];
    columns = sides[1];
    depth = sides[2];
    RandomStream random = new RandomStream(1);
    a = numbers(Panels.length(depth, rows), random);
    b = numbers(Panels.length(depth, columns), random);
    c = new float[Panels.length(Panels.paddedRows(rows), columns)];
    EjmlConcurrency.setMaxThreads(1);
    matrixA = new FMatrixRMaj(depth, rows, true, numbers(depth * rows, random));
    matrixB = new FMatrixRMaj(depth, columns, true, numbers(depth * columns, random));
    matrixC = new FMatrixRMaj(rows, columns);
    kernels =
        Kernels.of(version.equals("vector") ? Kernels.Choice.VECTOR : Kernels.Choice.PLAIN);
  }

  private static float[] numbers(int count, RandomStream random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextDouble() - 0.5f;
    }
    return numbers;
  }

  @Benchmark
  public Object product(Work work) {
    work.operations += 2L * rows * columns * depth;
    if (version.equals("ejml")) {
      CommonOps_FDRM.multTransA(matrixA, matrixB, matrixC);
      return matrixC;
    }
    int stride = Panels.paddedRows(rows);
    kernels.product(rows, columns, depth, a, 0, depth, b, 0, depth, c, stride);
    return c;
  }
}
