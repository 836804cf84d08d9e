package org.trawl.driver.plan;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.trawl.core.data.DataSpec;
import org.trawl.core.data.Dataset;
import org.trawl.core.training.EarlyStopping;
import org.trawl.driver.sweep.Keys;

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

  /** Choices by the test part that a file asks for although there is a validation part. */
  void ofChoosing(List<PlannedTrial> trials) {
    for (PlannedTrial trial : trials) {
      DataSpec data = trial.spec().data();
      if (data.validation().size() == 0 && data.folds() == 0) {
        continue;
      }
      String objective = trial.peers().objective().metric();
      if (objective.startsWith("test_")) {
        remarks.add(
            byTest("objective.metric", objective, objective.replace("test_macro", "macro")));
      }
      EarlyStopping stopping = trial.spec().training().earlyStopping();
      if (stopping.enabled() && stopping.metric().ofTest()) {
        String metric = stopping.metric().key();
        remarks.add(byTest(Keys.STOPPING_METRIC.path(), metric, metric));
      }
    }
  }

  private static String byTest(String key, String metric, String otherwise) {
    return "%s = %s chooses by the test part, so that it says too much of other samples (cure: %s)"
        .formatted(key, metric, otherwise.replace("test_", "validation_"));
  }

  /** Trials that are not compared with each other, as their metrics are of different samples. */
  void ofPeers(List<PlannedTrial> trials) {
    Map<Peers, Long> peers =
        trials.stream()
            .collect(
                Collectors.groupingBy(
                    PlannedTrial::peers, LinkedHashMap::new, Collectors.counting()));
    if (peers.size() > 1) {
      Map<String, String> names = DataNames.of(trials.stream().map(PlannedTrial::row).toList());
      String data =
          peers.keySet().stream()
              .map(each -> names.get(each.data()) + " by " + each.objective().metric())
              .collect(Collectors.joining("; "));
      remarks.add(
          "trials are compared within the same data only, and these have different samples to"
              + " validate or test: "
              + data);
    }
  }

  List<String> all() {
    return List.copyOf(remarks);
  }
}
