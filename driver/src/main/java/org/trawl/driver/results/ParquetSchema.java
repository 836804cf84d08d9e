package org.trawl.driver.results;

import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Columns as a Parquet schema; every field is optional. */
final class ParquetSchema {
  private ParquetSchema() {}

  static MessageType of(List<Column> columns) {
    return new MessageType("row", types(columns));
  }

  private static List<Type> types(List<Column> columns) {
    return columns.stream().map(column -> type(column.name(), column.type())).toList();
  }

  private static Type type(String name, ColumnType type) {
    if (type instanceof ColumnType.ListOf list) {
      return Types.optionalList().element(type("element", list.element())).named(name);
    } else if (type instanceof ColumnType.Struct struct) {
      return Types.optionalGroup()
          .addFields(types(struct.fields()).toArray(Type[]::new))
          .named(name);
    }
    return switch ((ColumnType.Scalar) type) {
      case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
      case INTEGER -> Types.optional(PrimitiveTypeName.INT32).named(name);
      case LONG -> Types.optional(PrimitiveTypeName.INT64).named(name);
      case DOUBLE -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
      case STRING ->
          Types.optional(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(name);
      case TIMESTAMP ->
          Types.optional(PrimitiveTypeName.INT64)
              .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
              .named(name);
    };
  }
}
