package org.trawl.driver.results;

import java.util.List;

/**
 * A column of a table, or a field of a struct.
 *
 * @param name in snake_case
 * @param sentence what it holds, with unit and range; stored with the table
 */
public record Column(String name, ColumnType type, String sentence) {

  static Column text(String name, String sentence) {
    return new Column(name, ColumnType.Scalar.STRING, sentence);
  }

  static Column flag(String name, String sentence) {
    return new Column(name, ColumnType.Scalar.BOOLEAN, sentence);
  }

  static Column whole(String name, String sentence) {
    return new Column(name, ColumnType.Scalar.INTEGER, sentence);
  }

  static Column large(String name, String sentence) {
    return new Column(name, ColumnType.Scalar.LONG, sentence);
  }

  static Column real(String name, String sentence) {
    return new Column(name, ColumnType.Scalar.DOUBLE, sentence);
  }

  static Column time(String name, String sentence) {
    return new Column(name, ColumnType.Scalar.TIMESTAMP, sentence);
  }

  static Column list(String name, ColumnType element, String sentence) {
    return new Column(name, new ColumnType.ListOf(element), sentence);
  }

  static Column struct(String name, String sentence, Column... fields) {
    return new Column(name, new ColumnType.Struct(List.of(fields)), sentence);
  }
}
