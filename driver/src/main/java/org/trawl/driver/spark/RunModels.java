package org.trawl.driver.spark;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.trawl.driver.plan.Peers;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Models;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunTables;
import org.trawl.driver.results.Status;
import org.trawl.driver.sweep.Keep;

/** The models that a run keeps in its folder: those of its best trials, or of all. */
final class RunModels {
  private final Plan plan;
  private final RunFolder folder;
  private final int count;

  RunModels(Plan plan, RunFolder folder) {
    this.plan = plan;
    this.folder = folder;
    this.count = plan.sweep().keep().models();
  }

  /** Whether there are as many models as there should be; runs leave no others. */
  boolean complete(Map<Status, Integer> counts) {
    int completed = counts.getOrDefault(Status.COMPLETED, 0);
    boolean ofAll = plan.allPeers() || count == 0 || count == Keep.ALL;
    return ofAll // else it depends on how many trials of each data set there are
        && folder.models().list().size() == Math.min(completed, count);
  }

  /** The finished trials whose models are to be kept but are not there. */
  List<PlannedTrial> missing(RunTables tables) {
    Set<Models.Id> there = folder.models().list();
    List<PlannedTrial> missing = new ArrayList<>();
    tables
        .models(count)
        .forEach(
            (trial, model) -> {
              if (!there.contains(model)) {
                missing.add(trial);
              }
            });
    return missing;
  }

  /**
   * Removes all others once no trial runs, and none that is wanted is missing. With all models,
   * those of trials that are not planned now stay, but none of another epoch.
   */
  void removeSpare(RunTables tables) {
    if (!missing(tables).isEmpty()) {
      return;
    }
    Set<Models.Id> wanted = new HashSet<>(tables.models(count).values());
    if (count == Keep.ALL) {
      Set<String> planned = new HashSet<>();
      plan.trials().forEach(trial -> planned.add(trial.trial()));
      folder.models().list().stream()
          .filter(model -> !planned.contains(model.trial()))
          .forEach(wanted::add);
    }
    folder.models().keepOnly(wanted);
  }

  /** Of the trials that are known to have ended; others may just have written theirs. */
  void removeSpareOfFinished(RunTables tables) {
    if (count == Keep.ALL) {
      return;
    }
    Models models = folder.models();
    Set<Models.Id> wanted = Set.copyOf(tables.models(count).values());
    Set<String> finished = tables.finished();
    models.list().stream()
        .filter(model -> finished.contains(model.trial()) && !wanted.contains(model))
        .forEach(models::remove);
  }

  /** What executors keep, who know how good the best trials are so far. */
  ModelKeeping keeping(RunTables tables) {
    return keeping(count, count == Keep.ALL ? Map.of() : tables.bestValues(count));
  }

  /** What executors keep of trials whose models are missing. */
  ModelKeeping keepingAll() {
    return keeping(Keep.ALL, Map.of());
  }

  private ModelKeeping keeping(int count, Map<Peers, List<Double>> values) {
    return new ModelKeeping(folder.absolute(), count, UUID.randomUUID().toString(), values);
  }
}
