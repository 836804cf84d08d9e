package org.trawl.driver.plan;

import org.trawl.core.data.DataSpec;
import org.trawl.core.data.Dataset;
import org.trawl.core.data.SourceSpec;
import org.trawl.core.data.TrainingData;

/** Where a planner gets data from. Everything that fails is a DataException. */
public interface Sources {

  /** A source in memory. */
  Dataset load(SourceSpec source);

  /** A hash of the source's content: equal for equal files wherever they lie. */
  String fingerprint(SourceSpec source);

  /** The division and preparation of a data set for a trial's seed and fold. */
  TrainingData prepare(Dataset dataset, DataSpec spec, long seed, int fold);
}
