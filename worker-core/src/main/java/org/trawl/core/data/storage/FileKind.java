package org.trawl.core.data.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What a file is, told by all that its first bytes say. */
public enum FileKind {
  PNG,
  JPEG,
  BMP,
  GIF,
  /** MNIST's format. */
  IDX,
  /** Anything else, text for instance. */
  OTHER;

  /** As many first bytes as tell a file's kind; of a shorter file all. */
  public static final int BYTES = 32;

  private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int BMP_FILE_HEADER = 14;

  /** The sizes of a bitmap's header in its versions; the first one is OS/2's. */
  private static final List<Integer> BMP_HEADERS = List.of(12, 16, 40, 52, 56, 64, 108, 124);

  private static final List<Integer> BMP_BITS = List.of(0, 1, 2, 4, 8, 16, 24, 32);

  /** The kind of a file that starts so. */
  public static FileKind of(byte[] start) {
    if (starts(start, PNG_START)) {
      return PNG;
    } else if (starts(start, new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF})) {
      return JPEG;
    } else if (starts(start, "GIF87a") || starts(start, "GIF89a")) {
      return GIF;
    } else if (bitmap(start)) {
      return BMP;
    }
    return idx(start) ? IDX : OTHER;
  }

  /** Whether it is an image. */
  public boolean picture() {
    return this == PNG || this == JPEG || this == BMP || this == GIF;
  }

  /** What decoders call it. */
  public String format() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** BM alone is a word too: a bitmap has its header's size, one plane and a depth behind it. */
  private static boolean bitmap(byte[] start) {
    if (start.length < 28 || !starts(start, "BM")) {
      return false;
    }
    ByteBuffer fields = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    long pixels = fields.getInt(10) & 0xFFFFFFFFL;
    int header = fields.getInt(BMP_FILE_HEADER);
    int planes = header == BMP_HEADERS.get(0) ? 22 : 26;
    return BMP_HEADERS.contains(header)
        && pixels >= BMP_FILE_HEADER + header
        && fields.getShort(planes) == 1
        && (planes + 4 > start.length || BMP_BITS.contains((int) fields.getShort(planes + 2)));
  }

  /** Two zeros, a type and the number of dimensions. */
  private static boolean idx(byte[] start) {
    return start.length >= 4
        && start[0] == 0
        && start[1] == 0
        && (start[2] == 0x08 || start[2] == 0x09 || (start[2] >= 0x0B && start[2] <= 0x0E))
        && start[3] > 0;
  }

  private static boolean starts(byte[] bytes, String text) {
    return starts(bytes, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean starts(byte[] bytes, byte[] start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= bytes.length || bytes[i] != start[i]) {
        return false;
      }
    }
    return true;
  }
}
