package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;
import org.trawl.core.training.TrainingSpec.Schedule;

/**
 * What concurrent trials hold of the heap: live bytes after a collection, while all of them wait at
 * the end of an epoch. A data set of Fashion-MNIST's size (70,000 images of 28 x 28 bytes, in IDX
 * files) is made in memory as it is read.
 */
final class HeapTest {
  private static final int TRIALS = 8;
  private static final int TRAIN = 60_000;
  private static final int TEST = 10_000;
  private static final int PIXELS = 784;

  private static final SourceSpec DIGITS =
      new SourceSpec(
          "digits",
          Format.CSV,
          List.of("classpath:/org/trawl/core/data/digits.csv.gz"),
          List.of(),
          List.of(),
          List.of(),
          "-1",
          Header.ABSENT,
          List.of(),
          16);

  private static final SourceSpec IMAGES =
      new SourceSpec(
          "images",
          Format.IDX,
          List.of("train"),
          List.of("train-labels"),
          List.of("test"),
          List.of("test-labels"),
          "",
          Header.AUTO,
          List.of(),
          0);

  @Test
  void eightTrialsOnFashionMnist_takeLessThan120MegabytesMoreThanOneOnDigits() throws Exception {
    long one = heap(DIGITS, Storage.local(), 1);
    long eight = heap(IMAGES, HeapTest::open, TRIALS);

    assertTrue(
        eight - one < 120_000_000,
        String.format(
            Locale.ROOT, "%,d bytes with eight trials, %,d with one on digits", eight, one));
    assertTrue(
        eight - one > 50_000_000,
        String.format(Locale.ROOT, "the images themselves: %,d", eight - one));
  }

  /** Live bytes while so many trials are at the end of their first epoch. */
  private static long heap(SourceSpec source, Storage storage, int trials) throws Exception {
    long[] live = new long[1];
    CyclicBarrier all = new CyclicBarrier(trials, () -> live[0] = live());
    ExecutorService threads = Executors.newFixedThreadPool(trials);
    try {
      List<Future<TrainingResult>> results = new ArrayList<>();
      for (int i = 0; i < trials; i++) {
        int number = i;
        Callable<TrainingResult> trial = () -> train(source, storage, number, all);
        results.add(threads.submit(trial));
      }
      for (Future<TrainingResult> result : results) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
    return live[0];
  }

  /** Trials that differ in everything but the data and its split. */
  private static TrainingResult train(
      SourceSpec source, Storage storage, int number, CyclicBarrier all) {
    DataSpec data =
        new DataSpec(
            source,
            new Part(0.1),
            Part.NONE,
            0,
            false,
            0,
            List.of(new PrepareStep.Limit(500), new PrepareStep.Unit()));
    TrainingSpec training =
        new TrainingSpec(
            new OptimizerSpec.Adam(0.9, 0.999, 1e-8),
            0.001 * (number + 1),
            Loss.CROSS_ENTROPY,
            Reduction.MEAN,
            0,
            0,
            64,
            1,
            true,
            Noise.NONE,
            Schedule.CONSTANT,
            Clip.NONE);
    NetworkSpec network =
        new NetworkSpec(
            List.of(100 + number, 100),
            Activation.RELU,
            Activation.SOFTMAX,
            true,
            Initializer.GLOROT_UNIFORM,
            List.of(0.0, 0.0),
            false);
    TrialSpec trial = new TrialSpec(data, network, training, number, 0);
    TrainingData prepared = DataCache.shared().trainingData(data, new RandomStream(1), 0, storage);
    return Trainer.train(
        trial,
        prepared,
        Kernels.of(Kernels.Choice.AUTO),
        new Watcher() {
          @Override
          public void epochEnded(EpochResult epoch) {
            try {
              all.await();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }

          @Override
          public boolean cancelled() {
            return false;
          }
        });
  }

  private static long live() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static InputStream open(String address) throws IOException {
    int count = address.startsWith("train") ? TRAIN : TEST;
    return address.endsWith("labels") ? idx(1, 1, count) : idx(PIXELS, 3, count, 28, 28);
  }

  /** An IDX file whose values are made as they are read. */
  private static InputStream idx(int width, int dimensions, int... sizes) {
    ByteBuffer header = ByteBuffer.allocate(4 + 4 * dimensions).putInt(0x800 | dimensions);
    for (int size : sizes) {
      header.putInt(size);
    }
    InputStream values =
        new InputStream() {
          private long left = (long) sizes[0] * width;

          @Override
          public int read() {
            return left-- > 0 ? (int) (left % 10) : -1;
          }

          @Override
          public int read(byte[] target, int from, int count) {
            int read = (int) Math.min(left, count);
            for (int i = 0; i < read; i++) {
              target[from + i] = (byte) read();
            }
            return read == 0 && count > 0 ? -1 : read;
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(header.array()), values);
  }
}
