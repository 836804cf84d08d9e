package org.trawl.core.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;

final class DataCacheTest {
  private final DataCache cache = new DataCache();

  @TempDir private Path folder;

  @Test
  void eightThreads_shareOneReadingAndOneSplit() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    Storage counting =
        address -> {
          opened.incrementAndGet();
          return Storage.local().open(address);
        };
    DataSpec spec = TestSources.dataSpec(TestSources.DIGITS, 0.2, 0, 0);

    List<TrainingData> results =
        atOnce(8, () -> cache.trainingData(spec, new RandomStream(1), 0, counting));

    assertEquals(1, opened.get());
    for (TrainingData data : results) {
      assertSame(results.get(0), data);
      assertSame(cache.load(TestSources.DIGITS, counting), data.dataset());
    }
  }

  @Test
  void splitsOfAnotherKeyOrFold_areOthers() {
    DataSpec spec = TestSources.dataSpec(TestSources.DIGITS, 0, 0, 3);
    TrainingData first = cache.trainingData(spec, new RandomStream(1), 1, Storage.local());

    assertSame(first, cache.trainingData(spec, new RandomStream(1), 1, Storage.local()));
    assertNotSame(first, cache.trainingData(spec, new RandomStream(1), 2, Storage.local()));
    assertNotSame(first, cache.trainingData(spec, new RandomStream(2), 1, Storage.local()));
    for (int key = 10; key < 60; key++) {
      TrainingData other = cache.trainingData(spec, new RandomStream(key), 1, Storage.local());
      assertSame(first.dataset(), other.dataset());
    }
    TrainingData again = cache.trainingData(spec, new RandomStream(1), 1, Storage.local());
    assertNotSame(first, again);
    assertEquals(first.validation().length, again.validation().length);
  }

  @Test
  void changedFiles_areReadAgain() throws IOException {
    Path file = TestSources.write(folder, "t.csv", "1,a\n2,b\n");
    SourceSpec source = TestSources.csv(file, "", Header.AUTO);
    DataSpec spec = TestSources.dataSpec(source, 0, 0, 0);
    Dataset before = cache.load(source, Storage.local());
    String fingerprint = cache.fingerprint(source, Storage.local());
    TrainingData data = cache.trainingData(spec, new RandomStream(1), 0, Storage.local());
    assertSame(before, cache.load(source, Storage.local()));

    TestSources.write(folder, "t.csv", "1,a\n3,b\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));

    assertNotSame(before, cache.load(source, Storage.local()));
    assertNotEquals(fingerprint, cache.fingerprint(source, Storage.local()));
    assertNotSame(data, cache.trainingData(spec, new RandomStream(1), 0, Storage.local()));
    assertSame(
        cache.load(source, Storage.local()),
        cache.trainingData(spec, new RandomStream(1), 0, Storage.local()).dataset());
  }

  @Test
  void failures_areNotKept() throws Exception {
    Path file = folder.resolve("t.csv");
    SourceSpec source = TestSources.csv(file, "", Header.AUTO);
    assertThrows(DataException.class, () -> cache.load(source, Storage.local()));
    assertThrows(DataException.class, () -> cache.fingerprint(source, Storage.local()));

    TestSources.write(folder, "t.csv", "1,a\n2,b\n");

    assertEquals(2, cache.load(source, Storage.local()).trainRows());
    TestSources.write(folder, "t.csv", "1,a\n2,b\nx\n");
    assertThrows(DataException.class, () -> cache.load(source, Storage.local()));
  }

  @Test
  void fingerprints_areOfContent() {
    byte[] text = "1,2,a\n3,4,b\n".getBytes(StandardCharsets.UTF_8);
    String plain = fingerprint("plain.csv", text, "-1");
    assertTrue(plain.matches("[0-9a-f]{64}"), plain);

    assertEquals(plain, fingerprint("packed.csv", TestSources.gzip(text), "-1"));
    assertEquals(plain, fingerprint("same-column.csv", text, "2"));
    assertEquals(plain, fingerprint("header.csv", ("x,y,k\n" + string(text)).getBytes(UTF_8), "k"));
    assertNotEquals(plain, fingerprint("feature.csv", "1,2,a\n3,5,b\n".getBytes(UTF_8), "-1"));
    assertNotEquals(plain, fingerprint("real.csv", "1,2,a\n3,4.5,b\n".getBytes(UTF_8), "-1"));
    assertNotEquals(plain, fingerprint("label.csv", "1,2,b\n3,4,a\n".getBytes(UTF_8), "-1"));
    assertNotEquals(plain, fingerprint("name.csv", "1,2,a\n3,4,c\n".getBytes(UTF_8), "-1"));
    assertNotEquals(plain, fingerprint("column.csv", "1,2,4\n3,4,5\n".getBytes(UTF_8), "0"));
    SourceSpec classes = TestSources.csv(folder.resolve("plain.csv"), "", Header.AUTO, "b", "a");
    assertNotEquals(plain, cache.fingerprint(classes, Storage.local()));
    Path file = folder.resolve("plain.csv");
    SourceSpec asTest = TestSources.csv(List.of(file), List.of(file), "", Header.AUTO);
    SourceSpec asTrain = TestSources.csv(List.of(file, file), List.of(), "", Header.AUTO);
    assertNotEquals(
        cache.fingerprint(asTest, Storage.local()), cache.fingerprint(asTrain, Storage.local()));
  }

  @Test
  void theFingerprintOfDigits_doesNotChange() {
    // where this fails, results of earlier runs are not recognised: their trials run again
    assertEquals(
        "9b9797ca2d82817a74e84d0b3631eb3945e3600778eae3804cf78907b6b18532",
        cache.fingerprint(TestSources.DIGITS, Storage.local()));
  }

  @Test
  void specificationsAndStorage_goOverTheWire() throws Exception {
    DataSpec spec = TestSources.dataSpec(TestSources.DIGITS, 0.2, 0, 0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(spec);
      stream.writeObject(Storage.local());
    }
    try (ObjectInputStream stream =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      DataSpec received = (DataSpec) stream.readObject();
      Storage storage = (Storage) stream.readObject();
      assertEquals(spec, received);
      assertSame(
          cache.trainingData(spec, new RandomStream(1), 0, Storage.local()),
          cache.trainingData(received, new RandomStream(1), 0, storage));
    }
  }

  @Test
  void classpathAddresses_thatLeadNowhereAreRefused() {
    SourceSpec source = TestSources.csv(Path.of("unused"), "", Header.AUTO);
    SourceSpec nowhere =
        new SourceSpec(
            "nowhere",
            Format.CSV,
            List.of("classpath:/none.csv"),
            source.trainLabels(),
            source.test(),
            source.testLabels(),
            source.label(),
            source.header(),
            source.classes(),
            0);

    DataException error =
        assertThrows(DataException.class, () -> cache.load(nowhere, Storage.local()));

    assertEquals(
        "Cannot read the training samples of nowhere: classpath:/none.csv: no such file in the"
            + " application's jar; expected a CSV file, gzip or not",
        error.getMessage());
  }

  private String fingerprint(String name, byte[] content, String label) {
    Path file = TestSources.write(folder, name, content);
    return cache.fingerprint(TestSources.csv(file, label, Header.AUTO), Storage.local());
  }

  private static String string(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }

  private static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch start = new CountDownLatch(threads);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(
            pool.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return work.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}
