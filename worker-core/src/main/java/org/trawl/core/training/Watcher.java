package org.trawl.core.training;

import java.util.function.Supplier;
import org.trawl.core.network.Network;

/** Sees a training's epochs as they end, and may stop it. Called in the training's own thread. */
public interface Watcher {
  /** Sees nothing, stops nothing. */
  Watcher NONE = new Watcher() {};

  /** An epoch has ended. */
  default void epochEnded(EpochResult epoch) {}

  /**
   * As {@link #epochEnded}, after it.
   *
   * @param network as the epoch left it; not to be changed before the training has ended
   */
  default void learnt(EpochResult epoch, Network network) {}

  /**
   * After {@link #learnt}: the training can go on from here later.
   *
   * @param state a copy of what it has become by now, made when asked for; of use within the call
   */
  default void resumable(int epoch, Supplier<TrainingState> state) {}

  /** Asked between steps; true ends the training as CANCELLED. */
  default boolean cancelled() {
    return false;
  }
}
