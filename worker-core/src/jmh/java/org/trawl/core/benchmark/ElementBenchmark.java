package org.trawl.core.benchmark;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
 * What a step does beside its products, on a batch of {@value #ROWS} samples: {@code operations}
 * are elements a nanosecond.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ElementBenchmark {
  static final int ROWS = 64;
  private static final int FEATURES = 784;
  private static final int UNITS = 512;
  private static final int CLASSES = 10;
  private static final int SAMPLES = 10_000;

  @Param({"plain", "vector"})
  private String version;

  private final RandomStream random = new RandomStream(1);
  private final float[] units = new float[ROWS * UNITS];
  private final float[] work = new float[ROWS * UNITS];
  private final float[] gradient = new float[ROWS * UNITS];
  private final float[] first = new float[ROWS * UNITS];
  private final float[] second = new float[ROWS * UNITS];
  private final float[] logits = new float[Panels.length(ROWS, CLASSES)];
  private final float[] outputs = new float[Panels.length(ROWS, CLASSES)];
  private final float[] losses = new float[ROWS];
  private final int[] classes = new int[ROWS];
  private final byte[] pixels = new byte[SAMPLES * FEATURES];
  private final int[] order = new int[SAMPLES];
  private final float[] scale = new float[FEATURES];
  private final float[] shift = new float[FEATURES];
  private final float[] batch = new float[Panels.length(ROWS, FEATURES)];
  private final float[] transposed = new float[Panels.length(FEATURES, ROWS)];
  private Kernels kernels;
  private int next;

  @Setup
  public void fill() {
    kernels = Kernels.of(version.equals("vector") ? Kernels.Choice.VECTOR : Kernels.Choice.PLAIN);
    kernels.fillNormal(random, units, units.length);
    kernels.fillNormal(random, gradient, gradient.length);
    kernels.fillNormal(random, logits, logits.length);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    Arrays.setAll(order, i -> i);
    random.shuffle(order);
    Arrays.setAll(classes, i -> random.nextInt(CLASSES));
    Arrays.fill(scale, 1 / 255f);
  }

  @Benchmark
  public float[] tanh(Work count) {
    System.arraycopy(units, 0, work, 0, units.length);
    kernels.tanh(work, work.length);
    count.operations += work.length;
    return work;
  }

  /** One exp and one division an element. */
  @Benchmark
  public float[] sigmoid(Work count) {
    System.arraycopy(units, 0, work, 0, units.length);
    kernels.sigmoid(work, work.length);
    count.operations += work.length;
    return work;
  }

  @Benchmark
  public float[] relu(Work count) {
    System.arraycopy(units, 0, work, 0, units.length);
    kernels.relu(work, work.length);
    count.operations += work.length;
    return work;
  }

  /** One exp an element, one logarithm a row. */
  @Benchmark
  public float[] softmaxCrossEntropy(Work count) {
    System.arraycopy(logits, 0, outputs, 0, logits.length);
    kernels.softmaxCrossEntropy(ROWS, CLASSES, outputs, ROWS, classes, losses);
    count.operations += (long) ROWS * CLASSES;
    return losses;
  }

  @Benchmark
  public float[] dropoutMask(Work count) {
    kernels.dropoutMask(random, 0.4f, work, work.length);
    count.operations += work.length;
    return work;
  }

  @Benchmark
  public float[] normalNumbers(Work count) {
    kernels.fillNormal(random, work, work.length);
    count.operations += work.length;
    return work;
  }

  @Benchmark
  public float[] gather(Work count) {
    next = next + ROWS > SAMPLES ? 0 : next;
    kernels.gather(pixels, FEATURES, order, next, ROWS, scale, shift, batch, ROWS);
    next += ROWS;
    count.operations += (long) ROWS * FEATURES;
    return batch;
  }

  @Benchmark
  public float[] transpose(Work count) {
    kernels.transpose(ROWS, FEATURES, batch, 0, ROWS, transposed, FEATURES);
    count.operations += (long) ROWS * FEATURES;
    return transposed;
  }

  @Benchmark
  public float[] adam(Work count) {
    kernels.adam(
        units, 0, units.length, gradient, 0, first, second, 1e-6f, 0.9f, 0.999f, 1f, 1e-8f);
    count.operations += units.length;
    return units;
  }
}
