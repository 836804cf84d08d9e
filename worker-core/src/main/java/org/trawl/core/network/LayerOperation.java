package org.trawl.core.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An operation of a layer in evaluation, for files that describe networks.
 *
 * @param type as ONNX calls it, such as Gemm
 * @param tensors of the layer that it takes, after what was computed so far
 * @param attributes whole or real numbers, likewise
 */
public record LayerOperation(
    String type, List<LayerTensor> tensors, Map<String, Number> attributes) {
  public LayerOperation {
    tensors = List.copyOf(tensors);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }
}
