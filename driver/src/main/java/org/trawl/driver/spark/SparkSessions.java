package org.trawl.driver.spark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.sweep.InputException;

/**
 * Starts Spark: on all cores of this machine, unless spark-submit or {@code --master} say
 * otherwise. Settings that Spark is given otherwise (spark-submit, system properties) are kept.
 */
public final class SparkSessions {
  /** What spark-submit calls an application for which no name is given. */
  private static final Set<String> UNNAMED =
      Set.of("", "org.trawl.driver.cli.Main", "Main", "trawl.jar");

  private static final Pattern MASTER =
      Pattern.compile(
          "local(\\[(\\*|[1-9]\\d*)(, *\\d+)?])?|local-cluster\\[\\d+(, *\\d+){2}]"
              + "|(spark|k8s)://.+|yarn");

  private static final int CONNECT_MILLISECONDS = 5_000;
  private static final int DEFAULT_PORT = 7077;

  private SparkSessions() {}

  /**
   * A context for jobs; SQL is not loaded.
   *
   * @param master Spark's master URL; empty for what spark-submit says, else local[*]
   * @throws InputException if there is no such kind of master
   * @throws InfrastructureException if Spark does not start
   */
  public static SparkContext context(Optional<String> master, String name) {
    SparkConf settings = settings(master, name);
    String plugins = settings.get("spark.plugins", "");
    settings.set(
        "spark.plugins", (plugins.isEmpty() ? "" : plugins + ",") + TrawlPlugin.class.getName());
    // A batch that its executor died with is taken apart before it is tried again.
    settings.setIfMissing("spark.task.maxFailures", "1");
    try {
      return SparkContext.getOrCreate(settings);
    } catch (Exception failure) { // Spark's, which its Scala does not declare
      throw notStarted(settings, failure);
    }
  }

  /** A session for SQL; master and errors as for {@link #context}. */
  public static SparkSession session(Optional<String> master, String name) {
    SparkConf settings = settings(master, name);
    try {
      return SparkSession.builder().config(settings).getOrCreate();
    } catch (Exception failure) { // Spark's, which its Scala does not declare
      throw notStarted(settings, failure);
    }
  }

  /**
   * Looks whether Spark can be started, as far as that can be seen before.
   *
   * @param master and errors as for {@link #context}
   */
  public static void requireUsable(Optional<String> master) {
    settings(master, "");
  }

  private static SparkConf settings(Optional<String> given, String name) {
    SparkConf settings = new SparkConf();
    given.ifPresent(settings::setMaster);
    settings.setIfMissing("spark.master", "local[*]");
    if (UNNAMED.contains(settings.get("spark.app.name", ""))) {
      settings.setAppName("trawl " + name);
    }
    settings.setIfMissing("spark.ui.showConsoleProgress", "false");
    // Every trial answers with its segment; they are taken in one by one.
    settings.setIfMissing("spark.driver.maxResultSize", "0");
    settings.setIfMissing("spark.locality.wait", "0s");
    // Nothing is kept there, but Spark's SQL makes the folder: not where the user is.
    settings.setIfMissing(
        "spark.sql.warehouse.dir",
        Path.of(System.getProperty("java.io.tmpdir"), "trawl-warehouse").toUri().toString());
    String master = settings.get("spark.master");
    if (!MASTER.matcher(master).matches()) {
      throw new InputException(
          "Cannot use --master %s: expected local, local[N], spark://host:port, yarn or k8s://…"
              .formatted(master));
    }
    if (master.matches("local(\\[.*])?")) {
      settings.setIfMissing("spark.ui.enabled", "false");
      settings.setIfMissing("spark.driver.host", "localhost");
      settings.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    } else if (master.startsWith("spark://")) {
      requireListening(master);
    }
    return settings;
  }

  /** Spark itself would try for a minute, and then say little. */
  private static void requireListening(String master) {
    boolean listening =
        Arrays.stream(master.substring("spark://".length()).split(","))
            .anyMatch(SparkSessions::listens);
    if (!listening) {
      throw new InfrastructureException(
          "Cannot reach the Spark master %s: nothing listens there. Start it, or give another "
                  .formatted(master)
              + "with --master, and run again.",
          null);
    }
  }

  private static boolean listens(String address) {
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? address : address.substring(0, colon);
    try (Socket socket = new Socket()) {
      int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(address.substring(colon + 1));
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLISECONDS);
      return true;
    } catch (IOException | IllegalArgumentException unreachable) {
      return false;
    }
  }

  private static InfrastructureException notStarted(SparkConf settings, Exception failure) {
    return new InfrastructureException(
        "Cannot start Spark on %s: %s. Check the master and its address, and run again."
            .formatted(
                settings.get("spark.master"),
                String.valueOf(failure.getMessage()).replaceAll("\\s+", " ")),
        failure);
  }
}
