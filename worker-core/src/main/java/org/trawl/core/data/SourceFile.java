package org.trawl.core.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One file of a source, open for reading: unpacked where it starts as gzip does, whatever its name.
 * Everything that fails becomes a {@link DataException} that names the file.
 */
final class SourceFile implements AutoCloseable {
  private static final int GZIP_BUFFER = 1 << 16;

  private final String address;
  private final InputStream input;
  private long position;

  private SourceFile(String address, InputStream input) {
    this.address = address;
    this.input = input;
  }

  /**
   * Opens a file of a source.
   *
   * @param content what the source says it is, such as "training images"
   */
  static SourceFile open(SourceSpec source, String content, String address, Storage storage) {
    InputStream stream = null;
    try {
      stream = storage.open(address);
      return new SourceFile(address, unpacked(stream));
    } catch (IOException e) {
      DataException failure = cannotOpen(source, content, address, e);
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

  private static InputStream unpacked(InputStream stream) throws IOException {
    byte[] start = stream.readNBytes(2);
    InputStream whole = new Rejoined(stream, start);
    boolean gzip = start.length == 2 && start[0] == 0x1F && start[1] == (byte) 0x8B;
    return gzip ? new GZIPInputStream(whole, GZIP_BUFFER) : whole;
  }

  private static DataException cannotOpen(
      SourceSpec source, String content, String address, IOException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    String prefix = address + " (";
    String reason =
        message.startsWith(prefix) && message.endsWith(")")
            ? message.substring(prefix.length(), message.length() - 1)
            : message;
    String cure = source.obtain().isEmpty() ? "" : "; to obtain it: " + source.obtain();
    return new DataException(
        "Cannot read the %s of %s: %s: %s; expected %s file, gzip or not%s"
            .formatted(
                content,
                source.name(),
                address,
                reason,
                source.format() == SourceSpec.Format.IDX ? "an IDX" : "a CSV",
                cure),
        e);
  }

  /**
   * Reads until a number of bytes is there or the file ends.
   *
   * @return the bytes read, fewer than {@code count} only at the file's end
   */
  int read(byte[] target, int from, int count) {
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
    } catch (EOFException e) {
      throw new DataException(at(position, "more gzip data", "the end of the file"), e);
    } catch (ZipException e) {
      throw new DataException(
          at(position, "gzip data", "damaged ones (%s)".formatted(e.getMessage())), e);
    } catch (IOException e) {
      throw new DataException("Cannot read %s: %s".formatted(address, e.getMessage()), e);
    }
  }

  /** Bytes read so far, unpacked. */
  long position() {
    return position;
  }

  String address() {
    return address;
  }

  /** An error at an offset of the unpacked file. */
  DataException wrong(long offset, String expected, String found) {
    return new DataException(at(offset, expected, found));
  }

  private String at(long offset, String expected, String found) {
    return "%s: offset %d: expected %s, found %s".formatted(address, offset, expected, found);
  }

  @Override
  public void close() {
    try {
      input.close();
    } catch (IOException e) {
      throw new DataException("Cannot close %s: %s".formatted(address, e.getMessage()), e);
    }
  }

  /**
   * A stream whose first bytes were read and put back. It never says that nothing is available:
   * GZIPInputStream takes that for the end of a file of several gzip members.
   */
  private static final class Rejoined extends PushbackInputStream {
    Rejoined(InputStream rest, byte[] start) throws IOException {
      super(rest, Math.max(1, start.length));
      unread(start);
    }

    @Override
    public int available() {
      return 1;
    }
  }
}
