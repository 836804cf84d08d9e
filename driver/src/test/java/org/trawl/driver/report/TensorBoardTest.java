package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.sweep.InputException;

/** Event files, read again by a decoder of their own. */
class TensorBoardTest {
  @TempDir Path folder;

  @Test
  void theChecksumIsCastagnolisMasked() {
    byte[] digits = "123456789".getBytes(StandardCharsets.UTF_8);
    assertEquals(0xE3069283, castagnoli(digits)); // the check value of CRC-32C (RFC 3720)
    assertEquals(masked(digits), TensorBoard.masked(digits));
  }

  @Test
  void eventsHaveTheScalarsAndTheHyperparameters() throws IOException {
    SampleRun sample = new SampleRun("animals");
    RunFolder run = sample.write(folder.resolve("run"), "animals");
    Path out = folder.resolve("events");
    assertEquals(32, TensorBoard.export(run, out));
    Map<String, Object> trial = sample.trials.get(0);
    List<Map<Integer, List<Object>>> events = events(out.resolve((String) trial.get("trial")));
    assertEquals("brain.Event:2", text(events.get(0).get(3)));

    Map<Integer, List<Object>> start = data(events.get(1), "_hparams_/session_start_info", 3);
    assertEquals(trial.get("point"), text(start.get(4)));
    Map<String, Map<Integer, List<Object>>> keys = new LinkedHashMap<>();
    for (Object entry : start.get(1)) {
      Map<Integer, List<Object>> fields = message(entry);
      keys.put(text(fields.get(1)), message(fields.get(2).get(0)));
    }
    assertEquals(0.005, keys.get("learning_rate").get(2).get(0));
    assertEquals("[50, 20]", text(keys.get("hidden").get(3)));
    assertEquals("sigmoid", text(keys.get("activation").get(3)));

    List<Map<String, Object>> rows = SampleRun.of(sample.epochs, trial.get("trial"));
    assertEquals(1 + 1 + rows.size() + 1 + 1, events.size());
    for (int epoch = 1; epoch <= rows.size(); epoch++) {
      Map<Integer, List<Object>> event = events.get(epoch + 1);
      assertEquals((long) epoch, event.get(2).get(0));
      Map<String, Float> scalars = new LinkedHashMap<>();
      for (Object value : message(event.get(5).get(0)).get(1)) {
        scalars.put(text(message(value).get(1)), (Float) message(value).get(2).get(0));
      }
      Map<String, Object> row = rows.get(epoch - 1);
      assertEquals(((Double) row.get("train_loss")).floatValue(), scalars.get("train_loss"));
      assertTrue(!scalars.containsKey("test_loss"), "NULL is no scalar");
    }
    Map<Integer, List<Object>> end =
        data(events.get(events.size() - 1), "_hparams_/session_end_info", 4);
    assertEquals(1L, end.get(1).get(0));
  }

  @Test
  void theExperimentNamesKeysAndMetrics() throws IOException {
    RunFolder run = new SampleRun("animals").write(folder.resolve("run"), "animals");
    TensorBoard.export(run, folder.resolve("events"));
    Map<Integer, List<Object>> experiment =
        data(events(folder.resolve("events")).get(1), "_hparams_/experiment", 2);
    assertEquals(
        List.of("hidden", "activation", "learning_rate"),
        experiment.get(4).stream().map(info -> text(message(info).get(1))).toList());
    assertEquals(
        List.of(1L, 1L, 3L),
        experiment.get(4).stream().map(info -> message(info).get(4).get(0)).toList());
    assertEquals(
        List.of(1L, 1L, 1L),
        experiment.get(4).stream().map(info -> message(info).get(7).get(0)).toList());
    assertEquals(
        "best/validation_accuracy",
        text(message(message(experiment.get(5).get(0)).get(1).get(0)).get(2)));
  }

  @Test
  void aFolderThatHoldsFilesIsRefused() throws IOException {
    RunFolder run = new SampleRun("animals").write(folder.resolve("run"), "animals");
    Files.createFile(folder.resolve("something"));
    assertThrows(InputException.class, () -> TensorBoard.export(run, folder));
    assertThrows(InputException.class, () -> TensorBoard.export(run, folder.resolve("something")));
  }

  /** The content of the plugin data of an event's only value. */
  private static Map<Integer, List<Object>> data(
      Map<Integer, List<Object>> event, String tag, int field) {
    Map<Integer, List<Object>> value = message(message(event.get(5).get(0)).get(1).get(0));
    assertEquals(tag, text(value.get(1)));
    assertTrue(value.containsKey(8), "a tensor");
    Map<Integer, List<Object>> plugin = message(message(value.get(9).get(0)).get(1).get(0));
    assertEquals("hparams", text(plugin.get(1)));
    return message(message(plugin.get(2).get(0)).get(field).get(0));
  }

  private static List<Map<Integer, List<Object>>> events(Path folder) throws IOException {
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    assertTrue(file.getFileName().toString().contains("tfevents"));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Map<Integer, List<Object>>> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertEquals(masked(length), bytes.getInt());
      byte[] event = new byte[(int) bytes.getLong(bytes.position() - 12)];
      bytes.get(event);
      assertEquals(masked(event), bytes.getInt());
      events.add(message(event));
    }
    return events;
  }

  /** The values of each field: Long, Double, Float or byte[]. */
  private static Map<Integer, List<Object>> message(Object encoded) {
    ByteBuffer bytes = ByteBuffer.wrap((byte[]) encoded).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, List<Object>> fields = new LinkedHashMap<>();
    while (bytes.hasRemaining()) {
      long tag = varint(bytes);
      Object value =
          switch ((int) (tag & 7)) {
            case 0 -> (Object) varint(bytes);
            case 1 -> bytes.getDouble();
            case 5 -> bytes.getFloat();
            case 2 -> {
              byte[] content = new byte[(int) varint(bytes)];
              bytes.get(content);
              yield content;
            }
            default -> throw new IllegalArgumentException("no such type");
          };
      fields.computeIfAbsent((int) (tag >> 3), field -> new ArrayList<>()).add(value);
    }
    return fields;
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static String text(List<Object> values) {
    return new String((byte[]) values.get(0), StandardCharsets.UTF_8);
  }

  private static int masked(byte[] bytes) {
    int checksum = castagnoli(bytes);
    return ((checksum >>> 15) | (checksum << 17)) + 0xa282ead8;
  }

  /** CRC-32C bit by bit. */
  private static int castagnoli(byte[] bytes) {
    int checksum = -1;
    for (byte next : bytes) {
      checksum ^= next & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        checksum = (checksum & 1) == 0 ? checksum >>> 1 : (checksum >>> 1) ^ 0x82F63B78;
      }
    }
    return ~checksum;
  }
}
