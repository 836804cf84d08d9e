package org.trawl.core.data.storage;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Local files, and what lies in the application's jar. */
enum LocalStorage implements Storage {
  INSTANCE;

  @Override
  public InputStream open(String address) throws IOException {
    if (!address.startsWith(CLASSPATH)) {
      File file = new File(address);
      if (file.isDirectory() || !file.exists()) {
        String reason = file.isDirectory() ? "a folder, not a file" : "no such file";
        throw new FileNotFoundException("%s (%s)".formatted(address, reason));
      }
      return new FileInputStream(file);
    }
    InputStream stream = Storage.class.getResourceAsStream(address.substring(CLASSPATH.length()));
    if (stream == null) {
      throw new FileNotFoundException(address + " (no such file in the application's jar)");
    }
    return stream;
  }

  @Override
  public List<Entry> list(String address) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(Path.of(address))) {
      for (Path path : stream) {
        entries.add(new Entry(path.getFileName().toString(), Files.isDirectory(path)));
      }
    } catch (NotDirectoryException | NoSuchFileException | InvalidPathException e) {
      String reason =
          e instanceof NotDirectoryException ? "a file, not a folder" : "no such folder";
      throw new FileNotFoundException("%s (%s)".formatted(address, reason));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  /** Size, time of change and identity of a local file. */
  @Override
  public String version(String address) {
    if (address.startsWith(CLASSPATH)) {
      return "";
    }
    try {
      BasicFileAttributes file = Files.readAttributes(Path.of(address), BasicFileAttributes.class);
      return file.size() + " " + file.lastModifiedTime() + " " + file.fileKey();
    } catch (IOException | InvalidPathException unreadable) {
      return ""; // opening it says why
    }
  }
}
