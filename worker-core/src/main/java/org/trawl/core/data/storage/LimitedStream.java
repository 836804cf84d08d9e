package org.trawl.core.data.storage;

import java.io.InputStream;

/** The next bytes of a file, as many as something in it claims to have. */
public final class LimitedStream extends InputStream {
  private final SourceFile file;
  private long left;

  /** Reads the next bytes of a file, which must be there. */
  public LimitedStream(SourceFile file, long count) {
    this.file = file;
    this.left = count;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int count) {
    if (left == 0 && count > 0) {
      return -1;
    }
    int read = file.read(target, from, (int) Math.min(left, count));
    if (read == 0 && count > 0) {
      throw file.wrong(file.position(), left + " more bytes", "the end of the file");
    }
    left -= read;
    return read;
  }

  /** Bytes that were not read. */
  public long left() {
    return left;
  }

  /** Passes over what was not read. */
  void drain() {
    file.skip(left);
    left = 0;
  }
}
