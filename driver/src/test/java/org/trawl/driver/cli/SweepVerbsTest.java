package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.FileKey;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;

class SweepVerbsTest {
  private static final Path HOME = Path.of(System.getProperty(Catalogue.HOME, ""));
  private static final Path FASHION_MNIST = Path.of("/usr/share/datasets/fashion-mnist");

  @TempDir Path folder;

  /** What a verb printed. */
  private record Printed(int status, String out, String err) {}

  static List<Path> sweepFiles() throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve("sweeps"))) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sweepFiles")
  void everySweepFileThatShips_canBePlanned(Path file) throws IOException {
    Assumptions.assumeTrue(
        !Files.readString(file).contains("source = fashion-mnist")
            || Files.isDirectory(FASHION_MNIST)
            || System.getenv("TRAWL_FASHION_MNIST") != null);
    Printed plan = trawl("plan", file.toString(), "--out", folder.toString());
    assertEquals("", plan.err());
    assertEquals(0, plan.status());
  }

  @Test
  void quickstart_plansTwentySevenTrials_eachOnALine() {
    Printed plan =
        trawl("plan", HOME.resolve("sweeps/quickstart.conf").toString(), "--out", folder + "/run");
    assertTrue(plan.out().contains("27: 0 finished already, 27 to train"), plan.out());
    assertTrue(
        plan.out().contains("trial         point         activation  hidden  learning_rate"));
    assertEquals(27, plan.out().lines().filter(line -> line.matches("[0-9a-f]{12}  .*")).count());
    assertTrue(plan.out().lines().allMatch(line -> line.length() <= 100), plan.out());
    assertFalse(Files.exists(folder.resolve("run")), "plan writes nothing");
  }

  @Test
  void planInJson_isEveryTrialWithEveryKey() throws IOException {
    Printed plan =
        trawl(
            "plan",
            HOME.resolve("sweeps/quickstart.conf").toString(),
            "--out=" + folder,
            "--format=json",
            "--set=sweep.network.hidden=[[5]]",
            "--set",
            "training.batch-size=all");
    JsonNode rows = new ObjectMapper().readTree(plan.out());
    assertEquals(9, rows.size());
    for (Key key : Keys.all()) {
      assertTrue(rows.get(0).has(key.column()), key.column());
    }
    assertEquals("[5]", rows.get(0).get("hidden").toString());
    assertTrue(rows.get(0).get("batch_size").isNull());
    assertFalse(rows.get(0).get("finished").asBoolean());
  }

  /** [64, 3, 10]: 64 x 3 and 3 x 10 weights, 3 and 10 biases, 3 scales and 3 shifts. */
  @Test
  void planOfLayers_isEveryDifferentNetwork() throws IOException {
    List<String> arguments =
        List.of(
            "plan",
            HOME.resolve("sweeps/quickstart.conf").toString(),
            "--layers",
            "--out=" + folder,
            "--set=sweep.network.hidden=[[3],[]]",
            "--set=sweep.network.activation=[relu,tanh]",
            "--set=network.batch-norm=true");
    Printed text = trawl(arguments.toArray(String[]::new));
    assertEquals("", text.err());
    assertTrue(text.out().contains("Network 1: 64-3-10, 241 parameters, 3 trials"), text.out());
    assertTrue(text.out().contains("Network 2: 64-10, 650 parameters, 6 trials"), text.out());
    assertTrue(text.out().contains("Network 3: 64-3-10, 241 parameters, 3 trials"), text.out());
    assertFalse(text.out().contains("Network 4"), text.out());
    List<String> json = new ArrayList<>(arguments);
    json.add("--format=json");
    JsonNode rows = new ObjectMapper().readTree(trawl(json.toArray(String[]::new)).out());
    assertEquals(5, rows.size());
    assertEquals(
        new ObjectMapper()
            .readTree(
                """
                {"network":1,"trials":3,"layer":1,"inputs":64,"outputs":3,"activation":"relu",
                 "weights":192,"biases":3,"norm":6,"parameters":201}
                """),
        rows.get(0));
    assertEquals(40, rows.get(1).get("parameters").asInt());
    assertEquals("softmax", rows.get(1).get("activation").asText());
    assertEquals("tanh", rows.get(3).get("activation").asText());
    List<String> csv = new ArrayList<>(arguments);
    csv.add("--format=csv");
    assertEquals(
        "network,trials,layer,inputs,outputs,activation,weights,biases,norm,parameters",
        trawl(csv.toArray(String[]::new)).out().lines().findFirst().orElseThrow());
  }

  @Test
  void help_tellsEveryVerbInOneLine_andNoVerbIsAnError() {
    Printed help = trawl("--help");
    assertEquals(0, help.status());
    assertEquals("", help.err());
    for (String verb : Main.commandLine().getSubcommands().keySet()) {
      assertEquals(
          1, help.out().lines().filter(line -> line.startsWith("  " + verb + " ")).count());
      assertEquals(0, trawl(verb, "--help").status(), verb);
    }
    assertEquals(
        Main.commandLine().getSubcommands().size(),
        help.out().lines().filter(line -> line.matches("  [a-z]+ +[A-Z].*")).count());
    assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
    Printed none = trawl();
    assertEquals(2, none.status());
    assertEquals("", none.out());
    assertTrue(none.err().endsWith(help.out()), none.err());
    assertTrue(trawl("--version").out().contains("Spark 4."));
  }

  @Test
  void wrongInput_isToldOnTheErrorStream_withStatusTwo() {
    Printed missing = trawl("plan", folder.resolve("none.conf").toString());
    assertEquals(2, missing.status());
    assertEquals("", missing.out());
    assertEquals(
        "Cannot read %s: expected a file, found none%n".formatted(folder.resolve("none.conf")),
        missing.err());
    Printed wrong =
        trawl(
            "plan",
            HOME.resolve("sweeps/quickstart.conf").toString(),
            "--set=training.epochs=none",
            "--set=data.source=digit");
    assertEquals(2, wrong.status());
    assertEquals(2, wrong.err().lines().count(), wrong.err());
  }

  @Test
  void wrongArguments_areToldWithWhatWasMeant() {
    String file = HOME.resolve("sweeps/quickstart.conf").toString();
    assertFirstLine(
        "Unknown verb plam: expected one of init, .*\\(did you mean plan\\?\\)", "plam");
    assertFirstLine("Unknown verb help: .*\\(cure: trawl --help, or trawl VERB --help\\)", "help");
    assertFirstLine("Unknown verb data lst: .*\\(did you mean list\\?\\)", "data", "lst");
    assertFirstLine(
        "plan has no option --sett \\(did you mean --set\\?\\)", "plan", file, "--sett");
    assertFirstLine(
        "plan has no option --epochs \\(cure: --set training.epochs=VALUE\\)",
        "plan",
        file,
        "--epochs=3");
    assertFirstLine(
        "plan has no option --master, which run and verify have",
        "plan",
        file,
        "--master",
        "local");
    assertFirstLine(
        "--format: expected one of table, markdown, csv, json, found jsn",
        "plan",
        file,
        "--format",
        "jsn");
    assertFirstLine(
        "--max-trials: expected a whole number, found x", "run", file, "--max-trials", "x");
    assertFirstLine(
        "Cannot take the argument other.conf: expected no more than FILE",
        "plan",
        file,
        "other.conf");
    assertFirstLine("--out: expected a folder or its address, found none", "plan", file, "--out=");
    assertFirstLine(
        "Cannot write .*: expected the folder " + folder.resolve("none") + ", found none",
        "init",
        folder.resolve("none/new.conf").toString());
  }

  @Test
  void whatTheShellHasSplit_isToldWithItsQuotes() {
    String file = HOME.resolve("sweeps/quickstart.conf").toString();
    String cure =
        "Cannot take the argument .*: expected no more than FILE \\(cure, if the shell has split it:"
            + " --set 'sweep.training.l2=\\[0, 1, 2\\]'\\)";
    assertFirstLine(cure, "plan", file, "--set", "sweep.training.l2=[0,", "1,", "2]");
    assertFirstLine(cure, "plan", file, "--set=sweep.training.l2=[0,", "1,", "2]");
    assertFirstLine(cure.replace(", 2", ""), "plan", file, "--set", "training.l2=0", "1");
  }

  private void assertFirstLine(String pattern, String... arguments) {
    Printed wrong = trawl(arguments);
    assertEquals(2, wrong.status());
    assertEquals("", wrong.out());
    String line = wrong.err().lines().findFirst().orElse("");
    assertTrue(line.matches(pattern), line);
  }

  @Test
  void init_writesAFileThatCanBePlanned_andNeverOverwrites() throws IOException {
    Path file = folder.resolve("new.conf");
    assertEquals(0, trawl("init", file.toString()).status());
    assertEquals(trawl("init").out(), Files.readString(file));
    Printed plan = trawl("plan", file.toString(), "--out", folder + "/run");
    assertEquals("", plan.err());
    assertTrue(plan.out().contains("9: 0 finished already, 9 to train"), plan.out());
    Files.writeString(file, "mine");
    Printed again = trawl("init", file.toString());
    assertEquals(2, again.status());
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void initsComments_areTrueWhenUncommented() throws IOException {
    String text = trawl("init").out();
    String all =
        text.replace("# test = 0.2", "test = 0.2")
            .replaceAll("(?m)^  # (network\\.|training\\.|where)", "  $1")
            .replace("# objective {", "objective {")
            .replaceAll("(?m)^  # (variants|  \\{|\\])", "  $1");
    Path file = folder.resolve("all.conf");
    Files.writeString(file, all);
    Printed plan = trawl("plan", file.toString(), "--out", folder + "/run");
    assertEquals("", plan.err(), all);
    assertTrue(plan.out().contains("minimize validation_loss"), plan.out());
  }

  @Test
  void keys_printsEveryKey() throws IOException {
    Printed keys = trawl("keys");
    Keys.all().forEach(key -> assertTrue(keys.out().contains(key.path()), key.path()));
    FileKey.all().forEach(key -> assertTrue(keys.out().contains("\n" + key.path()), key.path()));
    assertTrue(keys.out().lines().allMatch(line -> line.length() <= 100));
    JsonNode rows = new ObjectMapper().readTree(trawl("keys", "--format", "json").out());
    assertEquals(Keys.all().size() + FileKey.all().size(), rows.size());
    assertEquals("data.source", rows.get(0).get("key").asText());
    assertTrue(rows.get(0).get("default").isNull());
    assertEquals("0.1", rows.get(1).get("default").asText());
  }

  private static Printed trawl(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Printed(status, out.toString(), err.toString());
  }
}
