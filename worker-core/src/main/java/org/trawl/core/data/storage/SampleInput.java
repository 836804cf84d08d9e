package org.trawl.core.data.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.trawl.core.data.sample.DataException;

/**
 * A file of samples apart from any data set, open for reading: found and unpacked as the files of a
 * source are.
 */
public final class SampleInput implements AutoCloseable {
  private static final String EXPECTED = "a CSV, an IDX or an image file";

  /** What other files begin with. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "PAR1", "a Parquet file",
          "\u0093NUMPY", "an array of NumPy",
          "MATLAB 5.0", "a file of MATLAB",
          "\u0089HDF", "an HDF5 file");

  private final SourceFile file;
  private final FileKind kind;

  private SampleInput(SourceFile file, FileKind kind) {
    this.file = file;
    this.kind = kind;
  }

  /**
   * Opens a file.
   *
   * @param address of a file, packed or not, or {@code ARCHIVE#ENTRY} of one in an archive
   * @throws DataException if it cannot be read, or is empty
   */
  public static SampleInput open(String address, Storage storage) {
    SourceFile file = SourceFile.open(address, storage, SampleInput::cannot).alone();
    try {
      byte[] start = file.peek(FileKind.BYTES);
      if (start.length == 0) {
        throw new DataException(address + ": expected samples, found an empty file");
      }
      for (Map.Entry<String, String> other : OTHERS.entrySet()) {
        if (new String(start, StandardCharsets.ISO_8859_1).startsWith(other.getKey())) {
          throw new DataException(
              "%s: expected %s, found %s".formatted(address, EXPECTED, other.getValue()));
        }
      }
      return new SampleInput(file, FileKind.of(start));
    } catch (DataException e) {
      file.close();
      throw e;
    }
  }

  private static DataException cannot(String address, IOException failure) {
    return new DataException(
        "Cannot read %s: %s; expected %s".formatted(address, failure.getMessage(), EXPECTED),
        failure);
  }

  /** What its first bytes say that it is. */
  public FileKind kind() {
    return kind;
  }

  /** Its address. */
  public String address() {
    return file.address();
  }

  /**
   * All that is left of it.
   *
   * @throws DataException if it is damaged
   */
  public byte[] bytes() {
    try {
      return file.stream().readAllBytes();
    } catch (IOException impossible) { // they are DataExceptions
      throw new IllegalStateException(impossible);
    }
  }

  /** What reads it. */
  public SourceFile file() {
    return file;
  }

  @Override
  public void close() {
    file.close();
  }
}
