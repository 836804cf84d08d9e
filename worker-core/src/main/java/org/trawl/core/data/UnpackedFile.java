package org.trawl.core.data;

import java.io.IOException;
import java.io.InputStream;

/** Files apart from any data set, unpacked as those of a source are. */
public final class UnpackedFile {
  private UnpackedFile() {}

  /**
   * All bytes of a file: of what is packed in it, where it starts as gzip does; of {@code
   * ARCHIVE#ENTRY}, of that file in a zip or tar archive.
   *
   * @param expected what it is to be, for errors, such as "a CSV or an IDX file"
   * @throws DataException if it cannot be read, or something in it is damaged
   */
  public static byte[] read(String address, Storage storage, String expected) {
    try (SourceFile file =
            SourceFile.open(address, storage, (from, e) -> cannot(from, expected, e));
        InputStream content = file.stream()) {
      return content.readAllBytes();
    } catch (IOException impossible) { // they are DataExceptions
      throw new IllegalStateException(impossible);
    }
  }

  private static DataException cannot(String address, String expected, IOException failure) {
    return new DataException(
        "Cannot read %s: %s; expected %s".formatted(address, failure.getMessage(), expected),
        failure);
  }
}
