package org.trawl.core.training;

/** Sees a training's epochs as they end, and may stop it. Called in the training's own thread. */
public interface Watcher {
  /** Sees nothing, stops nothing. */
  Watcher NONE = new Watcher() {};

  /** An epoch has ended. */
  default void epochEnded(EpochResult epoch) {}

  /** Asked between steps; true ends the training as CANCELLED. */
  default boolean cancelled() {
    return false;
  }
}
