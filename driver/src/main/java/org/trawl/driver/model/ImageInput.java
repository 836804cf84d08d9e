package org.trawl.driver.model;

import java.util.Optional;
import org.trawl.core.data.Dataset;
import org.trawl.core.data.SampleShape;
import org.trawl.core.data.Samples;
import org.trawl.core.data.TrainingData;

/**
 * What the images look like that a model was trained on, so that others can be made like them:
 * measured on the first training samples.
 *
 * @param height rows of pixels
 * @param width pixels a row
 * @param fullScale value of the brightest pixel there can be
 * @param background mean of the pixels on the border, over the full scale: below a half the ink is
 *     brighter than the paper
 * @param extent mean of the longer side of the box around the ink, over that side of the image
 */
public record ImageInput(
    int height, int width, double fullScale, double background, double extent) {
  /** Samples that are looked at. */
  private static final int MEASURED = 1000;

  /** The share of the way from background to ink from which a pixel counts as ink. */
  static final double INK = 0.2;

  /** Of gray images whose full scale is known; empty for other data. */
  static Optional<ImageInput> of(TrainingData data) {
    Dataset dataset = data.source();
    SampleShape shape = dataset.shape();
    return shape.channels() == 1 && dataset.fullScale() > 0
        ? Optional.of(measured(data, shape.rows(), shape.columns()))
        : Optional.empty();
  }

  private static ImageInput measured(TrainingData data, int height, int width) {
    int count = Math.min(MEASURED, data.train().length);
    double fullScale = data.source().fullScale();
    GrayImage[] images = new GrayImage[count];
    double border = 0;
    for (int i = 0; i < count; i++) {
      images[i] = image(data.source().samples(), data.train()[i], height, width, fullScale);
      border += images[i].border() / count;
    }
    double extent = 0;
    for (GrayImage image : images) {
      GrayImage ink = border < 0.5 ? image : image.inverted();
      GrayImage.Box box = ink.inkBox(INK);
      extent += Math.max((double) box.height() / height, (double) box.width() / width) / count;
    }
    return new ImageInput(height, width, fullScale, border, extent);
  }

  private static GrayImage image(
      Samples samples, int row, int height, int width, double fullScale) {
    float[] pixels = new float[height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.min(1, Math.max(0, samples.value(row, i) / fullScale));
    }
    return new GrayImage(height, width, pixels);
  }

  /**
   * The features of a picture, made like the images of the training: of their size it is taken as
   * it is; of another, its ink is cut out, scaled to the extent that theirs has, and put with its
   * centre of mass into the middle (as MNIST's digits were: LeCun et al. 1998, section III.A). In
   * either case a picture of dark ink on bright paper is inverted where theirs are bright on dark,
   * and the other way round: brightness of the border tells.
   *
   * @param picture brightness from 0 (black) to 1
   * @return height x width features, from 0 to the full scale
   */
  float[] features(GrayImage picture) {
    boolean brightInk = background < 0.5;
    GrayImage ink = picture.border() < 0.5 ? picture : picture.inverted();
    GrayImage placed =
        ink.height() == height && ink.width() == width
            ? ink
            : ink.placed(ink.inkBox(INK), height, width, extent);
    GrayImage like = brightInk ? placed : placed.inverted();
    float[] features = like.pixels().clone();
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) (features[i] * fullScale);
    }
    return features;
  }
}
