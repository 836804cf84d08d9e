package org.trawl.driver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;

/**
 * A standalone cluster of a master and a worker, each a process: executors that cannot come, and
 * drivers in cluster mode, submitted as deploy/README.md says. In the profile {@code faults}.
 */
@Timeout(600)
class StandaloneFaults {
  private static final String SWEEP =
      """
      name = standalone
      data { source = digits, validation = 0.2, limit = 300 }
      network.hidden = [8]
      training.epochs = 3
      sweep.training.learning-rate = [0.1, 0.2, 0.3]
      """;

  private static final Path HOME = Path.of(System.getProperty("trawl.home"));
  private static final String JARS = HOME.resolve("driver/target/spark/jars") + "/*";

  @TempDir private static Path folder;
  private static Process master;
  private static Process worker;
  private static String address;

  private record Submitted(int exit, String text, String driver) {}

  @BeforeAll
  static void startCluster() throws Exception {
    master =
        spark(
            "master",
            "org.apache.spark.deploy.master.Master",
            List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    address = await(master, "master", Pattern.compile("spark://127\\.0\\.0\\.1:\\d+")).group();
    await(master, "master", Pattern.compile("New state: ALIVE"));
    worker =
        spark(
            "worker",
            "org.apache.spark.deploy.worker.Worker",
            List.of(
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                "2",
                "--memory",
                "1400m",
                "--work-dir",
                folder.resolve("work").toString(),
                address));
    await(worker, "worker", Pattern.compile("Successfully registered with master"));
    Files.writeString(folder.resolve("sweep.conf"), SWEEP);
  }

  @AfterAll
  static void stopCluster() {
    List<ProcessHandle> launched = worker.descendants().toList();
    worker.destroyForcibly().onExit().join();
    launched.forEach(ProcessHandle::destroyForcibly);
    launched.forEach(process -> process.onExit().join());
    master.destroyForcibly().onExit().join();
  }

  @Test
  void executorsThatFitOnNoWorkerAreToldWithWhatWasAskedAndWhatThereIs() throws Exception {
    try (TrawlProcess run = run("large", "-Dspark.executor.memory=4g")) {
      while (!run.text().contains("start workers with more")) {
        assertTrue(run.process().isAlive(), run.text());
        Thread.sleep(200);
      }
      String text = run.text();
      assertTrue(
          text.contains(
              address
                  + " was asked for executors of 4096 MiB (spark.executor.memory) and all cores of a"
                  + " worker."),
          text);
      assertTrue(text.contains("1 worker is alive at http://"), text);
      assertTrue(text.contains("has 1400 MiB and 2 cores. Ask for less"), text);
    }
  }

  @Test
  void executorsThatEndAsTheyStartEndTheRun() throws Exception {
    try (TrawlProcess run =
        run(
            "ending",
            "-Dspark.executor.memory=600m",
            "-Dspark.executor.extraJavaOptions=-javaagent:/none.jar")) {
      assertEquals(3, run.exit(), run.text());
      String text = run.text();
      assertTrue(
          Pattern.compile("Cannot train: \\d\\d+ executors died before they trained anything")
              .matcher(text)
              .find(),
          text);
      assertTrue(text.contains(": Command exited with code 1"), text);
      assertTrue(text.contains("run again to go on"), text);
    }
    try (TrawlProcess again =
        run(
            "ending",
            "-Dspark.executor.memory=600m",
            "-Dspark.executor.extraJavaOptions=-Dtrawl.home=" + HOME,
            "-Dspark.executor.extraClassPath="
                + System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")))) {
      assertEquals(0, again.exit(), again.text());
    }
  }

  @Test
  void aDriverInTheClusterWithAnAbsoluteSweepFileTrainsIt() throws Exception {
    Submitted run = submit(folder.resolve("sweep.conf").toString(), folder + "/cluster");
    assertEquals(0, run.exit(), run.text() + run.driver());
    try (TrawlProcess local =
        TrawlProcess.start(
            folder, List.of(), "run", "sweep.conf", "--out=local", "--master=local[2]")) {
      assertEquals(0, local.exit(), local.text());
    }
    SameTables.assertSame(at("local"), at("cluster"));
  }

  @Test
  void aDriverInTheClusterWithARelativePathFailsAndSaysWhy() throws Exception {
    Submitted sweep = submit("sweep.conf", folder + "/relative");
    assertEquals(1, sweep.exit(), sweep.text());
    assertTrue(sweep.text().contains("is FAILED"), sweep.text());
    assertTrue(
        sweep.driver().contains("Cannot read sweep.conf: in cluster mode the driver runs in "),
        sweep.driver());
    assertTrue(sweep.driver().contains("Give an absolute path"), sweep.driver());

    Submitted out = submit(folder.resolve("sweep.conf").toString(), "relative");
    assertEquals(1, out.exit(), out.text());
    assertTrue(
        out.driver()
            .contains(
                "--out: in cluster mode expected an absolute path or an address that all machines"
                    + " reach, found relative"),
        out.driver());
    assertFalse(Files.exists(folder.resolve("relative")), "nothing is written");
  }

  private static TrawlProcess run(String out, String... jvm) throws IOException {
    List<String> options = new ArrayList<>(List.of(jvm));
    options.add("-Dspark.driver.host=127.0.0.1");
    options.add("-Dspark.driver.bindAddress=127.0.0.1");
    return TrawlProcess.start(
        folder, options, "run", "sweep.conf", "--out=" + out, "--master=" + address);
  }

  /** As deploy/README.md does, whose pipeline ends with such a status. */
  private static Submitted submit(String sweep, String out) throws Exception {
    String name = "submit-" + System.nanoTime();
    Process process =
        spark(
            name,
            "org.apache.spark.deploy.SparkSubmit",
            List.of(
                "--master",
                address,
                "--deploy-mode",
                "cluster",
                "--class",
                Main.class.getName(),
                "--properties-file",
                HOME.resolve("conf/spark-defaults.conf").toString(),
                "--driver-java-options",
                "-XX:+UseParallelGC -Xss4m -Dtrawl.home=%s -Dlog4j2.configurationFile=%s"
                    .formatted(HOME, HOME.resolve("conf/log4j2.properties")),
                "--driver-memory",
                "600m",
                "--executor-memory",
                "600m",
                "--conf",
                "spark.standalone.submit.waitAppCompletion=true",
                Path.of("target", "trawl.jar").toAbsolutePath().toString(),
                "run",
                sweep,
                "--out",
                out));
    process.waitFor();
    String text = text(name);
    MatchResult driver =
        Pattern.compile("State of driver (\\S+) is (\\w+), exiting")
            .matcher(text)
            .results()
            .findFirst()
            .orElseThrow(() -> new AssertionError(text));
    Path stderr = folder.resolve("work").resolve(driver.group(1)).resolve("stderr");
    return new Submitted(
        driver.group(2).equals("FINISHED") ? 0 : 1, text, Files.readString(stderr, UTF_8));
  }

  private static Process spark(String name, String type, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("@" + HOME.resolve("deploy/jvm.options"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", JARS, type));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".txt").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home")); // of what it launches
    return builder.start();
  }

  private static MatchResult await(Process process, String name, Pattern said) throws Exception {
    while (true) {
      String text = text(name);
      var found = said.matcher(text).results().findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      assertTrue(process.isAlive(), text);
      Thread.sleep(100);
    }
  }

  private static String text(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".txt"), UTF_8);
  }

  private static RunFolder at(String run) {
    return RunFolder.at(folder.resolve(run).toString());
  }
}
