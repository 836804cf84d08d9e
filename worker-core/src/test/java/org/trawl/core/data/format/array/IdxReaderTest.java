package org.trawl.core.data.format.array;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.kernel.RandomStream;

final class IdxReaderTest {
  private static final byte[] PIXELS = {0, 1, 2, 3, 4, (byte) 255, 6, 7, 8, 9, 10, (byte) 128};
  private static final byte[] IMAGES = TestSources.idx(0x08, new int[] {3, 2, 2}, PIXELS);
  private static final byte[] LABELS = TestSources.idx(0x08, new int[] {3}, new byte[] {7, 2, 7});

  @TempDir private Path folder;

  @Test
  void images_areFlattenedAndStayBytes() {
    Dataset dataset = read(IMAGES, LABELS);

    Samples.Bytes samples = (Samples.Bytes) dataset.samples();
    assertEquals(3, samples.rows());
    assertEquals(4, samples.columns());
    assertArrayEquals(PIXELS, samples.data());
    assertEquals(List.of("2", "7"), dataset.classes());
    assertArrayEquals(new int[] {1, 0, 1}, dataset.labels());
    assertEquals(255, dataset.fullScale());
    assertEquals(3, dataset.trainRows());
    assertEquals(0, dataset.testRows());
    assertEquals(new SampleShape(2, 2, 1), dataset.shape());
  }

  @Test
  void gzip_isKnownByItsContentNotItsName() {
    Dataset dataset = read(TestSources.gzip(IMAGES), TestSources.gzip(LABELS));

    assertArrayEquals(PIXELS, ((Samples.Bytes) dataset.samples()).data());
  }

  @Test
  void severalFilesAndTestFiles_areReadInOrder() {
    RandomStream random = new RandomStream(1);
    byte[] first = TestSources.randomBytes(random, 5 * 6);
    byte[] second = TestSources.randomBytes(random, 700_000 * 6);
    byte[] test = TestSources.randomBytes(random, 2 * 6);
    byte[] manyLabels = new byte[700_000];
    manyLabels[699_999] = 1;
    SourceSpec source =
        TestSources.idx(
            List.of(
                write("a", TestSources.idx(0x08, new int[] {5, 6}, first)),
                write(
                    "b", TestSources.gzip(TestSources.idx(8, new int[] {700_000, 3, 2}, second)))),
            List.of(
                write("a-labels", TestSources.idx(0x08, new int[] {5}, new byte[5])),
                write("b-labels", TestSources.idx(0x08, new int[] {700_000}, manyLabels))),
            List.of(write("t", TestSources.idx(0x08, new int[] {2, 6}, test))),
            List.of(write("t-labels", TestSources.idx(0x08, new int[] {2}, new byte[] {1, 2}))));

    Dataset dataset = TestSources.read(source);

    ByteBuffer all = ByteBuffer.allocate(first.length + second.length + test.length);
    all.put(first).put(second).put(test);
    assertArrayEquals(all.array(), ((Samples.Bytes) dataset.samples()).data());
    assertEquals(700_005, dataset.trainRows());
    assertEquals(2, dataset.testRows());
    assertEquals(List.of("0", "1", "2"), dataset.classes());
    assertEquals(2, dataset.labels()[700_006]);
  }

  @Test
  void otherTypes_becomeReals() {
    checkReals(0x09, new byte[] {-128, 5, 127, 0}, -128, 5, 127, 0);
    checkReals(0x0B, shorts(-32768, 5, 32767, 1), -32768, 5, 32767, 1);
    checkReals(0x0C, ints(-70000, 5, 1 << 24, 1), -70000, 5, 1 << 24, 1);
    checkReals(
        0x0D,
        ByteBuffer.allocate(16).putFloat(0.1f).putFloat(-2).putFloat(3e38f).putFloat(0).array(),
        0.1f,
        -2,
        3e38f,
        0);
    checkReals(
        0x0E,
        ByteBuffer.allocate(32).putDouble(0.1).putDouble(-2).putDouble(1e-3).putDouble(0).array(),
        0.1f,
        -2,
        1e-3f,
        0);
  }

  private void checkReals(int type, byte[] values, float... expected) {
    Dataset dataset =
        read(
            TestSources.idx(type, new int[] {2, 2}, values),
            TestSources.idx(0x0B, new int[] {2}, shorts(300, -1)));

    assertArrayEquals(expected, ((Samples.Reals) dataset.samples()).held().data);
    assertEquals(0, dataset.fullScale());
    assertEquals(List.of("-1", "300"), dataset.classes());
  }

  @Test
  void bytesBeforeReals_becomeRealsToo() {
    SourceSpec source =
        TestSources.idx(
            List.of(write("a", IMAGES)),
            List.of(write("b", LABELS)),
            List.of(write("c", TestSources.idx(0x0B, new int[] {1, 4}, shorts(-1, 256, 3, 4)))),
            List.of(write("d", TestSources.idx(0x08, new int[] {1}, new byte[] {2}))));

    Dataset dataset = TestSources.read(source);

    assertArrayEquals(
        new float[] {0, 1, 2, 3, 4, 255, 6, 7, 8, 9, 10, 128, -1, 256, 3, 4},
        ((Samples.Reals) dataset.samples()).held().data);
    assertEquals(0, dataset.fullScale());
  }

  @Test
  void classes_canBeNamedByNumberOrByWord() {
    Dataset numbers = read(IMAGES, LABELS, "0", "7", "2");
    assertEquals(List.of("0", "7", "2"), numbers.classes());
    assertArrayEquals(new int[] {1, 2, 1}, numbers.labels());

    byte[] labels = TestSources.idx(0x08, new int[] {3}, new byte[] {2, 0, 1});
    Dataset words = read(IMAGES, labels, "shirt", "coat", "bag");
    assertEquals(List.of("shirt", "coat", "bag"), words.classes());
    assertArrayEquals(new int[] {2, 0, 1}, words.labels());

    checkError(IMAGES, LABELS, "labels: offset 9: expected a label of 0, 7, found 2", "0", "7");
    checkError(
        IMAGES, LABELS, "labels: offset 8: expected a label from 0 to 1, found 7", "yes", "no");
  }

  @Test
  void damagedFiles_areRefusedWithTheirPlace() {
    checkError(
        new byte[0], LABELS, "images: offset 0: expected an IDX header, found an empty file");
    checkError(new byte[] {0, 0, 8}, LABELS, "offset 0: expected an IDX header, found 3 bytes");
    checkError(
        "hello, world".getBytes(UTF_8),
        LABELS,
        "offset 0: expected the two zero bytes that an IDX file starts with, found 0x6865");
    checkError(
        TestSources.idx(0x07, new int[] {3, 2}, PIXELS), LABELS, "offset 2: expected an IDX type");
    checkError(
        TestSources.idx(0x08, new int[] {}, PIXELS),
        LABELS,
        "offset 3: expected at least 1 dimension, found 0");
    checkError(
        Arrays.copyOf(IMAGES, 10),
        LABELS,
        "offset 10: expected 3 sizes of 4 bytes, found the end of the file");
    checkError(
        TestSources.idx(0x08, new int[] {3, 0, 2}, PIXELS),
        LABELS,
        "offset 8: expected a size of at least 1, found 0");
    checkError(
        Arrays.copyOf(IMAGES, 20),
        LABELS,
        "images: offset 20: expected 12 values of 1 bytes after the header, found the end");
    checkError(
        TestSources.gzip(Arrays.copyOf(IMAGES, 20)),
        LABELS,
        "images: offset 20: expected 12 values of 1 bytes after the header, found the end");
    checkError(
        Arrays.copyOf(IMAGES, IMAGES.length + 1),
        LABELS,
        "images: offset 28: expected the end of the file after 12 values, found more bytes");
    checkError(IMAGES, IMAGES, "labels: offset 3: expected 1 dimension, a label a sample, found 3");
    checkError(
        LABELS, LABELS, "images: offset 3: expected at least 2 dimensions (samples, features)");
    checkError(
        IMAGES,
        TestSources.idx(0x08, new int[] {2}, new byte[] {1, 2}),
        "labels: offset 4: expected 3 labels, one a sample of ");
    checkError(
        IMAGES,
        TestSources.idx(0x0D, new int[] {3}, new byte[12]),
        "labels: offset 2: expected labels that are whole numbers");
    checkError(
        TestSources.idx(
            0x0E,
            new int[] {3, 1},
            ByteBuffer.allocate(24).putDouble(1).putDouble(Double.NaN).array()),
        LABELS,
        "images: offset 20: expected a finite number, found NaN");
    checkError(
        IMAGES,
        TestSources.idx(0x08, new int[] {3}, new byte[3]),
        "Cannot classify pictures: expected at least 2 classes, found 1: 0");
  }

  @Test
  void damagedGzip_isRefused() {
    byte[] packed = TestSources.gzip(IMAGES);
    checkError(
        Arrays.copyOf(packed, packed.length - 6),
        LABELS,
        "of the packed file: expected the checksum of a member, found the end of the file");
    byte[] flipped = packed.clone();
    flipped[packed.length - 6] ^= 1; // the checksum
    checkError(
        flipped, LABELS, "of the packed file: expected the checksum of the member before it, 0x");
  }

  @Test
  void hugeSizes_areRefusedWithoutMemory() {
    byte[] start = new byte[100];
    byte[] million = TestSources.idx(0x08, new int[] {1_000_000}, start);
    checkError(
        TestSources.idx(0x08, new int[] {1_000_000, 30_000, 30_000}, start),
        million,
        "offset 8: expected at most 2147483639 values in all, found a size of 30000");
    checkError(
        TestSources.idx(0x08, new int[] {-1, 28, 28}, start),
        million,
        "offset 4: expected at most 2147483639 values in all, found a size of 4294967295");
    checkError(
        TestSources.idx(0x08, new int[] {1_000_000, 10, 10}, start),
        million,
        "images: offset 116: expected 100000000 values of 1 bytes after the header");
  }

  @Test
  void moreThanTheHeap_isRefusedBeforeItIsRead() {
    int rows = (int) (Math.min(Runtime.getRuntime().maxMemory(), 1L << 33) / 5 / 1000);
    byte[] images = TestSources.idx(0x0E, new int[] {rows, 1600}, new byte[100]);
    checkError(
        images,
        TestSources.idx(0x08, new int[] {rows}, new byte[100]),
        (long) rows * 1600 > SamplesBuilder.LONGEST_ARRAY
            ? "expected at most 2147483639 values"
            : "Cannot hold pictures: reading it takes ");
  }

  @Test
  void missingFiles_areNamedWithWhatWasExpectedAndTheCure() {
    SourceSpec files = TestSources.idx(folder.resolve("x"), folder.resolve("y"));
    SourceSpec source =
        new SourceSpec(
            "fashion",
            files.format(),
            files.train(),
            files.trainLabels(),
            List.of(),
            List.of(),
            files.test(),
            files.testLabels(),
            files.label(),
            files.header(),
            files.classes(),
            Map.of(),
            0,
            SampleShape.NONE,
            SourceSpec.ImageChanges.NONE,
            "install the package");

    DataException error = assertThrows(DataException.class, () -> TestSources.read(source));

    assertEquals(
        "Cannot read the training images of fashion: %s: no such file;"
                .formatted(folder.resolve("x"))
            + " expected an IDX file, gzip or not; to obtain it: install the package",
        error.getMessage());
  }

  @Test
  void labelFiles_areOneAnImageFile() {
    SourceSpec source =
        TestSources.idx(List.of(write("a", IMAGES)), List.of(), List.of(), List.of());

    DataException error = assertThrows(DataException.class, () -> TestSources.read(source));

    assertEquals(
        "Cannot read pictures: train-labels: expected a label file for each of 1 image files, found"
            + " 0",
        error.getMessage());
  }

  private Dataset read(byte[] images, byte[] labels, String... classes) {
    return TestSources.read(
        TestSources.idx(write("images", images), write("labels", labels), classes));
  }

  private void checkError(byte[] images, byte[] labels, String message, String... classes) {
    DataException error =
        assertThrows(DataException.class, () -> read(images, labels, classes), message);
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private Path write(String name, byte[] content) {
    return TestSources.write(folder, name, content);
  }

  private static byte[] shorts(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(2 * values.length);
    for (int value : values) {
      buffer.putShort((short) value);
    }
    return buffer.array();
  }

  private static byte[] ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.array();
  }
}
