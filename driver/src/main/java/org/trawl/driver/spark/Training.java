package org.trawl.driver.spark;

import java.io.Serializable;
import org.trawl.core.data.TrainingData;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;

/** How an executor trains a trial. */
public interface Training extends Serializable {

  /** What the trial trains on; read once a JVM. */
  TrainingData load(TrialSpec trial);

  /** Trains in the calling thread. */
  TrainingResult train(TrialSpec trial, TrainingData data, Watcher watcher);

  /** What tables call the bulk operations that it uses. */
  String kernels();
}
