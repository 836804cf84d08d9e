package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.trawl.core.training.TrainingState;

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
    String header = new String(file, 8, length, java.nio.charset.StandardCharsets.UTF_8);
    assertEquals('{', header.charAt(0));
    assertEquals(
        "{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}",
        header.substring(header.indexOf("{\"dtype\":\"F32\""), header.indexOf("[0,12]}") + 7));
    assertEquals(1.5f, bytes.getFloat(8 + length));
    assertEquals(8 + length + 3 * 4 + 2 * 8 + 2 * 4 + 8, file.length);
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
