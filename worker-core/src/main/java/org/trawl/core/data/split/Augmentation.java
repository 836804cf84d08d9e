package org.trawl.core.data.split;

import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.split.DataSpec.Augment;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;

/**
 * Noisy copies of the training samples, made before they are prepared: Gaussian noise in the units
 * of the source, neither rounded nor cut off at its full scale. The noise of a copy depends on the
 * split's key, the sample's row in the source and the copy's number alone.
 */
final class Augmentation {
  private Augmentation() {}

  /** A data set of its own, and which of its rows are for what. */
  record Augmented(Dataset dataset, Split split) {}

  /**
   * The samples of a split as reals: those to train on, their first copies in the same order, their
   * second ones, and so on; then those to validate and to test on.
   *
   * @param stream that decided the split; left as it is
   */
  static Augmented of(Dataset source, Split split, Augment augment, RandomStream stream) {
    int features = source.features();
    int train = split.train().length;
    int trained = train * (1 + augment.copies());
    int[] rows = Arrays.copyOf(split.train(), trained + split.validation().length);
    for (int copy = 1; copy <= augment.copies(); copy++) {
      System.arraycopy(split.train(), 0, rows, copy * train, train);
    }
    System.arraycopy(split.validation(), 0, rows, trained, split.validation().length);
    int held = rows.length;
    rows = Arrays.copyOf(rows, held + split.test().length);
    System.arraycopy(split.test(), 0, rows, held, split.test().length);

    float[] values = new float[Math.multiplyExact(rows.length, features)];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      copy(source.samples(), rows[i], values, i * features);
      labels[i] = source.labels()[rows[i]];
    }
    // A block of the split's stream that the split never comes to.
    RandomStream noise = new RandomStream(RandomStream.block(stream.key0(), stream.key1(), -1));
    float[] normal = new float[features];
    for (int i = train; i < trained; i++) {
      long copy = (long) (i / train - 1) * source.samples().rows() + rows[i];
      noise.seek(copy * ((features + 1) / 2));
      Kernels.best().fillNormal(noise, normal, features);
      for (int j = 0; j < features; j++) {
        int place = i * features + j;
        values[place] = Math.fma((float) augment.noiseSigma(), normal[j], values[place]);
      }
    }
    Dataset dataset =
        new Dataset(
            source.name(),
            new Samples.Reals(
                FMatrixRMaj.wrap(rows.length, features, values), source.samples().offsets()),
            labels,
            source.classes(),
            trained,
            held - trained,
            source.fullScale(),
            source.shape(),
            source.columns());
    return new Augmented(
        dataset, new Split(range(0, trained), range(trained, held), range(held, rows.length)));
  }

  private static void copy(Samples samples, int row, float[] values, int to) {
    int from = row * samples.columns();
    if (samples instanceof Samples.Bytes bytes) {
      for (int j = 0; j < bytes.columns(); j++) {
        values[to + j] = bytes.data()[from + j] & 0xFF;
      }
    } else if (samples instanceof Samples.Reals reals) {
      System.arraycopy(reals.held().data, from, values, to, reals.columns());
    }
  }

  private static int[] range(int from, int to) {
    int[] range = new int[to - from];
    Arrays.setAll(range, i -> from + i);
    return range;
  }
}
