package org.trawl.core.kernel;

/**
 * The bulk operations of a training step, of all kinds. Every implementation computes the same
 * bits: an operation's default is its simple loop, which says what is summed in which order;
 * another implementation may be faster, never different. exp, log, tanh and the normal distribution
 * are those of this package.
 *
 * <p>Matrices lie in {@link Panels}. An argument that is not named as written is not modified.
 */
public sealed interface Kernels
    extends Products, Columns, Batches, Elementwise, Losses, RandomNumbers, Updates
    permits PlainKernels, VectorKernels {
  /** Which kernels are asked for. */
  enum Choice {
    /** Those that are the faster ones in the JVM: vector where it suits them, else plain. */
    AUTO,
    /** On the JDK's Vector API. */
    VECTOR,
    /** On plain arrays. */
    PLAIN
  }

  /**
   * The kernels of this JVM.
   *
   * @throws IllegalArgumentException if VECTOR is asked for, and the JVM was started without its
   *     module
   */
  static Kernels of(Choice choice) {
    VirtualMachine machine = VirtualMachine.current();
    if (choice == Choice.VECTOR && !machine.vectorModule()) {
      throw new IllegalArgumentException(
          "Cannot use the vector kernels: this JVM has no Vector API. Start it with "
              + VirtualMachine.VECTOR_MODULE);
    }
    boolean vector = choice == Choice.AUTO ? machine.suitsVectors() : choice == Choice.VECTOR;
    return vector ? VectorKernels.INSTANCE : PlainKernels.INSTANCE;
  }

  /** The fastest kernels of this JVM. */
  static Kernels best() {
    return of(Choice.AUTO);
  }

  /** Those on plain arrays. */
  static Kernels plain() {
    return of(Choice.PLAIN);
  }

  /** Whether the JVM was started with --add-modules=jdk.incubator.vector. */
  static boolean vectorModule() {
    return VirtualMachine.current().vectorModule();
  }

  /** What a run's tables and the command line call them. */
  String name();
}
