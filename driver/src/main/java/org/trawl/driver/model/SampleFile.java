package org.trawl.driver.model;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.trawl.core.data.CsvSamples;
import org.trawl.core.data.CsvSamples.Missing;
import org.trawl.core.data.DataException;
import org.trawl.core.data.Storage;
import org.trawl.core.data.UnpackedFile;

/**
 * A file of samples to predict: CSV, IDX or a picture, told apart by how it begins; CSV and IDX
 * packed with gzip or not.
 *
 * @param rows number of samples
 * @param features rows x features, row-major, as the model's data has them
 * @param labels what the file says that the samples are; empty where it does not
 * @param picture whether it is one
 */
public record SampleFile(int rows, double[] features, List<String> labels, boolean picture) {
  private static final List<String> PICTURES = List.of("png", "jpg", "jpeg", "bmp", "gif");
  private static final long MOST_PIXELS = 100_000_000;

  public SampleFile {
    labels = List.copyOf(labels);
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read, or its samples are not such as the model takes
   */
  public static SampleFile read(String address, Model model, Storage storage) {
    byte[] bytes = UnpackedFile.read(address, storage, "a CSV, an IDX or an image file");
    if (bytes.length == 0) {
      throw new DataException(address + ": expected samples, found an empty file");
    }
    if (picture(bytes, address)) {
      return picture(address, bytes, model);
    } else if (bytes.length > 3 && bytes[0] == 0 && bytes[1] == 0) {
      return IdxSamples.read(address, bytes, model);
    }
    CsvSamples samples =
        CsvSamples.read(
            address,
            storage,
            model.features(),
            model.label(),
            model.preparation().texts(),
            model.preparation().imputes() ? Missing.KEPT : Missing.REFUSED);
    return new SampleFile(samples.rows(), samples.features(), samples.labels(), false);
  }

  private static boolean picture(byte[] bytes, String address) {
    int first = bytes[0] & 0xFF;
    boolean magic =
        bytes.length > 3
            && ((first == 0x89 && bytes[1] == 'P')
                || (first == 0xFF && (bytes[1] & 0xFF) == 0xD8)
                || (first == 'G' && bytes[1] == 'I' && bytes[2] == 'F')
                || (first == 'B' && bytes[1] == 'M'));
    String ending = address.substring(address.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return magic || PICTURES.contains(ending);
  }

  private static SampleFile picture(String address, byte[] bytes, Model model) {
    ImageInput input =
        model
            .image()
            .orElseThrow(
                () ->
                    new DataException(
                        ("Cannot predict %s: expected a model of gray images (shape and"
                                + " full-scale in the source say so), found one of other samples:"
                                + " trial %s")
                            .formatted(address, model.trial())));
    float[] pixels = input.features(GrayImage.of(decoded(address, bytes)));
    double[] features = new double[pixels.length];
    Arrays.setAll(features, i -> pixels[i]);
    return new SampleFile(1, features, List.of(), true);
  }

  private static BufferedImage decoded(String address, byte[] bytes) {
    try (var stream = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      var readers = ImageIO.getImageReaders(stream);
      if (readers.hasNext()) {
        var reader = readers.next();
        try {
          reader.setInput(stream);
          long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
          if (pixels > MOST_PIXELS) {
            throw new DataException(
                String.format(
                    Locale.ROOT,
                    "%s: expected an image of at most %d pixels, found %d",
                    address,
                    MOST_PIXELS,
                    pixels));
          }
          return reader.read(0);
        } finally {
          reader.dispose();
        }
      }
      throw new DataException(address + ": expected a PNG, JPEG, BMP or GIF image");
    } catch (IOException | RuntimeException damaged) {
      if (damaged instanceof DataException known) {
        throw known;
      }
      throw new DataException(
          "%s: expected a PNG, JPEG, BMP or GIF image, found a damaged one (%s)"
              .formatted(address, damaged.getMessage()),
          damaged);
    }
  }
}
