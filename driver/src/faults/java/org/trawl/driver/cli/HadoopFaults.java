package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.Signal;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Table;

/**
 * Runs whose folder is on HDFS: of drivers on this machine, and on YARN, submitted as
 * deploy/README.md says, where drivers and executors are processes of YARN's containers. Each run
 * is compared with an undisturbed one on local files. In the profile {@code faults}.
 */
@Timeout(600)
class HadoopFaults {
  private static final String SWEEP =
      """
      name = my-sweep
      data { source = digits, validation = 0.2, test = 0.1 }
      network { hidden = [64, 32], dropout = 0.1 }
      training { optimizer = adam, epochs = 60, batch-size = 8 }
      keep.every = 10
      sweep.training.learning-rate = [0.001, 0.002, 0.003, 0.004]
      """;

  private static final Pattern RUNNING = Pattern.compile("[1-4] running");

  private static final String HOME = System.getProperty("trawl.home");

  @TempDir private static Path folder;
  private static Process cluster;
  private static YarnClient yarn;
  private static String address;

  private record Submitted(String name, Process process, Path output) {
    int exit() throws InterruptedException {
      return process.waitFor();
    }
  }

  @BeforeAll
  static void startCluster() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                java(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                SmallCluster.class.getName(),
                folder.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("cluster.txt").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home")); // of containers
    cluster = builder.start();
    Path settings = folder.resolve("conf/yarn-site.xml");
    await(() -> Files.exists(settings), () -> cluster.isAlive(), folder.resolve("cluster.txt"));
    Configuration configuration = new Configuration(false);
    configuration.addResource(
        new org.apache.hadoop.fs.Path(folder.resolve("conf/core-site.xml").toUri()));
    address = configuration.get("fs.defaultFS") + "/runs/";
    configuration = new YarnConfiguration();
    configuration.addResource(new org.apache.hadoop.fs.Path(settings.toUri()));
    yarn = YarnClient.createYarnClient();
    yarn.init(configuration);
    yarn.start();
    Files.writeString(folder.resolve("my-sweep.conf"), SWEEP);
    Files.writeString(folder.resolve("wrong.conf"), SWEEP + "training.optimiser = adam");
    Files.writeString(
        folder.resolve("spark-defaults.conf"),
        Files.readString(Path.of(HOME, "conf", "spark-defaults.conf"))
            + """
            spark.yarn.jars local:%s,local:%s
            spark.driver.memory 600m
            spark.executor.memory 600m
            spark.yarn.scheduler.heartbeat.interval-ms 500
            spark.yarn.appMasterEnv.SPARK_LOCAL_IP 127.0.0.1
            spark.executorEnv.SPARK_LOCAL_IP 127.0.0.1
            """
                .formatted(jars(), yarnJar()));
    try (TrawlProcess run = run("undisturbed")) {
      assertEquals(0, run.exit(), run.text());
    }
  }

  @AfterAll
  static void stopCluster() throws IOException {
    yarn.close();
    List<ProcessHandle> containers = cluster.descendants().toList();
    cluster.destroyForcibly().onExit().join();
    containers.forEach(ProcessHandle::destroyForcibly);
    containers.forEach(container -> container.onExit().join());
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

  @Test
  void aContainerKilledInMidEpochIsAnAttemptThatIsLost() throws Exception {
    Submitted run = submit("client", "my-sweep.conf", "hdfs:///runs/client");
    // Stopped first, to see that it is at a trial: with a segment on its way, in its middle still.
    stop(
            run,
            "YarnCoarseGrainedExecutorBackend",
            () -> Math.floorMod(segments("client") - 1, 6) < 4)
        .destroyForcibly();
    assertEquals(0, run.exit(), Files.readString(run.output()));
    assertSame("client");
    List<Map<String, Object>> lost =
        RunFolder.at(address + "client").rows(Table.ATTEMPTS).stream()
            .filter(row -> "LOST".equals(row.get("outcome")))
            .toList();
    assertEquals(1, lost.size(), lost.toString());
    assertFalse(lost.get(0).get("host").toString().isEmpty(), lost.toString());
    String cause = lost.get(0).get("cause").toString();
    assertTrue(cause.contains("ExecutorLostFailure"), cause);
    assertTrue(cause.contains("Exit status: 137"), cause);
  }

  @Test
  void aDriverThatIsKilledIsStartedAgainAndGoesOn() throws Exception {
    Submitted run = submit("cluster", "my-sweep.conf", "hdfs:///runs/killed");
    // Stopped first, to see that it is not about to end.
    stop(run, "yarn.ApplicationMaster", () -> segments("killed") >= 2 && segments("killed") < 4 * 6)
        .destroyForcibly();
    assertEquals(0, run.exit(), Files.readString(run.output()));
    assertSame("killed");
    assertTrue(trawl("clean", address + "killed").contains("of finished trials"));
    trawl("clean", address + "killed", "--remove=leftovers,checkpoints");
    assertTrue(trawl("clean", address + "killed").startsWith("There is nothing to remove"));
    assertSame("killed");
    assertEnded(run, FinalApplicationStatus.SUCCEEDED, 2);
  }

  @Test
  void aRunThatIsStoppedOrWrongIsNotStartedAgain() throws Exception {
    // More than it can train before it is stopped.
    Submitted run =
        submit("cluster", "my-sweep.conf", "hdfs:///runs/stopped", "--set=training.epochs=3000");
    await(() -> segments("stopped") >= 2, run.process()::isAlive, run.output());
    await(
        () -> RUNNING.matcher(trawl("status", address + "stopped")).find(),
        run.process()::isAlive,
        run.output());
    assertTrue(trawl("stop", address + "stopped").startsWith("Stopped process"));
    assertEquals(1, run.exit(), Files.readString(run.output()));
    assertEnded(run, FinalApplicationStatus.KILLED, 1);

    Submitted wrong = submit("cluster", "wrong.conf", "hdfs:///runs/wrong");
    assertEquals(1, wrong.exit(), Files.readString(wrong.output()));
    assertEnded(wrong, FinalApplicationStatus.FAILED, 1);
    assertTrue(
        Files.readString(wrong.output()).contains("trawl ended with exit status 2"),
        Files.readString(wrong.output()));
  }

  private static TrawlProcess run(String out) throws Exception {
    return TrawlProcess.start(
        folder, List.of(), "run", "my-sweep.conf", "--out=" + out, "--master=local[2]");
  }

  /** As a cluster's spark-submit would, which runs the same class. */
  private static Submitted submit(String mode, String sweep, String out, String... more)
      throws IOException {
    String name = "trawl-" + System.nanoTime();
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx512m"));
    command.add("@" + Path.of(HOME, "deploy", "jvm.options"));
    command.addAll(List.of("--add-modules=jdk.incubator.vector", "-XX:+UseParallelGC"));
    command.add("-Dlog4j2.configurationFile=" + Path.of(HOME, "conf", "log4j2.properties"));
    command.add(mode.equals("client") ? "-Dtrawl.home=" + HOME : "-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", jars() + ":" + yarnJar() + ":" + folder.resolve("conf")));
    command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", "yarn"));
    command.addAll(List.of("--deploy-mode", mode, "--name", name));
    command.addAll(List.of("--class", Main.class.getName()));
    command.addAll(List.of("--properties-file", folder.resolve("spark-defaults.conf").toString()));
    if (mode.equals("cluster")) {
      String conf = Path.of(HOME, "conf").toString();
      command.addAll(
          List.of(
              "--files", "%s,%s/datasets.conf,%s/log4j2.properties".formatted(sweep, conf, conf)));
    }
    command.addAll(List.of("--num-executors", "1")); // so that it is known what it trains
    command.addAll(List.of(Path.of("target", "trawl.jar").toAbsolutePath().toString(), "run"));
    command.addAll(List.of(sweep, "--out", out));
    command.addAll(List.of(more));
    Path output = folder.resolve(name + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("HADOOP_CONF_DIR", folder.resolve("conf").toString());
    return new Submitted(name, builder.start(), output);
  }

  private static void assertEnded(Submitted run, FinalApplicationStatus status, int attempts)
      throws Exception {
    ApplicationReport report =
        yarn.getApplications().stream()
            .filter(application -> application.getName().equals(run.name()))
            .findFirst()
            .orElseThrow();
    assertEquals(status, report.getFinalApplicationStatus(), report.getDiagnostics());
    assertEquals(attempts, report.getCurrentApplicationAttemptId().getAttemptId());
    String sent = URI.create(address).resolve("/user/").toString();
    try (var files =
        org.apache.hadoop.fs.FileSystem.newInstance(URI.create(address), new Configuration())) {
      var folder =
          new org.apache.hadoop.fs.Path(
              sent,
              System.getProperty("user.name") + "/.sparkStaging/" + report.getApplicationId());
      assertTrue(files.exists(folder.getParent()));
      assertFalse(files.exists(folder), folder + " is left");
    }
  }

  /** A JVM in one of the containers of this cluster, once it is stopped where a test wants it. */
  private static ProcessHandle stop(Submitted run, String type, BooleanSupplier where)
      throws IOException, InterruptedException {
    while (true) {
      // One of an earlier test may be about to end.
      await(
          () -> containers(type).size() == 1 && where.getAsBoolean(),
          run.process()::isAlive,
          run.output());
      for (ProcessHandle container : containers(type)) {
        Signal.send("-STOP", container.pid());
        if (where.getAsBoolean()) {
          return container;
        }
        Signal.send("-CONT", container.pid());
      }
    }
  }

  private static List<ProcessHandle> containers(String type) {
    return cluster
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(process -> process.info().commandLine().orElse("").contains(type))
        .toList();
  }

  private static void await(BooleanSupplier there, BooleanSupplier going, Path output)
      throws IOException, InterruptedException {
    while (!there.getAsBoolean()) {
      assertTrue(going.getAsBoolean(), Files.readString(output));
      Thread.sleep(50);
    }
  }

  private static String trawl(String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    assertEquals(0, Main.run(out, out, arguments), text::toString);
    return text.toString();
  }

  private static long segments(String run) {
    return RunFolder.at(address + run).journal().segmentCount();
  }

  private static void assertSame(String run) {
    SameTables.assertSame(
        RunFolder.at(folder.resolve("undisturbed").toString()), RunFolder.at(address + run));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String jars() {
    return Path.of("target", "spark", "jars").toAbsolutePath() + "/*";
  }

  private static String yarnJar() {
    return Stream.of(classPath().split(":"))
        .filter(path -> path.contains("spark-yarn"))
        .findFirst()
        .orElseThrow();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
