package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.report.CompareReport.Question;
import org.trawl.driver.results.RunFolder;

/**
 * A run of two data sets: the trials of learning rate 0.5 are of birds, which have no validation.
 */
class SectionTest {
  private final SampleRun sample = new SampleRun("both");

  @TempDir private Path folder;
  private RunFolder run;

  @BeforeEach
  void write() {
    for (Map<String, Object> trial : sample.trials) {
      boolean birds = trial.get("learning_rate").equals(0.5);
      trial.put("data", birds ? "b1" : "a1");
      trial.put("source", birds ? "birds" : "animals");
      trial.put("objective", birds ? "test_accuracy" : "validation_accuracy");
      if (birds) {
        trial.put("test_accuracy", trial.remove("validation_accuracy"));
        trial.put("test_loss", trial.remove("validation_loss"));
      }
    }
    run = sample.write(folder.resolve("both"), "both");
  }

  private static String printed(Consumer<PrintWriter> action) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    action.accept(out);
    out.flush();
    return text.toString();
  }

  private String best(Format format, int top) {
    return printed(out -> BestReport.of(run, Optional.empty(), top).print(format, 200, out));
  }

  private String compared(Question question, Format format) {
    return printed(
        out ->
            CompareReports.of(List.of(run), false)
                .print(question, List.of(), Optional.empty(), Optional.empty(), format, 200, out));
  }

  /** The part of a text that is about a data set. */
  private static String of(String data, String text) {
    String section = text.substring(text.indexOf("Data: " + data + System.lineSeparator()));
    int end = section.indexOf("Data: ", 1);
    return end < 0 ? section : section.substring(0, end);
  }

  @Test
  void theBestAreOfEachDataSetForItself() {
    Map<String, List<String>> ranked = BestReport.ranked(run);
    assertEquals(List.of("animals", "birds"), List.copyOf(ranked.keySet()));
    String text = best(Format.TABLE, 2);
    assertTrue(of("animals", text).contains(ranked.get("animals").get(1)), text);
    assertTrue(of("birds", text).contains(ranked.get("birds").get(0)), text);
    assertFalse(of("birds", text).contains(ranked.get("animals").get(0)), text);
    assertTrue(of("birds", text).contains("test_accuracy"), text);
    List<String> rows = best(Format.CSV, 2).lines().toList();
    assertEquals(5, rows.size());
    assertTrue(rows.get(0).startsWith("data,rank,trial,validation_accuracy,"), rows.get(0));
    assertTrue(rows.get(3).startsWith("birds,1," + ranked.get("birds").get(0)), rows.get(3));
  }

  @Test
  void comparisonEffectsAndImportanceAreOfEachDataSetForItself() {
    String text = compared(Question.GROUPS, Format.TABLE);
    assertTrue(of("animals", text).contains("validation_accuracy (larger is better)"), text);
    assertTrue(of("birds", text).contains("test_accuracy (larger is better) of 9 of 12"), text);
    assertFalse(of("birds", text).contains("learning_rate"), "it has one value there");
    List<String> rows = compared(Question.GROUPS, Format.CSV).lines().toList();
    assertTrue(rows.get(0).startsWith("data,"), rows.get(0));
    assertTrue(rows.get(0).endsWith(",metric,direction"), rows.get(0));
    assertTrue(rows.get(1).endsWith(",validation_accuracy,maximize"), rows.get(1));
    assertTrue(rows.get(12).endsWith(",test_accuracy,maximize"), rows.get(12));
    assertEquals(1 + 8 + 4, rows.size());
    String across =
        printed(
            out ->
                CompareReports.of(List.of(run), false)
                    .print(
                        Question.GROUPS,
                        List.of(),
                        Optional.of("hidden"),
                        Optional.empty(),
                        Format.CSV,
                        200,
                        out));
    assertEquals(1 + 8 + 4, across.lines().count(), across);
    String told = compared(Question.EFFECTS, Format.TABLE);
    assertTrue(of("birds", told).contains("test_accuracy (larger is better) of 9 of 12"), told);
    String effects = compared(Question.EFFECTS, Format.CSV);
    assertTrue(effects.lines().anyMatch(row -> row.startsWith("animals,learning_rate,")), effects);
    assertFalse(effects.contains("birds,learning_rate,"), effects);
    String importance = compared(Question.IMPORTANCE, Format.CSV);
    assertFalse(importance.contains(",source,"), importance);
  }

  @Test
  void theSummaryOfARunHasASectionForEachDataSet() {
    String text = printed(out -> SweepSummary.print(run, 200, out));
    assertTrue(of("animals", text).contains("Best trial: validation_accuracy"), text);
    assertTrue(of("birds", text).contains("Best trial: test_accuracy"), text);
    assertFalse(of("birds", text).contains("learning_rate"), text);
  }

  @Test
  void theReportHasAPageForEachDataSet() throws Exception {
    Map<?, ?> page =
        new ObjectMapper().readValue(ReportData.json(run, "1", Instant.EPOCH, 0), Map.class);
    assertEquals(List.of("animals", "birds"), page.get("sections"));
    Map<?, ?> birds = (Map<?, ?>) ((List<?>) page.get("others")).get(0);
    assertEquals(12, ((Map<?, ?>) birds.get("trials")).get("count"));
    assertEquals("test_accuracy", ((Map<?, ?>) birds.get("objective")).get("metric"));
    assertEquals(9, ((List<?>) birds.get("ranked")).size());
    assertEquals(24, ((Map<?, ?>) page.get("trials")).get("count"));
  }

  @Test
  void inABrowser_aLinkLeadsToThePageOfAnotherDataSet() throws Exception {
    assumeTrue(Chrome.driver().isPresent(), "skipped: no chromedriver on the PATH");
    HtmlReport.write(run);
    try (Chrome chrome =
        new Chrome(Chrome.driver().orElseThrow(), folder.resolve("profile of chrome"))) {
      chrome.open(folder.resolve("both").resolve(HtmlReport.FILE));
      String overview = "return document.querySelector('#overview').textContent;";
      String animals = chrome.run(overview).textValue();
      assertTrue(animals.contains(BestReport.ranked(run).get("animals").get(0)), animals);
      chrome.run("document.querySelector('#overview p.note a').click(); return true;");
      String best = BestReport.ranked(run).get("birds").get(0);
      String birds = animals;
      for (int i = 0; i < 600 && !birds.contains(best); i++) {
        Thread.sleep(100); // until the page is there
        birds =
            chrome
                .run("return (document.querySelector('#overview') || document.body).textContent;")
                .textValue();
      }
      assertTrue(birds.contains(best), birds);
      assertFalse(birds.contains("validation_accuracy"), birds);
    }
  }

  @Test
  void equalTrialsAreToldWithTheSizeOfThePart() {
    List<Map<String, Object>> trials = new ArrayList<>();
    IntStream.range(0, 3)
        .forEach(
            i ->
                trials.add(
                    Map.of(
                        "trial",
                        "t" + i,
                        "status",
                        "COMPLETED",
                        "validation_accuracy",
                        i < 2 ? 0.75 : 0.5,
                        "validation_loss",
                        0.5 - i / 10.0,
                        "parameters",
                        10L)));
    List<Map<String, Object>> ranked = Leaderboard.ranked(trials, SampleRun.OBJECTIVE);
    assertEquals(List.of("t1", "t0", "t2"), ranked.stream().map(row -> row.get("trial")).toList());
    List<Map<String, Object>> parts =
        List.of(Map.of("trial", "t1", "part", "validation", "samples", 57));
    assertEquals(
        Optional.of(
            "2 trials are equal in validation_accuracy: this is the first of them by"
                + " validation_loss, then by fewer parameters. The validation part has 57 samples:"
                + " one is 0.018."),
        Ties.note(ranked, "validation_accuracy", trial -> trial.equals("t1") ? parts : List.of()));
    assertEquals(
        Optional.empty(), Ties.note(ranked.subList(1, 3), "validation_accuracy", none -> parts));
  }
}
