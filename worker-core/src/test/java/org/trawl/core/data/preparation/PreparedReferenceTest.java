package org.trawl.core.data.preparation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.RandomStream;

/** Steps of preparation against other programs' values, which prepare/make.py has written. */
final class PreparedReferenceTest {

  @Test
  void hog_equalsThatOfScikitImage() throws IOException {
    for (JsonNode example : read("hog.json")) {
      double scale = 1 / example.get("scale").asDouble();
      PrepareStep.Hog hog =
          new PrepareStep.Hog(
              example.get("orientations").asInt(),
              example.get("pixels").get(0).asInt(),
              example.get("pixels").get(1).asInt(),
              example.get("cells").get(0).asInt(),
              example.get("cells").get(1).asInt());
      List<PrepareStep> steps =
          scale == 1 ? List.of(hog) : List.of(new PrepareStep.Scale(scale), hog);

      TrainingData data = prepared(images(example), steps);

      assertEquals(20, data.dataset().samples().rows());
      assertClose(example.get("features"), reals(data), 1e-5);
    }
  }

  @Test
  void hogOf28x28_with10OrientationsIn7x8PixelsAnd3x3Cells_has180Features() {
    assertEquals(
        180,
        GradientHistograms.features(
            new SampleShape(28, 28, 1), new PrepareStep.Hog(10, 7, 8, 3, 3)));
  }

  @Test
  void pca_equalsThatOfScikitLearn() throws IOException {
    Dataset digits = TestSources.read(TestSources.DIGITS);
    for (JsonNode example : read("pca.json")) {
      int[] rows = IntStream.range(0, example.get("rows").asInt()).toArray();
      StageReader reader =
          new StageReader(digits.samples(), Optional.empty(), FeatureForm.of(digits));

      FittedStep.Pca pca =
          PcaFit.of(
              new PrepareStep.Pca(example.get("components").asDouble()),
              reader.form(),
              PcaFit.basis(reader, rows));

      assertEquals(example.get("found").asInt(), pca.outputs());
      float[] transformed = new float[50 * pca.outputs()];
      pca.apply(reader.read(rows, 0, 50), 50, transformed);
      assertClose(example.get("transformed"), transformed, 1e-4);
    }
  }

  @Test
  void resize_isWithinOneLevelOfPillows() throws IOException {
    for (JsonNode example : read("resize.json")) {
      PrepareStep resize =
          new PrepareStep.Resize(example.get("rows").asInt(), example.get("columns").asInt());

      TrainingData data = prepared(images(example), List.of(resize));

      assertClose(example.get("resized"), bytes(data), 1); // Pillow rounds between its two passes
    }
  }

  @Test
  void gray_isWithinOneLevelOfPillows() throws IOException {
    JsonNode example = read("gray.json");

    TrainingData data = prepared(images(example), List.of(new PrepareStep.Gray()));

    assertEquals(new SampleShape(13, 11, 1), data.dataset().shape());
    assertClose(example.get("gray"), bytes(data), 1); // Pillow's weights are multiples of 1/65536
  }

  private static JsonNode read(String name) throws IOException {
    try (InputStream file =
        PreparedReferenceTest.class.getResourceAsStream("/org/trawl/core/prepare/" + name)) {
      return new ObjectMapper().readTree(file);
    }
  }

  private static Dataset images(JsonNode example) {
    JsonNode sizes = example.get("shape");
    SampleShape shape =
        new SampleShape(
            sizes.get(0).asInt(),
            sizes.get(1).asInt(),
            sizes.size() == 3 ? sizes.get(2).asInt() : 1);
    JsonNode pixels = example.get("images");
    byte[] bytes = new byte[pixels.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels.get(i).asInt();
    }
    int rows = bytes.length / (int) shape.features();
    int[] labels = new int[rows];
    labels[0] = 1;
    return new Dataset(
        "images",
        new Samples.Bytes(bytes, rows, (int) shape.features()),
        labels,
        List.of("a", "b"),
        rows,
        0,
        255,
        shape);
  }

  private static TrainingData prepared(Dataset dataset, List<PrepareStep> steps) {
    DataSpec spec =
        new DataSpec(
            TestSources.DIGITS, DataSpec.Part.NONE, DataSpec.Part.NONE, 0, false, 0, steps);
    return TrainingData.of(dataset, spec, new RandomStream(1), 0);
  }

  private static float[] reals(TrainingData data) {
    return ((Samples.Reals) data.dataset().samples()).held().data;
  }

  private static float[] bytes(TrainingData data) {
    byte[] bytes = ((Samples.Bytes) data.dataset().samples()).data();
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    return values;
  }

  private static void assertClose(JsonNode expected, float[] found, double tolerance) {
    assertEquals(expected.size(), found.length);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).asDouble(), found[i], tolerance, "value " + i);
    }
  }
}
