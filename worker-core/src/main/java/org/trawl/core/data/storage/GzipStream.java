package org.trawl.core.data.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What is packed in a gzip file (RFC 1952): its members, one after the other, each with its header,
 * its checksum and its size. As gzip itself does it takes zeros up to the end for padding, which
 * tapes have, and nothing else after a member but another one. Its end is not reached before all of
 * that has been checked.
 */
final class GzipStream extends InputStream {
  private static final int FIRST = 0x1F;
  private static final int SECOND = 0x8B;
  private static final int DEFLATED = 8;
  private static final int CHECKED_HEADER = 1 << 1;
  private static final int EXTRA = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int UNKNOWN_FLAGS = 0xE0;

  private final InputStream packed;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final CRC32 headerChecksum = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;

  /** Bytes of the file before the buffer. */
  private long before;

  private long size;
  private boolean finished;

  /** Something in the file that gzip would refuse, too; its message says where. */
  static final class Damage extends IOException {
    private static final long serialVersionUID = 1L;

    Damage(long offset, String expected, String found) {
      super(
          String.format(
              Locale.ROOT,
              "offset %d of the packed file: expected %s, found %s",
              offset,
              expected,
              found));
    }
  }

  /** Whether bytes start as gzip's do. */
  static boolean starts(byte[] start) {
    return start.length >= 2 && (start[0] & 0xFF) == FIRST && (start[1] & 0xFF) == SECOND;
  }

  /**
   * Reads the first header.
   *
   * @param packed closed with this stream
   */
  GzipStream(InputStream packed) throws IOException {
    this.packed = packed;
    readHeader();
  }

  private void readHeader() throws IOException {
    long start = position();
    headerChecksum.reset();
    int first = next("a header of gzip");
    int second = next("a header of gzip");
    if (first != FIRST || second != SECOND) {
      throw new Damage(
          start,
          "the header of a member (0x1F8B), or zeros to the end of the file",
          String.format(Locale.ROOT, "0x%02X%02X", first, second));
    }
    int method = next("a header of gzip");
    if (method != DEFLATED) {
      throw new Damage(start + 2, "method 8 (deflate)", "" + method);
    }
    int flags = next("a header of gzip");
    if ((flags & UNKNOWN_FLAGS) != 0) {
      throw new Damage(start + 3, "flags of gzip", String.format(Locale.ROOT, "0x%02X", flags));
    }
    for (int i = 0; i < 6; i++) { // time, compression, system
      next("a header of gzip");
    }
    if ((flags & EXTRA) != 0) {
      int length = next("a header of gzip") | next("a header of gzip") << 8;
      for (int i = 0; i < length; i++) {
        next("a header of gzip");
      }
    }
    for (int flag : new int[] {NAME, COMMENT}) {
      while ((flags & flag) != 0 && next("a header of gzip") != 0) {
        continue;
      }
    }
    if ((flags & CHECKED_HEADER) != 0) {
      long expected = headerChecksum.getValue() & 0xFFFF;
      long offset = position();
      long found = next("a header of gzip") | (long) next("a header of gzip") << 8;
      if (found != expected) {
        throw new Damage(
            offset, hexadecimal("the header's checksum", expected), hexadecimal(found));
      }
    }
    inflater.reset();
    inflater.setInput(buffer, at, end - at);
    checksum.reset();
    size = 0;
  }

  private static String hexadecimal(String what, long number) {
    return what + " " + hexadecimal(number);
  }

  private static String hexadecimal(long number) {
    return String.format(Locale.ROOT, "0x%08x", number);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (!finished) {
      int read = inflate(target, from, count);
      checksum.update(target, from, read);
      size += read;
      if (inflater.finished()) {
        at = end - inflater.getRemaining();
        checkMember();
        finished = !anotherMember();
      }
      if (read > 0) {
        return read;
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int from, int count) throws IOException {
    try {
      int read = inflater.inflate(target, from, count);
      while (read == 0 && !inflater.finished()) {
        if (inflater.needsDictionary()) {
          throw new Damage(position(), "compressed data", "some that need a dictionary");
        }
        if (inflater.needsInput()) {
          at = end;
          if (!fill()) {
            throw new Damage(position(), "more compressed data", "the end of the file");
          }
          inflater.setInput(buffer, 0, end);
        }
        read = inflater.inflate(target, from, count);
      }
      return read;
    } catch (DataFormatException damaged) {
      at = end - inflater.getRemaining();
      throw new Damage(
          position(), "compressed data", "damaged ones (%s)".formatted(damaged.getMessage()));
    }
  }

  private void checkMember() throws IOException {
    long offset = position();
    long found = littleEndian("the checksum of a member");
    if (found != checksum.getValue()) {
      throw new Damage(
          offset,
          hexadecimal("the checksum of the member before it,", checksum.getValue()),
          hexadecimal(found));
    }
    found = littleEndian("the size of a member");
    if (found != (size & 0xFFFFFFFFL)) {
      throw new Damage(
          offset + 4,
          String.format(Locale.ROOT, "the size of the member before it, %d", size & 0xFFFFFFFFL),
          "" + found);
    }
  }

  private long littleEndian(String expected) throws IOException {
    long number = 0;
    for (int i = 0; i < 4; i++) {
      number |= (long) next(expected) << 8 * i;
    }
    return number;
  }

  /** Whether another member follows, whose header is read; else all that follows is zeros. */
  private boolean anotherMember() throws IOException {
    if (at == end && !fill()) {
      return false;
    }
    if (buffer[at] != 0) {
      readHeader();
      return true;
    }
    while (at < end || fill()) {
      if (buffer[at] != 0) {
        throw new Damage(
            position(),
            "zeros to the end of the file after the last member",
            String.format(Locale.ROOT, "0x%02X", buffer[at]));
      }
      at++;
    }
    return false;
  }

  private int next(String expected) throws IOException {
    if (at == end && !fill()) {
      throw new Damage(position(), expected, "the end of the file");
    }
    headerChecksum.update(buffer[at]);
    return buffer[at++] & 0xFF;
  }

  private boolean fill() throws IOException {
    before += end;
    at = 0;
    end = Math.max(0, packed.read(buffer, 0, buffer.length));
    return end > 0;
  }

  private long position() {
    return before + at;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    packed.close();
  }
}
