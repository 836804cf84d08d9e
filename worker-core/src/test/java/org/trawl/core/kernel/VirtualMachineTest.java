package org.trawl.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.trawl.core.kernel.Kernels.Choice;

class VirtualMachineTest {
  @Test
  void interpretersAndJvmsOfTheFirstCompilerAreFound() {
    assertTrue(VirtualMachine.compiles("mixed mode, sharing", Optional.of("4")));
    assertTrue(VirtualMachine.compiles("mixed mode, sharing", Optional.empty()));
    assertTrue(VirtualMachine.compiles("", Optional.empty()));
    assertFalse(VirtualMachine.compiles("interpreted mode, sharing", Optional.of("4")));
    assertFalse(VirtualMachine.compiles("mixed mode, emulated-client, sharing", Optional.of("4")));
    assertFalse(VirtualMachine.compiles("mixed mode", Optional.of("3")));
  }

  @Test
  void eachRemarkTellsItsCure() {
    assertEquals(List.of(), new VirtualMachine(true, true, true).remarks(Choice.AUTO));
    assertRemark(new VirtualMachine(true, false, true), "-XX:TieredStopAtLevel");
    assertRemark(new VirtualMachine(true, true, false), "-XX:UseAVX=0");
    assertRemark(new VirtualMachine(false, true, true), "--add-modules=jdk.incubator.vector");
    assertEquals(2, new VirtualMachine(false, false, false).remarks(Choice.AUTO).size());
  }

  @Test
  void whoAsksForThePlainKernelsIsNotToldOfTheModule() {
    assertEquals(List.of(), new VirtualMachine(false, true, true).remarks(Choice.PLAIN));
  }

  @Test
  void vectorsAreForJvmsThatCompileThem() {
    assertTrue(new VirtualMachine(true, true, true).suitsVectors());
    assertFalse(new VirtualMachine(false, true, true).suitsVectors());
    assertFalse(new VirtualMachine(true, false, true).suitsVectors());
    assertFalse(new VirtualMachine(true, true, false).suitsVectors());
  }

  @Test
  void theTestsRunWithTheModuleAndHaveBothKernels() {
    assertTrue(VirtualMachine.current().vectorModule());
    assertEquals("plain", Kernels.of(Choice.PLAIN).name());
    assertTrue(Kernels.of(Choice.VECTOR).name().startsWith("vector-"));
    boolean suits = VirtualMachine.current().suitsVectors();
    assertSame(Kernels.of(suits ? Choice.VECTOR : Choice.PLAIN), Kernels.of(Choice.AUTO));
  }

  private static void assertRemark(VirtualMachine machine, String cure) {
    List<String> remarks = machine.remarks(Choice.AUTO);
    assertEquals(1, remarks.size());
    assertTrue(remarks.get(0).contains(cure), remarks.get(0));
    assertFalse(remarks.get(0).contains("\n"));
  }
}
