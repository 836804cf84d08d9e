package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;

/**
 * Runs whose folder is on HDFS: a name node and a data node of Hadoop's own, in a process on this
 * machine. Each run is compared with an undisturbed one on local files. In the profile {@code
 * faults}.
 */
@Timeout(600)
class HdfsFaults {
  private static final String SWEEP =
      """
      name = hdfs
      data { source = digits, validation = 0.2, test = 0.1 }
      network { hidden = [64, 32], dropout = 0.1 }
      training { optimizer = adam, epochs = 60, batch-size = 8 }
      keep.every = 10
      sweep.training.learning-rate = [0.001, 0.002, 0.003, 0.004]
      """;

  private static final Pattern PORT = Pattern.compile("\"namenode_port\":(\\d+)");

  @TempDir private static Path folder;
  private static Process hdfs;
  private static String address;

  @BeforeAll
  static void startHdfs() throws Exception {
    Path details = folder.resolve("details.json");
    hdfs =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dtest.build.data=" + folder.resolve("hdfs"),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "org.apache.hadoop.test.MiniDFSClusterManager",
                "-format",
                "-datanodes",
                "1",
                "-nnport",
                "0",
                "-writeDetails",
                details.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("hdfs.txt").toFile())
            .start();
    while (address == null) {
      assertTrue(hdfs.isAlive(), () -> text("hdfs.txt"));
      Thread.sleep(100);
      Matcher told = PORT.matcher(Files.exists(details) ? Files.readString(details) : "");
      address = told.find() ? "hdfs://localhost:%s/runs/".formatted(told.group(1)) : null;
    }
    Files.writeString(folder.resolve("sweep.conf"), SWEEP);
    try (TrawlProcess run = run("undisturbed")) {
      assertEquals(0, run.exit(), run.text());
    }
  }

  @AfterAll
  static void stopHdfs() {
    hdfs.destroyForcibly();
  }

  @Test
  void aDriverThatIsKilledAndRunAgainGivesTheSameTables() throws Exception {
    for (int kill = 1; kill <= 2; kill++) {
      try (TrawlProcess run = run(address + "killed")) {
        while (segments("killed") < 8L * kill && run.process().isAlive()) {
          Thread.sleep(20);
        }
        run.kill();
      }
    }
    try (TrawlProcess run = run(address + "killed")) {
      assertEquals(0, run.exit(), run.text());
    }
    assertSame("killed");
    assertEquals(4 * 6, segments("killed"));
  }

  @Test
  void twoDriversOnOneFolderGiveOneSetOfRows() throws Exception {
    try (TrawlProcess one = run(address + "shared");
        TrawlProcess two = run(address + "shared")) {
      assertEquals(0, one.exit(), one.text());
      assertEquals(0, two.exit(), two.text());
    }
    assertSame("shared");
    assertEquals(4 * 6, segments("shared"));
  }

  private static TrawlProcess run(String out) throws Exception {
    return TrawlProcess.start(
        folder, List.of(), "run", "sweep.conf", "--out=" + out, "--master=local[2]");
  }

  private static long segments(String run) {
    return RunFolder.at(address + run).journal().segmentCount();
  }

  private static void assertSame(String run) {
    SameTables.assertSame(
        RunFolder.at(folder.resolve("undisturbed").toString()), RunFolder.at(address + run));
  }

  private static String text(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException none) {
      return "";
    }
  }
}
