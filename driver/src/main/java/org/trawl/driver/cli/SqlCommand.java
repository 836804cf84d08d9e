package org.trawl.driver.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.trawl.driver.report.SqlQuery;
import org.trawl.driver.results.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trawl sql "SELECT ..."} */
@Command(name = "sql", description = "Answers a query in Spark SQL over the tables of runs.")
final class SqlCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "QUERY",
      description =
          "a query over trials, epochs, layers, parts, classes, confusion, roc, attempts and"
              + " ensembles; SHOW TABLES or DESCRIBE table")
  private String query;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "runs whose tables are united, by name or 'runs/*' (default: the only one)")
  private List<String> runs = List.of();

  @Mixin private FormatOption format;

  @Override
  public Integer call() throws IOException {
    List<RunFolder> folders = Runs.findOrOnly(runs);
    try (SparkSession session = SqlQuery.session()) {
      format.print(SqlQuery.rows(session, folders, query));
    }
    return ExitCode.DONE;
  }
}
