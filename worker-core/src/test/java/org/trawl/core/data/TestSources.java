package org.trawl.core.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.trawl.core.data.DataSpec.Part;
import org.trawl.core.data.SourceSpec.Format;
import org.trawl.core.data.SourceSpec.Header;
import org.trawl.core.kernel.RandomStream;

/** Sources and files for tests. */
final class TestSources {
  static final SourceSpec DIGITS =
      new SourceSpec(
          "digits",
          Format.CSV,
          List.of("classpath:/org/trawl/core/data/digits.csv.gz"),
          List.of(),
          List.of(),
          List.of(),
          "-1",
          Header.ABSENT,
          List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
          16);

  private TestSources() {}

  static SourceSpec csv(Path train, String label, Header header, String... classes) {
    return csv(List.of(train), List.of(), label, header, classes);
  }

  static SourceSpec csv(
      List<Path> train, List<Path> test, String label, Header header, String... classes) {
    return new SourceSpec(
        "table",
        Format.CSV,
        addresses(train),
        List.of(),
        addresses(test),
        List.of(),
        label,
        header,
        List.of(classes),
        0);
  }

  static SourceSpec idx(Path images, Path labels, String... classes) {
    return idx(List.of(images), List.of(labels), List.of(), List.of(), classes);
  }

  static SourceSpec idx(
      List<Path> images,
      List<Path> labels,
      List<Path> testImages,
      List<Path> testLabels,
      String... classes) {
    return new SourceSpec(
        "pictures",
        Format.IDX,
        addresses(images),
        addresses(labels),
        addresses(testImages),
        addresses(testLabels),
        "",
        Header.AUTO,
        List.of(classes),
        0);
  }

  static DataSpec dataSpec(SourceSpec source, double validation, double test, int folds) {
    return new DataSpec(source, new Part(validation), new Part(test), folds, false, 0, List.of());
  }

  /** A data set whose feature is the row's number, with the given classes as labels. */
  static Dataset dataset(int[] labels, int trainRows, int validationRows) {
    byte[] data = new byte[labels.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) i;
    }
    int classes = Arrays.stream(labels).max().orElseThrow() + 1;
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "" + i).toList();
    return new Dataset(
        "made",
        new Samples.Bytes(data, labels.length, 1),
        labels,
        names,
        trainRows,
        validationRows,
        255);
  }

  /** Reads a source whose values are all there. */
  static Dataset read(SourceSpec source) {
    Dataset dataset = SourceReader.read(source, Storage.local());
    FeatureForm.requireValues(dataset);
    return dataset;
  }

  static Path write(Path folder, String name, String content) {
    return write(folder, name, content.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path folder, String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(packed)) {
      stream.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** An IDX file. */
  static byte[] idx(int type, int[] sizes, byte[] values) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
    file.putInt(type << 8 | sizes.length);
    for (int size : sizes) {
      file.putInt(size);
    }
    return file.put(values).array();
  }

  static byte[] randomBytes(RandomStream random, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static List<String> addresses(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }
}
