package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;

class TrialDetailsTest {
  private static final int COMPLETED = 16;
  private static final int FAILED = 20;

  private final SampleRun run = new SampleRun("animals");
  private RunFolder folder;

  @BeforeEach
  void write(@TempDir Path folder) {
    this.folder = run.write(folder, "animals");
  }

  private String hash(int trial) {
    return (String) run.trials.get(trial).get("trial");
  }

  private String printed(int trial, Format format) {
    StringWriter text = new StringWriter();
    TrialDetails.of(folder, hash(trial)).print(format, 80, new PrintWriter(text));
    return text.toString();
  }

  @Test
  void forPeople_keysThatAreNotAtTheirDefaultsComeFirst() {
    String text = printed(COMPLETED, Format.TABLE);
    assertTrue(
        text.contains(
            """
              hidden         [50, 20]
              learning_rate  0.05
              epochs         20
              at their defaults: \
            """),
        text);
    assertFalse(text.contains("  activation  "), text);
  }

  @Test
  void forPeople_confusionsAreShownAndNamed() {
    String text = printed(COMPLETED, Format.TABLE);
    assertTrue(
        text.endsWith(
            """
            Samples of the validation part: rows actual, columns predicted

            actual   cat   dog   bird
            ──────  ────  ────  ─────
            cat       43     7      ·
            dog        ·    27      3
            bird       4     ·     16

            Most often taken for another: cat for dog (7 of 50); bird for cat (4 of 20);
                dog for bird (3 of 30)
            """),
        text);
  }

  /** The sample run's classes, called as the files of Fashion-MNIST call theirs. */
  private static SampleRun fashion() {
    SampleRun fashion = new SampleRun("fashion");
    Map<String, String> numbers = Map.of("cat", "0", "dog", "1", "bird", "9");
    fashion.trials.forEach(row -> row.put("source", "fashion-mnist"));
    for (List<Map<String, Object>> rows : List.of(fashion.classes, fashion.confusion)) {
      for (Map<String, Object> row : rows) {
        List.of("class", "actual", "predicted")
            .forEach(column -> row.computeIfPresent(column, (key, type) -> numbers.get(type)));
      }
    }
    return fashion;
  }

  @Test
  void classesThatTheCatalogueNamesAreCalledSoForPeopleAndAsTheyAreForPrograms(
      @TempDir Path other) {
    SampleRun fashion = fashion();
    RunFolder folder = fashion.write(other, "fashion");
    TrialDetails details =
        TrialDetails.of(folder, (String) fashion.trials.get(COMPLETED).get("trial"));
    StringWriter text = new StringWriter();
    details.print(Format.TABLE, 80, new PrintWriter(text));
    assertTrue(text.toString().contains("0 T-shirt/top"), text.toString());
    assertTrue(text.toString().contains("T-shirt/top for Trouser (7 of 50)"), text.toString());
    assertTrue(text.toString().contains("Ankle boot for T-shirt/top (4 of 20)"), text.toString());
    StringWriter json = new StringWriter();
    details.print(Format.JSON, 80, new PrintWriter(json));
    assertFalse(json.toString().contains("Trouser"), json.toString());

    String page = ReportData.json(folder, "1", Instant.EPOCH, 0);
    assertTrue(page.contains("[\"T-shirt/top\",\"Trouser\",\"Ankle boot\"]"), page);
  }

  @Test
  void classesThatTheCatalogueDoesNotHaveStayAsTheyAre(@TempDir Path other) {
    SampleRun fashion = fashion();
    for (List<Map<String, Object>> rows : List.of(fashion.classes, fashion.confusion)) {
      for (Map<String, Object> row : rows) {
        List.of("class", "actual", "predicted")
            .forEach(
                column ->
                    row.computeIfPresent(column, (key, type) -> type.equals("9") ? "10" : type));
      }
    }
    RunFolder folder = fashion.write(other, "fashion");
    StringWriter text = new StringWriter();
    TrialDetails.of(folder, (String) fashion.trials.get(COMPLETED).get("trial"))
        .print(Format.TABLE, 80, new PrintWriter(text));
    assertTrue(text.toString().contains("0 for 1 (7 of 50)"), text.toString());
  }

  @Test
  void forPeople_everyLineFits() {
    assertTrue(printed(COMPLETED, Format.TABLE).lines().allMatch(line -> line.length() <= 80));
  }

  @Test
  void aFailedTrial_showsItsMessageOnOneLine() {
    String text = printed(FAILED, Format.TABLE);
    assertTrue(text.contains("Message: boom\\nat line 2\n"), text);
    assertTrue(text.contains("No epoch has ended.\n"), text);
  }

  @Test
  void json_isOneObjectWithTheRowsOfEveryTable() throws Exception {
    JsonNode trial = new ObjectMapper().readTree(printed(COMPLETED, Format.JSON));
    assertEquals(hash(COMPLETED), trial.at("/trial/trial").textValue());
    assertEquals(
        run.trials.get(COMPLETED).get("validation_accuracy"),
        trial.at("/trial/validation_accuracy").doubleValue());
    assertEquals(20, trial.get("epochs").size());
    assertEquals(3, trial.get("classes").size());
    assertEquals(9, trial.get("confusion").size());
    assertTrue(trial.at("/epochs/0/test_loss").isNull());
  }

  @Test
  void json_ofAFailedTrial_hasEmptyArrays() throws Exception {
    JsonNode trial = new ObjectMapper().readTree(printed(FAILED, Format.JSON));
    assertEquals("boom\nat line 2", trial.at("/trial/message").textValue());
    assertEquals(0, trial.get("epochs").size() + trial.get("confusion").size());
  }

  @Test
  void csv_isTheRowsOfEpochs() {
    List<String> lines = printed(COMPLETED, Format.CSV).lines().toList();
    assertEquals(21, lines.size());
    assertTrue(lines.get(0).startsWith("trial,epoch,learning_rate,train_loss,"));
    assertTrue(lines.get(20).startsWith(hash(COMPLETED) + ",20,0.05,"));
  }

  /** Classes 0 to 2499 of one sample each; the first 2,400 are right, the others taken for 7. */
  @Test
  void ofManyClasses_thoseOfLowestF1AreShown() {
    List<Map<String, Object>> classes = new ArrayList<>();
    List<Map<String, Object>> confusion = new ArrayList<>();
    for (int type = 0; type < 2500; type++) {
      boolean right = type < 2400;
      Map<String, Object> row = new LinkedHashMap<>(run.classes.get(0));
      row.put("class", "user" + type);
      row.put("f1", right ? 1.0 : 0.0);
      row.put("support", type == 2450 ? 0 : 1);
      classes.add(row);
      if (type != 2450) {
        Map<String, Object> pair = new LinkedHashMap<>(run.confusion.get(0));
        pair.put("actual", "user" + type);
        pair.put("predicted", "user" + (right ? type : 7));
        pair.put("count", 1);
        confusion.add(pair);
      }
    }
    StringWriter text = new StringWriter();
    new TrialDetails(run.trials.get(COMPLETED), List.of(), classes, confusion, SampleRun.OBJECTIVE)
        .print(Format.TABLE, 100, new PrintWriter(text));
    String shown = text.toString();
    assertTrue(shown.contains("30 of 2500 classes, those of lowest F1; --format json"), shown);
    assertTrue(shown.contains("\nuser2429 ") && !shown.contains("\nuser2430 "), shown);
    assertTrue(shown.contains("Most often taken for another: user2400 for user7 (1 of 1)"), shown);
    assertFalse(shown.contains("rows actual, columns predicted"), shown);
  }

  /** Rows of pairs that do not occur are not needed: classes have their order from their table. */
  @Test
  void classesThatAreNeverTakenForAnotherStandInTheirOrder() {
    List<Map<String, Object>> classes = SampleRun.of(run.classes, hash(COMPLETED));
    List<Map<String, Object>> confusion =
        SampleRun.of(run.confusion, hash(COMPLETED)).stream()
            .filter(row -> (Integer) row.get("count") > 0)
            .sorted(Comparator.comparing(row -> -(Integer) row.get("count")))
            .toList();
    ConfusionMatrix matrix = ConfusionMatrix.of(classes, confusion, "validation");
    assertEquals(List.of("cat", "dog", "bird"), matrix.classes());
    assertEquals(43, matrix.count(0, 0));
    assertEquals(0, matrix.count(0, 2));
    assertArrayEquals(new long[] {50, 30, 20}, matrix.actual());
    assertArrayEquals(new long[] {47, 34, 19}, matrix.predicted());
    assertArrayEquals(new int[] {0, 1}, matrix.mostConfused(2)); // 7 + 4, 7 + 3, 4 + 3
  }

  @Test
  void keysAreShownAsTheyWereWritten() {
    run.trials.get(COMPLETED).put("learning_rate", 0.123456789);
    StringWriter text = new StringWriter();
    new TrialDetails(
            run.trials.get(COMPLETED), List.of(), List.of(), List.of(), SampleRun.OBJECTIVE)
        .print(Format.TABLE, 100, new PrintWriter(text));
    assertTrue(text.toString().contains("  learning_rate  0.123456789\n"), text.toString());
  }

  @Test
  void ofManyEpochs_someAreShownAtEqualStepsWithTheBest() {
    List<Map<String, Object>> epochs = new ArrayList<>();
    for (int epoch = 1; epoch <= 300; epoch++) {
      Map<String, Object> row = new LinkedHashMap<>(run.epochs.get(0));
      row.put("epoch", epoch);
      epochs.add(row);
    }
    run.trials.get(COMPLETED).put("best_epoch", 217);
    TrialDetails details =
        new TrialDetails(
            run.trials.get(COMPLETED), epochs, List.of(), List.of(), SampleRun.OBJECTIVE);
    StringWriter text = new StringWriter();
    details.print(Format.TABLE, 80, new PrintWriter(text));
    List<Integer> shown =
        text.toString()
            .lines()
            .filter(line -> line.matches(" *\\d+( +[0-9.]+){4}( +best)?"))
            .map(line -> Integer.parseInt(line.strip().replaceFirst(" .*", "")))
            .toList();
    List<Integer> expected = new ArrayList<>(List.of(1));
    for (int epoch = 20; epoch <= 300; epoch += 20) {
      expected.add(epoch);
    }
    expected.add(217);
    assertEquals(expected.stream().sorted().toList(), shown);
    assertTrue(text.toString().contains("17 of 300 epochs; --format csv shows all"));
  }

  @Test
  void aCurve_goesFromItsLeastToItsMost() {
    assertEquals("▁▃▆█", Bars.curve(List.of(1.0, 2.0, 3.0, 4.0), 10));
    assertEquals("▁█", Bars.curve(List.of(1.0, 1.0, 5.0, 5.0), 2));
    assertEquals("▁▁", Bars.curve(List.of(3.0, 3.0), 10));
  }
}
