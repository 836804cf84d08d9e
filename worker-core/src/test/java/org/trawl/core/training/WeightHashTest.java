package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.trawl.core.network.DenseTensors.batchNorm;
import static org.trawl.core.network.DenseTensors.setBatchNorm;
import static org.trawl.core.network.DenseTensors.setBiases;
import static org.trawl.core.network.DenseTensors.setWeights;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.network.Activation;
import org.trawl.core.network.DenseTensors.BatchNorm;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkSpec;

class WeightHashTest {
  @Test
  void itIsTheSha256OfTheValuesLayerByLayer() throws Exception {
    Network network = network(false);
    setWeights(network, 1, new FMatrixRMaj(2, 1, true, 1f, 2f));
    setBiases(network, 1, new float[] {3f, 4f});
    setWeights(network, 2, new FMatrixRMaj(2, 2, true, 5f, 6f, 7f, 8f));
    setBiases(network, 2, new float[] {9f, 10f});
    ByteBuffer values = ByteBuffer.allocate(40);
    for (int value = 1; value <= 10; value++) {
      values.putFloat(value);
    }
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(values.array());
    assertEquals(HexFormat.of().formatHex(expected), WeightHash.of(network));
  }

  @Test
  void everyValueCounts() {
    Network network = network(true);
    String before = WeightHash.of(network);
    setBiases(network, 2, new float[] {0f, Float.MIN_VALUE});
    String biased = WeightHash.of(network);
    assertNotEquals(before, biased);
    BatchNorm norm = batchNorm(network, 1);
    norm.variance()[1] = Math.nextUp(norm.variance()[1]);
    setBatchNorm(network, 1, norm);
    assertNotEquals(biased, WeightHash.of(network));
  }

  private static Network network(boolean batchNorm) {
    NetworkSpec spec =
        new NetworkSpec(
            List.of(2),
            Activation.RELU,
            Activation.SOFTMAX,
            true,
            Initializer.ZERO,
            List.of(0.0),
            batchNorm);
    return new Network(spec, 1, 2, Loss.CROSS_ENTROPY, Kernels.plain());
  }
}
