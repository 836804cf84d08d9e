package org.trawl.driver.spark;

import org.trawl.core.data.DataCache;
import org.trawl.core.data.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.Trainer;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;

/** The core's training, on data that the executor's JVM holds once. */
public enum CoreTraining implements Training {
  INSTANCE;

  @Override
  public TrainingData load(TrialSpec trial, long splitSeed) {
    RandomStream split = new SeedStreams(splitSeed).stream("split");
    return DataCache.shared()
        .trainingData(trial.data(), split, trial.fold(), ClusterStorage.INSTANCE);
  }

  @Override
  public TrainingResult train(TrialSpec trial, TrainingData data, Watcher watcher) {
    return Trainer.train(trial, data, watcher);
  }

  @Override
  public String kernels() {
    return Kernels.best().name();
  }
}
