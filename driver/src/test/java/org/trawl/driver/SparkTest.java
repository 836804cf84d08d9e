package org.trawl.driver;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.trawl.driver.spark.SparkSessions;

/** The Spark session that the tests of this module share; it ends with the JVM. */
public final class SparkTest {
  private static SparkSession session;

  private SparkTest() {}

  /** A session of two slots in this JVM. */
  public static synchronized SparkSession session() {
    if (session == null) {
      session = SparkSessions.session(Optional.of("local[2]"), "tests");
    }
    return session;
  }
}
