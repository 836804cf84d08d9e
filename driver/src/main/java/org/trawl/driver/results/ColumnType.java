package org.trawl.driver.results;

import java.util.List;

/** What a column's values are; NULL is allowed in all of them. */
public sealed interface ColumnType {

  /** One value. */
  enum Scalar implements ColumnType {
    /** Boolean. */
    BOOLEAN,
    /** Integer, 32 bits. */
    INTEGER,
    /** Long, 64 bits. */
    LONG,
    /** Double; one that is not finite is stored as NULL. */
    DOUBLE,
    /** String. */
    STRING,
    /** Instant, stored in microseconds since 1970, UTC. */
    TIMESTAMP
  }

  /** A List of values. */
  record ListOf(ColumnType element) implements ColumnType {}

  /** A Map from the fields' names to their values. */
  record Struct(List<Column> fields) implements ColumnType {
    public Struct {
      fields = List.copyOf(fields);
    }
  }
}
