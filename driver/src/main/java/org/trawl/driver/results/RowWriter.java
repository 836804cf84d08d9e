package org.trawl.driver.results;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Hands rows, field by field, to the Parquet writer. */
final class RowWriter extends WriteSupport<Map<String, Object>> {
  private final List<Column> columns;
  private final Map<String, String> metadata;
  private RecordConsumer consumer;

  RowWriter(List<Column> columns, Map<String, String> metadata) {
    this.columns = columns;
    this.metadata = metadata;
  }

  @Override
  public WriteContext init(ParquetConfiguration unused) {
    return new WriteContext(ParquetSchema.of(columns), metadata);
  }

  @Override
  @SuppressWarnings("deprecation") // abstract all the same
  public WriteContext init(Configuration unused) {
    return new WriteContext(ParquetSchema.of(columns), metadata);
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(Map<String, Object> row) {
    consumer.startMessage();
    fields(columns, row);
    consumer.endMessage();
  }

  private void fields(List<Column> fields, Map<?, ?> row) {
    for (int index = 0; index < fields.size(); index++) {
      Column field = fields.get(index);
      Object value = row.get(field.name());
      if (!isNull(value)) {
        consumer.startField(field.name(), index);
        value(field.type(), value);
        consumer.endField(field.name(), index);
      }
    }
  }

  private static boolean isNull(Object value) {
    return value == null || (value instanceof Double real && !Double.isFinite(real));
  }

  private void value(ColumnType type, Object value) {
    if (type instanceof ColumnType.ListOf list) {
      elements(list.element(), (List<?>) value);
    } else if (type instanceof ColumnType.Struct struct) {
      consumer.startGroup();
      fields(struct.fields(), (Map<?, ?>) value);
      consumer.endGroup();
    } else {
      scalar((ColumnType.Scalar) type, value);
    }
  }

  /** The three levels: a group that is the list, a repeated group, and in it the element. */
  private void elements(ColumnType element, List<?> values) {
    consumer.startGroup();
    if (!values.isEmpty()) {
      consumer.startField("list", 0);
      for (Object value : values) {
        consumer.startGroup();
        if (!isNull(value)) {
          consumer.startField("element", 0);
          value(element, value);
          consumer.endField("element", 0);
        }
        consumer.endGroup();
      }
      consumer.endField("list", 0);
    }
    consumer.endGroup();
  }

  private void scalar(ColumnType.Scalar type, Object value) {
    switch (type) {
      case BOOLEAN -> consumer.addBoolean((Boolean) value);
      case INTEGER -> consumer.addInteger((Integer) value);
      case LONG -> consumer.addLong((Long) value);
      case DOUBLE -> consumer.addDouble((Double) value);
      case STRING -> consumer.addBinary(Binary.fromString((String) value));
      case TIMESTAMP -> consumer.addLong(ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
    }
  }
}
