package org.trawl.driver.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.network.Network;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingState;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.Signal;
import org.trawl.driver.results.FaultyStorage;
import org.trawl.driver.results.FaultyStorage.Fault;

/**
 * Trains as {@link UnrulyTraining} does, in executors to which something happens.
 *
 * @param kind what happens
 * @param rate learning rate of the trial to which it happens
 * @param times how often it happens, in all executors together
 * @param marks folder where they count that
 */
public record FaultyTraining(Kind kind, double rate, int times, String marks) implements Training {
  private static final long serialVersionUID = 1L;
  private static final Training CORE = UnrulyTraining.INSTANCE;
  private static final int EPOCH = 8;

  /** What happens to an executor. */
  public enum Kind {
    NOTHING,
    /** SIGKILL between two steps of an epoch. */
    KILLED,
    /** SIGSTOP there. */
    STOPPED,
    /** Each step takes a while. */
    SLOW,
    HALT_BEFORE_SEGMENT,
    HALT_AFTER_SEGMENT,
    HALT_AFTER_CHECKPOINT
  }

  /** Where the executor's JVM gets its storage's fault: before it opens any. */
  private Object readResolve() {
    switch (kind) {
      case HALT_BEFORE_SEGMENT -> install(Fault.HALT_BEFORE, "journal/");
      case HALT_AFTER_SEGMENT -> install(Fault.HALT_AFTER, "journal/");
      case HALT_AFTER_CHECKPOINT -> install(Fault.HALT_AFTER, "checkpoints/");
      default -> FaultyStorage.uninstall();
    }
    return this;
  }

  private void install(Fault fault, String folder) {
    FaultyStorage.install(
        fault, path -> path.startsWith(folder) && path.contains("-7") && strikes());
  }

  @Override
  public TrainingData load(TrialSpec trial, long splitSeed) {
    return CORE.load(trial, splitSeed);
  }

  @Override
  public TrainingResult train(
      TrialSpec trial, TrainingData data, Watcher watcher, Optional<TrainingState> from) {
    boolean meant = trial.training().learningRate() == rate;
    return CORE.train(
        trial, data, meant || kind == Kind.SLOW ? new Striking(watcher) : watcher, from);
  }

  @Override
  public String kernels() {
    return CORE.kernels();
  }

  /** Whether it happens now: it does so many times in all. */
  private boolean strikes() {
    for (int time = 1; time <= times; time++) {
      try {
        Files.createFile(Path.of(marks, kind + "-" + time));
        return true;
      } catch (FileAlreadyExistsException before) {
        // It did.
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    return false;
  }

  private final class Striking implements Watcher {
    private final Watcher watcher;
    private int epoch;
    private int steps;

    Striking(Watcher watcher) {
      this.watcher = watcher;
    }

    @Override
    public void epochEnded(EpochResult result) {
      epoch = result.epoch();
      steps = 0;
      watcher.epochEnded(result);
    }

    @Override
    public void learnt(EpochResult result, Network network) {
      watcher.learnt(result, network);
    }

    @Override
    public void resumable(int after, Supplier<TrainingState> state) {
      watcher.resumable(after, state);
    }

    @Override
    public boolean cancelled() {
      steps++;
      if (kind == Kind.SLOW) {
        pause(3);
      } else if (epoch >= EPOCH && steps == 3) {
        if (kind == Kind.KILLED && strikes()) {
          signal("-KILL");
        } else if (kind == Kind.STOPPED && strikes()) {
          write(Path.of(marks, "pid"), String.valueOf(ProcessHandle.current().pid()));
          signal("-STOP");
        }
      }
      return watcher.cancelled();
    }
  }

  private static void signal(String signal) {
    try {
      Signal.send(signal, ProcessHandle.current().pid());
      pause(200);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
