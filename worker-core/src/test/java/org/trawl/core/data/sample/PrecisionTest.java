package org.trawl.core.data.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.preparation.PrepareStep.OneHot;
import org.trawl.core.data.preparation.PrepareStep.Pca;
import org.trawl.core.data.preparation.PrepareStep.Scale;
import org.trawl.core.data.preparation.PrepareStep.Standardize;
import org.trawl.core.data.preparation.PreparedSamples;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.RandomStream;

/** What single precision would not tell apart is told apart, and all else is held as it was. */
final class PrecisionTest {
  private static final Standardize EACH = new Standardize(Standardize.Over.EACH);
  private static final int ROWS = 200;

  @TempDir private Path folder;

  /** Seconds since 1970, of 50 in a row: single precision has one number for 128 of them. */
  private static double time(int row) {
    return 1_700_000_000 + row * 7 % 50;
  }

  private Dataset table(IntToDoubleFunction first, IntToDoubleFunction second, String... texts) {
    StringBuilder csv = new StringBuilder("t,x,c,kind\n");
    for (int i = 0; i < ROWS; i++) {
      String text = texts.length == 0 ? "" + i % 5 : texts[i % texts.length];
      csv.append(first.applyAsDouble(i)).append(',').append(second.applyAsDouble(i));
      csv.append(',').append(text).append(',').append(i % 2 == 0 ? "a" : "b").append('\n');
    }
    Path file = TestSources.write(folder, "table.csv", csv.toString());
    return TestSources.read(TestSources.csv(file, "kind", Header.PRESENT));
  }

  private static TrainingData prepared(Dataset dataset, PrepareStep... steps) {
    DataSpec spec =
        new DataSpec(
            TestSources.DIGITS,
            new DataSpec.Part(0.2),
            DataSpec.Part.NONE,
            0,
            false,
            0,
            List.of(steps));
    return TrainingData.of(dataset, spec, new RandomStream(1), 0);
  }

  /** What a network is given of a feature, in double precision. */
  private static double[] standardized(double[] values, int[] train) {
    double mean = Arrays.stream(train).mapToDouble(i -> values[i]).average().orElseThrow();
    double variance =
        Arrays.stream(train)
            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
            .average()
            .orElseThrow();
    return Arrays.stream(values).map(value -> (value - mean) / Math.sqrt(variance)).toArray();
  }

  private static double gathered(TrainingData data, int row, int feature) {
    Samples.Reals samples = (Samples.Reals) data.dataset().samples();
    float held = samples.held().get(row, feature);
    return Math.fma(held, data.scale()[feature], data.shift()[feature]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"standardize", "one-hot", "scale"})
  void timesAreStandardizedFromTheSourcesPrecision(String kind) {
    Dataset dataset =
        kind.equals("one-hot")
            ? table(PrecisionTest::time, i -> i * 0.01, "red", "green", "blue")
            : table(PrecisionTest::time, i -> i * 0.01);
    TrainingData data =
        switch (kind) {
          case "one-hot" -> prepared(dataset, new OneHot(), EACH);
          case "scale" -> prepared(dataset, new Scale(1e-9), EACH);
          default -> prepared(dataset, EACH);
        };

    double[] times = IntStream.range(0, ROWS).mapToDouble(PrecisionTest::time).toArray();
    double[] expected = standardized(times, data.train());
    double[] raw = new double[ROWS * dataset.features()];
    for (int row = 0; row < ROWS; row++) {
      assertEquals(times[row], dataset.samples().value(row, 0));
      assertEquals(row * 0.01, dataset.samples().value(row, 1), 1e-6);
      assertEquals(expected[row], gathered(data, row, 0), 1e-5);
      for (int i = 0; i < dataset.features(); i++) {
        raw[row * dataset.features() + i] =
            i == 0 ? times[row] : i == 1 ? row * 0.01 : dataset.samples().value(row, i);
      }
    }
    float[] predicted = data.preparation().apply(raw, ROWS);
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < data.features(); i++) {
        assertEquals((float) gathered(data, row, i), predicted[row * data.features() + i]);
      }
    }
  }

  @Test
  void componentsAreOfTheSourcesPrecision() {
    Dataset dataset = table(PrecisionTest::time, i -> i % 3 * 0.5);

    TrainingData data = prepared(dataset, new Pca(3));

    double[] centred =
        IntStream.range(0, ROWS)
            .mapToDouble(PrecisionTest::time)
            .map(t -> t - 1_700_000_025)
            .toArray();
    double[] first = IntStream.range(0, ROWS).mapToDouble(i -> gathered(data, i, 0)).toArray();
    double product = 0;
    double squares = 0;
    double others = 0;
    double mean = Arrays.stream(centred).average().orElseThrow();
    double meanOfFirst = Arrays.stream(first).average().orElseThrow();
    for (int i = 0; i < ROWS; i++) {
      product += (centred[i] - mean) * (first[i] - meanOfFirst);
      squares += (centred[i] - mean) * (centred[i] - mean);
      others += (first[i] - meanOfFirst) * (first[i] - meanOfFirst);
    }
    assertTrue(product / Math.sqrt(squares * others) > 0.99);
    assertTrue(Math.sqrt(squares / ROWS) > 14);
    float[] predicted = data.preparation().apply(new double[] {1_700_000_003, 0.5, 2}, 1);
    assertEquals(3, predicted.length);
  }

  @Test
  void noisyCopiesKeepTheOffsets() {
    Dataset dataset = table(PrecisionTest::time, i -> i * 0.01);
    DataSpec spec =
        new DataSpec(
            TestSources.DIGITS,
            new DataSpec.Part(0.2),
            DataSpec.Part.NONE,
            0,
            false,
            0,
            List.of(EACH),
            new DataSpec.Augment(0.001, 1));

    TrainingData data = TrainingData.of(dataset, spec, new RandomStream(1), 0);

    int train = data.train().length / 2;
    for (int i = 0; i < train; i++) {
      double time = data.source().samples().value(i, 0);
      assertTrue(time >= 1_700_000_000 && time < 1_700_000_050, "" + time);
      assertEquals(time, data.source().samples().value(train + i, 0), 0.01);
    }
  }

  @Test
  void whatAPreparationMakesOneIsTold() {
    Dataset dataset = table(PrecisionTest::time, i -> i * 0.01);
    String note =
        "t: single precision makes 1 of 50 different values (such as 1700000025): standardize in"
            + " data.prepare, before other steps of its kind, tells them apart";

    assertEquals(List.of(note), PreparedSamples.collapsed(dataset, List.of()));
    assertEquals(List.of(note), PreparedSamples.collapsed(dataset, List.of(new Scale(2))));
    assertEquals(List.of(), PreparedSamples.collapsed(dataset, List.of(EACH)));
    assertEquals(
        List.of(), PreparedSamples.collapsed(dataset, List.of(new PrepareStep.Limit(9), EACH)));
    assertEquals(List.of(), dataset.columns().notes());
  }

  /** As 0 that stands for a missing time: told apart where they are held, not any more after it. */
  @Test
  void valuesThatFarOnesLeaveNoDigitsAreTold() {
    Dataset missing = table(i -> i % 50 == 0 ? 0 : time(i), i -> i);
    Dataset distant = table(i -> (1 + i % 3) * 1e9 + i, i -> i);

    assertEquals(1, PreparedSamples.collapsed(missing, List.of(EACH)).size());
    assertTrue(
        PreparedSamples.collapsed(missing, List.of(EACH))
            .get(0)
            .matches("t: single precision makes \\d+ of 50 different values .* a few values .*"),
        PreparedSamples.collapsed(missing, List.of(EACH)).get(0));
    assertEquals(1, distant.columns().notes().size());
    assertTrue(
        distant
            .columns()
            .notes()
            .get(0)
            .matches("t: single precision makes \\d+ of 200 different values .*"),
        distant.columns().notes().get(0));
  }

  @Test
  void whatFitsIsHeldAsItWas() {
    RandomStream random = new RandomStream(5);
    double[] uniform = IntStream.range(0, ROWS).mapToDouble(i -> random.nextDouble()).toArray();
    List<IntToDoubleFunction> columns =
        List.of(
            i -> uniform[i],
            i -> 1e6 * uniform[i],
            i -> StrictMath.exp(20 * uniform[i]),
            i -> 0.1,
            i -> 1e9,
            i -> 0.99 + Math.round(4000 * uniform[i]) * 1e-5,
            i -> i * 1000,
            i -> -1e-30 * uniform[i]);
    for (IntToDoubleFunction column : columns) {
      Dataset dataset = table(column, i -> i * 0.1);
      assertArrayEquals(new double[0], dataset.samples().offsets());
      float[] held = ((Samples.Reals) dataset.samples()).held().data;
      for (int i = 0; i < ROWS; i++) {
        assertEquals((float) column.applyAsDouble(i), held[i * 3]);
        assertEquals((float) (i * 0.1), held[i * 3 + 1]);
      }
    }
  }

  @Test
  void everyFormatWithDoublesIsReadInTheirPrecision() {
    for (String type : List.of("<f8", ">f8", "<i8")) {
      for (boolean fortran : new boolean[] {false, true}) {
        Dataset dataset = TestSources.read(npy(type, fortran));
        for (int i = 0; i < ROWS; i++) {
          assertEquals(time(i), dataset.samples().value(i, 0));
          assertEquals(i % 7, dataset.samples().value(i, 1));
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      text.append(String.format(Locale.ROOT, "%d 1:%.0f 2:%d%n", i % 2, time(i), i % 7));
    }
    Path file = TestSources.write(folder, "times.svm", text.toString());
    Dataset libsvm = TestSources.read(source(Format.LIBSVM, List.of(file), List.of()));
    for (int i = 0; i < ROWS; i++) {
      assertEquals(time(i), libsvm.samples().value(i, 0));
    }
  }

  /** Nanoseconds, which double precision itself rounds. */
  @Test
  void wholeNumbersBeyondDoublePrecision_areTold() {
    StringBuilder csv = new StringBuilder("t,kind\n");
    for (int i = 0; i < 20; i++) {
      csv.append(1_700_000_000_000_000_000L + i).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    Path file = TestSources.write(folder, "nanos.csv", csv.toString());
    List<String> notes =
        TestSources.read(TestSources.csv(file, "", Header.PRESENT)).columns().notes();
    assertTrue(
        notes
            .get(0)
            .startsWith(
                "whole numbers beyond 2^53 are rounded to those that double precision holds: 19, the"
                    + " first at "
                    + file
                    + ":3: column 0 (t) (cure: differences to a number of"),
        notes::toString);
    byte[] samples = npy("<i8", false, "4, 1", 4, i -> i);
    ByteBuffer.wrap(samples).order(ByteOrder.LITTLE_ENDIAN).putLong(samples.length - 32, 1L << 60);
    ByteBuffer.wrap(samples)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(samples.length - 24, (1L << 53) + 1);
    byte[] labels = npy("<i8", false, "4,", 4, i -> i % 2);
    SourceSpec npy =
        source(
            Format.NPY,
            List.of(TestSources.write(folder, "n.npy", samples)),
            List.of(TestSources.write(folder, "l.npy", labels)));
    byte[] wide = npy("<i8", false, "4,", 4, i -> (1L << 53) + i % 2);
    SourceSpec wideLabels =
        source(
            Format.NPY,
            List.of(folder.resolve("n.npy")),
            List.of(TestSources.write(folder, "w.npy", wide)));
    String refused =
        assertThrows(DataException.class, () -> TestSources.read(wideLabels)).getMessage();
    assertTrue(refused.contains("expected a label that is a whole number below 2^53"), refused);
    byte[] latin = npy("|S8", false, "4,", 4, i -> 0xE9E9E9E9E9E9E9E9L);
    SourceSpec latinLabels =
        source(
            Format.NPY,
            List.of(folder.resolve("n.npy")),
            List.of(TestSources.write(folder, "s.npy", latin)));
    refused = assertThrows(DataException.class, () -> TestSources.read(latinLabels)).getMessage();
    assertTrue(refused.contains("expected a text in UTF-8, found other bytes"), refused);
    notes = TestSources.read(npy).columns().notes();
    assertTrue(notes.get(0).contains("double precision holds: 1, the first at"), notes::toString);
  }

  private SourceSpec npy(String type, boolean fortran) {
    byte[] samples =
        npy(
            type,
            fortran,
            ROWS + ", 2",
            2 * ROWS,
            i -> {
              int row = fortran ? i % ROWS : i / 2;
              return (fortran ? i / ROWS : i % 2) == 0 ? time(row) : row % 7;
            });
    byte[] labels = npy("<i8", false, ROWS + ",", ROWS, i -> i % 2);
    return source(
        Format.NPY,
        List.of(TestSources.write(folder, "x.npy", samples)),
        List.of(TestSources.write(folder, "y.npy", labels)));
  }

  private static byte[] npy(
      String type, boolean fortran, String shape, int count, IntToDoubleFunction value) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n"
            .formatted(type, fortran ? "True" : "False", shape);
    ByteBuffer file = ByteBuffer.allocate(10 + header.length() + 8 * count);
    file.order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.putShort((short) header.length());
    file.put(header.getBytes(StandardCharsets.ISO_8859_1));
    file.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      double number = value.applyAsDouble(i);
      file.putLong(type.endsWith("f8") ? Double.doubleToLongBits(number) : (long) number);
    }
    return file.array();
  }

  private static SourceSpec source(Format format, List<Path> train, List<Path> labels) {
    return new SourceSpec(
        "times",
        format,
        train.stream().map(Path::toString).toList(),
        labels.stream().map(Path::toString).toList(),
        List.of(),
        List.of(),
        "",
        Header.AUTO,
        List.of(),
        0);
  }

  @Test
  void theFingerprintIsOfOffsetsToo() {
    Dataset dataset = table(PrecisionTest::time, i -> 1.5 * i);
    Dataset later = table(i -> time(i) + 50, i -> 1.5 * i);

    assertArrayEquals(
        ((Samples.Reals) dataset.samples()).held().data,
        ((Samples.Reals) later.samples()).held().data);
    assertNotEquals(TestSources.fingerprint(dataset), TestSources.fingerprint(later));
  }
}
