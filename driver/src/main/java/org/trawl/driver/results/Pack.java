package org.trawl.driver.results;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.trawl.driver.sweep.Objective;

/**
 * Many finished trials in one file, as tables need them: reading 100,000 files takes long. Made
 * from the journal, which stays as it is and stays the only truth: a pack may be removed at any
 * time, and says nothing of trials that the journal does not hold.
 */
final class Pack {
  static final String FOLDER = "packs";
  static final String NAME = "trials.parquet";
  static final String FILE = FOLDER + "/" + NAME;

  private static final String OBJECTIVE = "trawl.objective";
  private static final String VERSION = "trawl.schema.version";

  private static final Column ATTEMPTS =
      Column.list("attempts", Segments.ATTEMPT, "that trained the trial");

  private static final List<Column> COLUMNS =
      Stream.concat(Segments.COLUMNS.stream(), Stream.of(ATTEMPTS)).toList();

  private Pack() {}

  /**
   * A finished trial.
   *
   * @param whole all its segments as one, with the confusion counts of its best epoch alone
   * @param attempts that its segments tell of
   */
  record Trial(Segment whole, List<Attempt> attempts) {}

  /** The bytes of a pack. */
  static byte[] encode(Optional<Objective> objective, Stream<Trial> trials) {
    return ParquetFile.encode(COLUMNS, metadata(objective), trials.map(Pack::row).iterator());
  }

  /** The trials of a pack by their hashes; none where it is damaged, or for other tables. */
  static Map<String, Trial> decode(byte[] bytes, Optional<Objective> objective) {
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

  /** The best epochs follow from the trials and the objective that the sweep file names, if any. */
  private static Map<String, String> metadata(Optional<Objective> objective) {
    return Map.of(
        OBJECTIVE,
        objective.map(Objective::toString).orElse("default"),
        VERSION,
        String.valueOf(Table.SCHEMA_VERSION));
  }

  private static Map<String, Object> row(Trial trial) {
    Map<String, Object> row = Segments.row(trial.whole());
    row.put(ATTEMPTS.name(), trial.attempts().stream().map(Attempt::row).toList());
    return row;
  }

  private static Trial trial(Map<String, Object> row) {
    return new Trial(
        Segments.segment(row),
        Segments.list(row, ATTEMPTS.name()).stream()
            .map(Segments::fields)
            .map(Attempt::of)
            .toList());
  }
}
