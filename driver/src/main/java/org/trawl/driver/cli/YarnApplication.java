package org.trawl.driver.cli;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.client.api.AMRMClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.trawl.driver.results.HadoopConfiguration;

/**
 * The application that YARN runs a driver as, in {@code --deploy-mode cluster}. For YARN, an
 * application master that ends without having said how has failed, and is started again; Spark's
 * says nothing where the driver calls System.exit, or has not started Spark.
 */
final class YarnApplication {
  private YarnApplication() {}

  /** Whether this JVM is Spark's application master, which the driver runs in. */
  static boolean here() {
    return System.getProperty("spark.yarn.app.id") != null && System.getenv("CONTAINER_ID") != null;
  }

  /**
   * Tells YARN how the driver ends and that the application is over, and removes what spark-submit
   * has sent. Where running again may mend it, or a signal ended the run, nothing is said: YARN
   * runs it again, unless the signal was its own way to end the application.
   *
   * @param status one of {@link ExitCode}
   */
  static void ends(int status) {
    if (status == ExitCode.INFRASTRUCTURE || Interrupt.received()) {
      return;
    }
    try (AMRMClient<AMRMClient.ContainerRequest> yarn = AMRMClient.createAMRMClient()) {
      YarnConfiguration settings = new YarnConfiguration(HadoopConfiguration.current());
      yarn.init(settings);
      yarn.start();
      String message = "trawl ended with exit status " + status;
      yarn.unregisterApplicationMaster(end(status), message, null); // registers, if Spark has not
      String sent = System.getenv("SPARK_YARN_STAGING_DIR");
      if (sent != null && !Boolean.getBoolean("spark.yarn.preserve.staging.files")) {
        Path folder = new Path(sent);
        folder.getFileSystem(settings).delete(folder, true);
      }
    } catch (IOException | YarnException | RuntimeException refused) {
      System.err.println("Cannot tell YARN that the run is over: " + refused.getMessage());
    }
  }

  private static FinalApplicationStatus end(int status) {
    return switch (status) {
      case ExitCode.DONE -> FinalApplicationStatus.SUCCEEDED;
      case ExitCode.CANCELLED -> FinalApplicationStatus.KILLED;
      default -> FinalApplicationStatus.FAILED;
    };
  }
}
