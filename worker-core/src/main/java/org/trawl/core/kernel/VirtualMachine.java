package org.trawl.core.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What decides how fast a JVM trains; the results are the same.
 *
 * @param vectorModule whether it was started with {@link #VECTOR_MODULE}
 * @param optimizes whether it has an optimizing compiler: without one, each operation on a vector
 *     is a call that allocates
 * @param fusesMultiplyAdd whether {@code Math.fma} is an instruction: else it takes microseconds
 */
public record VirtualMachine(boolean vectorModule, boolean optimizes, boolean fusesMultiplyAdd) {
  /** The option that gives a JVM the module of the vector kernels. */
  public static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

  private static final VirtualMachine CURRENT =
      new VirtualMachine(
          ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
          compiles(System.getProperty("java.vm.info", ""), option("TieredStopAtLevel")),
          !option("UseFMA").equals(Optional.of("false")));

  /** This one. */
  public static VirtualMachine current() {
    return CURRENT;
  }

  /** Whether vector kernels are the faster ones here. */
  boolean suitsVectors() {
    return vectorModule && optimizes && fusesMultiplyAdd;
  }

  /** What makes training slow here, each in one line with its cure; empty if nothing does. */
  public List<String> remarks(Kernels.Choice choice) {
    List<String> remarks = new ArrayList<>();
    if (!optimizes) {
      remarks.add(
          "This JVM runs without its optimizing compiler, so training takes many times longer."
              + " Start it without -Xint, -XX:TieredStopAtLevel and -XX:CompilationMode");
    }
    if (!fusesMultiplyAdd) {
      remarks.add(
          "This JVM has no fused multiply-add instruction, and takes about a hundred times longer"
              + " without. Start it without -XX:UseAVX=0, -XX:UseAVX=1 and -XX:-UseFMA, on a"
              + " processor that has it (x86: AVX2; aarch64: all)");
    }
    if (remarks.isEmpty() && !vectorModule && choice == Kernels.Choice.AUTO) {
      remarks.add(
          "This JVM has no Vector API, so the plain kernels run, several times slower. Start it"
              + " with "
              + VECTOR_MODULE);
    }
    return remarks;
  }

  /** HotSpot's answers: {@code java -version} ends with the same words. */
  static boolean compiles(String info, Optional<String> highestLevel) {
    return !info.contains("interpreted mode")
        && !info.contains("emulated-client")
        && highestLevel.map(level -> level.equals("4")).orElse(true);
  }

  /** The value of an option of HotSpot; empty in another JVM, or if it has none. */
  private static Optional<String> option(String name) {
    HotSpotDiagnosticMXBean hotSpot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return Optional.ofNullable(hotSpot).map(bean -> bean.getVMOption(name).getValue());
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
  }
}
