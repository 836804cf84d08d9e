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
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.trawl.core.data.preparation.FeatureForm;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;

/** Sources and files for tests. */
public final class TestSources {
  public static final SourceSpec DIGITS =
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

  public static SourceSpec csv(Path train, String label, Header header, String... classes) {
    return csv(List.of(train), List.of(), label, header, classes);
  }

  public static SourceSpec csv(
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

  /** The same source with another label and form of its table. */
  public static SourceSpec with(SourceSpec source, String label, TableForm form) {
    return with(source, label, form, Map.of());
  }

  /** The same source with another label, form of its table and relabelling. */
  public static SourceSpec with(
      SourceSpec source, String label, TableForm form, Map<String, String> relabel) {
    return new SourceSpec(
        source.name(),
        source.format(),
        source.train(),
        source.trainLabels(),
        source.validation(),
        source.validationLabels(),
        source.test(),
        source.testLabels(),
        label,
        form,
        source.classes(),
        relabel,
        source.fullScale(),
        source.shape(),
        source.changes(),
        source.obtain());
  }

  public static SourceSpec idx(Path images, Path labels, String... classes) {
    return idx(List.of(images), List.of(labels), List.of(), List.of(), classes);
  }

  public static SourceSpec idx(
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

  public static DataSpec dataSpec(SourceSpec source, double validation, double test, int folds) {
    return new DataSpec(source, new Part(validation), new Part(test), folds, false, 0, List.of());
  }

  /** A data set whose feature is the row's number, with the given classes as labels. */
  public static Dataset dataset(int[] labels, int trainRows, int validationRows) {
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
  public static Dataset read(SourceSpec source) {
    Dataset dataset = SourceReader.read(source, Storage.local());
    FeatureForm.requireValues(dataset);
    return dataset;
  }

  /** {@link Fingerprint#of}. */
  public static String fingerprint(Dataset dataset) {
    return Fingerprint.of(dataset);
  }

  /** A cache in which nothing is. */
  public static DataCache cache() {
    return new DataCache();
  }

  public static Path write(Path folder, String name, String content) {
    return write(folder, name, content.getBytes(StandardCharsets.UTF_8));
  }

  public static Path write(Path folder, String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(packed)) {
      stream.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** An IDX file. */
  public static byte[] idx(int type, int[] sizes, byte[] values) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
    file.putInt(type << 8 | sizes.length);
    for (int size : sizes) {
      file.putInt(size);
    }
    return file.put(values).array();
  }

  public static byte[] randomBytes(RandomStream random, int count) {
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
