package org.trawl.driver.spark;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.trawl.driver.results.InfrastructureException;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Watches a cluster's executors, which may never come: says then what was asked for and what there
 * is, and ends a run whose executors die before they train anything. Locally there is nothing to
 * watch.
 */
final class ExecutorWatch extends SparkListener {
  private static final Logger LOG = LogManager.getLogger(ExecutorWatch.class);

  /** Told within a minute; executors take some seconds to start. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  /** So many may die in a row, none living, without having begun a batch. */
  static final int MOST_DEATHS = 10;

  private static final int DEATHS_SHOWN = 3;
  private static final int LONGEST_REASON = 200;

  private final boolean local;
  private final Duration patience;
  private final Supplier<ExecutorRequest> request;
  private final Supplier<Optional<String>> offer;
  private final Set<String> alive = new HashSet<>();
  private final Set<String> worked = new HashSet<>();

  /** Those that died before they began a batch, since the last one that did; with the reasons. */
  private final Map<String, String> died = new LinkedHashMap<>();

  private long since = System.nanoTime();
  private boolean told;

  ExecutorWatch(SparkContext context) {
    this(
        context.isLocal(),
        PATIENCE,
        () -> ExecutorRequest.of(context),
        () ->
            context.master().startsWith("spark://")
                ? StandaloneOffer.of(context).map(o -> o.text(ExecutorRequest.of(context)))
                : Optional.empty());
    if (!local) {
      CollectionConverters.asJava(context.statusStore().executorList(true)).stream()
          .map(executor -> executor.id())
          .filter(id -> !id.equals("driver"))
          .forEach(alive::add);
    }
  }

  /**
   * Of what a cluster is asked for.
   *
   * @param patience after which it is told that no executor has come
   * @param offer what there is, with the cure; empty where that cannot be known
   */
  ExecutorWatch(
      boolean local,
      Duration patience,
      Supplier<ExecutorRequest> request,
      Supplier<Optional<String>> offer) {
    this.local = local;
    this.patience = patience;
    this.request = request;
    this.offer = offer;
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
    alive.add(added.executorId());
    told = false;
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    alive.add(start.taskInfo().executorId());
    worked.add(start.taskInfo().executorId());
    died.clear();
  }

  /** Also of one that never came. */
  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    if (alive.remove(removed.executorId()) && alive.isEmpty()) {
      since = System.nanoTime();
    }
    if (!worked.contains(removed.executorId())) {
      died.put(removed.executorId(), removed.reason());
    }
  }

  /**
   * Tells what is to be told.
   *
   * @return why the run must end; empty where it may go on
   */
  Optional<InfrastructureException> look() {
    if (local) {
      return Optional.empty();
    }
    boolean tell;
    synchronized (this) {
      if (alive.isEmpty() && died.size() >= MOST_DEATHS) {
        return Optional.of(new InfrastructureException(deaths(), null));
      }
      tell = alive.isEmpty() && !told && System.nanoTime() - since > patience.toNanos();
      told |= tell;
    }
    if (tell) {
      absence().forEach(LOG::warn);
    }
    return Optional.empty();
  }

  /** That there is no executor: a line each for what was asked, and what there is. */
  private List<String> absence() {
    ExecutorRequest asked = request.get();
    return List.of(
        String.format(
            Locale.ROOT,
            "No executor for %d s, so nothing is trained. %s was asked for %s.",
            patience.toSeconds(),
            asked.master(),
            asked.text()),
        offer.get().orElseGet(() -> "What it offers: " + asked.whereToLook()) + ".");
  }

  private String deaths() {
    ExecutorRequest asked = request.get();
    String last =
        died.entrySet().stream()
            .skip(died.size() - DEATHS_SHOWN)
            .map(each -> "  executor %s: %s".formatted(each.getKey(), reason(each.getValue())))
            .collect(Collectors.joining(System.lineSeparator()));
    return String.format(
        Locale.ROOT,
        "Cannot train: %d executors died before they trained anything, the last ones by%n%s%n"
            + "%s was asked for %s: %s. Mend that, and run again to go on.",
        died.size(),
        last,
        asked.master(),
        asked.text(),
        asked.whereToLook());
  }

  private static String reason(String told) {
    String line = told.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + " …";
  }
}
