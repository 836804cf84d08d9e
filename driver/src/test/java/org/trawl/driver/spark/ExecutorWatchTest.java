package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.apache.spark.scheduler.cluster.ExecutorInfo;
import org.junit.jupiter.api.Test;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.spark.StandaloneOffer.Worker;
import scala.collection.immutable.Map$;

class ExecutorWatchTest {
  private static final ExecutorRequest REQUEST =
      new ExecutorRequest(
          "spark://master:7077", "app-1", 4096, 0, Optional.empty(), Optional.empty(), "default");

  private final ExecutorWatch watch =
      new ExecutorWatch(false, Duration.ofHours(1), () -> REQUEST, Optional::empty);

  @Test
  void executorsThatDieBeforeTheyTrain_endTheRun() {
    for (int id = 0; id < ExecutorWatch.MOST_DEATHS; id++) {
      assertEquals(Optional.empty(), watch.look());
      if (id % 2 == 0) { // some get to answer
        added(id);
      }
      removed(id);
    }
    InfrastructureException end = watch.look().orElseThrow();
    assertEquals(
        """
        Cannot train: 10 executors died before they trained anything, the last ones by
          executor 7: Command exited with code 1
          executor 8: Command exited with code 1
          executor 9: Command exited with code 1
        spark://master:7077 was asked for executors of 4096 MiB (spark.executor.memory) and all cores \
        of a worker: the master's page (port 8080 there unless told otherwise) tells what workers have, \
        and work/app-1 on a worker has the executors' own logs. Mend that, and run again to go on."""
            .replace("\n", System.lineSeparator()),
        end.getMessage());
  }

  @Test
  void executorsThatDieBesideOneThatLives_doNotEndTheRun() {
    added(100);
    begun(100);
    for (int id = 0; id < 50; id++) {
      removed(id);
    }
    assertEquals(Optional.empty(), watch.look());
    removed(100);
    assertTrue(watch.look().isPresent(), "now none lives");
  }

  @Test
  void deathsBeforeABatchBegan_areForgotten() {
    for (int id = 0; id < 50; id++) {
      removed(id);
    }
    added(100);
    begun(100);
    removed(100);
    removed(101);
    assertEquals(Optional.empty(), watch.look());
  }

  @Test
  void locallyThereIsNothingToWatch() {
    ExecutorWatch local =
        new ExecutorWatch(
            true,
            Duration.ZERO,
            () -> {
              throw new AssertionError();
            },
            Optional::empty);
    assertEquals(Optional.empty(), local.look());
  }

  @Test
  void whatIsAskedForIsSaid() {
    assertEquals(
        "executors of 4096 MiB (spark.executor.memory) with 409 MiB besides"
            + " (spark.executor.memoryOverhead) and 1 core (spark.executor.cores), image trawl:1",
        new ExecutorRequest(
                "k8s://https://master",
                "spark-1",
                4096,
                409,
                Optional.of(1),
                Optional.of("trawl:1"),
                "science")
            .text());
  }

  @Test
  void whereToLookIsSaid() {
    assertTrue(of("k8s://m").whereToLook().startsWith("kubectl describe pods -n science -l"));
    assertTrue(of("yarn").whereToLook().contains("yarn application -status app-1"));
  }

  private static ExecutorRequest of(String master) {
    return new ExecutorRequest(
        master, "app-1", 1024, 384, Optional.of(1), Optional.empty(), "science");
  }

  @Test
  void whatTheMasterHasIsSaidBesideWhatWasAsked() {
    Worker small = new Worker(2, 1, 1024, 512);
    Worker large = new Worker(4, 0, 8192, 6144);
    assertEquals(
        "2 workers are alive at http://m:8080, none so large: the one with the most memory has 1024"
            + " MiB and 2 cores. Ask for less (spark.executor.memory 1024m), or start workers with more",
        offer(0, small, small));
    assertEquals(
        "2 workers are alive at http://m:8080, none with that much free: at most 6144 MiB and 1"
            + " cores; others have the rest. Wait for them, or ask for less",
        offer(0, small, large));
    assertEquals(
        "The master at http://m:8080 has given it 4 cores, so executors start but do not get to"
            + " answer: stderr below work/app-1 on a worker tells why",
        offer(4, large));
    assertTrue(offer(0).startsWith("The master knows no worker that is alive"), offer(0));
  }

  private static String offer(int granted, Worker... workers) {
    return new StandaloneOffer(List.of(workers), granted, "http://m:8080").text(REQUEST);
  }

  @Test
  void theMastersPageIsRead() throws Exception {
    String page =
        """
        {"workers": [
           {"cores": 2, "coresfree": 1, "memory": 1024, "memoryfree": 24, "state": "ALIVE"},
           {"cores": 8, "coresfree": 8, "memory": 9999, "memoryfree": 9999, "state": "DEAD"}],
         "activeapps": [{"id": "app-0", "cores": 7}, {"id": "app-1", "cores": 1}]}
        """;
    assertEquals(
        new StandaloneOffer(List.of(new Worker(2, 1, 1024, 24)), 1, "http://m"),
        StandaloneOffer.of(new JsonMapper().readTree(page), "app-1", "http://m"));
  }

  private void added(int id) {
    watch.onExecutorAdded(
        new SparkListenerExecutorAdded(
            0, String.valueOf(id), new ExecutorInfo("host", 1, Map$.MODULE$.empty())));
  }

  private void begun(int id) {
    watch.onTaskStart(
        new SparkListenerTaskStart(
            0,
            0,
            new TaskInfo(0, 0, 0, 0, 0, String.valueOf(id), "host", TaskLocality.ANY(), false)));
  }

  private void removed(int id) {
    watch.onExecutorRemoved(
        new SparkListenerExecutorRemoved(0, String.valueOf(id), "Command exited with code 1"));
  }
}
