package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

class RunFolderTest {
  private static final String SWEEP =
      """
      name = folder
      data { source = digits, validation = 0.2 }
      network { hidden = [4] }
      training { epochs = 2 }
      sweep { training.learning-rate = [0.1, 0.2] }
      """;

  @TempDir private Path folder;

  @Test
  void anAddressOfALocalFileIsALocalFolder() {
    assertEquals("/a/b c", RunFolder.at("file:///a/b%20c").address());
    assertEquals("/a/b", RunFolder.at("file:/a/b").address());
    assertTrue(RunFolder.at("runs/x").local());
    assertFalse(RunFolder.at("hdfs://host/x").local());
    assertEquals("x", RunFolder.at("hdfs://host/runs/x/").name());
    assertEquals("runs/x", RunFolders.ofSweep("x").address());
  }

  @Test
  void aFolderWithTheRunOfAnotherSweepIsRefused() {
    RunFolder run = begun("here", "one");
    run.requireFreeFor("one");
    InputException refusal = assertThrows(InputException.class, () -> run.requireFreeFor("two"));
    assertTrue(refusal.getMessage().contains("sweep two, found that of sweep one"));
    RunFolder.at(folder.resolve("empty").toString()).requireFreeFor("two");
  }

  @Test
  void aRunIsFoundByItsFolder() {
    RunFolder run = begun("here", "one");
    assertEquals(run.address(), RunFolders.find(run.address()).address());
    assertEquals(run.address(), RunFolders.find("file://" + run.address()).address());
    String nowhere = folder.resolve("nowhere").toString();
    assertThrows(InputException.class, () -> RunFolders.find(nowhere));
  }

  @Test
  void aTrialIsFoundByTheBeginningOfItsHash() {
    Plan plan = Plans.of(folder, SWEEP);
    RunFolder one = begun("one", "folder");
    RunFolder two = begun("two", "folder");
    String hash = plan.trials().get(0).trial();
    new RunTables(plan, one).write();
    two.journal().publish(JournalTest.segment(plan.trials().get(0), 1, Status.COMPLETED, 2));
    new RunTables(plan, two).write();

    List<RunFolder> runs = List.of(one, two);
    assertEquals(hash, RunFolders.findTrial(hash.substring(0, 8), runs).trial());
    assertEquals(hash, RunFolders.findTrial(hash.toUpperCase(Locale.ROOT), runs).trial());
    // Of the two runs that hold it, the one where it is finished.
    assertEquals(two.address(), RunFolders.findTrial(hash, runs).folder().address());
    assertMessage("Cannot find a trial: zzz", () -> RunFolders.findTrial("zzz", runs));
    assertMessage(
        "Cannot find a trial: expected the beginning", () -> RunFolders.findTrial(" ", runs));
  }

  /** Of 17 hashes two begin with the same digit. */
  @Test
  void aBeginningOfSeveralHashesIsRefused() {
    String rates =
        IntStream.rangeClosed(1, 17)
            .mapToObj(i -> "0.0" + (i + 9))
            .collect(Collectors.joining(", "));
    Plan plan =
        Plans.of(
            folder,
            "name = folder\ndata { source = digits, validation = 0.2 }\nnetwork.hidden = [8]\n"
                + "sweep.training.learning-rate = [%s]".formatted(rates));
    RunFolder run = begun("many", "folder");
    new RunTables(plan, run).write();
    Set<String> seen = new HashSet<>();
    String twice =
        plan.trials().stream()
            .map(trial -> trial.trial().substring(0, 1))
            .filter(digit -> !seen.add(digit))
            .findFirst()
            .orElseThrow();
    assertMessage("Cannot tell which trial: ", () -> RunFolders.findTrial(twice, List.of(run)));
  }

  @Test
  void provenanceKeepsEverySessionAndNoCredentials() {
    RunFolder run = begun("here", "one");
    Provenance.Session second =
        new Provenance.Session(
            Instant.parse("2026-01-02T03:04:05Z"),
            "trawl run x.conf --out s3a://key:secret@bucket/run",
            3,
            Map.of("java", "17"),
            Map.of("digits", "sha256:0"));
    run.began("one", new Objective("test_loss", Direction.MINIMIZE), second);
    Provenance provenance = run.provenance().orElseThrow();
    assertEquals(2, provenance.sessions().size());
    assertEquals("test_loss", provenance.objective().metric());
    assertEquals(second, provenance.lastSession());
    assertFalse(run.text("provenance.json").orElseThrow().contains("secret"));
  }

  @Test
  void statusCountsTrialsAndTellsTheTimeLeft() throws IOException {
    Plan plan = Plans.of(folder, SWEEP);
    RunFolder run = RunFolder.at(folder.resolve("run").toString());
    Instant started = JournalTest.attempt(plan.trials().get(0), 1, Status.FAILED, 0).ended();
    run.began(
        "folder",
        plan.objective(),
        new Provenance.Session(started.minusSeconds(10), "", 2, Map.of(), Map.of()));
    run.journal().publish(JournalTest.segment(plan.trials().get(0), 1, Status.COMPLETED, 2));
    RunTables tables = new RunTables(plan, run);
    String running = plan.trials().get(1).trial();
    tables.running(List.of(running));
    tables.write();
    Session session =
        Session.here("one", List.of(new Session.Running(running, 1, 2)), Optional.of(50.0));
    run.sessions().write(session);
    // Its driver said so 20 seconds ago.
    RunStatus status = RunStatus.of(run, session.seen().plusSeconds(20));
    assertEquals(Map.of(Status.COMPLETED, 1, Status.RUNNING, 1), status.counts());
    assertEquals(1, status.finished());
    assertEquals(plan.trials().get(0).trial(), status.best().get(0).trial());
    assertEquals(0.3, status.best().get(0).value());
    assertEquals(30, status.left().orElseThrow().toSeconds());
    assertEquals(List.of(session), status.sessions());

    run.sessions().write(Session.here("one", session.running(), Optional.empty()));
    assertEquals(Optional.empty(), RunStatus.of(run, session.seen()).left());

    // The table was written before a kill: what the journal has got since counts.
    run.sessions()
        .write(new Session("one", session.host(), 1L << 40, started, started, List.of(), null));
    run.journal().publish(JournalTest.segment(plan.trials().get(1), 1, Status.DIVERGED, 1));
    status = RunStatus.of(run, started.plusSeconds(20));
    assertEquals(Map.of(Status.COMPLETED, 1, Status.DIVERGED, 1), status.counts());
    assertEquals(List.of(), status.sessions());
    run.sessions().clean(Instant.now());
    assertEquals(List.of(), run.sessions().alive(Instant.now()));
    Files.delete(
        folder
            .resolve("run/journal")
            .resolve(JournalTest.segment(plan.trials().get(0), 1, Status.COMPLETED, 2).fileName()));
    status = RunStatus.of(run, started.plusSeconds(20));
    assertEquals(Map.of(Status.PENDING, 1, Status.DIVERGED, 1), status.counts());
  }

  private RunFolder begun(String name, String sweep) {
    RunFolder run = RunFolder.at(folder.resolve(name).toString());
    run.began(
        sweep,
        new Objective("validation_accuracy", Direction.MAXIMIZE),
        new Provenance.Session(Instant.EPOCH, "trawl run", 1, Map.of(), Map.of()));
    return run;
  }

  private static void assertMessage(
      String start, org.junit.jupiter.api.function.Executable action) {
    String message = assertThrows(InputException.class, action).getMessage();
    assertTrue(message.startsWith(start), message);
  }
}
