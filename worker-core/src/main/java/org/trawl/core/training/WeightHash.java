package org.trawl.core.training;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerTensor;
import org.trawl.core.network.Network;

/**
 * Names the values of a network's parameters: two networks of one shape have the same bits if, and
 * only if, they have the same hash. Layer by layer, the values of its tensors in their order: of a
 * dense one weights as [outputs][inputs], biases, then scale, shift, mean and variance of the batch
 * normalisation; floats in big-endian order.
 */
final class WeightHash {
  private static final int CHUNK = 4096;

  private WeightHash() {}

  /** The SHA-256 of the values, in hexadecimal digits. */
  static String of(Network network) {
    MessageDigest digest = sha256();
    for (Layer layer : network.layout().layers()) {
      for (LayerTensor tensor : layer.tensors()) {
        add(network.values(tensor), digest);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(float[] values, MessageDigest digest) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.min(values.length, CHUNK) * Float.BYTES);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.clear();
      bytes.asFloatBuffer().put(values, from, count);
      bytes.limit(count * Float.BYTES);
      digest.update(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
