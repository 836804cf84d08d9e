package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.Kernels;
import org.trawl.driver.SparkTest;
import org.trawl.driver.model.Model;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.report.BestReport;
import org.trawl.driver.results.Models;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.CoreTraining;
import org.trawl.driver.spark.SweepRun;
import org.trawl.driver.spark.Training;
import org.trawl.driver.spark.Versions;

/** predict, export and ensemble on the models of a run. */
@Timeout(600)
class ModelVerbsTest {
  @TempDir private static Path folder;
  private static String run;
  private static List<String> ranked;
  private static Dataset digits;

  @BeforeAll
  static void train() throws InterruptedException {
    Plan plan =
        Plans.of(
            folder,
            """
            name = verbs
            keep.models = 3
            data { source = digits, validation = 0.1, test = 0.1 }
            network { hidden = [24] }
            training { epochs = 12, optimizer = adam }
            sweep { training.learning-rate = [0.01, 0.02, 0.03, 1e-7] }
            """);
    RunFolder target = trained(plan, "run");
    run = target.address();
    ranked = BestReport.ranked(target).values().iterator().next();
    digits = DataCache.shared().load(plan.trials().get(0).spec().data().source(), Storage.local());
  }

  private static RunFolder trained(Plan plan, String name) throws InterruptedException {
    RunFolder target = RunFolder.at(folder.resolve(name).toString());
    Training training = new CoreTraining(Kernels.Choice.AUTO);
    SweepRun sweep = new SweepRun(plan, target);
    sweep.begin(Versions.session("trawl run test.conf", plan, plan.trials().size(), training));
    sweep.train(SparkTest.session().sparkContext(), training, progress -> {});
    return target;
  }

  @Test
  void ofSeveralDataSetsEachHasItsModelsAndItsEnsemble() throws Exception {
    RunFolder several =
        trained(
            Plans.of(
                folder,
                """
                name = several
                keep.models = 2
                data { source = digits, test = 0.1 }
                network { hidden = [8] }
                training { epochs = 2, optimizer = adam }
                sweep {
                  data.prepare = [[unit], [{ classes = [3, 5, 8] }]]
                  training.learning-rate = [1e-7, 0.01, 0.02]
                }
                """),
            "several");
    Map<String, List<String>> best = BestReport.ranked(several);
    assertEquals(List.of(3, 3), best.values().stream().map(List::size).toList());
    Set<String> wanted = new TreeSet<>();
    best.values().forEach(trials -> wanted.addAll(trials.subList(0, 2)));
    assertEquals(
        wanted,
        several.models().list().stream()
            .map(Models.Id::trial)
            .collect(Collectors.toCollection(TreeSet::new)),
        "the best two of each");

    Output voted = trawl("ensemble", several.address(), "--top", "2", "--format", "csv");
    assertEquals(0, voted.exit(), voted.err());
    assertEquals(
        2,
        several.rows(Table.ENSEMBLES).stream().map(row -> row.get("ensemble")).distinct().count());
    assertEquals(
        Set.copyOf(best.values().stream().map(trials -> trials.subList(0, 2)).toList()),
        Set.copyOf(several.rows(Table.ENSEMBLES).stream().map(row -> row.get("members")).toList()));

    Output one = trawl("predict", several.address(), write("one.csv", csv(2, false)).toString());
    assertEquals(2, one.exit());
    best.values().forEach(trials -> assertTrue(one.err().contains(trials.get(0)), one.err()));
  }

  private record Output(int exit, String out, String err) {}

  private static Output trawl(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Output(exit, out.toString(), err.toString());
  }

  private static int pixel(int sample, int feature) {
    return ((Samples.Bytes) digits.samples()).data()[sample * 64 + feature] & 0xFF;
  }

  private static String csv(int samples, boolean labels) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < 64; j++) {
        text.append(j == 0 ? "" : ",").append(pixel(i, j));
      }
      text.append(labels ? "," + digits.labels()[i] + ".0" : "").append('\n');
    }
    return text.toString();
  }

  private static Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void csvWithAndWithoutLabelsAndIdxGiveTheSameProbabilities() throws IOException {
    Path labelled = write("labelled.csv", csv(40, true));
    Path bare = write("bare.csv", "c" + ",c".repeat(63) + "\n" + csv(40, false));
    ByteBuffer idx = ByteBuffer.allocate(16 + 40 * 64);
    idx.putInt(0x00000803).putInt(40).putInt(8).putInt(8);
    for (int i = 0; i < 40 * 64; i++) {
      idx.put((byte) pixel(0, i));
    }
    Path images = Files.write(folder.resolve("images-idx3-ubyte"), idx.array());

    JsonNode one = rows("predict", ranked.get(0), labelled.toString());
    JsonNode two = rows("predict", ranked.get(0), bare.toString());
    JsonNode three = rows("predict", ranked.get(0), images.toString());
    assertEquals(40, one.size());
    assertEquals(two, three);
    int right = 0;
    for (int i = 0; i < 40; i++) {
      assertEquals(i + 1, one.get(i).get("sample").asInt());
      assertEquals(digits.labels()[i] + ".0", one.get(i).get("label").asText());
      assertFalse(two.get(i).has("label"));
      double sum = 0;
      for (int type = 0; type < 10; type++) {
        assertEquals(two.get(i).get("p_" + type), one.get(i).get("p_" + type));
        sum += one.get(i).get("p_" + type).asDouble();
      }
      assertEquals(1, sum, 1e-5);
      String predicted = one.get(i).get("class").asText();
      assertEquals(one.get(i).get("p_" + predicted), one.get(i).get("probability"));
      right += predicted.equals(String.valueOf(digits.labels()[i])) ? 1 : 0;
    }
    Output table = trawl("predict", run, labelled.toString());
    assertEquals(0, table.exit(), table.err());
    assertTrue(right > 30, "" + right);
    assertTrue(table.out().contains(right + " of 40 right"), table.out());
  }

  private static JsonNode rows(String... arguments) throws IOException {
    String[] all = Arrays.copyOf(arguments, arguments.length + 3);
    all[arguments.length] = "--format=json";
    all[arguments.length + 1] = "--run";
    all[arguments.length + 2] = run;
    Output output = trawl(all);
    assertEquals(0, output.exit(), output.err());
    return new ObjectMapper().readTree(output.out());
  }

  /** A digit drawn by a person: dark on bright paper, of another size, away from the middle. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void aPictureIsPredictedAsTheDigitThatItShows(String format) throws IOException {
    int right = 0;
    for (int sample = 0; sample < 20; sample++) {
      BufferedImage picture = new BufferedImage(300, 260, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 260; y++) {
        for (int x = 0; x < 300; x++) {
          int row = (y - 30) / 20;
          int column = (x - 100) / 20;
          boolean inside = y >= 30 && x >= 100 && row < 8 && column < 8;
          int ink = inside ? pixel(sample, row * 8 + column) : 0;
          int gray = 235 - ink * 13;
          picture.setRGB(x, y, 0x010101 * gray);
        }
      }
      Path file = folder.resolve("digit." + format);
      assertTrue(ImageIO.write(picture, format, file.toFile()));
      JsonNode row = rows("predict", ranked.get(0), file.toString()).get(0);
      right += row.get("class").asText().equals("" + digits.labels()[sample]) ? 1 : 0;
    }
    assertTrue(right >= 17, "right: " + right);
    Output table = trawl("predict", run, folder.resolve("digit." + format).toString());
    assertTrue(table.out().contains("as the network sees it:"), table.out());
  }

  @Test
  void filesThatAreNoSamplesAreRefusedAllAtOnceWithTheReason() throws IOException {
    Path narrow = write("narrow.csv", "1,2,3\n");
    Path text = write("text.csv", csv(2, false).replaceFirst("\n\\d+,", "\nink,"));
    Path damaged = write("damaged.png", "\u0089PNG no more");
    Path empty = write("empty.csv", "");
    Path header = write("header.csv", "c" + ",c".repeat(63) + "\n");
    Path idx = Files.write(folder.resolve("short-idx"), new byte[] {0, 0, 8, 3, 0, 0, 0, 1});
    Output output =
        trawl(
            "predict",
            run,
            narrow.toString(),
            text.toString(),
            damaged.toString(),
            empty.toString(),
            header.toString(),
            idx.toString(),
            folder.resolve("missing.csv").toString());
    assertEquals(2, output.exit());
    assertEquals(7, output.err().lines().count(), output.err());
    assertTrue(output.err().contains("64 columns, the model's features, or 65"), output.err());
    assertTrue(
        output.err().contains("text.csv:2: column 0: expected a finite number, found \"ink\""));
    assertTrue(output.err().contains("damaged.png: expected a PNG"), output.err());
    assertTrue(output.err().contains("header.csv:1: expected a sample below"), output.err());
    assertEquals("", output.out());
  }

  @Test
  void aTrialWithoutAModelIsRefusedWithTheCure() {
    Output output = trawl("predict", ranked.get(3), "--run", run, "x.csv");
    assertEquals(2, output.exit());
    assertTrue(output.err().contains("keep { models = all }"), output.err());
    assertEquals(2, trawl("predict", "0000", "--run", run, "x.csv").exit());
    assertEquals(2, trawl("predict", "none.safetensors", "x.csv").exit());
    assertEquals(2, trawl("export", ranked.get(3), "--run", run, "--format", "onnx").exit());
    assertEquals(2, trawl("export", ranked.get(0), "--run", run, "--format", "pmml").exit());
    assertEquals(2, trawl("export", ranked.get(0), "--run", run).exit());
    assertEquals(2, trawl("ensemble", run, "--trials", ranked.get(0) + "," + ranked.get(3)).exit());
  }

  @Test
  void aModelThatWasExportedPredictsAsTheTrialDoes() throws IOException {
    Path model = folder.resolve("exported.safetensors");
    Output exported =
        trawl(
            "export",
            ranked.get(0).substring(0, 6),
            "--run",
            run,
            "--format=safetensors",
            "--out",
            model.toString());
    assertEquals(0, exported.exit(), exported.err());
    Path samples = write("samples.csv", csv(5, false));
    Output one = trawl("predict", model.toString(), samples.toString(), "--format", "csv");
    Output two =
        trawl("predict", ranked.get(0), samples.toString(), "--format", "csv", "--run", run);
    assertEquals(0, one.exit(), one.err());
    assertEquals(two.out(), one.out());

    Files.write(model, Arrays.copyOf(Files.readAllBytes(model), 1000));
    Output cut = trawl("predict", model.toString(), samples.toString());
    assertEquals(2, cut.exit());
    assertTrue(cut.err().contains("exported.safetensors: offset "), cut.err());
    assertEquals(
        2, trawl("export", run, "--format", "onnx", "--out", folder + "/no/such/x").exit());
  }

  @Test
  void classesAreCalledAsTheCatalogueCallsThem() throws IOException {
    RunFolder target = RunFolder.at(run);
    Models.Id id = target.models().of(ranked.get(0)).orElseThrow();
    Model plain = Model.decode(target.models().read(id).orElseThrow(), "model");
    assertEquals("digits", plain.source());
    Model fashion =
        new Model(
            plain.trial(),
            plain.epoch(),
            plain.config().replace("\"digits\"", "\"fashion-mnist\""),
            plain.network(),
            plain.loss(),
            plain.classes(),
            plain.preparation(),
            plain.names(),
            plain.label(),
            plain.table(),
            plain.labels(),
            plain.image(),
            plain.weights());
    String model = Files.write(folder.resolve("fashion.safetensors"), fashion.encode()).toString();
    Path samples = write("fashion.csv", csv(3, false).replace("\n", ",Trouser\n"));
    Output table = trawl("predict", model, samples.toString());
    assertEquals(0, table.exit(), table.err());
    assertTrue(table.out().contains("p_Ankle boot"), table.out());
    assertTrue(table.out().contains("1 of 3 right"), table.out());
    JsonNode row =
        new ObjectMapper()
            .readTree(trawl("predict", model, samples.toString(), "--format=json").out())
            .get(1);
    assertEquals("1", row.get("class").asText());
    assertEquals("Trouser", row.get("class_name").asText());
    assertTrue(row.has("p_9"));
  }

  @Test
  void ensemblesVoteOnTheTestPartAndKeepTheirRows() throws IOException {
    RunFolder target = RunFolder.at(run);
    Output output = trawl("ensemble", run, "--top", "3", "--format", "json");
    assertEquals(0, output.exit(), output.err());
    JsonNode rows = new ObjectMapper().readTree(output.out());
    assertEquals(5, rows.size());
    Map<Object, Map<String, Object>> trials = new HashMap<>();
    target.rows(Table.TRIALS).forEach(row -> trials.put(row.get("trial"), row));
    for (int i = 0; i < 3; i++) {
      assertEquals("member", rows.get(i).get("method").asText());
      assertEquals(ranked.get(i), rows.get(i).get("trial").asText());
      Map<String, Object> trial = trials.get(ranked.get(i));
      assertEquals(trial.get("test_accuracy"), rows.get(i).get("accuracy").asDouble());
      assertEquals(trial.get("test_loss"), rows.get(i).get("loss").asDouble());
    }
    List<Map<String, Object>> kept = target.rows(Table.ENSEMBLES);
    assertEquals(List.of("majority", "mean"), kept.stream().map(row -> row.get("method")).toList());
    assertEquals(ranked.subList(0, 3), kept.get(0).get("members"));
    for (int i = 0; i < 2; i++) {
      assertEquals(rows.get(3 + i).get("accuracy").asDouble(), kept.get(i).get("accuracy"));
    }
    assertEquals(rows.get(4).get("loss").asDouble(), kept.get(1).get("loss"));

    // The same members in another order are the same ensemble; others are another one.
    trawl(
        "ensemble", run, "--trials", String.join(",", ranked.get(2), ranked.get(0), ranked.get(1)));
    assertEquals(2, target.rows(Table.ENSEMBLES).size());
    trawl("ensemble", run, "--trials", ranked.get(0) + "," + ranked.get(1));
    assertEquals(4, target.rows(Table.ENSEMBLES).size());
  }

  @Test
  void ensemblesThatCannotBeMadeAreRefused() {
    assertEquals(2, trawl("compare", run, "--effects", "--by", "hidden").exit());
    assertEquals(2, trawl("compare", run, "--importance", "--across", "hidden").exit());
    assertEquals(2, trawl("ensemble", run).exit());
    assertEquals(2, trawl("ensemble", run, "--top", "1").exit());
    assertEquals(2, trawl("ensemble", run, "--top", "2", "--trials", ranked.get(0)).exit());
    assertEquals(2, trawl("ensemble", run, "--trials", ranked.get(0)).exit());
    Output twice = trawl("ensemble", run, "--trials", ranked.get(0) + "," + ranked.get(0));
    assertEquals(2, twice.exit());
    assertTrue(twice.err().contains("twice"), twice.err());
    Output many = trawl("ensemble", run, "--top", "40");
    assertEquals(2, many.exit());
    assertTrue(many.err().contains("has 4 completed trials that share"), many.err());
  }
}
