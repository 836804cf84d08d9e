package org.trawl.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec;

/** The real thing, where Debian's package dataset-fashion-mnist is installed. */
final class FashionMnistTest {
  private static final Path FOLDER = Path.of("/usr/share/datasets/fashion-mnist");

  @Test
  void allImages_areReadWithinASecond() {
    Assumptions.assumeTrue(Files.isDirectory(FOLDER), FOLDER + " is not there");
    SourceSpec source =
        TestSources.idx(
            List.of(FOLDER.resolve("train-images-idx3-ubyte.gz")),
            List.of(FOLDER.resolve("train-labels-idx1-ubyte.gz")),
            List.of(FOLDER.resolve("t10k-images-idx3-ubyte.gz")),
            List.of(FOLDER.resolve("t10k-labels-idx1-ubyte.gz")));

    Dataset dataset = TestSources.read(source);

    assertEquals(60_000, dataset.trainRows());
    assertEquals(10_000, dataset.testRows());
    assertEquals(784, dataset.features());
    int[] counts = new int[10];
    for (int row = 0; row < dataset.trainRows(); row++) {
      counts[dataset.labels()[row]]++;
    }
    for (int count : counts) {
      assertEquals(6_000, count);
    }
    long sum = 0;
    for (byte pixel : ((Samples.Bytes) dataset.samples()).data()) {
      sum += pixel & 0xFF;
    }
    // the mean pixel of the training part is known to be 72.94 (0.2860 of 255)
    assertEquals(72.94, sum / (70_000.0 * 784), 0.1);

    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 3; i++) {
      long started = System.nanoTime();
      TestSources.read(source);
      best = Math.min(best, (System.nanoTime() - started) * 1e-9);
    }
    assertTrue(best < 5, "seconds, far above the expected one: " + best);
  }
}
