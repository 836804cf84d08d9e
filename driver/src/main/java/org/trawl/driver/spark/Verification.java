package org.trawl.driver.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.trawl.core.kernel.RandomStream;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Difference;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.InputException;

/**
 * Trains finished trials of a run once more, and compares every bit with what the run keeps. Writes
 * nothing.
 */
public final class Verification {
  private final Plan plan;
  private final RunFolder folder;
  private final List<PlannedTrial> finished;

  /**
   * What became of one trial.
   *
   * @param storedKernels that trained the stored one
   * @param kernels that trained it now
   * @param difference the first one; empty if all bits are the same
   * @param failure why it could not be trained again; empty if it was
   */
  public record Verdict(
      PlannedTrial trial,
      String storedKernels,
      String kernels,
      Optional<Difference> difference,
      String failure) {

    /** Whether the trial gave the same bits again. */
    public boolean same() {
      return difference.isEmpty() && failure.isEmpty();
    }
  }

  /**
   * A verification that has not begun.
   *
   * @param plan of the run's own sweep.conf
   * @throws InputException if the data is not what it was, or no trial of the plan is finished
   */
  public Verification(Plan plan, RunFolder folder) {
    this.plan = plan;
    this.folder = folder;
    requireSameData();
    Set<String> hashes = folder.journal().finished(plan.trials());
    this.finished = plan.trials().stream().filter(trial -> hashes.contains(trial.trial())).toList();
    if (finished.isEmpty()) {
      throw new InputException(
          ("Cannot verify %s: expected a finished trial of its %s, found none. Another version of"
                  + " Trawl may have trained them, or none is finished yet")
              .formatted(folder, RunFolder.SWEEP));
    }
  }

  private void requireSameData() {
    Map<String, String> stored = new TreeMap<>();
    folder.provenance().ifPresent(there -> stored.putAll(there.lastSession().data()));
    List<String> problems = new ArrayList<>();
    Versions.fingerprints(plan)
        .forEach(
            (source, fingerprint) -> {
              String before = stored.getOrDefault(source, fingerprint);
              if (!before.equals(fingerprint)) {
                problems.add(
                    ("Cannot verify %s: the data of %s changed since: expected %s, found %s. Bring"
                            + " the old data back, or run the sweep file again")
                        .formatted(folder, source, before, fingerprint));
              }
            });
    if (!problems.isEmpty()) {
      throw new InputException(problems);
    }
  }

  /** How many trials are finished. */
  public int finished() {
    return finished.size();
  }

  /**
   * Some of the finished trials, in the order of the plan.
   *
   * @param count at most so many
   * @param seed decides which
   */
  public List<PlannedTrial> draw(int count, long seed) {
    int[] places = IntStream.range(0, finished.size()).toArray();
    new RandomStream(seed).shuffle(places);
    return Arrays.stream(places).limit(count).sorted().mapToObj(finished::get).toList();
  }

  /** Trains trials again, each in a task of its own. */
  public List<Verdict> verify(List<PlannedTrial> trials, SparkContext context, Training training) {
    if (context.isLocal()) {
      training.log();
    }
    List<TrialTask> tasks =
        trials.stream()
            .map(
                trial -> TrialTask.whole(trial, plan.sweep().seed()).taking(Memory.of(plan, trial)))
            .toList();
    SharedData shared = SharedData.of(context, trials);
    List<BatchEnd> ends =
        JavaSparkContext.fromSparkContext(context)
            .parallelize(tasks, tasks.size())
            .map(task -> new BatchExecution(Keeper.none(), training, shared).run(List.of(task)))
            .collect();
    List<Map<String, Object>> epochs = folder.rows(Table.EPOCHS);
    List<Verdict> verdicts = new ArrayList<>();
    for (int index = 0; index < trials.size(); index++) {
      verdicts.add(verdict(trials.get(index), ends.get(index), epochs));
    }
    return verdicts;
  }

  private Verdict verdict(PlannedTrial trial, BatchEnd answer, List<Map<String, Object>> epochs) {
    Segment stored = folder.journal().segment(trial).orElseThrow();
    TrialEnd end = answer.ends().get(0);
    if (end instanceof TrialEnd.Failed failed) {
      return new Verdict(trial, stored.kernels(), "", Optional.empty(), failed.attempt().cause());
    }
    String file = ((TrialEnd.Finished) end).segments().get(0);
    Segment now =
        Optional.ofNullable(answer.segments().get(file)).orElseThrow(Verification::damaged);
    List<Map<String, Object>> rows =
        epochs.stream().filter(row -> trial.trial().equals(row.get("trial"))).toList();
    return new Verdict(
        trial, stored.kernels(), now.kernels(), Difference.first(stored, rows, now), "");
  }

  private static InfrastructureException damaged() {
    return new InfrastructureException(
        "Cannot read what a task answered: it is damaged. Run again.", null);
  }
}
