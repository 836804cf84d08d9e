package org.trawl.core.data.storage;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trawl.core.data.sample.DataException;

/**
 * POSIX's ustar (IEEE Std 1003.1, pax): headers of 512 bytes, contents padded to as many. Long
 * names stand before their file, as pax or GNU's tar writes them.
 */
final class TarArchive extends Archive {
  static final int BLOCK = 512;
  private static final int MAGIC = 257;
  private static final int SIZE = 124;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int PREFIX = 345;
  private static final int LONGEST_NAME = 1 << 16;
  private static final Pattern PAX_PATH = Pattern.compile("\\d+ path=([^\\n]+)\\n");

  private final SourceFile file;
  private LimitedStream content;
  private long padding;
  private long offset;
  private boolean ended;

  TarArchive(SourceFile file) {
    this.file = file;
  }

  static boolean starts(byte[] block) {
    return block.length == BLOCK && text(block, MAGIC, 5).equals("ustar");
  }

  @Override
  public Optional<String> next() {
    Optional<String> longName = Optional.empty();
    while (!ended) {
      if (content != null) {
        content.drain();
        file.skip(padding);
      }
      offset = file.position();
      byte[] header = new byte[BLOCK];
      int read = file.read(header, 0, BLOCK);
      if (read == 0) {
        throw file.wrong(
            offset,
            "another file, or the block of zeros that ends a tar archive",
            "the end of the file (cure for an archive that was made without: pack it again)");
      }
      if (read == BLOCK && zeros(header)) {
        checkEnd();
        return Optional.empty();
      }
      if (read < BLOCK) {
        throw file.wrong(
            offset, String.format(Locale.ROOT, "a tar header of %d bytes", BLOCK), read + " bytes");
      }
      long claimed = octal(header, CHECKSUM, 8);
      if (claimed != sum(header, 0xFF) && claimed != sum(header, -1)) {
        throw file.wrong(offset + CHECKSUM, "the checksum of a tar header", "another one");
      }
      long size = octal(header, SIZE, 12);
      if (size < 0) {
        throw file.wrong(offset + SIZE, "a size in octal digits", text(header, SIZE, 12));
      }
      content = new LimitedStream(file, size);
      padding = -size & (BLOCK - 1);
      if (header[TYPE] == 'L' || header[TYPE] == 'x') {
        Optional<String> found = longName(header[TYPE], offset, size);
        longName = found.isPresent() ? found : longName;
      } else if (header[TYPE] == '0' || header[TYPE] == 0) {
        if (longName.isPresent()) {
          return longName;
        }
        String prefix = text(header, PREFIX, 155);
        String name = text(header, 0, 100);
        boolean prefixed = header[MAGIC + 5] == 0 && !prefix.isEmpty(); // not GNU's
        return Optional.of(prefixed ? prefix + "/" + name : name);
      }
    }
    return Optional.empty();
  }

  /** After the block of zeros that ends the archive: zeros to the end of the file. */
  private void checkEnd() {
    byte[] rest = new byte[BLOCK];
    while (true) {
      long start = file.position();
      int read = file.read(rest, 0, BLOCK);
      if (read == 0) {
        ended = true;
        return;
      }
      if (!zeros(Arrays.copyOf(rest, read))) {
        throw file.wrong(start, "zeros after the end of a tar archive", "more data");
      }
    }
  }

  @Override
  public InputStream content() {
    return content;
  }

  @Override
  public DataException wrong(String expected, String found) {
    return file.wrong(offset, expected, found);
  }

  /** The name of the file that comes next: GNU's, or that of a pax header if it has one. */
  private Optional<String> longName(byte type, long offset, long size) {
    if (size > LONGEST_NAME) {
      throw file.wrong(
          offset + SIZE,
          String.format(Locale.ROOT, "a name or pax header of at most %d bytes", LONGEST_NAME),
          "" + size);
    }
    byte[] bytes = new byte[(int) size];
    for (int done = 0; done < bytes.length; ) {
      done += content.read(bytes, done, bytes.length - done);
    }
    if (type == 'L') {
      return Optional.of(text(bytes, 0, bytes.length));
    }
    Matcher path = PAX_PATH.matcher(new String(bytes, StandardCharsets.UTF_8));
    return path.find() ? Optional.of(path.group(1)) : Optional.empty();
  }

  private static String text(byte[] block, int from, int most) {
    int to = from;
    while (to < from + most && block[to] != 0) {
      to++;
    }
    return new String(block, from, to - from, StandardCharsets.UTF_8);
  }

  /** A number in octal digits; -1 where there is none. */
  private static long octal(byte[] block, int from, int most) {
    String digits = text(block, from, most).strip();
    return digits.matches("[0-7]{1,12}") ? Long.parseLong(digits, 8) : -1;
  }

  /** The sum of a header's bytes, signed ones as old programs have it, its checksum as blanks. */
  private static long sum(byte[] header, int mask) {
    long sum = 8L * ' ';
    for (int i = 0; i < header.length; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 8 ? 0 : header[i] & mask;
    }
    return sum;
  }

  private static boolean zeros(byte[] bytes) {
    for (byte value : bytes) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
