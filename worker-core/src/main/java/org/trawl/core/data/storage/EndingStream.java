package org.trawl.core.data.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream whose end is reached once something has been done, such as checking what is around. */
public final class EndingStream extends FilterInputStream {
  private final Runnable atEnd;
  private boolean ended;

  /** Reads some content; {@code atEnd} runs when its end was reached. */
  public EndingStream(InputStream content, Runnable atEnd) {
    super(content);
    this.atEnd = atEnd;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    int read = ended ? -1 : in.read(target, from, count);
    if (read < 0 && !ended) {
      ended = true;
      atEnd.run();
    }
    return read;
  }
}
