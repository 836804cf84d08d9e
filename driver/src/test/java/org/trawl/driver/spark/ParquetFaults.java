package org.trawl.driver.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.driver.SparkTest;

/** A thousand damages of a file. In the profile {@code faults}. */
@Timeout(600)
final class ParquetFaults {
  @TempDir private Path folder;

  @BeforeAll
  static void startSpark() {
    SparkTest.session(); // whose settings of Hadoop are made once
  }

  @ParameterizedTest
  @ValueSource(strings = {DamagedParquet.NUMBERS, DamagedParquet.MIXED})
  void damagedParquet_isReadOrRefused(String rows) throws SQLException, IOException {
    DamagedParquet.check(folder, rows, 1000);
  }
}
