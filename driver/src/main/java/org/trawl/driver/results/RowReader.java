package org.trawl.driver.results;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Puts rows together from the fields that the Parquet reader hands over. */
final class RowReader extends RecordMaterializer<Map<String, Object>> {
  private final StructConverter root;
  private Map<String, Object> row;

  /**
   * @param columns of the rows
   * @param present those of them that the file holds
   * @param schema of {@code present}
   * @param first what the first of these, a text, must fulfil for a row to be made; empty for any
   */
  RowReader(
      List<Column> columns,
      List<Column> present,
      MessageType schema,
      Optional<Predicate<String>> first) {
    assert schema.getFieldCount() == present.size();
    this.root = new StructConverter(columns, present, value -> row = value);
    first.ifPresent(root::requireFirst);
  }

  /** The row; null where its first column is not as it must be. */
  @Override
  public Map<String, Object> getCurrentRecord() {
    return row;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  private static Converter converter(ColumnType type, Consumer<Object> sink) {
    if (type instanceof ColumnType.ListOf list) {
      return new ListConverter(list.element(), sink);
    } else if (type instanceof ColumnType.Struct struct) {
      return new StructConverter(struct.fields(), struct.fields(), sink::accept);
    }
    return new ScalarConverter((ColumnType.Scalar) type, sink);
  }

  private static final class StructConverter extends GroupConverter {
    private final Row.Names names;
    private final List<Converter> fields = new ArrayList<>();
    private final Consumer<Map<String, Object>> sink;
    private Object[] current;
    private boolean selective;

    StructConverter(List<Column> all, List<Column> present, Consumer<Map<String, Object>> sink) {
      this.names = new Row.Names(all);
      for (Column column : present) {
        int place = names.place(column.name());
        fields.add(converter(column.type(), value -> put(place, value)));
      }
      this.sink = sink;
    }

    private void put(int place, Object value) {
      if (current != null) {
        current[place] = value;
      }
    }

    /** Makes only those whose first column is so. */
    void requireFirst(Predicate<String> wanted) {
      selective = true;
      Consumer<Object> begin =
          value -> {
            if (wanted.test((String) value)) {
              current = new Object[names.size()];
              current[0] = value;
            }
          };
      fields.set(0, new ScalarConverter(ColumnType.Scalar.STRING, begin));
    }

    @Override
    public Converter getConverter(int index) {
      return fields.get(index);
    }

    @Override
    public void start() {
      current = selective ? null : new Object[names.size()];
    }

    @Override
    public void end() {
      sink.accept(current == null ? null : new Row(names, current));
    }
  }

  private static final class ListConverter extends GroupConverter {
    private final GroupConverter repeated;
    private final Consumer<Object> sink;
    private List<Object> elements;
    private Object element;

    ListConverter(ColumnType type, Consumer<Object> sink) {
      Converter inner = converter(type, value -> element = value);
      this.sink = sink;
      this.repeated =
          new GroupConverter() {
            @Override
            public Converter getConverter(int index) {
              return inner;
            }

            @Override
            public void start() {
              element = null;
            }

            @Override
            public void end() {
              elements.add(element);
            }
          };
    }

    @Override
    public Converter getConverter(int index) {
      return repeated;
    }

    @Override
    public void start() {
      elements = new ArrayList<>();
    }

    @Override
    public void end() {
      sink.accept(Collections.unmodifiableList(elements));
    }
  }

  private static final class ScalarConverter extends PrimitiveConverter {
    private final ColumnType.Scalar type;
    private final Consumer<Object> sink;
    private String[] words;

    ScalarConverter(ColumnType.Scalar type, Consumer<Object> sink) {
      this.type = type;
      this.sink = sink;
    }

    @Override
    public boolean hasDictionarySupport() {
      return type == ColumnType.Scalar.STRING;
    }

    @Override
    public void setDictionary(Dictionary dictionary) {
      words = new String[dictionary.getMaxId() + 1];
      for (int id = 0; id < words.length; id++) {
        words[id] = dictionary.decodeToBinary(id).toStringUsingUTF8();
      }
    }

    @Override
    public void addValueFromDictionary(int id) {
      sink.accept(words[id]);
    }

    @Override
    public void addBinary(Binary value) {
      sink.accept(value.toStringUsingUTF8());
    }

    @Override
    public void addBoolean(boolean value) {
      sink.accept(value);
    }

    @Override
    public void addDouble(double value) {
      sink.accept(value);
    }

    @Override
    public void addInt(int value) {
      sink.accept(value);
    }

    @Override
    public void addLong(long value) {
      sink.accept(
          type == ColumnType.Scalar.TIMESTAMP
              ? Instant.EPOCH.plus(value, ChronoUnit.MICROS)
              : (Object) value);
    }
  }
}
