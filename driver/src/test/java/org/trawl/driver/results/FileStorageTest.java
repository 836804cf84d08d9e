package org.trawl.driver.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both storages promise; Hadoop's stands on its own view of the local files here. */
class FileStorageTest {
  @TempDir private Path root;

  enum Kind {
    LOCAL,
    HADOOP;

    FileStorage at(Path root) {
      return this == LOCAL ? new LocalStorage(root) : new HadoopStorage(root.toUri().toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPublishedFileCanBeReadAndListed(Kind kind) {
    FileStorage storage = kind.at(root);
    assertTrue(storage.publish("journal/a.parquet", bytes("one")));
    assertEquals("one", text(storage, "journal/a.parquet"));
    assertEquals(List.of("a.parquet"), names(storage, "journal"));
    assertTrue(storage.exists("journal/a.parquet"));
  }

  @ParameterizedTest
  @EnumSource
  void publishingNeverOverwrites(Kind kind) {
    FileStorage storage = kind.at(root);
    assertTrue(storage.publish("journal/a", bytes("one")));
    assertFalse(storage.publish("journal/a", bytes("two")));
    assertEquals("one", text(storage, "journal/a"));
    assertEquals(List.of(), names(storage, FileStorage.STAGING));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoFolderIsInTheWay(Kind kind) throws IOException {
    Path file = Files.writeString(root.resolve("file"), "text");
    assertEquals(Optional.empty(), kind.at(root).inTheWay());
    assertEquals(Optional.empty(), kind.at(root.resolve("a/b")).inTheWay());
    if (kind == Kind.LOCAL) {
      Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("nowhere"));
      assertEquals(link.toString(), kind.at(link).inTheWay().orElseThrow());
    }
    for (Path below : List.of(file, file.resolve("a"), file.resolve("a/b"))) {
      String found = kind.at(below).inTheWay().orElseThrow();
      assertTrue(found.endsWith(file.toString()), found);
    }
  }

  /** On HDFS its name node sees to that; Hadoop's view of local files does not. */
  @Test
  void ofManyThatPublishAtOnceOneSucceeds() throws Exception {
    FileStorage storage = Kind.LOCAL.at(root);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        String path = "journal/" + round;
        List<Future<Boolean>> published =
            IntStream.range(0, 8)
                .mapToObj(
                    writer ->
                        threads.submit(() -> storage.publish(path, bytes("writer " + writer))))
                .toList();
        int successes = 0;
        for (Future<Boolean> success : published) {
          successes += success.get() ? 1 : 0;
        }
        assertEquals(1, successes, path);
        assertTrue(text(storage, path).startsWith("writer "));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aReaderOfAFileThatIsReplacedSeesTheOldOneOrTheNew() throws Exception {
    FileStorage storage = Kind.LOCAL.at(root);
    storage.replace("tables/t/part", bytes("0".repeat(100_000)));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<Void> reader =
          threads.submit(
              () -> {
                while (!done.get()) {
                  byte[] seen = Files.readAllBytes(root.resolve("tables/t/part"));
                  assertEquals(100_000, seen.length);
                  assertEquals(seen[0], seen[99_999]);
                }
                return null;
              });
      for (int round = 1; round < 50; round++) {
        storage.replace("tables/t/part", bytes(String.valueOf(round % 10).repeat(100_000)));
      }
      done.set(true);
      reader.get();
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of("part"), names(storage, "tables/t"));
  }

  /** A process that was killed between writing and publishing leaves such a file. */
  @ParameterizedTest
  @EnumSource
  void whatWasNotPublishedIsInNoFolderThatIsRead(Kind kind) throws IOException {
    Path aside = root.resolve(FileStorage.STAGING).resolve("left-over");
    Files.createDirectories(aside.getParent());
    Files.writeString(aside, "half");
    FileStorage storage = kind.at(root);
    assertEquals(List.of(), names(storage, "journal"));
    assertTrue(storage.publish("journal/a", bytes("one")));
    assertEquals(List.of("a"), names(storage, "journal"));
  }

  @ParameterizedTest
  @EnumSource
  void aReplacedFileHoldsTheNewContent(Kind kind) {
    FileStorage storage = kind.at(root);
    storage.replace("tables/t/part", bytes("one"));
    storage.replace("tables/t/part", bytes("two"));
    assertEquals("two", text(storage, "tables/t/part"));
    assertEquals(List.of("part"), names(storage, "tables/t"));
    assertEquals(List.of(), names(storage, FileStorage.STAGING));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotThereIsEmpty(Kind kind) {
    FileStorage storage = kind.at(root.resolve("nowhere"));
    assertTrue(storage.read("journal/a").isEmpty());
    assertEquals(List.of(), names(storage, "journal"));
    assertFalse(storage.exists("journal"));
  }

  @ParameterizedTest
  @EnumSource
  void aFolderThatCannotBeMadeIsAnErrorOfTheInfrastructure(Kind kind) throws IOException {
    Files.writeString(root.resolve("file"), "in the way");
    FileStorage storage = kind.at(root.resolve("file"));
    InfrastructureException failure =
        assertThrows(
            InfrastructureException.class, () -> storage.publish("journal/a", bytes("one")));
    assertTrue(failure.getMessage().startsWith("Cannot write "), failure.getMessage());
    assertTrue(failure.getMessage().contains("run again"), failure.getMessage());
  }

  /** What is younger may be about to be published, by whoever is at the run. */
  @ParameterizedTest
  @EnumSource
  void whatWasLeftAsideLongAgoIsRemovedAndNothingElse(Kind kind) throws IOException {
    FileStorage storage = kind.at(root);
    storage.publish("journal/a", bytes("one"));
    storage.clean(Duration.ofHours(24));
    Path staging = root.resolve(FileStorage.STAGING);
    Path old = Files.writeString(staging.resolve("old"), "half");
    Path young = Files.writeString(staging.resolve("young"), "half");
    setAge(old, Duration.ofHours(25));
    setAge(young, Duration.ofHours(23));
    setAge(root.resolve("journal/a"), Duration.ofDays(100));
    storage.clean(Duration.ofHours(24));
    assertEquals(List.of("young"), names(storage, FileStorage.STAGING));
    assertEquals("one", text(storage, "journal/a"));
  }

  private static void setAge(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  @ParameterizedTest
  @EnumSource
  void aFolderIsRemovedOnlyIfItIsEmpty(Kind kind) throws IOException {
    FileStorage storage = kind.at(root.resolve("run"));
    Files.createDirectories(root.resolve("run/live"));
    storage.removeIfEmpty("live");
    storage.removeIfEmpty("live");
    storage.removeIfEmpty("");
    assertFalse(Files.exists(root.resolve("run")));
    storage.publish("journal/a", bytes("one"));
    storage.removeIfEmpty("journal");
    assertEquals("one", text(storage, "journal/a"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(FileStorage storage, String path) {
    return new String(storage.read(path).orElseThrow(), UTF_8);
  }

  private static List<String> names(FileStorage storage, String folder) {
    Stream<FileStorage.Entry> entries = storage.list(folder).stream();
    return entries.map(FileStorage.Entry::name).filter(name -> !name.endsWith(".crc")).toList();
  }

  @Test
  void aFileSystemWhoseJarsAreMissing_isToldWithTheCure() {
    InfrastructureException failure =
        assertThrows(
            InfrastructureException.class, () -> new HadoopStorage("abfs://box@account/runs"));
    assertTrue(failure.getMessage().contains("TRAWL_JARS"), failure.getMessage());
  }
}
