package org.trawl.driver.spark;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A file system of Hadoop that this JVM knows by its scheme alone, as it would know one of a
 * cluster: {@code other:///folder/file} is a local file.
 */
public final class OtherFileSystem extends RawLocalFileSystem {
  private static final URI NAME = URI.create("other:///");

  @Override
  public String getScheme() {
    return "other";
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return plain(super.getFileStatus(path));
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return Arrays.stream(super.listStatus(path))
        .map(OtherFileSystem::plain)
        .toArray(FileStatus[]::new);
  }

  /** Without permissions, which are looked up for the scheme {@code file} alone. */
  private static FileStatus plain(FileStatus file) {
    return new FileStatus(
        file.getLen(),
        file.isDirectory(),
        file.getReplication(),
        file.getBlockSize(),
        file.getModificationTime(),
        file.getPath());
  }
}
