package org.trawl.core.network;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.LayerTensor.Role;

/**
 * A layer of a network: its shape, the tensors that it learns and their places, and what it costs.
 * A description, without arrays, shared by all networks of its {@link Layout}; what computes is the
 * {@link LayerPass} that it makes for a workspace.
 *
 * <p>One class a kind, which has all that is known of it; {@link Layout#of} lists the kinds. The
 * family is closed: its members are in this package.
 */
public abstract class Layer {
  private final int number;
  private final int inputs;
  private final int outputs;
  private final int from;
  private final List<LayerTensor> tensors;

  /**
   * A layer that reads the one before it. What it learns is placed by {@link
   * Layout.Builder#tensor}.
   */
  Layer(Layout.Builder at, int outputs) {
    this.number = at.number();
    this.inputs = at.width();
    this.outputs = outputs;
    this.from = at.place();
    this.tensors = Collections.unmodifiableList(at.begin());
  }

  /** From 1, the output layer last. */
  public final int number() {
    return number;
  }

  /** Width of the layer before, or features. */
  public final int inputs() {
    return inputs;
  }

  /** Its own width, or classes. */
  public final int outputs() {
    return outputs;
  }

  /** The panels of its outputs. */
  public final int panels() {
    return Panels.count(outputs);
  }

  /** What it learns, and its statistics, in the order of files and hashes. */
  public final List<LayerTensor> tensors() {
    return tensors;
  }

  /** What a file calls one of its tensors. */
  public final String name(LayerTensor tensor) {
    return "layers." + (number - 1) + "." + tensor.name();
  }

  /** The place after its last parameter. */
  public final int end() {
    return tensors.stream()
        .filter(tensor -> tensor.role().learnt())
        .mapToInt(LayerTensor::end)
        .reduce(from, Math::max);
  }

  /** The number of its parameters of a role, without what fills up panels. */
  public final long parameters(Role role) {
    return tensors.stream()
        .filter(tensor -> tensor.role() == role)
        .mapToLong(LayerTensor::size)
        .sum();
  }

  /** The number of its parameters. */
  public final long parameters() {
    return tensors.stream()
        .filter(tensor -> tensor.role().learnt())
        .mapToLong(LayerTensor::size)
        .sum();
  }

  /** What its values go through at last; of the output layer the network's output does that. */
  public Activation activation() {
    return Activation.IDENTITY;
  }

  /** What it computes of its inputs in evaluation, before {@link #activation}. */
  public abstract List<LayerOperation> operations();

  /** Multiplications and additions of a sample on its way forth. */
  public abstract long multiplyAdds();

  /** The work of a sample on its way forth and back. */
  public abstract Map<LayerWork, Long> trainingWork();

  /** The work of a sample on its way forth alone. */
  public abstract Map<LayerWork, Long> evaluationWork();

  /** Whether training computes something over the samples of a batch, of which two are needed. */
  public boolean normalizes() {
    return false;
  }

  /** Whether training draws or computes something for a whole batch: it cannot be in parts. */
  public boolean needsWholeBatch() {
    return normalizes();
  }

  /** As the first layer: whether it is worthwhile to look for inputs of 0. */
  public boolean leavesOutZeros() {
    return false;
  }

  /**
   * Draws the initial values of what does not start with those of its role.
   *
   * @param parameters of the network; the layer's are written
   */
  void initialize(RandomStream stream, Kernels kernels, float[] parameters) {}

  /** Its part of a workspace. */
  abstract LayerPass newPass(Room room, LayerInput input);
}
