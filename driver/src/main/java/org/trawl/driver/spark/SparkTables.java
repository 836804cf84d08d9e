package org.trawl.driver.spark;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.TableColumns;
import org.trawl.core.data.storage.TableRows;

/**
 * Reads the rows of Parquet files, and in the driver those of tables and of queries, with Spark's
 * SQL. Their order does not depend on the number of cores: files are read one after the other by
 * name, and the rows of a table or query, which has no order, are sorted by all columns.
 *
 * <p>A feature is a numeric or boolean column, a text, an array of numbers, or an image: bytes of a
 * PNG, JPEG or BMP file, the structure of Spark's image source, or a structure with such {@code
 * bytes}.
 */
final class SparkTables {
  /** What a label can be beside a number; its text is the class. */
  private static final List<Class<?>> LABELS =
      List.of(
          String.class,
          Boolean.class,
          java.sql.Date.class,
          java.sql.Timestamp.class,
          LocalDate.class,
          LocalDateTime.class,
          Instant.class);

  private static final int SHOWN_COLUMNS = 20;
  private static final int LONGEST_REASON = 300;

  private SparkTables() {}

  /** Reads a table; see {@link org.trawl.core.data.storage.Storage#rows}. */
  static void read(SourceSpec source, String address, TableRows rows) throws IOException {
    try {
      if (source.format() == Format.TABLE) {
        readTable(address, rows);
      } else {
        readFiles(address, rows);
      }
    } catch (DataException | IOException explained) {
      throw explained;
    } catch (Exception refused) { // Spark's, which its Scala does not declare
      throw new IOException(firstLine(refused), refused);
    }
  }

  private static void readTable(String address, TableRows rows) throws IOException, ParseException {
    boolean started = SparkEnv.get() == null;
    if (!started && !"driver".equals(SparkEnv.get().executorId())) {
      throw new IOException("only the driver reads tables, and it has not sent this one");
    }
    scala.Option<SparkSession> there = SparkSession.getDefaultSession();
    SparkSession session =
        there.isDefined()
            ? there.get().newSession()
            : SparkSessions.session(Optional.empty(), "data").newSession();
    if (started) { // what fails is told in one line; Spark's pages about it would bury that
      session.sparkContext().setLogLevel("OFF");
    }
    try {
      session.conf().set("spark.sql.shuffle.partitions", 1);
      Dataset<Row> table = table(session, address);
      Column[] all =
          Arrays.stream(table.columns())
              .map(name -> table.col(quoted(name)))
              .toArray(Column[]::new);
      Reading reading = new Reading(address, table.schema(), Set.of(), rows);
      table.sort(all).toLocalIterator().forEachRemaining(reading::read);
    } finally {
      if (started) {
        session.stop();
      }
    }
  }

  private static Dataset<Row> table(SparkSession session, String text) throws ParseException {
    if (text.matches("[\\w.`]+")) {
      return session.table(text);
    }
    // What is not a query would do something.
    ((org.apache.spark.sql.classic.SparkSession) session)
        .sessionState()
        .sqlParser()
        .parseQuery(text);
    return session.sql(text);
  }

  private static void readFiles(String address, TableRows rows) throws IOException {
    Files taker = new Files(address, rows);
    try {
      ParquetRows.of(new Path(address)).read(taker);
    } catch (OutOfMemoryError tooLarge) { // what a damaged page claims to be, too
      throw new IOException(
          "%stakes more memory than there is, or is damaged".formatted(taker.file()), tooLarge);
    } catch (DataException explained) {
      throw explained;
    } catch (Exception damaged) { // what the reader throws has many types
      throw new IOException(taker.file() + innermost(damaged), damaged);
    }
  }

  /** The rows of files, which all have the same columns. */
  private static final class Files implements ParquetRows.Taker {
    private final String address;
    private final TableRows rows;
    private Path current;
    private Reading reading;

    Files(String address, TableRows rows) {
      this.address = address;
      this.rows = rows;
    }

    /** The file that is being read, for errors; empty where the address is the file. */
    String file() {
      return current == null || current.toUri().getPath().equals(address)
          ? ""
          : current.getName() + ": ";
    }

    @Override
    public void file(Path file) {
      current = file;
    }

    @Override
    public void columns(StructType schema, Set<String> index) {
      if (reading == null) {
        reading = new Reading(address, schema, index, rows);
      } else if (!Arrays.equals(reading.schema.fieldNames(), schema.fieldNames())) {
        throw new DataException(
            "%s: expected the columns %s as in the files before it, found %s"
                .formatted(current, shown(reading.schema), shown(schema)));
      }
    }

    @Override
    public void row(Row row) {
      reading.read(row);
    }
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  private static String shown(StructType schema) {
    List<String> names = List.of(schema.fieldNames());
    String list = String.join(", ", names.subList(0, Math.min(SHOWN_COLUMNS, names.size())));
    return names.size() > SHOWN_COLUMNS ? list + ", …" : list;
  }

  /** What went wrong first; the reader of Parquet wraps it again and again. */
  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = firstLine(cause);
    boolean told = cause instanceof IOException && !message.equals("null");
    return told ? message : "damaged (%s: %s)".formatted(cause.getClass().getSimpleName(), message);
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    String line = message.lines().findFirst().orElse("").replaceAll("\\s+", " ");
    return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "…" : line;
  }

  /** The reading of the rows of one table. */
  private static final class Reading {
    private final StructType schema;
    private final TableRows rows;
    private final int label;
    private final List<Integer> features = new ArrayList<>();
    private final Set<Integer> texts = new HashSet<>();

    Reading(String address, StructType schema, Set<String> index, TableRows rows) {
      this.schema = schema;
      this.rows = rows;
      List<String> names = List.of(schema.fieldNames());
      TableColumns chosen = rows.choose(names, index);
      this.label = chosen.label();
      for (int i : chosen.features()) {
        DataType type = schema.fields()[i].dataType();
        requireFeature(address, names.get(i), type);
        if (type instanceof StringType) {
          texts.add(i);
        }
        features.add(i);
      }
    }

    private static void requireFeature(String address, String name, DataType type) {
      boolean numbers =
          type instanceof NumericType
              || type instanceof BooleanType
              || type instanceof StringType
              || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
      if (!numbers && !(type instanceof BinaryType) && !image(type) && !imageFile(type)) {
        throw new DataException(
            "%s: column %s: expected numbers, texts, an array of numbers or an image, found %s (cure: ignore"
                    .formatted(address, name, type.simpleString())
                + " = [..] in its description, or a query: format = table)");
      }
    }

    /** Whether it is what Spark's image source reads. */
    private static boolean image(DataType type) {
      return type instanceof StructType struct
          && List.of(struct.fieldNames())
              .containsAll(List.of("height", "width", "nChannels", "data"));
    }

    private static boolean imageFile(DataType type) {
      return type instanceof StructType struct && List.of(struct.fieldNames()).contains("bytes");
    }

    void read(Row row) {
      for (int column : features) {
        Object value = row.get(column);
        if (value == null && texts.contains(column)) {
          rows.text(null);
        } else {
          feature(value);
        }
      }
      label(row.get(label));
    }

    private void feature(Object value) {
      if (value == null) {
        rows.missing();
      } else if (value instanceof Long whole) {
        rows.whole(whole);
      } else if (value instanceof BigDecimal decimal) {
        rows.rounded(decimal);
        rows.number(decimal.doubleValue());
      } else if (value instanceof Number number) {
        rows.number(number.doubleValue());
      } else if (value instanceof String text) {
        rows.text(text);
      } else if (value instanceof Boolean flag) {
        rows.number(flag ? 1 : 0);
      } else if (value instanceof byte[] bytes) {
        rows.binary(bytes);
      } else if (value instanceof Row struct) {
        image(struct);
      } else if (value instanceof scala.collection.Seq<?> list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
          if (list.apply(i) instanceof Long whole) {
            rows.rounded(whole);
          }
          numbers[i] = list.apply(i) instanceof Number n ? n.doubleValue() : Double.NaN;
        }
        rows.numbers(numbers);
      } else {
        throw rows.wrong("a number", value.getClass().getSimpleName());
      }
    }

    private void image(Row struct) {
      if (imageFile(struct.schema())) {
        byte[] bytes = struct.getAs("bytes");
        if (bytes == null) {
          throw rows.wrong("the bytes of an image", "NULL");
        }
        rows.binary(bytes);
        return;
      }
      int height = struct.getAs("height");
      int width = struct.getAs("width");
      int channels = struct.getAs("nChannels");
      byte[] data = struct.getAs("data");
      long claimed = (long) height * width * channels;
      boolean possible = height > 0 && width > 0 && channels > 0 && channels <= 4;
      if (!possible || channels == 2 || data == null || data.length != claimed) {
        throw rows.wrong(
            "an image of 1, 3 or 4 channels",
            String.format(
                Locale.ROOT,
                "%dx%dx%d in %s bytes",
                height,
                width,
                channels,
                data == null ? "no" : data.length));
      }
      byte[] pixels = data.clone();
      for (int i = 0; channels > 1 && i < pixels.length; i += channels) { // blue comes first
        pixels[i] = data[i + 2];
        pixels[i + 2] = data[i];
      }
      rows.pixels(new SampleShape(height, width, channels), pixels);
    }

    private void label(Object value) {
      if (value instanceof Long || value instanceof Integer) {
        rows.label(((Number) value).longValue());
      } else if (value instanceof Short || value instanceof Byte) {
        rows.label(((Number) value).longValue());
      } else if (value instanceof Double || value instanceof Float) {
        double number = ((Number) value).doubleValue();
        if (!Double.isFinite(number)) {
          throw rows.wrongLabel("a label that is a finite number or a text", "" + number);
        } else if (number == Math.rint(number) && Math.abs(number) < 1e15) {
          rows.label((long) number);
        } else {
          rows.label(Double.toString(number));
        }
      } else if (value instanceof BigDecimal decimal) {
        rows.label(decimal.stripTrailingZeros().toPlainString());
      } else if (value == null || LABELS.stream().anyMatch(type -> type.isInstance(value))) {
        rows.label(value == null ? null : value.toString());
      } else {
        throw rows.wrongLabel(
            "a label that is a number or a text", "a value of " + value.getClass().getSimpleName());
      }
    }
  }
}
