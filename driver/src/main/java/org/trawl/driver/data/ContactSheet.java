package org.trawl.driver.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.driver.results.OutputFile;
import org.trawl.driver.sweep.InputException;

/**
 * A picture of a data set's images: a row a class in the order of the classes, in it the first
 * samples of the class. Small images are enlarged by a whole factor.
 */
public final class ContactSheet {
  private static final int SAMPLES = 20;
  private static final int MOST_CLASSES = 100;
  private static final int GAP = 2;
  private static final int SMALLEST = 28;
  private static final int LARGEST = 96;
  private static final int BACKGROUND = 0xFFFFFF;

  private ContactSheet() {}

  /**
   * Writes a sheet.
   *
   * @param file a PNG file, which is replaced
   * @throws InputException if samples are no images, or the file cannot be written
   */
  public static void write(Dataset dataset, Path file) {
    if (!dataset.shape().image()) {
      throw new InputException(
          String.format(
                  Locale.ROOT,
                  "Cannot draw samples of %s: expected images, found %d features without a shape (say shape =",
                  dataset.name(),
                  dataset.features())
              + " [rows, columns] in its description)");
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(draw(dataset), "png", png);
    } catch (IOException impossible) { // in memory
      throw new UncheckedIOException(impossible);
    }
    OutputFile.write(file, png.toByteArray());
  }

  static BufferedImage draw(Dataset dataset) {
    SampleShape shape = dataset.shape();
    int side = Math.max(shape.rows(), shape.columns());
    int enlarged = Math.max(1, (SMALLEST + side - 1) / side);
    int reduced = Math.max(1, side / LARGEST);
    int width = (shape.columns() + reduced - 1) / reduced * enlarged;
    int height = (shape.rows() + reduced - 1) / reduced * enlarged;
    int classes = Math.min(MOST_CLASSES, dataset.classes().size());
    BufferedImage sheet =
        new BufferedImage(
            GAP + SAMPLES * (width + GAP),
            GAP + classes * (height + GAP),
            BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < sheet.getHeight(); y++) {
      for (int x = 0; x < sheet.getWidth(); x++) {
        sheet.setRGB(x, y, BACKGROUND);
      }
    }
    int[] drawn = new int[classes];
    double[] range = range(dataset);
    for (int row = 0; row < dataset.samples().rows(); row++) {
      int label = dataset.labels()[row];
      if (label < classes && drawn[label] < SAMPLES) {
        int left = GAP + drawn[label]++ * (width + GAP);
        int top = GAP + label * (height + GAP);
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            int color = color(dataset, row, y / enlarged * reduced, x / enlarged * reduced, range);
            sheet.setRGB(left + x, top + y, color);
          }
        }
      }
    }
    return sheet;
  }

  /** What is black and what is white. */
  private static double[] range(Dataset dataset) {
    if (dataset.fullScale() > 0) {
      return new double[] {0, dataset.fullScale()};
    }
    double[] range = {0, 1};
    if (dataset.samples() instanceof Samples.Reals reals) {
      for (int row = 0; row < reals.rows(); row++) {
        for (int column = 0; column < reals.columns(); column++) {
          double value = reals.value(row, column);
          range[0] = value < range[0] ? value : range[0];
          range[1] = value > range[1] ? value : range[1];
        }
      }
    } else {
      range[1] = 255;
    }
    return range;
  }

  private static int color(Dataset dataset, int sample, int row, int column, double[] range) {
    SampleShape shape = dataset.shape();
    int[] channels = new int[3];
    for (int i = 0; i < channels.length; i++) {
      int channel = shape.channels() == 1 ? 0 : i;
      double value = dataset.samples().value(sample, shape.feature(row, column, channel));
      double share = (value - range[0]) / (range[1] - range[0]);
      channels[i] = (int) Math.round(255 * Math.min(1, Math.max(0, share)));
    }
    return Arrays.stream(channels).reduce(0, (color, channel) -> color << 8 | channel);
  }
}
