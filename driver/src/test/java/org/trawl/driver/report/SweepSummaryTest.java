package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

class SweepSummaryTest {
  private static String summary(List<Map<String, Object>> trials, Objective objective) {
    StringWriter text = new StringWriter();
    SweepSummary.print(trials, objective, 80, new PrintWriter(text));
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
}
