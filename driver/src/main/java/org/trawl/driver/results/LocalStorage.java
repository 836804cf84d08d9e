package org.trawl.driver.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Files of this machine. A file is published by a hard link to what was written aside: the link
 * fails where there is a file already, and it appears whole. It is replaced by an atomic rename.
 */
final class LocalStorage implements FileStorage {
  private static final int PIECE = 1 << 20;

  private enum Writing {
    FORCED,
    UNFORCED
  }

  private final Path root;

  LocalStorage(Path root) {
    this.root = root;
  }

  @Override
  public String address() {
    return root.toString();
  }

  @Override
  public Optional<String> inTheWay() {
    for (Path at = root.toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) { // a link to nothing, too
        return Files.isDirectory(at) ? Optional.empty() : Optional.of(at.toString());
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Entry> list(String folder) {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve(folder))) {
      for (Path file : files) {
        entry(file).ifPresent(entries::add);
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    } catch (IOException failure) {
      throw failed("list", folder, failure);
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  /** Empty for a folder, and for a file that has gone since its name was read. */
  private static Optional<Entry> entry(Path file) throws IOException {
    try {
      BasicFileAttributes known = Files.readAttributes(file, BasicFileAttributes.class);
      return known.isRegularFile()
          ? Optional.of(
              new Entry(
                  file.getFileName().toString(),
                  known.lastModifiedTime().toInstant(),
                  known.size()))
          : Optional.empty();
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<byte[]> read(String path) {
    try {
      return Optional.of(Files.readAllBytes(root.resolve(path)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException failure) {
      throw failed("read", path, failure);
    }
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }

  @Override
  public boolean publish(String path, byte[] content) {
    boolean published = publish(path, content, Writing.FORCED);
    if (published) {
      sync(root.resolve(path).getParent());
    }
    return published;
  }

  @Override
  public boolean publishUnforced(String path, byte[] content) {
    return publish(path, content, Writing.UNFORCED);
  }

  private boolean publish(String path, byte[] content, Writing writing) {
    Path target = root.resolve(path);
    try {
      if (Files.exists(target)) {
        return false;
      }
      Path aside = writeAside(content, writing);
      try {
        Files.createDirectories(target.getParent());
        return link(aside, target);
      } finally {
        Files.deleteIfExists(aside);
      }
    } catch (IOException failure) {
      throw failed("write", path, failure);
    }
  }

  @Override
  public void replace(String path, byte[] content) {
    Path target = root.resolve(path);
    try {
      Path aside = writeAside(content, Writing.FORCED);
      try {
        Files.createDirectories(target.getParent());
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(aside);
      }
      sync(target.getParent());
    } catch (IOException failure) {
      throw failed("write", path, failure);
    }
  }

  @Override
  public void delete(String path) {
    try {
      Files.deleteIfExists(root.resolve(path));
    } catch (IOException failure) {
      throw failed("remove", path, failure);
    }
  }

  @Override
  public void removeIfEmpty(String folder) {
    try {
      Files.deleteIfExists(root.resolve(folder));
    } catch (IOException notEmpty) {
      // It stays.
    }
  }

  private static boolean link(Path aside, Path target) throws IOException {
    try {
      Files.createLink(target, aside);
    } catch (FileAlreadyExistsException already) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      return move(aside, target);
    }
    return true;
  }

  /**
   * For file systems without hard links. The look and the rename are two steps: of two writers at
   * the same moment the later wins, with the same results.
   */
  private static boolean move(Path aside, Path target) throws IOException {
    try {
      Files.move(aside, target);
    } catch (FileAlreadyExistsException already) {
      return false;
    }
    return true;
  }

  private Path writeAside(byte[] content, Writing writing) throws IOException {
    Path staging = root.resolve(STAGING);
    Files.createDirectories(staging);
    try {
      return writeInto(staging, content, writing);
    } catch (NoSuchFileException removed) { // by a run that ended before it began
      Files.createDirectories(staging);
      return writeInto(staging, content, writing);
    }
  }

  private static Path writeInto(Path staging, byte[] content, Writing writing) throws IOException {
    Path aside = staging.resolve(UUID.randomUUID().toString());
    try (FileChannel channel =
        FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.position() < content.length) {
        // In pieces: the JDK keeps a direct buffer as large as what it was given to write.
        buffer.limit(Math.min(content.length, buffer.position() + PIECE));
        channel.write(buffer);
      }
      if (writing == Writing.FORCED) {
        channel.force(true);
      }
    } catch (IOException failure) {
      Files.deleteIfExists(aside);
      throw failure;
    }
    return aside;
  }

  /** Forces a folder's entries to the disk, where the platform can. */
  private static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException cannot) {
      // Windows opens no folders; its file system journals the names.
    }
  }

  private InfrastructureException failed(String verb, String path, IOException failure) {
    return new InfrastructureException(
        ("Cannot %s %s (%s). What is finished is kept: make room, or let the folder be written, and"
                + " run again to go on.")
            .formatted(verb, root.resolve(path), Refusal.reason(failure)),
        failure);
  }
}
