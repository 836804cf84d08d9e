package org.trawl.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.trawl.core.network.Layer;
import org.trawl.core.network.Layout;

/** The walls of the core, and what its reproducible numbers forbid. */
@AnalyzeClasses(packages = "org.trawl.core", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ON_VECTORS =
      "org\\.trawl\\.core\\.kernel\\.(Vector[A-Z][A-Za-z]*|Lanes)";

  private static final String DATA = "org.trawl.core.data";

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
  static final ArchRule no_cycles_of_packages_within_packages =
      slices().matching("org.trawl.core.(**)").should().beFreeOfCycles();

  /** A room of data and the others that it knows; the package data itself knows all. */
  @ArchTest
  static final ArchRule rooms_of_data_know_those_below =
      rooms(
          Map.ofEntries(
              entry("sample", List.of()),
              entry("source", List.of("sample")),
              entry("storage", List.of("sample", "source")),
              entry("format", List.of("sample", "source")),
              entry("format.text", List.of("sample", "source", "storage", "format")),
              entry("format.array", List.of("sample", "source", "storage", "format")),
              entry("format.image", List.of("sample", "source", "storage", "format")),
              entry(
                  "format.table", List.of("sample", "source", "storage", "format", "format.image")),
              entry("preparation", List.of("sample")),
              entry("split", List.of("sample", "source", "preparation"))));

  @ArchTest
  static final ArchRule training_opens_no_file =
      noClasses()
          .that()
          .resideInAPackage("org.trawl.core.training..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DATA + ".storage..", DATA + ".format..");

  @ArchTest
  static final ArchRule only_the_list_of_layers_knows_their_kinds =
      ArchRuleDefinition.classes()
          .that()
          .areAssignableTo(Layer.class)
          .and()
          .doNotHaveModifier(JavaModifier.ABSTRACT)
          .should()
          .haveModifier(JavaModifier.FINAL)
          .andShould()
          .onlyHaveDependentClassesThat(
              describe(
                  "are the list or the kind's own",
                  dependent ->
                      dependent.isEquivalentTo(Layout.class)
                          || dependent.isAssignableTo(Layer.class)
                          || dependent
                              .getEnclosingClass()
                              .map(kind -> kind.isAssignableTo(Layer.class))
                              .orElse(false)));

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

  private static ArchRule rooms(Map<String, List<String>> known) {
    LayeredArchitecture rooms =
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(DATA + "..")
            .layer("data")
            .definedBy(DATA)
            .ensureAllClassesAreContainedInArchitectureIgnoring(
                resideOutsideOfPackage(DATA + ".."));
    for (String room : known.keySet()) {
      rooms = rooms.layer(room).definedBy(DATA + "." + room);
    }
    for (Map.Entry<String, List<String>> room : known.entrySet()) {
      String[] others = room.getValue().toArray(String[]::new);
      rooms =
          others.length == 0
              ? rooms.whereLayer(room.getKey()).mayNotAccessAnyLayer()
              : rooms.whereLayer(room.getKey()).mayOnlyAccessLayers(others);
    }
    return rooms;
  }

  private static DescribedPredicate<JavaAccess<?>> isOfMath(Set<String> names) {
    return describe(
        "java.lang.Math's " + names,
        access ->
            access.getTargetOwner().isEquivalentTo(Math.class)
                && names.contains(access.getTarget().getName()));
  }
}
