package org.trawl.driver.results;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A storage whose process is as good as killed after a number of changes: none gets through. */
public final class KilledStorage implements FileStorage {
  /** What a change throws that comes after the kill. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final FileStorage storage;
  private final AtomicInteger left;

  private KilledStorage(FileStorage storage, AtomicInteger left) {
    this.storage = storage;
    this.left = left;
  }

  /** Lets so many changes through, of all storages that this JVM opens from now on together. */
  public static void installAfter(int changes) {
    AtomicInteger left = new AtomicInteger(changes);
    RunFolder.wrapper = storage -> new KilledStorage(storage, left);
  }

  /** Storages work again. */
  public static void uninstall() {
    RunFolder.wrapper = UnaryOperator.identity();
  }

  private void change() {
    if (left.getAndDecrement() <= 0) {
      throw new Killed();
    }
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
  public boolean publish(String path, byte[] content) {
    change();
    return storage.publish(path, content);
  }

  @Override
  public boolean publishUnforced(String path, byte[] content) {
    change();
    return storage.publishUnforced(path, content);
  }

  @Override
  public void replace(String path, byte[] content) {
    change();
    storage.replace(path, content);
  }

  @Override
  public void delete(String path) {
    change();
    storage.delete(path);
  }

  @Override
  public void removeIfEmpty(String folder) {
    change();
    storage.removeIfEmpty(folder);
  }

  @Override
  public void clean(Duration age) {
    change();
    storage.clean(age);
  }
}
