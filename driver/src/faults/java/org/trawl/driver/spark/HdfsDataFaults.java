package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.SourceReader;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.kernel.Kernels;
import org.trawl.driver.SparkTest;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.results.Plans;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Status;
import org.trawl.driver.results.Table;

/** Data that lie in HDFS, and a run's folder there. In the profile {@code faults}. */
@Timeout(600)
final class HdfsDataFaults {
  @TempDir private static Path folder;
  private static MiniDFSCluster cluster;
  private static FileSystem files;
  private static String address;

  @BeforeAll
  static void startCluster() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    cluster.waitActive();
    files = cluster.getFileSystem();
    address = files.getUri() + "/data";
  }

  @AfterAll
  static void stopCluster() {
    cluster.shutdown();
  }

  private static void write(String name, byte[] content) throws IOException {
    try (OutputStream stream = files.create(new org.apache.hadoop.fs.Path(address, name))) {
      stream.write(content);
    }
  }

  private static void writeTable(String name) throws IOException {
    StringBuilder rows = new StringBuilder("a,b,kind\n");
    for (int i = 0; i < 100; i++) {
      rows.append(i % 7).append(',').append(i % 3).append(",k").append(i % 3).append('\n');
    }
    byte[] content = rows.toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream stream =
        new GZIPOutputStream(files.create(new org.apache.hadoop.fs.Path(address, name)))) {
      stream.write(content);
    }
  }

  private static Dataset read(Format format, String name, String label) {
    return SourceReader.read(
        new SourceSpec(
            "data",
            format,
            List.of(address + "/" + name),
            List.of(),
            List.of(),
            List.of(),
            label,
            Header.AUTO,
            List.of(),
            0),
        ClusterStorage.INSTANCE);
  }

  @Test
  void filesArePackedPartedAndMissing() throws Exception {
    writeTable("t.csv.gz");
    assertEquals(100, read(Format.CSV, "t.csv.gz", "kind").trainRows());

    Path parquet = folder.resolve("t.parquet");
    DamagedParquet.duckDb("COPY (%s) TO '%s'".formatted(DamagedParquet.NUMBERS, parquet));
    write("p/kind2=1/part.parquet", Files.readAllBytes(parquet));
    write("p/kind2=2/part.parquet", Files.readAllBytes(parquet));
    assertEquals(100, read(Format.PARQUET, "p", "kind").trainRows());
    assertEquals(List.of("1", "2"), read(Format.PARQUET, "p", "kind2").classes());

    String message =
        assertThrows(DataException.class, () -> read(Format.CSV, "none.csv", "")).getMessage();
    assertTrue(message.contains(address + "/none.csv: "), message);
    assertTrue(message.contains("expected a CSV file"), message);
  }

  @Test
  void aRunReadsAndWritesThere() throws Exception {
    writeTable("run.csv.gz");
    SparkSession session = SparkTest.session();
    Plan plan =
        Plans.of(
            folder,
            """
            name = there
            data { source { format = csv, train = "%s/run.csv.gz" }, validation = 0.2, test = 0.2 }
            network.hidden = [4]
            training.epochs = 3
            sweep.training.learning-rate = [0.1, 0.2]
            """
                .formatted(address));
    RunFolder run = RunFolder.at(files.getUri() + "/runs/there");
    SweepRun sweep = new SweepRun(plan, run);
    Training training = new CoreTraining(Kernels.Choice.AUTO);
    sweep.begin(Versions.session("trawl run", plan, 2, training));

    assertEquals(
        Map.of(Status.COMPLETED, 2), sweep.train(session.sparkContext(), training, progress -> {}));

    assertEquals(6, run.rows(Table.EPOCHS).size());
    assertEquals(List.of(), new SweepRun(plan, run).remaining());
  }
}
