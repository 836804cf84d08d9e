package org.trawl.driver.spark;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkBuildInfo;
import org.ejml.EjmlVersion;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.kernel.VirtualMachine;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.results.Provenance.Session;

/** What a run is made with, for its provenance: no environment and no settings, but these. */
public final class Versions {
  private Versions() {}

  /**
   * A session that starts now.
   *
   * @param command as typed
   * @param trials how many it is to train
   */
  public static Session session(String command, Plan plan, int trials, Training training) {
    return new Session(Instant.now(), command, trials, versions(training), fingerprints(plan));
  }

  /** The name of each source of a plan, and what identifies its content. */
  static Map<String, String> fingerprints(Plan plan) {
    Map<String, String> data = new TreeMap<>();
    plan.trials().stream()
        .map(trial -> trial.spec().data().source())
        .distinct()
        .forEach(source -> data.put(source.name(), fingerprint(source)));
    return data;
  }

  /** Trawl's own version, which its jar says. */
  public static String trawl() {
    return Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
        .orElse("not packaged");
  }

  private static String fingerprint(SourceSpec source) {
    return "sha256:" + DataCache.shared().fingerprint(source, ClusterStorage.INSTANCE);
  }

  private static Map<String, String> versions(Training training) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("trawl", trawl());
    versions.put("spark", SparkBuildInfo.spark_version());
    versions.put("ejml", EjmlVersion.VERSION);
    versions.put("java", System.getProperty("java.version"));
    versions.put(
        "jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    versions.put(
        "system",
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    versions.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    versions.put("kernels", training.kernels());
    VirtualMachine machine = VirtualMachine.current();
    versions.put("vector_module", String.valueOf(machine.vectorModule()));
    versions.put("optimizing_compiler", String.valueOf(machine.optimizes()));
    versions.put("fused_multiply_add", String.valueOf(machine.fusesMultiplyAdd()));
    return versions;
  }
}
