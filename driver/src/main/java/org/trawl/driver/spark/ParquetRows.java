package org.trawl.driver.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trawl.driver.results.HadoopConfiguration;

/**
 * The rows of a Parquet file, or of all files in a folder, one after the other by name. They are
 * read where they are asked for, with Spark's reading of Parquet but without a session or a job. A
 * folder called {@code column=value} adds a column to the files below it, as Spark and Hive write
 * them.
 */
final class ParquetRows {
  private static final List<ConfigEntry<Object>> ASKED =
      List.of(
          SQLConf.LEGACY_PARQUET_NANOS_AS_LONG(),
          SQLConf.PARQUET_BINARY_AS_STRING(),
          SQLConf.PARQUET_FIELD_ID_READ_ENABLED(),
          SQLConf.IGNORE_MISSING_PARQUET_FIELD_ID(),
          SQLConf.PARQUET_IGNORE_VARIANT_ANNOTATION(),
          SQLConf.PARQUET_INFER_TIMESTAMP_NTZ_ENABLED(),
          SQLConf.PARQUET_INT96_AS_TIMESTAMP(),
          SQLConf.PARQUET_READER_RESPECT_UNKNOWN_TYPE_ANNOTATION(),
          SQLConf.VARIANT_ALLOW_READING_SHREDDED(),
          SQLConf.LEGACY_PARQUET_RETURN_NULL_STRUCT_IF_ALL_FIELDS_MISSING(),
          SQLConf.NESTED_SCHEMA_PRUNING_ENABLED());

  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  private final Configuration configuration;

  /** All files, each with the values of its folders. */
  private final Map<Path, Map<String, String>> files;

  /** The types of the columns that folders add. */
  private final Map<String, DataType> added;

  private ParquetRows(Configuration configuration, Map<Path, Map<String, String>> files) {
    this.configuration = configuration;
    this.files = files;
    this.added = new LinkedHashMap<>();
    for (Map<String, String> values : files.values()) {
      values.keySet().forEach(column -> added.putIfAbsent(column, type(column)));
    }
  }

  /**
   * Looks for the files.
   *
   * @throws IOException if there is none
   */
  static ParquetRows of(Path root) throws IOException {
    Configuration configuration = configuration();
    FileSystem system = root.getFileSystem(configuration);
    if (!system.exists(root)) {
      throw new FileNotFoundException("no such file or folder");
    }
    Path folder = system.makeQualified(root);
    Map<Path, Map<String, String>> files = new TreeMap<>();
    find(system, folder, path -> files.put(path, values(folder, path)));
    if (files.isEmpty()) {
      throw new FileNotFoundException("no file in it");
    }
    return new ParquetRows(configuration, files);
  }

  /** All files below a path, but for those that Spark and Hadoop leave beside data. */
  private static void find(FileSystem system, Path path, Consumer<Path> found) throws IOException {
    for (FileStatus file : system.listStatus(path)) { // of a file, itself
      String name = file.getPath().getName();
      boolean asked = file.getPath().equals(path);
      boolean beside = name.startsWith("_") || name.startsWith(".");
      if (file.isDirectory() && !(beside && !name.contains("="))) {
        find(system, file.getPath(), found);
      } else if (file.isFile() && (asked || !beside)) {
        found.accept(file.getPath());
      }
    }
  }

  /** Of the folders between a folder and a file in it. */
  private static Map<String, String> values(Path folder, Path file) {
    Map<String, String> values = new LinkedHashMap<>();
    List<Path> between = new ArrayList<>();
    for (Path path = file.getParent();
        path != null && !path.equals(folder) && path.depth() > folder.depth();
        path = path.getParent()) {
      between.add(0, path);
    }
    for (Path path : between) {
      String[] parts = path.getName().split("=", 2);
      if (parts.length == 2 && !parts[0].isEmpty()) {
        values.put(
            ExternalCatalogUtils.unescapePathName(parts[0]),
            ExternalCatalogUtils.unescapePathName(parts[1]));
      }
    }
    return values;
  }

  /** What Spark's reading of Parquet asks for, as it is where nobody sets it. */
  private static Configuration configuration() {
    Configuration configuration = new Configuration(HadoopConfiguration.current());
    SQLConf defaults = new SQLConf();
    for (ConfigEntry<Object> asked : ASKED) {
      configuration.set(asked.key(), defaults.getConf(asked).toString());
    }
    configuration.setBoolean(SQLConf.CASE_SENSITIVE().key(), true);
    return configuration;
  }

  /** Whole numbers, numbers, or texts: whichever all values are. */
  private DataType type(String column) {
    boolean whole = true;
    boolean real = true;
    for (Map<String, String> values : files.values()) {
      String value = values.getOrDefault(column, NULL);
      whole &= value.equals(NULL) || value.matches("-?\\d{1,18}");
      real &= value.equals(NULL) || value.matches("-?\\d+(\\.\\d*)?([eE][+-]?\\d+)?");
    }
    return whole ? DataTypes.LongType : real ? DataTypes.DoubleType : DataTypes.StringType;
  }

  /** Takes the rows of one file after the other. */
  interface Taker {
    /** The file that comes next. */
    void file(Path file);

    /**
     * The columns of its rows.
     *
     * @param index names of those that pandas says it made of an index
     */
    void columns(StructType schema, Set<String> index);

    void row(Row row);
  }

  /**
   * Reads all files.
   *
   * @throws IOException if one cannot be read or is damaged
   */
  void read(Taker taker) throws IOException {
    for (Map.Entry<Path, Map<String, String>> file : files.entrySet()) {
      read(file.getKey(), file.getValue(), taker);
    }
  }

  private void read(Path file, Map<String, String> values, Taker taker) throws IOException {
    taker.file(file);
    FileMetaData metadata = metadata(file);
    StructType stored =
        new ParquetToSparkSchemaConverter(configuration).convert(metadata.getSchema());
    List<String> more = new ArrayList<>(added.keySet());
    more.removeAll(List.of(stored.fieldNames()));
    StructType whole = stored;
    for (String column : more) {
      whole = whole.add(column, added.get(column));
    }
    taker.columns(whole, index(metadata));
    Object[] row = new Object[whole.length()];
    for (int i = 0; i < more.size(); i++) {
      row[stored.length() + i] = value(values.getOrDefault(more.get(i), NULL), more.get(i));
    }
    Configuration asked = new Configuration(configuration);
    asked.set(ParquetReadSupport.SPARK_ROW_REQUESTED_SCHEMA(), stored.json());
    scala.Function1<Object, Object> converter =
        CatalystTypeConverters.createToScalaConverter(stored);
    try (ParquetReader<InternalRow> reader =
        ParquetReader.builder(new ParquetReadSupport(), file).withConf(asked).build()) {
      for (InternalRow next = reader.read(); next != null; next = reader.read()) {
        Row fields = (Row) converter.apply(next);
        for (int i = 0; i < stored.length(); i++) {
          row[i] = fields.get(i);
        }
        taker.row(RowFactory.create(row));
      }
    }
  }

  private FileMetaData metadata(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
      return reader.getFileMetaData();
    }
  }

  /** The columns that pandas made of an index, as it notes beside the schema. */
  private static Set<String> index(FileMetaData metadata) {
    Set<String> index = new HashSet<>();
    try {
      String pandas = metadata.getKeyValueMetaData().getOrDefault("pandas", "{}");
      for (JsonNode column : new ObjectMapper().readTree(pandas).path("index_columns")) {
        if (column.isTextual()) { // an object is a range, which is no column
          index.add(column.textValue());
        }
      }
    } catch (JsonProcessingException damaged) {
      return Set.of();
    }
    return index;
  }

  private Object value(String text, String column) {
    if (text.equals(NULL)) {
      return null;
    }
    DataType type = added.get(column);
    return type.equals(DataTypes.LongType)
        ? (Object) Long.valueOf(text)
        : type.equals(DataTypes.DoubleType) ? (Object) Double.valueOf(text) : text;
  }
}
