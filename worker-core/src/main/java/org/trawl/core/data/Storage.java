package org.trawl.core.data;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;

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

  /** Local files, and what lies in the jar. */
  static Storage local() {
    return address -> {
      if (address.startsWith(CLASSPATH)) {
        String name = address.substring(CLASSPATH.length());
        InputStream stream = Storage.class.getResourceAsStream(name);
        if (stream == null) {
          throw new FileNotFoundException(address);
        }
        return stream;
      }
      return new FileInputStream(address);
    };
  }
}
