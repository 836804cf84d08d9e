package org.trawl.driver;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The jar for spark-submit, after it was built: {@code mvnw verify}. */
final class ApplicationJarIT {
  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(Path.of("target", "trawl.jar").toFile());
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void every_class_is_trawls_or_relocated() {
    Set<String> foreign =
        jar.stream()
            .map(JarEntry::getName)
            .filter(name -> name.endsWith(".class") && !name.startsWith("org/trawl/"))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), foreign);
  }

  @Test
  void libraries_and_core_are_inside() {
    for (String name :
        List.of(
            "org/trawl/core/training/Trainer.class",
            "org/trawl/shaded/config/ConfigFactory.class",
            "org/trawl/shaded/ejml/data/FMatrixRMaj.class",
            "org/trawl/shaded/picocli/CommandLine.class")) {
      assertNotNull(jar.getEntry(name), name);
    }
  }

  @Test
  void licences_are_kept() {
    assertAll(
        () -> assertNotNull(jar.getEntry("META-INF/LICENSE")),
        () -> assertNotNull(jar.getEntry("META-INF/NOTICE")),
        () -> assertNotNull(jar.getEntry("META-INF/licenses/echarts.txt")));
  }

  @Test
  void manifest_names_main_class_and_version() throws IOException {
    var attributes = jar.getManifest().getMainAttributes();
    assertEquals("org.trawl.driver.cli.Main", attributes.getValue("Main-Class"));
    assertNotNull(attributes.getValue("Implementation-Version"));
  }

  @Test
  void trawls_entries_carry_one_time_not_that_of_the_build() {
    Set<Long> times =
        jar.stream()
            .filter(entry -> entry.getName().matches("org/trawl/(core|driver)/.*"))
            .map(JarEntry::getTime)
            .collect(Collectors.toSet());
    assertTrue(times.size() == 1, () -> "Times of entries: " + times);
  }
}
