package org.trawl.core.data.format.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.ImageResizing;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.SourceSpec.ImageChanges;
import org.trawl.core.data.storage.FileKind;
import org.trawl.core.data.storage.SampleInput;
import org.trawl.core.data.storage.SourceFile;

/**
 * Decodes PNG, JPEG and BMP files, and GIF where it is asked for, to bytes: gray, RGB, or RGB with
 * transparency, interleaved. What an image claims to be is checked before it is decoded.
 */
public final class ImageDecoder {
  private static final int LARGEST_FILE = 1 << 26;
  private static final int MOST_PIXELS_ALONE = 100_000_000;
  private static final int GRAY = 1;
  private static final int RGB = 3;
  private static final int RGBA = 4;
  private static final int MOST = 255;

  private ImageDecoder() {}

  /**
   * An image.
   *
   * @param pixels in the order of {@link SampleShape}
   */
  public record Image(SampleShape shape, byte[] pixels) {

    /** The same image with other sides, whatever their proportion. */
    public Image resized(int rows, int columns) {
      if (rows == shape.rows() && columns == shape.columns()) {
        return this;
      }
      float[] values = new float[pixels.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = pixels[i] & 0xFF;
      }
      float[] made = new float[rows * columns * shape.channels()];
      new ImageResizing(shape, rows, columns, true).apply(values, 0, made, 0);
      byte[] bytes = new byte[made.length];
      for (int i = 0; i < made.length; i++) {
        bytes[i] = (byte) (int) made[i];
      }
      return new Image(new SampleShape(rows, columns, shape.channels()), bytes);
    }

    /**
     * The same image with other channels: gray becomes RGB, what has no transparency is opaque,
     * what is transparent lies on white, and colors become their luma.
     */
    public Image withChannels(int channels) {
      int has = shape.channels();
      byte[] made = new byte[channels * shape.rows() * shape.columns()];
      for (int i = 0; i < pixels.length / has; i++) {
        for (int channel = 0; channel < channels; channel++) {
          made[channels * i + channel] =
              channels < has
                  ? (byte) (int) Math.floor(value(i, channel, channels) + 0.5)
                  : channel >= RGB && has < RGBA
                      ? (byte) MOST
                      : pixels[has * i + (has == GRAY ? 0 : channel)];
        }
      }
      return new Image(new SampleShape(shape.rows(), shape.columns(), channels), made);
    }

    /** A value of a pixel with fewer channels. */
    private double value(int pixel, int channel, int channels) {
      return channels == GRAY ? luma(pixel) : onWhite(pixel, channel);
    }

    /** The luma of a pixel (ITU-R BT.601), what is transparent on white, from 0 to 255. */
    public double luma(int pixel) {
      return shape.channels() < RGB
          ? pixels[pixel * shape.channels()] & 0xFF
          : 0.299 * onWhite(pixel, 0) + 0.587 * onWhite(pixel, 1) + 0.114 * onWhite(pixel, 2);
    }

    private double onWhite(int pixel, int channel) {
      int value = pixels[pixel * shape.channels() + channel] & 0xFF;
      if (shape.channels() < RGBA) {
        return value;
      }
      double opaque = (pixels[pixel * RGBA + RGB] & 0xFF) / (double) MOST;
      return opaque * value + (1 - opaque) * MOST;
    }
  }

  /** Whether a name ends as those of images do. */
  static boolean named(String name) {
    return name.toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g|bmp)");
  }

  /** Whether bytes start as an image does. */
  public static boolean starts(byte[] bytes) {
    FileKind kind = FileKind.of(bytes);
    return kind.picture() && kind != FileKind.GIF;
  }

  /**
   * Reads an image of any size that is a file of its own; of a GIF its first picture.
   *
   * @throws DataException if it is none, or is damaged
   */
  public static Image decode(SampleInput input) {
    if (!input.kind().picture()) {
      throw new DataException(
          "%s: expected a PNG, JPEG, BMP or GIF image, found another kind of file"
              .formatted(input.address()));
    }
    return decode(
        input.file(),
        input.kind().format(),
        MOST_PIXELS_ALONE,
        ImageChanges.NONE,
        SampleShape.NONE,
        "");
  }

  /**
   * Reads the image that a file is.
   *
   * @param changes of which its size is the one that the image is resized to
   * @param wanted the shape that it must have then, where gray is widened to colors; none for any
   * @param like the file whose shape that is; empty for the source's
   * @throws DataException if it is none, is damaged or has another shape
   */
  public static Image decode(
      SourceFile file, ImageChanges changes, SampleShape wanted, String like) {
    String format = format(file, file.peek(FileKind.BYTES));
    return decode(file, format, ImageChanges.MOST_PIXELS, changes, wanted, like);
  }

  private static Image decode(
      SourceFile file,
      String format,
      int mostPixels,
      ImageChanges changes,
      SampleShape wanted,
      String like) {
    byte[] bytes = content(file);
    checkWhole(file, format, bytes);
    ImageReader reader = reader(file, format);
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((from, warning) -> warnings.add(warning));
    try {
      reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
      checkClaim(file, reader.getWidth(0), reader.getHeight(0), mostPixels);
      if (!changes.resizes()) {
        checkSize(file, reader.getHeight(0), reader.getWidth(0), wanted, like);
      }
      BufferedImage image = reader.read(0);
      if (!warnings.isEmpty()) { // what is missing of a JPEG is decoded as gray
        throw file.wrong(
            0,
            "an image in " + format.toUpperCase(Locale.ROOT),
            "a damaged one: " + warnings.get(0));
      }
      return fitted(file, resized(file, image(file, image), changes), wanted, like);
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError damaged) { // what decoders throw
      String message = damaged.getMessage() == null ? "" : ": " + damaged.getMessage();
      DataException refused =
          file.wrong(
              0,
              "an image in " + format.toUpperCase(Locale.ROOT),
              "a damaged one, or of an unknown kind (%s%s)"
                  .formatted(damaged.getClass().getSimpleName(), message));
      refused.initCause(damaged);
      throw refused;
    } finally {
      reader.dispose();
    }
  }

  private static String format(SourceFile file, byte[] start) {
    if (starts(start)) {
      return FileKind.of(start).format();
    }
    throw file.wrong(
        0,
        "an image in PNG, JPEG or BMP",
        start.length == 0
            ? "an empty file"
            : start.length < 8
                ? start.length + " bytes"
                : String.format(
                    Locale.ROOT, "a file that starts with 0x%02X%02X", start[0], start[1]));
  }

  private static byte[] content(SourceFile file) {
    try {
      byte[] bytes = file.stream().readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw file.wrong(
            LARGEST_FILE,
            String.format(Locale.ROOT, "an image file of at most %d MiB", LARGEST_FILE >> 20),
            "more");
      }
      return bytes;
    } catch (IOException impossible) { // they are DataExceptions
      throw new IllegalStateException(impossible);
    }
  }

  /** Refuses what decoders would take for whole although a part of it is missing or changed. */
  private static void checkWhole(SourceFile file, String format, byte[] bytes) {
    if (format.equals("png")) {
      checkChunks(file, bytes);
    } else if (format.equals("bmp")) {
      long size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(2) & 0xFFFFFFFFL;
      if (size > bytes.length) {
        throw file.wrong(
            2, String.format(Locale.ROOT, "a file of %d bytes", size), bytes.length + " bytes");
      }
    }
  }

  /** The chunks of a PNG file: length, type, data and CRC (ISO/IEC 15948, 5.3). */
  private static void checkChunks(SourceFile file, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(8);
    for (boolean end = false; !end; ) {
      int offset = buffer.position();
      if (buffer.remaining() < 12) {
        throw file.wrong(offset, "a chunk of PNG", bytes.length - offset + " bytes");
      }
      int length = buffer.getInt(offset);
      if (length < 0 || length > bytes.length - offset - 12) {
        throw file.wrong(
            offset,
            String.format(Locale.ROOT, "a chunk of %d bytes", length),
            "the end of the file");
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, offset + 4, length + 4);
      if (buffer.getInt(offset + 8 + length) != (int) crc.getValue()) {
        throw file.wrong(offset + 8 + length, "the checksum of the chunk", "another one");
      }
      end = new String(bytes, offset + 4, 4, StandardCharsets.ISO_8859_1).equals("IEND");
      buffer.position(offset + 12 + length);
    }
    if (buffer.hasRemaining()) {
      throw file.wrong(buffer.position(), "the end of the file after the image", "more bytes");
    }
  }

  private static ImageReader reader(SourceFile file, String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new DataException(
          "Cannot read %s: this JVM has no decoder for %s (is java.desktop missing?)"
              .formatted(file.address(), format));
    }
    return readers.next();
  }

  private static void checkClaim(SourceFile file, int columns, int rows, int mostPixels) {
    if (columns < 1 || rows < 1 || (long) columns * rows > mostPixels) {
      throw file.wrong(
          0,
          String.format(Locale.ROOT, "an image of at most %d pixels", mostPixels),
          String.format(Locale.ROOT, "one of %d columns and %d rows", columns, rows));
    }
  }

  private static void checkSize(
      SourceFile file, int rows, int columns, SampleShape wanted, String like) {
    if (wanted.image() && (columns != wanted.columns() || rows != wanted.rows())) {
      throw file.wrong(
          0,
          String.format(
              Locale.ROOT,
              "%d columns and %d rows%s",
              wanted.columns(),
              wanted.rows(),
              like.isEmpty() ? "" : " as in " + like),
          String.format(
              Locale.ROOT,
              "%d and %d (cure: resize = [%d, %d] in the data set's description makes all one size)",
              columns,
              rows,
              wanted.rows(),
              wanted.columns()));
    }
  }

  /**
   * An image of the size that all are to have; the same where it has it.
   *
   * @param file for errors
   */
  public static Image resized(SourceFile file, Image image, ImageChanges changes) {
    SampleShape shape = image.shape();
    boolean same = shape.rows() == changes.rows() && shape.columns() == changes.columns();
    if (!changes.resizes() || same) {
      return image;
    }
    if ((long) shape.rows() * changes.columns() > ImageChanges.MOST_PIXELS) {
      throw file.wrong(
          0,
          String.format(
              Locale.ROOT,
              "an image of at most %d rows, to be resized to %d columns",
              ImageChanges.MOST_PIXELS / changes.columns(),
              changes.columns()),
          "" + shape.rows());
    }
    return image.resized(changes.rows(), changes.columns());
  }

  private static Image image(SourceFile file, BufferedImage image) {
    ColorModel colors = image.getColorModel();
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    boolean indexed = colors instanceof IndexColorModel;
    boolean gray = colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    if (!indexed && gray && bands == 1) {
      return gray(raster, colors.getComponentSize(0));
    }
    boolean bytes = raster.getTransferType() == DataBuffer.TYPE_BYTE;
    if (!indexed && !gray && bytes && (bands == RGB || bands == RGBA)) {
      return bands(raster, bands);
    }
    if (!indexed && !gray && bytes) {
      throw file.wrong(0, "gray, RGB or RGB with transparency", bands + " channels");
    }
    return converted(image, colors.hasAlpha());
  }

  private static Image gray(Raster raster, int bits) {
    int columns = raster.getWidth();
    byte[] pixels = new byte[columns * raster.getHeight()];
    int most = (1 << bits) - 1;
    int[] row = new int[columns];
    for (int i = 0; i < pixels.length; i += columns) {
      raster.getSamples(0, i / columns, columns, 1, 0, row);
      for (int j = 0; j < columns; j++) {
        pixels[i + j] = (byte) (bits == 8 ? row[j] : row[j] * 255L / most);
      }
    }
    return new Image(new SampleShape(raster.getHeight(), columns, GRAY), pixels);
  }

  private static Image bands(Raster raster, int bands) {
    int width = raster.getWidth() * bands;
    byte[] pixels = new byte[width * raster.getHeight()];
    int[] row = new int[width];
    for (int i = 0; i < pixels.length; i += width) {
      raster.getPixels(0, i / width, raster.getWidth(), 1, row);
      for (int j = 0; j < width; j++) {
        pixels[i + j] = (byte) row[j];
      }
    }
    return new Image(new SampleShape(raster.getHeight(), raster.getWidth(), bands), pixels);
  }

  /** Of palettes, packed pixels and 16 bits a channel; gray where every color is. */
  private static Image converted(BufferedImage image, boolean transparent) {
    int columns = image.getWidth();
    int rows = image.getHeight();
    int[] colors = image.getRGB(0, 0, columns, rows, null, 0, columns);
    boolean gray = !transparent;
    for (int color : colors) {
      gray &= (color >> 16 & 0xFF) == (color & 0xFF) && (color >> 8 & 0xFF) == (color & 0xFF);
    }
    int channels = transparent ? RGBA : gray ? GRAY : RGB;
    byte[] pixels = new byte[channels * colors.length];
    for (int i = 0; i < colors.length; i++) {
      pixels[channels * i] = (byte) (colors[i] >> 16);
      if (channels > GRAY) {
        pixels[channels * i + 1] = (byte) (colors[i] >> 8);
        pixels[channels * i + 2] = (byte) colors[i];
      }
      if (channels == RGBA) {
        pixels[channels * i + 3] = (byte) (colors[i] >>> 24);
      }
    }
    return new Image(new SampleShape(rows, columns, channels), pixels);
  }

  /** Gray to RGB, and opaque to transparent, where the others are so. */
  private static Image fitted(SourceFile file, Image image, SampleShape wanted, String like) {
    int has = image.shape().channels();
    checkSize(file, image.shape().rows(), image.shape().columns(), wanted, like);
    if (!wanted.image() || wanted.channels() == has) {
      return image;
    }
    int channels = wanted.channels();
    if (channels < has) {
      throw file.wrong(
          0,
          String.format(
              Locale.ROOT,
              "%d channel%s%s (with shape = [%d, %d, %d] the others are widened)",
              channels,
              channels == 1 ? "" : "s",
              like.isEmpty() ? "" : " as in " + like,
              wanted.rows(),
              wanted.columns(),
              has),
          "" + has);
    }
    return image.withChannels(channels);
  }
}
