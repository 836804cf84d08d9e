package org.trawl.driver.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.CallMethodViaReflection;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.DescribeColumn;
import org.apache.spark.sql.catalyst.plans.logical.DescribeRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ScriptTransformation;
import org.apache.spark.sql.catalyst.plans.logical.ShowColumns;
import org.apache.spark.sql.catalyst.plans.logical.ShowFunctions;
import org.apache.spark.sql.catalyst.plans.logical.ShowTables;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.trawl.driver.results.Column;
import org.trawl.driver.results.ColumnType;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.SparkSessions;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Nearest;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A Spark SQL query over the tables of one run or several, each under its name. It only reads: what
 * is neither a query nor SHOW or DESCRIBE is refused before it does anything, and so is a query
 * that would run a program or call a Java method.
 */
public final class SqlQuery {
  /** What may be asked beside queries. */
  private static final Set<Class<? extends LogicalPlan>> ALLOWED =
      Set.of(
          ShowTables.class,
          ShowColumns.class,
          ShowFunctions.class,
          DescribeRelation.class,
          DescribeColumn.class);

  /** Where Spark says that the error is, in three ways; the first two count positions from 0. */
  private static final Pattern PLACE =
      Pattern.compile("line (\\d+),? pos (\\d+)|== SQL \\(line (\\d+), position (\\d+)\\)");

  /** The column that tells runs apart. */
  private static final String RUN = "run";

  private static final String RUN_SENTENCE = "name of the run's folder";

  /** Of a table's file, whose address is encoded as those of the web are. */
  private static final String RUN_OF_FILE =
      "url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B'))";

  /** Bytes of tables from which compiling a query, and planning it as it runs, pays. */
  private static final long WORTH_COMPILING = 64L << 20;

  /** Spark's option whether an address may be a pattern, for which Hadoop refuses colons. */
  private static final String PATTERNS = "__globPaths__";

  /** How often tables are read that are written meanwhile. */
  private static final int READINGS = 8;

  private SqlQuery() {}

  /** Starts Spark for queries, where spark-submit says or here. */
  public static SparkSession session() {
    SparkSession session = SparkSessions.session(Optional.empty(), "sql");
    // What fails is told in one line; Spark's own pages about it would bury that.
    session.sparkContext().setLogLevel("OFF");
    return session;
  }

  /**
   * Answers a query. A table that a run writes anew before the first row is there is read anew.
   *
   * @param session stays as it is: the tables are registered in one of its own
   * @return rows that are computed as they are read, once; an error of the query may appear then
   * @throws InputException in one line with the place, if the query is wrong or not a query
   * @throws InfrastructureException if the tables cannot be read
   */
  public static Rows rows(SparkSession session, List<RunFolder> runs, String sql) {
    String query = sql.strip().replaceAll("(\\s*;)+$", "");
    SparkSession own = session.newSession();
    own.conf().set("spark.sql.datetime.java8API.enabled", true);
    own.conf().set("spark.sql.session.timeZone", "UTC");
    own.conf().set("spark.sql.shuffle.partitions", 1);
    for (int reading = 1; ; reading++) {
      List<Optional<Instant>> written = written(runs);
      try {
        return answer(own, runs, query);
      } catch (InfrastructureException failure) {
        if (reading == READINGS || written(runs).equals(written)) {
          throw failure;
        }
      }
    }
  }

  private static List<Optional<Instant>> written(List<RunFolder> runs) {
    return runs.stream().map(RunFolder::tablesChanged).toList();
  }

  private static Rows answer(SparkSession own, List<RunFolder> runs, String query) {
    return explained(
        () -> {
          boolean inGeneral = requireQuery(own, query);
          long bytes =
              Table.ALL.stream()
                  .filter(table -> inGeneral || names(query, table))
                  .mapToLong(table -> register(own, table, runs))
                  .sum();
          if (bytes < WORTH_COMPILING) {
            own.conf().set("spark.sql.codegen.wholeStage", false);
            own.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
            own.conf().set("spark.sql.adaptive.enabled", false);
          }
          Dataset<Row> result = own.sql(query);
          requireOnlyReads(
              ((org.apache.spark.sql.classic.Dataset<Row>) result).queryExecution().analyzed());
          List<String> columns = distinct(result.columns());
          Iterator<Row> rows = result.toLocalIterator();
          boolean any = rows.hasNext(); // reads the tables, or their first part
          return new Rows(columns, () -> any ? values(columns, rows) : Collections.emptyIterator());
        });
  }

  /** Whether a query could be about a table. */
  private static boolean names(String query, Table table) {
    String text = query.toLowerCase(Locale.ROOT);
    return text.contains(table.name()) || text.contains("identifier");
  }

  /** Whether what is asked is about tables in general, such as which there are. */
  private static boolean requireQuery(SparkSession session, String sql) throws ParseException {
    ParserInterface parser =
        ((org.apache.spark.sql.classic.SparkSession) session).sessionState().sqlParser();
    LogicalPlan statement = parser.parsePlan(sql);
    if (ALLOWED.contains(statement.getClass())) {
      return true;
    }
    try {
      parser.parseQuery(sql);
      return false;
    } catch (ParseException notAQuery) {
      throw new InputException(
          "Cannot run what is not a query: %s. Expected SELECT, WITH, VALUES, SHOW TABLES or DESCRIBE"
              .formatted(sql.lines().findFirst().orElse("").strip()));
    }
  }

  /** Refuses programs and Java methods within a query. */
  private static void requireOnlyReads(LogicalPlan plan) {
    boolean methods =
        CollectionConverters.asJava(plan.expressions()).stream()
            .anyMatch(term -> term.exists(CallMethodViaReflection.class::isInstance));
    if (plan instanceof ScriptTransformation || methods) {
      throw new InputException(
          "Cannot run programs from a query: expected no TRANSFORM, MAP or REDUCE with USING, no"
              + " reflect and no java_method");
    }
    CollectionConverters.asJava(plan.children()).forEach(SqlQuery::requireOnlyReads);
    CollectionConverters.asJava(plan.subqueries()).forEach(SqlQuery::requireOnlyReads);
  }

  /** Registers a table of runs, where they have it; its bytes. */
  private static long register(SparkSession session, Table table, List<RunFolder> runs) {
    Configuration hadoop =
        ((org.apache.spark.sql.classic.SparkSession) session).sessionState().newHadoopConf();
    StructType schema = schema(table.columns());
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (RunFolder run : runs) {
      String address = address(run, table);
      size(address, hadoop).ifPresent(size -> sizes.put(address, size));
    }
    String[] addresses = sizes.keySet().toArray(String[]::new);
    Dataset<Row> rows =
        addresses.length == 0
            ? session.createDataFrame(List.of(), schema)
            : session.read().option(PATTERNS, false).schema(schema).parquet(addresses);
    rows.select(
            functions.col("*"),
            (addresses.length == 0 ? functions.lit("") : functions.expr(RUN_OF_FILE))
                .as(RUN, new MetadataBuilder().putString("comment", RUN_SENTENCE).build()))
        .createOrReplaceTempView(table.name());
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String address(RunFolder run, Table table) {
    String address = run.tableAddress(table);
    return run.local() ? "file://" + Path.of(address).toAbsolutePath().normalize() : address;
  }

  /** The bytes of a folder; empty where there is none. */
  private static Optional<Long> size(String address, Configuration hadoop) {
    try {
      var path = new org.apache.hadoop.fs.Path(address);
      return Optional.of(path.getFileSystem(hadoop).getContentSummary(path).getLength());
    } catch (FileNotFoundException none) {
      return Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot look for " + address, failure);
    }
  }

  private static StructType schema(List<Column> columns) {
    StructType schema = new StructType();
    for (Column column : columns) {
      schema = schema.add(column.name(), type(column.type()), true, column.sentence());
    }
    return schema;
  }

  private static DataType type(ColumnType type) {
    if (type instanceof ColumnType.ListOf list) {
      return DataTypes.createArrayType(type(list.element()), true);
    } else if (type instanceof ColumnType.Struct struct) {
      return schema(struct.fields());
    }
    return switch ((ColumnType.Scalar) type) {
      case BOOLEAN -> DataTypes.BooleanType;
      case INTEGER -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case DOUBLE -> DataTypes.DoubleType;
      case STRING -> DataTypes.StringType;
      case TIMESTAMP -> DataTypes.TimestampType;
    };
  }

  /** The names, of which a repeated one is numbered: rows are maps. */
  private static List<String> distinct(String[] names) {
    Set<String> distinct = new LinkedHashSet<>();
    for (String name : names) {
      String free = name;
      for (int number = 2; !distinct.add(free); number++) {
        free = name + "_" + number;
      }
    }
    return List.copyOf(distinct);
  }

  private static Iterator<Map<String, Object>> values(List<String> columns, Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return explained(rows::hasNext);
      }

      @Override
      public Map<String, Object> next() {
        return explained(() -> fields(columns, rows.next()));
      }
    };
  }

  private static Map<String, Object> fields(List<String> names, Row row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      fields.put(names.get(i), plain(row.get(i)));
    }
    return fields;
  }

  /** A value of Spark's as Java's own types hold it. */
  private static Object plain(Object value) {
    if (value instanceof Row row) {
      return fields(distinct(row.schema().fieldNames()), row);
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      CollectionConverters.asJava(map).forEach((key, entry) -> entries.put(key, plain(entry)));
      return entries;
    } else if (value instanceof scala.collection.Iterable<?> elements) {
      List<Object> list = new ArrayList<>();
      CollectionConverters.asJava(elements).forEach(element -> list.add(plain(element)));
      return list;
    }
    return value;
  }

  private interface Query<T> {
    T run() throws ParseException;
  }

  /** Runs a part of a query, with Spark's errors about the query in one line. */
  private static <T> T explained(Query<T> query) {
    try {
      return query.run();
    } catch (InputException alreadyExplained) {
      throw alreadyExplained;
    } catch (Exception failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof SparkThrowable wrong && ofQuery(wrong)) {
          throw new InputException("Cannot run the query: " + explanation(wrong, cause));
        }
      }
      throw new InfrastructureException(
          "Cannot answer the query: " + oneLine(String.valueOf(failure.getMessage())), failure);
    }
  }

  /**
   * SQL's classes of errors that are of who asks: what is not supported, cardinalities, data
   * exceptions, syntax and names, and what a query raises itself.
   */
  private static boolean ofQuery(SparkThrowable error) {
    String state = error.getSqlState();
    return state != null && state.matches("(0A|21|22|42|P0).*");
  }

  private static String explanation(SparkThrowable error, Throwable cause) {
    if ("TABLE_OR_VIEW_NOT_FOUND".equals(error.getCondition())) {
      String name = error.getMessageParameters().getOrDefault("relationName", "").replace("`", "");
      List<String> tables = Table.ALL.stream().map(Table::name).toList();
      return "there is no table %s%s. Expected one of: %s"
          .formatted(name, Nearest.suggestion(name, tables), String.join(", ", tables));
    }
    return oneLine(cause.getMessage());
  }

  /** "line 1, position 10: Syntax error at or near 'FRM'." */
  private static String oneLine(String message) {
    Matcher found = PLACE.matcher(message);
    String place = "";
    if (found.find()) {
      boolean fromZero = found.group(1) != null;
      int position =
          fromZero ? Integer.parseInt(found.group(2)) + 1 : Integer.parseInt(found.group(4));
      place =
          String.format(
              Locale.ROOT, "line %s, position %d: ", found.group(fromZero ? 1 : 3), position);
    }
    String text =
        message
            .split("== SQL|;?\\s*\n'", 2)[0]
            .replaceAll("\\s+", " ")
            .replaceFirst("^ ?\\[[A-Z0-9_.]+\\] ", "")
            .replaceFirst("[; (]+line \\d+,? pos \\d+\\)?.*", "")
            .replaceAll(" ?SQLSTATE: \\w+", "")
            .replaceAll(
                " ?If necessary set \"spark[^.]*[.][^ ]* to \"false\" to bypass[^.]*[.]", "");
    return place + text.strip();
  }
}
