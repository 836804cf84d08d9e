package org.trawl.driver.results;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import scala.Tuple2;

/** Hadoop's settings for this JVM, driver or executor. */
public final class HadoopConfiguration {
  private HadoopConfiguration() {}

  /** What Hadoop's own files say, and Spark's settings that begin with spark.hadoop. */
  public static Configuration current() {
    Configuration configuration = new Configuration();
    SparkEnv environment = SparkEnv.get();
    SparkConf spark = environment == null ? new SparkConf() : environment.conf();
    for (Tuple2<String, String> setting : spark.getAllWithPrefix("spark.hadoop.")) {
      configuration.set(setting._1(), setting._2());
    }
    return configuration;
  }
}
