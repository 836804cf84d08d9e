package org.trawl.driver.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.trawl.core.data.Dataset;
import org.trawl.core.data.PrepareStep;

/**
 * What is told of a plan beside its numbers: decisions about files that they do not say themselves,
 * and what looks wrong without keeping anything from being trained. A sentence each, with its cure.
 */
final class Remarks {
  private final Set<String> remarks = new LinkedHashSet<>();

  /** What was decided as the files of a data set were read. */
  void ofFiles(Dataset dataset) {
    dataset.columns().notes().forEach(note -> remarks.add(dataset.name() + ": " + note));
  }

  /** What a preparation makes of the features of a data set. */
  void ofPreparation(Dataset dataset, List<PrepareStep> prepare) {
    dataset.collapsed(prepare).forEach(note -> remarks.add(dataset.name() + ": " + note));
  }

  List<String> all() {
    return List.copyOf(remarks);
  }
}
