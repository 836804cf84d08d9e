import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.trawl.driver.cli.Main;

/**
 * A short exercise of the verbs that answer questions about runs, run from source by the launcher:
 * the JVM archives the classes that they load, Trawl's own among them, so that they answer at once.
 */
final class QueryWarmup {
  private static final String SWEEP =
      """
      name = warmup
      repeats = 2
      data { source = digits, limit = 60, validation = 0.4 }
      network.hidden = [4]
      training { epochs = 2, batch-size = all }
      sweep { training.learning-rate = [0.1, 0.2], network.activation = [relu, tanh] }
      """;

  private static final String QUERY =
      """
      SELECT activation, count(DISTINCT trial) AS trials, avg(epochs.validation_loss) AS mean,
        max(epoch) AS epoch, min(hidden) AS hidden
      FROM epochs JOIN trials USING (trial)
      WHERE epochs.validation_loss > 0 AND NOT status = 'FAILED' AND trial IN (SELECT trial FROM classes)
      GROUP BY ALL ORDER BY mean DESC LIMIT 3
      """;

  /** Trains a few trials in a scratch folder, and asks about them in every way. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path sweep = Files.writeString(folder.resolve("warmup.conf"), SWEEP);
    String run = folder.resolve("run").toString();
    trawl("run", sweep.toString(), "--out", run, "--master", "local[1]");
    String rows = trawl("best", run, "--top", "2", "--format", "csv");
    List<String> cells = List.of(rows.lines().skip(1).findFirst().orElseThrow().split(","));
    String trial = cells.stream().filter(cell -> cell.matches("[0-9a-f]{12}")).findFirst().orElseThrow();
    trawl("status", run);
    trawl("status", run, "--format", "json");
    trawl("compare", run);
    trawl("compare", run, "--by", "learning_rate", "--across", "activation", "--format", "markdown");
    trawl("compare", run, "--importance", "--format", "json");
    trawl("compare", run, "--effects", "--format", "csv");
    trawl("best", run);
    trawl("show", trial, "--run", run);
    trawl("report", run);
    trawl("export", run, "--format", "tensorboard", "--out", folder.resolve("events").toString());
    trawl("compare", "no such run");
    trawl("sql", "--run", run, QUERY);
    trawl("keys");
  }

  private static String trawl(String... arguments) {
    StringWriter out = new StringWriter();
    Main.run(new PrintWriter(out, true), new PrintWriter(System.err, true), arguments);
    return out.toString();
  }
}
