package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.core.kernel.Kernels;
import org.trawl.driver.SparkTest;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.report.BestReport;
import org.trawl.driver.report.Rows;
import org.trawl.driver.report.SampleRun;
import org.trawl.driver.report.SqlQuery;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.spark.CoreTraining;
import org.trawl.driver.spark.SweepRun;
import org.trawl.driver.spark.Training;
import org.trawl.driver.spark.Versions;
import org.trawl.driver.sweep.Catalogue;
import picocli.CommandLine;

/**
 * What the pages say: their sweep files plan, their queries run, their commands and files exist.
 */
class ReadmeTest {
  private static final Path HOME = Path.of(System.getProperty(Catalogue.HOME, ""));
  private static final List<String> PAGES =
      List.of(
          "README.md",
          "sweeps/README.md",
          "conf/README.md",
          "driver/README.md",
          "worker-core/README.md",
          "deploy/README.md",
          "CONTRIBUTING.md",
          "CHANGELOG.md");

  /** Of the first page: a newcomer reads it to its end. */
  private static final int LONGEST = 9000;

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");
  private static final Pattern FILE_NAME = Pattern.compile("# (\\S+\\.conf)\n");
  private static final Pattern COMMAND = Pattern.compile("(?m)^    deploy/trawl (.*(?:\\\\\n.*)*)");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(#.*|>\\S*|\\S+)");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)]+)\\)");

  @TempDir private static Path folder;
  private static RunFolder quickstart;

  @BeforeAll
  static void writeFiles() throws IOException {
    quickstart = new SampleRun("quickstart").write(folder.resolve("runs/quickstart"), "quickstart");
    sweepFiles().forEach((name, text) -> assertDoesNotThrow(() -> write(name, text)));
    String rows = blocks("csv").get(0);
    String header = rows.substring(0, rows.indexOf('\n') + 1);
    write("flowers-train.csv", header + rows.substring(header.length()).repeat(10));
    write("flowers-test.csv", rows);
    for (String part : List.of("train", "validation")) {
      for (String kind : List.of("glad", "sad")) {
        Path images = Files.createDirectories(folder.resolve("faces").resolve(part).resolve(kind));
        for (int i = 0; i < 5; i++) {
          BufferedImage image = new BufferedImage(6, 6, BufferedImage.TYPE_BYTE_GRAY);
          ImageIO.write(image, "png", images.resolve(i + ".png").toFile());
        }
      }
    }
  }

  static List<String> plannedFiles() throws IOException {
    Map<String, String> files = sweepFiles();
    String all = String.join("\n", files.values());
    return files.keySet().stream()
        .filter(name -> !all.contains("include \"" + name + "\""))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("plannedFiles")
  void everySweepFilePlans(String name) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text, true);
    String out = "--out=" + folder.resolve("none");
    assertEquals(0, Main.run(writer, writer, "plan", folder.resolve(name).toString(), out), name);
    assertTrue(text.toString().contains("0 finished already"), text.toString());
  }

  static List<String> queries() throws IOException {
    List<String> queries = blocks("sql");
    assertTrue(queries.size() >= 4, queries.toString());
    return queries;
  }

  @ParameterizedTest
  @MethodSource("queries")
  void everyQueryAnswers(String query) throws Exception {
    if (query.contains(".parquet'")) {
      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = duck.createStatement()) {
        assertTrue(statement.executeQuery(query.replace("runs/", folder + "/runs/")).next(), query);
      }
    } else {
      Rows rows = SqlQuery.rows(SparkTest.session(), List.of(quickstart), query);
      assertFalse(rows.columns().isEmpty(), query);
      rows.values().forEach(row -> assertEquals(rows.columns().size(), row.size()));
    }
  }

  @Test
  void everyCommandParses() throws IOException {
    List<List<String>> commands =
        COMMAND.matcher(text()).results().map(match -> words(match.group(1))).toList();
    assertTrue(commands.size() >= 10, commands.toString());
    for (List<String> command : commands) {
      CommandLine.ParseResult parsed =
          assertDoesNotThrow(
              () -> Main.commandLine().parseArgs(command.toArray(String[]::new)),
              command.toString());
      assertNotNull(parsed.subcommand(), command.toString());
    }
  }

  /** Trains what the page trains first, and asks what it asks of these networks. */
  @Test
  void theQuickstartAnswersAsThePageShows() throws IOException, InterruptedException {
    Plan plan = Plans.of(folder, Files.readString(HOME.resolve("sweeps/quickstart.conf")));
    RunFolder trained = RunFolder.at(folder.resolve("trained").toString());
    Training training = new CoreTraining(Kernels.Choice.AUTO);
    SweepRun sweep = new SweepRun(plan, trained);
    sweep.begin(Versions.session("trawl run sweeps/quickstart.conf", plan, 27, training));
    sweep.train(SparkTest.session().sparkContext(), training, progress -> {});
    String shown = blocks("text").stream().filter(t -> t.startsWith("method")).findFirst().get();

    String command =
        COMMAND
            .matcher(text())
            .results()
            .map(match -> match.group(1))
            .filter(words -> words.startsWith("ensemble quickstart --top 3"))
            .findFirst()
            .orElseThrow();
    List<String> words = new ArrayList<>(words(command));
    words.replaceAll(word -> word.equals("quickstart") ? trained.address() : word);
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text, true);
    assertEquals(0, Main.run(writer, writer, words.toArray(String[]::new)), text.toString());
    assertEquals(shown.replace("runs/quickstart", trained.address()), text.toString());
    String best = shown.replaceAll("(?s).*?member +(\\w+).*", "$1");
    assertEquals(best, BestReport.ranked(trained).values().iterator().next().get(0));
  }

  @Test
  void theFirstPageIsShort() throws IOException {
    long size = Files.size(HOME.resolve(PAGES.get(0)));
    assertTrue(size <= LONGEST, PAGES.get(0) + " has " + size + " bytes");
  }

  @Test
  void everyLinkIsThere() throws IOException {
    for (String page : PAGES) {
      Path file = HOME.resolve(page);
      LINK.matcher(Files.readString(file))
          .results()
          .map(link -> file.resolveSibling(link.group(1)))
          .forEach(target -> assertTrue(Files.exists(target), page + " names " + target));
    }
  }

  /** The texts of the HOCON blocks that begin with a file's name in a comment, by that name. */
  private static Map<String, String> sweepFiles() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (String block : blocks("hocon")) {
      FILE_NAME
          .matcher(block)
          .results()
          .findFirst()
          .ifPresent(name -> files.put(name.group(1), block));
    }
    assertTrue(files.size() >= 4, files.keySet().toString());
    return files;
  }

  private static List<String> blocks(String language) throws IOException {
    return BLOCK
        .matcher(text())
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  /** The words of a command as a shell divides it; without comment and redirection. */
  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    for (MatchResult word : WORD.matcher(command.replace("\\\n", " ")).results().toList()) {
      if (word.group(3) == null) {
        words.add(word.group(1) == null ? word.group(2) : word.group(1));
      } else if (word.group(3).startsWith("#")) {
        break;
      } else if (!word.group(3).startsWith(">")) {
        words.add(word.group(3));
      }
    }
    return words;
  }

  /** All pages, one below the other. */
  private static String text() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String page : PAGES) {
      text.append(Files.readString(HOME.resolve(page))).append('\n');
    }
    return text.toString();
  }

  private static void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
