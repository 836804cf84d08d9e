package org.trawl.core.data.storage;

import java.io.InputStream;
import java.util.Optional;
import org.trawl.core.data.sample.DataException;

/**
 * The files in a zip or tar archive, one after the other. A file of a source is named {@code
 * ARCHIVE#ENTRY} where it lies in one. What is passed over is checked as what is read is: at the
 * end of an archive each of its bytes has been accounted for.
 */
public abstract sealed class Archive permits TarArchive, ZipArchive {
  /** Stands between an archive's address and the name of a file in it. */
  public static final char SEPARATOR = '#';

  /** The archive that a file is, known by its first bytes; empty where it is none. */
  public static Optional<Archive> of(SourceFile file) {
    byte[] start = file.peek(TarArchive.BLOCK);
    if (ZipArchive.starts(start)) {
      return Optional.of(new ZipArchive(file));
    }
    return TarArchive.starts(start) ? Optional.of(new TarArchive(file)) : Optional.empty();
  }

  /**
   * The name of the next file; empty at the end. What was not read of the one before is skipped.
   */
  public abstract Optional<String> next();

  /** The content of the file that {@link #next} has named. */
  public abstract InputStream content();

  /** An error at the file that {@link #next} has named. */
  public abstract DataException wrong(String expected, String found);

  /**
   * Passes over the rest of the archive.
   *
   * @param taken the name of a file that has been read, of which there must be no other
   */
  void finish(String taken) {
    for (Optional<String> name = next(); name.isPresent(); name = next()) {
      if (name.get().equals(taken)) {
        throw wrong("one file %s in the archive".formatted(taken), "two");
      }
    }
  }
}
