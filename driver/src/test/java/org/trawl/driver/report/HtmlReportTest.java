package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.results.WrittenRun;

class HtmlReportTest {
  /** Does harm wherever it becomes markup, or ends the script that holds it. */
  private static final String HARM =
      "</script><script>window.harmed = 1</script><img src=x onerror='window.harmed = 2'>";

  // The browser may still write when it is gone.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private static RunFolder run;

  @BeforeAll
  static void writeRun() {
    run = written("animals", HARM, new SampleRun("animals"));
  }

  /** A run with layers and attempts too, and with harm in its names and messages. */
  private static RunFolder written(String name, String harm, SampleRun sample) {
    List<Map<String, Object>> layers = new ArrayList<>();
    List<Map<String, Object>> attempts = new ArrayList<>();
    for (Map<String, Object> trial : sample.trials) {
      trial.computeIfPresent("message", (column, message) -> message + harm);
      trial.put("variant", attempts.size() % 2 == 0 ? "plain" : "odd " + harm);
      Instant started = Instant.ofEpochSecond(10L * (attempts.size() / 2));
      Map<String, Object> attempt = new LinkedHashMap<>();
      attempt.put("trial", trial.get("trial"));
      attempt.put("attempt", 1);
      attempt.put("host", "host " + harm);
      attempt.put("executor", "driver");
      attempt.put("started", started);
      attempt.put("ended", started.plusSeconds(9));
      attempt.put("outcome", trial.get("status"));
      attempt.put("cause", trial.get("message"));
      attempts.add(attempt);
      for (int epoch = 1; epoch <= 20 && trial.get("status").equals("COMPLETED"); epoch++) {
        for (int layer = 1; layer <= 3; layer++) {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("trial", trial.get("trial"));
          row.put("epoch", epoch);
          row.put("layer", layer);
          row.put("gradient_mean", 0.1 / epoch / layer);
          row.put("inactive_fraction", layer == 3 ? null : (Object) (0.01 * epoch));
          layers.add(row);
        }
      }
    }
    List<Map<String, Object>> roc = curves(sample);
    for (List<Map<String, Object>> table : List.of(sample.classes, sample.confusion, roc)) {
      for (Map<String, Object> row : table) {
        row.replaceAll((column, value) -> "bird".equals(value) ? "bird " + harm : value);
      }
    }
    return WrittenRun.write(
        folder.resolve(name),
        name + harm,
        SampleRun.OBJECTIVE,
        Map.of(
            Table.TRIALS, sample.trials,
            Table.EPOCHS, sample.epochs,
            Table.LAYERS, layers,
            Table.CLASSES, sample.classes,
            Table.CONFUSION, sample.confusion,
            Table.ROC, roc,
            Table.ATTEMPTS, attempts));
  }

  /**
   * Of all completed trials but those with the lowest rate: true positives are the root of false.
   */
  private static List<Map<String, Object>> curves(SampleRun sample) {
    List<Map<String, Object>> roc = new ArrayList<>();
    for (Map<String, Object> trial : sample.trials) {
      if (trial.get("status").equals("COMPLETED") && !trial.get("learning_rate").equals(0.005)) {
        trial.put("roc_points", 5);
        for (String name : SampleRun.CLASSES) {
          for (int point = 1; point <= 5; point++) {
            double rate = (point - 1) / 4.0;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("trial", trial.get("trial"));
            row.put("part", "validation");
            row.put("class", name);
            row.put("point", point);
            row.put("false_positive_rate", rate);
            row.put("true_positive_rate", Math.sqrt(rate));
            roc.add(row);
          }
        }
      }
    }
    return roc;
  }

  private static JsonNode data(String page) throws Exception {
    int from = page.indexOf("id=\"data\">") + "id=\"data\">".length();
    return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
  }

  @Test
  void nothingOfTheDataIsMarkup() {
    String page = HtmlReport.of(run);
    assertEquals(3, page.split("</script", -1).length - 1);
    assertFalse(page.contains("<img src=x"));
    assertTrue(page.contains("<h1 id=\"title\">animals&lt;/script"));
    assertFalse(page.contains("src=\"http") || page.contains("href=\"http"));
  }

  @Test
  void theDataAreThoseOfTheTables() throws Exception {
    JsonNode data = data(HtmlReport.of(run));
    SampleRun sample = new SampleRun("animals");
    assertEquals(36, data.at("/trials/count").intValue());
    for (int trial = 0; trial < 36; trial++) {
      Object accuracy = sample.trials.get(trial).get("validation_accuracy");
      JsonNode found = data.at("/trials/columns/validation_accuracy/" + trial);
      assertEquals(accuracy, found.isNull() ? null : found.doubleValue());
    }
    ByteBuffer values =
        ByteBuffer.wrap(Base64.getDecoder().decode(data.at("/epochs/values").textValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertEquals("train_loss", data.at("/epochs/metrics/0").textValue());
    assertEquals(4 * sample.epochs.size() * Float.BYTES, values.remaining());
    for (Map<String, Object> epoch : sample.epochs) {
      assertEquals(((Double) epoch.get("train_loss")).floatValue(), values.getFloat());
    }
    JsonNode first = data.at("/confusion/trials/0");
    assertEquals(3, first.get("roc").size());
    ByteBuffer curve =
        ByteBuffer.wrap(Base64.getDecoder().decode(first.at("/roc/2").textValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(2 * 5 * Float.BYTES, curve.remaining());
    for (int point = 0; point < 5; point++) {
      assertEquals(point / 4f, curve.getFloat());
      assertEquals((float) Math.sqrt(point / 4.0), curve.getFloat());
    }
    long samples =
        StreamSupport.stream(first.get("counts").spliterator(), false)
            .mapToLong(JsonNode::longValue)
            .sum();
    assertEquals(100, samples);
    assertEquals(36, data.get("attempts").size());
  }

  @Test
  void runsWithLittleInThem_haveAPage() throws Exception {
    SampleRun sample = new SampleRun("none");
    sample.trials.forEach(trial -> trial.put("status", "PENDING"));
    RunFolder pending =
        WrittenRun.write(
            folder.resolve("pending"),
            "pending",
            SampleRun.OBJECTIVE,
            Map.of(Table.TRIALS, sample.trials));
    assertTrue(data(HtmlReport.of(pending)).get("layers").isNull());
    RunFolder empty =
        WrittenRun.write(
            folder.resolve("empty"), "empty", SampleRun.OBJECTIVE, Map.of(Table.TRIALS, List.of()));
    assertEquals(0, data(HtmlReport.of(empty)).at("/trials/count").intValue());
  }

  @Test
  void ofMoreTrialsThanAPageShows_theBestAndTheFailedAreThereAndTotalsAreOfAll() throws Exception {
    RunFolder many = manyTrials("many");
    JsonNode data = data(HtmlReport.of(many));
    assertEquals(ReportData.MOST_TRIALS, data.at("/trials/count").intValue());
    assertEquals(6000, data.at("/trials/of").intValue());
    assertEquals("{\"COMPLETED\":5990,\"FAILED\":10}", data.get("statuses").toString());
    assertEquals(6000, data.at("/keys/0/values").intValue());
    assertEquals(5990, data.at("/points/of").intValue()); // failed ones are in none
    assertEquals(
        new ObjectMapper().readTree("[{\"span\":6001.0,\"core\":12000.0}]"), data.get("work"));
    JsonNode hashes = data.at("/trials/columns/trial");
    JsonNode epochs = data.at("/epochs/rows");
    ByteBuffer curves =
        ByteBuffer.wrap(Base64.getDecoder().decode(data.at("/epochs/values").textValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    int failed = 0;
    for (int position = 0; position < hashes.size(); position++) {
      int number = Integer.parseInt(hashes.get(position).textValue(), 16);
      failed += number % 600 == 7 ? 1 : 0;
      assertTrue(position == 0 || number > before(hashes, position), "in the order of the plan");
      if (epochs.get(position).intValue() > 0) {
        assertEquals(accuracy(number), curves.getFloat()); // its own curve
      }
    }
    assertEquals(10, failed);
    Set<String> shown = new HashSet<>();
    hashes.forEach(hash -> shown.add(hash.textValue()));
    for (int number = 5700; number < 6000; number++) {
      assertTrue(shown.contains(String.format(Locale.ROOT, "%06x", number)), "the best"); // by rank
    }
    assertEquals(ReportData.MOST_TRIALS, data.get("attempts").size());
  }

  private static int before(JsonNode hashes, int position) {
    return Integer.parseInt(hashes.get(position - 1).textValue(), 16);
  }

  private static float accuracy(int number) {
    return number / 6000f;
  }

  /** 6,000 trials, the later the better, of which every 600th has failed. */
  private static RunFolder manyTrials(String name) {
    List<Map<String, Object>> trials = new ArrayList<>();
    List<Map<String, Object>> epochs = new ArrayList<>();
    List<Map<String, Object>> attempts = new ArrayList<>();
    Map<String, Object> pattern = new SampleRun("many").trials.get(0);
    for (int number = 0; number < 6000; number++) {
      boolean failed = number % 600 == 7;
      String hash = String.format(Locale.ROOT, "%06x", number);
      Map<String, Object> trial = new LinkedHashMap<>(pattern);
      trial.put("trial", hash);
      trial.put("point", hash);
      trial.put("learning_rate", 1e-5 * (number + 1));
      trial.put("status", failed ? "FAILED" : "COMPLETED");
      trial.put("validation_accuracy", failed ? null : (Object) (double) accuracy(number));
      trials.add(trial);
      if (!failed) {
        Map<String, Object> epoch = new LinkedHashMap<>();
        epoch.put("trial", hash);
        epoch.put("epoch", 1);
        epoch.put("validation_accuracy", (double) accuracy(number));
        epochs.add(epoch);
      }
      Map<String, Object> attempt = new LinkedHashMap<>();
      attempt.put("trial", hash);
      attempt.put("attempt", 1);
      attempt.put("host", "localhost");
      attempt.put("started", Instant.ofEpochSecond(1 + number));
      attempt.put("ended", Instant.ofEpochSecond(3 + number));
      attempt.put("outcome", trial.get("status"));
      attempts.add(attempt);
    }
    return WrittenRun.write(
        folder.resolve(name),
        name,
        SampleRun.OBJECTIVE,
        Map.of(Table.TRIALS, trials, Table.EPOCHS, epochs, Table.ATTEMPTS, attempts));
  }

  @Test
  void ofMoreClassesThanAPageShows_thoseConfusedMostAreThere() throws Exception {
    HtmlReport.write(manyClasses());
    String page = Files.readString(folder.resolve("classes").resolve(HtmlReport.FILE));
    JsonNode data = data(page);
    JsonNode entry = data.at("/confusion/trials/0");
    assertEquals(100, entry.get("size").intValue());
    assertEquals(2500, entry.get("of").intValue());
    assertEquals(2500, entry.get("samples").intValue());
    assertEquals(100 * 100, entry.get("counts").size());
    assertEquals(100, entry.get("classes").size());
    assertEquals("user7", data.at("/confusion/names/0/0").textValue());
    assertEquals("user2400", data.at("/confusion/names/0/1").textValue());
    assertEquals(1, entry.at("/actual/0").intValue());
    assertEquals(101, entry.at("/predicted/0").intValue());
    assertTrue(data.toString().length() < 60_000, data.toString().length() + " letters");
  }

  /** One sample of each of 2,500 classes, of which the last hundred are taken for class 7. */
  private static RunFolder manyClasses() {
    SampleRun sample = new SampleRun("classes");
    Map<String, Object> trial = sample.trials.get(0);
    List<Map<String, Object>> classes = new ArrayList<>();
    List<Map<String, Object>> confusion = new ArrayList<>();
    for (int type = 0; type < 2500; type++) {
      Map<String, Object> row = new LinkedHashMap<>(sample.classes.get(0));
      row.put("class", "user" + type);
      classes.add(row);
      Map<String, Object> pair = new LinkedHashMap<>(sample.confusion.get(0));
      pair.put("actual", "user" + type);
      pair.put("predicted", "user" + (type < 2400 ? type : 7));
      pair.put("count", 1);
      confusion.add(pair);
    }
    return WrittenRun.write(
        folder.resolve("classes"),
        "classes",
        SampleRun.OBJECTIVE,
        Map.of(Table.TRIALS, List.of(trial), Table.CLASSES, classes, Table.CONFUSION, confusion));
  }

  @Test
  void inABrowser_theLeaderboardSortsAllTrialsTheBetterFirst() throws Exception {
    assumeTrue(Chrome.driver().isPresent(), "skipped: no chromedriver on the PATH");
    SampleRun sample = new SampleRun("sorted");
    RunFolder sorted = sample.write(folder.resolve("sorted"), "sorted");
    HtmlReport.write(sorted);
    try (Chrome chrome =
        new Chrome(Chrome.driver().orElseThrow(), folder.resolve("profile for sorting"))) {
      chrome.open(folder.resolve("sorted").resolve(HtmlReport.FILE));
      List<Double> losses = cells(chrome, "leaderboard", "validation_loss", "Sort once");
      List<Double> expected =
          sample.trials.stream()
              .filter(trial -> trial.get("validation_loss") != null)
              .map(trial -> (Double) trial.get("validation_loss"))
              .sorted()
              .toList();
      assertEquals(20, losses.size());
      assertNear(expected.subList(0, 20), losses);
      click(chrome, "Show more of 36");
      assertNear(expected, cells(chrome, "leaderboard", "validation_loss", ""));
      chrome.run("document.querySelectorAll('#leaderboard tbody input')[30].click();");
      assertNear(expected, cells(chrome, "leaderboard", "validation_loss", ""));
      click(chrome, "Select none");
      click(chrome, "Select the first 3 shown");
      assertEquals(
          sample.trials.stream()
              .filter(trial -> trial.get("validation_loss") != null)
              .sorted(Comparator.comparing(trial -> (Double) trial.get("validation_loss")))
              .limit(3)
              .map(trial -> sample.trials.indexOf(trial))
              .toList()
              .toString()
              .replace(" ", ""),
          chrome.run("return trawlReport.state.selected;").toString());
      List<Double> best = cells(chrome, "leaderboard", "macro_f1", "Sort once");
      assertEquals(best.stream().sorted(Comparator.reverseOrder()).toList(), best);
      assertEquals(
          best.stream().sorted().toList(), cells(chrome, "leaderboard", "macro_f1", "Sort once"));
      List<Double> means = cells(chrome, "points", "mean", "Sort once");
      assertEquals(means.stream().sorted(Comparator.reverseOrder()).toList(), means);
      List<Double> recalls = cells(chrome, "classes", "recall", "Sort once");
      assertEquals(recalls.stream().sorted(Comparator.reverseOrder()).toList(), recalls);

      chrome.open(folder.resolve("sorted").resolve(HtmlReport.FILE));
      List<Double> again = cells(chrome, "leaderboard", "macro_f1", "");
      assertEquals(again.stream().sorted().toList(), again, "the page was loaded again");

      HtmlReport.write(manyTrials("more"));
      chrome.open(folder.resolve("more").resolve(HtmlReport.FILE));
      cells(chrome, "leaderboard", "validation_accuracy", "Sort once");
      List<Double> worst = cells(chrome, "leaderboard", "validation_accuracy", "Sort once");
      assertEquals(20, worst.size());
      assertEquals(0, worst.get(0), 1e-9); // the worst trial of all, not of twenty
      HtmlReport.write(manyClasses());
      chrome.open(folder.resolve("classes").resolve(HtmlReport.FILE));
      chrome.run("trawlReport.drawAll();");
      assertTrue(
          chrome
              .run("return document.querySelector('#classes').textContent;")
              .textValue()
              .contains("The 100 of 2500 classes of which most samples are taken for another"));
      assertEquals(List.of(), chrome.complaints());
    }
  }

  private static void assertNear(List<Double> expected, List<Double> shown) {
    assertEquals(expected.size(), shown.size());
    for (int i = 0; i < shown.size(); i++) {
      assertEquals(expected.get(i), shown.get(i), 1e-3 * expected.get(i));
    }
  }

  /** The numbers of a column of a section's last table, where there is one; after a click. */
  private static List<Double> cells(Chrome chrome, String section, String column, String click)
      throws Exception {
    JsonNode texts =
        chrome.run(
            """
            const tables = [...document.querySelectorAll('#%s table')];
            const table = tables[tables.length - 1];
            const heads = [...table.querySelectorAll('th')];
            const i = heads.findIndex(head => head.textContent === '%s');
            if ('%s') heads[i].querySelector('button').click();
            return [...table.querySelectorAll('tbody tr')].map(row => row.children[i].textContent);
            """
                .formatted(section, column, click));
    return StreamSupport.stream(texts.spliterator(), false)
        .map(JsonNode::textValue)
        .filter(text -> !text.isEmpty())
        .map(Double::valueOf)
        .toList();
  }

  @Test
  void inABrowser_everyChartIsDrawnAndSelectionsWork() throws Exception {
    assumeTrue(Chrome.driver().isPresent(), "skipped: no chromedriver on the PATH");
    HtmlReport.write(run);
    Path page = folder.resolve("animals").resolve(HtmlReport.FILE);
    try (Chrome chrome =
        new Chrome(Chrome.driver().orElseThrow(), folder.resolve("profile of chrome"))) {
      for (int width : new int[] {1300, 500}) {
        chrome.resize(width, 900);
        chrome.open(page);
        assertTrue(chrome.run("trawlReport.drawAll(); return true;").booleanValue());
        JsonNode charts =
            chrome.run(
                "return trawlReport.charts.map(c => [c.title, c.instance"
                    + " ? c.element.querySelectorAll('svg path, svg text').length : -1]);");
        assertEquals(11, charts.size());
        charts.forEach(chart -> assertTrue(chart.get(1).intValue() > 5, chart::toString));
        assertTrue(
            chrome.run("return document.documentElement.scrollWidth <= innerWidth;").booleanValue(),
            "wider than the window");
      }
      assertEquals(3, lines(chrome, "Loss") / 2); // three trials, two parts each
      click(chrome, "Select none");
      assertEquals(-1, lines(chrome, "Loss"));
      chrome.run("document.querySelectorAll('#leaderboard tbody input')[4].click();");
      assertEquals(2, lines(chrome, "Loss"));
      choose(chrome, "#curves select", "activation");
      assertEquals(4, lines(chrome, "Loss"));
      chrome.run(
          "const ticks = document.querySelectorAll('#curves input');"
              + " ticks[ticks.length - 1].click();"); // side by side
      assertEquals(2, option(chrome, "Loss", "grid.length").intValue());
      choose(chrome, "#pivot select", "hidden");
      assertTrue(
          chrome
              .run("return document.querySelector('#pivot figcaption').textContent;")
              .textValue()
              .contains("by hidden"));
      chrome.run(
          "const filter = document.querySelector('#leaderboard input[type=text]');"
              + " filter.value = 'activation=relu learning_rate<0.05';"
              + " filter.dispatchEvent(new Event('input'));");
      assertEquals(
          "6 of 36 trials, 1 selected",
          chrome
              .run("return document.querySelector('#leaderboard span').textContent;")
              .textValue());
      chrome.run(
          "trawlReport.charts.find(c => c.title.startsWith('Keys and')).instance.dispatchAction("
              + "{type: 'axisAreaSelect', parallelAxisIndex: 2, intervals: [[-0.4, 0.4]]});");
      assertTrue(
          chrome
              .run("return document.querySelector('#parallel span').textContent;")
              .textValue()
              .matches("\\d+ of 32 trials brushed"));
      String roc = "Classes in the ROC plane";
      assertEquals(2 * 3 + 1, lines(chrome, roc)); // a curve and a point a class, and chance
      assertEquals(1, option(chrome, roc, "xAxis[0].max").doubleValue());
      choose(chrome, "#classes label:nth-of-type(3) select", "0.2");
      assertEquals(0.2, option(chrome, roc, "xAxis[0].max").doubleValue());
      assertEquals(
          "ROC curves, validation part: a class against the rest, with the area below",
          chrome
              .run("return document.querySelectorAll('#classes figcaption')[1].textContent;")
              .textValue());
      choose(chrome, "#page select", "dark");
      assertEquals(
          "dark", chrome.run("return document.documentElement.dataset.theme;").textValue());
      chrome.run("document.querySelectorAll('details').forEach(part => part.open = true);");
      HtmlReport.write(manyTrials("many"));
      chrome.open(folder.resolve("many").resolve(HtmlReport.FILE));
      chrome.run("trawlReport.drawAll();");
      assertTrue(
          chrome
              .run("return document.querySelector('#overview .note').textContent;")
              .textValue()
              .startsWith("This page shows 5000 of the 6000 trials"));
      assertEquals(
          "Attempts of the trials on this page alone. All took 3.333 core-hours in 1 h 40 min.",
          chrome.run("return document.querySelectorAll('#slots p')[1].textContent;").textValue());
      for (String name : List.of("pending", "empty")) {
        Path other = folder.resolve(name).resolve(HtmlReport.FILE);
        if (Files.exists(folder.resolve(name))) {
          HtmlReport.write(RunFolder.at(folder.resolve(name).toString()));
          chrome.open(other);
          chrome.run("trawlReport.drawAll();");
        }
      }
      assertTrue(chrome.run("return window.harmed === undefined;").booleanValue());
      assertEquals(List.of(), chrome.complaints());
      assertEquals(
          List.of(),
          chrome.requests().stream()
              .filter(address -> !address.startsWith("file:") || !address.endsWith(".html"))
              // the browser's own first page, and what a page holds itself
              .filter(address -> !address.startsWith("chrome:") && !address.startsWith("data:"))
              .toList());
    }
  }

  private static void click(Chrome chrome, String button) throws Exception {
    chrome.run(
        "[...document.querySelectorAll('button')].find(b => b.textContent === '"
            + button
            + "').click();");
  }

  private static void choose(Chrome chrome, String selector, String value) throws Exception {
    chrome.run(
        "const select = document.querySelector('%s'); select.value = '%s';"
                .formatted(selector, value)
            + " select.dispatchEvent(new Event('change'));");
  }

  /** How many lines a chart has; -1 if there is none. */
  private static int lines(Chrome chrome, String title) throws Exception {
    return option(chrome, title, "series.length").intValue();
  }

  private static JsonNode option(Chrome chrome, String title, String of) throws Exception {
    return chrome.run(
        "const chart = trawlReport.charts.find(c => c.title === '%s');".formatted(title)
            + " return chart.instance ? chart.instance.getOption().%s : -1;".formatted(of));
  }
}
