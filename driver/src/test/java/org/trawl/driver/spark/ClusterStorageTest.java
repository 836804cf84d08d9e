package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.SourceReader;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.results.Plans;

/**
 * Data through one of Hadoop's file systems that is not the local one: each format that reads
 * differently, packed too.
 */
final class ClusterStorageTest {
  private static final String TABLE = "a,b,kind\n1,2.5,x\n3,4.5,y\n5,6.5,x\n";

  @TempDir private Path folder;
  private String address;

  @BeforeEach
  void setAddress() {
    address = "other://" + folder;
  }

  private static SourceSpec source(Format format, String train, String labels, String label) {
    return new SourceSpec(
        "data",
        format,
        List.of(train),
        labels.isEmpty() ? List.of() : List.of(labels),
        List.of(),
        List.of(),
        label,
        Header.AUTO,
        List.of(),
        0);
  }

  private static Dataset read(SourceSpec source) {
    return SourceReader.read(source, ClusterStorage.INSTANCE);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(packed)) {
      stream.write(content);
    }
    return packed.toByteArray();
  }

  private static byte[] idx(int dimensions, int... numbers) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * dimensions + numbers.length - dimensions);
    file.putInt(0x800 | dimensions);
    for (int i = 0; i < numbers.length; i++) {
      if (i < dimensions) {
        file.putInt(numbers[i]);
      } else {
        file.put((byte) numbers[i]);
      }
    }
    return file.array();
  }

  @Test
  void csv_packedAndInAnArchive() throws IOException {
    byte[] text = TABLE.getBytes(StandardCharsets.UTF_8);
    Files.write(folder.resolve("t.csv"), text);
    Files.write(folder.resolve("t.csv.gz"), gzip(text));
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("t.zip")))) {
      zip.putNextEntry(new ZipEntry("in/t.csv"));
      zip.write(text);
    }
    for (String name : List.of("t.csv", "t.csv.gz", "t.zip#in/t.csv")) {
      Dataset dataset = read(source(Format.CSV, address + "/" + name, "", "kind"));
      assertEquals(3, dataset.trainRows(), name);
      assertEquals(List.of("x", "y"), dataset.classes());
    }
  }

  @Test
  void idx_packed() throws IOException {
    Files.write(folder.resolve("images.gz"), gzip(idx(3, 2, 1, 2, 7, 8, 9, 10)));
    Files.write(folder.resolve("labels"), idx(1, 2, 0, 1));

    Dataset dataset = read(source(Format.IDX, address + "/images.gz", address + "/labels", ""));

    assertEquals("1x2", dataset.shape().toString());
    assertEquals(2, dataset.trainRows());
  }

  @Test
  void imagesInFolders() throws IOException {
    for (String name : List.of("train/a", "train/b", "validation/b")) {
      Path target = Files.createDirectories(folder.resolve("faces").resolve(name));
      ImageIO.write(
          new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY),
          "png",
          target.resolve("1.png").toFile());
    }

    Dataset dataset = read(source(Format.IMAGES, address + "/faces", "", ""));

    assertEquals("2x3", dataset.shape().toString());
    assertEquals(2, dataset.trainRows());
    assertEquals(1, dataset.validationRows());
  }

  @Test
  void parquet_inAFolder() throws SQLException {
    String local = folder + "/p";
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS a, mod(i, 2) AS kind FROM range(20) t(i)) TO '%s' (FORMAT parquet, PARTITION_BY (kind))"
              .formatted(local));
    }
    Dataset dataset = read(source(Format.PARQUET, address + "/p", "", "kind"));
    assertEquals(20, dataset.trainRows());
    assertEquals(List.of("0", "1"), dataset.classes());
  }

  /** The same content has the same fingerprint at any address; a change is seen. */
  @Test
  void fingerprints_areOfTheContent() throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), TABLE);
    SourceSpec there = source(Format.CSV, address + "/t.csv", "", "");
    SourceSpec here = source(Format.CSV, file.toString(), "", "");

    String before = DataCache.shared().fingerprint(there, ClusterStorage.INSTANCE);
    assertEquals(DataCache.shared().fingerprint(here, ClusterStorage.INSTANCE), before);

    Files.writeString(file, TABLE + "7,8,y\n");
    assertNotEquals(before, DataCache.shared().fingerprint(there, ClusterStorage.INSTANCE));
    assertEquals(4, DataCache.shared().load(there, ClusterStorage.INSTANCE).trainRows());
  }

  @Test
  void aSweepFileNamesIt() throws IOException {
    Files.writeString(folder.resolve("t.csv"), TABLE.repeat(1) + "1,1,x\n2,2,y\n".repeat(20));
    Plan plan =
        Plans.of(
            folder,
            """
            name = there
            data { source { format = csv, train = "%s/t.csv" }, validation = 0.2 }
            network.hidden = [3]
            training { learning-rate = 0.1, epochs = 1 }
            """
                .formatted(address));
    assertEquals(1, plan.trials().size());
    assertEquals(address + "/t.csv", plan.trials().get(0).spec().data().source().train().get(0));
  }

  @Test
  void whatIsMissingOrUnknown_isNamed() {
    for (Format format : List.of(Format.CSV, Format.IMAGES, Format.PARQUET)) {
      String message =
          assertThrows(DataException.class, () -> read(source(format, address + "/none", "", "")))
              .getMessage();
      assertTrue(message.contains(address + "/none: "), message);
      assertTrue(message.contains("; expected a"), message);
    }
    String message =
        assertThrows(
                DataException.class, () -> read(source(Format.CSV, "nowhere://h/t.csv", "", "")))
            .getMessage();
    assertTrue(message.contains("nowhere://h/t.csv: No FileSystem for scheme"), message);
  }
}
