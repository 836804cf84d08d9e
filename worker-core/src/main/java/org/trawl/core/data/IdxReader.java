package org.trawl.core.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads IDX, the format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a type, the
 * number of dimensions, each dimension as 32 bits, then the values, last dimension fastest; all
 * big-endian. The first dimension counts samples; the others are flattened into features.
 */
final class IdxReader implements PartReader {
  private static final int CHUNK = 1 << 16;

  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private boolean allBytes = true;
  private SampleShape shape = SampleShape.NONE;

  IdxReader(SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  /** The types of values. */
  private enum Type {
    UBYTE(0x08, 1),
    BYTE(0x09, 1),
    SHORT(0x0B, 2),
    INT(0x0C, 4),
    FLOAT(0x0D, 4),
    DOUBLE(0x0E, 8);

    final int code;
    final int width;

    Type(int code, int width) {
      this.code = code;
      this.width = width;
    }

    static Optional<Type> of(int code) {
      return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    boolean whole() {
      return this != FLOAT && this != DOUBLE;
    }
  }

  /**
   * What stands before the values.
   *
   * @param count of samples
   * @param features values a sample
   * @param dimensions the count's own included
   * @param shape of a sample
   */
  private record Header(Type type, long count, long features, int dimensions, SampleShape shape) {}

  @Override
  public void read(Part part) {
    List<String> images = part.files(source);
    List<String> labelFiles = part.labelFiles(source);
    if (images.size() != labelFiles.size()) {
      throw new DataException(
          "Cannot read %s: %s-labels: expected a label file for each of %d image files, found %d"
              .formatted(source.name(), part.key(), images.size(), labelFiles.size()));
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
      Header image = header(images);
      Header label = header(labelFile);
      checkHeaders(images, image, labelFile, label);
      shape =
          samples.columns() == 0 || shape.equals(image.shape()) ? image.shape() : SampleShape.NONE;
      samples.columns((int) image.features());
      readImages(images, image);
      readLabels(labelFile, label);
    }
  }

  private static Header header(SourceFile file) {
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
          "0x%02X%02X".formatted(start[0], start[1]));
    }
    Type type =
        Type.of(start[2] & 0xFF)
            .orElseThrow(
                () ->
                    file.wrong(
                        2,
                        "an IDX type (0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E)",
                        "0x%02X".formatted(start[2])));
    int dimensions = start[3] & 0xFF;
    if (dimensions == 0) {
      throw file.wrong(3, "at least 1 dimension", "0");
    }
    byte[] bytes = new byte[4 * dimensions];
    read = file.read(bytes, 0, bytes.length);
    if (read < bytes.length) {
      throw file.wrong(
          4 + read, "%d sizes of 4 bytes".formatted(dimensions), "the end of the file");
    }
    ByteBuffer sizes = ByteBuffer.wrap(bytes);
    long count = size(file, sizes, 1);
    long features = 1;
    int[] ofSample = new int[dimensions - 1];
    for (int i = 1; i < dimensions; i++) {
      long size = size(file, sizes, count * features);
      features *= size;
      ofSample[i - 1] = (int) size;
    }
    return new Header(type, count, features, dimensions, SampleShape.of(ofSample));
  }

  /** The next size of a dimension, checked together with the product of those before it. */
  private static long size(SourceFile file, ByteBuffer sizes, long before) {
    int offset = 4 + sizes.position();
    long size = Integer.toUnsignedLong(sizes.getInt());
    if (size == 0) {
      throw file.wrong(offset, "a size of at least 1", "0");
    }
    if (size > SamplesBuilder.LONGEST_ARRAY / before) {
      throw file.wrong(
          offset,
          "at most %d values in all".formatted(SamplesBuilder.LONGEST_ARRAY),
          "a size of %d, which makes more".formatted(size));
    }
    return size;
  }

  private void checkHeaders(SourceFile images, Header image, SourceFile labelFile, Header label) {
    if (image.dimensions() < 2) {
      throw images.wrong(3, "at least 2 dimensions (samples, features)", "1, as labels have");
    }
    if (label.dimensions() != 1) {
      throw labelFile.wrong(3, "1 dimension, a label a sample", "" + label.dimensions());
    }
    if (!label.type().whole()) {
      throw labelFile.wrong(
          2, "labels that are whole numbers (0x08 to 0x0C)", "0x%02X".formatted(label.type().code));
    }
    if (label.count() != image.count()) {
      throw labelFile.wrong(
          4,
          "%d labels, one a sample of %s".formatted(image.count(), images.address()),
          "" + label.count());
    }
    if (samples.columns() != 0 && samples.columns() != image.features()) {
      throw images.wrong(
          8,
          "%d features a sample as in the files before it".formatted(samples.columns()),
          "" + image.features());
    }
  }

  private void readImages(SourceFile file, Header header) {
    if (header.type() != Type.UBYTE) {
      allBytes = false;
      samples.becomeReal();
    }
    long values = header.count() * header.features();
    samples.expect(values);
    if (samples.real()) {
      readReals(file, header, values);
    } else if (samples.addBytes(file, values) < values) {
      throw truncated(file, header);
    }
    checkEnd(file, header);
  }

  private void readReals(SourceFile file, Header header, long values) {
    int width = header.type().width;
    byte[] chunk = new byte[CHUNK];
    for (long done = 0; done < values; ) {
      int count = (int) Math.min(values - done, CHUNK / width);
      long offset = file.position();
      if (file.read(chunk, 0, count * width) < count * width) {
        throw truncated(file, header);
      }
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      for (int i = 0; i < count; i++) {
        double value = next(buffer, header.type());
        if (!Float.isFinite((float) value)) {
          throw file.wrong(offset + (long) i * width, "a finite number", "" + value);
        }
        samples.add((float) value);
      }
      done += count;
    }
  }

  private static double next(ByteBuffer buffer, Type type) {
    return switch (type) {
      case UBYTE -> buffer.get() & 0xFF;
      case BYTE -> buffer.get();
      case SHORT -> buffer.getShort();
      case INT -> buffer.getInt();
      case FLOAT -> buffer.getFloat();
      case DOUBLE -> buffer.getDouble();
    };
  }

  /**
   * Labels are the numbers in the file; where the source names classes by words, they are positions
   * in its list.
   */
  private void readLabels(SourceFile file, Header header) {
    int width = header.type().width;
    byte[] chunk = new byte[CHUNK];
    for (long done = 0; done < header.count(); ) {
      int count = (int) Math.min(header.count() - done, CHUNK / width);
      long offset = file.position();
      if (file.read(chunk, 0, count * width) < count * width) {
        throw truncated(file, header);
      }
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      for (int i = 0; i < count; i++) {
        int label = (int) next(buffer, header.type());
        int code = code(label);
        if (code == LabelsBuilder.UNKNOWN) {
          String expected =
              labels.namedByNumbers()
                  ? labels.expected()
                  : "a label from 0 to " + (labels.namedClasses() - 1);
          throw file.wrong(offset + (long) i * width, expected, "" + label);
        }
        labels.add(code);
      }
      done += count;
    }
    checkEnd(file, header);
  }

  private int code(int label) {
    if (labels.namedByNumbers()) {
      return labels.code(Integer.toString(label));
    }
    return label >= 0 && label < labels.namedClasses() ? label : LabelsBuilder.UNKNOWN;
  }

  private static DataException truncated(SourceFile file, Header header) {
    return file.wrong(
        file.position(),
        "%d values of %d bytes after the header"
            .formatted(header.count() * header.features(), header.type().width),
        "the end of the file");
  }

  private static void checkEnd(SourceFile file, Header header) {
    long offset = file.position();
    if (file.read(new byte[1], 0, 1) > 0) {
      throw file.wrong(
          offset,
          "the end of the file after %d values".formatted(header.count() * header.features()),
          "more bytes");
    }
  }
}
