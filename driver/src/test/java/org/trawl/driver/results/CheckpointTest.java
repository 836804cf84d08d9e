package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.trawl.core.training.TrainingState;
import org.trawl.driver.model.SafeTensors;
import org.trawl.driver.model.SafeTensors.Numbers;

class CheckpointTest {
  @Test
  void aStateReadsBackAsItWasWritten() throws IOException {
    TrainingState read = Checkpoint.decode(Checkpoint.encode(state()));
    assertEquals(7, read.epoch());
    assertEquals(42, read.parameters());
    assertEquals("f00d", read.weights());
    assertEquals(state().arrays().keySet(), read.arrays().keySet());
    float[] floats = new float[3];
    read.read("network.parameters", floats);
    assertArrayEquals(new float[] {1.5f, -0f, Float.MIN_VALUE}, floats);
    double[] doubles = new double[2];
    read.read("optimizer.numbers", doubles);
    assertArrayEquals(new double[] {0.1, Math.PI}, doubles);
    int[] integers = new int[2];
    read.read("order", integers);
    assertArrayEquals(new int[] {Integer.MIN_VALUE, 3}, integers);
    long[] longs = new long[1];
    read.read("stream.order", longs);
    assertArrayEquals(new long[] {Long.MAX_VALUE}, longs);
  }

  /** The format: https://github.com/huggingface/safetensors#format */
  @Test
  void theFileIsOfTheSafetensorsFormat() {
    byte[] file = Checkpoint.encode(state());
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    assertEquals(0, length % 8);
    String header = new String(file, 8, length, StandardCharsets.UTF_8);
    assertEquals('{', header.charAt(0));
    assertEquals(
        "{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}",
        header.substring(header.indexOf("{\"dtype\":\"F32\""), header.indexOf("[0,12]}") + 7));
    assertEquals(1.5f, bytes.getFloat(8 + length));
    assertEquals(8 + length + 3 * 4 + 2 * 8 + 2 * 4 + 8, file.length);
  }

  /** Checkpoints of earlier versions are read, and go by the hash of these bytes. */
  @Test
  void theBytesStayTheSame() {
    String header =
        "{\"__metadata__\":{\"format\":\"trawl\",\"epoch\":\"7\",\"parameters\":\"42\","
            + "\"weights\":\"f00d\"},"
            + "\"network.parameters\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},"
            + "\"optimizer.numbers\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[12,28]},"
            + "\"order\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[28,36]},"
            + "\"stream.order\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[36,44]}}";
    String filled = header + " ".repeat(-header.length() & 7);
    ByteBuffer expected =
        ByteBuffer.allocate(8 + filled.length() + 44).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(filled.length()).put(filled.getBytes(StandardCharsets.UTF_8));
    expected.putFloat(1.5f).putFloat(-0f).putFloat(Float.MIN_VALUE);
    expected.putDouble(0.1).putDouble(Math.PI);
    expected.putInt(Integer.MIN_VALUE).putInt(3).putLong(Long.MAX_VALUE);
    assertArrayEquals(expected.array(), Checkpoint.encode(state()));
  }

  @Test
  void aModelIsNoCheckpoint() {
    byte[] model =
        new SafeTensors(Map.of("trawl.model", "1"), Map.of("a", Numbers.vector(new float[1])))
            .encode();
    IOException refused = assertThrows(IOException.class, () -> Checkpoint.decode(model));
    assertEquals("not a checkpoint: format null", refused.getMessage());
  }

  @Test
  void theSameStateHasTheSameBytes() {
    assertArrayEquals(Checkpoint.encode(state()), Checkpoint.encode(state()));
  }

  @Test
  void whatIsNoCheckpointIsToldFromOne() {
    byte[] file = Checkpoint.encode(state());
    for (int length : new int[] {0, 7, 8, 50, file.length - 1}) {
      assertThrows(
          IOException.class, () -> Checkpoint.decode(Arrays.copyOf(file, length)), "" + length);
    }
  }

  private static TrainingState state() {
    TrainingState state = new TrainingState(7, 42, "f00d");
    state.put("network.parameters", new float[] {1.5f, -0f, Float.MIN_VALUE});
    state.put("optimizer.numbers", new double[] {0.1, Math.PI});
    state.put("order", new int[] {Integer.MIN_VALUE, 3});
    state.put("stream.order", new long[] {Long.MAX_VALUE});
    return state;
  }
}
