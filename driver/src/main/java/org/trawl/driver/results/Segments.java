package org.trawl.driver.results;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Many segments in one Parquet file, a row each: on their way from an executor to the driver, and
 * in a {@link Pack}. A file of its own for each costs more than what is in it.
 */
public final class Segments {
  static final ColumnType ATTEMPT = new ColumnType.Struct(Table.ATTEMPTS.columns());

  static final List<Column> COLUMNS =
      List.of(
          Column.text("lineage", "hash of the trial without epochs"),
          Column.whole("first", "epoch, from 1"),
          Column.whole("last", "epoch that the specification gives to the segment"),
          new Column("attempt", ATTEMPT, "that trained it"),
          Column.text("kernels", "of the attempt"),
          Column.large("parameters", "weights and biases"),
          Column.text("weights", "hash of their values at the end"),
          Column.text("checkpoint", "hash of the checkpoint at the end"),
          Column.list("classes", ColumnType.Scalar.STRING, "names, in the order of their numbers"),
          Column.list("epochs", new ColumnType.Struct(Segment.COLUMNS), "finished ones, in order"));

  private Segments() {}

  /** The bytes of segments, without their configurations. */
  public static byte[] encode(List<Segment> segments) {
    return ParquetFile.encode(COLUMNS, Map.of(), segments.stream().map(Segments::row).iterator());
  }

  /**
   * Segments by the names of their files.
   *
   * @throws IOException if these are not the bytes of segments
   */
  public static Map<String, Segment> decode(byte[] bytes) throws IOException {
    Map<String, Segment> segments = new HashMap<>();
    for (Map<String, Object> row : ParquetFile.decode(bytes, COLUMNS).rows()) {
      Segment segment = segment(row);
      segments.put(segment.fileName(), segment);
    }
    return segments;
  }

  static Map<String, Object> row(Segment segment) {
    Map<String, Object> row = new HashMap<>();
    row.put("lineage", segment.lineage());
    row.put("first", segment.first());
    row.put("last", segment.last());
    row.put("attempt", segment.attempt().row());
    row.put("kernels", segment.kernels());
    row.put("parameters", segment.parameters());
    row.put("weights", segment.weights());
    row.put("checkpoint", segment.checkpoint());
    row.put("classes", segment.classes());
    row.put("epochs", segment.epochs().stream().map(epoch -> Segment.row(epoch, true)).toList());
    return row;
  }

  static Segment segment(Map<String, Object> row) {
    return new Segment(
        (String) row.get("lineage"),
        (Integer) row.get("first"),
        (Integer) row.get("last"),
        "",
        Attempt.of(fields(row.get("attempt"))),
        (String) row.get("kernels"),
        (Long) row.get("parameters"),
        (String) row.get("weights"),
        (String) row.get("checkpoint"),
        list(row, "classes").stream().map(String.class::cast).toList(),
        list(row, "epochs").stream().map(Segments::fields).map(Segment::epoch).toList());
  }

  static List<?> list(Map<String, Object> row, String name) {
    return row.get(name) instanceof List<?> values ? values : new ArrayList<>();
  }

  @SuppressWarnings("unchecked") // The reader makes structs of such maps.
  static Map<String, Object> fields(Object struct) {
    return (Map<String, Object>) struct;
  }
}
