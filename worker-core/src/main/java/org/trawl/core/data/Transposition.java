package org.trawl.core.data;

import java.util.Arrays;
import java.util.Locale;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec;

/** Puts images upright that are stored with rows for columns, in the place where they are. */
final class Transposition {
  private Transposition() {}

  /**
   * Transposes images.
   *
   * @param samples as they were read; overwritten
   * @param shape of an upright image
   * @throws DataException if they are no images
   */
  static void of(SourceSpec source, Samples samples, SampleShape shape) {
    if (!shape.image()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: transposed: expected images (cure: shape = [rows, columns] in its description), found %d features without a shape",
              source.name(),
              samples.columns()));
    }
    int[] places = places(shape);
    if (samples instanceof Samples.Bytes bytes) {
      byte[] image = new byte[places.length];
      for (int row = 0; row < samples.rows(); row++) {
        int start = row * places.length;
        System.arraycopy(bytes.data(), start, image, 0, image.length);
        for (int i = 0; i < places.length; i++) {
          bytes.data()[start + i] = image[places[i]];
        }
      }
    } else if (samples instanceof Samples.Reals reals) {
      float[] image = new float[places.length];
      for (int row = 0; row < samples.rows(); row++) {
        int start = row * places.length;
        System.arraycopy(reals.held().data, start, image, 0, image.length);
        for (int i = 0; i < places.length; i++) {
          reals.held().data[start + i] = image[places[i]];
        }
      }
      double[] offsets = reals.offsets().clone();
      Arrays.setAll(reals.offsets(), i -> offsets[places[i]]);
    }
  }

  /** Of each feature of an upright image, which one of the stored image it is. */
  private static int[] places(SampleShape shape) {
    int[] places = new int[(int) shape.features()];
    SampleShape stored = new SampleShape(shape.columns(), shape.rows(), shape.channels());
    for (int row = 0; row < shape.rows(); row++) {
      for (int column = 0; column < shape.columns(); column++) {
        for (int channel = 0; channel < shape.channels(); channel++) {
          places[shape.feature(row, column, channel)] = stored.feature(column, row, channel);
        }
      }
    }
    return places;
  }
}
