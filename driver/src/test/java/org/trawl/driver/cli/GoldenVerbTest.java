package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.network.Tensor;
import org.trawl.driver.model.SafeTensors;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;

/**
 * PyTorch's small trainings (worker-core's golden/README.md) by {@code trawl run}: samples as CSV,
 * initial weights as safetensors, each of them a variant of one sweep.
 */
@Timeout(600)
class GoldenVerbTest {
  private static final double TOLERANCE = 5e-6;
  private static final double WEIGHTS_TOLERANCE = 1e-4;

  private static final Path GOLDEN =
      Path.of(System.getProperty("trawl.home"))
          .resolve("worker-core/src/test/resources/org/trawl/core/golden");

  @TempDir private Path folder;

  @Test
  void losesAsPyTorchDoesInEveryEpoch() throws Exception {
    Map<String, JsonNode> runs = runs();
    assertEquals(30, runs.size());
    List<String> variants = new ArrayList<>();
    for (Map.Entry<String, JsonNode> run : runs.entrySet()) {
      Files.writeString(folder.resolve(run.getKey() + ".csv"), csv(run.getValue()));
      Files.write(folder.resolve(run.getKey() + ".safetensors"), weights(run.getValue()));
      variants.add(variant(run.getKey(), run.getValue()));
    }
    Path sweep =
        Files.writeString(
            folder.resolve("golden.conf"),
            """
            data { prepare = [], validation = 0 }
            training { shuffle = false }
            sweep.variants = [
              %s
            ]
            """
                .formatted(String.join("\n  ", variants)));
    assertEquals(0, trawl("run", sweep.toString()), () -> output());

    RunFolder results = RunFolder.at(folder.resolve("runs/golden").toString());
    List<Map<String, Object>> epochs = results.rows(Table.EPOCHS);
    List<Map<String, Object>> trials = results.rows(Table.TRIALS);
    assertEquals(runs.size(), trials.size());
    for (Map<String, Object> trial : trials) {
      String name = (String) trial.get("variant");
      assertEquals("COMPLETED", trial.get("status"), name);
      check(
          name,
          runs.get(name),
          epochs.stream().filter(row -> trial.get("trial").equals(row.get("trial"))).toList());
    }
  }

  /**
   * Choices together that those runs have one at a time (combinations.py made them), and models.
   */
  @Test
  void endsWithTheWeightsThatPyTorchEndsWith() throws Exception {
    JsonNode cases;
    try (InputStream stream = getClass().getResourceAsStream("combinations.json")) {
      cases = new ObjectMapper().readTree(stream);
    }
    List<String> variants = new ArrayList<>();
    for (JsonNode each : cases) {
      String name = each.get("name").asText();
      Files.writeString(folder.resolve(name + ".csv"), csv(each));
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      each.get("initial")
          .properties()
          .forEach(tensor -> put(tensors, tensor.getKey(), tensor.getValue()));
      Files.write(
          folder.resolve(name + ".safetensors"), SafeTensors.of(Map.of(), tensors).encode());
      List<String> keys = new ArrayList<>(files(name));
      each.get("keys").properties().forEach(key -> keys.add(key.getKey() + " = " + key.getValue()));
      variants.add(keys.stream().collect(Collectors.joining(", ", "{ ", " }")));
    }
    Path sweep =
        Files.writeString(
            folder.resolve("combinations.conf"),
            """
            data { prepare = [], validation = 0 }
            training { shuffle = false }
            keep.models = all
            sweep.variants = [
              %s
            ]
            """
                .formatted(String.join("\n  ", variants)));
    assertEquals(0, trawl("run", sweep.toString()), () -> output());

    RunFolder results = RunFolder.at(folder.resolve("runs/combinations").toString());
    List<Map<String, Object>> epochs = results.rows(Table.EPOCHS);
    Map<Object, Object> trials = new LinkedHashMap<>();
    results.rows(Table.TRIALS).forEach(row -> trials.put(row.get("variant"), row.get("trial")));
    assertEquals(cases.size(), trials.size());
    for (JsonNode each : cases) {
      String name = each.get("name").asText();
      List<Map<String, Object>> rows =
          epochs.stream().filter(row -> trials.get(name).equals(row.get("trial"))).toList();
      assertEquals(each.get("epochs").size(), rows.size(), name);
      for (int i = 0; i < rows.size(); i++) {
        for (String column : List.of("learning_rate", "train_loss", "train_penalty")) {
          double expected = each.get("epochs").get(i).get(column).asDouble();
          assertEquals(
              expected,
              (Double) rows.get(i).get(column),
              TOLERANCE * Math.abs(expected),
              name + ", epoch " + (i + 1) + ", " + column);
        }
      }
      // The loss falls in each of these cases, so that the best epoch is the last one.
      Path model =
          folder.resolve(
              String.format(
                  Locale.ROOT,
                  "runs/combinations/models/%s-%d.safetensors",
                  trials.get(name),
                  rows.size()));
      checkWeights(
          name,
          each.get("last"),
          SafeTensors.decodeReals(Files.readAllBytes(model), model.toString()).tensors());
    }
  }

  private static void checkWeights(String name, JsonNode last, Map<String, Tensor> weights) {
    Map<String, Tensor> expected = new LinkedHashMap<>();
    last.properties().forEach(tensor -> put(expected, tensor.getKey(), tensor.getValue()));
    expected.forEach(
        (key, tensor) -> {
          double largest = 0;
          for (float value : tensor.values()) {
            largest = Math.max(largest, Math.abs(value));
          }
          Tensor actual = weights.get(key);
          assertEquals(tensor.shape(), actual.shape(), name + ", " + key);
          assertArrayEquals(
              tensor.values(),
              actual.values(),
              (float) (WEIGHTS_TOLERANCE * largest),
              name + ", " + key);
        });
  }

  private static void check(String name, JsonNode golden, List<Map<String, Object>> epochs) {
    int samples = golden.get("features").size();
    int batch = golden.get("batch").asInt();
    assertEquals(golden.get("epochs").asInt(), epochs.size(), name);
    int step = 0;
    for (Map<String, Object> epoch : epochs) {
      double loss = 0;
      double penalty = 0;
      for (int from = 0; from < samples; from += batch) {
        JsonNode expected = golden.get("steps").get(step++);
        double share = (double) Math.min(batch, samples - from) / samples;
        loss += share * expected.get("data_loss").asDouble();
        penalty += share * expected.get("penalty").asDouble();
      }
      String what = name + ", epoch " + epoch.get("epoch");
      assertEquals(loss, (Double) epoch.get("train_loss"), TOLERANCE * Math.abs(loss), what);
      assertEquals(penalty, (Double) epoch.get("train_penalty"), TOLERANCE * penalty, what);
    }
    assertEquals(golden.get("steps").size(), step, name);
  }

  private static Map<String, JsonNode> runs() throws IOException {
    Map<String, JsonNode> runs = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(GOLDEN)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).sorted().toList()) {
        JsonNode run = new ObjectMapper().readTree(file.toFile());
        runs.put(run.get("name").asText(), run);
      }
    }
    return runs;
  }

  private static String csv(JsonNode golden) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < golden.get("features").size(); i++) {
      for (JsonNode feature : golden.get("features").get(i)) {
        lines.append(feature.asText()).append(',');
      }
      lines.append(golden.get("labels").get(i).asText()).append('\n');
    }
    return lines.toString();
  }

  private static byte[] weights(JsonNode golden) {
    JsonNode initial = golden.get("initial");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int layer = 0; layer < initial.get("weights").size(); layer++) {
      put(tensors, "layers." + layer + ".weight", initial.get("weights").get(layer));
      put(tensors, "layers." + layer + ".bias", initial.path("biases").path(layer));
      put(tensors, "layers." + layer + ".norm.scale", initial.path("batch_norm_scale").path(layer));
      put(tensors, "layers." + layer + ".norm.shift", initial.path("batch_norm_shift").path(layer));
    }
    return SafeTensors.of(Map.of(), tensors).encode();
  }

  private static void put(Map<String, Tensor> tensors, String name, JsonNode values) {
    if (!values.isArray() || values.isEmpty()) {
      return;
    }
    boolean matrix = values.get(0).isArray();
    List<Float> flat = new ArrayList<>();
    values.forEach(
        row -> (matrix ? row : List.of(row)).forEach(value -> flat.add((float) value.asDouble())));
    float[] array = new float[flat.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = flat.get(i);
    }
    tensors.put(
        name,
        new Tensor(
            matrix ? List.of(values.size(), values.get(0).size()) : List.of(values.size()), array));
  }

  private static String variant(String name, JsonNode golden) {
    List<String> keys = new ArrayList<>();
    keys.addAll(files(name));
    List<String> hidden = new ArrayList<>();
    for (int i = 1; i < golden.get("sizes").size() - 1; i++) {
      hidden.add(golden.get("sizes").get(i).asText());
    }
    keys.add("network.hidden = " + hidden);
    keys.add("network.activation = " + golden.get("activation").asText());
    keys.add("network.output = " + golden.get("output").asText());
    keys.add("network.bias = " + golden.get("bias").asText());
    keys.add("network.batch-norm = " + golden.get("batch_norm").asText());
    keys.add("training.loss = " + golden.get("loss").asText());
    keys.add("training.l1 = " + golden.get("l1").asText());
    keys.add("training.l2 = " + golden.get("l2").asText());
    keys.add("training.batch-size = " + golden.get("batch").asText());
    keys.add("training.epochs = " + golden.get("epochs").asText());
    Map<String, String> names =
        Map.of("kind", "optimizer", "lr", "learning-rate", "weight_decay", "decay");
    golden
        .get("optimizer")
        .properties()
        .forEach(
            option ->
                keys.add(
                    "training.%s = %s"
                        .formatted(
                            names.getOrDefault(option.getKey(), option.getKey()),
                            option.getValue().asText())));
    keys.addAll(group("training.schedule", golden.get("schedule")));
    keys.addAll(group("training.clip", golden.get("clip")));
    return keys.stream().collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static List<String> files(String name) {
    return List.of(
        "name = " + name,
        "data.source { format = csv, train = %s.csv, header = false }".formatted(name),
        "network.initial = %s.safetensors".formatted(name));
  }

  private static List<String> group(String path, JsonNode options) {
    return options.properties().stream()
        .map(option -> path + "." + option.getKey() + " = " + option.getValue().asText())
        .toList();
  }

  private int trawl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-Xmx"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-Dtrawl.home=" + System.getProperty("trawl.home"),
            "-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile())
            .start();
    try {
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output.txt"));
    } catch (IOException none) {
      return none.toString();
    }
  }
}
