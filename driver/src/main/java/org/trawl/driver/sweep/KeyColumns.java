package org.trawl.driver.sweep;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trawl.core.data.source.SourceSpec;

/**
 * The values of keys as the columns of the table trials hold them: Integer, Double, Boolean, String
 * or a List of them. A batch size of all samples is NULL; a rate given a layer is NULL, and stands
 * in a column of its own whose name ends in _by_layer.
 */
public final class KeyColumns {
  private static final String BY_LAYER = "_by_layer";
  private static final String TEXT = "_text";

  private KeyColumns() {}

  /** The columns of a key: one, and for rates the one of those given a layer. */
  public static List<String> names(Key key) {
    return key.type() == KeyType.RATES
        ? List.of(key.column(), key.column() + BY_LAYER)
        : List.of(key.column());
  }

  /** The column beside that of a key whose values are lists, which has them as texts. */
  public static Optional<String> text(Key key) {
    boolean list = key.type() == KeyType.WIDTHS || key.type() == KeyType.STEPS;
    return list ? Optional.of(key.column() + TEXT) : Optional.empty();
  }

  /** Puts the columns of keys into a row, lists as texts too. */
  public static void putWithTexts(Map<Key, Object> values, Map<String, Object> row) {
    put(values, row);
    values
        .keySet()
        .forEach(
            key -> text(key).ifPresent(text -> row.put(text, row.get(key.column()).toString())));
  }

  /** Puts the columns of keys into a row. */
  public static void put(Map<Key, Object> values, Map<String, Object> row) {
    values.forEach((key, value) -> put(key, value, row));
  }

  /** The columns of all keys as Spark SQL sees them. */
  static StructType schema() {
    StructType schema = new StructType();
    for (Key key : Keys.all()) {
      schema = schema.add(key.column(), type(key));
      if (key.type() == KeyType.RATES) {
        schema = schema.add(key.column() + BY_LAYER, DataTypes.createArrayType(type(key)));
      }
    }
    return schema;
  }

  private static DataType type(Key key) {
    return switch (key.type()) {
      case TEXT, FILE, SOURCE -> DataTypes.StringType;
      case FLAG -> DataTypes.BooleanType;
      case WHOLE, COUNT_OR_ALL -> DataTypes.IntegerType;
      case REAL, RATES -> DataTypes.DoubleType;
      case WIDTHS -> DataTypes.createArrayType(DataTypes.IntegerType);
      case STEPS -> DataTypes.createArrayType(DataTypes.StringType);
    };
  }

  private static void put(Key key, Object value, Map<String, Object> row) {
    String column = key.column();
    switch (key.type()) {
      case TEXT, FILE, FLAG, STEPS -> row.put(column, value);
      case SOURCE -> row.put(column, value instanceof SourceSpec spec ? spec.name() : value);
      case WHOLE, COUNT_OR_ALL -> row.put(column, whole(value));
      case REAL -> row.put(column, real(value));
      case WIDTHS -> row.put(column, ((List<?>) value).stream().map(KeyColumns::whole).toList());
      case RATES -> {
        boolean byLayer = value instanceof List;
        row.put(column, byLayer ? null : real(value));
        row.put(
            column + BY_LAYER,
            byLayer ? ((List<?>) value).stream().map(KeyColumns::real).toList() : null);
      }
    }
  }

  /** NULL for the word all. */
  private static Integer whole(Object value) {
    return value instanceof Long count ? Math.toIntExact(count) : null;
  }

  private static Double real(Object value) {
    return ((BigDecimal) value).doubleValue();
  }
}
