package org.trawl.driver.spark;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.trawl.core.data.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;

/** Trains as the core does, but for learning rates that ask for trouble. */
enum UnrulyTraining implements Training {
  INSTANCE;

  static final double THROWS = 13;
  static final double RUNS_OUT_OF_MEMORY = 14;
  static final double HANGS_UNTIL_CANCELLED = 15;
  static final double DIVERGES = 16;

  private static final Training CORE = new CoreTraining(Kernels.Choice.AUTO);

  /** Learning rates trained in this JVM. */
  static final Set<Double> TRAINED = ConcurrentHashMap.newKeySet();

  @Override
  public TrainingData load(TrialSpec trial, long splitSeed) {
    return CORE.load(trial, splitSeed);
  }

  @Override
  public TrainingResult train(TrialSpec trial, TrainingData data, Watcher watcher) {
    double rate = trial.training().learningRate();
    TRAINED.add(rate);
    if (rate == THROWS) {
      throw new IllegalStateException("poison\nand more of it");
    } else if (rate == RUNS_OUT_OF_MEMORY) {
      throw new OutOfMemoryError("Java heap space");
    } else if (rate == DIVERGES) {
      return new TrainingResult(
          Outcome.DIVERGED, "train_loss is not finite in epoch 1", List.of(), 7, "");
    } else if (rate == HANGS_UNTIL_CANCELLED) {
      while (!watcher.cancelled()) {
        Thread.onSpinWait();
      }
      return new TrainingResult(Outcome.CANCELLED, "cancelled", List.of(), 7, "");
    }
    return CORE.train(trial, data, watcher);
  }

  @Override
  public String kernels() {
    return CORE.kernels();
  }
}
