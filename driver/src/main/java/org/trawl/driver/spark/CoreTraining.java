package org.trawl.driver.spark;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.kernel.VirtualMachine;
import org.trawl.core.network.Tensor;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.Trainer;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingState;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.model.WeightFiles;

/**
 * The core's training, on data that the executor's JVM holds once. Each JVM logs once which kernels
 * it uses, and what makes it slow.
 *
 * @param choice of kernels, the same for all executors; AUTO is decided by each of their JVMs
 */
public record CoreTraining(Kernels.Choice choice) implements Training {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LogManager.getLogger(CoreTraining.class);

  /** The choices that this JVM has logged. */
  private static final Set<Kernels.Choice> LOGGED = ConcurrentHashMap.newKeySet();

  @Override
  public TrainingData load(TrialSpec trial, long splitSeed) {
    RandomStream split = new SeedStreams(splitSeed).stream("split");
    return DataCache.shared()
        .trainingData(trial.data(), split, trial.fold(), ClusterStorage.INSTANCE);
  }

  @Override
  public TrainingResult train(
      TrialSpec trial, TrainingData data, Watcher watcher, Optional<TrainingState> from) {
    Requirements.check();
    log();
    Map<String, Tensor> initial =
        WeightFiles.tensors(trial.network().initial(), ClusterStorage.INSTANCE);
    return Trainer.train(trial, data, Kernels.of(choice), initial, watcher, from);
  }

  @Override
  public String kernels() {
    return Kernels.of(choice).name();
  }

  @Override
  public void log() {
    if (LOGGED.add(choice)) {
      LOG.info("Kernels: {}", kernels());
      VirtualMachine.current().remarks(choice).forEach(LOG::warn);
    }
  }
}
