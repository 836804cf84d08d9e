package org.trawl.driver.model;

import java.util.Locale;
import java.util.Optional;
import org.trawl.core.data.format.image.ImageDecoder.Image;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.TrainingData;

/**
 * What the images look like that a model was trained on, before any step of its preparation, so
 * that others can be made like them: measured on the first training samples.
 *
 * @param shape of an image
 * @param fullScale value of the brightest pixel there can be
 * @param background mean of the pixels on the border, over the full scale: below a half the ink is
 *     brighter than the paper
 * @param extent mean of the longer side of the box around the ink, over that side of the image
 * @param kind where they come from
 * @param transposed whether the files of its data have rows for columns
 */
public record ImageInput(
    SampleShape shape,
    double fullScale,
    double background,
    double extent,
    Kind kind,
    boolean transposed) {
  /** Samples that are looked at. */
  private static final int MEASURED = 1000;

  /** The share of the way from background to ink from which a pixel counts as ink. */
  static final double INK = 0.2;

  private static final int BYTE = 255;

  /** Where the images of the data come from, which says how a picture becomes one of them. */
  public enum Kind {
    /** Arrays of pixels, to which a picture must be fitted. */
    DRAWN,
    /** Image files of one size. */
    FILES,
    /** Image files that were resized as they were read. */
    RESIZED;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Of images whose full scale is known; empty for other data. */
  static Optional<ImageInput> of(TrainingData data, SourceSpec source) {
    Dataset dataset = data.source();
    return dataset.shape().image() && dataset.shape().channels() != 2 && dataset.fullScale() > 0
        ? Optional.of(measured(data, source))
        : Optional.empty();
  }

  private static ImageInput measured(TrainingData data, SourceSpec source) {
    Dataset dataset = data.source();
    SampleShape shape = dataset.shape();
    int count = Math.min(MEASURED, data.train().length);
    GrayImage[] images = new GrayImage[count];
    double border = 0;
    for (int i = 0; i < count; i++) {
      images[i] =
          GrayImage.of(shape, dataset.samples().gathered(data.train()[i]), dataset.fullScale());
      border += images[i].border() / count;
    }
    double extent = 0;
    for (GrayImage image : images) {
      GrayImage ink = border < 0.5 ? image : image.inverted();
      GrayImage.Box box = ink.inkBox(INK);
      extent +=
          Math.max((double) box.height() / shape.rows(), (double) box.width() / shape.columns())
              / count;
    }
    Kind kind =
        !source.format().imageFiles()
            ? Kind.DRAWN
            : source.changes().resizes() ? Kind.RESIZED : Kind.FILES;
    return new ImageInput(
        shape, dataset.fullScale(), border, extent, kind, source.changes().transposed());
  }

  /**
   * The features of a picture, as the data would have them. Where its images were files, one of
   * their size is taken as it is, and any is resized where they were. Else a picture in colour is
   * resized; of a gray one the ink is cut out, scaled to the extent that theirs has, and put with
   * its centre of mass into the middle (as MNIST's digits were: LeCun et al. 1998, section III.A),
   * unless it has their size; and a picture of dark ink on bright paper is inverted where theirs
   * are bright on dark, and the other way round: brightness of the border tells.
   *
   * @return a sample, from 0 to the full scale
   */
  double[] features(Image picture) {
    boolean sameSize =
        picture.shape().rows() == shape.rows() && picture.shape().columns() == shape.columns();
    boolean likeFiles = kind == Kind.RESIZED || (kind == Kind.FILES && sameSize);
    if (shape.channels() == 1 && !likeFiles) {
      return drawn(GrayImage.of(picture));
    }
    byte[] pixels =
        picture.withChannels(shape.channels()).resized(shape.rows(), shape.columns()).pixels();
    double[] features = new double[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      features[i] = (float) ((pixels[i] & 0xFF) * (fullScale / BYTE));
    }
    return features;
  }

  /** The features of a gray picture of ink on paper. */
  double[] drawn(GrayImage picture) {
    boolean brightInk = background < 0.5;
    GrayImage ink = picture.border() < 0.5 ? picture : picture.inverted();
    GrayImage placed =
        ink.height() == shape.rows() && ink.width() == shape.columns()
            ? ink
            : ink.placed(ink.inkBox(INK), shape.rows(), shape.columns(), extent);
    return scaled(brightInk ? placed : placed.inverted());
  }

  private double[] scaled(GrayImage image) {
    double[] features = new double[image.pixels().length];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) (image.pixels()[i] * fullScale);
    }
    return features;
  }

  /** The brightness of the pixels of a sample, in gray, from 0 to 1. */
  public float[] brightness(double[] sample) {
    return GrayImage.of(shape, sample, fullScale).pixels();
  }
}
