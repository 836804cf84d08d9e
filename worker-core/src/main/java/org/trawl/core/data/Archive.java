package org.trawl.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.ZipEntry;
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
      return Optional.of(new Zip(file));
    }
    return Tar.starts(start) ? Optional.of(new Tar(file)) : Optional.empty();
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
        throw file.wrong(
            file.position(), "a zip archive", "a damaged one (%s)".formatted(damaged.getMessage()));
      }
    }

    @Override
    InputStream content() {
      return entries;
    }
  }

  /** POSIX's ustar (IEEE Std 1003.1, pax): headers of 512 bytes, contents padded to as many. */
  private static final class Tar extends Archive {
    static final int BLOCK = 512;
    private static final int MAGIC = 257;
    private static final int SIZE = 124;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int PREFIX = 345;

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
          throw file.wrong(offset, "a tar header of %d bytes".formatted(BLOCK), read + " bytes");
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
        if (header[TYPE] == '0' || header[TYPE] == 0) {
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
