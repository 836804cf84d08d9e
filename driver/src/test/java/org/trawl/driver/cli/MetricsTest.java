package org.trawl.driver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.Held;
import org.trawl.driver.spark.TrawlPlugin;

/** A run's metrics, as Spark's sinks have them, beside its tables. */
@Timeout(600)
class MetricsTest {
  /** As the sweep says. */
  private static final int EPOCHS = 6;

  private static final int SAMPLES = 100;

  private static final String SWEEP =
      """
      name = metered
      data { source = digits, limit = 125, validation = 0.2 }
      network.hidden = [8]
      training { epochs = 6, diagnostics = false }
      keep.every = 3
      sweep.training.learning-rate = [0.1, 0.2, 0.3, 1e30]
      """;

  private static final String PLUGIN = "plugin." + TrawlPlugin.class.getName() + ".";
  private static final Pattern LINE = Pattern.compile("(?m)^(\\w+)\\{type=\"\\w+\"} (\\S+)$");

  @TempDir private static Path folder;

  @Test
  void theyAreWhatTheTablesSayWhileTrialsGoOnAndAtTheEnd() throws Exception {
    Files.writeString(folder.resolve("sweep.conf"), SWEEP);
    try (TrawlProcess undisturbed = run(List.of(), "undisturbed")) {
      assertEquals(0, undisturbed.exit(), undisturbed.text());
    }
    Map<String, Object> held = rows("undisturbed", Table.TRIALS).get(0);
    long diverged = count("undisturbed", "DIVERGED");
    long epochs = rows("undisturbed", Table.EPOCHS).size();
    assertEquals(1, diverged);

    // One trial waits with its last segment, when all is trained.
    List<String> jvm = new ArrayList<>(Held.at("journal/%s-4-6".formatted(held.get("lineage"))));
    int port = freePort();
    jvm.addAll(sink("prometheusServlet", "PrometheusServlet"));
    jvm.add("-Dspark.metrics.conf.*.sink.prometheusServlet.path=/metrics/prometheus");
    jvm.addAll(List.of("-Dspark.ui.enabled=true", "-Dspark.ui.port=" + port));
    try (TrawlProcess run = run(jvm, "run")) {
      await(run, port, "trials_completed_Value", 2);
      await(run, port, "trials_diverged_Value", diverged);
      await(run, port, "trials_running_Value", 1);
      await(run, port, "trials_pending_Value", 0);
      await(run, port, "queue_trials_Value", 0);
      await(run, port, "training_epochs_Count", epochs);
      await(run, port, "training_samples_Count", epochs * SAMPLES);
      await(run, port, "journal_segments_Count", segments("undisturbed") - 1);
      assertTrue(metric(port, "journal_segments_Max") > 0);
      run.kill();
    }

    // The rest of that trial, and nothing else.
    List<String> csv = sink("csv", "CsvSink");
    csv.add("-Dspark.metrics.conf.*.sink.csv.directory=" + folder.resolve("csv"));
    csv.add("-Dspark.metrics.conf.*.sink.csv.period=3600");
    Files.createDirectories(folder.resolve("csv"));
    try (TrawlProcess run = run(csv, "run")) {
      assertEquals(0, run.exit(), run.text());
    }
    SameTables.assertSame(at("undisturbed"), at("run"));
    for (Status status : Status.values()) {
      assertEquals(
          count("run", status.name()),
          atTheEnd("trials." + status.name().toLowerCase(Locale.ROOT), "value"),
          status.name());
    }
    assertEquals(EPOCHS / 2, atTheEnd("training.epochs", "count"));
    assertEquals(EPOCHS / 2 * SAMPLES, atTheEnd("training.samples", "count"));
    assertEquals(1, atTheEnd("journal.segments", "count"));
    assertEquals(0, atTheEnd("queue.trials", "value"));
  }

  private static List<String> sink(String name, String type) {
    return new ArrayList<>(
        List.of(
            "-Dspark.metrics.namespace=trawl",
            "-Dspark.metrics.conf.*.sink.%s.class=org.apache.spark.metrics.sink.%s"
                .formatted(name, type)));
  }

  private static TrawlProcess run(List<String> jvm, String out) throws IOException {
    return TrawlProcess.start(
        folder, jvm, "run", "sweep.conf", "--out=" + out, "--master=local[2]");
  }

  private static void await(TrawlProcess run, int port, String name, long expected)
      throws IOException, InterruptedException {
    while (metric(port, name) != (double) expected) {
      assertTrue(run.process().isAlive(), run.text());
      Thread.sleep(100);
    }
  }

  /** A metric of the driver's, as Prometheus reads it; NaN where it is not there. */
  private static double metric(int port, String name) throws IOException {
    String prefix = "metrics_trawl_driver_" + PLUGIN.replace('.', '_');
    URI page = URI.create("http://127.0.0.1:" + port + "/metrics/prometheus/");
    try (InputStream stream = page.toURL().openStream()) {
      Matcher line = LINE.matcher(new String(stream.readAllBytes(), UTF_8));
      while (line.find()) {
        if (line.group(1).equals(prefix + name)) {
          return Double.parseDouble(line.group(2));
        }
      }
      return Double.NaN;
    } catch (ConnectException | FileNotFoundException notYet) {
      return Double.NaN;
    }
  }

  /** What a sink was told when Spark stopped. */
  private static long atTheEnd(String name, String column) throws IOException {
    List<String> lines =
        Files.readAllLines(folder.resolve("csv/trawl.driver.%s%s.csv".formatted(PLUGIN, name)));
    int index = List.of(lines.get(0).split(",")).indexOf(column);
    return (long) Double.parseDouble(lines.get(lines.size() - 1).split(",")[index]);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static long count(String run, String status) {
    return rows(run, Table.TRIALS).stream().filter(row -> status.equals(row.get("status"))).count();
  }

  private static List<Map<String, Object>> rows(String run, Table table) {
    return SameTables.rows(at(run), table);
  }

  private static long segments(String run) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(run).resolve("journal"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  private static RunFolder at(String run) {
    return RunFolder.at(folder.resolve(run).toString());
  }
}
