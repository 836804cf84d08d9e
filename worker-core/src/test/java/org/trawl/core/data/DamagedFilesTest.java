package org.trawl.core.data;

import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.SourceSpec.Header;
import org.trawl.core.kernel.RandomStream;

/** Files that are cut, flipped and extended at random are read, or refused as damaged data are. */
final class DamagedFilesTest {
  private static final int DAMAGES = 1000;

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

  private void damage(byte[] content, SourceSpec source) {
    RandomStream random = new RandomStream(content.length);
    int refused = 0;
    for (int i = 0; i < DAMAGES; i++) {
      TestSources.write(folder, "damaged", damaged(content, random));
      try {
        assertTimeout(Duration.ofSeconds(5), () -> TestSources.read(source));
      } catch (DataException e) {
        refused++;
        assertTrue(
            e.getMessage().contains(": expected ") && e.getMessage().contains(", found ")
                || e.getMessage().startsWith("Cannot "),
            e.getMessage());
      }
    }
    assertTrue(refused > DAMAGES / 4, "refused: " + refused);
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
