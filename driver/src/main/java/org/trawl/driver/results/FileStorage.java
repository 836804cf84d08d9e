package org.trawl.driver.results;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The files below a run's folder. Paths are relative to it, with {@code /}. What is written appears
 * whole or not at all: it is written aside, below {@link #STAGING}, and forced to the disk first.
 * Whatever the storage refuses is an {@link InfrastructureException}.
 */
interface FileStorage {
  /** The folder for what is not committed; nothing in it ends in .parquet. */
  String STAGING = ".staging";

  /** The folder's address. */
  String address();

  /** The files of a folder by name; none where there is no such folder. */
  List<Entry> list(String folder);

  /** A file's bytes; empty where there is none. */
  Optional<byte[]> read(String path);

  /** Whether there is a file or a folder. */
  boolean exists(String path);

  /** Makes a file appear, never overwriting one: false where there is one already. */
  boolean publish(String path, byte[] content);

  /**
   * {@link #publish}, without forcing the file to the disk: if the power fails soon after, it may
   * be lost or cut short. For what is checked when it is read, and can be made again.
   */
  boolean publishUnforced(String path, byte[] content);

  /** Makes a file appear in the place of the one that is there; readers see one of the two. */
  void replace(String path, byte[] content);

  /** Removes a file, if there is one. */
  void delete(String path);

  /** Removes a folder if it is there and holds nothing. */
  void removeIfEmpty(String folder);

  /** What is no folder where this one, or one that it lies in, should be; empty for nothing. */
  Optional<String> inTheWay();

  /** Makes sure, where that can be told beforehand, that {@link #publish} never overwrites. */
  default void check() {}

  /**
   * Removes what was written aside and never published, as it was longer ago than {@code age} by
   * the storage's own clock.
   */
  default void clean(Duration age) {
    String probe = STAGING + "/" + UUID.randomUUID();
    List<Entry> left = list(STAGING);
    if (left.isEmpty()) {
      return;
    }
    replace(probe, new byte[0]);
    Instant now =
        list(STAGING).stream()
            .filter(entry -> probe.endsWith(entry.name()))
            .map(Entry::changed)
            .findFirst()
            .orElse(Instant.MIN.plus(age));
    delete(probe);
    left.stream()
        .filter(entry -> entry.changed().isBefore(now.minus(age)))
        .forEach(entry -> delete(STAGING + "/" + entry.name()));
  }

  /**
   * A file.
   *
   * @param name in its folder
   * @param changed when it was written
   * @param bytes how many it has
   */
  record Entry(String name, Instant changed, long bytes) {}
}
