package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.trawl.core.data.SourceReader;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;

/** Parquet files of DuckDB that are cut, extended and changed at random. */
final class DamagedParquet {
  /** Plain columns. */
  static final String NUMBERS =
      "SELECT i::DOUBLE / 4 AS a, i AS b, mod(i, 3) AS kind FROM range(50) t(i)";

  /** Texts, lists, structures, missing values and dictionaries. */
  static final String MIXED =
      "SELECT 'text ' || mod(i, 5) AS t, [i, 2 * i] AS c, {'bytes': 'ab'::BLOB} AS d,"
          + " CASE WHEN i < 9 THEN 0.5 ELSE i::FLOAT END AS e, 'k' || mod(i, 3) AS kind"
          + " FROM range(300) t(i)";

  private static final long MOST_MEMORY = 150L << 20;

  private DamagedParquet() {}

  static void duckDb(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Each damaged file is read, or refused as damaged data are, in little time and memory. */
  static void check(Path folder, String rows, int damages) throws SQLException, IOException {
    Path file = folder.resolve("whole.parquet");
    duckDb("COPY (%s) TO '%s'".formatted(rows, file));
    byte[] content = Files.readAllBytes(file);
    Path target = folder.resolve("damaged");
    SourceSpec source =
        new SourceSpec(
            "damaged",
            Format.PARQUET,
            List.of(target.toString()),
            List.of(),
            List.of(),
            List.of(),
            "kind",
            Header.AUTO,
            List.of(),
            0);
    Random random = new Random(1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = 0;
    for (int i = 0; i < damages; i++) {
      Files.write(target, damaged(content, random));
      long before = threads.getCurrentThreadAllocatedBytes();
      long started = threads.getCurrentThreadCpuTime();
      try {
        SourceReader.read(source, ClusterStorage.INSTANCE);
      } catch (DataException explained) {
        refused++;
        String message = explained.getMessage();
        boolean named = message.startsWith("Cannot ") || message.startsWith(target.toString());
        assertTrue(named && message.contains("expected "), message);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < MOST_MEMORY, "bytes allocated: " + allocated);
      double seconds = (threads.getCurrentThreadCpuTime() - started) * 1e-9;
      assertTrue(seconds < 5, "seconds: " + seconds);
    }
    assertTrue(refused > damages / 5, "refused: " + refused);
  }

  private static byte[] damaged(byte[] content, Random random) {
    byte[] damaged = content.clone();
    int at = random.nextInt(content.length);
    switch (random.nextInt(5)) {
      case 0 -> damaged = Arrays.copyOf(damaged, at);
      case 1 -> damaged = Arrays.copyOf(damaged, content.length + 1 + random.nextInt(50));
      case 2 -> damaged[at] = (byte) random.nextInt(256);
      default -> damaged[at] ^= (byte) (1 << random.nextInt(8));
    }
    return damaged;
  }
}
