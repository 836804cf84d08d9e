package org.trawl.driver.model;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.network.InitialWeights;
import org.trawl.core.network.Tensor;

/** Reads the files that networks start from: each content once a JVM, as long as memory lasts. */
public final class WeightFiles {
  private static final Map<String, SoftReference<Map<String, Tensor>>> BY_CONTENT =
      new ConcurrentHashMap<>();

  private WeightFiles() {}

  /**
   * A file of weights.
   *
   * @param weights its address, and what identifies its content
   * @param tensors by name
   */
  public record Loaded(InitialWeights weights, Map<String, Tensor> tensors) {}

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read or is not what it should be
   */
  public static Loaded read(String address, Storage storage) {
    byte[] bytes = bytes(address, storage);
    Map<String, Tensor> tensors = Model.weights(SafeTensors.decodeReals(bytes, address));
    String content = sha256(bytes);
    BY_CONTENT.put(content, new SoftReference<>(tensors));
    return new Loaded(new InitialWeights(address, content), tensors);
  }

  /**
   * The tensors that a network starts from; none where it has no file.
   *
   * @throws DataException likewise, and if the file's content is not what it was
   */
  public static Map<String, Tensor> tensors(InitialWeights weights, Storage storage) {
    if (!weights.given()) {
      return Map.of();
    }
    SoftReference<Map<String, Tensor>> kept = BY_CONTENT.get(weights.content());
    Map<String, Tensor> tensors = kept == null ? null : kept.get();
    if (tensors != null) {
      return tensors;
    }
    Loaded loaded = read(weights.address(), storage);
    if (!loaded.weights().equals(weights)) {
      throw new DataException(
          "Cannot start from %s: it has changed since the sweep was planned"
              .formatted(weights.address()));
    }
    return loaded.tensors();
  }

  private static byte[] bytes(String address, Storage storage) {
    try (InputStream stream = storage.open(address)) {
      return stream.readAllBytes();
    } catch (IOException failure) {
      throw new DataException(
          "Cannot read %s: %s; expected a safetensors file"
              .formatted(address, failure.getMessage()),
          failure);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
