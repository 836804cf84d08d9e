package org.trawl.core.data;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

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
