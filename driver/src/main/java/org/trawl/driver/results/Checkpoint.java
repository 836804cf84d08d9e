package org.trawl.driver.results;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.training.TrainingState;
import org.trawl.driver.model.SafeTensors;
import org.trawl.driver.model.SafeTensors.Numbers;

/**
 * A {@link TrainingState} as a safetensors file: its arrays as vectors, the rest as metadata. The
 * same state has the same bytes, whoever writes it.
 */
final class Checkpoint {
  private static final String FORMAT = "trawl";

  private Checkpoint() {}

  /** The bytes of a state's file. */
  static byte[] encode(TrainingState state) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("epoch", String.valueOf(state.epoch()));
    metadata.put("parameters", String.valueOf(state.parameters()));
    metadata.put("weights", state.weights());
    Map<String, Numbers> arrays = new LinkedHashMap<>();
    state.arrays().forEach((name, values) -> arrays.put(name, Numbers.vector(values)));
    return new SafeTensors(metadata, arrays).encode();
  }

  /**
   * Reads the bytes of a state's file.
   *
   * @throws IOException if they are not that
   */
  static TrainingState decode(byte[] bytes) throws IOException {
    try {
      SafeTensors file = SafeTensors.decode(bytes, "not a checkpoint");
      Map<String, String> metadata = file.metadata();
      if (!FORMAT.equals(metadata.get("format"))) {
        throw new IOException("not a checkpoint: format " + metadata.get("format"));
      }
      TrainingState state =
          new TrainingState(
              Integer.parseInt(metadata.get("epoch")),
              Long.parseLong(metadata.get("parameters")),
              metadata.get("weights"));
      file.arrays().forEach((name, numbers) -> state.put(name, numbers.values()));
      return state;
    } catch (DataException damaged) {
      throw new IOException(damaged.getMessage(), damaged);
    } catch (NumberFormatException damaged) {
      throw new IOException("not a checkpoint: " + damaged.getMessage(), damaged);
    }
  }

  /** What tells a file from every other: the SHA-256 of its bytes. */
  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
