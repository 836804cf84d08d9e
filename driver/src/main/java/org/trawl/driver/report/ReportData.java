package org.trawl.driver.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.trawl.driver.results.Column;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Objective;

/**
 * What a report's page holds of a run, as JSON. Trials are known by their position among those that
 * are shown; curves are floats of 32 bits in Base64, a metric after the other, trial by trial. What
 * would make the page slow to open is thinned: trials to the best, the failed and an even sample of
 * the others, epochs to every n-th, confusions to those of the best trials and most confused
 * classes. Means of points, the importance of keys and the work done are of all trials.
 */
final class ReportData {
  /**
   * Trials that a page shows at most, and how many of them may be there for their rank or their
   * failure.
   */
  static final int MOST_TRIALS = 5000;

  private static final int MOST_BEST = MOST_TRIALS / 10;
  private static final int MOST_FAILED = MOST_TRIALS / 10;

  /** Numbers of all curves, and of all layers, that a page holds at most. */
  private static final int MOST_CURVES = 3_000_000;

  private static final int MOST_OF_LAYERS = 600_000;

  /** Where trials that have ended badly stand. */
  private static final Set<String> FAILED = Set.of("FAILED", "LOST", "DIVERGED", "CANCELLED");

  private static final List<String> CURVES =
      List.of(
          "train_loss",
          "validation_loss",
          "test_loss",
          "train_accuracy",
          "validation_accuracy",
          "test_accuracy");

  private static final List<String> OF_LAYERS =
      List.of("gradient_mean", "gradient_max", "inactive_fraction", "weight_norm");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final RunFolder run;
  private final Objective objective;

  /** All trials. */
  private final List<Map<String, Object>> all;

  /** Those that are shown, in the same order. */
  private final List<Map<String, Object>> trials;

  private final Map<Object, Integer> positions = new HashMap<>();

  /** The columns that tell trials apart. */
  private final List<String> varying;

  private ReportData(RunFolder run, Section section) {
    this.run = run;
    this.objective = section.objective();
    this.all = section.trials();
    this.trials = all.size() <= MOST_TRIALS ? all : thinned();
    trials.forEach(trial -> positions.put(trial.get("trial"), positions.size()));
    this.varying = Trials.varying(all).stream().filter(key -> !key.equals("sweep")).toList();
  }

  private List<Map<String, Object>> thinned() {
    Set<Object> kept = new HashSet<>();
    Leaderboard.ranked(all, objective).stream()
        .limit(MOST_BEST)
        .forEach(trial -> kept.add(trial.get("trial")));
    all.stream()
        .filter(trial -> FAILED.contains(trial.get("status")))
        .limit(MOST_FAILED)
        .forEach(trial -> kept.add(trial.get("trial")));
    List<Object> others =
        all.stream()
            .map(trial -> trial.get("trial"))
            .filter(trial -> !kept.contains(trial))
            .toList();
    int room = MOST_TRIALS - kept.size();
    for (int i = 0; i < room; i++) {
      kept.add(others.get((int) ((long) i * others.size() / room)));
    }
    return all.stream().filter(trial -> kept.contains(trial.get("trial"))).toList();
  }

  /**
   * The whole as JSON: the first data set's, with a list of the others'.
   *
   * @param live seconds after which the page loads itself again; 0 for never
   */
  static String json(RunFolder run, String version, Instant written, long live) {
    List<Section> sections = Section.of(run);
    List<Map<String, Object>> pages =
        sections.stream()
            .map(section -> new ReportData(run, section).page(version, written, live))
            .toList();
    Map<String, Object> first = new LinkedHashMap<>(pages.get(0));
    first.put("sections", sections.stream().map(Section::name).toList());
    first.put("others", pages.subList(1, pages.size()));
    try {
      return JSON.writeValueAsString(first);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Map<String, Object> page(String version, Instant written, long live) {
    Provenance provenance = run.provenance().orElseThrow();
    List<Instant> begun = provenance.sessions().stream().map(Provenance.Session::started).toList();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("version", version);
    data.put("written", written);
    data.put("live", live);
    data.put("sweep", provenance.sweep());
    data.put("objective", objective);
    data.put("sessions", provenance.sessions());
    data.put("work", work(begun));
    data.put("file", run.text(RunFolder.SWEEP).orElse(""));
    data.put("statuses", statuses());
    data.put("keys", keys());
    data.put("trials", columns());
    data.put(
        "ranked",
        Leaderboard.ranked(trials, objective).stream()
            .map(trial -> positions.get(trial.get("trial")))
            .toList());
    data.put("points", points());
    data.put("importance", importance());
    data.put("epochs", epochs());
    data.put("layers", layers());
    data.put("confusion", confusion());
    data.put("attempts", attempts(begun));
    return data;
  }

  private List<Map<String, Object>> keys() {
    Map<String, String> meanings = new HashMap<>();
    Keys.all().forEach(key -> meanings.put(key.column(), key.meaning()));
    return varying.stream()
        .map(
            key ->
                Map.<String, Object>of(
                    "column", key,
                    "meaning", meanings.getOrDefault(key, ""),
                    "values", Trials.distinct(all, key)))
        .toList();
  }

  /** How many of all trials stand where. */
  private Map<String, Integer> statuses() {
    Map<String, Integer> statuses = new TreeMap<>();
    all.forEach(trial -> statuses.merge((String) trial.get("status"), 1, Integer::sum));
    return statuses;
  }

  /**
   * Columns of the table trials; what is the same in all trials once, what is NULL in all never.
   */
  private Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    Map<String, Object> constants = new LinkedHashMap<>();
    for (Column column : Table.TRIALS.columns()) {
      String name = column.name();
      List<Object> values = new ArrayList<>();
      for (Map<String, Object> trial : trials) {
        Object value = Values.plain(Trials.value(trial, name));
        values.add(name.equals("seed") ? Objects.toString(value, null) : value);
      }
      boolean same = values.stream().distinct().limit(2).count() < 2;
      boolean told = !name.equals("config") && values.stream().anyMatch(Objects::nonNull);
      if (told && same) {
        constants.put(name, values.get(0));
      } else if (told) {
        columns.put(name, values);
      }
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("count", trials.size());
    shown.put("of", all.size());
    shown.put("columns", columns);
    shown.put("constants", constants);
    return shown;
  }

  private Map<String, Object> points() {
    Predictions none = new Predictions(objective.metric());
    Comparison comparison = Comparison.of(all, varying, objective, none);
    List<Object> rows = new ArrayList<>();
    if (comparison.groups().stream().anyMatch(group -> group.count() > 1)) {
      comparison.rows().values().forEach(row -> rows.add(Values.plain(row)));
    }
    Map<String, Object> points = new LinkedHashMap<>();
    points.put("of", comparison.groups().size());
    points.put("keys", varying);
    points.put(
        "note",
        comparison
            .testNote(
                "Marked is what is not shown to be worse than the best", Trials.varies(all, "fold"))
            .orElse(""));
    points.put("rows", rows.subList(0, Math.min(rows.size(), MOST_TRIALS)));
    return points;
  }

  private Map<String, Object> importance() {
    Optional<FunctionalAnova> anova = FunctionalAnova.of(all, objective.metric());
    return anova
        .map(
            found ->
                Map.<String, Object>of(
                    "exact", found.exact(),
                    "trials", found.trials(),
                    "components", found.components()))
        .orElse(null);
  }

  /** The rows of a table, by the positions of their trials. */
  private List<List<Map<String, Object>>> byTrial(Table table, List<String> columns) {
    List<List<Map<String, Object>>> rows = new ArrayList<>();
    trials.forEach(trial -> rows.add(new ArrayList<>()));
    run.forEach(
        table,
        columns,
        positions::containsKey,
        row -> rows.get(positions.get(row.get("trial"))).add(row));
    return rows;
  }

  private static List<String> with(String first, List<String> others) {
    return Stream.concat(Stream.of(first.split(",")), others.stream()).toList();
  }

  private static int number(Map<String, Object> row, String column) {
    return ((Number) row.get(column)).intValue();
  }

  private static float real(Object value) {
    return value instanceof Number number ? number.floatValue() : Float.NaN;
  }

  private static int largest(List<Map<String, Object>> rows, String column) {
    return rows.stream().mapToInt(row -> number(row, column)).max().orElse(0);
  }

  private static List<String> filled(List<List<Map<String, Object>>> rows, List<String> columns) {
    return columns.stream()
        .filter(
            column -> rows.stream().flatMap(List::stream).anyMatch(row -> row.get(column) != null))
        .toList();
  }

  private Map<String, Object> epochs() {
    List<List<Map<String, Object>>> rows = byTrial(Table.EPOCHS, with("trial,epoch", CURVES));
    List<String> metrics = filled(rows, CURVES);
    int[] lengths = rows.stream().mapToInt(trial -> largest(trial, "epoch")).toArray();
    long all = Math.max(1, metrics.size()) * (long) IntStream.of(lengths).sum();
    int step = (int) ((all - 1) / MOST_CURVES) + 1;
    int[] kept = IntStream.of(lengths).map(length -> (length + step - 1) / step).toArray();
    int total = IntStream.of(kept).sum();
    float[] values = new float[metrics.size() * total];
    Arrays.fill(values, Float.NaN);
    int from = 0;
    for (int trial = 0; trial < kept.length; trial++) {
      for (Map<String, Object> row : rows.get(trial)) {
        int epoch = number(row, "epoch") - 1;
        for (int metric = 0; metric < metrics.size() && epoch % step == 0; metric++) {
          values[metric * total + from + epoch / step] = real(row.get(metrics.get(metric)));
        }
      }
      from += kept[trial];
    }
    Map<String, Object> epochs = new LinkedHashMap<>();
    epochs.put("metrics", metrics);
    epochs.put("rows", kept);
    epochs.put("step", step);
    epochs.put("values", base64(values));
    return epochs;
  }

  /** NULL where none were recorded. */
  private Map<String, Object> layers() {
    List<List<Map<String, Object>>> rows =
        byTrial(Table.LAYERS, with("trial,epoch,layer", OF_LAYERS));
    List<String> metrics = filled(rows, OF_LAYERS);
    if (metrics.isEmpty()) {
      return null;
    }
    long all = metrics.size() * rows.stream().mapToLong(List::size).sum();
    int step = (int) ((all - 1) / MOST_OF_LAYERS) + 1;
    List<float[]> parts = new ArrayList<>();
    List<Map<String, Object>> entries = new ArrayList<>();
    for (int trial = 0; trial < rows.size(); trial++) {
      int last = largest(rows.get(trial), "epoch");
      int[] epochs =
          rows.get(trial).stream()
              .mapToInt(row -> number(row, "epoch"))
              .distinct()
              .sorted()
              .filter(epoch -> (epoch - 1) % step == 0 || epoch == last)
              .toArray();
      if (epochs.length == 0) {
        continue;
      }
      int layers = largest(rows.get(trial), "layer");
      float[] values = new float[metrics.size() * layers * epochs.length];
      Arrays.fill(values, Float.NaN);
      for (Map<String, Object> row : rows.get(trial)) {
        int epoch = Arrays.binarySearch(epochs, number(row, "epoch"));
        for (int metric = 0; metric < metrics.size() && epoch >= 0; metric++) {
          int curve = metric * layers + number(row, "layer") - 1;
          values[curve * epochs.length + epoch] = real(row.get(metrics.get(metric)));
        }
      }
      parts.add(values);
      entries.add(Map.of("trial", trial, "layers", layers, "epochs", epochs));
    }
    float[] joined = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int from = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, joined, from, part.length);
      from += part.length;
    }
    return Map.of("metrics", metrics, "trials", entries, "values", base64(joined));
  }

  static String base64(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** Of the best trials first, as many as there is room. */
  private Map<String, Object> confusion() {
    List<Integer> order = new ArrayList<>();
    Leaderboard.ranked(trials, objective)
        .forEach(trial -> order.add(positions.get(trial.get("trial"))));
    Set<Integer> ranked = Set.copyOf(order);
    IntStream.range(0, trials.size()).filter(trial -> !ranked.contains(trial)).forEach(order::add);
    return new ReportConfusions(run, trials, positions).json(order);
  }

  /**
   * For each session the seconds between the start of its first attempt and the end of its last,
   * and those of all its attempts together: an attempt is of the session that began last before it.
   */
  private List<Map<String, Object>> work(List<Instant> begun) {
    Instant[] first = new Instant[begun.size()];
    Instant[] last = new Instant[begun.size()];
    double[] busy = new double[begun.size()];
    run.forEach(
        Table.ATTEMPTS,
        List.of("started", "ended"),
        row -> {
          if (row.get("started") instanceof Instant started
              && row.get("ended") instanceof Instant ended
              && !begun.isEmpty()) {
            int session = session(started, begun);
            if (first[session] == null || started.isBefore(first[session])) {
              first[session] = started;
            }
            if (last[session] == null || ended.isAfter(last[session])) {
              last[session] = ended;
            }
            busy[session] += seconds(started, ended);
          }
        });
    return IntStream.range(0, begun.size())
        .mapToObj(
            session ->
                Map.<String, Object>of(
                    "span",
                    first[session] == null ? 0 : seconds(first[session], last[session]),
                    "core",
                    busy[session]))
        .toList();
  }

  /** The position of the session that began last before an attempt, or of the first. */
  private static int session(Instant attempt, List<Instant> begun) {
    int session = begun.size() - 1;
    while (session > 0 && attempt.isBefore(begun.get(session))) {
      session--;
    }
    return session;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private List<Map<String, Object>> attempts(List<Instant> begun) {
    List<Map<String, Object>> attempts = new ArrayList<>();
    run.forEach(
        Table.ATTEMPTS,
        List.of("trial", "host", "executor", "started", "ended", "outcome", "cause"),
        positions::containsKey,
        row -> {
          if (row.get("started") instanceof Instant started
              && row.get("ended") instanceof Instant ended) {
            Map<String, Object> attempt = new LinkedHashMap<>();
            attempt.put("trial", positions.get(row.get("trial")));
            attempt.put("session", session(started, begun));
            attempt.put("host", row.get("host"));
            attempt.put("executor", row.get("executor"));
            attempt.put("started", started.toEpochMilli());
            attempt.put("ended", ended.toEpochMilli());
            attempt.put("outcome", row.get("outcome"));
            attempt.put("cause", row.get("cause"));
            attempts.add(attempt);
          }
        });
    attempts.sort(Comparator.comparingLong(attempt -> (Long) attempt.get("started")));
    return attempts;
  }
}
