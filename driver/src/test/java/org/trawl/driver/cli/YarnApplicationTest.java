package org.trawl.driver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YarnApplicationTest {
  @TempDir private Path folder;

  /** A driver whose run is over. */
  public static void main(String[] arguments) {
    YarnApplication.ends(ExitCode.DONE);
    System.exit(ExitCode.DONE);
  }

  @Test
  void aResourceManagerThatHasGoneIsGivenUpAsTheSettingsSay() throws Exception {
    Path output = folder.resolve("output.txt");
    String setting = "-Dspark.hadoop.yarn.resourcemanager.";
    Process driver =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                setting + "scheduler.address=127.0.0.1:1",
                setting + "connect.max-wait.ms=1000",
                setting + "connect.retry-interval.ms=200",
                "-Dspark.hadoop.ipc.client.connect.max.retries=1",
                "-cp",
                System.getProperty("java.class.path"),
                YarnApplicationTest.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(driver.waitFor(5, TimeUnit.MINUTES), "it still waits");
      String text = Files.readString(output, UTF_8);
      assertEquals(ExitCode.DONE, driver.exitValue(), text);
      assertTrue(text.contains("Cannot tell YARN that the run is over"), text);
    } finally {
      driver.destroyForcibly();
    }
  }
}
