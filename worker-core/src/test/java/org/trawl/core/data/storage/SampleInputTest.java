package org.trawl.core.data.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.kernel.RandomStream;

/** What is packed is read whole, or refused. */
@Timeout(600)
final class SampleInputTest {
  private static final byte[] FIRST = text(1, 300);
  private static final byte[] SECOND = text(2, 200);
  private static final byte[] MEMBERS = joined(TestSources.gzip(FIRST), TestSources.gzip(SECOND));

  @Test
  void gzip_allMembersAreRead() {
    byte[] empty = TestSources.gzip(new byte[0]);

    assertArrayEquals(joined(FIRST, SECOND), read(MEMBERS));
    assertArrayEquals(joined(FIRST, SECOND), read(joined(empty, MEMBERS)));
    assertArrayEquals(joined(FIRST, SECOND), read(joined(MEMBERS, empty)));
  }

  @Test
  void gzip_zerosAfterTheLastMemberAreItsPadding() {
    assertArrayEquals(joined(FIRST, SECOND), read(Arrays.copyOf(MEMBERS, MEMBERS.length + 1000)));
  }

  @Test
  void gzip_anyCutIsRefused() {
    int boundary = TestSources.gzip(FIRST).length;
    for (int length = 3; length < MEMBERS.length; length++) {
      if (length != boundary) { // where the first member is a file of its own
        refused(Arrays.copyOf(MEMBERS, length));
      }
    }
    assertArrayEquals(FIRST, read(Arrays.copyOf(MEMBERS, boundary)));
  }

  /** Some bits mean nothing, as that a file is text. */
  @Test
  void gzip_withAFlippedBitIsRefusedOrTheSame() {
    int refused = 0;
    for (int i = 2; i < MEMBERS.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = MEMBERS.clone();
        flipped[i] ^= (byte) (1 << bit);
        try {
          assertArrayEquals(joined(FIRST, SECOND), read(flipped));
        } catch (DataException damaged) {
          refused++;
        }
      }
    }
    assertTrue(refused > 8 * (MEMBERS.length - 20), "refused: " + refused);
  }

  @Test
  void gzip_saysWhereTheDamageIs() {
    int boundary = TestSources.gzip(FIRST).length;
    byte[] header = MEMBERS.clone();
    header[boundary] = 0x11;

    assertEquals(
        String.format(
            Locale.ROOT,
            "made: offset %d of the packed file: expected the header of a member (0x1F8B), or zeros"
                + " to the end of the file, found 0x118B",
            boundary),
        refused(header));
    assertTrue(
        refused(joined(MEMBERS, "rubbish".getBytes(StandardCharsets.UTF_8)))
            .startsWith(
                String.format(Locale.ROOT, "made: offset %d of the packed file", MEMBERS.length)));
    assertTrue(
        refused(joined(Arrays.copyOf(MEMBERS, MEMBERS.length + 10), new byte[] {1}))
            .contains(
                String.format(Locale.ROOT, "offset %d of the packed file", MEMBERS.length + 10)));
  }

  @Test
  void gzip_headerWithAllFieldsIsReadAndItsChecksumChecked() {
    byte[] plain = TestSources.gzip(FIRST);
    byte[] start = {
      0x1F, (byte) 0x8B, 8, 0x1E, 0, 0, 0, 0, 0, 3, 2, 0, 'x', 'y', 'a', 0, 'b', 'c', 0
    };
    CRC32 checksum = new CRC32();
    checksum.update(start);
    byte[] sum = {(byte) checksum.getValue(), (byte) (checksum.getValue() >> 8)};
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);

    assertArrayEquals(FIRST, read(joined(joined(start, sum), rest)));
    sum[1] ^= 1;
    assertTrue(refused(joined(joined(start, sum), rest)).contains("the header's checksum"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void zip_entriesAreReadFromAWholeArchiveOnly(boolean stored) throws IOException {
    byte[] zip = zip(stored);

    assertArrayEquals(FIRST, read("made#a.csv", zip));
    assertArrayEquals(SECOND, read("made#folder/b.csv", zip));
    for (String entry : new String[] {"made#a.csv", "made#folder/b.csv"}) {
      for (int length = 4; length < zip.length; length++) {
        refused(entry, Arrays.copyOf(zip, length));
      }
      refused(entry, Arrays.copyOf(zip, zip.length + 1));
    }
    int refused = 0;
    for (int i = 4; i < zip.length; i++) {
      byte[] flipped = zip.clone();
      flipped[i] ^= 0x10;
      try {
        assertArrayEquals(FIRST, read("made#a.csv", flipped));
      } catch (DataException damaged) {
        refused++;
      }
    }
    assertTrue(refused > zip.length * 4 / 5, "refused: " + refused); // times and attributes not
  }

  /** As Python writes it, for one: sizes that are not known before, content that is not packed. */
  @Test
  void zip_storedContentEndsAtItsDescriptor() {
    byte[] content = joined(FIRST, new byte[] {'P', 'K', 7, 8, 1, 2, 3, 'P', 'K', 7, 8});
    CRC32 checksum = new CRC32();
    checksum.update(content);
    int sum = (int) checksum.getValue();
    byte[] local = {
      'P', 'K', 3, 4, 20, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    byte[] file =
        joined(
            joined(joined(local, new byte[] {1, 0, 0, 0, 'a'}), content),
            joined(
                new byte[] {'P', 'K', 7, 8},
                joined(bytes(sum), joined(bytes(content.length), bytes(content.length)))));
    byte[] directory =
        joined(
            new byte[] {'P', 'K', 1, 2, 20, 0, 20, 0, 8, 0, 0, 0, 0, 0, 0, 0},
            joined(
                joined(bytes(sum), joined(bytes(content.length), bytes(content.length))),
                joined(
                    new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                    joined(bytes(0), new byte[] {'a'}))));
    byte[] end =
        joined(
            new byte[] {'P', 'K', 5, 6, 0, 0, 0, 0, 1, 0, 1, 0},
            joined(joined(bytes(directory.length), bytes(file.length)), new byte[2]));

    assertArrayEquals(content, read("made#a", joined(file, joined(directory, end))));
  }

  @Test
  void tar_entriesAreReadFromAWholeArchiveOnly() {
    byte[] tar = joined(joined(tarFile("a.csv", FIRST), tarFile("b.csv", SECOND)), new byte[1024]);

    assertArrayEquals(FIRST, read("made#a.csv", tar));
    assertArrayEquals(SECOND, read("made#b.csv", TestSources.gzip(tar)));
    assertArrayEquals(FIRST, read("made#a.csv", Arrays.copyOf(tar, tar.length + 10_240)));
    assertArrayEquals(FIRST, read("made#a.csv", Arrays.copyOf(tar, tar.length - 512)));
    for (int length = 512; length <= tar.length - 1024; length++) {
      refused("made#a.csv", Arrays.copyOf(tar, length));
    }
    assertTrue(
        refused("made#a.csv", Arrays.copyOf(tar, tar.length - 1024))
            .contains("the block of zeros that ends a tar archive"));
    assertTrue(
        refused("made#a.csv", joined(tar, tar)).contains("zeros after the end of a tar archive"));
    byte[] notZero = tar.clone();
    notZero[tar.length - 1024 + 100] = 1;
    refused("made#a.csv", notZero);
  }

  /** Without the name of a file in it, an archive is none. */
  @Test
  void anArchive_isToldWithTheFilesInIt(@TempDir Path folder) throws IOException {
    byte[] tar = joined(joined(tarFile("a.csv", FIRST), tarFile("b.csv", SECOND)), new byte[1024]);
    String told = "made: expected made#ENTRY, a file of the archive that it is, found none named;";

    assertEquals(told + " there are: a.csv, b.csv", refused(tar));
    assertEquals(told + " there are: a.csv, b.csv", refused(TestSources.gzip(tar)));
    assertTrue(refused(zip(true)).startsWith(told), refused(zip(true)));
    SourceSpec csv = TestSources.csv(TestSources.write(folder, "made.csv", tar), "", Header.AUTO);
    String asCsv = assertThrows(DataException.class, () -> TestSources.read(csv)).getMessage();
    assertTrue(asCsv.contains("made.csv#ENTRY, a file of the archive that it is"), asCsv);
  }

  @Test
  void filesOfOtherPrograms_areToldByTheirNames() {
    byte[] rest = new byte[64];
    byte[] numpy = joined(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, rest);
    String expected = "made: expected a CSV, an IDX or an image file, found ";
    assertEquals(expected + "an array of NumPy", refused(numpy));
    assertEquals(
        expected + "a Parquet file", refused(joined(new byte[] {'P', 'A', 'R', '1'}, rest)));
  }

  /** Of two files of a name either could be meant. */
  @Test
  void tar_twoFilesOfANameAreRefused() {
    byte[] tar = joined(joined(tarFile("a.csv", FIRST), tarFile("a.csv", SECOND)), new byte[1024]);

    assertTrue(refused("made#a.csv", tar).contains("one file a.csv in the archive"));
  }

  @Test
  void gzipInATarInGzip_isReadWhole() {
    byte[] tar = joined(tarFile("a.csv.gz", MEMBERS), new byte[1024]);
    byte[] packed = TestSources.gzip(tar);

    assertArrayEquals(joined(FIRST, SECOND), read("made#a.csv.gz", packed));
    packed[packed.length - 1] ^= 1;
    refused("made#a.csv.gz", packed);
  }

  private static byte[] text(int seed, int lines) {
    RandomStream random = new RandomStream(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(random.nextInt(100)).append(',').append(i % 3).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zip(boolean stored) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(entry("a.csv", FIRST, stored));
      zip.write(FIRST);
      zip.putNextEntry(entry("folder/", new byte[0], true));
      zip.putNextEntry(entry("folder/b.csv", SECOND, stored));
      zip.write(SECOND);
      zip.setComment("two files");
    }
    return bytes.toByteArray();
  }

  private static ZipEntry entry(String name, byte[] content, boolean stored) {
    ZipEntry entry = new ZipEntry(name);
    if (stored) {
      CRC32 checksum = new CRC32();
      checksum.update(content);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(checksum.getValue());
    }
    return entry;
  }

  private static byte[] tarFile(String name, byte[] content) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0000000000\0000000000\0");
    put(header, 124, String.format(Locale.ROOT, "%011o\00000000000000\0        0", content.length));
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte value : header) {
      sum += value;
    }
    put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
    return joined(header, Arrays.copyOf(content, (content.length + 511) / 512 * 512));
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static byte[] bytes(int number) {
    return new byte[] {
      (byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)
    };
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] read(byte[] file) {
    return read("made", file);
  }

  private static byte[] read(String address, byte[] file) {
    try (SampleInput input = SampleInput.open(address, new Made(file))) {
      return input.bytes();
    }
  }

  private static String refused(byte[] file) {
    return refused("made", file);
  }

  private static String refused(String address, byte[] file) {
    return assertThrows(DataException.class, () -> read(address, file)).getMessage();
  }

  /** One file, called {@code made}. */
  private record Made(byte[] file) implements Storage {
    @Override
    public InputStream open(String address) throws IOException {
      if (!address.equals("made")) {
        throw new IOException("no such file");
      }
      return new ByteArrayInputStream(file);
    }
  }
}
