package org.trawl.driver.plan;

import java.util.HashMap;
import java.util.Map;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.KeyColumns;

/**
 * One training of a plan.
 *
 * @param trial hash of the canonical configuration with seed, repeat and fold
 * @param point hash of the canonical configuration without them
 * @param lineage hash of the canonical configuration without epochs: names its journal segments
 * @param repeat from 1
 * @param fold from 1; 0 where the data has no folds
 * @param variant name of the variant that planned it; empty for none
 * @param values of every key of {@link org.trawl.driver.sweep.Keys#all()}, defaults included, in
 *     that order, each of the Java type that its KeyType names
 * @param content fingerprint of the data that it was planned with
 * @param peers the trials that it is compared with, and by what
 * @param config the whole trial as JSON
 */
public record PlannedTrial(
    String trial,
    String point,
    String lineage,
    int repeat,
    int fold,
    String variant,
    Map<Key, Object> values,
    String content,
    Peers peers,
    String config,
    TrialSpec spec) {

  /** What the plan alone knows of the trial's row of the table trials: its data and its keys. */
  public Map<String, Object> row() {
    Map<String, Object> row = new HashMap<>();
    KeyColumns.putWithTexts(values, row);
    row.put(DataNames.COLUMN, peers.data());
    row.put("objective", peers.objective().metric());
    return row;
  }

  /** The trial's seed. */
  public long seed() {
    return spec.seed();
  }
}
