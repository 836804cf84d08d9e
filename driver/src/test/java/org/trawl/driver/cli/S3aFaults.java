package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.driver.results.Publication;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.Held;

/**
 * Runs whose folder is on S3: Hadoop's client S3A, and S3Proxy, which keeps objects as files, in a
 * process on this machine. Each run is compared with an undisturbed one on local files. In the
 * profile {@code faults}.
 */
@Timeout(600)
class S3aFaults {
  private static final String SWEEP =
      """
      name = s3a
      data { source = digits, validation = 0.2, test = 0.1 }
      network { hidden = [64, 32], dropout = 0.1 }
      training { optimizer = adam, epochs = 30, batch-size = 8 }
      keep.every = 5
      sweep.training.learning-rate = [0.001, 0.002, 0.003, 0.004]
      """;

  private static final String KEY = "trawl-of-tests";
  private static final String SECRET = "never-to-be-seen";
  private static final String RUNS = "s3a://bucket/runs/";
  private static final String PREFIX = "spark.hadoop.fs.s3a.";

  /** Those of conf/spark-defaults.conf, and where the server is. */
  private static final Map<String, String> SETTINGS = new TreeMap<>();

  @TempDir private static Path folder;
  private static Process server;

  @BeforeAll
  static void startServer() throws Exception {
    Path home = Path.of(System.getProperty("trawl.home"));
    int port = freePort();
    String endpoint = "http://127.0.0.1:" + port;
    Files.createDirectories(folder.resolve("s3/bucket"));
    Files.createDirectories(folder.resolve("s3/plain"));
    Files.writeString(
        folder.resolve("s3proxy.properties"),
        """
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.endpoint=%s
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """
            .formatted(endpoint, KEY, SECRET, folder.resolve("s3")));
    Files.writeString(
        folder.resolve("logback.xml"),
        """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%m%n</pattern></encoder>
          </appender>
          <root level="WARN"><appender-ref ref="out"/></root>
        </configuration>
        """);
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                folder + ":" + home.resolve("driver/src/faults/s3proxy/target/jars/*"),
                "org.gaul.s3proxy.Main",
                "--properties",
                "s3proxy.properties")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.txt").toFile())
            .start();
    while (!answers(port)) {
      assertTrue(server.isAlive(), () -> text("s3proxy.txt"));
      Thread.sleep(100);
    }
    Properties defaults = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("conf/spark-defaults.conf"))) {
      defaults.load(reader);
    }
    defaults.stringPropertyNames().stream()
        .filter(key -> key.startsWith(PREFIX))
        .forEach(key -> SETTINGS.put(key, defaults.getProperty(key)));
    assertFalse(SETTINGS.isEmpty());
    SETTINGS.put(PREFIX + "endpoint", endpoint);
    SETTINGS.put(PREFIX + "endpoint.region", "us-east-1");
    SETTINGS.put(PREFIX + "path.style.access", "true");
    SETTINGS.put(PREFIX + "access.key", KEY);
    SETTINGS.put(PREFIX + "secret.key", SECRET);
    SETTINGS.put(PREFIX + "bucket.plain.create.conditional.enabled", "false");
    SETTINGS.put(PREFIX + "multipart.size", "5M"); // the smallest
    SETTINGS.forEach(System::setProperty);
    Files.writeString(folder.resolve("sweep.conf"), SWEEP);
    try (TrawlProcess run = run("undisturbed")) {
      assertEquals(0, run.exit(), run.text());
    }
  }

  @AfterAll
  static void stopServer() {
    SETTINGS.keySet().forEach(System::clearProperty);
    server.destroyForcibly().onExit().join();
  }

  @Test
  void aDriverThatIsKilledAndRunAgainGivesTheSameTables() throws Exception {
    List<String> held = new ArrayList<>(settings());
    held.addAll(Held.at("journal/.*-16-20")); // so that it does not end before it is killed
    try (TrawlProcess run =
        TrawlProcess.start(
            folder, held, "run", "sweep.conf", "--out=" + RUNS + "killed", "--master=local[2]")) {
      while (segments("killed") < 4) {
        assertTrue(run.process().isAlive(), run.text());
        Thread.sleep(20);
      }
      run.kill();
    }
    assertTrue(segments("killed") <= 2 * 3, "both slots were in the middle of a trial");
    try (TrawlProcess run = run(RUNS + "killed")) {
      assertEquals(0, run.exit(), run.text());
    }
    assertSame("killed");
    assertEquals(4 * 6, segments("killed"));
    answersAboutIt(RUNS + "killed");
  }

  private static void answersAboutIt(String run) throws Exception {
    assertTrue(answer(0, "status", run).contains("4 completed"), answer(0, "status", run));
    assertTrue(answer(0, "best", run).contains("validation_accuracy"));
    assertTrue(answer(0, "compare", run, "--by=learning_rate").contains("0.004"));
    Map<String, Object> trial = RunFolder.at(run).rows(Table.TRIALS).get(0);
    assertTrue(
        answer(0, "show", (String) trial.get("trial"), "--run=" + run)
            .contains((String) trial.get("trial")));
    assertTrue(answer(0, "stop", run).startsWith("No run is at"));
    String removed = answer(0, "clean", run, "--remove=leftovers,checkpoints");
    assertTrue(removed.contains("of finished trials"), removed);
    assertTrue(answer(0, "clean", run).startsWith("There is nothing to remove"));
    assertSame(RunFolder.at(run).name());
    try (TrawlProcess sql =
        TrawlProcess.start(
            folder,
            settings(),
            "sql",
            "SELECT count(*) AS n FROM epochs",
            "--run=" + run,
            "--format=csv")) {
      assertEquals(0, sql.exit(), sql.text());
      assertTrue(sql.text().contains(String.valueOf(4 * 30)), sql.text());
    }
    for (String file : List.of("provenance.json", "run.log", "sweep.conf")) {
      assertFalse(RunFolder.at(run).text(file).orElseThrow().contains(SECRET), file);
    }
  }

  @Test
  void twoDriversOnOneFolderGiveOneSetOfRows() throws Exception {
    try (TrawlProcess one = run(RUNS + "shared");
        TrawlProcess two = run(RUNS + "shared")) {
      assertEquals(0, one.exit(), one.text());
      assertEquals(0, two.exit(), two.text());
    }
    assertSame("shared");
    assertEquals(4 * 6, segments("shared"));
  }

  @Test
  void aRunIsStoppedFromElsewhere() throws Exception {
    // More than it can train before it is stopped.
    try (TrawlProcess run = run(RUNS + "stopped", "--set=training.epochs=3000")) {
      while (segments("stopped") < 3) {
        assertTrue(run.process().isAlive(), run.text());
        Thread.sleep(20);
      }
      assertTrue(answer(0, "stop", RUNS + "stopped").startsWith("Stopped process"));
      assertEquals(130, run.exit(), run.text());
    }
  }

  /** Of small files, each one request, and of files in parts, which are put together at the end. */
  @ParameterizedTest
  @ValueSource(ints = {1000, 6 << 20})
  void ofManyThatPublishOneFileOneSucceeds(int size) throws Exception {
    int threads = 8;
    Publication storage = new Publication(RUNS + "published");
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < (size > 1000 ? 2 : 20); round++) {
        String path = String.format(Locale.ROOT, "journal/%d-%d.parquet", size, round);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          byte[] content = content(size, thread);
          tasks.add(
              () -> {
                together.await();
                return storage.publish(path, content);
              });
        }
        List<Integer> winners = new ArrayList<>();
        List<Future<Boolean>> ended = pool.invokeAll(tasks);
        for (int thread = 0; thread < threads; thread++) {
          if (ended.get(thread).get()) {
            winners.add(thread);
          }
        }
        assertEquals(1, winners.size(), path);
        assertArrayEquals(content(size, winners.get(0)), storage.read(path), path);
        assertFalse(storage.publish(path, content(size, 99)), "it is there");
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** As for a store that knows no conditions: nothing is overwritten as long as one writes. */
  @Test
  void withoutConditionsAFileIsLookedForFirst() throws Exception {
    Publication storage = new Publication("s3a://plain/runs/x");
    assertTrue(storage.publish("journal/a.parquet", content(10, 1)));
    assertFalse(storage.publish("journal/a.parquet", content(10, 2)));
    assertArrayEquals(content(10, 1), storage.read("journal/a.parquet"));
  }

  private static byte[] content(int size, int thread) {
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) thread);
    return content;
  }

  @Test
  void dataAreReadThere() throws Exception {
    StringBuilder flowers = new StringBuilder("a,b,kind\n");
    byte[] images = new byte[16 + 40 * 4];
    byte[] labels = new byte[8 + 40];
    System.arraycopy(
        new byte[] {0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2}, 0, images, 0, 16);
    System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0, 40}, 0, labels, 0, 8);
    for (int i = 0; i < 40; i++) {
      flowers.append(
          String.format(Locale.ROOT, "%d,%d,%s%n", i, 40 - i, i % 2 == 0 ? "rose" : "lily"));
      images[16 + 4 * i] = (byte) i;
      labels[8 + i] = (byte) (i % 2);
    }
    RunFolder.at("s3a://bucket/data").replace("flowers.csv", flowers.toString());
    Publication data = new Publication("s3a://bucket/data");
    assertTrue(data.publish("images", images));
    assertTrue(data.publish("labels", labels));
    Files.writeString(
        folder.resolve("data.conf"),
        """
        name = data
        keep.models = all
        data.validation = 0.2
        network.hidden = [4]
        training { learning-rate = 0.1, epochs = 2 }
        sweep.data.source = [
          { format = csv, train = "s3a://bucket/data/flowers.csv", label = kind }
          { format = idx, train = "s3a://bucket/data/images", train-labels = "s3a://bucket/data/labels" }
        ]
        """);
    try (TrawlProcess run = launch("run", "data.conf", "--out=" + RUNS + "data")) {
      assertEquals(0, run.exit(), run.text());
    }
    List<Map<String, Object>> trials = RunFolder.at(RUNS + "data").rows(Table.TRIALS);
    assertEquals(2, trials.size());
    trials.forEach(trial -> assertEquals("COMPLETED", trial.get("status")));
    String csv = (String) trials.get(0).get("trial");
    String predicted =
        answer(0, "predict", csv, "s3a://bucket/data/flowers.csv", "--run=" + RUNS + "data");
    assertTrue(predicted.contains("    40  lily "), predicted);
  }

  /**
   * As deploy/README.md says: the launcher, with TRAWL_JARS and settings in spark-defaults.conf.
   */
  private static TrawlProcess launch(String... arguments) throws IOException {
    // Where nothing is built, and no archive of classes made.
    Path source = Path.of(System.getProperty("trawl.home"));
    Path home = folder.resolve("home");
    Files.createDirectories(home.resolve("deploy"));
    for (String file : List.of("deploy/trawl", "deploy/jvm.options")) {
      Files.copy(source.resolve(file), home.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createSymbolicLink(home.resolve("driver"), source.resolve("driver"));
    Files.createSymbolicLink(home.resolve("conf"), source.resolve("conf"));
    StringBuilder settings = new StringBuilder("spark.master local[2]\n");
    SETTINGS.forEach((key, value) -> settings.append(key + " " + value + "\n"));
    Files.createDirectories(folder.resolve("settings"));
    Files.writeString(folder.resolve("settings/spark-defaults.conf"), settings);
    List<String> command = new ArrayList<>(List.of(home.resolve("deploy/trawl").toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("launch.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("TRAWL_JARS", source.resolve("deploy/s3a/target/jars").toString());
    environment.put("SPARK_CONF_DIR", folder.resolve("settings").toString());
    return new TrawlProcess(builder.start(), output);
  }

  @Test
  void aWrongBucketAWrongKeyAndADeadServerAreToldInTime() throws Exception {
    Instant start = Instant.now();
    try (TrawlProcess bucket = run("s3a://nowhere/runs/x", Map.of());
        TrawlProcess key = run(RUNS + "x", Map.of("secret.key", SECRET + "-wrong"));
        TrawlProcess server =
            run(RUNS + "x", Map.of("endpoint", "http://127.0.0.1:" + freePort()))) {
      for (TrawlProcess run : List.of(bucket, key, server)) {
        assertEquals(3, run.exit(), run.text());
        Duration taken = Duration.between(start, Instant.now());
        assertTrue(taken.toSeconds() < 60, taken + " " + run.text());
        assertTrue(run.text().contains("Check the address, its credentials"), run.text());
        assertFalse(run.text().contains("\tat "), run.text());
        assertFalse(run.text().contains(SECRET), "no secret is told");
      }
    }
  }

  private static TrawlProcess run(String out, Map<String, String> changes) throws Exception {
    List<String> jvm = new ArrayList<>(settings());
    changes.forEach((key, value) -> jvm.add("-D" + PREFIX + key + "=" + value));
    return TrawlProcess.start(
        folder, jvm, "run", "sweep.conf", "--out=" + out, "--master=local[2]");
  }

  private static TrawlProcess run(String out, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("run", "sweep.conf", "--out=" + out, "--master=local[2]"));
    arguments.addAll(List.of(more));
    return TrawlProcess.start(folder, settings(), arguments.toArray(String[]::new));
  }

  private static List<String> settings() {
    return SETTINGS.entrySet().stream()
        .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
        .toList();
  }

  private static String answer(int status, String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    assertEquals(status, Main.run(out, out, arguments), text::toString);
    return text.toString();
  }

  private static long segments(String run) {
    return RunFolder.at(RUNS + run).journal().segmentCount();
  }

  private static void assertSame(String run) {
    SameTables.assertSame(
        RunFolder.at(folder.resolve("undisturbed").toString()), RunFolder.at(RUNS + run));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static String text(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException none) {
      return "";
    }
  }
}
