package org.trawl.driver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.Signal;
import org.trawl.driver.report.SampleRun;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.Held;

/** {@code trawl run} in a process of its own, as users start it, and what kills it. */
@Timeout(600)
class RunVerbTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  /** No option of a JVM: it leaves out {@link #MODULE}. */
  private static final String WITHOUT_MODULE = "without module";

  @TempDir private Path folder;

  @Test
  void aRunThatWasKilledHalfWayAndRunAgainGivesTheRowsOfAnUndisturbedOne() throws Exception {
    write("sweep.conf", sweep("killed", "0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6"));
    assertEquals(0, trawl("run", "sweep.conf", "--out", "undisturbed").exit());

    // The last trial waits, so that the run does not end before it is killed.
    Object last = rows("undisturbed", Table.TRIALS).get(15).get("lineage");
    List<String> held = Held.at("journal/%s-".formatted(last));
    Process killed = start(held, "run", "sweep.conf", "--out", "killed");
    try {
      while (segments("killed") < 3) {
        assertTrue(killed.isAlive(), "ended before it could be killed");
        Thread.sleep(5);
      }
      Output refused = here("clean", "killed", "--remove=checkpoints");
      assertEquals(2, refused.exit(), refused.text());
      assertTrue(refused.text().contains(": process " + killed.pid() + " on "), refused.text());
    } finally {
      killed.destroyForcibly().waitFor();
    }
    Output cleaned = here("clean", "killed", "--remove=leftovers,checkpoints,models,trials");
    assertEquals(0, cleaned.exit(), cleaned.text());
    assertTrue(cleaned.text().matches("(?s).*leftovers +1 .*checkpoints .*"), cleaned.text());
    long kept = segments("killed");
    assertTrue(kept < 16, "all trials were finished before the kill");
    Output again = trawl("run", "sweep.conf", "--out", "killed");
    assertEquals(0, again.exit(), again.text());
    assertTrue(
        again.text().contains(String.format(Locale.ROOT, "%d finished already", kept)),
        again.text());
    for (Table table : Table.ALL) {
      assertEquals(rows("undisturbed", table), rows("killed", table), table.name());
    }
    assertEquals(16, rows("killed", Table.TRIALS).size());

    Output third = here("run", "sweep.conf", "--out", "killed");
    assertEquals(0, third.exit(), third.text());
    assertTrue(third.text().contains("Nothing to train."), third.text());
    Output status = here("status", "killed");
    assertEquals(0, status.exit(), status.text());
    assertTrue(status.text().contains("16 of 16 trials finished"), status.text());
    Output other = here("run", "sweep.conf", "--set", "name=other", "--out", "killed");
    assertEquals(2, other.exit(), other.text());
    assertTrue(other.text().contains("expected the run of sweep other"), other.text());
  }

  @Test
  void controlCEndsTheRunWithinSecondsAndKeepsWhatIsFinished() throws Exception {
    // Far more than it can train until it is stopped.
    write("sweep.conf", sweep("stopped", "0.1, 0.2, 0.3") + "training.epochs = 100000\n");
    Process running = start("run", "sweep.conf", "--master=local[2]");
    while (!here("status", "runs/stopped").text().contains("2 running")) {
      assertTrue(running.isAlive(), "ended before it could be stopped");
      Thread.sleep(50);
    }
    Signal.send("-INT", running.pid());
    assertTrue(running.waitFor(5, TimeUnit.MINUTES), "goes on");
    assertEquals(130, running.exitValue());
    List<Object> statuses = new ArrayList<>();
    rows("runs/stopped", Table.TRIALS).forEach(row -> statuses.add(row.get("status")));
    assertTrue(statuses.contains("CANCELLED"), statuses.toString());
    assertTrue(statuses.contains("PENDING"), statuses.toString());
    assertFalse(statuses.contains("RUNNING"), statuses.toString());
  }

  @Test
  void aJvmWithoutItsOptimizingCompilerIsToldSoOnceAndGivesTheSameBits() throws Exception {
    write("sweep.conf", sweep("slow", "0.1, 0.2"));
    Output slow = trawl(List.of("-XX:TieredStopAtLevel=1"), "run", "sweep.conf", "--out", "slow");
    assertEquals(0, slow.exit(), slow.text());
    String told = "runs without its optimizing compiler";
    assertEquals(2, slow.text().split(told).length, slow.text());
    assertTrue(Files.readString(folder.resolve("slow/run.log")).contains(told));
    assertTrue(
        Files.readString(folder.resolve("slow/provenance.json"))
            .contains("\"optimizing_compiler\" : \"false\""));
    rows("slow", Table.TRIALS).forEach(row -> assertEquals("plain", row.get("kernels")));

    Output verified = trawl("verify", "slow", "--trials", "2", "--kernels", "vector");
    assertEquals(0, verified.exit(), verified.text());
    assertTrue(verified.text().contains("All 2 gave the same bits."), verified.text());
    assertFalse(verified.text().contains(told), verified.text());
  }

  @Test
  void vectorKernelsAreRefusedInAJvmWithoutTheirModule() throws Exception {
    write("sweep.conf", sweep("vector", "0.1"));
    Process process = start(List.of(WITHOUT_MODULE), "run", "sweep.conf", "--kernels", "vector");
    assertEquals(2, process.waitFor());
    String text = Files.readString(folder.resolve("output.txt"), UTF_8);
    assertTrue(text.contains(MODULE), text);
    assertFalse(Files.exists(folder.resolve("runs")));
  }

  @Test
  void wrongInputIsRefusedBeforeAnythingIsWritten() throws Exception {
    write("sweep.conf", sweep("wrong", "0.1").replace("epochs = 5", "epoch = 5"));
    Output output = here("run", "sweep.conf", "--out", "wrong");
    assertEquals(2, output.exit(), output.text());
    assertTrue(output.text().contains("sweep.conf:5: "), output.text());
    assertFalse(Files.exists(folder.resolve("wrong")));

    write("sweep.conf", sweep("wrong", "0.1"));
    output = here("run", "sweep.conf", "--out", "wrong", "--master=local[0]");
    assertEquals(2, output.exit(), output.text());
    assertTrue(output.text().contains("Cannot use --master local[0]"), output.text());
    assertFalse(Files.exists(folder.resolve("wrong")));
  }

  /** Standard output is a full disk. */
  @Test
  void outputThatCannotBeWrittenIsTold() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "skipped: no /dev/full");
    try (TrawlProcess keys = TrawlProcess.start(folder, List.of(), full, "keys")) {
      assertEquals(3, keys.exit());
      assertTrue(
          keys.text()
              .endsWith(
                  "Cannot write all of the output (No space left on device). Make room, and run"
                      + " again.\n"),
          keys.text());
    }
  }

  @Test
  void namesWithColonsAndTheLikeWork() throws Exception {
    write("base.conf", sweep("plain", "0.1"));
    for (String name : List.of("run:1", "a b%20#ü", "x:y [z]{w}")) {
      Files.writeString(folder.resolve(name + ".conf"), sweep("plain", "0.1"));
      Output plan = here("plan", name + ".conf", "--out=" + folder.resolve(name));
      assertEquals(0, plan.exit(), plan.text());
    }
    Output tooLong = here("plan", "base.conf", "--out=" + folder.resolve("n".repeat(300)));
    assertEquals(2, tooLong.exit(), tooLong.text());
    assertTrue(tooLong.text().contains("at most 255 bytes, found one of 300"), tooLong.text());
    Output named = here("plan", "base.conf", "--set=name=" + "n".repeat(300));
    assertEquals(2, named.exit(), named.text());
    assertTrue(
        named.text().contains("name: expected at most 100 letters, digits, spaces and ._+-")
            && named.text().contains("found nnnnnnnnnnnnnnnnnnnn…, 300 letters"),
        named.text());
    Output address = here("plan", "base.conf", "--out=s3a:bucket");
    assertEquals(2, address.exit(), address.text());
    assertTrue(address.text().contains("expected an address such as s3a://"), address.text());
  }

  @Test
  void aFolderThatCannotBeWrittenIsAnErrorOfTheInfrastructure() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "a folder in which nobody can write");
    write("sweep.conf", sweep("unwritable", "0.1"));
    Output output = here("run", "sweep.conf", "--out", "/proc/none");
    assertEquals(3, output.exit(), output.text());
    assertTrue(output.text().contains("run again"), output.text());
  }

  /** As on a full disk: no segment can be published, and the log not be written on. */
  @Test
  void whatAStorageRefusesIsToldInASentence() throws Exception {
    write("sweep.conf", sweep("full", "0.1, 0.2, 0.3, 0.4"));
    Files.createDirectory(folder.resolve("full"));
    write("full/journal", "a file where a folder should be");
    Path full = Path.of("/dev/full");
    if (Files.exists(full)) {
      Files.createSymbolicLink(folder.resolve("full/run.log"), full);
    }
    Output output = trawl("run", "sweep.conf", "--out", "full");
    assertEquals(3, output.exit(), output.text());
    List<String> told =
        output
            .text()
            .lines()
            .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
            .filter(line -> !line.matches("full: .*|\\d+ of \\d+ done.*"))
            .toList();
    String last = told.get(told.size() - 1);
    assertTrue(last.matches("Cannot write .*full/journal/.*"), output.text());
    assertTrue(
        last.endsWith(
            "(a file is where a folder should be). What is finished is kept: make room, or let the"
                + " folder be written, and run again to go on."),
        output.text());
    assertEquals(Files.exists(full) ? 2 : 1, told.size(), output.text());
    assertEquals(
        Files.exists(full),
        told.get(0).endsWith("full/run.log is not complete: No space left on device"),
        output.text());
  }

  /** Another file of the same name would take the tables over without a word. */
  @Test
  void aRunWhoseTrialsAreNotPlannedSaysSo() throws Exception {
    new SampleRun("animals").write(folder.resolve("animals"), "animals");
    write("sweep.conf", sweep("animals", "0.1"));
    Output output = here("plan", "sweep.conf", "--out", "animals");
    assertEquals(0, output.exit(), output.text());
    String text = output.text().replaceAll("\\s+", " ");
    assertTrue(text.contains("is planned: they stay in its journal, but leave its tables"), text);
  }

  @Test
  void statusAloneListsTheRuns() throws Exception {
    assertEquals("There is no run under runs/.", last(trawl("status")));
    new SampleRun("animals").write(folder.resolve("runs/animals"), "animals");
    new SampleRun("birds").write(folder.resolve("runs/birds"), "birds");
    Output output = trawl("status");
    assertEquals(0, output.exit(), output.text());
    assertTrue(output.text().contains("run      finished"), output.text());
    assertTrue(output.text().contains("animals  "), output.text());
    assertTrue(last(output).startsWith("birds    "), output.text());
    Output json = trawl("status", "--format=json");
    assertTrue(json.text().contains("\"run\":\"animals\",\"sweep\":\"animals\""), json.text());
  }

  private static String last(Output output) {
    return output.text().strip().lines().reduce("", (one, other) -> other);
  }

  @Test
  void aFileIsNoFolderForResults() throws Exception {
    write("sweep.conf", sweep("filed", "0.1"));
    write("file", "text");
    for (String verb : List.of("plan", "run")) {
      for (String out : List.of("file", "file/below")) {
        Output output = here(verb, "sweep.conf", "--out", out);
        assertEquals(2, output.exit(), output.text());
        String expected =
            "expected a folder, or none yet, found the file " + folder.resolve("file");
        assertTrue(output.text().contains(expected), output.text());
      }
    }
  }

  private static String sweep(String name, String learningRates) {
    return """
    name = %s
    repeats = 2
    data { source = digits, validation = 0.2, test = 0.1 }
    network { hidden = [16], dropout = 0.1 }
    training { epochs = 5 }
    sweep { training.learning-rate = [%s] }
    """
        .formatted(name, learningRates);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private long segments(String run) throws IOException {
    Path journal = folder.resolve(run).resolve("journal");
    if (!Files.isDirectory(journal)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(journal)) {
      return files.count();
    }
  }

  private List<Map<String, Object>> rows(String run, Table table) {
    return SameTables.rows(RunFolder.at(folder.resolve(run).toString()), table);
  }

  private record Output(int exit, String text) {}

  private Output trawl(String... arguments) throws Exception {
    return trawl(List.of(), arguments);
  }

  private Output trawl(List<String> jvm, String... arguments) throws Exception {
    Process process = start(jvm, arguments);
    int exit = process.waitFor();
    return new Output(exit, Files.readString(folder.resolve("output.txt"), UTF_8));
  }

  /** In this process: for what starts no Spark. Words that name files here become their paths. */
  private Output here(String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    String[] words = arguments.clone();
    for (int index = 1; index < words.length; index++) {
      if (!words[index].startsWith("--") && !words[index].contains("=")) {
        words[index] = folder.resolve(words[index]).toString();
      }
    }
    int exit = Main.run(writer, writer, words);
    writer.flush();
    return new Output(exit, text.toString());
  }

  private Process start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private Process start(List<String> jvm, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-Xmx"))
        .forEach(command::add);
    command.add("-Xmx512m");
    if (jvm.contains(WITHOUT_MODULE)) {
      command.remove(MODULE);
    } else {
      command.addAll(jvm);
    }
    command.add("-Dtrawl.home=" + System.getProperty("trawl.home"));
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output.txt").toFile())
        .start();
  }
}
