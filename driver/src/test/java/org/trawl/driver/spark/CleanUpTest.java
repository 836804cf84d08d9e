package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.driver.SparkTest;
import org.trawl.driver.cli.Main;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.CleanUp;
import org.trawl.driver.results.CleanUp.Kind;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.KilledStorage;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunTables;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.Session;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;

/** {@code trawl clean}: what it lists, what it removes, and what is as before after it. */
@Timeout(600)
class CleanUpTest {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  @TempDir private static Path folder;
  private static Path finished;
  private static Path unfinished;
  private static int copies;

  /** What can be removed of {@link #finished}, and the kinds that do it. */
  private static final Map<String, Set<Kind>> SPARE = new TreeMap<>();

  /**
   * A run whose file was edited twice: 7 epochs, then 5 and more values, then fewer values; with
   * what kills leave behind.
   */
  @BeforeAll
  static void train() throws Exception {
    finished = folder.resolve("finished");
    RunFolder run = RunFolder.at(finished.toString());
    assertEquals(1, train(run, plan("0.05", 7)));
    Plan before = plan("0.05, 0.1, 0.2", 5);
    assertEquals(2, train(run, before));
    new RunTables(before, run).pack(1);
    PlannedTrial last = before.trials().get(2);
    run.journal().record(attempt(last));
    run.journal().record(attempt(before.trials().get(0)));
    assertEquals(0, train(run, edited()));

    List<PlannedTrial> trials = before.trials();
    String longer = plan("0.05", 7).trials().get(0).trial();
    aside(finished, ".staging/old", Duration.ofHours(1));
    aside(finished, ".staging/new", Duration.ZERO);
    spare(".staging/old", Kind.LEFTOVERS);
    aside(finished, "live/gone.json", Duration.ZERO);
    spare("live/gone.json", Kind.LEFTOVERS);
    spare("packs/trials.parquet", Kind.PACKS);
    spare("checkpoints/" + trials.get(0).lineage() + "-7.safetensors", Kind.CHECKPOINTS);
    spare("checkpoints/" + trials.get(1).lineage() + "-5.safetensors", Kind.CHECKPOINTS);
    spare("checkpoints/" + last.lineage() + "-5.safetensors", Kind.CHECKPOINTS, Kind.TRIALS);
    aside(finished, "models/" + trials.get(0).trial() + "-99.safetensors", Duration.ZERO);
    spare("models/" + trials.get(0).trial() + "-99.safetensors", Kind.MODELS);
    for (String model : files(finished).keySet()) {
      if (model.startsWith("models/" + longer) || model.startsWith("models/" + last.trial())) {
        spare(model, Kind.MODELS, Kind.TRIALS);
      }
    }
    for (String part : List.of("1-2", "3-4", "5-5")) {
      spare("journal/" + last.lineage() + "-" + part + ".parquet", Kind.TRIALS);
    }
    spare("journal/" + trials.get(0).lineage() + "-7-7.parquet", Kind.TRIALS);
    spare("attempts/" + last.trial() + "-2.parquet", Kind.TRIALS);
    assertEquals(14, SPARE.size(), SPARE.keySet().toString());

    unfinished = folder.resolve("unfinished");
    assertEquals(2, train(RunFolder.at(unfinished.toString()), interrupted()));
    Files.copy(
        unfinished.resolve(checkpoint(1, 4)), unfinished.resolve(checkpoint(1, 2))); // of a kill
  }

  @AfterEach
  void repair() {
    KilledStorage.uninstall();
  }

  @Test
  void theListSaysWhatCouldGoAndWhyAndWritesNothing() throws Exception {
    Path run = copy(finished);
    Map<String, String> before = files(run);
    JsonNode rows = new ObjectMapper().readTree(trawl(0, "clean", run, "--format=json"));
    List<String> told = new ArrayList<>();
    long bytes = 0;
    for (JsonNode row : rows) {
      told.add(row.get("kind").asText() + " " + row.get("files") + " " + row.get("why").asText());
      bytes += row.get("bytes").asLong();
    }
    assertEquals(
        List.of(
            "leftovers 2 of processes that were killed",
            "packs 1 copies of results, for fast reading; made anew",
            "checkpoints 2 of finished trials; more epochs then begin anew",
            "checkpoints 1 of trials not planned; go with trials too",
            "models 1 not among those of keep.models",
            "models 2 of trials not planned; go with trials too",
            "trials 4 not planned; planned again, trained anew",
            "trials 1 results beyond the planned epochs, or there twice"),
        told);
    assertEquals(size(run, SPARE.keySet()), bytes);
    String text = trawl(0, "clean", run);
    assertTrue(text.contains("14 files, "), text);
    assertTrue(text.contains("nothing is removed"), text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 200), text);
    assertEquals(before, files(run));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNamedGoesAndNothingElse(Kind kind) throws Exception {
    Path run = copy(finished);
    Map<String, String> expected = files(run);
    SPARE.forEach(
        (file, kinds) -> {
          if (kinds.contains(kind)) {
            expected.remove(file);
          }
        });
    trawl(0, "clean", run, "--remove", kind.toString());
    Map<String, String> now = files(run);
    if (kind == Kind.TRIALS) { // the pack tells of planned trials alone
      String pack = "packs/trials.parquet";
      assertTrue(Files.size(run.resolve(pack)) < Files.size(finished.resolve(pack)));
      expected.put(pack, now.get(pack));
    }
    assertEquals(expected, now);
  }

  @Test
  void afterItAllIsAsBefore() throws Exception {
    Path run = copy(finished);
    Path other = copy(finished);
    RunFolder cleaned = RunFolder.at(run.toString());
    String best = cleaned.rows(Table.TRIALS).get(0).get("trial").toString();
    Files.writeString(folder.resolve("new.csv"), "0,".repeat(63) + "0\n");
    List<List<Object>> questions =
        List.of(
            List.of("compare", run),
            List.of("best", run),
            List.of("show", best, "--run", run),
            List.of("predict", best, folder.resolve("new.csv"), "--run", run),
            List.of("status", run, "--format=json"));
    List<String> answers = new ArrayList<>();
    for (List<Object> question : questions) {
      answers.add(trawl(0, question.toArray()));
    }
    String removed =
        trawl(0, "clean", run, "--remove", "leftovers,packs,checkpoints", "--remove=models,trials");
    assertTrue(removed.contains("Removed 14 files, "), removed);
    Map<String, String> expected = files(other);
    expected.keySet().removeAll(SPARE.keySet());
    assertEquals(expected, files(run));
    for (int index = 0; index < questions.size(); index++) {
      assertEquals(answers.get(index), trawl(0, questions.get(index).toArray()));
    }
    trawl(0, "report", run);
    Verification verification = new Verification(edited(), cleaned);
    assertEquals(2, verification.finished());
    verification
        .verify(edited().trials(), SparkTest.session().sparkContext(), UnrulyTraining.INSTANCE)
        .forEach(verdict -> assertTrue(verdict.same(), verdict.toString()));

    String again = trawl(0, "clean", run, "--remove=trials");
    assertEquals("There is nothing to remove in %s.%n".formatted(run), again);
    assertEquals("[]", trawl(0, "clean", run, "--format=json").replaceAll("\\s", ""));
    assertEquals(0, train(cleaned, edited()));

    // What was taken out and removed is trained anew, when it is planned again.
    Plan before = plan("0.05, 0.1, 0.2", 5);
    assertEquals(0, train(RunFolder.at(other.toString()), before));
    UnrulyTraining.EPOCHS.clear();
    assertEquals(1, train(cleaned, before));
    assertEquals(List.of(1, 2, 3, 4, 5), List.copyOf(UnrulyTraining.EPOCHS));
    SameTables.assertSame(RunFolder.at(other.toString()), cleaned);
  }

  @Test
  void whatAnUnfinishedTrialGoesOnFromStays() throws Exception {
    Path run = copy(unfinished);
    Map<String, String> expected = files(run);
    Set<String> spare = Set.of(checkpoint(0, 7), checkpoint(1, 2));
    String text = trawl(0, "clean", run);
    assertTrue(text.contains("nothing goes on from there any more"), text);
    assertTrue(text.contains("2 files, "), text);
    assertEquals(expected, files(run));
    new CleanUp(interrupted(), RunFolder.at(run.toString())).remove(ALL);
    expected.keySet().removeAll(spare);
    assertEquals(expected.keySet(), files(run).keySet());
    UnrulyTraining.EPOCHS.clear();
    assertEquals(1, train(RunFolder.at(run.toString()), interrupted()));
    assertEquals(List.of(5, 6, 7), List.copyOf(UnrulyTraining.EPOCHS));
    RunFolder undisturbed = RunFolder.at(folder.resolve("undisturbed").toString());
    train(undisturbed, interrupted());
    train(undisturbed, interrupted());
    SameTables.assertSame(undisturbed, RunFolder.at(run.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"finished", "unfinished"})
  void aKillBetweenAnyTwoStepsLosesNothing(String name) throws Exception {
    Path from = name.equals("finished") ? finished : unfinished;
    Plan plan = name.equals("finished") ? edited() : interrupted();
    RunFolder before = RunFolder.at(from.toString());
    Path whole = copy(from);
    new CleanUp(plan, RunFolder.at(whole.toString())).remove(ALL);
    int kills = 0;
    for (Set<Kind> kinds : List.of(ALL, EnumSet.complementOf(EnumSet.of(Kind.PACKS)))) {
      int changes = 0;
      for (boolean killed = true; killed; changes++) {
        Path run = copy(from);
        KilledStorage.installAfter(changes);
        try {
          new CleanUp(plan, RunFolder.at(run.toString())).remove(kinds);
          killed = false;
        } catch (KilledStorage.Killed expected) {
          kills++;
        }
        KilledStorage.uninstall();
        assertNothingLost(before, plan, run, files(whole).keySet());
        RunFolder cut = RunFolder.at(run.toString());
        new CleanUp(plan, cut).remove(ALL);
        assertEquals(files(whole).keySet(), files(run).keySet());
        assertEquals(List.of(), new CleanUp(plan, cut).parts());
      }
    }
    assertTrue(kills > 20, "kills: " + kills);
  }

  private static void assertNothingLost(RunFolder before, Plan plan, Path run, Set<String> files)
      throws IOException {
    RunFolder cut = RunFolder.at(run.toString());
    Set<String> there = files(run).keySet();
    files.forEach(file -> assertTrue(there.contains(file), file));
    for (Table table : Table.ALL) {
      assertEquals(before.rows(table), cut.rows(table), table.name());
    }
    List<PlannedTrial> remaining = new SweepRun(plan, before).remaining();
    SweepRun next = new SweepRun(plan, cut);
    assertEquals(remaining, next.remaining());
    assertEquals(before.journal().beginnings(remaining), cut.journal().beginnings(remaining));
    next.update(Plans.SESSION);
    assertEquals(List.of(), next.withoutModel());
  }

  @Test
  void nothingIsTouchedWhileADriverIsThere() throws Exception {
    Path run = copy(finished);
    RunFolder at = RunFolder.at(run.toString());
    CleanUp early = new CleanUp(edited(), at);
    at.sessions().write(Session.here("mine", List.of(), Optional.empty()));
    Map<String, String> before = files(run);
    for (String option : List.of("--format=table", "--remove=checkpoints")) {
      String refused = trawl(2, "clean", run, option);
      String who =
          String.format(
              Locale.ROOT,
              "Cannot clean %s: process %d on .* is at it since 20\\S*Z\\. Wait .* trawl stop .*\\R",
              run,
              ProcessHandle.current().pid());
      assertTrue(refused.matches(who), refused);
    }
    InfrastructureException came =
        assertThrows(InfrastructureException.class, () -> early.remove(ALL));
    assertTrue(came.getMessage().contains("after 0 of 14 files: process"), came.getMessage());
    assertEquals(before, files(run));
    at.sessions().remove("mine");
    trawl(0, "clean", run, "--remove=checkpoints");
  }

  @Test
  void aPlanThatIsNotThatOfTheTablesIsRefused() throws Exception {
    Path run = copy(finished);
    String file = Files.readString(run.resolve(RunFolder.SWEEP));
    RunFolder.at(run.toString()).replace(RunFolder.SWEEP, file.replace("0.05", "0.06"));
    Map<String, String> before = files(run);
    String refused = trawl(2, "clean", run, "--remove=trials");
    String expected = "its sweep.conf plans 2 trials, of which its tables have 1, and 1 others";
    assertTrue(refused.contains(expected), refused);
    assertEquals(before, files(run));
    String unknown = trawl(2, "clean", run, "--remove=journal");
    assertTrue(
        unknown.startsWith(
            "--remove: expected one of leftovers, packs, checkpoints, models, trials, found journal"),
        unknown);
  }

  @Test
  void itWorksAtAddressesOfHadoopToo() throws Exception {
    Path run = copy(finished);
    trawl(0, "clean", "other://" + run, "--remove=leftovers,packs,checkpoints,models,trials");
    Map<String, String> expected = files(finished);
    expected.keySet().removeAll(SPARE.keySet());
    assertEquals(expected, files(run));
  }

  private static Plan edited() {
    return plan("0.05, 0.1", 5);
  }

  /** Its second trial throws after its fifth epoch, unless it goes on from its fourth. */
  private static Plan interrupted() {
    return plan("0.05, " + UnrulyTraining.THROWS_ONCE, 7);
  }

  private static Plan plan(String rates, int epochs) {
    return Plans.of(
        folder,
        String.format(
            Locale.ROOT,
            """
            name = cleaned
            data { source = digits, validation = 0.2, test = 0.1, limit = 300 }
            network.hidden = [8]
            training { optimizer = adam, epochs = %d }
            keep { every = 2, models = all }
            sweep.training.learning-rate = [%s]
            """,
            epochs,
            rates));
  }

  /** What {@code trawl run} does; how many trials it trained that were not finished. */
  private static int train(RunFolder folder, Plan plan) throws InterruptedException {
    SweepRun run = new SweepRun(plan, folder);
    int left = run.remaining().size();
    if (left == 0) {
      run.update(Plans.SESSION);
      if (run.withoutModel().isEmpty()) {
        return 0;
      }
    }
    run.begin(Versions.session("trawl run test.conf", plan, left, UnrulyTraining.INSTANCE));
    run.train(SparkTest.session().sparkContext(), UnrulyTraining.INSTANCE, progress -> {});
    return left;
  }

  private static Attempt attempt(PlannedTrial trial) {
    Instant now = Instant.now();
    return new Attempt(trial.trial(), 2, "host", "1", now, now, Status.LOST, "died", 1, 1);
  }

  private static String checkpoint(int trial, int epoch) {
    return String.format(
        Locale.ROOT,
        "checkpoints/%s-%d.safetensors",
        interrupted().trials().get(trial).lineage(),
        epoch);
  }

  private static void spare(String file, Kind... kinds) {
    assertTrue(Files.exists(finished.resolve(file)), file);
    SPARE.put(file, Set.of(kinds));
  }

  private static void aside(Path run, String file, Duration age) throws IOException {
    Path path = run.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, new byte[10]);
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
  }

  private static long size(Path run, Set<String> files) throws IOException {
    long bytes = 0;
    for (String file : files) {
      bytes += Files.size(run.resolve(file));
    }
    return bytes;
  }

  /** A copy of a run's folder, with the times of its files. */
  private static Path copy(Path run) throws IOException {
    Path copy = folder.resolve("copy-" + ++copies);
    try (Stream<Path> paths = Files.walk(run)) {
      for (Path path : paths.toList()) {
        Files.copy(
            path,
            copy.resolve(run.relativize(path).toString()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return copy;
  }

  /** All files and their content. */
  private static Map<String, String> files(Path run) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(run)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(run.relativize(path).toString(), Arrays.hashCode(Files.readAllBytes(path)) + "");
      }
    }
    return files;
  }

  /** What a verb printed; fails where it ends with another status. */
  private static String trawl(int status, Object... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text, true);
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    assertEquals(status, Main.run(writer, writer, words), text.toString());
    return text.toString();
  }
}
