package org.trawl.driver.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.SampleShape;

/** Samples of an IDX file (MNIST's format) without labels. */
final class IdxSamples {
  private IdxSamples() {}

  /**
   * Reads a file's bytes, unpacked.
   *
   * @throws DataException if they are not such samples as the model takes
   */
  static SampleFile read(String address, byte[] bytes, Model model) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int type = bytes[2] & 0xFF;
    int dimensions = bytes[3] & 0xFF;
    int width =
        switch (type) {
          case 0x08, 0x09 -> 1;
          case 0x0B -> 2;
          case 0x0C, 0x0D -> 4;
          case 0x0E -> 8;
          default ->
              throw wrong(
                  address,
                  2,
                  "an IDX type (0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E)",
                  String.format(Locale.ROOT, "0x%02X", type));
        };
    long count;
    long features = 1;
    file.position(4);
    try {
      count = Integer.toUnsignedLong(file.getInt());
      for (int i = 1; i < dimensions; i++) {
        long size = Integer.toUnsignedLong(file.getInt());
        features = size > Integer.MAX_VALUE / features ? Integer.MAX_VALUE : features * size;
      }
    } catch (BufferUnderflowException | ArithmeticException cut) {
      throw wrong(address, 4, dimensions + " sizes of 4 bytes", "others");
    }
    if (dimensions < 2 || features != model.features()) {
      throw wrong(
          address,
          4,
          String.format(Locale.ROOT, "samples of %d features, the model's", model.features()),
          dimensions < 2 ? "one dimension, as labels have" : String.valueOf(features));
    }
    if (count == 0 || file.remaining() != count * features * width) {
      throw wrong(
          address,
          file.position(),
          String.format(Locale.ROOT, "%d values of %d bytes", count * features, width),
          file.remaining() + " bytes");
    }
    double[] values = new double[(int) (count * features)];
    for (int i = 0; i < values.length; i++) {
      int offset = file.position();
      values[i] =
          switch (type) {
            case 0x08 -> file.get() & 0xFF;
            case 0x09 -> file.get();
            case 0x0B -> file.getShort();
            case 0x0C -> file.getInt();
            case 0x0D -> file.getFloat();
            default -> file.getDouble();
          };
      boolean filled = Double.isNaN(values[i]) && model.preparation().imputes();
      if (!Float.isFinite((float) values[i]) && !filled) {
        throw wrong(address, offset, "a finite number", "" + values[i]);
      }
    }
    return new SampleFile((int) count, upright(values, model), List.of(), false, List.of());
  }

  /** Images as the model's data has them, which are turned where its files have columns first. */
  private static double[] upright(double[] values, Model model) {
    if (model.image().filter(ImageInput::transposed).isEmpty()) {
      return values;
    }
    SampleShape shape = model.image().get().shape();
    double[] turned = new double[values.length];
    int features = model.features();
    for (int start = 0; start < values.length; start += features) {
      for (int i = 0; i < features; i++) {
        int channel = i % shape.channels();
        int pixel = i / shape.channels();
        int row = pixel / shape.columns();
        int column = pixel - row * shape.columns();
        turned[start + i] =
            values[start + (column * shape.rows() + row) * shape.channels() + channel];
      }
    }
    return turned;
  }

  private static DataException wrong(String address, long offset, String expected, String found) {
    return new DataException(
        String.format(
            Locale.ROOT, "%s: offset %d: expected %s, found %s", address, offset, expected, found));
  }
}
