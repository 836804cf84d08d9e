package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.driver.plan.PlannedTrial;

/**
 * The data sets that executors cannot read themselves, or not for sure: tables, because only the
 * driver has Spark's SQL, and files of the driver's machine, of which another machine may have none
 * or others. Each is broadcast once. Those at shared addresses executors read on their own. Locally
 * there is one JVM, and nothing is copied.
 */
record SharedData(Map<SourceSpec, Broadcast<Dataset>> datasets) implements Serializable {

  /** Broadcasts what some trials need. */
  static SharedData of(SparkContext context, List<PlannedTrial> trials) {
    Map<SourceSpec, Broadcast<Dataset>> datasets = new HashMap<>();
    if (!context.isLocal()) {
      JavaSparkContext java = JavaSparkContext.fromSparkContext(context);
      for (SourceSpec source : ofTheDriver(trials)) {
        Dataset dataset = DataCache.shared().load(source, ClusterStorage.INSTANCE);
        datasets.put(source, java.broadcast(dataset));
      }
    }
    return new SharedData(datasets);
  }

  private static Set<SourceSpec> ofTheDriver(List<PlannedTrial> trials) {
    return trials.stream()
        .map(trial -> trial.spec().data().source())
        .filter(SharedData::ofTheDriver)
        .collect(Collectors.toSet());
  }

  private static boolean ofTheDriver(SourceSpec source) {
    return source.format() == Format.TABLE
        || source.addresses().stream().anyMatch(ClusterStorage::ofOneMachine);
  }

  /** Puts them into the cache of this JVM. */
  void offer() {
    datasets.forEach(
        (source, dataset) ->
            DataCache.shared().offer(source, ClusterStorage.INSTANCE, dataset::value));
  }
}
