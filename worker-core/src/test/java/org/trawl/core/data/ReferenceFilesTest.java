package org.trawl.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.format.image.ImageDecoder;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.SourceSpec.ImageChanges;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;

/** Files that NumPy, SciPy, scikit-learn and Pillow wrote (make.py beside them). */
final class ReferenceFilesTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 5;
  private static final int CHANNELS = 3;

  @TempDir private Path folder;

  /** The value of sample n, row r, column c, channel k in all files. */
  private static int value(int n, int r, int c, int k) {
    return (37 * n + 11 * r + 5 * c + 3 * k + 1) % 256;
  }

  private static byte[] pixels(int samples, int rows, int columns, int channels) {
    byte[] pixels = new byte[samples * rows * columns * channels];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = i / channels;
      pixels[i] =
          (byte)
              value(pixel / columns / rows, pixel / columns % rows, pixel % columns, i % channels);
    }
    return pixels;
  }

  private static float[] table() {
    float[] table = new float[6 * ROWS];
    for (int i = 0; i < table.length; i++) {
      table[i] = value(i / ROWS, i % ROWS, 0, 0) / 8f - 3;
    }
    return table;
  }

  static Path file(String name) {
    try {
      return Path.of(ReferenceFilesTest.class.getResource("make.py").toURI()).resolveSibling(name);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static SourceSpec source(Format format, String train, String labels, String test, String label) {
    return new SourceSpec(
        "reference",
        format,
        addresses(train),
        addresses(labels),
        addresses(test),
        List.of(),
        label,
        Header.AUTO,
        List.of(),
        0);
  }

  private static SourceSpec named(SourceSpec source, List<String> classes, Map<String, String> re) {
    return new SourceSpec(
        source.name(),
        source.format(),
        source.train(),
        source.trainLabels(),
        source.validation(),
        source.validationLabels(),
        source.test(),
        source.testLabels(),
        source.label(),
        source.header(),
        classes,
        re,
        source.fullScale(),
        source.shape(),
        source.changes(),
        "");
  }

  private static List<String> addresses(String names) {
    return Arrays.stream(names.split(" "))
        .filter(n -> !n.isEmpty())
        .map(n -> "" + file(n))
        .toList();
  }

  private static Dataset read(Format format, String train, String labels) {
    return TestSources.read(source(format, train, labels, "", ""));
  }

  private static void checkPixels(Dataset dataset) {
    assertArrayEquals(
        pixels(6, ROWS, COLUMNS, CHANNELS), ((Samples.Bytes) dataset.samples()).data());
    assertEquals(new SampleShape(ROWS, COLUMNS, CHANNELS), dataset.shape());
    assertEquals(255, dataset.fullScale());
    assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, dataset.labels());
    assertEquals(List.of("0", "1", "2"), dataset.classes());
  }

  private static void checkTable(Dataset dataset) {
    assertArrayEquals(table(), ((Samples.Reals) dataset.samples()).held().data);
    assertEquals(SampleShape.NONE, dataset.shape());
    assertEquals(0, dataset.fullScale());
    assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, dataset.labels());
  }

  @ParameterizedTest
  @CsvSource({
    "pixels.npy,labels-i8.npy",
    "pixels-fortran.npy,labels-u1.npy",
    "pixels.npy,labels-f4.npy"
  })
  void npy_pixels(String train, String labels) {
    checkPixels(read(Format.NPY, train, labels));
  }

  @ParameterizedTest
  @ValueSource(strings = {"table-f8-big.npy", "table-f4-fortran.npy", "table-f2.npy"})
  void npy_reals(String train) {
    checkTable(read(Format.NPY, train, "labels-i8.npy"));
  }

  @Test
  void npy_texts() {
    assertEquals(
        List.of("bird", "dog", "ñandú"),
        read(Format.NPY, "pixels.npy", "labels-words.npy").classes());
    Dataset bytes = read(Format.NPY, "pixels.npy", "labels-bytes.npy");
    assertEquals(List.of("bird", "dog", "emu"), bytes.classes());
    assertArrayEquals(new int[] {1, 0, 2, 1, 0, 2}, bytes.labels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pixels.npz", "pixels-compressed.npz"})
  void npz(String name) {
    Dataset dataset = TestSources.read(source(Format.NPZ, name, "", name, ""));

    checkPixels(dataset);
    assertEquals(4, dataset.trainRows());
    assertEquals(2, dataset.testRows());

    SourceSpec explicit =
        source(
            Format.NPZ,
            name + "#x_train " + name + "#x_test",
            name + "#y_train " + name + "#y_test.npy",
            "",
            "");
    checkPixels(TestSources.read(explicit));
  }

  @Test
  void npz_ofOneArray() {
    checkPixels(read(Format.NPZ, "alone.npz", "alone-labels.npz"));
  }

  @Test
  void mat_likeSvhn() {
    for (String name : List.of("svhn.mat", "svhn-compressed.mat")) {
      SourceSpec source = source(Format.MAT, name, "", "", "");
      checkPixels(TestSources.read(named(source, List.of("0", "1", "2"), Map.of("10", "0"))));
      assertEquals(List.of("1", "2", "10"), TestSources.read(source).classes());
    }
  }

  @Test
  void mat_tables() {
    checkTable(read(Format.MAT, "table.mat#features", "table.mat#kinds"));

    Dataset whole = read(Format.MAT, "whole.mat", "");
    assertArrayEquals(
        new float[] {1, 2, 3, 4, 200, 300}, ((Samples.Reals) whole.samples()).held().data);
    assertArrayEquals(new int[] {0, 1, 0}, whole.labels());
  }

  @Test
  void libsvm() {
    float[] table = table();
    for (int i = 0; i < table.length; i++) {
      table[i] = Math.max(0, table[i]);
    }
    for (String name : List.of("from-0.svm", "from-1.svm", "queries.svm")) {
      Dataset dataset = read(Format.LIBSVM, name, "");
      assertArrayEquals(table, ((Samples.Reals) dataset.samples()).held().data, name);
      assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, dataset.labels());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png-rgb", "bmp-rgb"})
  void images(String name) {
    Dataset dataset = read(Format.IMAGES, name, "");

    int[] order = {0, 3, 1, 4, 2, 5}; // a folder a class
    byte[] expected = pixels(6, ROWS, COLUMNS, CHANNELS);
    int size = ROWS * COLUMNS * CHANNELS;
    byte[] found = ((Samples.Bytes) dataset.samples()).data();
    for (int i = 0; i < order.length; i++) {
      assertArrayEquals(
          Arrays.copyOfRange(expected, order[i] * size, (order[i] + 1) * size),
          Arrays.copyOfRange(found, i * size, (i + 1) * size));
    }
    assertEquals(new SampleShape(ROWS, COLUMNS, CHANNELS), dataset.shape());
    assertArrayEquals(new int[] {0, 0, 1, 1, 2, 2}, dataset.labels());
    assertEquals(255, dataset.fullScale());
  }

  @ParameterizedTest
  @ValueSource(strings = {"png-gray", "bmp-gray"})
  void images_gray(String name) {
    Dataset dataset = read(Format.IMAGES, name, "");

    assertEquals(new SampleShape(ROWS, COLUMNS, 1), dataset.shape());
    assertEquals(value(3, 2, 4, 0), ((Samples.Bytes) dataset.samples()).data()[20 + 14] & 0xFF);
  }

  @Test
  void images_partsAreFoldersOfTheOneFolder() throws IOException {
    for (String name : List.of("train/a/1", "train/b/1", "val/b/1", "val/a/1", "test/b/9")) {
      Path target = folder.resolve(name + ".png");
      Files.createDirectories(target.getParent());
      Files.copy(file("png-gray/0/0.png"), target);
    }
    Files.writeString(folder.resolve("train/a/.hidden"), "x");
    Files.writeString(folder.resolve("README.txt"), "x");

    Dataset dataset =
        TestSources.read(
            new SourceSpec(
                "faces",
                Format.IMAGES,
                List.of("" + folder),
                List.of(),
                List.of(),
                List.of(),
                "",
                Header.AUTO,
                List.of(),
                0));

    assertEquals(2, dataset.trainRows());
    assertEquals(2, dataset.validationRows());
    assertEquals(1, dataset.testRows());
    assertEquals(List.of("a", "b"), dataset.classes());
    assertArrayEquals(new int[] {0, 1, 0, 1, 1}, dataset.labels());
  }

  /** Lossless kinds as Pillow reads them; JPEGs within what decoders round differently. */
  @Test
  void images_ofAllKinds() throws IOException {
    for (String line : Files.readAllLines(file("kinds.txt"))) {
      String[] fields = line.split(" ");
      String name = fields[0].replace('-', '.').replace("gray.palette", "gray-palette");
      int[] sizes = Arrays.stream(fields[1].split("x")).mapToInt(Integer::parseInt).toArray();
      byte[] expected = HexFormat.of().parseHex(fields[2]);
      SourceSpec source = source(Format.IMAGES, "kinds", "", "", "");
      ImageDecoder.Image image;
      try (SourceFile file =
          SourceFile.open(source, "image", "" + file("kinds/" + name), Storage.local())) {
        image = ImageDecoder.decode(file, ImageChanges.NONE, SampleShape.NONE, "");
      }
      int channels = sizes.length == 3 ? sizes[2] : 1;
      assertEquals(new SampleShape(sizes[0], sizes[1], channels), image.shape(), name);
      int tolerance = name.endsWith(".jpg") ? 3 : 0;
      int worst =
          IntStream.range(0, expected.length)
              .map(i -> Math.abs((expected[i] & 0xFF) - (image.pixels()[i] & 0xFF)))
              .max()
              .orElseThrow();
      assertTrue(worst <= tolerance, name + " differs by " + worst);
    }
  }

  /** Whose names do not fit into the header of a tar archive. */
  @ParameterizedTest
  @ValueSource(strings = {"long-pax.tar.gz", "long-gnu.tar.gz"})
  void longNamesInTar(String name) {
    String entry = "#" + "l".repeat(120) + "/ñ.csv";
    checkTable(TestSources.read(source(Format.CSV, name + entry, "", "", "")));
  }

  @Test
  void mat_ofVersion73_isRefusedWithACure() {
    byte[] header = new byte[600];
    byte[] text = "MATLAB 7.3 MAT-file, Platform: GLNXA64".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, header, 0, text.length);
    checkHdf5(header, "found one of version 7.3, which is HDF5");
    byte[] hdf5 = "\u0089HDF\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
    checkHdf5(Arrays.copyOf(hdf5, 600), "found an HDF5 file");
  }

  private void checkHdf5(byte[] content, String found) {
    Path file = TestSources.write(folder, "new.mat", content);
    SourceSpec source =
        new SourceSpec(
            "new",
            Format.MAT,
            List.of("" + file),
            List.of(),
            List.of(),
            List.of(),
            "",
            Header.AUTO,
            List.of(),
            0);
    String message = assertThrows(DataException.class, () -> TestSources.read(source)).getMessage();
    assertTrue(message.contains("save('NAME.mat', ..., '-v7')"), message);
    assertTrue(message.contains(found), message);
  }

  @Test
  void cifar10_asItIsDistributed() {
    String archive = "cifar-10-binary.tar.gz";
    SourceSpec source = source(Format.CIFAR10, archive, "", archive, "");
    Dataset dataset = TestSources.read(source);

    byte[] data = assertInstanceOf(Samples.Bytes.class, dataset.samples()).data();
    assertArrayEquals(pixels(16, 32, 32, 3), data);
    assertEquals(12, dataset.trainRows());
    assertEquals(4, dataset.testRows());
    assertEquals("airplane", dataset.classes().get(0));
    assertEquals(10, dataset.classes().size());
    assertEquals(new SampleShape(32, 32, 3), dataset.shape());
    assertArrayEquals(IntStream.range(0, 16).map(n -> n % 10).toArray(), dataset.labels());

    Dataset subset = TestSources.read(named(source, List.of("3", "bird"), Map.of()));
    assertEquals(List.of("cat", "bird"), subset.classes());
    assertArrayEquals(new int[] {1, 0, 1, 0}, subset.labels()); // 2, 3, 12, 13
    assertEquals(2, subset.trainRows());
    assertEquals(
        value(12, 1, 2, 1), ((Samples.Bytes) subset.samples()).data()[2 * 3072 + 103] & 0xFF);
    Dataset one =
        TestSources.read(
            source(Format.CIFAR10, archive + "#cifar-10-batches-bin/data_batch_2.bin", "", "", ""));
    assertEquals(5, one.trainRows());

    String message =
        assertThrows(
                DataException.class,
                () -> TestSources.read(named(source, List.of("3", "lion"), Map.of())))
            .getMessage();
    assertTrue(
        message.contains("classes: expected numbers from 0 to 9 or names of airplane"), message);
  }

  @Test
  void cifar100_fineAndCoarse() {
    String archive = "cifar-100-binary.tar.gz";
    Dataset fine = TestSources.read(source(Format.CIFAR100, archive, "", archive, ""));
    assertEquals(100, fine.classes().size());
    assertEquals("woman", fine.classes().get(98));
    assertArrayEquals(pixels(6, 32, 32, 3), ((Samples.Bytes) fine.samples()).data());

    Dataset coarse = TestSources.read(source(Format.CIFAR100, archive, "", archive, "coarse"));
    assertEquals(20, coarse.classes().size());
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, coarse.labels());
    assertEquals(2, coarse.testRows());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NPY|objects.npy|labels-i8.npy|objects.npy: offset 10: expected numbers (b1, i1 to i8, u1 to u8, f2 to f8) or texts",
        "NPY|pixels.npz|labels-i8.npy|offset 0: expected 0x93NUMPY, with which an NPY file starts, found 0x504B",
        "NPY|pixels.npy|table-f8-big.npy|offset 0: expected 1 dimension, a label a sample, found 2",
        "NPY|labels-i8.npy|labels-i8.npy|offset 0: expected at least 2 dimensions (samples, features), found 1",
        "NPY|cifar-10-binary.tar.gz|labels-i8.npy|offset 0: expected 0x93NUMPY",
        "NPY|labels-words.npy|labels-i8.npy|offset 0: expected an array of numbers, found texts",
        "NPZ|pixels.npz#z|pixels.npz#y_test|pixels.npz: offset 0: expected an entry z, found x_train.npy, y_train.npy",
        "NPZ|pixels.npz#x_train|pixels.npz#y_test|expected 4 labels, one a sample of ",
        "NPZ|svhn.mat||expected an NPZ file, which is a zip archive, found another kind",
        "MAT|version4.mat||offset 126: expected a MAT-file of version 5 (save it with -v7)",
        "MAT|table.mat||expected an array of samples called x_train, X, x, images, data (write FILE#NAME for another one), found features, kinds, complex, sparse",
        "MAT|table.mat#complex|table.mat#kinds|expected complex to be an array of real numbers, found another kind",
        "MAT|svhn.mat#X|table.mat#features|offset 0: expected 6 labels, one a sample of ",
        "LIBSVM|make.py||make.py:1: expected index:value",
        "CIFAR10|pixels.npz||expected batches data_batch_*.bin or train.bin, found x_train.npy",
        "CIFAR10|svhn.mat||offset 0: expected a record of 3073 bytes, found 856 bytes",
        "IMAGES|kinds||kinds: expected folders, one a class, found the image bilevel.png",
        "IMAGES|svhn.mat||(a file, not a folder",
        "IDX|pixels.npy|labels-i8.npy|offset 0: expected the two zero bytes that an IDX file starts with, found 0x934E",
      })
  void mislabelledFiles_areRefused(Format format, String train, String labels, String message) {
    DataException error =
        assertThrows(
            DataException.class, () -> read(format, train, labels == null ? "" : labels), message);
    assertTrue(
        error.getMessage().contains(message.replace("(a file, not", "a file, not")),
        error.getMessage());
  }

  @Test
  void imagesOfOtherSizes_areRefusedWithWhatWasFound() throws IOException {
    Path big = Files.createDirectories(folder.resolve("b"));
    Files.createDirectories(folder.resolve("a"));
    Files.copy(file("png-gray/0/0.png"), folder.resolve("a/1.png"));
    Files.copy(file("kinds/gray.jpg"), big.resolve("2.jpg"));
    SourceSpec source =
        TestSources.idx(folder, folder); // only to have the fields; the format is set below
    SourceSpec images =
        new SourceSpec(
            "faces",
            Format.IMAGES,
            source.train(),
            List.of(),
            List.of(),
            List.of(),
            "",
            Header.AUTO,
            List.of(),
            0);

    String message = assertThrows(DataException.class, () -> TestSources.read(images)).getMessage();
    assertEquals(
        "%s: offset 0: expected 5 columns and 4 rows as in %s, found 16 and 24 (cure: resize = [4, 5] in the data set's description makes all one size)"
            .formatted(big.resolve("2.jpg"), folder.resolve("a/1.png")),
        message);

    Files.delete(big.resolve("2.jpg"));
    Files.copy(file("png-rgb/0/0.png"), big.resolve("2.png"));
    String channels =
        assertThrows(DataException.class, () -> TestSources.read(images)).getMessage();
    assertTrue(
        channels.contains(
            "expected 1 channel as in %s (with shape = [4, 5, 3] the others are widened), found 3"
                .formatted(folder.resolve("a/1.png"))),
        channels);
  }

  /** What a few bytes claim to be is refused before there is memory for it. */
  @Test
  void hugeClaims_areRefused() throws IOException {
    checkHuge(Format.NPY, "h.npy", npy("(60000, 2147483647)"), "a size of 2147483647, which makes");
    checkHuge(Format.NPY, "h.npy", npy("(6, 200000000)"), "expected 1200000000 values of 1 bytes");
    byte[] png = Files.readAllBytes(file("png-gray/0/0.png"));
    ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000).putInt(29, crc(png, 12, 17));
    Path folderOfOne = Files.createDirectories(folder.resolve("png/a"));
    Files.write(folderOfOne.resolve("1.png"), png);
    checkHuge(Format.IMAGES, "png", null, "at most 16777216 pixels, found one of 100000 columns");
    byte[] bmp = Files.readAllBytes(file("bmp-rgb/0/0.bmp"));
    ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 40_000).putInt(22, 40_000);
    Files.write(folderOfOne.resolve("1.png"), bmp);
    checkHuge(Format.IMAGES, "png", null, "1.png: offset 0: expected an image ");
    byte[] mat = Files.readAllBytes(file("whole.mat"));
    ByteBuffer.wrap(mat).order(ByteOrder.LITTLE_ENDIAN).putInt(160, 60_000).putInt(164, 60_000);
    checkHuge(Format.MAT, "h.mat", mat, "a size of 60000, which makes more");
    checkHuge(
        Format.LIBSVM,
        "h.svm",
        "1 1:1\n2 2147483638:1\n".getBytes(StandardCharsets.UTF_8),
        "h.svm:2: expected an index of at most 1073741819 (2 samples, kept dense)");
    byte[] bomb = TestSources.gzip(new byte[50_000_000]);
    checkHuge(Format.CSV, "h.csv", bomb, "a record of at most 16 MiB");
    checkHuge(Format.LIBSVM, "h.svm", bomb, "a line of at most 16 MiB");
  }

  private void checkHuge(Format format, String name, byte[] content, String message) {
    if (content != null) {
      TestSources.write(folder, name, content);
    }
    String labels = format == Format.NPY ? "" + file("labels-i8.npy") : "";
    SourceSpec source =
        new SourceSpec(
            "huge",
            format,
            List.of("" + folder.resolve(name)),
            labels.isEmpty() ? List.of() : List.of(labels),
            List.of(),
            List.of(),
            "",
            Header.AUTO,
            List.of(),
            0);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    String found = assertThrows(DataException.class, () -> TestSources.read(source)).getMessage();
    long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertTrue(found.contains(message), found);
    assertTrue(allocated < 100 << 20, name + ": bytes allocated: " + allocated);
  }

  private static byte[] npy(String shape) {
    String header =
        "\u0093NUMPY\1\0" + "v\0" + "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }";
    byte[] text = header.formatted(shape).getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = Arrays.copyOf(text, 10 + 'v' + 50);
    Arrays.fill(file, text.length, 10 + 'v', (byte) ' ');
    return file;
  }

  private static int crc(byte[] bytes, int from, int count) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, count);
    return (int) crc.getValue();
  }
}
