package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

class SweepSummaryTest {
  private static String summary(List<Map<String, Object>> trials, Objective objective) {
    StringWriter text = new StringWriter();
    SweepSummary.print(trials, objective, trial -> List.of(), 80, new PrintWriter(text));
    return text.toString();
  }

  @Test
  void keysComeByEffectAndAreDrawnWithTheirDeviations() {
    assertEquals(
        """
        Mean ± deviation of validation_accuracy by key, over all others (larger is better)

        key            value       trials    mean       ±  0.5               0.9841
        ─────────────  ────────  ────────  ──────  ──────  ────────────────────────
        learning_rate  0.005           12  0.6350  0.1432  ╶─────●──────╴
                       0.05      11 of 12  0.8536  0.0311                 ╶─●╴
                       0.5        9 of 12  0.9611  0.0154                       ╶●╴
        activation     relu      15 of 18  0.8420  0.0795              ╶───●───╴
                       sigmoid   17 of 18  0.7665  0.2084     ╶─────────●─────────╴
        hidden         []        17 of 18  0.8159  0.1683         ╶───────●───────╴
                       [50, 20]  15 of 18  0.7860  0.1623        ╶───────●──────╴

        The best 5 of 12 points, by mean validation_accuracy

                              learning_
        hidden    activation       rate   count    mean       ±  epoch      versus best
        ────────  ──────────  ─────────  ──────  ──────  ──────  ─────  ───────────────
        [50, 20]  sigmoid           0.5       3  0.9633  0.0252     18  -0.060 +0.060 *
        []        relu              0.5       3  0.9633  0.0153     18  -0.060 +0.059 =
        []        sigmoid           0.5       3  0.9567  0.0058     18  -0.060 +0.046 =
        []        sigmoid          0.05  2 of 3  0.8850  0.0354     18
        [50, 20]  relu             0.05       3  0.8567  0.0451     18  -0.190      0

        = not shown to be worse than the best, *: Hsu's comparisons with the best at
            95%, of 10 over 3 seeds. Versus best: bounds of the mean minus the best of
            the others. A difference of about 0.058 would have been told. What has
            diverged or failed in some trials (2 of 3) is not compared.

        Best trial: validation_accuracy 0.9900, trawl show 40571440
        """,
        summary(new SampleRun("animals").trials, SampleRun.OBJECTIVE));
  }

  /** Of learning rates, of which one is far off, and of which two are nearly equal. */
  @Test
  void aTableShowsDigitsEnoughToTellItsRowsApart() {
    List<Map<String, Object>> trials = new ArrayList<>();
    double[] losses = {169.7112345, 0.123456, 0.1236789, 0.12344, 0.5};
    double[] rates = {500, 0.1, 0.15, 0.2, 0.25};
    for (int i = 0; i < losses.length; i++) {
      Map<String, Object> trial = new LinkedHashMap<>(new SampleRun("animals").trials.get(0));
      trial.put("trial", "trial" + i);
      trial.put("point", "point" + i);
      trial.put("learning_rate", rates[i]);
      trial.put("validation_loss", losses[i]);
      trials.add(trial);
    }
    Objective loss = new Objective("validation_loss", Direction.MINIMIZE);
    String text = summary(trials, loss).replaceAll(" +", " ");
    for (String shown :
        List.of(
            "0.1 1 0.1235",
            "0.15 1 0.1237",
            "0.2 1 0.1234",
            "0.25 1 0.5000",
            "500 1 169.7112",
            "1 trial3 0.1234 0.2",
            "5 trial0 169.7112 500")) {
      assertTrue(text.contains(shown), shown + " in\n" + text);
    }
    StringWriter written = new StringWriter();
    new CompareReport(
            trials,
            action -> {},
            loss,
            List.of("learning_rate"),
            Optional.empty(),
            Optional.empty())
        .print(CompareReport.Question.GROUPS, Format.TABLE, 80, new PrintWriter(written));
    String compared = written.toString().replaceAll(" +", " ");
    assertTrue(compared.contains("0.15 1 0.1237"), compared);
    assertTrue(compared.contains("0.1 1 0.1235"), compared);
  }

  @Test
  void aMinimizedObjective_saysThatSmallerIsBetterOnTheSameAxis() {
    String text =
        summary(
            new SampleRun("animals").trials, new Objective("validation_loss", Direction.MINIMIZE));
    assertTrue(text.startsWith("Mean ± deviation of validation_loss by key"), text);
    assertTrue(text.contains("(smaller is better)"), text);
    String best = text.lines().filter(line -> line.contains(" 0.5 ")).findFirst().orElse("");
    assertTrue(best.contains("  ●") || best.contains("  ╶"), text);
  }

  @Test
  void oneTrial_hasNoKeysToCompare() {
    List<Map<String, Object>> one = new SampleRun("animals").trials.subList(0, 1);
    assertEquals(
        "Best trial: validation_accuracy 0.5000, trawl show ccec31f7\n",
        summary(one, SampleRun.OBJECTIVE));
  }

  @Test
  void nothingMeasured_isSaid() {
    assertEquals(
        "No trial has a validation_accuracy yet.\n", summary(List.of(), SampleRun.OBJECTIVE));
  }

  @Test
  void trialsOfOneClass_areCounted() {
    List<Map<String, Object>> trials =
        List.of(
            Map.of("trial", "a", "status", "COMPLETED"),
            Map.of("trial", "b", "status", "COMPLETED"),
            Map.of("trial", "c", "status", "DIVERGED"));
    List<Map<String, Object>> confusion =
        List.of(
            count("a", "cat", "cat", 6),
            count("a", "dog", "cat", 4),
            count("b", "cat", "cat", 6),
            count("b", "dog", "dog", 4),
            count("c", "cat", "cat", 6),
            count("c", "dog", "cat", 4));
    assertEquals(
        """
        1 of 2 trials predicts one class only, of the validation part, where the largest
            class has 0.6000 of the samples: they tell nothing apart (cure: features of
            one scale, data.prepare = [standardize], or other learning rates).
        """,
        oneClass(trials, confusion));
    assertEquals("", oneClass(trials, confusion.subList(2, 4)));
  }

  private static Map<String, Object> count(
      String trial, String actual, String predicted, long count) {
    return Map.of(
        "trial",
        trial,
        "part",
        "validation",
        "actual",
        actual,
        "predicted",
        predicted,
        "count",
        count);
  }

  private static String oneClass(
      List<Map<String, Object>> trials, List<Map<String, Object>> confusion) {
    StringWriter text = new StringWriter();
    SweepSummary.printOneClass(
        trials, confusion::forEach, SampleRun.OBJECTIVE, 80, new PrintWriter(text));
    return text.toString();
  }
}
