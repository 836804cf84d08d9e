package org.trawl.driver.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.spark.SparkContext;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcTimeout;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag;

/**
 * What a standalone cluster offers.
 *
 * @param workers that are alive
 * @param granted cores that the run has been given
 * @param page the master's
 */
record StandaloneOffer(List<Worker> workers, int granted, String page) {
  private static final Logger LOG = LogManager.getLogger(StandaloneOffer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Workers that are asked for the master's page. */
  private static final int ASKED = 2;

  /**
   * A worker.
   *
   * @param memory in MiB, for executors
   */
  record Worker(int cores, int freeCores, int memory, int freeMemory) {}

  StandaloneOffer {
    workers = List.copyOf(workers);
  }

  /** Asks the master for its workers, one of these for the master's page, and that for the rest. */
  static Optional<StandaloneOffer> of(SparkContext context) {
    for (String address : context.master().substring("spark://".length()).split(",")) {
      try {
        MasterStateResponse state = state(context, URI.create("spark://" + address));
        if (state.status().toString().equals("ALIVE")) {
          return of(state.workers(), context.applicationId());
        }
      } catch (Exception unknown) { // Spark's too, which its Scala does not declare
        LOG.debug("Cannot ask the master {}", address, unknown);
      }
    }
    return Optional.empty();
  }

  private static MasterStateResponse state(SparkContext context, URI master) {
    RpcTimeout timeout =
        new RpcTimeout(FiniteDuration.apply(PATIENCE.toSeconds(), "seconds"), "the master");
    return context
        .env()
        .rpcEnv()
        .setupEndpointRef(RpcAddress.apply(master.getHost(), master.getPort()), "Master")
        .askSync(RequestMasterState$.MODULE$, timeout, ClassTag.apply(MasterStateResponse.class));
  }

  private static Optional<StandaloneOffer> of(WorkerInfo[] known, String application)
      throws IOException {
    if (known.length == 0) {
      return Optional.of(new StandaloneOffer(List.of(), 0, ""));
    }
    IOException last = null;
    for (int i = 0; i < Math.min(ASKED, known.length); i++) {
      try {
        String page = json(known[i].webUiAddress()).path("masterwebuiurl").asText();
        return Optional.of(of(json(page), application, page));
      } catch (IOException gone) {
        last = gone;
      }
    }
    throw last;
  }

  private static JsonNode json(String page) throws IOException {
    URLConnection connection = URI.create(page + "/json/").toURL().openConnection();
    connection.setConnectTimeout((int) PATIENCE.toMillis());
    connection.setReadTimeout((int) PATIENCE.toMillis());
    try (InputStream text = connection.getInputStream()) {
      return new JsonMapper().readTree(text);
    }
  }

  /** What a master's page says. */
  static StandaloneOffer of(JsonNode master, String application, String page) {
    List<Worker> workers = new ArrayList<>();
    for (JsonNode worker : master.path("workers")) {
      if (worker.path("state").asText().equals("ALIVE")) {
        workers.add(
            new Worker(
                worker.path("cores").asInt(),
                worker.path("coresfree").asInt(),
                worker.path("memory").asInt(),
                worker.path("memoryfree").asInt()));
      }
    }
    int granted = 0;
    for (JsonNode running : master.path("activeapps")) {
      if (running.path("id").asText().equals(application)) {
        granted = running.path("cores").asInt();
      }
    }
    return new StandaloneOffer(workers, granted, page);
  }

  /** What is offered beside what is asked for, and the cure. */
  String text(ExecutorRequest request) {
    int cores = request.cores().orElse(1);
    if (workers.isEmpty()) {
      return "The master knows no worker that is alive: start one (deploy/standalone, or the"
          + " cluster's sbin/start-worker.sh)";
    } else if (granted > 0) {
      return String.format(
          Locale.ROOT,
          "The master at %s has given it %d %s, so executors start but do not get to answer:"
              + " stderr below work/%s on a worker tells why",
          page,
          granted,
          granted == 1 ? "core" : "cores",
          request.application());
    }
    Worker largest = workers.stream().max(Comparator.comparingInt(Worker::memory)).orElseThrow();
    String all =
        String.format(
            Locale.ROOT,
            "%d %s",
            workers.size(),
            workers.size() == 1 ? "worker is alive" : "workers are alive");
    if (workers.stream().noneMatch(w -> w.memory() >= request.memory() && w.cores() >= cores)) {
      return String.format(
          Locale.ROOT,
          "%s at %s, none so large: the one with the most memory has %d MiB and %d %s. Ask for less"
              + " (spark.executor.memory %dm), or start workers with more",
          all,
          page,
          largest.memory(),
          largest.cores(),
          largest.cores() == 1 ? "core" : "cores",
          largest.memory());
    }
    return String.format(
        Locale.ROOT,
        "%s at %s, none with that much free: at most %d MiB and %d cores; others have the rest. Wait"
            + " for them, or ask for less",
        all,
        page,
        workers.stream().mapToInt(Worker::freeMemory).max().orElseThrow(),
        workers.stream().mapToInt(Worker::freeCores).max().orElseThrow());
  }
}
