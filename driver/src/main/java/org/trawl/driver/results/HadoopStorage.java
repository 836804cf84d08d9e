package org.trawl.driver.results;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.functional.FutureIO;

/**
 * Files at any address that Hadoop knows. On file systems with an atomic rename (HDFS) a file is
 * written aside and renamed. On object stores, where a rename copies and an object appears whole
 * when its stream is closed, it is written in place, and published on the condition that there is
 * none: S3A has the store check that when the stream is closed, which takes one request.
 */
final class HadoopStorage implements FileStorage {
  /** Hadoop's option, and what a file system says that has it. */
  private static final String CONDITIONAL = "fs.option.create.conditional.overwrite";

  private static final String UNCONDITIONAL =
      "Let no two drivers work on one folder, set spark.hadoop.fs.s3a.create.conditional.enabled to false";

  /** S3A need not look whether a folder has the file's name. */
  private static final String PERFORMANCE = "fs.s3a.create.performance";

  /** How often a file is read whose place another takes meanwhile. */
  private static final int READINGS = 8;

  private final Path root;
  private final Configuration configuration;
  private final FileSystem files;
  private final boolean objects;
  private final boolean conditional;

  HadoopStorage(String address) {
    this(address, HadoopConfiguration.current());
  }

  HadoopStorage(String address, Configuration configuration) {
    Path given = new Path(address);
    this.configuration = configuration;
    this.objects = List.of("s3a", "s3", "gs", "abfs", "abfss").contains(given.toUri().getScheme());
    try {
      this.files = given.getFileSystem(configuration);
      this.root =
          files.makeQualified(given); // hdfs:///runs names no host: nothing is renamed there
      this.conditional = objects && files.hasPathCapability(root, CONDITIONAL);
    } catch (IOException | RuntimeException failure) {
      throw failed("open", given, failure);
    }
  }

  @Override
  public String address() {
    return root.toString();
  }

  /** Objects lie in no folders. */
  @Override
  public Optional<String> inTheWay() {
    for (Path at = root; at != null; at = objects ? null : at.getParent()) {
      try {
        return files.getFileStatus(at).isFile() ? Optional.of(at.toString()) : Optional.empty();
      } catch (FileNotFoundException | ParentNotDirectoryException above) {
        // as the one that it lies in says
      } catch (AccessControlException unknown) {
        return Optional.empty();
      } catch (IOException failure) {
        throw failed("look for", at, failure);
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Entry> list(String folder) {
    List<Entry> entries = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(at(folder))) {
        if (status.isFile()) {
          entries.add(
              new Entry(
                  status.getPath().getName(), Instant.ofEpochMilli(status.getModificationTime())));
        }
      }
    } catch (FileNotFoundException none) {
      return List.of();
    } catch (IOException failure) {
      throw failed("list", at(folder), failure);
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  /**
   * Another file may come into the place of one that is being read: S3 refuses the rest of the old
   * one then, and HDFS removes it. The new one is read instead.
   */
  @Override
  public Optional<byte[]> read(String path) {
    Optional<FileStatus> file = status(path);
    for (int reading = 1; file.isPresent(); reading++) {
      try (FSDataInputStream stream = open(file.get())) {
        return Optional.of(stream.readAllBytes());
      } catch (IOException failure) {
        Optional<FileStatus> now = status(path);
        if (reading == READINGS
            || (now.isPresent() && version(now.get()).equals(version(file.get())))) {
          throw failed("read", at(path), failure);
        }
        file = now;
      }
    }
    return Optional.empty();
  }

  private FSDataInputStream open(FileStatus file) throws IOException {
    return FutureIO.awaitFuture(
        files
            .openFile(file.getPath())
            .withFileStatus(file)
            .opt(Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY, "whole-file")
            .build());
  }

  private Optional<FileStatus> status(String path) {
    try {
      return Optional.of(files.getFileStatus(at(path)));
    } catch (FileNotFoundException none) {
      return Optional.empty();
    } catch (IOException failure) {
      throw failed("look for", at(path), failure);
    }
  }

  /** What differs between two files that one place has had. */
  private static List<Object> version(FileStatus status) {
    String etag = status instanceof EtagSource source ? source.getEtag() : "";
    return Arrays.asList(status.getModificationTime(), status.getLen(), etag);
  }

  @Override
  public boolean exists(String path) {
    try {
      return files.exists(at(path));
    } catch (IOException failure) {
      throw failed("look for", at(path), failure);
    }
  }

  @Override
  public boolean publish(String path, byte[] content) {
    return publish(path, content, FSDataOutputStream::hsync);
  }

  @Override
  public boolean publishUnforced(String path, byte[] content) {
    return publish(path, content, FSDataOutputStream::hflush);
  }

  @Override
  public void check() {
    if (!conditional) {
      return;
    }
    String probe = STAGING + "/" + UUID.randomUUID();
    publish(probe, new byte[0]);
    boolean overwritten = publish(probe, new byte[0]);
    delete(probe);
    if (overwritten) {
      throw new InfrastructureException(
          "Cannot be sure of %s: its store takes conditional writes and ignores the condition. %s, and run again."
              .formatted(root, UNCONDITIONAL),
          null);
    }
  }

  /** What is done to a file that is written before it is closed. */
  private interface Forcing {
    void force(FSDataOutputStream stream) throws IOException;
  }

  private boolean publish(String path, byte[] content, Forcing forcing) {
    try {
      if (conditional) {
        FSDataOutputStreamBuilder<?, ?> creation = files.createFile(at(path));
        creation.overwrite(true).must(CONDITIONAL, true);
        write(creation, content);
        return true;
      }
      if (files.exists(at(path))) {
        return false;
      }
      if (objects) {
        write(files.createFile(at(path)).overwrite(false), content);
      } else {
        files.mkdirs(at(path).getParent());
        rename(writeAside(content, forcing), at(path), Rename.NONE);
      }
      return true;
    } catch (FileAlreadyExistsException already) {
      return false;
    } catch (IOException failure) {
      if (exists(path)) {
        return false;
      }
      throw failed("write", at(path), failure);
    }
  }

  private static void write(FSDataOutputStreamBuilder<?, ?> creation, byte[] content)
      throws IOException {
    creation.recursive().opt(PERFORMANCE, true);
    try (FSDataOutputStream stream = creation.build()) {
      stream.write(content);
    }
  }

  @Override
  public void replace(String path, byte[] content) {
    try {
      if (objects) {
        write(files.createFile(at(path)).overwrite(true), content);
      } else {
        files.mkdirs(at(path).getParent());
        rename(writeAside(content, FSDataOutputStream::hsync), at(path), Rename.OVERWRITE);
      }
    } catch (IOException failure) {
      throw failed("write", at(path), failure);
    }
  }

  @Override
  public void delete(String path) {
    try {
      files.delete(at(path), false); // false where there is none
    } catch (IOException failure) {
      throw failed("remove", at(path), failure);
    }
  }

  @Override
  public void removeIfEmpty(String folder) {
    try {
      if (files.listStatus(at(folder)).length == 0) {
        files.delete(at(folder), false); // fails where something has come
      }
    } catch (IOException notEmpty) {
      // It stays.
    }
  }

  private void rename(Path aside, Path target, Rename option) throws IOException {
    try {
      URI uri = files.getUri();
      FileContext.getFileContext(uri, configuration).rename(aside, target, option);
    } catch (IOException failure) {
      files.delete(aside, false);
      throw failure;
    }
  }

  private Path writeAside(byte[] content, Forcing forcing) throws IOException {
    Path aside = at(STAGING + "/" + UUID.randomUUID());
    try (FSDataOutputStream stream = files.create(aside, false)) {
      stream.write(content);
      forcing.force(stream);
    } catch (IOException failure) {
      files.delete(aside, false);
      throw failure;
    }
    return aside;
  }

  private Path at(String path) {
    return path.isEmpty() ? root : new Path(root, path);
  }

  private InfrastructureException failed(String verb, Path path, Exception failure) {
    return new InfrastructureException(
        "Cannot %s %s (%s). %s, and run again."
            .formatted(verb, path, failure.getMessage(), cure(failure)),
        failure);
  }

  private String cure(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("ClassNotFoundException")) {
      return "Give the jars of its client: TRAWL_JARS and deploy/README.md say how";
    }
    if (conditional && message.contains("NotImplemented")) {
      return "The store knows no conditional writes. " + UNCONDITIONAL;
    }
    return "Check the address, its credentials and its room";
  }
}
