package org.trawl.driver.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.preparation.FittedStep;
import org.trawl.core.data.preparation.Preparation;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.network.Tensor;

class PreparationFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void everyStep_isReadAsItWasWritten() throws JsonProcessingException {
    SampleShape colors = new SampleShape(6, 7, 3);
    SampleShape gray = new SampleShape(8, 9, 1);
    Preparation preparation =
        new Preparation(
            List.of(
                new FittedStep.Resize(colors, 8, 9, true),
                new FittedStep.Gray(new SampleShape(8, 9, 3), false),
                new FittedStep.Affine(numbers(72, 3), numbers(72, 4)),
                new FittedStep.Hog(gray, new PrepareStep.Hog(5, 2, 3, 2, 1)),
                new FittedStep.Pca(numbers(90, 5), numbers(90 * 4, 6), 4),
                new FittedStep.Affine(numbers(4, 1), numbers(4, 2))),
            offsets(126));
    ArrayNode steps = JSON.createArrayNode();
    Map<String, Tensor> tensors = new HashMap<>();

    PreparationFile.write(preparation, steps, tensors);
    Preparation read = PreparationFile.read(JSON.readTree(steps.toString()), tensors);

    assertEquals(6, read.steps().size());
    assertArrayEquals(offsets(126), read.offsets());
    double[] samples =
        IntStream.range(0, 2 * preparation.inputs()).mapToDouble(i -> 1e9 + i % 7).toArray();
    assertArrayEquals(preparation.apply(samples, 2), read.apply(samples, 2));
    assertEquals(List.of(90, 4), tensors.get("prepare.5.loadings").shape());
  }

  private static double[] offsets(int count) {
    return IntStream.range(0, count).mapToDouble(i -> i == 1 ? 1e9 + 0.1 : 0).toArray();
  }

  @Test
  void oneHot_isReadAsItWasWritten() throws JsonProcessingException {
    FittedStep.OneHot step =
        new FittedStep.OneHot(3, List.of(new TextColumn(1, List.of("b", "a \"c\""), "")));
    ArrayNode steps = JSON.createArrayNode();
    PreparationFile.write(new Preparation(List.of(step)), steps, new HashMap<>());
    assertEquals(
        List.of(step), PreparationFile.read(JSON.readTree(steps.toString()), Map.of()).steps());
  }

  @Test
  void impute_isReadAsItWasWritten() throws JsonProcessingException {
    FittedStep.Impute step = new FittedStep.Impute(new float[] {1.5f, 0, -3}, List.of(0, 2));
    ArrayNode steps = JSON.createArrayNode();
    Map<String, Tensor> tensors = new HashMap<>();
    PreparationFile.write(new Preparation(List.of(step)), steps, tensors);

    Preparation read = PreparationFile.read(JSON.readTree(steps.toString()), tensors);

    assertTrue(read.imputes());
    assertArrayEquals(
        new float[] {1.5f, 7, -3, 1, 1}, read.apply(new double[] {Double.NaN, 7, Double.NaN}, 1));
  }

  @Test
  void whatIsNoPreparation_isRefused() {
    for (String damaged :
        List.of(
            "[]",
            "[{\"kind\": \"magic\"}]",
            "[{\"kind\": \"affine\"}]",
            "[{\"kind\": \"gray\"}]",
            "[{\"kind\": \"one-hot\", \"inputs\": 1, \"columns\": [{\"feature\": 1}]}]",
            "[{\"kind\": \"hog\", \"shape\": [8, 8, 1], \"orientations\": 0}]",
            "[{\"kind\": \"resize\", \"shape\": [8, 8], \"to\": [4, 4]}]")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> PreparationFile.read(JSON.readTree(damaged), Map.of()),
          damaged);
    }
  }

  private static float[] numbers(int count, int seed) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (i * 31 + seed * 17) % 101 / 50f;
    }
    return numbers;
  }
}
