package org.trawl.driver.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.data.storage.TableRows;
import org.trawl.driver.results.HadoopConfiguration;
import org.trawl.driver.sweep.Addresses;

/** Opens what the core can open, and whatever address Hadoop knows. */
public enum ClusterStorage implements Storage {
  INSTANCE;

  private static final Storage LOCAL = Storage.local();

  @Override
  public InputStream open(String address) throws IOException {
    if (local(address)) {
      try {
        return LOCAL.open(path(address));
      } catch (FileNotFoundException missing) {
        throw onExecutor() ? missingHere(address, missing) : missing;
      }
    }
    try {
      Path path = hadoopPath(address);
      return path.getFileSystem(HadoopConfiguration.current()).open(path);
    } catch (RuntimeException refused) { // such as a file system whose classes are not there
      throw new IOException(refused.getMessage(), refused);
    }
  }

  private static Path hadoopPath(String address) throws IOException {
    Optional<String> problem = Addresses.problem(address);
    if (problem.isPresent()) {
      throw new IOException(problem.get());
    }
    return new Path(address);
  }

  /** Another machine has it, or else the sweep would not have been planned. */
  private static FileNotFoundException missingHere(String address, FileNotFoundException missing) {
    FileNotFoundException explained =
        new FileNotFoundException(
            "%s (no such file on the executor %s on %s: put it where all machines reach it, such as hdfs://, s3a:// or a mounted folder)"
                .formatted(address, SparkEnv.get().executorId(), Utils.localHostName()));
    explained.initCause(missing);
    return explained;
  }

  private static boolean onExecutor() {
    return SparkEnv.get() != null && !"driver".equals(SparkEnv.get().executorId());
  }

  @Override
  public List<Entry> list(String address) throws IOException {
    if (local(address)) {
      return LOCAL.list(path(address));
    }
    try {
      Path path = hadoopPath(address);
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
    if (local(address)) {
      return LOCAL.version(path(address));
    }
    try {
      Path path = hadoopPath(address);
      FileStatus file = path.getFileSystem(HadoopConfiguration.current()).getFileStatus(path);
      return file.getLen() + " " + file.getModificationTime();
    } catch (IOException | RuntimeException unreadable) {
      return ""; // opening it says why
    }
  }

  /** Whether an address is a file of this machine, or lies in the jar. */
  private static boolean local(String address) {
    return address.startsWith(CLASSPATH) || Addresses.isLocal(address);
  }

  /** Whether each machine may have another file at an address, or none. */
  static boolean ofOneMachine(String address) {
    return local(address) && !address.startsWith(CLASSPATH);
  }

  /** A local address without its scheme. */
  private static String path(String address) {
    return address.startsWith(CLASSPATH) ? address : Addresses.localPath(address);
  }
}
