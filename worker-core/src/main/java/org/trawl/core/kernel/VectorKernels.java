package org.trawl.core.kernel;

/**
 * The operations on the JDK's Vector API, in vectors of the machine's width, a kind each: what is
 * not overridden there is the simple loop.
 *
 * <p>Vectors are locals, never fields, and the operations are compiled apart from their callers:
 * inlined into a large one, an operation meets C2's limit of nodes half-way, and its vectors become
 * objects. {@code -XX:CompileCommand=dontinline,org/trawl/core/kernel/Vector*.*} in
 * deploy/jvm.options sees to it; without it everything is right, but a step may allocate and be
 * slower. So what is a call of its own belongs into a class named Vector..., and what must be part
 * of a loop into {@link Lanes}.
 */
final class VectorKernels
    implements Kernels,
        VectorProducts,
        VectorColumns,
        VectorBatches,
        VectorElementwise,
        VectorLosses,
        VectorRandomNumbers,
        VectorUpdates {
  static final VectorKernels INSTANCE = new VectorKernels();

  private VectorKernels() {}

  @Override
  public String name() {
    return "vector-" + Lanes.FLOATS.vectorBitSize();
  }
}
