package org.trawl.core.data.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.zip.ZipException;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Shown;
import org.trawl.core.data.source.SourceSpec;

/**
 * One file of a source, open for reading: unpacked where it starts as gzip does, whatever its name,
 * and taken out of the zip or tar archive that it lies in. Everything that fails becomes a {@link
 * DataException} that names the file.
 */
public final class SourceFile implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final String address;
  private final PushbackInputStream input;
  private final AutoCloseable around;
  private long position;

  private SourceFile(String address, InputStream input, AutoCloseable around) {
    this.address = address;
    this.input = new PushbackInputStream(input, 512);
    this.around = around;
  }

  /**
   * Opens a file of a source.
   *
   * @param content what the source says it is, such as "training images"
   * @param address of a file, or {@code ARCHIVE#ENTRY} of one in a zip or tar archive
   */
  public static SourceFile open(
      SourceSpec source, String content, String address, Storage storage) {
    SourceFile file = open(address, storage, (from, e) -> cannotOpen(source, content, from, e));
    return switch (source.format()) {
      case CSV, LIBSVM -> file.alone(); // others begin as no archive does, or may be one
      default -> file;
    };
  }

  /** This file, which is no archive. */
  SourceFile alone() {
    try {
      Optional<Archive> archive = Archive.of(this);
      if (archive.isPresent()) {
        List<String> names = new ArrayList<>();
        for (var name = archive.get().next(); name.isPresent(); name = archive.get().next()) {
          names.add(name.get());
        }
        throw new DataException(
            "%s: expected %s#ENTRY, a file of the archive that it is, found none named; there are: %s"
                .formatted(address, address, shown(names)));
      }
      return this;
    } catch (DataException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens a file.
   *
   * @param cannot makes an error of an address and why it cannot be opened
   */
  static SourceFile open(
      String address, Storage storage, BiFunction<String, IOException, DataException> cannot) {
    InputStream stream = null;
    try {
      stream = storage.open(address);
      InputStream opened = stream;
      return new SourceFile(address, unpacked(stream), opened);
    } catch (IOException e) {
      if (stream == null && !entry(address).isEmpty()) {
        return openEntry(address, storage, cannot);
      }
      DataException failure =
          e instanceof GzipStream.Damage
              ? new DataException("%s: %s".formatted(address, e.getMessage()), e)
              : cannot.apply(address, e);
      try {
        if (stream != null) {
          stream.close();
        }
      } catch (IOException suppressed) {
        failure.addSuppressed(suppressed);
      }
      throw failure;
    }
  }

  /** Content that is in memory. */
  public static SourceFile of(String address, InputStream content) {
    return new SourceFile(address, content, content);
  }

  private static SourceFile openEntry(
      String address, Storage storage, BiFunction<String, IOException, DataException> cannot) {
    SourceFile file = open(archive(address), storage, cannot);
    try {
      Archive archive =
          Archive.of(file)
              .orElseThrow(
                  () ->
                      file.wrong(
                          0,
                          "a zip or tar archive with an entry %s".formatted(entry(address)),
                          "another kind of file"));
      List<String> names = new ArrayList<>();
      while (true) {
        String name =
            archive
                .next()
                .orElseThrow(() -> file.wrong(0, "an entry " + entry(address), shown(names)));
        if (name.equals(entry(address)) || name.equals(entry(address) + ".npy")) {
          // at its end all else in the archive has been found to be whole, too
          return file.inside(
              address, new EndingStream(archive.content(), () -> archive.finish(name)));
        }
        names.add(name);
      }
    } catch (DataException e) {
      file.close();
      throw e;
    }
  }

  /** Some of the names, for errors. */
  public static String shown(List<String> names) {
    return names.isEmpty() ? "no file" : Shown.first(20, names);
  }

  /** The archive of {@code ARCHIVE#ENTRY}; an address without an entry as it is. */
  public static String archive(String address) {
    int at = address.lastIndexOf(Archive.SEPARATOR);
    return at > 0 ? address.substring(0, at) : address;
  }

  /** The entry of {@code ARCHIVE#ENTRY}; empty where there is none. */
  public static String entry(String address) {
    int at = address.lastIndexOf(Archive.SEPARATOR);
    return at > 0 ? address.substring(at + 1) : "";
  }

  /**
   * What changes when the file at an address does; see {@link Storage#version}. Of a folder of
   * images it changes when files come or go.
   */
  public static String version(SourceSpec source, String address, Storage storage) {
    if (source.format() == SourceSpec.Format.IMAGES) {
      return folderVersion(address, storage, 2);
    }
    String version = storage.version(address);
    return version.isEmpty() && !entry(address).isEmpty()
        ? storage.version(archive(address))
        : version;
  }

  private static String folderVersion(String address, Storage storage, int levels) {
    StringBuilder version = new StringBuilder(storage.version(address));
    try {
      for (Storage.Entry entry : levels == 0 ? List.<Storage.Entry>of() : storage.list(address)) {
        if (entry.folder()) {
          version.append(' ').append(entry.name()).append(' ');
          version.append(folderVersion(address + "/" + entry.name(), storage, levels - 1));
        }
      }
    } catch (IOException unreadable) {
      return ""; // reading it says why
    }
    return version.toString();
  }

  /**
   * A file that lies in this one, which it closes when it is closed.
   *
   * @param content read from {@link #stream}
   */
  public SourceFile inside(String insideAddress, InputStream content) {
    try {
      return new SourceFile(insideAddress, unpacked(content), this);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** The same of values that are not packed, however they begin. */
  public SourceFile part(String insideAddress, InputStream content) {
    return new SourceFile(insideAddress, content, this);
  }

  private static InputStream unpacked(InputStream stream) throws IOException {
    byte[] start = stream.readNBytes(2);
    PushbackInputStream whole = new PushbackInputStream(stream, 2);
    whole.unread(start);
    return GzipStream.starts(start) ? new GzipStream(whole) : whole;
  }

  /** An error that says what the files of the source are and how to obtain them. */
  public static DataException cannotOpen(
      SourceSpec source, String content, String address, IOException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    String prefix = address + " (";
    String reason =
        message.startsWith(prefix) && message.endsWith(")")
            ? message.substring(prefix.length(), message.length() - 1)
            : message;
    String cure = source.obtain().isEmpty() ? "" : "; to obtain it: " + source.obtain();
    return new DataException(
        "Cannot read the %s of %s: %s: %s; expected %s%s"
            .formatted(content, source.name(), address, reason, source.format().expected(), cure),
        e);
  }

  /**
   * Reads until a number of bytes is there or the file ends.
   *
   * @return the bytes read, fewer than {@code count} only at the file's end
   */
  public int read(byte[] target, int from, int count) {
    int done = 0;
    try {
      while (done < count) {
        int read = input.read(target, from + done, count - done);
        if (read < 0) {
          break;
        }
        done += read;
        position += read;
      }
      return done;
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private DataException damaged(IOException e) {
    if (e instanceof GzipStream.Damage) {
      return new DataException("%s: %s".formatted(address, e.getMessage()), e);
    } else if (e instanceof EOFException) {
      return new DataException(at(position, "more compressed data", "the end of the file"), e);
    } else if (e instanceof ZipException) {
      return new DataException(
          at(position, "compressed data", "damaged ones (%s)".formatted(e.getMessage())), e);
    }
    return new DataException("Cannot read %s: %s".formatted(address, e.getMessage()), e);
  }

  /**
   * Reads a number of bytes.
   *
   * @param expected what they are, for the error if the file ends before
   */
  public byte[] readExactly(int count, String expected) {
    byte[] bytes = new byte[count];
    long start = position;
    int read = read(bytes, 0, count);
    if (read < count) {
      throw wrong(start, expected, read == 0 ? "the end of the file" : read + " bytes");
    }
    return bytes;
  }

  /** The next bytes, at most 512, which stay to be read; fewer only where the file ends. */
  public byte[] peek(int count) {
    long before = position;
    byte[] bytes = new byte[count];
    int read = read(bytes, 0, count);
    try {
      input.unread(bytes, 0, read);
    } catch (IOException e) {
      throw damaged(e);
    }
    position = before;
    return Arrays.copyOf(bytes, read);
  }

  /**
   * Refuses a file that goes on.
   *
   * @param after what has been read, for the error
   */
  public void requireEnd(String after) {
    long offset = position;
    if (read(new byte[1], 0, 1) > 0) {
      throw wrong(offset, "the end of the file after " + after, "more bytes");
    }
  }

  /** Passes over bytes, which must be there. */
  public void skip(long count) {
    byte[] passed = new byte[(int) Math.min(count, BUFFER)];
    for (long left = count; left > 0; ) {
      int read = read(passed, 0, (int) Math.min(left, passed.length));
      if (read == 0) {
        throw wrong(
            position, String.format(Locale.ROOT, "%d more bytes", left), "the end of the file");
      }
      left -= read;
    }
  }

  /** What is left, as a stream whose failures are {@link DataException}s. */
  public InputStream stream() {
    return new InputStream() {
      @Override
      public int read() {
        byte[] one = new byte[1];
        return SourceFile.this.read(one, 0, 1) == 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] target, int from, int count) {
        int read = SourceFile.this.read(target, from, count);
        return read == 0 && count > 0 ? -1 : read;
      }
    };
  }

  /** Bytes read so far, unpacked. */
  public long position() {
    return position;
  }

  /** Where it lies; {@code ARCHIVE#ENTRY} in an archive. */
  public String address() {
    return address;
  }

  /** An error at an offset of the unpacked file. */
  public DataException wrong(long offset, String expected, String found) {
    return new DataException(at(offset, expected, found));
  }

  private String at(long offset, String expected, String found) {
    return String.format(
        Locale.ROOT, "%s: offset %d: expected %s, found %s", address, offset, expected, found);
  }

  @Override
  public void close() {
    try {
      input.close();
      around.close();
    } catch (DataException e) {
      throw e;
    } catch (Exception e) {
      throw new DataException("Cannot close %s: %s".formatted(address, e.getMessage()), e);
    }
  }
}
