package org.trawl.core.data.format.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.FittedStep;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.SourceSpec.ImageChanges;

/** Images that are made one size, and those that are turned, as they are read. */
final class ImageChangesTest {
  @TempDir private Path folder;

  private static SourceSpec changed(SourceSpec source, SampleShape shape, ImageChanges changes) {
    return new SourceSpec(
        source.name(),
        source.format(),
        source.train(),
        source.trainLabels(),
        List.of(),
        List.of(),
        source.test(),
        source.testLabels(),
        source.label(),
        Header.AUTO,
        List.of(),
        Map.of(),
        0,
        shape,
        changes,
        "");
  }

  private SourceSpec faces(SampleShape shape, ImageChanges changes) {
    SourceSpec here =
        new SourceSpec(
            "faces",
            Format.IMAGES,
            List.of("" + folder),
            List.of(),
            List.of(),
            List.of(),
            "",
            Header.AUTO,
            List.of(),
            0);
    return changed(here, shape, changes);
  }

  private void write(String name, int rows, int columns, int type) throws IOException {
    BufferedImage image = new BufferedImage(columns, rows, type);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int color = 0x010101 * (row * 255 / rows);
        image.setRGB(column, row, 0xFF000000 | color);
      }
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    assertTrue(ImageIO.write(image, "png", file.toFile()));
  }

  private static byte[] bytes(Dataset dataset) {
    return ((Samples.Bytes) dataset.samples()).data();
  }

  @Test
  void imagesOfSeveralSizes_becomeOneSize() throws IOException {
    write("a/1.png", 48, 48, BufferedImage.TYPE_BYTE_GRAY);
    write("a/2.png", 96, 30, BufferedImage.TYPE_BYTE_GRAY);
    write("b/1.png", 12, 16, BufferedImage.TYPE_BYTE_GRAY);

    Dataset dataset = TestSources.read(faces(SampleShape.NONE, new ImageChanges(12, 16, false)));

    assertEquals(new SampleShape(12, 16, 1), dataset.shape());
    assertEquals(3, dataset.trainRows());
    assertEquals(255, dataset.fullScale());
    byte[] pixels = bytes(dataset);
    for (int sample = 0; sample < 3; sample++) { // all are the same ramp of brightness
      for (int i = 0; i < 12 * 16; i++) {
        int expected = pixels[2 * 12 * 16 + i] & 0xFF;
        int found = pixels[sample * 12 * 16 + i] & 0xFF;
        assertEquals(expected, found, 24, "sample " + sample + ", feature " + i);
      }
    }
  }

  /** As the step of a preparation makes them of images that have one size already. */
  @Test
  void resizing_isTheSameAsInAPreparation() throws IOException {
    write("a/1.png", 48, 40, BufferedImage.TYPE_INT_RGB);
    write("b/1.png", 48, 40, BufferedImage.TYPE_INT_RGB);

    SourceSpec small = faces(SampleShape.NONE, new ImageChanges(14, 9, false));
    Dataset read = TestSources.read(small);
    Dataset whole = TestSources.read(faces(SampleShape.NONE, ImageChanges.NONE));
    float[] pixels = new float[bytes(whole).length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = bytes(whole)[i] & 0xFF;
    }
    float[] expected = new float[bytes(read).length];
    new FittedStep.Resize(whole.shape(), 14, 9, true).apply(pixels, 2, expected);

    assertEquals(new SampleShape(14, 9, 3), read.shape());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], bytes(read)[i] & 0xFF);
    }
  }

  @Test
  void grayOnes_areWidenedAfterwards() throws IOException {
    write("a/1.png", 20, 10, BufferedImage.TYPE_BYTE_GRAY);
    write("b/1.png", 10, 20, BufferedImage.TYPE_INT_RGB);

    SampleShape colored = new SampleShape(8, 8, 3);
    Dataset dataset = TestSources.read(faces(colored, new ImageChanges(8, 8, false)));

    assertEquals(colored, dataset.shape());
    String message =
        assertThrows(
                DataException.class,
                () -> TestSources.read(faces(colored, new ImageChanges(9, 9, false))))
            .getMessage();
    assertTrue(
        message.contains("1.png: offset 0: expected 8 columns and 8 rows, found 9"), message);
  }

  @Test
  void aTallImage_isRefusedBeforeThereIsMemoryForIt() throws IOException {
    write("a/1.png", 5000, 2, BufferedImage.TYPE_BYTE_GRAY);
    write("b/1.png", 5, 2, BufferedImage.TYPE_BYTE_GRAY);

    SourceSpec source = faces(SampleShape.NONE, new ImageChanges(4, 4096, false));
    String message = assertThrows(DataException.class, () -> TestSources.read(source)).getMessage();

    assertTrue(
        message.contains("expected an image of at most 4096 rows, to be resized to 4096 columns"),
        message);
  }

  /** EMNIST's way: what stands in the file as columns of rows. */
  @Test
  void transposedImages_areTurnedUpright() {
    byte[] upright = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16}; // two of 3 rows and 2 columns
    byte[] stored = {1, 3, 5, 2, 4, 6, 11, 13, 15, 12, 14, 16};
    Path images =
        TestSources.write(folder, "i", TestSources.idx(0x08, new int[] {2, 2, 3}, stored));
    Path labels =
        TestSources.write(folder, "l", TestSources.idx(0x08, new int[] {2}, new byte[] {0, 1}));
    SourceSpec source = TestSources.idx(images, labels);

    Dataset dataset =
        TestSources.read(changed(source, SampleShape.NONE, new ImageChanges(0, 0, true)));

    assertEquals(new SampleShape(3, 2, 1), dataset.shape());
    assertArrayEquals(upright, bytes(dataset));
    assertArrayEquals(stored, bytes(TestSources.read(source)));
  }

  @Test
  void transposedRows_ofTextToo() {
    Path file = TestSources.write(folder, "t.csv", "0.5,2,3,4,5,6,a\n1,2,3,4,5,6,b\n");
    SourceSpec source = TestSources.csv(file, "-1", Header.ABSENT);
    ImageChanges transposed = new ImageChanges(0, 0, true);

    Dataset dataset = TestSources.read(changed(source, new SampleShape(3, 2, 1), transposed));

    assertArrayEquals(
        new float[] {0.5f, 4, 2, 5, 3, 6, 1, 4, 2, 5, 3, 6},
        ((Samples.Reals) dataset.samples()).held().data);
    String message =
        assertThrows(
                DataException.class,
                () -> TestSources.read(changed(source, SampleShape.NONE, transposed)))
            .getMessage();
    assertTrue(message.contains("transposed: expected images (cure: shape ="), message);
  }
}
