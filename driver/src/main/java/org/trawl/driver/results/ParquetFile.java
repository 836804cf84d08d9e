package org.trawl.driver.results;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Rows to Parquet and back, in memory: Zstandard, pages of version 1, lists in the standard layout
 * of three levels. A row is a map from the columns' names to values of the Java types that {@link
 * ColumnType} names; a column that a row lacks is NULL.
 *
 * <p>Whole files stand in memory because what appears in a run's folder appears whole or not at
 * all: the bytes are made first, and published after. Neither Spark nor Hadoop's file systems are
 * needed.
 *
 * @param metadata of the file: names and values
 * @param rows in the file's order; their keys in the order of the columns read
 */
record ParquetFile(Map<String, String> metadata, List<Map<String, Object>> rows) {

  /** The bytes of a file with these rows. */
  static byte[] encode(
      List<Column> columns, Map<String, String> metadata, Iterator<Map<String, Object>> rows) {
    MemoryOutput output = new MemoryOutput();
    try (ParquetWriter<Map<String, Object>> writer =
        new Builder(output, columns, metadata)
            .withConf(new PlainParquetConfiguration())
            .withWriterVersion(WriterVersion.PARQUET_1_0)
            .withCodecFactory(new Zstandard())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      while (rows.hasNext()) {
        writer.write(rows.next());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return output.bytes.toByteArray();
  }

  /**
   * Reads a file.
   *
   * @param columns to read, in the order wanted; one that the file lacks is NULL
   * @throws IOException if these are not the bytes of a Parquet file
   */
  static ParquetFile decode(byte[] file, List<Column> columns) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    return new ParquetFile(decode(file, columns, Optional.empty(), rows::add), rows);
  }

  /**
   * Reads a file, one row after the other.
   *
   * @param first what the first column, a text, must fulfil for a row to be read; empty for any
   * @return its metadata
   * @throws IOException if these are not the bytes of a Parquet file; some rows may have been
   *     accepted before
   */
  static Map<String, String> decode(
      byte[] file,
      List<Column> columns,
      Optional<Predicate<String>> first,
      Consumer<Map<String, Object>> action)
      throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new MemoryInput(file), options())) {
      MessageType stored = reader.getFileMetaData().getSchema();
      List<Column> present =
          columns.stream().filter(column -> stored.containsField(column.name())).toList();
      MessageType wanted = ParquetSchema.of(present);
      reader.setRequestedSchema(wanted);
      RowReader materializer = new RowReader(columns, present, wanted, first);
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        RecordReader<Map<String, Object>> records =
            new ColumnIOFactory().getColumnIO(wanted, stored).getRecordReader(pages, materializer);
        for (long row = 0; row < pages.getRowCount(); row++) {
          Map<String, Object> read = records.read();
          if (read != null) {
            action.accept(read);
          }
        }
      }
      return reader.getFileMetaData().getKeyValueMetaData();
    } catch (RuntimeException damaged) {
      throw new IOException(damaged.getMessage(), damaged);
    }
  }

  private static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new Zstandard())
        .build();
  }

  private static final class Builder extends ParquetWriter.Builder<Map<String, Object>, Builder> {
    private final List<Column> columns;
    private final Map<String, String> metadata;

    Builder(OutputFile file, List<Column> columns, Map<String, String> metadata) {
      super(file);
      this.columns = columns;
      this.metadata = new HashMap<>(metadata);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Map<String, Object>> getWriteSupport(ParquetConfiguration unused) {
      return new RowWriter(columns, metadata);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<Map<String, Object>> getWriteSupport(Configuration unused) {
      return new RowWriter(columns, metadata);
    }
  }

  private static final class MemoryOutput implements OutputFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public PositionOutputStream create(long blockSize) {
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return bytes.size();
        }

        @Override
        public void write(int value) {
          bytes.write(value);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
          bytes.write(source, offset, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }

  private record MemoryInput(byte[] bytes) implements InputFile {
    @Override
    public long getLength() {
      return bytes.length;
    }

    @Override
    public SeekableInputStream newStream() {
      Cursor cursor = new Cursor(bytes);
      return new DelegatingSeekableInputStream(cursor) {
        @Override
        public long getPos() {
          return cursor.position();
        }

        @Override
        public void seek(long position) {
          cursor.moveTo(position);
        }
      };
    }
  }

  /** A stream over an array that can move to a position. */
  private static final class Cursor extends ByteArrayInputStream {
    Cursor(byte[] bytes) {
      super(bytes);
    }

    long position() {
      return pos;
    }

    void moveTo(long position) {
      pos = Math.toIntExact(position);
    }
  }
}
