import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A short exercise of Spark, run from source by the launcher: the JVM archives the classes that it
 * loads (class-data sharing), and later starts map them instead of reading them from the jars.
 */
final class Warmup {
  /** Writes and queries a small Parquet table in a scratch folder. */
  public static void main(String[] arguments) throws Exception {
    String table = Path.of(arguments[0], "table").toString();
    var schema =
        new StructType()
            .add("key", DataTypes.StringType)
            .add("widths", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("epoch", DataTypes.IntegerType)
            .add("value", DataTypes.DoubleType);
    var rows =
        List.of(
            RowFactory.create("a", new Integer[] {20, 10}, 1, 0.5),
            RowFactory.create("b", new Integer[] {}, 2, null));
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      spark.createDataFrame(rows, schema).coalesce(1).write().parquet(table);
      spark.read().parquet(table).createOrReplaceTempView("rows");
      spark
          .sql(
              "SELECT key, count(*) AS count, avg(value) AS mean, stddev(value) AS deviation"
                  + " FROM rows WHERE epoch > 0 AND NOT key = 'c' GROUP BY key ORDER BY mean DESC")
          .toJSON()
          .collectAsList();
      spark.sparkContext().range(0, 4, 1, 2).count();
    }
  }
}
