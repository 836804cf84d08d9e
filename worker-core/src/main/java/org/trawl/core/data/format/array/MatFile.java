package org.trawl.core.data.format.array;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.InflaterInputStream;
import org.trawl.core.data.format.array.NumberArray.NumberType;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.storage.Archive;
import org.trawl.core.data.storage.EndingStream;
import org.trawl.core.data.storage.LimitedStream;
import org.trawl.core.data.storage.SourceFile;

/**
 * A MAT-file of version 5 (MathWorks, "MAT-File Format", 2019, chapter 1), read once from start to
 * end: 128 bytes of header, then elements, each with a tag of type and size. Arrays of numbers are
 * read, compressed or not; cells, structures, texts, complex and sparse arrays are passed over.
 */
final class MatFile implements AutoCloseable {
  private static final int HEADER = 128;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final int INT8 = 1;
  private static final int INT32 = 5;
  private static final int UINT32 = 6;
  private static final int COMPLEX = 0x0800;
  private static final int UINT8_CLASS = 9;
  private static final int MOST_DIMENSIONS = 32;
  private static final int LONGEST_NAME = 256;

  private final SourceFile file;
  private final ByteOrder order;

  /**
   * A variable of the file.
   *
   * @param sizes none where it is not an array of real numbers
   * @param bytes whether it is of class uint8
   */
  record Variable(String name, int[] sizes, boolean bytes) {}

  /**
   * An array.
   *
   * @param array as it is stored: in a smaller type than its class where all its values fit
   * @param bytes whether it is of class uint8
   * @param file of its values alone
   */
  record Values(NumberArray array, boolean bytes, SourceFile file) {}

  /**
   * A tag.
   *
   * @param data of a small element, which stands in the tag itself; empty otherwise
   */
  private record Tag(int type, long size, byte[] data) {
    boolean small() {
      return data.length > 0;
    }
  }

  /** Opens a file, which is closed with it. */
  MatFile(SourceFile file) {
    this.file = file;
    try {
      this.order = readHeader();
    } catch (DataException e) {
      file.close();
      throw e;
    }
  }

  private ByteOrder readHeader() {
    byte[] header = new byte[HEADER];
    int read = file.read(header, 0, HEADER);
    String expected = "a MAT-file of version 5 (save it with -v7)";
    String text = new String(header, 0, Math.min(read, 20), StandardCharsets.ISO_8859_1);
    if (text.startsWith("MATLAB 7.3") || text.startsWith("\u0089HDF")) {
      throw file.wrong(
          0,
          "a MAT-file of version 5 (cure: in MATLAB save('NAME.mat', ..., '-v7'), in Python"
              + " scipy.io.savemat of what h5py reads)",
          text.startsWith("MATLAB") ? "one of version 7.3, which is HDF5" : "an HDF5 file");
    }
    if (read < HEADER) {
      throw file.wrong(0, expected, read == 0 ? "an empty file" : read + " bytes");
    }
    String endian = new String(header, 126, 2, StandardCharsets.ISO_8859_1);
    if (!endian.equals("IM") && !endian.equals("MI")) {
      throw file.wrong(126, expected + ", with IM or MI here", "something else");
    }
    ByteOrder found = endian.equals("IM") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    int version = ByteBuffer.wrap(header, 124, 2).order(found).getShort();
    if (version != 0x0100) {
      throw file.wrong(124, expected + ", 0x0100", String.format(Locale.ROOT, "0x%04X", version));
    }
    return found;
  }

  /** What is in the file. It can be asked once, instead of {@link #array}. */
  List<Variable> variables() {
    List<Variable> variables = new ArrayList<>();
    for (Element next = next(); next != null; next = next()) {
      variables.add(next.variable());
      next.pass();
    }
    return variables;
  }

  /** An array of numbers. It can be asked for once. */
  Values array(String name) {
    List<String> names = new ArrayList<>();
    for (Element next = next(); next != null; next = next()) {
      Variable variable = next.variable();
      if (variable.name().equals(name)) {
        return next.values(variable);
      }
      names.add(variable.name());
      next.pass();
    }
    throw file.wrong(0, "a variable " + name, SourceFile.shown(names));
  }

  /** Passes over what comes after a variable, among which is no other of its name. */
  private void finish(String taken) {
    for (Element next = next(); next != null; next = next()) {
      long offset = file.position();
      if (next.variable().name().equals(taken)) {
        throw file.wrong(offset, "one variable " + taken, "two");
      }
      next.pass();
    }
  }

  /** The next element of the file; null at its end. */
  private Element next() {
    if (file.peek(1).length == 0) {
      return null;
    }
    long offset = file.position();
    Tag tag = tag(file);
    if (tag.small() || (tag.type() != MATRIX && tag.type() != COMPRESSED)) {
      throw file.wrong(offset, "a variable (type 14 or 15)", "type " + tag.type());
    }
    return new Element(tag);
  }

  private Tag tag(SourceFile from) {
    ByteBuffer bytes = ByteBuffer.wrap(from.readExactly(8, "a tag of 8 bytes")).order(order);
    int type = bytes.getInt();
    if (type >>> 16 != 0) {
      int size = type >>> 16;
      if (size > 4) {
        throw from.wrong(from.position() - 8, "a small element of 1 to 4 bytes", "" + size);
      }
      return new Tag(type & 0xFFFF, size, Arrays.copyOfRange(bytes.array(), 4, 4 + size));
    }
    return new Tag(type, Integer.toUnsignedLong(bytes.getInt()), new byte[0]);
  }

  @Override
  public void close() {
    file.close();
  }

  /** A variable in the file: its header is read first, its values on request. */
  private final class Element {
    private final LimitedStream body;
    private final Optional<Zlib> zlib;
    private final SourceFile content;

    /** Where the content ends that its tag claims. */
    private final long end;

    Element(Tag tag) {
      body = new LimitedStream(file, tag.size());
      zlib = tag.type() == COMPRESSED ? Optional.of(new Zlib(body)) : Optional.empty();
      content = file.part(file.address(), zlib.isPresent() ? zlib.get() : body);
      if (zlib.isPresent()) {
        Tag inner = tag(content);
        if (inner.type() != MATRIX || inner.small()) {
          throw content.wrong(0, "a variable (type 14)", "type " + inner.type());
        }
        end = content.position() + inner.size();
      } else {
        end = tag.size();
      }
    }

    Variable variable() {
      byte[] flags = data(UINT32, 8, "flags of an array");
      if (flags.length < 8) {
        throw content.wrong(0, "8 bytes of flags", "" + flags.length);
      }
      int word = ByteBuffer.wrap(flags).order(order).getInt();
      int kind = word & 0xFF;
      byte[] dimensions = data(INT32, 4 * MOST_DIMENSIONS, "sizes of an array");
      String name = text(data(INT8, LONGEST_NAME, "the name of an array"));
      if (kind < 6 || kind > 15 || (word & COMPLEX) != 0) {
        return new Variable(name, new int[0], false);
      }
      int[] sizes = new int[dimensions.length / 4];
      ByteBuffer.wrap(dimensions).order(order).asIntBuffer().get(sizes);
      long offset = content.position();
      if (sizes.length < 2) {
        throw content.wrong(offset, "at least 2 dimensions of " + name, "" + sizes.length);
      }
      return new Variable(name, sizes, kind == UINT8_CLASS);
    }

    Values values(Variable variable) {
      long offset = content.position();
      if (variable.sizes().length == 0) {
        throw content.wrong(
            offset, "%s to be an array of real numbers".formatted(variable.name()), "another kind");
      }
      long[] sizes = Arrays.stream(variable.sizes()).asLongStream().toArray();
      long count = NumberArray.checked(content, offset, 0, sizes);
      Tag tag = tag(content);
      NumberType type = type(tag.type());
      if (type == null || tag.size() != count * type.width) {
        throw content.wrong(
            offset,
            String.format(Locale.ROOT, "%d numbers of %s", count, variable.name()),
            String.format(Locale.ROOT, "%d bytes of type %d", tag.size(), tag.type()));
      }
      InputStream bytes =
          tag.small()
              ? new ByteArrayInputStream(tag.data())
              : new LimitedStream(content, tag.size());
      return new Values(
          new NumberArray(type, order, variable.sizes(), true),
          variable.bytes(),
          content.part(
              file.address() + Archive.SEPARATOR + variable.name(),
              new EndingStream(bytes, () -> finish(variable, tag))));
    }

    /** Passes over all that comes after the values. */
    private void finish(Variable variable, Tag tag) {
      content.skip(tag.small() ? 0 : -tag.size() & 7);
      if (content.position() != end) {
        throw content.wrong(
            content.position(),
            "the end of %s after its values".formatted(variable.name()),
            String.format(Locale.ROOT, "%d bytes of it left", end - content.position()));
      }
      pass();
      MatFile.this.finish(variable.name());
    }

    /** Of values, by their code; null for none. */
    private static NumberType type(int code) {
      return switch (code) {
        case 1 -> NumberType.INT8;
        case 2 -> NumberType.UINT8;
        case 3 -> NumberType.INT16;
        case 4 -> NumberType.UINT16;
        case 5 -> NumberType.INT32;
        case 6 -> NumberType.UINT32;
        case 7 -> NumberType.FLOAT32;
        case 9 -> NumberType.FLOAT64;
        case 12 -> NumberType.INT64;
        case 13 -> NumberType.UINT64;
        default -> null;
      };
    }

    private byte[] data(int type, int most, String what) {
      long offset = content.position();
      Tag tag = tag(content);
      if (tag.type() != type || tag.size() > most || (type != INT8 && tag.size() % 4 != 0)) {
        throw content.wrong(
            offset,
            String.format(Locale.ROOT, "%s (type %d, at most %d bytes)", what, type, most),
            String.format(Locale.ROOT, "type %d, %d bytes", tag.type(), tag.size()));
      }
      if (tag.small()) {
        return tag.data();
      }
      byte[] data = content.readExactly((int) tag.size(), what);
      content.skip(-tag.size() & 7);
      return data;
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("\0.*", "");
    }

    /** Passes over what was not read; what is compressed is unpacked and checked. */
    void pass() {
      content.skip(end - content.position());
      if (zlib.isPresent()) {
        content.requireEnd("a variable");
        if (zlib.get().unused() + body.left() > 0) {
          throw file.wrong(
              file.position(),
              "the end of a compressed variable",
              String.format(Locale.ROOT, "%d bytes more", zlib.get().unused() + body.left()));
        }
        try {
          zlib.get().close();
        } catch (IOException impossible) {
          throw new IllegalStateException(impossible);
        }
      }
    }
  }

  /** Compressed data (RFC 1950), of which can be told how much was not needed. */
  private static final class Zlib extends InflaterInputStream {
    Zlib(InputStream packed) {
      super(packed);
    }

    int unused() {
      return inf.getRemaining();
    }
  }
}
