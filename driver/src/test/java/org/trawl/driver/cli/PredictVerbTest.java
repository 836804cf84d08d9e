package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.LabelForm;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.Kernels;
import org.trawl.driver.SparkTest;
import org.trawl.driver.model.Model;
import org.trawl.driver.model.Outputs;
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

/** predict and ensemble on models of tables whose columns have names, and of pictures in colour. */
@Timeout(600)
class PredictVerbTest {
  private static final int SIDE = 12;

  @TempDir private static Path folder;

  /** Trained on columns BMI, glucose, town and the label kind. */
  private static RunFolder table;

  /** Trained on the table without its header. */
  private static RunFolder bare;

  /** Trained on pictures in colour, in gray and as components of gray. */
  private static RunFolder pictures;

  private static Plan picturesPlan;

  @BeforeAll
  static void train() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("table.csv"), "BMI,glucose,town,kind\n" + rows(60));
    Files.writeString(folder.resolve("bare.csv"), rows(60));
    String settings =
        """
        keep.models = all
        data { validation = 0.2, prepare = [one-hot, standardize] }
        network { hidden = [8] }
        training { epochs = 6, batch-size = 8, learning-rate = 0.1 }
        """;
    String source = "data.source { format = csv, train = \"%s\" }\n";
    table = run("table", settings + source.formatted(folder.resolve("table.csv")));
    bare = run("bare", settings + source.formatted(folder.resolve("bare.csv")));
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      Path file = folder.resolve("images/" + (i % 2 == 0 ? "red" : "blue") + "/" + i + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(picture(random, i % 2 == 0), "png", file.toFile());
    }
    pictures =
        run(
            "pictures",
            """
            keep.models = all
            data.source { format = images, train = "%s" }
            data { validation = 0.2, test = 0.2 }
            network { hidden = [8] }
            training { epochs = 6, batch-size = 8, learning-rate = 0.1 }
            sweep.data.prepare = [[gray, unit], [gray, unit, { pca = 5 }], [{ resize = [6, 6] }, unit]]
            """
                .formatted(folder.resolve("images")));
  }

  private static RunFolder run(String name, String text) throws InterruptedException {
    Plan plan = Plans.of(folder, "name = " + name + "\n" + text);
    if (name.equals("pictures")) {
      picturesPlan = plan;
    }
    RunFolder target = RunFolder.at(folder.resolve("runs").resolve(name).toString());
    Training training = new CoreTraining(Kernels.Choice.AUTO);
    SweepRun sweep = new SweepRun(plan, target);
    sweep.begin(
        Versions.session(
            "trawl run test.conf --set keep.models=all", plan, plan.trials().size(), training));
    sweep.train(SparkTest.session().sparkContext(), training, progress -> {});
    return target;
  }

  private static String rows(int count) {
    StringBuilder text = new StringBuilder();
    for (String[] row : samples(count)) {
      text.append(String.join(",", row)).append('\n');
    }
    return text.toString();
  }

  private static List<String[]> samples(int count) {
    Random random = new Random(3);
    List<String[]> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = i % 3;
      samples.add(
          new String[] {
            String.format(Locale.ROOT, "%.4f", 3 * kind + random.nextGaussian()),
            String.format(Locale.ROOT, "%.4f", -2 * kind + random.nextGaussian()),
            List.of("Bonn", "Rome", "Oslo").get(random.nextInt(3)),
            List.of("ann", "bob", "cid").get(kind)
          });
    }
    return samples;
  }

  private static BufferedImage picture(Random random, boolean red) {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      int strong = 150 + random.nextInt(100);
      int weak = random.nextInt(100);
      int colour = red ? strong << 16 | weak << 8 | weak : weak << 16 | weak << 8 | strong;
      picture.setRGB(i % SIDE, i / SIDE, colour);
    }
    return picture;
  }

  private record Output(int exit, String out, String err) {}

  private static Output trawl(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Output(exit, out.toString(), err.toString());
  }

  private static JsonNode predict(String model, Path file) throws IOException {
    Output output = trawl("predict", model, file.toString(), "--format", "json");
    assertEquals(0, output.exit(), output.err());
    return new ObjectMapper().readTree(output.out());
  }

  /** The first samples of the table with some of its columns, 0 to 3, in an order. */
  private static Path file(String name, String header, int... columns) throws IOException {
    StringBuilder text = new StringBuilder(header.isEmpty() ? "" : header + "\n");
    for (String[] sample : samples(9)) {
      List<String> row = new ArrayList<>();
      for (int column : columns) {
        row.add(column < 0 ? "7" : sample[column]);
      }
      text.append(String.join(",", row)).append('\n');
    }
    return Files.writeString(folder.resolve(name), text.toString());
  }

  private static List<String> answers(JsonNode rows) {
    List<String> answers = new ArrayList<>();
    rows.forEach(
        row -> answers.add(row.get("class").asText() + row.get("p_ann") + row.get("p_cid")));
    return answers;
  }

  @Test
  void columnsAreTakenByTheirNamesInAnyOrder() throws IOException {
    String model = table.address();
    JsonNode plain = predict(model, file("plain.csv", "BMI,glucose,town", 0, 1, 2));
    List<String> expected = answers(plain);
    assertEquals(9, expected.size());
    assertEquals(3, expected.stream().map(text -> text.substring(0, 3)).distinct().count());
    JsonNode labelled = predict(model, file("labelled.csv", "kind,town,glucose,BMI", 3, 2, 1, 0));
    assertEquals(expected, answers(labelled));
    assertEquals("bob", labelled.get(1).get("label").asText());
    assertEquals(
        expected, answers(predict(model, file("turned.csv", "town,BMI,glucose", 2, 0, 1))));
  }

  @Test
  void anIndexThatPandasHasWrittenIsLeftOutAndTold() throws IOException {
    Path plain = file("plain.csv", "BMI,glucose,town", 0, 1, 2);
    Path index = file("index.csv", ",glucose,town,BMI,kind", -1, 1, 2, 0, 3);
    Output output = trawl("predict", table.address(), index.toString(), "--format", "json");
    assertEquals(0, output.exit(), output.err());
    assertEquals(
        answers(predict(table.address(), plain)),
        answers(new ObjectMapper().readTree(output.out())));
    assertTrue(output.err().contains("index.csv: Column 0 (without a name) is left out"));
  }

  @Test
  void otherColumnsAreRefusedWithWhatWasExpectedAndFound() throws IOException {
    Path index = file("own-index.csv", "index,BMI,glucose,town", -1, 0, 1, 2);
    Path numbers = file("numbers.csv", "1,2,3", 0, 1, 2);
    Path none = file("none.csv", "", 0, 1, 2, 3);
    Path missing = file("missing.csv", "BMI,glucose,kind", 0, 1, 3);
    Path town = file("town.csv", "BMI,glucose,town", 0, 1, 3);
    Output output =
        trawl(
            "predict",
            table.address(),
            index.toString(),
            numbers.toString(),
            none.toString(),
            missing.toString(),
            town.toString());
    assertEquals(2, output.exit(), output.out());
    List<String> lines = output.err().lines().toList();
    assertEquals(5, lines.size(), output.err());
    String expected = "expected a header with the columns BMI, glucose, town in any order";
    for (int i = 0; i < 4; i++) {
      assertTrue(lines.get(i).contains(expected), lines.get(i));
    }
    assertTrue(lines.get(0).contains("the unknown column index (cure: leave it out)"));
    assertTrue(lines.get(1).contains("found 1, 2, 3"), lines.get(1));
    assertTrue(lines.get(3).contains("found no column town"), lines.get(3));
    assertTrue(
        lines
            .get(4)
            .endsWith("expected a text that the model's data has: Bonn, Oslo, Rome, found \"ann\""),
        lines.get(4));
  }

  /** BM is how bitmaps begin, and GIF how others do. */
  @Test
  void aTextIsNoPictureForItsFirstLetters() throws IOException {
    Path file = file("bmi-new.csv", "BMI,glucose,town", 0, 1, 2);
    assertEquals(9, predict(table.address(), file).size());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(Files.readAllBytes(file));
    }
    Path zipped = Files.write(folder.resolve("bmi-packed"), packed.toByteArray());
    assertEquals(
        answers(predict(table.address(), file)), answers(predict(table.address(), zipped)));
    Path named = Files.copy(file, folder.resolve("table.png"));
    Output output = trawl("predict", table.address(), named.toString());
    assertEquals(2, output.exit());
    assertTrue(
        output.err().contains("table.png: expected a PNG, JPEG, BMP or GIF image, found another"),
        output.err());
  }

  @Test
  void aModelThatKnowsNoNamesTakesColumnsByPositionAndSaysSoWhereTheFileHasNames()
      throws IOException {
    Path none = file("none.csv", "", 0, 1, 2);
    Path some = file("some.csv", "BMI,glucose,town", 0, 1, 2);
    assertEquals(
        answers(predict(table.address(), some)).size(), predict(bare.address(), none).size());
    Output output = trawl("predict", bare.address(), some.toString());
    assertEquals(0, output.exit(), output.err());
    assertTrue(output.out().contains("some.csv: The columns are taken by their positions"));
    Output index =
        trawl("predict", bare.address(), file("i.csv", ",a,b,c", -1, 0, 1, 2).toString());
    assertEquals(2, index.exit(), index.out());
    assertTrue(index.err().contains("an index as tools write it"), index.err());
  }

  @Test
  void labelsThatAreNoClassAreTold() throws IOException {
    Path file = folder.resolve("others.csv");
    Files.writeString(file, "BMI,glucose,town,kind\n0,0,Bonn,ann\n0,0,Rome,dan\n0,0,Rome,\n");
    Output output = trawl("predict", table.address(), file.toString());
    assertEquals(0, output.exit(), output.err());
    assertTrue(output.out().contains(" of 2 right"), output.out());
    assertTrue(
        output
            .out()
            .contains("1 of the labels are no class of the model, and counted as wrong: dan"),
        output.out());
  }

  private static Model model(int trial) {
    String hash = picturesPlan.trials().get(trial).trial();
    Models.Id id = pictures.models().of(hash).orElseThrow();
    return Model.decode(pictures.models().read(id).orElseThrow(), "model");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aPictureOfTheDataGivesWhatTheDataGive(int trial) throws IOException {
    Model model = model(trial);
    Dataset data =
        DataCache.shared()
            .load(picturesPlan.trials().get(trial).spec().data().source(), Storage.local());
    // Files are read in the order of their names; the first one of the folder blue.
    Path file = folder.resolve("images/blue/1.png");
    Outputs expected = Outputs.of(model, data, new int[] {0}, new int[] {0});
    Output output =
        trawl(
            "predict",
            model.trial(),
            file.toString(),
            "--run",
            pictures.address(),
            "--format",
            "json");
    assertEquals(0, output.exit(), output.err());
    JsonNode row = new ObjectMapper().readTree(output.out()).get(0);
    assertEquals(expected.value(0, 0), row.get("p_blue").floatValue());

    BufferedImage image = ImageIO.read(file.toFile());
    BufferedImage larger = new BufferedImage(3 * SIDE, 2 * SIDE, BufferedImage.TYPE_INT_RGB);
    larger.getGraphics().drawImage(image, 0, 0, 3 * SIDE, 2 * SIDE, null);
    Path other = folder.resolve("larger" + trial + ".bmp");
    assertTrue(ImageIO.write(larger, "bmp", other.toFile()));
    Output table = trawl("predict", model.trial(), other.toString(), "--run", pictures.address());
    assertEquals(0, table.exit(), table.err());
    assertTrue(table.out().contains("as the network sees it:"), table.out());
  }

  @Test
  void ensemblesPrepareWhatTheirMembersWereTrainedOn() throws IOException {
    String trials =
        String.join(",", picturesPlan.trials().stream().map(trial -> trial.trial()).toList());
    Output output = trawl("ensemble", pictures.address(), "--trials", trials, "--format", "json");
    assertEquals(0, output.exit(), output.err());
    JsonNode rows = new ObjectMapper().readTree(output.out());
    for (int i = 0; i < 3; i++) {
      String trial = rows.get(i).get("trial").asText();
      Map<String, Object> row =
          pictures.rows(Table.TRIALS).stream()
              .filter(one -> trial.equals(one.get("trial")))
              .findFirst()
              .orElseThrow();
      assertEquals(row.get("test_accuracy"), rows.get(i).get("accuracy").asDouble());
      assertEquals(row.get("test_loss"), rows.get(i).get("loss").asDouble());
    }
  }

  /** Labels that the training took for others are taken for them here too. */
  @Test
  void aFilesLabelsAreRelabelledAsTheTrainingsWere() throws Exception {
    StringBuilder text = new StringBuilder("x,kind\n");
    for (int i = 0; i < 60; i++) {
      String label = List.of("10.0", "9", "1e1", "9.0").get(i % 4);
      text.append(i % 2 == 0 ? 1 + i % 7 : -1 - i % 7).append(',').append(label).append('\n');
    }
    Path file = Files.writeString(folder.resolve("relabelled.csv"), text.toString());
    RunFolder run =
        run(
            "relabelled",
            """
            keep.models = all
            data { source { format = csv, train = "%s", relabel { "10" = ten } }, validation = 0.2 }
            network { hidden = [] }
            training { epochs = 6, batch-size = 8, learning-rate = 0.1 }
            """
                .formatted(file));
    Output output = trawl("predict", run.address(), file.toString());
    assertEquals(0, output.exit(), output.err());
    assertTrue(output.out().contains("60 of 60 right: accuracy 1.0000"), output.out());
    assertFalse(output.out().contains("no class of the model"), output.out());
    // two that are taken for each other
    RunFolder swapped =
        run(
            "swapped",
            """
            keep.models = all
            data { source { format = csv, train = "%s", relabel { "10" = 9, "9" = 10 } }, validation = 0.2 }
            network { hidden = [] }
            training { epochs = 6, batch-size = 8, learning-rate = 0.1 }
            """
                .formatted(file));
    output = trawl("predict", swapped.address(), file.toString());
    assertTrue(output.out().contains("60 of 60 right: accuracy 1.0000"), output.out());
  }

  /** Without names, and with columns left out, nothing but the features can be told. */
  @Test
  void aFileWithoutNamesOfAModelWhoseColumnsWereChosen_hasItsFeaturesAlone() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append(900 + i).append(i % 2 == 0 ? ",1,2,a\n" : ",-1,-2,b\n");
    }
    Path file = Files.writeString(folder.resolve("nameless.csv"), text.toString());
    RunFolder run =
        run(
            "nameless",
            """
            keep.models = all
            data { source { format = csv, train = "%s", header = false, ignore = "0" }, validation = 0.2 }
            network { hidden = [] }
            training { epochs = 2, batch-size = 8, learning-rate = 0.1 }
            """
                .formatted(file));
    Path two = Files.writeString(folder.resolve("two.csv"), "1,2\n-1,-2\n");
    assertEquals(0, trawl("predict", run.address(), two.toString()).exit());
    for (String wrong : List.of("900,1,2,a\n", "900,1,2\n", "1,2,a\n")) {
      Path other = Files.writeString(folder.resolve("wrong.csv"), wrong);
      Output output = trawl("predict", run.address(), other.toString());
      assertEquals(2, output.exit(), output.out());
      assertTrue(output.err().contains("expected the model's 2 features alone"), output.err());
    }
  }

  /** Semicolons, decimal commas and a column that was left out of the training. */
  @Test
  void aFileIsReadAsTheTrainingsWas() throws IOException {
    Models.Id id = table.models().of(ranked(table).get(0)).orElseThrow();
    Model model = Model.decode(table.models().read(id).orElseThrow(), "model");
    assertEquals(TableForm.PLAIN.csv().decimal(), model.table().csv().decimal());
    TableForm german =
        new TableForm(
            new CsvDialect(SourceSpec.Header.AUTO, ',', '.'),
            TableForm.Labels.AUTO,
            List.of(),
            List.of("id*", "note"));
    LabelForm labels = new LabelForm(false, Map.of("a", "ann", "9", "1"));
    Model read =
        new Model(
            model.trial(),
            model.epoch(),
            model.config(),
            model.network(),
            model.loss(),
            model.classes(),
            model.preparation(),
            model.names(),
            model.label(),
            german,
            labels,
            model.image(),
            model.weights());
    Path file = Files.write(folder.resolve("german.safetensors"), read.encode());
    assertEquals(labels, Model.decode(read.encode(), "model").labels());
    assertEquals(german, Model.decode(read.encode(), "model").table());
    StringBuilder text = new StringBuilder("id-of-row;town;BMI;note;glucose\n");
    for (String[] sample : samples(9)) {
      text.append("1;" + sample[2] + ";" + sample[0].replace('.', ',') + ";x;");
      text.append(sample[1].replace('.', ',')).append('\n');
    }
    Path samples = Files.writeString(folder.resolve("german.csv"), text);
    assertEquals(
        answers(predict(table.address(), file("plain.csv", "BMI,glucose,town", 0, 1, 2))),
        answers(predict(file.toString(), samples)));
    Path other = file("id.csv", "name,BMI,glucose,town", -1, 0, 1, 2);
    assertEquals(2, trawl("predict", file.toString(), other.toString()).exit());
  }

  @Test
  void anEnsembleOfTrialsWithoutModelsSaysWhichCommandKeepsThem() {
    List<String> ranked = ranked(pictures);
    RunFolder copy = RunFolder.at(folder.resolve("copy").toString());
    copy(pictures, copy);
    copy.models().remove(copy.models().of(ranked.get(1)).orElseThrow());
    copy.models().remove(copy.models().of(ranked.get(2)).orElseThrow());
    Output output = trawl("ensemble", copy.address(), "--top", "3");
    assertEquals(2, output.exit());
    assertTrue(
        output.err().contains("keeps no model of " + ranked.get(1) + ", " + ranked.get(2)),
        output.err());
    assertTrue(output.err().contains(": trawl run test.conf --set keep.models=3 ("), output.err());
  }

  /** Members share the best trial's test part, so that they may be far down in the ranking. */
  @Test
  void theModelsThatAnEnsembleAsksForAreEnough() throws Exception {
    String text =
        """
        data { source { format = csv, train = "%s" }, validation = 0.2, test = 0.2, prepare = [one-hot, standardize] }
        network { hidden = [4] }
        training { epochs = 2, batch-size = 8 }
        repeats = 3
        sweep.training.learning-rate = [0.01, 0.1]
        """
            .formatted(folder.resolve("table.csv"));
    RunFolder run = run("repeated", text);
    List<String> ranked = ranked(run);
    Output output = trawl("ensemble", run.address(), "--top", "2");
    assertEquals(2, output.exit(), output.out());
    Matcher cure = Pattern.compile("--set keep.models=(\\d+) ").matcher(output.err());
    assertTrue(cure.find(), output.err());
    run("repeated", text + "keep.models = " + cure.group(1));
    output = trawl("ensemble", run.address(), "--top", "2");
    assertEquals(0, output.exit(), output.err());
    int count = Integer.parseInt(cure.group(1));
    assertTrue(output.out().contains(ranked.get(count - 1)), output.out());
    assertEquals(
        count > 2, output.out().contains("Of the best %s trials, ".formatted(count)), output.out());
  }

  /** One of several data sets has no test part: the other one's ensemble is made. */
  @Test
  void anEnsembleIsMadeOfEachDataSetThatHasATestPart() throws Exception {
    RunFolder run =
        run(
            "mixed",
            """
            keep.models = all
            data.validation = 0.2
            network.hidden = [4]
            training { epochs = 2, batch-size = 8 }
            sweep.training.learning-rate = [0.01, 0.1]
            sweep.variants = [
              { name = tested, data { source { name = tested, format = csv, train = "%1$s", label = kind, ignore = town }, test = 0.2 } }
              { name = bare, data.source { name = bare, format = csv, train = "%1$s", label = kind, columns = BMI } }
            ]
            """
                .formatted(folder.resolve("table.csv")));
    Output output = trawl("ensemble", run.address(), "--top", "2");
    assertEquals(0, output.exit(), output.err());
    assertTrue(
        output
            .out()
            .contains(
                "Cannot make an ensemble of bare: it has no test part. Hold one out with data.test"),
        output.out());
    for (String hash : BestReport.ranked(run).get("tested")) {
      assertTrue(output.out().contains(hash), output.out());
    }
    output = trawl("ensemble", run.address(), "--top", "3");
    assertEquals(2, output.exit(), output.out());
    assertTrue(output.err().contains("tested has 2 completed trials"), output.err());
    assertTrue(output.err().contains("of bare: it has no test part"), output.err());
  }

  /** Of the run's one data set. */
  private static List<String> ranked(RunFolder run) {
    return BestReport.ranked(run).values().iterator().next();
  }

  private static void copy(RunFolder from, RunFolder to) {
    try (var files = Files.walk(Path.of(from.address()))) {
      for (Path file : files.toList()) {
        Files.copy(file, Path.of(to.address()).resolve(Path.of(from.address()).relativize(file)));
      }
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void oldModelFilesHaveNoNamesAndAreReadByPosition() throws IOException {
    Models.Id id = table.models().of(ranked(table).get(0)).orElseThrow();
    Model model = Model.decode(table.models().read(id).orElseThrow(), "model");
    assertEquals(List.of("BMI", "glucose", "town"), model.names());
    assertEquals("kind", model.label());
    String text = new String(model.encode(), StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("trawl.features"));
    Model old =
        new Model(
            model.trial(),
            model.epoch(),
            model.config(),
            model.network(),
            model.loss(),
            model.classes(),
            model.preparation(),
            List.of(),
            "",
            model.table(),
            model.labels(),
            model.image(),
            model.weights());
    Path file = Files.write(folder.resolve("old.safetensors"), old.encode());
    assertEquals(
        answers(predict(table.address(), file("plain.csv", "BMI,glucose,town", 0, 1, 2))),
        answers(predict(file.toString(), file("bare9.csv", "", 0, 1, 2))));
  }
}
