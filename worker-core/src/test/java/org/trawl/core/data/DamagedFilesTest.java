package org.trawl.core.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.format.image.ImageDecoder;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;

/** Files that are cut, flipped and extended at random are read, or refused as damaged data are. */
@Timeout(600)
final class DamagedFilesTest {
  private static final int DAMAGES = 1000;
  private static final long MOST_MEMORY = 150L << 20;

  @TempDir private Path folder;

  @Test
  void idx() {
    byte[] images =
        TestSources.idx(
            0x08, new int[] {20, 4, 5}, TestSources.randomBytes(new RandomStream(1), 400));
    byte[] reals =
        TestSources.idx(0x0D, new int[] {20, 5}, TestSources.randomBytes(new RandomStream(2), 400));
    byte[] labels =
        TestSources.idx(0x08, new int[] {20}, TestSources.randomBytes(new RandomStream(3), 20));
    Path labelFile = TestSources.write(folder, "labels", labels);
    Path imageFile = TestSources.write(folder, "images", images);
    Path damaged = folder.resolve("damaged");

    damage(images, TestSources.idx(damaged, labelFile));
    damage(reals, TestSources.idx(damaged, labelFile));
    damage(TestSources.gzip(images), TestSources.idx(damaged, labelFile));
    damage(labels, TestSources.idx(imageFile, damaged));
  }

  @Test
  void csv() {
    StringBuilder text = new StringBuilder("\"a\"\"b\",b,\"c\nd\",kind\r\n");
    RandomStream random = new RandomStream(4);
    for (int i = 0; i < 30; i++) {
      text.append(random.nextInt(300)).append(',').append((float) random.nextDouble());
      text.append(",\"").append(i).append("\",").append((char) ('a' + i % 3)).append("\r\n");
    }
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    Path damaged = folder.resolve("damaged");

    damage(content, TestSources.csv(damaged, "kind", Header.AUTO));
    damage(content, TestSources.csv(damaged, "-1", Header.AUTO));
    damage(TestSources.gzip(content), TestSources.csv(damaged, "-1", Header.AUTO));
  }

  @ParameterizedTest
  @CsvSource({
    "NPY,pixels.npy,labels-i8.npy",
    "NPY,pixels-fortran.npy,labels-i8.npy",
    "NPY,table-f8-big.npy,labels-i8.npy",
    "NPZ,pixels.npz,",
    "NPZ,pixels-compressed.npz,",
    "MAT,svhn.mat,",
    "MAT,svhn-compressed.mat,",
    "LIBSVM,from-0.svm,",
    "CIFAR10,cifar-10-binary.tar.gz,",
    "CIFAR100,cifar-100-binary.tar.gz,"
  })
  void binaryFormats(Format format, String name, String labels) throws IOException {
    byte[] content = Files.readAllBytes(ReferenceFilesTest.file(name));
    damage(content, reference(format, folder.resolve("damaged"), labels));
  }

  @ParameterizedTest
  @CsvSource({
    "NPY,pixels.npy,labels-i8.npy",
    "NPZ,pixels.npz,",
    "NPZ,pixels-compressed.npz,",
    "MAT,svhn.mat,",
    "MAT,svhn-compressed.mat,",
    "CIFAR10,cifar-10-binary.tar.gz,",
    "CIFAR100,cifar-100-binary.tar.gz,"
  })
  void binaryFormats_cutOrWithAnotherByte_areRefused(Format format, String name, String labels)
      throws IOException {
    byte[] content = Files.readAllBytes(ReferenceFilesTest.file(name));
    SourceSpec source = reference(format, folder.resolve("damaged"), labels);
    InMemory memory = new InMemory(folder.resolve("damaged"));
    memory.damaged = content;
    SourceReader.read(source, memory);
    for (int cut = 1; cut < 300; cut++) {
      memory.damaged = Arrays.copyOf(content, content.length - cut);
      assertThrows(DataException.class, () -> SourceReader.read(source, memory), "cut: " + cut);
    }
    for (byte more : new byte[] {1, 'P', (byte) 0xFF}) {
      memory.damaged = Arrays.copyOf(content, content.length + 1);
      memory.damaged[content.length] = more;
      assertThrows(DataException.class, () -> SourceReader.read(source, memory));
    }
  }

  @Test
  void labelsOfTextsAndImagesWithAnotherByte_areRefused() throws IOException {
    byte[] texts = Files.readAllBytes(ReferenceFilesTest.file("labels-words.npy"));
    InMemory memory = new InMemory(folder.resolve("damaged"));
    memory.damaged = Arrays.copyOf(texts, texts.length + 1);
    SourceSpec labels =
        new SourceSpec(
            "damaged",
            Format.NPY,
            List.of("" + ReferenceFilesTest.file("pixels.npy")),
            List.of("" + folder.resolve("damaged")),
            List.of(),
            List.of(),
            "",
            Header.AUTO,
            List.of(),
            0);
    assertThrows(DataException.class, () -> SourceReader.read(labels, memory));

    byte[] png = Files.readAllBytes(ReferenceFilesTest.file("kinds/palette.png"));
    SourceFile image =
        SourceFile.of("image", new ByteArrayInputStream(Arrays.copyOf(png, png.length + 1)));
    assertThrows(
        DataException.class,
        () ->
            ImageDecoder.decode(
                image, new SourceSpec.ImageChanges(0, 0, false), SampleShape.NONE, ""));
  }

  /** With a size of their own for each image. */
  @Test
  void resizedImages() throws IOException {
    byte[] content = Files.readAllBytes(ReferenceFilesTest.file("kinds/palette.png"));
    for (String name : List.of("a", "b")) {
      Files.createDirectories(folder.resolve("images").resolve(name));
    }
    Files.write(folder.resolve("images/a/1.image"), content);
    Files.createFile(folder.resolve("images/b/1.image"));
    SourceSpec images = reference(Format.IMAGES, folder.resolve("images"), null);
    SourceSpec resized =
        new SourceSpec(
            images.name(),
            images.format(),
            images.train(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            "",
            Header.AUTO,
            List.of(),
            Map.of(),
            0,
            SampleShape.NONE,
            new SourceSpec.ImageChanges(7, 9, false),
            "");
    damage(content, resized, DAMAGES, new InMemory(folder.resolve("images/b/1.image")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"labels-i8.npy", "labels-words.npy", "labels-f4.npy"})
  void labels(String name) throws IOException {
    byte[] content = Files.readAllBytes(ReferenceFilesTest.file(name));
    SourceSpec source =
        new SourceSpec(
            "damaged",
            Format.NPY,
            List.of("" + ReferenceFilesTest.file("pixels.npy")),
            List.of("" + folder.resolve("damaged")),
            List.of(),
            List.of(),
            "",
            Header.AUTO,
            List.of(),
            0);
    damage(content, source);
  }

  /** As the first image, whose size is not known, and as a later one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kinds/color.jpg",
        "kinds/progressive.jpg",
        "kinds/palette.png",
        "kinds/transparent.png",
        "bmp-rgb/0/0.bmp",
        "bmp-gray/0/0.bmp"
      })
  void images(String name) throws IOException {
    byte[] content = Files.readAllBytes(ReferenceFilesTest.file(name));
    String first = Files.createDirectories(folder.resolve("images/b")) + "/1.image";
    Files.write(Path.of(first), content);
    Files.createDirectories(folder.resolve("images/a"));
    Files.createDirectories(folder.resolve("images/c"));
    SourceSpec source = reference(Format.IMAGES, folder.resolve("images"), null);
    Files.createFile(folder.resolve("images/a/1.image"));
    damage(content, source, DAMAGES / 2, "images/a/1.image");
    Files.delete(folder.resolve("images/a/1.image"));
    Files.createFile(folder.resolve("images/c/1.image"));
    damage(content, source, DAMAGES / 2, "images/c/1.image");
  }

  private static SourceSpec reference(Format format, Path train, String labels) {
    return new SourceSpec(
        "damaged",
        format,
        List.of("" + train),
        labels == null ? List.of() : List.of("" + ReferenceFilesTest.file(labels)),
        List.of(),
        List.of(),
        "",
        Header.AUTO,
        List.of(),
        0);
  }

  private void damage(byte[] content, SourceSpec source) {
    damage(content, source, DAMAGES, "damaged");
  }

  private void damage(byte[] content, SourceSpec source, int damages, String name) {
    damage(content, source, damages, new InMemory(folder.resolve(name)));
  }

  private static void damage(byte[] content, SourceSpec source, int damages, InMemory memory) {
    RandomStream random = new RandomStream(content.length);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int refused = 0;
    for (int i = 0; i < damages; i++) {
      memory.damaged = damaged(content, random);
      long before = threads.getThreadAllocatedBytes(thread);
      long started = threads.getCurrentThreadCpuTime();
      try {
        SourceReader.read(source, memory);
      } catch (DataException e) {
        refused++;
        assertTrue(
            e.getMessage().contains(": expected ") && e.getMessage().contains(", found ")
                || e.getMessage().startsWith("Cannot "),
            e.getMessage());
      }
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      assertTrue(allocated < MOST_MEMORY, "bytes allocated: " + allocated);
      double seconds = (threads.getCurrentThreadCpuTime() - started) * 1e-9;
      assertTrue(seconds < 5, "seconds: " + seconds);
    }
    assertTrue(refused > damages / 5, "refused: " + refused);
  }

  /** Local files, but for the damaged one. */
  private static final class InMemory implements Storage {
    private static final long serialVersionUID = 1L;

    private final String address;
    byte[] damaged;

    InMemory(Path address) {
      this.address = address.toString();
    }

    @Override
    public InputStream open(String opened) throws IOException {
      return opened.equals(address)
          ? new ByteArrayInputStream(damaged)
          : Storage.local().open(opened);
    }

    @Override
    public List<Entry> list(String listed) throws IOException {
      return Storage.local().list(listed);
    }
  }

  private static byte[] damaged(byte[] content, RandomStream random) {
    byte[] damaged = content.clone();
    switch (random.nextInt(4)) {
      case 0 -> damaged = Arrays.copyOf(damaged, random.nextInt(content.length));
      case 1 -> {
        byte[] more = TestSources.randomBytes(random, 1 + random.nextInt(50));
        damaged = Arrays.copyOf(damaged, content.length + more.length);
        System.arraycopy(more, 0, damaged, content.length, more.length);
      }
      case 2 -> damaged[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
      default -> damaged[random.nextInt(Math.min(40, content.length))] = (byte) random.nextInt(256);
    }
    return damaged;
  }
}
