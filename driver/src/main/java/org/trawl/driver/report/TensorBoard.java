package org.trawl.driver.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.trawl.driver.plan.DataNames;
import org.trawl.driver.results.Column;
import org.trawl.driver.results.OutputFile;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.InputException;

/**
 * A run as event files of TensorBoard: a folder a trial with its scalars by epoch, its
 * hyperparameters and its end, and beside them the experiment, which tells the HParams page which
 * keys vary and which metrics there are.
 *
 * <p>An event file is a sequence of records: length (8 bytes), masked CRC-32C of these, an Event,
 * masked CRC-32C of it, all little-endian. The messages are those of TensorFlow's event.proto and
 * summary.proto, and of TensorBoard's plugins/hparams/api.proto and plugin_data.proto; their field
 * numbers stand in the code.
 */
public final class TensorBoard {
  private static final String EXPERIMENT = "_hparams_/experiment";
  private static final String SESSION_START = "_hparams_/session_start_info";
  private static final String SESSION_END = "_hparams_/session_end_info";

  private static final List<String> NO_SCALARS = List.of("trial", "epoch");

  private final List<Map<String, Object>> trials;
  private final Map<Object, List<Map<String, Object>>> epochs = new HashMap<>();
  private final List<String> keys;
  private final Provenance provenance;

  /** The names of several data sets, by their hashes; none of one. */
  private final Map<String, String> data;

  private final Instant started;

  private TensorBoard(RunFolder run) {
    this.trials = run.rows(Table.TRIALS);
    this.keys = Trials.varying(trials).stream().filter(key -> !key.equals("sweep")).toList();
    this.provenance = run.provenance().orElseThrow();
    Map<String, String> names = DataNames.of(trials);
    this.data = names.size() > 1 ? names : new HashMap<>();
    this.started = run.provenance().orElseThrow().sessions().get(0).started();
    run.rows(Table.EPOCHS)
        .forEach(
            row -> epochs.computeIfAbsent(row.get("trial"), none -> new ArrayList<>()).add(row));
  }

  /**
   * Writes the event files of a run.
   *
   * @param folder that does not exist, or is empty: TensorBoard would join what is there already
   * @return how many trials were written: those with an epoch
   * @throws InputException if the folder cannot be written
   */
  public static int export(RunFolder run, Path folder) {
    try {
      Files.createDirectories(folder);
      try (var there = Files.list(folder)) {
        if (there.findAny().isPresent()) {
          throw new InputException(
              "Cannot write %s: expected an empty folder or none, found files in it"
                  .formatted(folder));
        }
      }
      return new TensorBoard(run).write(folder);
    } catch (IOException refused) {
      throw OutputFile.refused(folder, refused);
    }
  }

  private int write(Path folder) throws IOException {
    write(folder, started, List.of(event(started, 0, experiment())));
    int written = 0;
    for (Map<String, Object> trial : trials) {
      List<Map<String, Object>> rows = epochs.getOrDefault(trial.get("trial"), List.of());
      if (!rows.isEmpty()) {
        write(folder.resolve((String) trial.get("trial")), began(trial), events(trial, rows));
        written++;
      }
    }
    return written;
  }

  private Instant began(Map<String, Object> trial) {
    return trial.get("started") instanceof Instant instant ? instant : started;
  }

  private List<Protobuf> events(Map<String, Object> trial, List<Map<String, Object>> rows) {
    Instant began = began(trial);
    Instant ended = trial.get("ended") instanceof Instant instant ? instant : began;
    List<Protobuf> events = new ArrayList<>();
    events.add(event(began, 0, session(trial, began)));
    for (Map<String, Object> row : rows) {
      long epoch = ((Number) row.get("epoch")).longValue();
      // Epochs are not timed by the clock: they are spread evenly over the trial.
      Instant time =
          began.plusMillis((ended.toEpochMilli() - began.toEpochMilli()) * epoch / rows.size());
      Protobuf summary = new Protobuf();
      for (Column column : Table.EPOCHS.columns()) {
        if (!NO_SCALARS.contains(column.name()) && row.get(column.name()) instanceof Number value) {
          // Summary.value = 1 { tag = 1, simple_value = 2 }
          summary.message(1, new Protobuf().text(1, column.name()).real(2, value.floatValue()));
        }
      }
      events.add(event(time, epoch, summary));
    }
    // What the HParams page ranks by is the value at the best epoch, not at the last.
    String metric = provenance.objectiveOf(trial).metric();
    if (trial.get(metric) instanceof Number value) {
      long best = trial.get("best_epoch") instanceof Number epoch ? epoch.longValue() : 0;
      events.add(
          event(
              ended,
              best,
              new Protobuf()
                  .message(1, new Protobuf().text(1, best(trial)).real(2, value.floatValue()))));
    }
    events.add(event(ended, rows.size(), end(trial, ended)));
    return events;
  }

  /** Event { wall_time = 1, step = 2, summary = 5 } */
  private static Protobuf event(Instant time, long step, Protobuf summary) {
    return new Protobuf().real(1, seconds(time)).whole(2, step).message(5, summary);
  }

  /** The tag that trials are ranked by, which those of other data do not have. */
  private String best(Map<String, Object> trial) {
    String name = data.get((String) trial.get(DataNames.COLUMN));
    String metric = "best/" + provenance.objectiveOf(trial).metric();
    return name == null ? metric : metric + " of " + name;
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  /** Experiment { description = 1, time_created_secs = 3, hparam_infos = 4, metric_infos = 5 } */
  private Protobuf experiment() {
    Protobuf experiment =
        new Protobuf().text(1, "Trawl sweep " + sweep()).real(3, seconds(started));
    for (String key : keys) {
      experiment.message(4, hyperparameter(key));
    }
    for (String metric : metrics()) {
      // MetricInfo { name = 1 { tag = 2 }, dataset_type = 5 }
      int dataset = metric.contains("train") ? 1 : metric.contains("validation") ? 2 : 0;
      experiment.message(
          5, new Protobuf().message(1, new Protobuf().text(2, metric)).whole(5, dataset));
    }
    return summary(EXPERIMENT, new Protobuf().message(2, experiment));
  }

  private String sweep() {
    return trials.isEmpty() ? "" : String.valueOf(trials.get(0).get("sweep"));
  }

  private List<String> metrics() {
    List<String> metrics = new ArrayList<>();
    trials.stream().map(this::best).distinct().forEach(metrics::add);
    Metrics.LEARNT.stream()
        .filter(
            metric ->
                epochs.values().stream()
                    .flatMap(List::stream)
                    .anyMatch(row -> row.get(metric) != null))
        .forEach(metrics::add);
    return metrics;
  }

  /**
   * HParamInfo { name = 1, type = 4 (1 text, 2 flag, 3 number), domain_discrete = 5, differs = 7 }
   */
  private Protobuf hyperparameter(String key) {
    List<Object> values =
        trials.stream()
            .map(trial -> Trials.value(trial, key))
            .filter(Objects::nonNull)
            .distinct()
            .sorted(Values::compare)
            .toList();
    boolean numbers = isNumeric(key);
    boolean flags = values.stream().allMatch(Boolean.class::isInstance);
    Protobuf domain = new Protobuf();
    // ListValue { values = 1 }
    values.forEach(value -> domain.message(1, value(value, numbers)));
    // TensorBoard shows what differs beside the runs.
    return new Protobuf()
        .text(1, key)
        .whole(4, numbers ? 3 : flags ? 2 : 1)
        .message(5, domain)
        .whole(7, 1);
  }

  private boolean isNumeric(String key) {
    return trials.stream()
        .map(trial -> Trials.value(trial, key))
        .allMatch(Number.class::isInstance);
  }

  /** google.protobuf.Value { number_value = 2, string_value = 3, bool_value = 4 } */
  private static Protobuf value(Object value, boolean numbers) {
    if (numbers) {
      return new Protobuf().real(2, ((Number) value).doubleValue());
    }
    return value instanceof Boolean flag
        ? new Protobuf().whole(4, flag ? 1 : 0)
        : new Protobuf().text(3, Values.text(value));
  }

  /**
   * SessionStartInfo { hparams = 1 { key = 1, value = 2 }, group_name = 4, start_time_secs = 5 }
   */
  private Protobuf session(Map<String, Object> trial, Instant began) {
    Protobuf session = new Protobuf();
    for (String key : keys) {
      Object value = Trials.shown(key, Trials.value(trial, key));
      if (value != null) {
        session.message(1, new Protobuf().text(1, key).message(2, value(value, isNumeric(key))));
      }
    }
    session.text(4, String.valueOf(trial.get("point"))).real(5, seconds(began));
    return summary(SESSION_START, new Protobuf().message(3, session));
  }

  /** SessionEndInfo { status = 1 (1 success, 2 failure, 3 running), end_time_secs = 2 } */
  private static Protobuf end(Map<String, Object> trial, Instant ended) {
    String status = String.valueOf(trial.get("status"));
    int code = Trials.endedWell(trial) ? 1 : status.equals("RUNNING") ? 3 : 2;
    return summary(
        SESSION_END,
        new Protobuf().message(4, new Protobuf().whole(1, code).real(2, seconds(ended))));
  }

  /**
   * Summary { value = 1 { tag = 1, tensor = 8, metadata = 9 { plugin_data = 1 { plugin_name = 1,
   * content = 2 }, data_class = 4 } } } of HParamsPluginData, version 0, whose tensor is none: a
   * TensorProto { dtype = 1 (1 float), tensor_shape = 2 { dim = 2 { size = 1 } }, float_val = 5 }.
   */
  private static Protobuf summary(String tag, Protobuf data) {
    Protobuf tensor =
        new Protobuf()
            .whole(1, 1)
            .message(2, new Protobuf().message(2, new Protobuf().whole(1, 1)))
            .real(5, 0f);
    Protobuf metadata =
        new Protobuf().message(1, new Protobuf().text(1, "hparams").message(2, data)).whole(4, 2);
    return new Protobuf()
        .message(1, new Protobuf().text(1, tag).message(8, tensor).message(9, metadata));
  }

  private static void write(Path folder, Instant started, List<Protobuf> events)
      throws IOException {
    Files.createDirectories(folder);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    // Event { wall_time = 1, file_version = 3 }
    record(new Protobuf().real(1, seconds(started)).text(3, "brain.Event:2"), file);
    events.forEach(event -> record(event, file));
    Files.write(
        folder.resolve(
            String.format(
                Locale.ROOT,
                "events.out.tfevents.%010d.trawl",
                Math.max(0, started.getEpochSecond()))),
        file.toByteArray());
  }

  private static void record(Protobuf event, ByteArrayOutputStream file) {
    byte[] bytes = event.encoded();
    byte[] length = little(Long.BYTES).putLong(bytes.length).array();
    file.writeBytes(length);
    file.writeBytes(little(Integer.BYTES).putInt(masked(length)).array());
    file.writeBytes(bytes);
    file.writeBytes(little(Integer.BYTES).putInt(masked(bytes)).array());
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** TFRecord's checksum: CRC-32C turned right by 15 bits, plus a constant. */
  static int masked(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
  }
}
