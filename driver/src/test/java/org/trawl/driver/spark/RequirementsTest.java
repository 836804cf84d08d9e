package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkBuildInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementsTest {
  @ParameterizedTest
  @CsvSource({
    "25, G1 Young Generation, true",
    "25.0.2+10, G1 Young Generation, true",
    "25.0.2, PS MarkSweep, false",
    "25.0.3, G1 Young Generation, false",
    "26, G1 Young Generation, false",
    "21.0.1, G1 Young Generation, false"
  })
  void aJavaThatCorruptsDataIsRefused(String version, String collector, boolean refused) {
    Optional<String> problem =
        Requirements.ofJava(Runtime.Version.parse(version), List.of(collector));
    assertEquals(refused, problem.isPresent());
    problem.ifPresent(text -> assertTrue(text.contains("-XX:+UseParallelGC"), text));
  }

  @Test
  void theSparkThatItIsBuiltWithIsTheOneThatItAsksFor() {
    assertEquals(Optional.empty(), Requirements.ofSpark(SparkBuildInfo.spark_version()));
    Requirements.check();
  }

  @ParameterizedTest
  @CsvSource({"4.1.1", "3.5.7", "4.20.0", "of another version"})
  void anotherSparkIsRefused(String version) {
    String problem = Requirements.ofSpark(version).orElseThrow();
    assertTrue(problem.contains("Spark " + version + ": expected 4.2"), problem);
  }
}
