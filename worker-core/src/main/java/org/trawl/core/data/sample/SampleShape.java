package org.trawl.core.data.sample;

import java.io.Serializable;
import java.util.Locale;

/**
 * How the features of a sample that is an image are laid out: row after row, in a row pixel after
 * pixel, in a pixel channel after channel (interleaved; RGB in this order). The feature of a pixel
 * is {@code (row * columns + column) * channels + channel}. Formats that store planes or columns
 * first are brought into this order when they are read.
 *
 * @param rows pixels of a column; 0 where samples are no images
 * @param columns pixels of a row; 0 where samples are no images
 * @param channels 1 for gray, 3 for RGB, 4 with transparency; 0 where samples are no images
 */
public record SampleShape(int rows, int columns, int channels) implements Serializable {
  /** Of samples that are no images, or are not known to be. */
  public static final SampleShape NONE = new SampleShape(0, 0, 0);

  private static final int MOST_CHANNELS = 4;

  public SampleShape {
    boolean none = rows == 0 && columns == 0 && channels == 0;
    boolean image = rows > 0 && columns > 0 && channels > 0 && channels <= MOST_CHANNELS;
    if (!none && !image) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid shape (rows and columns at least 1, channels 1 to 4): %dx%dx%d",
              rows,
              columns,
              channels));
    }
  }

  /** Whether samples are images. */
  public boolean image() {
    return channels > 0;
  }

  /** The number of features of a sample; 0 where samples are no images. */
  public long features() {
    return (long) rows * columns * channels;
  }

  /** The feature at a place of an image. */
  public int feature(int row, int column, int channel) {
    return (row * columns + column) * channels + channel;
  }

  /** Such as "28x28", and with several channels "32x32x3"; "none" for none. */
  @Override
  public String toString() {
    if (!image()) {
      return "none";
    }
    return channels == 1 ? rows + "x" + columns : rows + "x" + columns + "x" + channels;
  }
}
