package org.trawl.driver.model;

import java.util.List;
import org.trawl.core.data.format.image.ImageDecoder;
import org.trawl.core.data.format.text.CsvSamples;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.storage.FileKind;
import org.trawl.core.data.storage.SampleInput;
import org.trawl.core.data.storage.Storage;

/**
 * A file of samples to predict: CSV, IDX or a picture, told apart by what it says itself; packed or
 * not.
 *
 * @param rows number of samples
 * @param features rows x features, row-major, as the model's data has them
 * @param labels what the file says that the samples are; empty where it does not
 * @param picture whether it is one
 * @param notes what was decided about the file that it does not say, a sentence each
 */
public record SampleFile(
    int rows, double[] features, List<String> labels, boolean picture, List<String> notes) {

  public SampleFile {
    labels = List.copyOf(labels);
    notes = List.copyOf(notes);
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read, or its samples are not such as the model takes
   */
  public static SampleFile read(String address, Model model, Storage storage) {
    try (SampleInput input = SampleInput.open(address, storage)) {
      boolean named = address.matches("(?i).*\\.(png|jpe?g|bmp|gif)");
      if (input.kind().picture() || named) {
        return picture(input, model);
      } else if (input.kind() == FileKind.IDX) {
        return IdxSamples.read(address, input.bytes(), model);
      }
      CsvSamples samples = CsvSamples.read(input, model.form());
      return new SampleFile(
          samples.rows(), samples.features(), samples.labels(), false, samples.notes());
    }
  }

  private static SampleFile picture(SampleInput input, Model model) {
    ImageDecoder.Image picture = ImageDecoder.decode(input);
    ImageInput like =
        model
            .image()
            .orElseThrow(
                () ->
                    new DataException(
                        ("Cannot predict %s: expected a model of images (shape and full-scale in"
                                + " the source say so), found one of other samples: trial %s")
                            .formatted(input.address(), model.trial())));
    return new SampleFile(1, like.features(picture), List.of(), true, List.of());
  }
}
