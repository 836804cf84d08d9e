package org.trawl.core.training;

import java.io.Serializable;
import org.trawl.core.data.DataSpec;
import org.trawl.core.network.NetworkSpec;

/**
 * Everything that decides the bits of one training: same specification, same data, same result.
 *
 * @param seed the only source of randomness
 * @param fold from 1 to {@code data.folds()}; 0 where the data has no folds
 */
public record TrialSpec(
    DataSpec data, NetworkSpec network, TrainingSpec training, long seed, int fold)
    implements Serializable {

  /**
   * Part of every trial's hash: rises when the core gives other bits for the same specification.
   */
  public static final int CORE_VERSION = 1;
}
