package org.trawl.driver.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.util.Utils;
import org.trawl.driver.sweep.Addresses;
import org.trawl.driver.sweep.InputException;

/**
 * {@code spark-submit --deploy-mode cluster}: the driver runs on a machine of the cluster, in a
 * folder that is not the one from which it was submitted.
 */
final class ClusterMode {
  private ClusterMode() {}

  /** Whether spark-submit says so. */
  static boolean here() {
    return "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /**
   * Looks whether a sweep file that was named for another folder is in this one, as YARN puts it
   * there.
   *
   * @throws InputException if it is not
   */
  static void requireHere(Path sweep) {
    if (here() && !sweep.isAbsolute() && !Files.exists(sweep)) {
      throw new InputException(
          ("Cannot read %s: in cluster mode the driver runs in %s on %s, where there is no such"
                  + " file. Give an absolute path that the cluster's machines reach, or on YARN"
                  + " send the file with --files.")
              .formatted(sweep, Path.of("").toAbsolutePath(), Utils.localHostName()));
    }
  }

  /**
   * Looks whether results would be in a folder that others find.
   *
   * @param out as it was given; empty where it was not
   * @throws InputException if they would be in the driver's own
   */
  static void requireShared(Optional<String> out) {
    boolean own =
        out.isEmpty()
            || (Addresses.isLocal(out.get())
                && !Path.of(Addresses.localPath(out.get())).isAbsolute());
    if (here() && own) {
      throw new InputException(
          ("--out: in cluster mode expected an absolute path or an address that all machines reach,"
                  + " found %s")
              .formatted(out.orElse("none")));
    }
  }
}
