package org.trawl.driver.results;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import scala.Tuple2;

/** Hadoop's settings for this JVM, driver or executor. */
public final class HadoopConfiguration {
  /**
   * Spark's as it runs, whose settings stay as they are, and Hadoop's; making one takes a while.
   */
  private static SparkEnv spark;

  private static Configuration ofSpark;

  private HadoopConfiguration() {}

  /** What Hadoop's own files say, and Spark's settings that begin with spark.hadoop. */
  public static synchronized Configuration current() {
    SparkEnv environment = SparkEnv.get();
    if (environment == null) {
      return of(new SparkConf());
    }
    if (environment != spark) {
      ofSpark = of(environment.conf());
      spark = environment;
    }
    return ofSpark;
  }

  private static Configuration of(SparkConf settings) {
    Configuration configuration = new Configuration();
    for (Tuple2<String, String> setting : settings.getAllWithPrefix("spark.hadoop.")) {
      configuration.set(setting._1(), setting._2());
    }
    return configuration;
  }
}
