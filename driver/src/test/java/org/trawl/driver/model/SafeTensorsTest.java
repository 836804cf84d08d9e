package org.trawl.driver.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.network.Tensor;
import org.trawl.driver.model.SafeTensors.Numbers;

class SafeTensorsTest {
  private static final SafeTensors SMALL =
      SafeTensors.of(
          Map.of("format", "pt"),
          Map.of(
              "b", new Tensor(List.of(1, 2), new float[] {1f, -2.5f}),
              "a", new Tensor(List.of(), new float[] {0.1f})));

  /** The format's specification, byte by byte: 160 = 0xA0 bytes of header, then 12 of values. */
  @Test
  void aFileIsWrittenAsTheFormatSays() {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[4,12]}}";
    String filled = header + " ".repeat(-header.length() & 7);
    assertEquals(0, filled.length() % 8);
    String expected =
        String.format(Locale.ROOT, "%02x00000000000000", filled.length())
            + HexFormat.of().formatHex(filled.getBytes(StandardCharsets.UTF_8))
            + "cdcccc3d" // 0.1
            + "0000803f" // 1
            + "000020c0"; // -2.5
    assertEquals(expected, HexFormat.of().formatHex(SMALL.encode()));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    Random random = new Random(1);
    float[] values = new float[7 * 13];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[3] = Float.NaN;
    values[4] = Float.NEGATIVE_INFINITY;
    values[5] = -0f;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", Tensor.of(new float[0]));
    tensors.put("weight", new Tensor(List.of(7, 13), values));
    tensors.put("ü \"quoted\"", Tensor.of(new float[] {Float.MIN_VALUE}));
    SafeTensors file = SafeTensors.of(Map.of("läbel", "a\nb"), tensors);
    SafeTensors read = SafeTensors.decodeReals(file.encode(), "x");
    assertEquals(file.metadata(), read.metadata());
    assertEquals(file.tensors().keySet(), read.tensors().keySet());
    assertEquals(List.of(7, 13), read.tensors().get("weight").shape());
    assertArrayEquals(values, read.tensors().get("weight").values());
    assertArrayEquals(file.encode(), read.encode());
  }

  @Test
  void numbersOfEachTypeAreReadAgainAsTheyWere() {
    Map<String, Numbers> arrays = new LinkedHashMap<>();
    arrays.put("d", new Numbers(List.of(2, 1), new double[] {Math.PI, -0.0}));
    arrays.put("f", new Numbers(List.of(), new float[] {0.1f}));
    arrays.put("i", Numbers.vector(new int[] {Integer.MIN_VALUE, 7, 8}));
    arrays.put("l", Numbers.vector(new long[] {Long.MAX_VALUE}));
    arrays.put("n", Numbers.vector(new double[0]));
    byte[] file = new SafeTensors(Map.of(), arrays).encode();
    SafeTensors read = SafeTensors.decode(file, "x");
    assertEquals(arrays.keySet(), read.arrays().keySet());
    assertEquals(List.of(2, 1), read.arrays().get("d").shape());
    assertArrayEquals(new double[] {Math.PI, -0.0}, (double[]) read.arrays().get("d").values());
    assertArrayEquals(new float[] {0.1f}, (float[]) read.arrays().get("f").values());
    assertArrayEquals(new int[] {Integer.MIN_VALUE, 7, 8}, (int[]) read.arrays().get("i").values());
    assertArrayEquals(new long[] {Long.MAX_VALUE}, (long[]) read.arrays().get("l").values());
    assertArrayEquals(new double[0], (double[]) read.arrays().get("n").values());
    assertArrayEquals(file, read.encode());
  }

  @Test
  void otherFloatingPointTypesAreReadAsSinglePrecision() {
    String header =
        "{\"d\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[10,26]},"
            + "\"h\":{\"dtype\":\"F16\",\"shape\":[5],\"data_offsets\":[0,10]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[26,30]}}";
    ByteBuffer values = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
    // 1, the largest, the smallest subnormal, minus infinity, 1/3 rounded: IEEE 754's binary16
    for (int half : new int[] {0x3C00, 0x7BFF, 0x0001, 0xFC00, 0x3555}) {
      values.putShort((short) half);
    }
    values.putDouble(1.0 / 3).putDouble(-0.0).putShort((short) 0xC020).putShort((short) 0x3F80);
    Map<String, Tensor> read = SafeTensors.decodeReals(file(header, values.array()), "x").tensors();
    assertArrayEquals(
        new float[] {1, 65504, 0x1p-24f, Float.NEGATIVE_INFINITY, 0.33325195f},
        read.get("h").values());
    assertArrayEquals(new float[] {1f / 3, -0f}, read.get("d").values());
    assertArrayEquals(new float[] {-2.5f, 1}, read.get("b").values());
    assertEquals(List.of("h", "d", "b"), List.copyOf(read.keySet()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}| 4 |offset 8: expected a: data_offsets: the 8 bytes of shape [2] in F32, found [0,4]",
        "{'a':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}| 8 |a: dtype: one of F64, F32, F16, BF16, found \"I64\"",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}| 8 |offset 66: expected the end of the file after a, found 4 more bytes",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}| 8 |offset 62: expected a at 0, after the header, found a gap at 4",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}}| 6 |expected b at 4, after a, found an overlap at 2",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}| 4 |an end of at most the 4 bytes of values, found [0,8]",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}| 4 |a: shape: a list of whole numbers of at least 0, found [-1]",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}}| 4 |a: shape: a list of whole numbers",
        "{'a':{'dtype':'F32','shape':[65536,65536,65536],'data_offsets':[0,4]}}| 4 |the too many bytes of shape",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}| 4 |a: data_offsets: [begin, end], found [4,0]",
        "{'a':{'dtype':'F32','shape':[1]}}| 4 |a: data_offsets: a list of whole numbers of at least 0, found none",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[0],'data_offsets':[4,4]}}| 4 |Duplicate field 'a'",
        "{'a':7}| 0 |a: { dtype, shape, data_offsets }, found 7",
        "{'__metadata__':{'n':1}}| 0 |__metadata__: texts by name, found {\"n\":1}",
        "['a']| 0 |offset 8: expected a JSON object, found 0x5B",
        "{'a'| 0 |expected a JSON object, found Unexpected end-of-input within/between Object entries",
        "{} x| 0 |expected a JSON object",
      })
  void whatIsNoSuchFileIsRefusedWithThePlace(String header, int bytes, String expected) {
    byte[] file = file(header.replace('\'', '"'), new byte[bytes]);
    DataException refused =
        assertThrows(DataException.class, () -> SafeTensors.decodeReals(file, "w.safetensors"));
    String message = refused.getMessage().replace("\"a\"", "'a'");
    assertTrue(message.startsWith("w.safetensors: offset "), message);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void damagedFilesAreRefusedAndNeverMore() {
    byte[] whole = SMALL.encode();
    Random random = new Random(2);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(DataException.class, () -> SafeTensors.decodeReals(cut, "cut"), "" + length);
    }
    int read = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        SafeTensors.decodeReals(damaged, "damaged");
        read++; // a value, a name or a blank has changed
      } catch (DataException refused) {
        assertTrue(refused.getMessage().contains("offset"), refused.getMessage());
      }
    }
    assertTrue(read < 2_500, "" + read);
  }

  /** What the format's published reader does, in Python with NumPy where that is installed. */
  @Test
  void anIndependentReaderReadsTheSame(@TempDir Path folder) throws Exception {
    String script =
        """
        import json, struct, sys
        import numpy
        data = open(sys.argv[1], "rb").read()
        length, = struct.unpack("<Q", data[:8])
        assert length % 8 == 0 and data[8:9] == b"{"
        header = json.loads(data[8:8 + length])
        header.pop("__metadata__")
        end = 0
        for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            first, last = entry["data_offsets"]
            assert first == end
            end = last
            values = numpy.frombuffer(data[8 + length + first:8 + length + last], {"F32": "<f4"}[entry["dtype"]])
            print(name, entry["shape"], *values.reshape(entry["shape"]).ravel())
        assert 8 + length + end == len(data)
        """;
    Path program = Files.writeString(folder.resolve("read.py"), script);
    Path file = Files.write(folder.resolve("small.safetensors"), SMALL.encode());
    assumeTrue(python("-c", "import numpy").exit() == 0, "no Python with NumPy here");
    Output output = python(program.toString(), file.toString());
    assertEquals(0, output.exit(), output.text());
    assertEquals("a [] 0.1\nb [1, 2] 1.0 -2.5\n", output.text());
  }

  private record Output(int exit, String text) {}

  private static Output python(String... arguments) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(Stream.concat(Stream.of("python3"), Arrays.stream(arguments)).toList())
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), text);
    } catch (IOException noPython) {
      return new Output(-1, noPython.getMessage());
    }
  }

  private static byte[] file(String header, byte[] values) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    file.writeBytes(json);
    file.writeBytes(values);
    return file.toByteArray();
  }
}
