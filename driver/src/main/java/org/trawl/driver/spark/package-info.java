/**
 * Trials on Spark: the remaining trials of a plan go to executors, one task a trial, and come back
 * as segments that their executors have already published.
 *
 * <p>{@link org.trawl.driver.spark.SweepRun} is the run of a plan in a folder; {@link
 * org.trawl.driver.spark.Runner} the job; {@link org.trawl.driver.spark.SparkSessions} starts
 * Spark; {@link org.trawl.driver.spark.ExecutorWatch} sees that executors come; {@link
 * org.trawl.driver.spark.RunMetrics} are what operators watch. Data sets in memory belong to the
 * JVM-wide cache of the core, one copy an executor.
 */
package org.trawl.driver.spark;
