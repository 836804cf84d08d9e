package org.trawl.driver.results;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.trawl.driver.sweep.Objective;

/**
 * Many finished trials in one file, as tables need them: reading 100,000 files takes long. Made
 * from the journal, which stays as it is and stays the only truth: a pack may be removed at any
 * time, and says nothing of trials that the journal does not hold.
 */
final class Pack {
  static final String FILE = "packs/trials.parquet";

  private static final String OBJECTIVE = "trawl.objective";
  private static final String VERSION = "trawl.schema.version";

  private static final ColumnType ATTEMPT = new ColumnType.Struct(Table.ATTEMPTS.columns());

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("trial", "hash of the trial"),
          Column.text("lineage", "hash of the trial without epochs"),
          Column.whole("asked", "epochs of the trial"),
          new Column("attempt", ATTEMPT, "the last one"),
          Column.text("kernels", "of the last attempt"),
          Column.large("parameters", "weights and biases"),
          Column.text("weights", "hash of their values at the end"),
          Column.text("checkpoint", "hash of the last checkpoint"),
          Column.list("classes", ColumnType.Scalar.STRING, "names, in the order of their numbers"),
          Column.list("epochs", new ColumnType.Struct(Segment.COLUMNS), "finished ones, in order"),
          Column.list("attempts", ATTEMPT, "that trained the trial"));

  private Pack() {}

  /**
   * A finished trial.
   *
   * @param whole all its segments as one, with the confusion counts of its best epoch alone
   * @param attempts that its segments tell of
   */
  record Trial(Segment whole, List<Attempt> attempts) {}

  /** The bytes of a pack. */
  static byte[] encode(Objective objective, Stream<Trial> trials) {
    return ParquetFile.encode(COLUMNS, metadata(objective), trials.map(Pack::row).iterator());
  }

  /** The trials of a pack by their hashes; none where it is damaged, or for other tables. */
  static Map<String, Trial> decode(byte[] bytes, Objective objective) {
    Map<String, Trial> trials = new HashMap<>();
    try {
      ParquetFile file = ParquetFile.decode(bytes, COLUMNS);
      if (file.metadata().entrySet().containsAll(metadata(objective).entrySet())) {
        for (Map<String, Object> row : file.rows()) {
          Trial trial = trial(row);
          trials.put(trial.whole().attempt().trial(), trial);
        }
      }
      return trials;
    } catch (IOException | RuntimeException damaged) {
      return Map.of();
    }
  }

  private static Map<String, String> metadata(Objective objective) {
    return Map.of(OBJECTIVE, objective.toString(), VERSION, String.valueOf(Table.SCHEMA_VERSION));
  }

  private static Map<String, Object> row(Trial trial) {
    Segment whole = trial.whole();
    Map<String, Object> row = new HashMap<>();
    row.put("trial", whole.attempt().trial());
    row.put("lineage", whole.lineage());
    row.put("asked", whole.last());
    row.put("attempt", whole.attempt().row());
    row.put("kernels", whole.kernels());
    row.put("parameters", whole.parameters());
    row.put("weights", whole.weights());
    row.put("checkpoint", whole.checkpoint());
    row.put("classes", whole.classes());
    row.put("epochs", whole.epochs().stream().map(epoch -> Segment.row(epoch, true)).toList());
    row.put("attempts", trial.attempts().stream().map(Attempt::row).toList());
    return row;
  }

  private static Trial trial(Map<String, Object> row) {
    return new Trial(
        new Segment(
            (String) row.get("lineage"),
            1,
            (Integer) row.get("asked"),
            "",
            Attempt.of(fields(row.get("attempt"))),
            (String) row.get("kernels"),
            (Long) row.get("parameters"),
            (String) row.get("weights"),
            (String) row.get("checkpoint"),
            list(row, "classes").stream().map(String.class::cast).toList(),
            list(row, "epochs").stream().map(Pack::fields).map(Segment::epoch).toList()),
        list(row, "attempts").stream().map(Pack::fields).map(Attempt::of).toList());
  }

  private static List<?> list(Map<String, Object> row, String name) {
    return row.get(name) instanceof List<?> values ? values : new ArrayList<>();
  }

  @SuppressWarnings("unchecked") // The reader makes structs of such maps.
  private static Map<String, Object> fields(Object struct) {
    return (Map<String, Object>) struct;
  }
}
