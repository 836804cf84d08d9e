package org.trawl.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The files in a zip or tar archive, one after the other. A file of a source is named {@code
 * ARCHIVE#ENTRY} where it lies in one.
 */
abstract sealed class Archive {
  /** Stands between an archive's address and the name of a file in it. */
  static final char SEPARATOR = '#';

  private Archive() {}

  /** The archive that a file is, known by its first bytes; empty where it is none. */
  static Optional<Archive> of(SourceFile file) {
    byte[] start = file.peek(Tar.BLOCK);
    if (start.length >= 4 && start[0] == 'P' && start[1] == 'K' && start[2] <= 8) {
      return Optional.of(zip(file));
    }
    return Tar.starts(start) ? Optional.of(new Tar(file)) : Optional.empty();
  }

  private static Archive zip(SourceFile file) {
    try {
      Optional<ZipFile> local = file.zip();
      return local.isPresent() ? new LocalZip(file, local.get()) : new Zip(file);
    } catch (IOException | IllegalArgumentException damaged) { // a name that is not UTF-8
      throw damaged(file, 0, damaged);
    }
  }

  private static DataException damaged(SourceFile file, long offset, Exception damaged) {
    return file.wrong(
        offset, "a zip archive", "a damaged one (%s)".formatted(damaged.getMessage()));
  }

  /**
   * The name of the next file; empty at the end. What was not read of the one before is skipped.
   */
  abstract Optional<String> next();

  /** The content of the file that {@link #next} has named. */
  abstract InputStream content();

  private static final class Zip extends Archive {
    private final SourceFile file;
    private final ZipInputStream entries;

    Zip(SourceFile file) {
      this.file = file;
      this.entries = new ZipInputStream(file.stream());
    }

    @Override
    Optional<String> next() {
      try {
        ZipEntry entry = entries.getNextEntry();
        while (entry != null && entry.isDirectory()) {
          entry = entries.getNextEntry();
        }
        return Optional.ofNullable(entry).map(ZipEntry::getName);
      } catch (IOException | IllegalArgumentException damaged) { // a name that is not UTF-8
        throw damaged(file, file.position(), damaged);
      }
    }

    @Override
    InputStream content() {
      return entries;
    }
  }

  /** With its directory at hand: what is not asked for is not unpacked. */
  private static final class LocalZip extends Archive {
    private final SourceFile file;
    private final ZipFile zip;
    private final Iterator<? extends ZipEntry> entries;
    private ZipEntry current;

    LocalZip(SourceFile file, ZipFile zip) {
      this.file = file;
      this.zip = zip;
      this.entries = zip.stream().filter(entry -> !entry.isDirectory()).iterator();
    }

    @Override
    Optional<String> next() {
      if (!entries.hasNext()) {
        return Optional.empty();
      }
      current = entries.next();
      return Optional.of(current.getName());
    }

    @Override
    InputStream content() {
      try {
        return new Checked(zip.getInputStream(current), current.getCrc());
      } catch (IOException damaged) {
        throw damaged(file, 0, damaged);
      }
    }
  }

  /** Content with a checksum, which is wrong where its end is reached with another one. */
  private static final class Checked extends CheckedInputStream {
    private final long expected;

    Checked(InputStream content, long expected) {
      super(content, new CRC32());
      this.expected = expected;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      checkEnd(read);
      return read;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      int read = super.read(target, from, count);
      checkEnd(read);
      return read;
    }

    private void checkEnd(int read) throws ZipException {
      long found = getChecksum().getValue();
      if (read < 0 && found != expected) {
        throw new ZipException(
            String.format(Locale.ROOT, "checksum 0x%08x, not 0x%08x", found, expected));
      }
    }
  }

  /**
   * POSIX's ustar (IEEE Std 1003.1, pax): headers of 512 bytes, contents padded to as many. Long
   * names stand before their file, as pax or GNU's tar writes them.
   */
  private static final class Tar extends Archive {
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

    Tar(SourceFile file) {
      this.file = file;
    }

    static boolean starts(byte[] block) {
      return block.length == BLOCK && text(block, MAGIC, 5).equals("ustar");
    }

    @Override
    Optional<String> next() {
      Optional<String> longName = Optional.empty();
      while (true) {
        if (content != null) {
          content.drain();
          file.skip(padding);
        }
        long offset = file.position();
        byte[] header = new byte[BLOCK];
        int read = file.read(header, 0, BLOCK);
        if (read == 0 || (read == BLOCK && header[0] == 0)) {
          return Optional.empty();
        }
        if (read < BLOCK) {
          throw file.wrong(
              offset,
              String.format(Locale.ROOT, "a tar header of %d bytes", BLOCK),
              read + " bytes");
        }
        if (octal(header, CHECKSUM, 8) != sum(header)) {
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
    }

    @Override
    InputStream content() {
      return content;
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

    /** The sum of a header's bytes, its checksum taken as blanks. */
    private static long sum(byte[] header) {
      long sum = 8L * ' ';
      for (int i = 0; i < header.length; i++) {
        sum += i >= CHECKSUM && i < CHECKSUM + 8 ? 0 : header[i] & 0xFF;
      }
      return sum;
    }
  }
}
