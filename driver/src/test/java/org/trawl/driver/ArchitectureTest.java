package org.trawl.driver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/** The walls of the driver. */
@AnalyzeClasses(packages = "org.trawl.driver", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule no_package_cycles =
      slices().matching("org.trawl.driver.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nothing_knows_the_command_line =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.trawl.driver.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.trawl.driver.cli..", "picocli..");

  @ArchTest
  static final ArchRule a_plan_is_a_function_without_spark_sessions_or_reports =
      noClasses()
          .that()
          .resideInAnyPackage("org.trawl.driver.sweep..", "org.trawl.driver.plan..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.trawl.driver.spark..",
              "org.trawl.driver.results..",
              "org.trawl.driver.report..");

  @ArchTest
  static final ArchRule only_the_command_line_writes_to_the_console =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.trawl.driver.cli..")
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule no_other_numeric_library =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "breeze..", "org.apache.spark.ml..", "org.apache.spark.mllib..", "org.ejml.simple..");
}
