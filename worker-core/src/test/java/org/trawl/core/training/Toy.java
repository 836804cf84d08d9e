package org.trawl.core.training;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;

/** Small data made here, and a trial on it whose settings a test changes one by one. */
final class Toy {
  static final OptimizerSpec SGD = new OptimizerSpec.Sgd(0, false);
  static final OptimizerSpec ADAM = new OptimizerSpec.Adam(0.9, 0.999, 1e-8);

  List<Integer> hidden = List.of(7);
  Activation activation = Activation.TANH;
  double dropout = 0;
  OptimizerSpec optimizer = SGD;
  double learningRate = 0.1;
  Reduction reduction = Reduction.MEAN;
  double l1 = 0;
  double l2 = 0;
  int batchSize = 25;
  int epochs = 3;
  boolean shuffle = true;
  Noise noise = Noise.NONE;
  boolean batchNorm = false;
  EarlyStopping earlyStopping = EarlyStopping.NONE;
  TrainingSpec.Measures measures = TrainingSpec.Measures.USUAL;
  long seed = 1;

  TrialSpec trial() {
    return new TrialSpec(dataSpec(), network(), training(), seed, 0);
  }

  NetworkSpec network() {
    return new NetworkSpec(
        hidden,
        activation,
        Activation.SOFTMAX,
        true,
        Initializer.GLOROT_UNIFORM,
        Collections.nCopies(hidden.size(), dropout),
        batchNorm);
  }

  TrainingSpec training() {
    return new TrainingSpec(
        optimizer,
        learningRate,
        Loss.CROSS_ENTROPY,
        reduction,
        l1,
        l2,
        batchSize,
        epochs,
        shuffle,
        noise,
        TrainingSpec.Schedule.CONSTANT,
        TrainingSpec.Clip.NONE,
        earlyStopping,
        measures);
  }

  TrainingResult train(TrainingData data) {
    return Trainer.train(trial(), data, Kernels.best(), Watcher.NONE);
  }

  /**
   * Points of the plane on three rings about 0, the classes, which no straight line separates.
   *
   * @return the first {@code train} rows to train on, then those to validate and to test on
   */
  static TrainingData rings(int train, int validation, int test) {
    int rows = train + validation + test;
    RandomStream stream = new RandomStream(31);
    float[] points = new float[2 * rows];
    int[] classes = new int[rows];
    for (int i = 0; i < rows; i++) {
      classes[i] = stream.nextInt(3);
      double radius = 0.25 + 0.5 * classes[i] + 0.25 * stream.nextDouble();
      double angle = 2 * Math.PI * stream.nextDouble();
      points[2 * i] = (float) (radius * StrictMath.cos(angle));
      points[2 * i + 1] = (float) (radius * StrictMath.sin(angle));
    }
    FMatrixRMaj matrix = new FMatrixRMaj(rows, 2);
    matrix.data = points;
    return data(new Samples.Reals(matrix), classes, 3, train, validation, 1);
  }

  /** Samples in order: those to train on, those to validate on, and the rest to test on. */
  static TrainingData data(
      Samples samples, int[] labels, int classes, int train, int validation, float scale) {
    List<String> names = List.of("0", "1", "2").subList(0, classes);
    Dataset dataset = new Dataset("toy", samples, labels, names, train, validation, 0);
    float[] scales = new float[samples.columns()];
    Arrays.fill(scales, scale);
    return new TrainingData(
        dataset,
        range(0, train),
        range(train, train + validation),
        range(train + validation, samples.rows()),
        scales,
        new float[samples.columns()]);
  }

  private static int[] range(int from, int to) {
    int[] range = new int[to - from];
    Arrays.setAll(range, i -> from + i);
    return range;
  }

  private static DataSpec dataSpec() {
    SourceSpec source =
        new SourceSpec(
            "toy",
            SourceSpec.Format.CSV,
            List.of("toy.csv"),
            List.of(),
            List.of(),
            List.of(),
            "0",
            SourceSpec.Header.AUTO,
            List.of(),
            0);
    DataSpec.Part none = DataSpec.Part.NONE;
    return new DataSpec(source, none, none, 0, false, 0, List.of());
  }
}
