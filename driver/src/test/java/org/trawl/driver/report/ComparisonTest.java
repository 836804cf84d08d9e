package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

class ComparisonTest {
  private static final List<String> VARYING = List.of();
  private static final Optional<String> NOTHING = Optional.empty();

  private final SampleRun run = new SampleRun("animals");

  private CompareReport compare(List<String> by, Optional<String> across) {
    return new CompareReport(
        run.trials, run.confusion::forEach, SampleRun.OBJECTIVE, by, across, Optional.empty());
  }

  static String printed(CompareReport report, Format format, int width) {
    StringWriter text = new StringWriter();
    report.print(CompareReport.Question.GROUPS, format, width, new PrintWriter(text));
    return text.toString();
  }

  @Test
  void everyFigureIsWhatDuckDbComputesFromTheFiles(@TempDir Path folder) throws Exception {
    RunFolder written = run.write(folder, "animals");
    List<String> keys = List.of("learning_rate", "hidden", "activation");
    Predictions predictions = new Predictions("validation_accuracy");
    run.confusion.forEach(predictions::add);
    Rows rows = Comparison.of(run.trials, keys, SampleRun.OBJECTIVE, predictions).rows();
    Map<String, Map<String, Object>> groups = new LinkedHashMap<>();
    rows.values()
        .forEach(
            row ->
                groups.put(
                    row.get("learning_rate")
                        + "|"
                        + row.get("hidden")
                        + "|"
                        + row.get("activation"),
                    row));
    String ended = "status IN ('COMPLETED', 'PRUNED') AND validation_accuracy IS NOT NULL";
    String sql =
        """
        WITH one AS (
          SELECT trial FROM read_parquet('%2$s/confusion/*.parquet')
          WHERE part = 'validation' AND count > 0 GROUP BY trial
          HAVING count(DISTINCT predicted) = 1 AND count(DISTINCT actual) > 1)
        SELECT learning_rate || '|' || hidden::VARCHAR || '|' || activation AS name,
          count(*) FILTER (WHERE %1$s) AS count,
          avg(validation_accuracy) FILTER (WHERE %1$s) AS mean,
          stddev_samp(validation_accuracy) FILTER (WHERE %1$s) AS deviation,
          max(validation_accuracy) FILTER (WHERE %1$s) AS best,
          avg(best_epoch) FILTER (WHERE %1$s) AS best_epoch,
          count(*) FILTER (WHERE trial IN (FROM one) AND %1$s) AS one_class,
          count(*) FILTER (WHERE status = 'DIVERGED') AS diverged
        FROM read_parquet('%2$s/trials/*.parquet')
        GROUP BY learning_rate, hidden, activation ORDER BY mean DESC NULLS LAST
        """
            .formatted(ended, written.address() + "/tables");
    List<Double> means = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet expected = statement.executeQuery(sql)) {
      while (expected.next()) {
        Map<String, Object> group = groups.remove(expected.getString("name"));
        assertEquals(expected.getInt("count"), group.get("count"));
        assertEquals(expected.getInt("one_class"), group.get("one_class"));
        assertEquals(expected.getInt("diverged"), group.get("diverged"));
        if (expected.getInt("count") == 0) {
          assertNull(group.get("mean"));
          continue;
        }
        means.add((Double) group.get("mean"));
        assertEquals(expected.getDouble("mean"), (Double) group.get("mean"), 1e-14);
        assertEquals(expected.getDouble("deviation"), (Double) group.get("deviation"), 1e-14);
        assertEquals(expected.getDouble("best"), group.get("best"));
        assertEquals(expected.getDouble("best_epoch"), group.get("best_epoch"));
      }
    }
    assertTrue(groups.isEmpty(), () -> "not in the files: " + groups);
    assertEquals(11, means.size());
    assertEquals(means.stream().sorted((a, b) -> Double.compare(b, a)).toList(), means);
  }

  @Test
  void theTableSaysWhatThereIsToKnow() {
    assertEquals(
        """
        validation_accuracy (larger is better) of 32 of 36 trials, best first

        hidden    activation  learning_rate   count     mean       ±  epoch      versus best
        ────────  ──────────  ─────────────  ──────  ───────  ──────  ─────  ───────────────
        [50, 20]  sigmoid               0.5       3  0.9633   0.0252     18  -0.060 +0.060 *
        []        relu                  0.5       3  0.9633   0.0153     18  -0.060 +0.059 =
        []        sigmoid               0.5       3  0.9567   0.0058     18  -0.060 +0.046 =
        []        sigmoid              0.05  2 of 3  0.8850   0.0354     18
        [50, 20]  relu                 0.05       3  0.8567   0.0451     18  -0.190      0
        []        relu                 0.05       3  0.8500   0.0200     18  -0.171      0
        [50, 20]  sigmoid              0.05       3  0.8333   0.0115     18  -0.185      0
        [50, 20]  relu                0.005       3  0.7767   0.0289     18  -0.250      0
        []        relu                0.005       3  0.7633   0.0503     18  -0.287      0
        [50, 20]  sigmoid             0.005       3  0.5000°    1e-9     18  -0.517      0
        []        sigmoid             0.005       3  0.5000°    1e-9     18  -0.517      0
        [50, 20]  relu                  0.5  0 of 3

        = not shown to be worse than the best, *: Hsu's comparisons with the best at 95%, of 10
            over 3 seeds. Versus best: bounds of the mean minus the best of the others. A
            difference of about 0.058 would have been told. What has diverged or failed in some
            trials (2 of 3) is not compared.
        Importance (trawl compare --importance): learning_rate 0.74, activation x learning_rate
            0.17, activation 0.08.
        Baseline: always predicting the largest class of the validation part has accuracy 0.5000.
        ° has trials that predict one class only.
        Not in the means: 3 diverged, 1 failed.
        """,
        printed(compare(VARYING, NOTHING), Format.TABLE, 90));
  }

  @Test
  void acrossMakesAPivotTable() {
    String text = printed(compare(VARYING, Optional.of("activation")), Format.TABLE, 80);
    assertEquals(
        """
                                 activation
        hidden    learning_rate  relu              sigmoid
        ────────  ─────────────  ────────────────  ────────────────────────
        []                0.005  0.7633 ± 0.0503   0.5000 ± 1e-9°
        []                 0.05  0.8500 ± 0.0200   0.8850 ± 0.0354 (2 of 3)
        []                  0.5  0.9633 ± 0.0153=  0.9567 ± 0.0058=
        [50, 20]          0.005  0.7767 ± 0.0289   0.5000 ± 1e-9°
        [50, 20]           0.05  0.8567 ± 0.0451   0.8333 ± 0.0115
        [50, 20]            0.5  diverged          0.9633 ± 0.0252*
        """,
        text.substring(text.indexOf("\n\n") + 2, text.indexOf("\n\nA cell") + 1));
  }

  @Test
  void markdownIsATableOfItsOwnAndNoMarkupOfTheData() {
    run.trials.forEach(trial -> trial.put("variant", "a|b <i>*x*</i>"));
    String text = printed(compare(List.of("variant"), NOTHING), Format.MARKDOWN, 80);
    assertTrue(text.contains("\n| variant | count | mean | ± | best | epoch |"), text);
    assertTrue(text.contains("\n| --- | ---: | ---: |"), text);
    assertTrue(text.contains("| a\\|b \\<i\\>\\*x\\*\\</i\\> | 32 of 36 |"), text);
  }

  @Test
  void aKeyIsNotInRowsAndColumnsAtOnce() {
    InputException wrong =
        assertThrows(
            InputException.class,
            () -> compare(List.of("activation", "hidden"), Optional.of("hidden")));
    assertEquals(
        "Cannot compare: expected different keys in --by and --across, found hidden in both",
        wrong.problems().get(0));
  }

  @Test
  void acrossChangesNoOtherFormat() {
    List<String> names = List.of("training.learning-rate", "activation");
    assertEquals(
        printed(compare(names, NOTHING), Format.JSON, 80),
        printed(compare(names.subList(0, 1), Optional.of("activation")), Format.JSON, 80));
  }

  @Test
  void keysAreKnownAsColumnsAndAsWrittenInAFile() {
    String expected = printed(compare(List.of("learning_rate"), NOTHING), Format.CSV, 80);
    assertTrue(
        expected.startsWith(
            "learning_rate,count,mean,deviation,best,best_epoch,versus_best_lower,"
                + "versus_best_upper,not_worse,one_class,diverged,failed\n"));
    for (String name : List.of("learning-rate", "training.learning-rate")) {
      assertEquals(expected, printed(compare(List.of(name), NOTHING), Format.CSV, 80));
    }
  }

  @Test
  void allUnknownKeysAreNamedWithTheNearestThatExist() {
    InputException refused =
        assertThrows(
            InputException.class, () -> compare(List.of("lerning_rate", "network.hiden"), NOTHING));
    assertEquals(2, refused.problems().size());
    assertTrue(refused.problems().get(0).contains("did you mean learning_rate?"));
    assertTrue(refused.problems().get(1).contains("did you mean network.hidden?"));
  }

  @Test
  void anUnknownMetricIsNamedWithTheNearestThatExists() {
    InputException refused =
        assertThrows(
            InputException.class, () -> Metrics.named("validation_acuracy", SampleRun.OBJECTIVE));
    assertTrue(refused.getMessage().contains("did you mean validation_accuracy?"));
  }

  @Test
  void lossesAreBetterWhenSmallerUnlessTheObjectiveSaysOtherwise() {
    assertEquals(
        Direction.MINIMIZE, Metrics.named("validation-loss", SampleRun.OBJECTIVE).direction());
    assertEquals(
        Direction.MAXIMIZE, Metrics.named("samples_per_second", SampleRun.OBJECTIVE).direction());
    Objective odd = new Objective("train_loss", Direction.MAXIMIZE);
    assertEquals(odd, Metrics.named("train_loss", odd));
  }

  static String compared(List<RunFolder> runs, List<String> by) {
    StringWriter text = new StringWriter();
    CompareReports.of(runs, false)
        .print(
            CompareReport.Question.GROUPS,
            by,
            NOTHING,
            NOTHING,
            Format.CSV,
            80,
            new PrintWriter(text));
    return text.toString();
  }

  @Test
  void severalRunsAreToldApart(@TempDir Path folder) {
    RunFolder animals = run.write(folder.resolve("a"), "animals");
    RunFolder birds = new SampleRun("birds").write(folder.resolve("b"), "birds");
    String csv = compared(List.of(animals, birds), List.of("bias"));
    assertEquals(
        "animals,true,32 birds,true,32",
        String.join(
            " ",
            csv.lines()
                .skip(1)
                .map(line -> line.replaceFirst("(([^,]+,){2}\\d+).*", "$1"))
                .sorted()
                .toList()));
  }

  @Test
  void runsOfTheSameSweepAreToldApartByTheirFolders(@TempDir Path folder) {
    RunFolder one = run.write(folder.resolve("one"), "animals");
    RunFolder other = run.write(folder.resolve("other"), "animals");
    String csv = compared(List.of(one, other), List.of("bias"));
    assertTrue(csv.contains(one.address() + ",true,32,"), csv);
    assertTrue(csv.contains(other.address() + ",true,32,"), csv);
  }

  @Test
  void noTrials_theTableIsEmptyAndSaysSo() {
    run.trials.clear();
    run.confusion.clear();
    assertEquals(
        """
        validation_accuracy (larger is better) of 0 of 0 trials, best first

        point  count  mean
        ─────  ─────  ────

        No trial has a validation_accuracy yet.
        """,
        printed(compare(VARYING, NOTHING), Format.TABLE, 80));
    assertEquals("[]\n", printed(compare(VARYING, NOTHING), Format.JSON, 80));
  }

  @Test
  void oneTrial_isAGroupWithoutDeviation() {
    run.trials.subList(1, run.trials.size()).clear();
    String json = printed(compare(VARYING, NOTHING), Format.JSON, 80);
    assertTrue(json.contains("\"count\":1,\"mean\":0.499999999,\"deviation\":null,"), json);
  }

  @Test
  void onlyFailedTrials_areCounted() {
    run.trials.forEach(trial -> trial.put("status", "FAILED"));
    String text = printed(compare(VARYING, Optional.of("activation")), Format.TABLE, 80);
    assertTrue(text.contains("Not in the means: 36 failed."), text);
    assertTrue(text.contains("No trial has a validation_accuracy yet."), text);
  }

  @Test
  void dropoutGivenALayerAndTheBatchOfAllSamplesAreValuesLikeOthers() {
    run.trials.forEach(trial -> trial.put("learning_rate", 0.1));
    for (int i = 0; i < 9; i++) {
      Map<String, Object> trial = run.trials.get(i);
      trial.put("dropout", null);
      trial.put("dropout_by_layer", List.of(0.5, 0.2));
      trial.put("batch_size", null);
    }
    String text = printed(compare(List.of("dropout", "batch_size"), NOTHING), Format.TABLE, 80);
    assertTrue(text.lines().anyMatch(line -> line.matches(" *\\[0.5, 0.2] +all +9 .*")), text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" *0 +32 +23 of 27 .*")), text);
  }
}
