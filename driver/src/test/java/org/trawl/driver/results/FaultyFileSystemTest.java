package org.trawl.driver.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.trawl.driver.results.ConditionalStore.Condition;
import org.trawl.driver.results.FaultyFileSystem.Fault;

/** What becomes of files where Hadoop's file system fails. */
class FaultyFileSystemTest {
  private static final String SEGMENT = "journal/a";
  private static final String TABLE = "tables/t/part";

  @TempDir private Path root;
  private FileStorage storage;

  @BeforeEach
  void open() {
    storage =
        new HadoopStorage(FaultyFileSystem.SCHEME + "://" + root, FaultyFileSystem.configuration());
  }

  @AfterEach
  void repair() {
    FaultyFileSystem.fault = Fault.NONE;
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAME_REFUSED", "CLOSE_THROWS", "NO_SPACE"})
  void whatFailsIsNotThereAndLeavesNothingAside(Fault fault) {
    FaultyFileSystem.fault = fault;
    InfrastructureException failure =
        assertThrows(InfrastructureException.class, () -> storage.publish(SEGMENT, bytes("one")));
    assertTrue(failure.getMessage().startsWith("Cannot write faulty:"), failure.getMessage());
    assertTrue(failure.getMessage().contains("run again"), failure.getMessage());
    FaultyFileSystem.fault = Fault.NONE;
    assertFalse(storage.exists(SEGMENT));
    assertEquals(List.of(), storage.list(FileStorage.STAGING));
    assertTrue(storage.publish(SEGMENT, bytes("one")), "once it works again");
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAME_REFUSED", "CLOSE_THROWS", "NO_SPACE"})
  void aFileThatCannotBeReplacedStaysAsItWas(Fault fault) {
    storage.replace(TABLE, bytes("old"));
    FaultyFileSystem.fault = fault;
    assertThrows(InfrastructureException.class, () -> storage.replace(TABLE, bytes("new")));
    FaultyFileSystem.fault = Fault.NONE;
    assertEquals("old", text(TABLE));
    assertEquals(List.of(), storage.list(FileStorage.STAGING));
  }

  /** As S3 and HDFS do where another driver writes a table that is being read. */
  @Test
  void aFileWhosePlaceAnotherTakesIsReadAnew() {
    storage.replace(TABLE, bytes("old"));
    FaultyFileSystem.beforeReading(
        () -> {
          storage.replace(TABLE, bytes("another"));
          throw new IOException("precondition failed");
        });
    assertEquals("another", text(TABLE));
    FaultyFileSystem.beforeReading(
        () -> {
          storage.delete(TABLE);
          throw new FileNotFoundException("no block");
        });
    assertEquals(Optional.empty(), storage.read(TABLE));
  }

  @Test
  void aFileThatCannotBeReadIsTold() {
    storage.replace(TABLE, bytes("old"));
    FaultyFileSystem.fault = Fault.READ_REFUSED;
    InfrastructureException failure =
        assertThrows(InfrastructureException.class, () -> storage.read(TABLE));
    assertTrue(failure.getMessage().contains("read refused"), failure.getMessage());
  }

  /** Whoever wrote it: a segment's name says what is in it. */
  @Test
  void aFileThatIsThereAfterAllIsASuccess() {
    FaultyFileSystem.fault = Fault.RENAME_ANSWER_LOST;
    assertFalse(storage.publish(SEGMENT, bytes("one")));
    assertEquals("one", text(SEGMENT));
  }

  @Test
  void aFileThatAnotherWriterWasFasterWithIsASuccess() {
    FaultyFileSystem.fault = Fault.ALREADY_EXISTS;
    assertFalse(storage.publish(SEGMENT, bytes("one")));
    assertEquals(List.of(), storage.list(FileStorage.STAGING));
  }

  @Test
  void anAttemptIsRecordedOnceWhereTheAnswerIsLost() {
    Instant time = Instant.parse("2026-01-02T03:04:05Z");
    Attempt attempt = new Attempt("abc", 1, "host", "1", time, time, Status.FAILED, "cause", 0, 0);
    FaultyFileSystem.fault = Fault.RENAME_ANSWER_LOST;
    assertEquals(1, new Journal(storage).record(attempt).number());
    FaultyFileSystem.fault = Fault.NONE;
    Attempt other = new Attempt("abc", 1, "host", "2", time, time, Status.FAILED, "cause", 0, 0);
    assertEquals(2, new Journal(storage).record(other).number());
    assertEquals(List.of(attempt, other.numbered(2)), recorded());
  }

  private List<Attempt> recorded() {
    return new Journal(storage)
        .attempts(Set.of("abc")).stream().sorted(Comparator.comparingInt(Attempt::number)).toList();
  }

  @Test
  void aStoreThatIgnoresConditionsIsToldBeforehand() {
    FileStorage store = conditionalStore(Condition.IGNORED);
    InfrastructureException told = assertThrows(InfrastructureException.class, store::check);
    assertTrue(told.getMessage().contains("ignores the condition"), told.getMessage());
    assertTrue(told.getMessage().contains("enabled to false, and run again"), told.getMessage());
    assertEquals(List.of(), store.list(FileStorage.STAGING));
  }

  @Test
  void aStoreThatKnowsNoConditionsIsToldBeforehand() {
    FileStorage store = conditionalStore(Condition.UNKNOWN);
    InfrastructureException told = assertThrows(InfrastructureException.class, store::check);
    assertTrue(told.getMessage().contains("knows no conditional writes"), told.getMessage());
    assertTrue(told.getMessage().contains("enabled to false, and run again"), told.getMessage());
  }

  @Test
  void aStoreThatKeepsToConditionsIsFine() {
    FileStorage store = conditionalStore(Condition.KEPT);
    store.check();
    assertEquals(List.of(), store.list(FileStorage.STAGING));
    assertTrue(store.publish(SEGMENT, bytes("one")));
    assertFalse(store.publish(SEGMENT, bytes("other")));
    assertEquals(Optional.of("one"), store.read(SEGMENT).map(bytes -> new String(bytes, UTF_8)));
  }

  private FileStorage conditionalStore(Condition condition) {
    ConditionalStore.condition = condition;
    return new HadoopStorage("gs://" + root, ConditionalStore.configuration());
  }

  @Test
  void aFolderIsRemovedOnlyIfItIsEmpty() throws Exception {
    Files.createDirectories(root.resolve("live"));
    storage.removeIfEmpty("live");
    assertFalse(Files.exists(root.resolve("live")));
    storage.publish(SEGMENT, bytes("one"));
    storage.removeIfEmpty("journal");
    storage.removeIfEmpty("nowhere");
    assertEquals("one", text(SEGMENT));
  }

  private String text(String path) {
    return new String(storage.read(path).orElseThrow(), UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
