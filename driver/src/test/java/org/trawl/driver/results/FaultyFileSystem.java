package org.trawl.driver.results;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * Local files at addresses faulty:/…, of a file system of Hadoop's that fails when it is told to.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  /** What goes wrong, until {@link #fault} says otherwise. */
  enum Fault {
    NONE,
    /** The rename throws; nothing has moved. */
    RENAME_REFUSED,
    /** The rename has moved the file, and throws. */
    RENAME_ANSWER_LOST,
    /** Another writer's file is there when the rename comes. */
    ALREADY_EXISTS,
    /** The stream throws when it is closed. */
    CLOSE_THROWS,
    /** Writing throws. */
    NO_SPACE,
    /** Reading throws. */
    READ_REFUSED
  }

  /** What another process does. */
  public interface Meanwhile {
    /** Does it; what it throws the reader gets. */
    void happen() throws IOException;
  }

  static final String SCHEME = "faulty";
  static volatile Fault fault = Fault.NONE;
  private static final AtomicReference<Meanwhile> BEFORE_READING = new AtomicReference<>();

  /** What happens once, as the next file is about to be read. */
  public static void beforeReading(Meanwhile meanwhile) {
    BEFORE_READING.set(meanwhile);
  }

  /** Settings that know these addresses. */
  static Configuration configuration() {
    Configuration configuration = new Configuration();
    know(configuration);
    return configuration;
  }

  /** Adds these addresses to settings. */
  public static void know(Configuration configuration) {
    configuration.set("fs.faulty.impl", FaultyFileSystem.class.getName());
    configuration.set("fs.AbstractFileSystem.faulty.impl", OfContexts.class.getName());
  }

  /** What a FileContext asks for. */
  public static final class OfContexts extends DelegateToFileSystem {
    public OfContexts(URI uri, Configuration configuration) throws IOException, URISyntaxException {
      super(uri, new FaultyFileSystem(), configuration, SCHEME, false);
    }

    /** In one step, as on HDFS; the inherited one removes the old file first. */
    @Override
    public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
      ((FaultyFileSystem) fsImpl).rename(from, to, overwrite ? Rename.OVERWRITE : Rename.NONE);
    }
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  @SuppressWarnings("deprecation") // what a FileContext calls
  protected void rename(Path from, Path to, Rename... options) throws IOException {
    switch (fault) {
      case RENAME_REFUSED -> throw new IOException("rename refused");
      case ALREADY_EXISTS -> throw new FileAlreadyExistsException(to.toString());
      case RENAME_ANSWER_LOST -> {
        super.rename(from, to, options);
        throw new IOException("connection lost");
      }
      default -> super.rename(from, to, options);
    }
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    if (fault == Fault.READ_REFUSED) {
      throw new IOException("read refused");
    }
    Meanwhile meanwhile = BEFORE_READING.getAndSet(null);
    if (meanwhile != null) {
      meanwhile.happen();
    }
    return super.open(path, bufferSize);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    FSDataOutputStream stream =
        super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(stream, null) {
      @Override
      public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (fault == Fault.NO_SPACE) {
          super.write(bytes, offset, length / 2);
          throw new IOException("No space left on device");
        }
        super.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        super.close();
        if (fault == Fault.CLOSE_THROWS) {
          throw new IOException("close failed");
        }
      }
    };
  }
}
