package org.trawl.driver.bits;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.Evaluation;
import org.trawl.core.training.LayerResult;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.plan.Planner;
import org.trawl.driver.spark.ClusterStorage;
import org.trawl.driver.spark.CoreTraining;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.SweepReader;

/**
 * Trains the trials of a sweep file without Spark, and prints a line a trial: its variant, and the
 * hash of all its metrics and final weights. A program, for the JVMs that {@link SameBitsTest}
 * starts.
 */
public final class SweepBits {
  private SweepBits() {}

  /**
   * Prints the bits of a sweep.
   *
   * @param arguments the sweep file, the kernels, how many trials at once, and settings of the file
   */
  public static void main(String[] arguments) throws Exception {
    List<String> settings = Arrays.asList(arguments).subList(3, arguments.length);
    Plan plan = plan(Path.of(arguments[0]), settings);
    CoreTraining training = new CoreTraining(Kernels.Choice.valueOf(arguments[1]));
    ExecutorService threads = Executors.newFixedThreadPool(Integer.parseInt(arguments[2]));
    List<Callable<String>> lines =
        plan.trials().stream()
            .<Callable<String>>map(trial -> () -> line(trial, train(plan, trial, training)))
            .toList();
    System.out.println("kernels " + training.kernels());
    for (Future<String> line : threads.invokeAll(lines)) {
      System.out.println(line.get());
    }
    threads.shutdown();
  }

  static Plan plan(Path file, List<String> settings) {
    Catalogue catalogue = Catalogue.installed();
    return Planner.plan(
        SweepReader.read(file, settings, catalogue),
        catalogue,
        ClusterStorage.INSTANCE,
        Runtime.getRuntime().maxMemory());
  }

  private static TrainingResult train(Plan plan, PlannedTrial trial, CoreTraining training) {
    TrialSpec spec = trial.spec();
    long splitSeed = SeedStreams.trialSeed(plan.sweep().seed(), trial.repeat(), 0);
    TrainingData data = training.load(spec, splitSeed);
    return training.train(spec, data, Watcher.NONE, Optional.empty());
  }

  private static String line(PlannedTrial trial, TrainingResult result) {
    return line(trial, result.epochs(), result.weights());
  }

  /** The line of a trial. */
  static String line(PlannedTrial trial, List<EpochResult> epochs, String weights) {
    EpochResult last = epochs.get(epochs.size() - 1);
    return "%s %s loss %s".formatted(trial.variant(), hash(epochs, weights), last.trainLoss());
  }

  private static String hash(List<EpochResult> epochs, String weights) {
    MessageDigest digest = sha256();
    for (EpochResult epoch : epochs) {
      add(epoch.learningRate(), digest);
      add(epoch.trainLoss(), digest);
      add(epoch.trainPenalty(), digest);
      add(epoch.trainAccuracy(), digest);
      add(epoch.validation(), digest);
      add(epoch.test(), digest);
      for (LayerResult layer : epoch.layers()) {
        add(layer.gradientMean(), digest);
        add(layer.gradientMax(), digest);
        add(layer.biasGradientMean(), digest);
        add(layer.biasGradientMax(), digest);
        add(layer.inactiveFraction(), digest);
        add(layer.weightNorm(), digest);
        add(layer.activationMean(), digest);
        add(layer.activationDeviation(), digest);
      }
    }
    digest.update(weights.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(Optional<Evaluation> evaluation, MessageDigest digest) {
    evaluation.ifPresent(
        part -> {
          add(part.loss(), digest);
          add(part.accuracy(), digest);
          add(part.topKAccuracy(), digest);
          add(part.calibrationError(), digest);
          Arrays.stream(part.rocAuc()).forEach(area -> add(area, digest));
          Arrays.stream(part.confusion()).forEach(count -> add(count, digest));
        });
  }

  private static void add(double value, MessageDigest digest) {
    digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
