package org.trawl.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/** The walls of the core, and what its reproducible numbers forbid. */
@AnalyzeClasses(packages = "org.trawl.core", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ON_VECTORS =
      "org\\.trawl\\.core\\.kernel\\.(Vector[A-Z][A-Za-z]*|Lanes)";

  /**
   * JVMs compile these to intrinsics whose last bits differ; StrictMath's are the same everywhere.
   */
  private static final Set<String> INEXACT =
      Set.of(
          "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp",
          "expm1", "log", "log10", "log1p", "pow", "cbrt", "hypot");

  @ArchTest
  static final ArchRule the_core_knows_only_java_and_ejml =
      ArchRuleDefinition.classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.trawl.core..",
              "java..",
              "javax.imageio..",
              "com.sun.management..", // the JDK's, to ask for the JVM's options
              "org.ejml..",
              "jdk.incubator.vector..");

  @ArchTest
  static final ArchRule the_core_does_not_use_jdbc =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("java.sql..");

  @ArchTest
  static final ArchRule no_package_cycles =
      slices().matching("org.trawl.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule packages_build_on_those_below =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("kernel")
          .definedBy("org.trawl.core.kernel..")
          .layer("network")
          .definedBy("org.trawl.core.network..")
          .layer("optimizer")
          .definedBy("org.trawl.core.optimizer..")
          .layer("data")
          .definedBy("org.trawl.core.data..")
          .layer("training")
          .definedBy("org.trawl.core.training..")
          .whereLayer("training")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("optimizer")
          .mayOnlyBeAccessedByLayers("training")
          .whereLayer("network")
          .mayOnlyBeAccessedByLayers("optimizer", "training")
          .whereLayer("data")
          .mayOnlyBeAccessedByLayers("training");

  @ArchTest
  static final ArchRule only_the_vector_kernels_use_the_vector_api =
      noClasses()
          .that()
          .haveNameNotMatching(ON_VECTORS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");

  /**
   * What deploy/jvm.options, with which the tests' JVM was started, tells the compiler: the
   * operations are calls, and what their loops compute is part of them.
   */
  @ArchTest
  static void operations_on_vectors_are_compiled_apart(JavaClasses classes) {
    String start = "-XX:CompileCommand=dontinline,org/trawl/core/kernel/";
    String option =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith(start))
            .findFirst()
            .orElseThrow();
    assertTrue(option.endsWith("*.*"), option);
    String apart = option.substring(start.length(), option.length() - "*.*".length());
    Set<String> apartOnes = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    for (JavaClass type : classes) {
      if (type.getDirectDependenciesFromSelf().stream()
          .anyMatch(use -> use.getTargetClass().getPackageName().startsWith("jdk.incubator"))) {
        String name = type.getSimpleName();
        (name.startsWith(apart) ? apartOnes : others).add(name);
      }
    }
    assertEquals(Set.of("Lanes"), others);
    assertTrue(apartOnes.contains("VectorTiles"), apartOnes.toString());
  }

  @ArchTest
  static final ArchRule random_numbers_come_from_named_streams =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.util.random..")
          .orShould()
          .accessTargetWhere(isOfMath(Set.of("random")));

  @ArchTest
  static final ArchRule functions_that_differ_between_jvms_come_from_strict_math =
      noClasses().should().accessTargetWhere(isOfMath(INEXACT));

  @ArchTest
  static final ArchRule nothing_writes_to_the_console =
      GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  private static DescribedPredicate<JavaAccess<?>> isOfMath(Set<String> names) {
    return describe(
        "java.lang.Math's " + names,
        access ->
            access.getTargetOwner().isEquivalentTo(Math.class)
                && names.contains(access.getTarget().getName()));
  }
}
