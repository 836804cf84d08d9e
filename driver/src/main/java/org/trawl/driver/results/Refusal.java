package org.trawl.driver.results;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file system refused something, in words. */
public final class Refusal {
  private Refusal() {}

  /** "No space left on device", "permission denied". */
  public static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    } else if (failure instanceof NoSuchFileException) {
      return "no such file or folder";
    } else if (failure instanceof FileAlreadyExistsException
        || failure instanceof NotDirectoryException) {
      return "a file is where a folder should be";
    } else if (failure instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    boolean plain = failure.getClass() == IOException.class && failure.getMessage() != null;
    return plain
        ? failure.getMessage()
        : failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }
}
