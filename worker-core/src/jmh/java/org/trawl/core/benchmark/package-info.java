/**
 * Times the bulk operations of a training step by JMH: each on plain arrays and on the Vector API,
 * products beside EJML's, and the peak that they can reach.
 *
 * <p>From the project's folder, all of it or what a pattern names, with JMH's options:
 *
 * <pre>{@code
 * ./mvnw -q -Pjmh -pl worker-core test-compile exec:exec
 * ./mvnw -q -Pjmh -pl worker-core test-compile exec:exec -Djmh="PeakBenchmark|ProductBenchmark -p version=vector"
 * }</pre>
 *
 * <p>Each figure is of one thread; {@code taskset -c 1} before the command keeps it on one core.
 * {@code src/jmh/race} times whole trainings against PyTorch and scikit-learn.
 */
package org.trawl.core.benchmark;
