package org.trawl.core.data.sample;

import java.io.Serializable;
import java.util.List;

/**
 * A feature that is a text: its samples hold the position of the text in a list.
 *
 * @param feature number of the feature, from 0
 * @param values the different texts, in the order in which they were found
 * @param missing positions of those that say that a value is missing
 * @param first where the first one stands, what it is, and the cure, for errors
 */
public record TextColumn(int feature, List<String> values, List<Integer> missing, String first)
    implements Serializable {
  public TextColumn {
    values = List.copyOf(values);
    missing = List.copyOf(missing);
  }

  /** A column none of whose texts says that a value is missing. */
  public TextColumn(int feature, List<String> values, String first) {
    this(feature, values, List.of(), first);
  }

  /** How many of the samples have a text that says that a value is missing. */
  public int missingOf(Samples samples) {
    int count = 0;
    for (int row = 0; !missing.isEmpty() && row < samples.rows(); row++) {
      count += missing.contains((int) samples.value(row, feature)) ? 1 : 0;
    }
    return count;
  }
}
