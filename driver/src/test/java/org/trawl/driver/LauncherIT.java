package org.trawl.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/trawl}, with the jar that was built: {@code mvnw verify}. */
@Timeout(600)
final class LauncherIT {
  @TempDir private Path folder;

  @Test
  void a_name_beyond_ascii_is_found_where_the_locale_is_C() throws Exception {
    // The name goes through a script, as this JVM may not be able to say it.
    Path script = folder.resolve("script");
    Files.writeString(
        script,
        """
        printf '1,2,a\\n3,4,b\\n5,6,a\\n7,8,b\\n' >größe.csv
        exec "$1/deploy/trawl" data describe größe.csv
        """);
    Process process = run("bash", script.toString(), System.getProperty("trawl.home"));
    String text = output();
    assertEquals(0, process.exitValue(), text);
    assertTrue(text.contains("größe"), text);
  }

  @Test
  void a_release_without_its_jar_is_not_built_but_told() throws Exception {
    Path launcher = Files.createDirectory(folder.resolve("deploy")).resolve("trawl");
    Files.copy(Path.of(System.getProperty("trawl.home"), "deploy", "trawl"), launcher);
    Process process = run("bash", launcher.toString(), "--version");
    assertEquals(
        "trawl: Cannot find %s: unpack the release again\n"
            .formatted(folder.toRealPath().resolve("driver/target/trawl.jar")),
        output());
    assertEquals(3, process.exitValue());
    assertFalse(Files.exists(folder.resolve("target")));
  }

  private Process run(String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "goes on");
    } finally {
      process.destroyForcibly();
    }
    return process;
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"), StandardCharsets.UTF_8);
  }
}
