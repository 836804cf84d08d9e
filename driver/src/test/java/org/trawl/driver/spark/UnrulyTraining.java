package org.trawl.driver.spark;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.network.Network;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.TrainingState;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;

/** Trains as the core does, but for learning rates that ask for trouble. */
enum UnrulyTraining implements Training {
  INSTANCE;

  static final double THROWS = 13;
  static final double RUNS_OUT_OF_MEMORY = 14;
  static final double HANGS_UNTIL_CANCELLED = 15;
  static final double DIVERGES = 16;

  /** After its fifth epoch, unless it went on from an earlier attempt. */
  static final double THROWS_ONCE = 0.17;

  private static final Training CORE = new CoreTraining(Kernels.Choice.AUTO);

  /** Learning rates trained in this JVM. */
  static final Set<Double> TRAINED = ConcurrentHashMap.newKeySet();

  /** Epochs trained in this JVM, of whatever trial. */
  static final Queue<Integer> EPOCHS = new ConcurrentLinkedQueue<>();

  @Override
  public TrainingData load(TrialSpec trial, long splitSeed) {
    return CORE.load(trial, splitSeed);
  }

  @Override
  public TrainingResult train(
      TrialSpec trial, TrainingData data, Watcher watcher, Optional<TrainingState> from) {
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
    return CORE.train(trial, data, new Counting(watcher, rate, from.isPresent()), from);
  }

  private record Counting(Watcher watcher, double rate, boolean again) implements Watcher {
    @Override
    public void epochEnded(EpochResult epoch) {
      EPOCHS.add(epoch.epoch());
      watcher.epochEnded(epoch);
      if (rate == THROWS_ONCE && epoch.epoch() == 5 && !again) {
        throw new IllegalStateException("once");
      }
    }

    @Override
    public void learnt(EpochResult result, Network network) {
      watcher.learnt(result, network);
    }

    @Override
    public void resumable(int epoch, Supplier<TrainingState> state) {
      watcher.resumable(epoch, state);
    }

    @Override
    public boolean cancelled() {
      return watcher.cancelled();
    }
  }

  @Override
  public String kernels() {
    return CORE.kernels();
  }
}
