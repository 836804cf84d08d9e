package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Layout.LayerShape;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;

/** Whole small trainings against PyTorch's in float64 (see golden/README.md). */
class GoldenRunTest {
  private static final double GRADIENT_TOLERANCE = 5e-6;
  private static final double LOSS_TOLERANCE = 5e-6;
  private static final double WEIGHT_TOLERANCE = 1e-4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "activation-identity",
        "activation-relu",
        "activation-sigmoid",
        "activation-tanh",
        "adam-l2",
        "adam",
        "l1-and-l2",
        "l2",
        "last-batch-smaller",
        "momentum",
        "nesterov",
        "no-bias",
        "no-hidden-layer",
        "wide-odd-sizes"
      })
  void trainsAsPyTorchDoes(String name) throws IOException {
    JsonNode golden = read(name);
    Network network = network(golden);
    TrainingSpec training = training(golden);
    Perturbation none = new Perturbation(spec(golden), 0, key -> new RandomStream(0));
    Step step = new Step(training, network, none, Kernels.best());
    int samples = golden.get("features").size();
    int batch = training.batchSize();
    Workspace workspace = Workspace.forTraining(network.layout(), batch, none);

    int stepNumber = 0;
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      for (int from = 0; from < samples; from += batch) {
        int rows = Math.min(batch, samples - from);
        int[] classes = load(golden, from, rows, workspace);
        if (stepNumber == 0) {
          float[] gradient = new float[network.parameters().length];
          network.learn(workspace, classes, 1f / rows, none, gradient);
          checkFirstGradients(golden, network, gradient);
        }
        step.take(workspace, classes, training.learningRate());
        JsonNode expected = golden.get("steps").get(stepNumber);
        double loss = 0;
        for (int i = 0; i < rows; i++) {
          loss += workspace.losses[i] / rows;
        }
        assertClose(expected.get("data_loss").asDouble(), loss, LOSS_TOLERANCE, "data loss");
        double penalty = expected.get("penalty").asDouble();
        assertClose(penalty, step.penalty(), LOSS_TOLERANCE, "penalty");
        stepNumber++;
      }
    }
    assertEquals(golden.get("steps").size(), stepNumber);

    checkFinalWeights(golden.get("final"), network);
    checkEvaluation(golden, network, samples);
  }

  private static void checkFirstGradients(JsonNode golden, Network network, float[] gradient) {
    JsonNode first = golden.get("first_step");
    Network gradients = network(golden);
    System.arraycopy(gradient, 0, gradients.parameters(), 0, gradient.length);
    for (LayerShape layer : network.layout().layers()) {
      int index = layer.number() - 1;
      double[] expected = flatten(first.get("weight_gradients").get(index));
      float[] actual = gradients.weights(layer.number()).data;
      float[] weights = network.weights(layer.number()).data;
      double l1 = golden.get("l1").asDouble();
      double l2 = golden.get("l2").asDouble();
      for (int i = 0; i < actual.length; i++) {
        actual[i] += (float) (l1 * Math.signum(weights[i]) + l2 * weights[i]);
      }
      assertClose(expected, actual, GRADIENT_TOLERANCE, "gradient");
      if (layer.hasBias()) {
        double[] biases = flatten(first.get("bias_gradients").get(index));
        assertClose(biases, gradients.biases(layer.number()), GRADIENT_TOLERANCE, "gradient");
      }
    }
  }

  private static void checkFinalWeights(JsonNode expected, Network network) {
    for (LayerShape layer : network.layout().layers()) {
      int index = layer.number() - 1;
      double[] weights = flatten(expected.get("weights").get(index));
      assertClose(weights, network.weights(layer.number()).data, WEIGHT_TOLERANCE, "weights");
      if (layer.hasBias()) {
        double[] biases = flatten(expected.get("biases").get(index));
        assertClose(biases, network.biases(layer.number()), WEIGHT_TOLERANCE, "biases");
      }
    }
  }

  private static void checkEvaluation(JsonNode golden, Network network, int samples) {
    Workspace workspace = Workspace.forEvaluation(network.layout(), samples);
    int[] classes = load(golden, 0, samples, workspace);
    network.evaluate(workspace, classes);
    double[] probabilities = flatten(golden.get("final").get("probabilities"));
    int outputCount = probabilities.length / samples;
    float[] outputs = new float[probabilities.length];
    for (int i = 0; i < outputs.length; i++) {
      int place = Panels.index(workspace.stride(), i / outputCount, i % outputCount);
      outputs[i] = network.outputs(workspace)[place];
    }
    assertClose(probabilities, outputs, WEIGHT_TOLERANCE, "probabilities");
    double loss = 0;
    for (int i = 0; i < samples; i++) {
      loss += workspace.losses[i] / samples;
    }
    double expected = golden.get("final").get("evaluation_loss").asDouble();
    assertClose(expected, loss, WEIGHT_TOLERANCE, "evaluation loss");
  }

  private static JsonNode read(String name) throws IOException {
    String file = "/org/trawl/core/golden/" + name + ".json";
    try (InputStream stream = GoldenRunTest.class.getResourceAsStream(file)) {
      assertNotNull(stream, file);
      return new ObjectMapper().readTree(stream);
    }
  }

  private static NetworkSpec spec(JsonNode golden) {
    List<Integer> hidden = new ArrayList<>();
    for (int i = 1; i < golden.get("sizes").size() - 1; i++) {
      hidden.add(golden.get("sizes").get(i).asInt());
    }
    return new NetworkSpec(
        hidden,
        activation(golden.get("activation").asText()),
        activation(golden.get("output").asText()),
        golden.get("bias").asBoolean(),
        Initializer.ZERO,
        Collections.nCopies(hidden.size(), 0.0),
        golden.get("batch_norm").asBoolean());
  }

  private static Activation activation(String key) {
    return Arrays.stream(Activation.values())
        .filter(activation -> activation.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static Network network(JsonNode golden) {
    JsonNode sizes = golden.get("sizes");
    int features = sizes.get(0).asInt();
    int classes = sizes.get(sizes.size() - 1).asInt();
    Network network = new Network(spec(golden), features, classes, Kernels.best());
    for (LayerShape layer : network.layout().layers()) {
      int index = layer.number() - 1;
      FMatrixRMaj weights = new FMatrixRMaj(layer.outputs(), layer.inputs());
      weights.data = floats(flatten(golden.get("initial").get("weights").get(index)));
      network.setWeights(layer.number(), weights);
      if (layer.hasBias()) {
        double[] biases = flatten(golden.get("initial").get("biases").get(index));
        network.setBiases(layer.number(), floats(biases));
      }
    }
    return network;
  }

  private static TrainingSpec training(JsonNode golden) {
    JsonNode optimizer = golden.get("optimizer");
    OptimizerSpec rule =
        switch (optimizer.get("kind").asText()) {
          case "sgd" ->
              new OptimizerSpec.Sgd(
                  optimizer.path("momentum").asDouble(0),
                  optimizer.path("nesterov").asBoolean(false));
          case "adam" -> new OptimizerSpec.Adam(0.9, 0.999, 1e-8);
          default -> throw new AssertionError("No such optimizer here: " + optimizer);
        };
    return new TrainingSpec(
        rule,
        optimizer.get("lr").asDouble(),
        Loss.CROSS_ENTROPY,
        Reduction.MEAN,
        golden.get("l1").asDouble(),
        golden.get("l2").asDouble(),
        golden.get("batch").asInt(),
        golden.get("epochs").asInt(),
        false,
        Noise.NONE);
  }

  /** Puts samples into the workspace; their classes. */
  private static int[] load(JsonNode golden, int from, int rows, Workspace workspace) {
    int features = golden.get("sizes").get(0).asInt();
    int[] classes = new int[rows];
    workspace.resize(rows);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < features; j++) {
        double feature = golden.get("features").get(from + i).get(j).asDouble();
        workspace.inputs[Panels.index(workspace.stride(), i, j)] = (float) feature;
      }
      classes[i] = golden.get("labels").get(from + i).asInt();
    }
    return classes;
  }

  private static double[] flatten(JsonNode array) {
    List<Double> values = new ArrayList<>();
    for (JsonNode node : array) {
      if (node.isArray()) {
        Arrays.stream(flatten(node)).forEach(values::add);
      } else {
        values.add(node.asDouble());
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Within a tolerance of the largest expected magnitude. */
  private static void assertClose(
      double[] expected, float[] actual, double tolerance, String what) {
    assertEquals(expected.length, actual.length, what);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * largest, what + " " + i);
    }
  }

  private static void assertClose(double expected, double actual, double tolerance, String what) {
    assertEquals(expected, actual, tolerance * Math.abs(expected), what);
  }
}
