package org.trawl.core.data.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import org.trawl.core.data.source.SourceSpec;

/**
 * Opens the addresses of a source. The core knows files and what lies in its own jar; the driver
 * brings a storage that knows clusters' file systems too.
 */
@FunctionalInterface
public interface Storage extends Serializable {

  /** What an address inside the application's jar starts with. */
  String CLASSPATH = "classpath:";

  /**
   * Opens an address for reading; the caller closes it.
   *
   * @throws IOException if there is nothing at the address, or it cannot be read
   */
  InputStream open(String address) throws IOException;

  /**
   * What is in a folder, in no order.
   *
   * @throws IOException if there is no folder at the address, or it cannot be read
   */
  default List<Entry> list(String address) throws IOException {
    throw new IOException("no folders here");
  }

  /**
   * Reads a table, for the formats {@code PARQUET} and {@code TABLE}.
   *
   * @param address of {@code source}: a file or folder, a table's name or a query
   * @param rows takes them
   * @throws IOException if there is no such table, or it cannot be read
   */
  default void rows(SourceSpec source, String address, TableRows rows) throws IOException {
    throw new IOException("tables need Spark");
  }

  /** A file or a folder by its name in its folder. */
  record Entry(String name, boolean folder) {}

  /**
   * A text that changes when the content of an address does (its size and time of change, say),
   * known without reading it. Empty for unknown: the content is then taken to stay as it is while
   * the JVM lives.
   */
  default String version(String address) {
    return "";
  }

  /** Local files, and what lies in the jar. */
  static Storage local() {
    return LocalStorage.INSTANCE;
  }
}
