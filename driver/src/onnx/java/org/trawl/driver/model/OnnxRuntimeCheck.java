package org.trawl.driver.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.trawl.core.data.FittedStep;
import org.trawl.core.data.Preparation;
import org.trawl.core.data.SampleShape;
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
        "",
        Optional.empty(),
        weights);
  }

  private static void check(Model model) throws OrtException {
    Random random = new Random(7);
    float[] samples = new float[ROWS * FEATURES];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextInt(256);
    }
    Outputs expected = Outputs.of(model, samples, ROWS, new int[0]);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(Onnx.of(model));
        OnnxTensor input =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(samples), new long[] {ROWS, FEATURES});
        OrtSession.Result result = session.run(Map.of("features", input))) {
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
    check(
        new Model(
            plain.trial(),
            1,
            "{}",
            plain.network(),
            plain.loss(),
            plain.classes(),
            preparation,
            "",
            Optional.empty(),
            plain.weights()));
  }
}
