package org.trawl.core.data.format.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.format.array.NumberArray.NumberType;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;

/**
 * Reads IDX, the format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a type, the
 * number of dimensions, each dimension as 32 bits, then the values, last dimension fastest; all
 * big-endian. The first dimension counts samples; the others are flattened into features.
 */
public final class IdxReader implements PartReader {
  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private boolean allBytes = true;
  private SampleShape shape = SampleShape.NONE;

  public IdxReader(
      SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  /** Of values, by their code; null for none. */
  private static NumberType type(int code) {
    return switch (code) {
      case 0x08 -> NumberType.UINT8;
      case 0x09 -> NumberType.INT8;
      case 0x0B -> NumberType.INT16;
      case 0x0C -> NumberType.INT32;
      case 0x0D -> NumberType.FLOAT32;
      case 0x0E -> NumberType.FLOAT64;
      default -> null;
    };
  }

  @Override
  public void read(Part part) {
    List<String> images = part.files(source);
    List<String> labelFiles = part.labelFiles(source);
    if (images.size() != labelFiles.size()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: %s-labels: expected a label file for each of %d image files, found %d",
              source.name(),
              part.key(),
              images.size(),
              labelFiles.size()));
    }
    for (int i = 0; i < images.size(); i++) {
      readPair(part, images.get(i), labelFiles.get(i));
    }
  }

  @Override
  public double fullScale() {
    return allBytes ? 255 : 0;
  }

  @Override
  public SampleShape shape() {
    return shape;
  }

  private void readPair(Part part, String imageAddress, String labelAddress) {
    String word = part.word();
    try (SourceFile images = SourceFile.open(source, word + " images", imageAddress, storage);
        SourceFile labelFile = SourceFile.open(source, word + " labels", labelAddress, storage)) {
      NumberArray image = header(images);
      NumberArray label = header(labelFile);
      checkHeaders(images, image, labelFile, label);
      SampleShape found = image.sampleShape(0);
      shape = samples.columns() == 0 || shape.equals(found) ? found : SampleShape.NONE;
      samples.columns(image.features(0));
      if (image.type() != NumberType.UINT8) {
        allBytes = false;
        samples.becomeReal();
      }
      image.readSamples(images, 0, samples);
      label.readLabels(labelFile, labels);
    }
  }

  private static NumberArray header(SourceFile file) {
    byte[] start = new byte[4];
    int read = file.read(start, 0, 4);
    if (read < 4) {
      String found = read == 0 ? "an empty file" : read + " bytes";
      throw file.wrong(0, "an IDX header", found);
    }
    if (start[0] != 0 || start[1] != 0) {
      throw file.wrong(
          0,
          "the two zero bytes that an IDX file starts with",
          String.format(Locale.ROOT, "0x%02X%02X", start[0], start[1]));
    }
    NumberType type = type(start[2] & 0xFF);
    if (type == null) {
      throw file.wrong(
          2,
          "an IDX type (0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E)",
          String.format(Locale.ROOT, "0x%02X", start[2]));
    }
    int dimensions = start[3] & 0xFF;
    if (dimensions == 0) {
      throw file.wrong(3, "at least 1 dimension", "0");
    }
    byte[] bytes = new byte[4 * dimensions];
    read = file.read(bytes, 0, bytes.length);
    if (read < bytes.length) {
      throw file.wrong(
          4 + read,
          String.format(Locale.ROOT, "%d sizes of 4 bytes", dimensions),
          "the end of the file");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long[] sizes = new long[dimensions];
    Arrays.setAll(sizes, i -> Integer.toUnsignedLong(buffer.getInt()));
    NumberArray.checked(file, 4, 4, sizes);
    int[] checked = Arrays.stream(sizes).mapToInt(size -> (int) size).toArray();
    return new NumberArray(type, ByteOrder.BIG_ENDIAN, checked, false);
  }

  private void checkHeaders(
      SourceFile images, NumberArray image, SourceFile labelFile, NumberArray label) {
    if (image.sizes().length < 2) {
      throw images.wrong(3, "at least 2 dimensions (samples, features)", "1, as labels have");
    }
    if (label.sizes().length != 1) {
      throw labelFile.wrong(3, "1 dimension, a label a sample", "" + label.sizes().length);
    }
    if (!label.type().whole) {
      throw labelFile.wrong(
          2,
          "labels that are whole numbers (0x08 to 0x0C)",
          label.type() == NumberType.FLOAT32 ? "0x0D" : "0x0E");
    }
    if (label.sizes()[0] != image.sizes()[0]) {
      throw labelFile.wrong(
          4,
          String.format(
              Locale.ROOT, "%d labels, one a sample of %s", image.sizes()[0], images.address()),
          "" + label.sizes()[0]);
    }
    if (samples.columns() != 0 && samples.columns() != image.features(0)) {
      throw images.wrong(
          8,
          String.format(
              Locale.ROOT, "%d features a sample as in the files before it", samples.columns()),
          "" + image.features(0));
    }
  }
}
