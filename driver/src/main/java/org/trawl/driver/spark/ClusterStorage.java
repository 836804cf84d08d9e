package org.trawl.driver.spark;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.trawl.core.data.SourceSpec;
import org.trawl.core.data.Storage;
import org.trawl.core.data.TableRows;
import org.trawl.driver.results.HadoopConfiguration;

/** Opens what the core can open, and whatever address Hadoop knows. */
public enum ClusterStorage implements Storage {
  INSTANCE;

  private static final Storage LOCAL = Storage.local();

  @Override
  public InputStream open(String address) throws IOException {
    if (address.startsWith("file:")) {
      return LOCAL.open(URI.create(address).getPath());
    } else if (!remote(address)) {
      return LOCAL.open(address);
    }
    try {
      Path path = new Path(address);
      return path.getFileSystem(HadoopConfiguration.current()).open(path);
    } catch (RuntimeException refused) { // such as a file system whose classes are not there
      throw new IOException(refused.getMessage(), refused);
    }
  }

  @Override
  public List<Entry> list(String address) throws IOException {
    if (address.startsWith("file:")) {
      return LOCAL.list(URI.create(address).getPath());
    } else if (!remote(address)) {
      return LOCAL.list(address);
    }
    try {
      Path path = new Path(address);
      List<Entry> entries = new ArrayList<>();
      for (FileStatus file : path.getFileSystem(HadoopConfiguration.current()).listStatus(path)) {
        entries.add(new Entry(file.getPath().getName(), file.isDirectory()));
      }
      return entries;
    } catch (RuntimeException refused) {
      throw new IOException(refused.getMessage(), refused);
    }
  }

  @Override
  public void rows(SourceSpec source, String address, TableRows rows) throws IOException {
    SparkTables.read(source, address, rows);
  }

  @Override
  public String version(String address) {
    if (address.startsWith("file:")) {
      return LOCAL.version(URI.create(address).getPath());
    } else if (!remote(address)) {
      return LOCAL.version(address);
    }
    try {
      Path path = new Path(address);
      FileStatus file = path.getFileSystem(HadoopConfiguration.current()).getFileStatus(path);
      return file.getLen() + " " + file.getModificationTime();
    } catch (IOException | RuntimeException unreadable) {
      return ""; // opening it says why
    }
  }

  private static boolean remote(String address) {
    return address.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") && !address.startsWith(CLASSPATH);
  }
}
