package org.trawl.driver.results;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A storage that fails, or at which the process ends, when a file is published. */
public final class FaultyStorage implements FileStorage {
  /** What happens, instead of publishing or around it. */
  public enum Fault {
    /** The process ends when the file is written aside. */
    HALT_BEFORE,
    /** The process ends when the file is there. */
    HALT_AFTER,
    /** The storage refuses. */
    REFUSED,
    /** The file is there, and the storage says that it failed. */
    FAILED_AFTERWARDS
  }

  private final FileStorage storage;
  private final Fault fault;
  private final Predicate<String> strikes;

  private FaultyStorage(FileStorage storage, Fault fault, Predicate<String> strikes) {
    this.storage = storage;
    this.fault = fault;
    this.strikes = strikes;
  }

  /**
   * Makes every storage that this JVM opens from now on fail.
   *
   * @param strikes asked with the path of each file that is published
   */
  public static void install(Fault fault, Predicate<String> strikes) {
    RunFolder.wrapper = storage -> new FaultyStorage(storage, fault, strikes);
  }

  /** Storages work again. */
  public static void uninstall() {
    RunFolder.wrapper = UnaryOperator.identity();
  }

  @Override
  public boolean publish(String path, byte[] content) {
    return strikes.test(path) ? fail(path, content) : storage.publish(path, content);
  }

  private boolean fail(String path, byte[] content) {
    switch (fault) {
      case HALT_BEFORE -> {
        storage.replace(STAGING + "/half", Arrays.copyOf(content, content.length / 2));
        Runtime.getRuntime().halt(137);
      }
      case HALT_AFTER -> {
        storage.publish(path, content);
        Runtime.getRuntime().halt(137);
      }
      case REFUSED -> {}
      case FAILED_AFTERWARDS -> storage.publish(path, content);
    }
    throw new InfrastructureException(
        "Cannot write %s (No space left on device). Make room, and run again.".formatted(path),
        new IOException("No space left on device"));
  }

  @Override
  public boolean publishUnforced(String path, byte[] content) {
    return strikes.test(path) ? fail(path, content) : storage.publishUnforced(path, content);
  }

  @Override
  public String address() {
    return storage.address();
  }

  @Override
  public Optional<String> inTheWay() {
    return storage.inTheWay();
  }

  @Override
  public List<Entry> list(String folder) {
    return storage.list(folder);
  }

  @Override
  public Optional<byte[]> read(String path) {
    return storage.read(path);
  }

  @Override
  public boolean exists(String path) {
    return storage.exists(path);
  }

  @Override
  public void replace(String path, byte[] content) {
    if (strikes.test(path)) {
      throw new InfrastructureException("Cannot write " + path, new IOException("no space"));
    }
    storage.replace(path, content);
  }

  @Override
  public void delete(String path) {
    storage.delete(path);
  }

  @Override
  public void removeIfEmpty(String folder) {
    storage.removeIfEmpty(folder);
  }

  @Override
  public void clean(Duration age) {
    storage.clean(age);
  }
}
