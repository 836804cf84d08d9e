package org.trawl.driver.spark;

import java.io.IOException;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.client.api.AMRMClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * The application that YARN runs a driver as, in {@code --deploy-mode cluster}. An application
 * master that ends without having said how has failed for YARN, which starts it again, and for
 * Spark's one that is so whenever the driver calls System.exit or has not started Spark.
 */
public final class YarnApplication {
  private YarnApplication() {}

  /** Whether this JVM is Spark's application master, which the driver runs in. */
  public static boolean here() {
    return System.getProperty("spark.yarn.app.id") != null && System.getenv("CONTAINER_ID") != null;
  }

  /**
   * Tells YARN that the application is over, however it ended: it is not started again.
   *
   * @param message for those who ask YARN
   * @throws IOException if YARN does not take it
   */
  public static void over(FinalApplicationStatus status, String message) throws IOException {
    try (AMRMClient<AMRMClient.ContainerRequest> yarn = AMRMClient.createAMRMClient()) {
      yarn.init(new YarnConfiguration());
      yarn.start();
      yarn.unregisterApplicationMaster(status, message, null); // registers, if Spark has not
    } catch (YarnException refused) {
      throw new IOException(refused);
    }
  }
}
