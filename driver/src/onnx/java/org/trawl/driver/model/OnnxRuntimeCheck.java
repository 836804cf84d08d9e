package org.trawl.driver.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.core.data.preparation.FittedStep;
import org.trawl.core.data.preparation.Preparation;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.LabelForm;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Loss;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.network.NetworkTensors;
import org.trawl.core.network.Tensor;

/** Exported models in ONNX Runtime. */
class OnnxRuntimeCheck {
  private static final int FEATURES = 19;
  private static final int ROWS = 33;

  private static Model model(
      List<Integer> hidden, Activation activation, Activation output, boolean bias, boolean norm) {
    NetworkSpec network =
        new NetworkSpec(
            hidden,
            activation,
            output,
            bias,
            Initializer.ZERO,
            Collections.nCopies(hidden.size(), 0.0),
            norm);
    Random random = new Random(hidden.size());
    Map<String, Tensor> weights = new LinkedHashMap<>();
    NetworkTensors.shapes(Layout.of(network, FEATURES, 4))
        .forEach(
            (name, shape) -> {
              int size = shape.stream().reduce(1, Math::multiplyExact);
              float[] values = new float[size];
              for (int i = 0; i < size; i++) {
                values[i] =
                    name.endsWith("variance")
                        ? 0.5f + random.nextFloat()
                        : (float) random.nextGaussian() * 0.4f;
              }
              weights.put(name, new Tensor(shape, values));
            });
    float[] scale = new float[FEATURES];
    float[] shift = new float[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      scale[i] = (float) (1 / (10 + 200 * random.nextDouble()));
      shift[i] = (float) random.nextGaussian();
    }
    return new Model(
        "abc",
        1,
        "{}",
        network,
        output == Activation.SOFTMAX ? Loss.CROSS_ENTROPY : Loss.SQUARED_ERROR,
        List.of("a", "b", "c", "d"),
        new Preparation(List.of(new FittedStep.Affine(scale, shift))),
        List.of(),
        "",
        TableForm.PLAIN,
        LabelForm.PLAIN,
        Optional.empty(),
        weights);
  }

  private static void check(Model model) throws OrtException {
    Random random = new Random(7);
    float[] samples = new float[ROWS * FEATURES];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextInt(256);
    }
    check(model, samples, ROWS);
  }

  private static void check(Model model, float[] samples, int rows) throws OrtException {
    try (OnnxTensor input = features(samples, rows)) {
      check(model, samples, rows, Map.of("features", input));
    }
  }

  private static OnnxTensor features(float[] samples, int rows) throws OrtException {
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(),
        FloatBuffer.wrap(samples),
        new long[] {rows, samples.length / rows});
  }

  /** Checks that the same samples, in both forms, give the same outputs. */
  private static void check(Model model, float[] samples, int rows, Map<String, OnnxTensor> inputs)
      throws OrtException {
    double[] raw = IntStream.range(0, samples.length).mapToDouble(i -> samples[i]).toArray();
    check(model, raw, rows, inputs);
  }

  private static void check(Model model, double[] raw, int rows, Map<String, OnnxTensor> inputs)
      throws OrtException {
    Outputs expected = Outputs.of(model, raw, rows);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(Onnx.of(model));
        OrtSession.Result result = session.run(inputs)) {
      float[][] outputs = (float[][]) result.get("probabilities").orElseThrow().getValue();
      List<Float> flat = new ArrayList<>();
      for (float[] row : outputs) {
        for (float value : row) {
          flat.add(value);
        }
      }
      float[] actual = new float[flat.size()];
      for (int i = 0; i < actual.length; i++) {
        actual[i] = flat.get(i);
      }
      assertArrayEquals(expected.values(), actual, 1e-5f);
      assertEquals("a\nb\nc\nd", session.getMetadata().getCustomMetadata().get("trawl.classes"));
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void everyActivationGivesTheSameProbabilities(Activation activation) throws OrtException {
    check(model(List.of(17, 8), activation, Activation.SOFTMAX, true, false));
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"LECUN_TANH"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyOutputGivesTheSameValues(Activation output) throws OrtException {
    check(model(List.of(9), Activation.TANH, output, true, false));
  }

  @Test
  void batchNormalisationMissingBiasesAndNoHiddenLayersAreExported() throws OrtException {
    check(model(List.of(12, 5), Activation.RELU, Activation.SOFTMAX, true, true));
    check(model(List.of(12, 5), Activation.ELU, Activation.SIGMOID, false, true));
    check(model(List.of(), Activation.RELU, Activation.SOFTMAX, true, false));
    check(model(List.of(), Activation.RELU, Activation.SOFTMAX, false, false));
  }

  @Test
  void aPreparationOfOtherFeatures_isExported() throws OrtException {
    Model plain = model(List.of(12), Activation.RELU, Activation.SOFTMAX, true, false);
    SampleShape line = new SampleShape(FEATURES, 1, 1);
    float[] scale = new float[7];
    float[] mean = new float[7];
    float[] loadings = new float[7 * FEATURES];
    Random random = new Random(3);
    for (int i = 0; i < loadings.length; i++) {
      loadings[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < 7; i++) {
      scale[i] = 1 / 255f;
      mean[i] = random.nextFloat();
    }
    Preparation preparation =
        new Preparation(
            List.of(
                new FittedStep.Gray(line, true),
                new FittedStep.Resize(line, 7, 1, false),
                new FittedStep.Affine(scale, new float[7]),
                new FittedStep.Pca(mean, loadings, FEATURES)));
    check(with(preparation, plain));
  }

  static Stream<Arguments> histograms() {
    return Stream.of(
        Arguments.of(new SampleShape(8, 8, 1), new PrepareStep.Hog(9, 2, 2, 2, 2), 17),
        // 8 orientations have the edges 45, 90 and 135 degrees, on which gradients of few values
        // lie.
        Arguments.of(new SampleShape(8, 8, 1), new PrepareStep.Hog(8, 2, 2, 2, 2), 3),
        Arguments.of(new SampleShape(8, 8, 1), new PrepareStep.Hog(4, 4, 4, 1, 1), 3),
        Arguments.of(new SampleShape(11, 7, 3), new PrepareStep.Hog(6, 3, 2, 2, 3), 256),
        Arguments.of(new SampleShape(11, 7, 3), new PrepareStep.Hog(12, 2, 3, 1, 2), 3),
        Arguments.of(new SampleShape(28, 28, 1), new PrepareStep.Hog(9, 8, 8, 3, 3), 256),
        Arguments.of(new SampleShape(5, 4, 1), new PrepareStep.Hog(1, 2, 2, 1, 1), 1));
  }

  @ParameterizedTest
  @MethodSource("histograms")
  void histogramsOfGradientsAreExported(SampleShape shape, PrepareStep.Hog step, int values)
      throws OrtException {
    int features = (int) shape.features();
    float[] scale = new float[features];
    Arrays.fill(scale, (float) (1 / 255.0));
    FittedStep.Hog hog = new FittedStep.Hog(shape, step);
    Preparation raw = new Preparation(List.of(hog));
    Preparation unit =
        new Preparation(List.of(new FittedStep.Affine(scale, new float[features]), hog));
    Random random = new Random(4);
    float[] samples = new float[ROWS * features];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextInt(values);
    }
    check(model(raw), samples, ROWS);
    check(model(unit), samples, ROWS);
  }

  @Test
  void columnsOfTextAreExported_asAnInputOfTexts() throws OrtException {
    FittedStep.OneHot oneHot =
        new FittedStep.OneHot(
            5,
            List.of(
                new TextColumn(1, List.of("red", "blue", "Grün"), "red"),
                new TextColumn(4, List.of("10", "9", "x"), "10")));
    float[] scale = new float[oneHot.outputs()];
    Arrays.fill(scale, 0.5f);
    Preparation preparation =
        new Preparation(List.of(oneHot, new FittedStep.Affine(scale, new float[oneHot.outputs()])));
    // Positions in the lists of texts; -1 is one that is not there.
    float[] samples = {
      0.5f, 0, 1, -2, 2, //
      1.5f, 1, 3, 4, 0, //
      2.5f, 2, 5, 6, 1, //
      3.5f, -1, 7, 8, -1
    };
    float[] numbers = {0.5f, 1, -2, 1.5f, 3, 4, 2.5f, 5, 6, 3.5f, 7, 8};
    String[][] texts = {{"red", "x"}, {"blue", "10"}, {"Grün", "9"}, {"pink", ""}};
    try (OnnxTensor features = features(numbers, 4);
        OnnxTensor words = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), texts)) {
      check(model(preparation), samples, 4, Map.of("features", features, "texts", words));
    }
  }

  @Test
  void featuresWithOffsetsAreAnInputOfDoubles() throws OrtException {
    FittedStep.OneHot oneHot =
        new FittedStep.OneHot(3, List.of(new TextColumn(1, List.of("red", "blue"), "red")));
    double[] numbers = {1.7e9, 3, 1.7e9 + 1, 4, 1.7e9 + 2, 5};
    try (OnnxTensor features = doubles(numbers, 3)) {
      FittedStep.Affine affine =
          new FittedStep.Affine(new float[] {1, 0.5f}, new float[] {0.25f, 1});
      Preparation plain = new Preparation(List.of(affine), new double[] {1.7e9, 0});
      check(model(plain), numbers, 3, Map.of("features", features));
    }
    double[] raw = {1.7e9, 0, 3, 1.7e9 + 1, 1, 4, 1.7e9 + 2, 0, 5};
    String[][] texts = {{"red"}, {"blue"}, {"red"}};
    try (OnnxTensor features = doubles(numbers, 3);
        OnnxTensor words = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), texts)) {
      Preparation coded = new Preparation(List.of(oneHot), new double[] {1.7e9, 0, 0});
      check(model(coded), raw, 3, Map.of("features", features, "texts", words));
    }
  }

  @Test
  void missingValuesAreFilledIn() throws OrtException {
    FittedStep.Impute two = new FittedStep.Impute(new float[] {2, -1}, List.of(1));
    float[] numbers = {1, Float.NaN, Float.NaN, 4, 5, 6};
    check(model(new Preparation(List.of(two))), numbers, 3);

    FittedStep.Impute three = new FittedStep.Impute(new float[] {2, 0, -1}, List.of(2));
    FittedStep.OneHot oneHot =
        new FittedStep.OneHot(4, List.of(new TextColumn(1, List.of("red", "", "x"), "red")));
    double[] raw = {1, 0, Double.NaN, Double.NaN, 1, 4, 5, 2, 6};
    String[][] texts = {{"red"}, {""}, {"x"}};
    try (OnnxTensor features = features(numbers, 3);
        OnnxTensor words = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), texts)) {
      Preparation both = new Preparation(List.of(three, oneHot));
      check(model(both), raw, 3, Map.of("features", features, "texts", words));
    }
  }

  private static OnnxTensor doubles(double[] numbers, int rows) throws OrtException {
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(),
        DoubleBuffer.wrap(numbers),
        new long[] {rows, numbers.length / rows});
  }

  private static Model model(Preparation preparation) {
    Model plain = model(List.of(12), Activation.TANH, Activation.SOFTMAX, true, false);
    Random random = new Random(11);
    float[] first = new float[12 * preparation.outputs()];
    for (int i = 0; i < first.length; i++) {
      first[i] = (float) random.nextGaussian();
    }
    Map<String, Tensor> weights = new LinkedHashMap<>(plain.weights());
    weights.put("layers.0.weight", new Tensor(List.of(12, preparation.outputs()), first));
    return with(preparation, plain, weights);
  }

  private static Model with(Preparation preparation, Model plain) {
    return with(preparation, plain, plain.weights());
  }

  private static Model with(Preparation preparation, Model plain, Map<String, Tensor> weights) {
    return new Model(
        plain.trial(),
        1,
        "{}",
        plain.network(),
        plain.loss(),
        plain.classes(),
        preparation,
        List.of(),
        "",
        TableForm.PLAIN,
        LabelForm.PLAIN,
        Optional.empty(),
        weights);
  }
}
