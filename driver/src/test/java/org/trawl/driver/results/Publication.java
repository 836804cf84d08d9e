package org.trawl.driver.results;

/** Publishes files as a run does, for tests of other packages. */
public final class Publication {
  private final FileStorage storage;

  /** Into a folder at an address of Hadoop's. */
  public Publication(String address) {
    storage = new HadoopStorage(address);
  }

  /** Whether this content is what is there now. */
  public boolean publish(String path, byte[] content) {
    return storage.publish(path, content);
  }

  /** What is there. */
  public byte[] read(String path) {
    return storage.read(path).orElseThrow();
  }
}
