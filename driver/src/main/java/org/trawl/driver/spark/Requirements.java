package org.trawl.driver.spark;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkBuildInfo;
import org.trawl.driver.results.InfrastructureException;

/** What a JVM must be for its results to be right: looked at before training, in each of them. */
public final class Requirements {
  /** What Trawl is compiled against; other versions of it differ in what it calls. */
  public static final String SPARK = "4.2";

  private static final int CORRUPTING = 25;
  private static final int MENDED_UPDATE = 3;

  private static final Optional<String> PROBLEM =
      ofJava(
              Runtime.version(),
              ManagementFactory.getGarbageCollectorMXBeans().stream()
                  .map(collector -> collector.getName())
                  .toList())
          .or(() -> ofSpark(sparkVersion()));

  private Requirements() {}

  /**
   * Looks whether this JVM can be trusted with training.
   *
   * @throws InfrastructureException if not, with the cure
   */
  public static void check() {
    PROBLEM.ifPresent(
        problem -> {
          throw new InfrastructureException(problem, null);
        });
  }

  static Optional<String> ofJava(Runtime.Version version, List<String> collectors) {
    boolean corrupts =
        version.feature() == CORRUPTING
            && version.interim() == 0
            && version.update() < MENDED_UPDATE
            && collectors.stream().anyMatch(name -> name.startsWith("G1"));
    return corrupts
        ? Optional.of(
            ("Cannot train on Java %s with its G1 collector, which corrupts data (JDK-8377811)."
                    + " Use Java 25.0.3 or later, or give -XX:+UseParallelGC in JDK_JAVA_OPTIONS,"
                    + " on a cluster in spark.driver.extraJavaOptions and"
                    + " spark.executor.extraJavaOptions, and run again.")
                .formatted(version))
        : Optional.empty();
  }

  static Optional<String> ofSpark(String version) {
    return version.startsWith(SPARK + ".")
        ? Optional.empty()
        : Optional.of(
            ("Cannot run on Spark %s: expected %s, which Trawl is built for. Give a cluster of that"
                    + " version, or deploy/trawl, which brings its own, and run again.")
                .formatted(version, SPARK));
  }

  private static String sparkVersion() {
    try {
      return SparkBuildInfo.spark_version();
    } catch (LinkageError older) { // it has no such class
      return "of another version";
    }
  }
}
