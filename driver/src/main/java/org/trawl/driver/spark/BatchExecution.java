package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.trawl.driver.results.Segment;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** The body of a Spark task: trials one after the other, each kept as it ends. */
final class BatchExecution extends AbstractFunction1<Iterator<List<TrialTask>>, BatchEnd>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Keeper keeper;
  private final Training training;
  private final SharedData shared;

  BatchExecution(Keeper keeper, Training training, SharedData shared) {
    this.keeper = keeper;
    this.training = training;
    this.shared = shared;
  }

  @Override
  public BatchEnd apply(Iterator<List<TrialTask>> partition) {
    return run(partition.next());
  }

  /** Trains trials; those that a cancellation leaves are not among the answers. */
  BatchEnd run(List<TrialTask> tasks) {
    List<TrialEnd> ends = new ArrayList<>();
    List<Segment> kept = new ArrayList<>();
    for (TrialTask task : tasks) {
      if (TaskContext.get().isInterrupted()) {
        break;
      }
      ends.add(TrialExecution.run(task, keeper, training, shared, kept::add));
    }
    Tally.HERE.flush();
    return BatchEnd.of(ends, kept);
  }
}
