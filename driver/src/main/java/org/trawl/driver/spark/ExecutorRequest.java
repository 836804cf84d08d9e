package org.trawl.driver.spark;

import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * What a cluster is asked for each executor.
 *
 * @param master Spark's master URL
 * @param application Spark's name of the run, by which the cluster's own tools know it
 * @param memory of the heap, in MiB
 * @param overhead beside the heap, in MiB; 0 where the cluster does not count it
 * @param cores empty for all of a worker's
 * @param image of its container; empty where there are none
 * @param namespace of Kubernetes
 */
record ExecutorRequest(
    String master,
    String application,
    int memory,
    long overhead,
    Optional<Integer> cores,
    Optional<String> image,
    String namespace) {
  private static final String CORES = "spark.executor.cores";

  static ExecutorRequest of(SparkContext context) {
    SparkConf settings = context.getConf();
    boolean standalone = !context.master().startsWith("k8s") && !context.master().equals("yarn");
    int memory = context.executorMemory();
    return new ExecutorRequest(
        context.master(),
        context.applicationId(),
        memory,
        standalone ? 0 : overhead(settings, memory),
        settings.contains(CORES)
            ? Optional.of(settings.getInt(CORES, 1))
            : standalone ? Optional.empty() : Optional.of(1),
        Optional.of(
                settings.get(
                    "spark.kubernetes.executor.container.image",
                    settings.get("spark.kubernetes.container.image", "")))
            .filter(image -> kubernetes(context.master()) && !image.isEmpty()),
        settings.get("spark.kubernetes.namespace", "default"));
  }

  /** As Spark reckons it where it is not set. */
  private static long overhead(SparkConf settings, int memory) {
    double factor = settings.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    long least = settings.getSizeAsMb("spark.executor.minMemoryOverhead", "384m");
    return settings.contains("spark.executor.memoryOverhead")
        ? settings.getSizeAsMb("spark.executor.memoryOverhead")
        : Math.max(Math.round(factor * memory), least);
  }

  boolean standalone() {
    return master.startsWith("spark://");
  }

  private static boolean kubernetes(String master) {
    return master.startsWith("k8s");
  }

  /** In words: executors of … */
  String text() {
    return String.format(
        Locale.ROOT,
        "executors of %d MiB (spark.executor.memory)%s and %s%s",
        memory,
        overhead == 0
            ? ""
            : String.format(
                Locale.ROOT, " with %d MiB besides (spark.executor.memoryOverhead)", overhead),
        cores
            .map(
                many ->
                    String.format(
                        Locale.ROOT, "%d %s (%s)", many, many == 1 ? "core" : "cores", CORES))
            .orElse("all cores of a worker"),
        image.map(", image %s"::formatted).orElse(""));
  }

  /** Where it is to be seen why executors do not come, or end. */
  String whereToLook() {
    if (kubernetes(master)) {
      return ("kubectl describe pods -n %s -l spark-app-selector=%s,spark-role=executor tells why they"
              + " wait or end")
          .formatted(namespace, application);
    } else if (master.equals("yarn")) {
      return "yarn node -list -showDetails tells what nodes have, yarn application -status %s and yarn logs why containers end"
          .formatted(application);
    }
    return "the master's page (port 8080 there unless told otherwise) tells what workers have, and"
        + " work/%s on a worker has the executors' own logs".formatted(application);
  }
}
