package org.trawl.core.data.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.trawl.core.data.sample.DataException;

/**
 * A zip archive (PKWARE's APPNOTE.TXT 6.3.10, with Zip64), read once from start to end: its files,
 * each with its sizes and its checksum, then the directory, which must tell the same of each, then
 * the end. Files are stored or deflated, and not encrypted.
 */
final class ZipArchive extends Archive {
  private static final int FILE = 0x04034b50;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int DIRECTORY = 0x02014b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END = 0x06054b50;
  private static final int ENCRYPTED = 1;
  private static final int DESCRIBED = 1 << 3;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final long UNKNOWN = 0xFFFFFFFFL;
  private static final int LONGEST_DESCRIPTOR = 24;
  private static final int ZIP_64 = 1;

  private final SourceFile file;
  private final Map<Long, Entry> entries = new LinkedHashMap<>();
  private final byte[] buffer = new byte[1 << 16];
  private final Inflater inflater = new Inflater(true);
  private int at;
  private int end;

  /** Bytes of the file before the buffer. */
  private long before;

  private Content content;
  private boolean ended;

  /** What is known of a file once it was passed. */
  private record Entry(String name, int method, long checksum, long packed, long size) {}

  ZipArchive(SourceFile file) {
    this.file = file;
  }

  static boolean starts(byte[] start) {
    return start.length >= 4 && start[0] == 'P' && start[1] == 'K' && start[2] <= 8;
  }

  @Override
  public Optional<String> next() {
    while (!ended) {
      if (content != null) {
        content.pass();
        content = null;
      }
      int signature = (int) number(0, 4, "a file or the directory of a zip archive");
      if (signature != FILE) {
        readDirectory();
        ended = true;
      } else {
        content = new Content();
        if (!content.name.endsWith("/")) {
          return Optional.of(content.name);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public InputStream content() {
    return content;
  }

  @Override
  public DataException wrong(String expected, String found) {
    return file.wrong(content.start, expected, found);
  }

  private long position() {
    return before + at;
  }

  /** Whether so many bytes are in the buffer; else the file ends before. */
  private boolean holds(int count) {
    if (end - at < count) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      before += at;
      end -= at;
      at = 0;
      end += file.read(buffer, end, buffer.length - end);
    }
    return end - at >= count;
  }

  /** A number of some bytes, which stay to be read. */
  private long number(int offset, int width, String what) {
    if (!holds(offset + width)) {
      throw file.wrong(position(), what, "the end of the file");
    }
    return number(buffer, at + offset, width);
  }

  private static long number(byte[] bytes, int from, int width) {
    long number = 0;
    for (int i = width - 1; i >= 0; i--) {
      number = number << 8 | (bytes[from + i] & 0xFF);
    }
    return number;
  }

  private byte[] take(int count, String what) {
    if (!holds(count)) {
      throw file.wrong(position(), what, "the end of the file");
    }
    at += count;
    return Arrays.copyOfRange(buffer, at - count, at);
  }

  private static String name(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException older) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /** The field of Zip64 of some extra ones; empty where it is missing. */
  private byte[] zip64(long offset, byte[] extra) {
    for (int i = 0; i + 4 <= extra.length; ) {
      int length = (int) number(extra, i + 2, 2);
      if (length > extra.length - i - 4) {
        throw file.wrong(
            offset, "an extra field of at most " + (extra.length - i - 4), "" + length);
      }
      if (number(extra, i, 2) == ZIP_64) {
        return Arrays.copyOfRange(extra, i + 4, i + 4 + length);
      }
      i += 4 + length;
    }
    return new byte[0];
  }

  /** Replaces numbers that 32 bits do not hold by those of the field of Zip64, in their order. */
  private void widen(long offset, byte[] zip64, long[] numbers) {
    int from = 0;
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] == UNKNOWN && zip64.length > 0) {
        if (from + 8 > zip64.length) {
          throw file.wrong(offset, "a field of Zip64 with all sizes", zip64.length + " bytes");
        }
        numbers[i] = number(zip64, from, 8);
        from += 8;
      }
    }
  }

  /** The directory and the end of the archive, which end the file. */
  private void readDirectory() {
    long start = position();
    int count = 0;
    while (number(0, 4, "the directory of a zip archive") == DIRECTORY) {
      readDirectoryEntry();
      count++;
    }
    if (count != entries.size()) {
      throw file.wrong(
          start,
          String.format(Locale.ROOT, "a directory of the archive's %d files", entries.size()),
          String.format(Locale.ROOT, "one of %d", count));
    }
    long[] ends = {count, count, position() - start, start};
    if (number(0, 4, "the end of a zip archive") == END_64) {
      readEnd64(ends);
    }
    long offset = position();
    ByteBuffer last = littleEndian(take(22, "the end of a zip archive"));
    if (last.getInt() != END) {
      throw file.wrong(offset, "the end of a zip archive", "something else");
    }
    last.position(8);
    int[] widths = {2, 2, 4, 4};
    for (int i = 0; i < ends.length; i++) {
      long unknown = (1L << 8 * widths[i]) - 1;
      long found = widths[i] == 2 ? last.getShort() & unknown : last.getInt() & unknown;
      if (found != ends[i] && found != unknown) {
        throw file.wrong(
            offset,
            String.format(Locale.ROOT, "the end of a directory of %d files", count),
            "that of another one");
      }
    }
    take(last.getShort() & 0xFFFF, "the comment of a zip archive");
    if (holds(1)) {
      throw file.wrong(position(), "the end of the file after a zip archive", "more bytes");
    }
  }

  private void readEnd64(long[] ends) {
    long offset = position();
    long length = number(4, 8, "the end of a zip archive");
    if (length < 44 || length > buffer.length / 2) {
      throw file.wrong(offset, "44 bytes of the end of a zip archive", "" + length);
    }
    ByteBuffer record = littleEndian(take((int) length + 12, "the end of a zip archive"));
    for (int i = 0; i < ends.length; i++) {
      if (record.getLong(24 + 8 * i) != ends[i]) {
        throw file.wrong(
            offset,
            String.format(Locale.ROOT, "the end of a directory of %d files", ends[0]),
            "that of another one");
      }
    }
    ByteBuffer locator = littleEndian(take(20, "the end of a zip archive"));
    if (locator.getInt() != LOCATOR_64 || locator.getLong(8) != offset) {
      throw file.wrong(position() - 20, "the place of the end of a zip archive", "another one");
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void readDirectoryEntry() {
    long offset = position();
    byte[] header = take(46, "an entry of the directory of a zip archive");
    int method = (int) number(header, 10, 2);
    long checksum = number(header, 16, 4);
    byte[] name = take((int) number(header, 28, 2), "the name of a file in a zip archive");
    byte[] extra = take((int) number(header, 30, 2), "the extra fields of a file");
    take((int) number(header, 32, 2), "the comment of a file in a zip archive");
    long[] numbers = {number(header, 24, 4), number(header, 20, 4), number(header, 42, 4)};
    widen(offset, zip64(offset, extra), numbers);
    Entry found = new Entry(name(name), method, checksum, numbers[1], numbers[0]);
    Entry known = entries.get(numbers[2]);
    if (!found.equals(known)) {
      throw file.wrong(
          offset,
          known == null
              ? "the place of a file of the archive"
              : "the directory to tell of " + known,
          known == null ? numbers[2] + ", where none is" : "" + found);
    }
  }

  /** The content of a file, whose header is read. */
  private final class Content extends InputStream {
    private final long start = position();
    private final CRC32 checksum = new CRC32();
    private final String name;
    private final int method;
    private final boolean described;
    private final long claimedChecksum;
    private final long claimedPacked;
    private final long claimedSize;
    private final boolean sizesKnown;
    private long packed;
    private long size;
    private boolean finished;

    Content() {
      byte[] header = take(30, "the header of a file in a zip archive");
      int flags = (int) number(header, 6, 2);
      method = (int) number(header, 8, 2);
      name = name(take((int) number(header, 26, 2), "the name of a file in a zip archive"));
      byte[] extra = take((int) number(header, 28, 2), "the extra fields of a file");
      if ((flags & ENCRYPTED) != 0 || (method != STORED && method != DEFLATED)) {
        throw file.wrong(
            start,
            "files that are stored or deflated, and not encrypted",
            (flags & ENCRYPTED) != 0
                ? name + ", which is encrypted"
                : String.format(Locale.ROOT, "%s with method %d", name, method));
      }
      described = (flags & DESCRIBED) != 0;
      claimedChecksum = number(header, 14, 4);
      long[] sizes = {number(header, 22, 4), number(header, 18, 4)};
      widen(start, zip64(start, extra), sizes);
      claimedSize = sizes[0];
      claimedPacked = sizes[1];
      sizesKnown = !described;
      inflater.reset();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int count) {
      if (count == 0) {
        return 0;
      }
      while (!finished) {
        int read = method == STORED ? copy(target, from, count) : inflate(target, from, count);
        checksum.update(target, from, read);
        size += read;
        if (method == STORED ? stored() : inflater.finished()) {
          finish();
        }
        if (read > 0) {
          return read;
        }
      }
      return -1;
    }

    /** Passes over what was not read. */
    void pass() {
      byte[] passed = new byte[1 << 13];
      while (!finished) {
        read(passed, 0, passed.length);
      }
    }

    /** Whether a stored file ends here. */
    private boolean stored() {
      return sizesKnown ? packed == claimedPacked : descriptor() > 0;
    }

    private int copy(byte[] target, int from, int count) {
      if (stored()) {
        return 0;
      }
      if (!holds(1)) {
        throw file.wrong(position(), "more of " + name, "the end of the file");
      }
      long most = sizesKnown ? claimedPacked - packed : bytesBeforeDescriptor();
      int read = (int) Math.min(most, Math.min(count, end - at));
      System.arraycopy(buffer, at, target, from, read);
      at += read;
      packed += read;
      return read;
    }

    /** Up to the next byte that a descriptor could start at. */
    private int bytesBeforeDescriptor() {
      int next = at + 1;
      while (next < end && buffer[next] != 'P') {
        next++;
      }
      return next - at;
    }

    private int inflate(byte[] target, int from, int count) {
      try {
        int read = inflater.inflate(target, from, count);
        while (read == 0 && !inflater.finished()) {
          long left = sizesKnown ? claimedPacked - packed : Long.MAX_VALUE;
          if (inflater.needsDictionary() || left == 0 || !holds(1)) {
            throw file.wrong(
                position(), "more compressed data of " + name, left == 0 ? "their end" : "none");
          }
          int given = (int) Math.min(left, end - at);
          inflater.setInput(buffer, at, given);
          read = inflater.inflate(target, from, count);
          int used = given - inflater.getRemaining();
          inflater.setInput(buffer, at, 0);
          at += used;
          packed += used;
        }
        return read;
      } catch (DataFormatException damaged) {
        throw file.wrong(
            position(),
            "compressed data of " + name,
            "damaged ones (%s)".formatted(damaged.getMessage()));
      }
    }

    private void finish() {
      finished = true;
      int descriptor = described ? descriptor() : 0;
      if (described && descriptor == 0) {
        throw file.wrong(
            position(), "the checksum and the sizes of %s before it".formatted(name), "others");
      }
      if (!described
          && (checksum.getValue() != claimedChecksum
              || packed != claimedPacked
              || size != claimedSize)) {
        throw file.wrong(
            start,
            shown(name, claimedChecksum, claimedPacked, claimedSize),
            shown("one", checksum.getValue(), packed, size));
      }
      at += descriptor;
      entries.put(start, new Entry(name, method, checksum.getValue(), packed, size));
    }

    private String shown(String what, long crc, long packedSize, long unpackedSize) {
      return String.format(
          Locale.ROOT,
          "%s with checksum 0x%08x, %d bytes packed and %d unpacked",
          what,
          crc,
          packedSize,
          unpackedSize);
    }

    /**
     * The length of the descriptor that stands here if it tells of what was read so far: with a
     * signature or without, of sizes in 32 bits or in 64; 0 for none.
     */
    private int descriptor() {
      boolean all = holds(LONGEST_DESCRIPTOR);
      int signed = end - at >= 4 && number(buffer, at, 4) == DESCRIPTOR ? 4 : 0;
      if (method == STORED && signed == 0) {
        return 0; // without a signature nothing would tell it from content
      }
      for (int width : new int[] {4, 8}) {
        int length = signed + 4 + 2 * width;
        if ((all || end - at >= length)
            && number(buffer, at + signed, 4) == checksum.getValue()
            && number(buffer, at + signed + 4, width) == packed
            && number(buffer, at + signed + 4 + width, width) == size) {
          return length;
        }
      }
      return 0;
    }
  }
}
