package org.trawl.driver.model;

import java.util.Arrays;
import org.trawl.core.data.format.image.ImageDecoder.Image;
import org.trawl.core.data.preparation.FittedStep;
import org.trawl.core.data.sample.SampleShape;

/**
 * A gray image.
 *
 * @param height rows
 * @param width pixels a row
 * @param pixels row-major, from 0 (black) to 1 (white)
 */
record GrayImage(int height, int width, float[] pixels) {

  /**
   * A part of an image.
   *
   * @param top first row
   * @param left first column
   */
  record Box(int top, int left, int height, int width) {}

  /** A picture in gray (ITU-R BT.601's luma), what is transparent on white. */
  static GrayImage of(Image picture) {
    float[] pixels = new float[picture.shape().rows() * picture.shape().columns()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (picture.luma(i) / 255);
    }
    return new GrayImage(picture.shape().rows(), picture.shape().columns(), pixels);
  }

  /**
   * An image of a data set in gray.
   *
   * @param sample its features
   * @param fullScale the largest value that one can have
   */
  static GrayImage of(SampleShape shape, double[] sample, double fullScale) {
    FittedStep.Gray gray = new FittedStep.Gray(shape, false);
    float[] pixels = new float[gray.outputs()];
    float[] single = new float[sample.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) sample[i];
    }
    gray.apply(single, 1, pixels);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.min(1, Math.max(0, pixels[i] / fullScale));
    }
    return new GrayImage(shape.rows(), shape.columns(), pixels);
  }

  GrayImage inverted() {
    float[] inverted = new float[pixels.length];
    for (int i = 0; i < inverted.length; i++) {
      inverted[i] = 1 - pixels[i];
    }
    return new GrayImage(height, width, inverted);
  }

  /** The mean of the outermost pixels. */
  double border() {
    double sum = 0;
    int count = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (y == 0 || x == 0 || y == height - 1 || x == width - 1) {
          sum += pixels[y * width + x];
          count++;
        }
      }
    }
    return sum / count;
  }

  /**
   * The smallest box around all ink; the whole image where there is none.
   *
   * @param share of the way from the darkest pixel to the brightest, from which it is ink
   */
  Box inkBox(double share) {
    float darkest = 1;
    float brightest = 0;
    for (float pixel : pixels) {
      darkest = Math.min(darkest, pixel);
      brightest = Math.max(brightest, pixel);
    }
    double threshold = darkest + share * (brightest - darkest);
    int top = height;
    int bottom = -1;
    int left = width;
    int right = -1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (pixels[y * width + x] > threshold) {
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
          left = Math.min(left, x);
          right = Math.max(right, x);
        }
      }
    }
    return bottom < 0
        ? new Box(0, 0, height, width)
        : new Box(top, left, bottom - top + 1, right - left + 1);
  }

  /**
   * An image of another size with a part of this one, its sides kept in proportion, its centre of
   * mass as near to the middle as fits. Its contrast is stretched: the paper is black, the
   * brightest ink white.
   *
   * @param extent of the part's longer side, as a share of that side of the new image
   */
  GrayImage placed(Box part, int newHeight, int newWidth, double extent) {
    double scale = Math.min(extent * newHeight / part.height(), extent * newWidth / part.width());
    int rows = (int) Math.min(newHeight, Math.max(1, Math.round(part.height() * scale)));
    int columns = (int) Math.min(newWidth, Math.max(1, Math.round(part.width() * scale)));
    float[] scaled = scaled(part, rows, columns);
    stretch(scaled);
    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    for (int i = 0; i < scaled.length; i++) {
      sum += scaled[i];
      int row = i / columns;
      sumX += scaled[i] * (i - row * columns + 0.5);
      sumY += scaled[i] * (row + 0.5);
    }
    boolean ink = sum > 0;
    int left = start(newWidth, columns, ink ? sumX / sum : columns / 2.0);
    int top = start(newHeight, rows, ink ? sumY / sum : rows / 2.0);
    float[] placed = new float[newHeight * newWidth];
    for (int y = 0; y < rows; y++) {
      System.arraycopy(scaled, y * columns, placed, (top + y) * newWidth + left, columns);
    }
    return new GrayImage(newHeight, newWidth, placed);
  }

  private static int start(int room, int size, double centre) {
    return (int) Math.max(0, Math.min(room - size, Math.round(room / 2.0 - centre)));
  }

  /** From the paper's brightness, that of the border, to 0 and the brightest ink's to 1. */
  private void stretch(float[] values) {
    float paper = (float) border();
    float brightest = paper;
    for (float value : pixels) {
      brightest = Math.max(brightest, value);
    }
    float range = brightest - paper;
    for (int i = 0; i < values.length; i++) {
      values[i] = range > 0 ? Math.min(1, Math.max(0, (values[i] - paper) / range)) : 0;
    }
  }

  /** A part in another size: each new pixel is the mean of the area that it covers. */
  private float[] scaled(Box part, int rows, int columns) {
    float[] scaled = new float[rows * columns];
    double stepY = (double) part.height() / rows;
    double stepX = (double) part.width() / columns;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        scaled[row * columns + column] =
            (float)
                mean(
                    part.top() + row * stepY,
                    part.top() + (row + 1) * stepY,
                    part.left() + column * stepX,
                    part.left() + (column + 1) * stepX);
      }
    }
    return scaled;
  }

  private double mean(double top, double bottom, double left, double right) {
    double sum = 0;
    double area = 0;
    for (int y = (int) top; y < Math.min(height, Math.ceil(bottom)); y++) {
      double tall = Math.min(bottom, y + 1) - Math.max(top, y);
      for (int x = (int) left; x < Math.min(width, Math.ceil(right)); x++) {
        double covered = tall * (Math.min(right, x + 1) - Math.max(left, x));
        sum += covered * pixels[y * width + x];
        area += covered;
      }
    }
    return area > 0 ? sum / area : 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GrayImage image
        && image.height == height
        && image.width == width
        && Arrays.equals(image.pixels, pixels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pixels);
  }
}
