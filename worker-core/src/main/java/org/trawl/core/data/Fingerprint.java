package org.trawl.core.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.TextColumn;

/**
 * The SHA-256 of everything in a data set that a training can depend on: sizes of the parts,
 * classes, full scale, labels, features and their offsets, their texts, and the shape of images
 * unless it is the gray square that the number of features suggests. It is of what was read rather
 * than of the files, and so does not depend on where they lie, on compression, on how they are cut
 * into several, nor on how the label column was chosen.
 */
final class Fingerprint {
  private static final int CHUNK = 1 << 14;

  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK);

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** In lower-case hexadecimal digits. */
  static String of(Dataset dataset) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(dataset);
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  private void add(Dataset dataset) {
    add(dataset.trainRows());
    add(dataset.validationRows());
    add(dataset.testRows());
    add(dataset.features());
    digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(dataset.fullScale()).flip());
    add(dataset.classes().size());
    dataset.classes().forEach(this::add);
    for (int label : dataset.labels()) {
      room().putInt(label);
    }
    flush();
    if (dataset.samples() instanceof Samples.Bytes bytes) {
      add(1);
      digest.update(bytes.data());
    } else if (dataset.samples() instanceof Samples.Reals reals) {
      add(Float.BYTES);
      FMatrixRMaj matrix = reals.held();
      for (int i = 0; i < matrix.getNumElements(); i++) {
        float value = matrix.data[i];
        room().putFloat(Float.isNaN(value) ? Float.NaN : value); // there are many NaNs
      }
      for (double offset : reals.offsets()) {
        room().putDouble(offset);
      }
      flush();
    }
    for (TextColumn column : dataset.texts()) {
      add(column.feature());
      add(column.values().size());
      column.values().forEach(this::add);
    }
    SampleShape shape = dataset.shape();
    if (shape.image() && (shape.channels() > 1 || shape.rows() != shape.columns())) {
      add(shape.rows());
      add(shape.columns());
      add(shape.channels());
    }
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    digest.update(bytes);
  }

  private void add(int value) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
  }

  private ByteBuffer room() {
    if (buffer.remaining() < Long.BYTES) {
      flush();
    }
    return buffer;
  }

  private void flush() {
    digest.update(buffer.flip());
    buffer.clear();
  }
}
