package org.trawl.core.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Counts what a benchmark does: JMH prints it by the nanosecond. */
@AuxCounters
@State(Scope.Thread)
public class Work {
  /** Floating-point operations, or elements. */
  public long operations;

  @Setup(Level.Iteration)
  public void reset() {
    operations = 0;
  }
}
