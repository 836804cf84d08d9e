package org.trawl.core.training;

import java.io.Serializable;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.network.Layout;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.network.Workspace;

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
  public static final int CORE_VERSION = 3;

  /**
   * Whether batches of so many samples are learnt from part by part, which takes less memory and
   * gives the same bits: not where something is drawn or computed for a whole batch.
   *
   * @param layout of the network
   */
  public boolean learnsInParts(Layout layout, int batch) {
    return batch > Workspace.PART_ROWS
        && !layout.needsWholeBatch()
        && training.noise().sigma() == 0;
  }
}
