package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.trawl.core.network.DenseTensors.batchNorm;
import static org.trawl.core.network.DenseTensors.biases;
import static org.trawl.core.network.DenseTensors.hasBatchNorm;
import static org.trawl.core.network.DenseTensors.hasBias;
import static org.trawl.core.network.DenseTensors.setBatchNorm;
import static org.trawl.core.network.DenseTensors.setBiases;
import static org.trawl.core.network.DenseTensors.setWeights;
import static org.trawl.core.network.DenseTensors.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.DenseTensors.BatchNorm;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Layer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;
import org.trawl.core.training.TrainingSpec.Schedule;

/** Whole small trainings against PyTorch's in float64 (see golden/README.md). */
class GoldenRunTest {
  private static final double GRADIENT_TOLERANCE = 5e-6;
  private static final double LOSS_TOLERANCE = 5e-6;
  private static final double WEIGHT_TOLERANCE = 1e-4;

  static List<String> goldenRuns() {
    return List.of(
        "activation-elu",
        "activation-identity",
        "activation-leaky-relu",
        "activation-lecun-tanh",
        "activation-relu",
        "activation-sigmoid",
        "activation-softplus",
        "activation-tanh",
        "adagrad",
        "adam-l2",
        "adam",
        "adamw",
        "batch-norm",
        "clip-norm",
        "clip-value",
        "cross-entropy-sigmoid",
        "exponential-schedule",
        "l1-and-l2",
        "l2",
        "last-batch-smaller",
        "momentum",
        "nesterov",
        "no-bias",
        "no-hidden-layer",
        "rmsprop",
        "squared-error-identity",
        "squared-error-sigmoid",
        "squared-error-softmax",
        "step-schedule",
        "wide-odd-sizes");
  }

  static Stream<Arguments> runsAndKernels() {
    List<Kernels> kernels =
        Kernels.vectorModule()
            ? List.of(Kernels.plain(), Kernels.best())
            : List.of(Kernels.plain());
    return goldenRuns().stream()
        .flatMap(run -> kernels.stream().map(each -> Arguments.of(run, each)));
  }

  @ParameterizedTest
  @MethodSource("runsAndKernels")
  void trainsAsPyTorchDoes(String name, Kernels kernels) throws IOException {
    JsonNode golden = read(name);
    Network network = network(golden, kernels);
    TrainingSpec training = training(golden);
    Perturbation none = new Perturbation(network.layout(), 0, 0, key -> new RandomStream(0));
    Step step = new Step(training, network, none, kernels);
    int samples = golden.get("features").size();
    int batch = training.batchSize();
    Workspace workspace = network.trainingWorkspace(batch, none);

    int stepNumber = 0;
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      for (int from = 0; from < samples; from += batch) {
        int rows = Math.min(batch, samples - from);
        int[] classes = load(golden, from, rows, workspace);
        if (stepNumber == 0) {
          float[] gradient = new float[network.parameters().length];
          network(golden, kernels).learn(workspace, classes, 1f / rows, none, gradient);
          checkFirstGradients(golden, network, gradient);
        }
        double factor = training.schedule().factor(epoch + 1, training.epochs());
        step.take(workspace, classes, training.learningRate() * factor);
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
    Network gradients = network(golden, Kernels.plain());
    System.arraycopy(gradient, 0, gradients.parameters(), 0, gradient.length);
    for (Layer layer : network.layout().layers()) {
      int index = layer.number() - 1;
      double[] expected = flatten(first.get("weight_gradients").get(index));
      float[] actual = weights(gradients, layer.number()).data;
      float[] weights = weights(network, layer.number()).data;
      double l1 = golden.get("l1").asDouble();
      double l2 = golden.get("l2").asDouble();
      for (int i = 0; i < actual.length; i++) {
        actual[i] += (float) (l1 * Math.signum(weights[i]) + l2 * weights[i]);
      }
      assertClose(expected, actual, GRADIENT_TOLERANCE, "gradient");
      if (hasBatchNorm(layer)) {
        BatchNorm norm = batchNorm(gradients, layer.number());
        double[] scale = flatten(first.get("batch_norm_scale_gradients").get(index));
        double[] shift = flatten(first.get("batch_norm_shift_gradients").get(index));
        assertClose(scale, norm.scale(), GRADIENT_TOLERANCE, "scale gradient");
        assertClose(shift, norm.shift(), GRADIENT_TOLERANCE, "shift gradient");
        // The normalisation takes away what a bias before it adds: its gradient is rounding alone.
        for (float bias : biases(gradients, layer.number())) {
          assertEquals(0, bias, 1e-6);
        }
      } else if (hasBias(layer)) {
        double[] biases = flatten(first.get("bias_gradients").get(index));
        assertClose(biases, biases(gradients, layer.number()), GRADIENT_TOLERANCE, "gradient");
      }
    }
  }

  private static void checkFinalWeights(JsonNode expected, Network network) {
    for (Layer layer : network.layout().layers()) {
      int index = layer.number() - 1;
      double[] weights = flatten(expected.get("weights").get(index));
      assertClose(weights, weights(network, layer.number()).data, WEIGHT_TOLERANCE, "weights");
      if (hasBatchNorm(layer)) {
        BatchNorm norm = batchNorm(network, layer.number());
        double[] mean = flatten(expected.get("batch_norm_mean").get(index));
        double[] variance = flatten(expected.get("batch_norm_variance").get(index));
        assertClose(mean, norm.mean(), WEIGHT_TOLERANCE, "running mean");
        assertClose(variance, norm.variance(), WEIGHT_TOLERANCE, "running variance");
      } else if (hasBias(layer)) {
        double[] biases = flatten(expected.get("biases").get(index));
        assertClose(biases, biases(network, layer.number()), WEIGHT_TOLERANCE, "biases");
      }
    }
  }

  private static void checkEvaluation(JsonNode golden, Network network, int samples) {
    Workspace workspace = network.evaluationWorkspace(samples);
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

  private static Network network(JsonNode golden, Kernels kernels) {
    JsonNode sizes = golden.get("sizes");
    int features = sizes.get(0).asInt();
    int classes = sizes.get(sizes.size() - 1).asInt();
    Network network = new Network(spec(golden), features, classes, loss(golden), kernels);
    for (Layer layer : network.layout().layers()) {
      int index = layer.number() - 1;
      FMatrixRMaj weights = new FMatrixRMaj(layer.outputs(), layer.inputs());
      weights.data = floats(flatten(golden.get("initial").get("weights").get(index)));
      setWeights(network, layer.number(), weights);
      if (hasBias(layer)) {
        double[] biases = flatten(golden.get("initial").get("biases").get(index));
        setBiases(network, layer.number(), floats(biases));
      }
      if (hasBatchNorm(layer)) {
        float[] scale = floats(flatten(golden.get("initial").get("batch_norm_scale").get(index)));
        float[] shift = floats(flatten(golden.get("initial").get("batch_norm_shift").get(index)));
        BatchNorm start = batchNorm(network, layer.number());
        setBatchNorm(
            network, layer.number(), new BatchNorm(scale, shift, start.mean(), start.variance()));
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
          case "adamw" ->
              new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, optimizer.get("weight_decay").asDouble());
          case "rmsprop" -> new OptimizerSpec.RmsProp(1e-8);
          case "adagrad" -> new OptimizerSpec.AdaGrad(1e-10);
          default -> throw new AssertionError("No such optimizer here: " + optimizer);
        };
    return new TrainingSpec(
        rule,
        optimizer.get("lr").asDouble(),
        loss(golden),
        Reduction.MEAN,
        golden.get("l1").asDouble(),
        golden.get("l2").asDouble(),
        golden.get("batch").asInt(),
        golden.get("epochs").asInt(),
        false,
        Noise.NONE,
        schedule(golden.get("schedule")),
        new Clip(
            golden.get("clip").path("norm").asDouble(0),
            golden.get("clip").path("value").asDouble(0)));
  }

  private static Loss loss(JsonNode golden) {
    return golden.get("loss").asText().equals("cross-entropy")
        ? Loss.CROSS_ENTROPY
        : Loss.SQUARED_ERROR;
  }

  private static Schedule schedule(JsonNode schedule) {
    return schedule.isNull()
        ? Schedule.CONSTANT
        : new Schedule(
            Schedule.Kind.valueOf(schedule.get("kind").asText().toUpperCase(Locale.ROOT)),
            schedule.path("every").asInt(1),
            schedule.path("factor").asDouble(1),
            0);
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
