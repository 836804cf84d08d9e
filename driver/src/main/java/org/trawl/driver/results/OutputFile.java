package org.trawl.driver.results;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.trawl.driver.sweep.InputException;

/** A file that a user asks for, at any path of this machine: it is whole, or as it was before. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Writes a file, in the place of one that is there.
   *
   * @throws InputException if its folder is none, or it is a folder
   * @throws InfrastructureException if there is no room for it, or it may not be written
   */
  public static void write(Path file, byte[] content) {
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      if (Files.exists(target) && !Files.isRegularFile(target)) { // such as /dev/stdout
        Files.write(target, content);
        return;
      }
      Path aside = target.resolveSibling("." + UUID.randomUUID() + ".part");
      try {
        Files.write(aside, content);
        Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(aside);
      }
    } catch (IOException failure) {
      throw refused(file, failure);
    }
  }

  /** What to tell of a file or folder that cannot be written. */
  public static RuntimeException refused(Path file, IOException failure) {
    String reason = Refusal.reason(failure);
    boolean named =
        failure instanceof NoSuchFileException
            || failure instanceof FileAlreadyExistsException
            || failure instanceof NotDirectoryException
            || (failure instanceof FileSystemException
                && (reason.equals("Is a directory") || reason.equals("File name too long")));
    return named
        ? new InputException(
            "Cannot write %s: %s. Expected a file in a folder that exists".formatted(file, reason))
        : new InfrastructureException(
            "Cannot write %s (%s). Make room, or write elsewhere, and run again."
                .formatted(file, reason),
            failure);
  }
}
