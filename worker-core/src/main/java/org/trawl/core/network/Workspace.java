package org.trawl.core.network;

import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.Terms;

/**
 * The arrays of a forward and a backward pass, allocated once for batches of up to {@code capacity}
 * samples. Matrices lie in {@link Panels}; those of a batch have a row a sample and {@link
 * #stride()} rows a panel. Each layer makes its own part. Networks of one layout may work in it in
 * turn.
 */
public final class Workspace {
  /**
   * Samples of a part of a batch: of wide layers too, what they take stays in the second-level
   * cache.
   */
  public static final int PART_ROWS = 256;

  /** batch x features: the samples. Written by whoever gathers them. */
  public final float[] inputs;

  /**
   * The inputs that count in the first layer's products: of 4 samples each, and of 4 features each.
   * Whoever gathers the samples may find them, of up to {@link #PART_ROWS} samples.
   */
  public final Terms rowTerms;

  public final Terms columnTerms;

  /** The data loss of each sample. */
  public final float[] losses;

  /** The layers' parts, in order. */
  final LayerPass[] passes;

  /** What they have in common. */
  final Room room;

  private Workspace(Layout layout, int capacity, Room room) {
    this.room = room;
    int features = layout.layers().get(0).inputs();
    inputs = room.batch(features);
    losses = room.array(capacity);
    int part = room.training() ? Math.min(stride(), PART_ROWS) : 0;
    rowTerms = room.terms(part, features);
    columnTerms = room.terms(features, part);
    passes = new LayerPass[layout.layers().size()];
    LayerInput input = new LayerInput(inputs, null, rowTerms, columnTerms);
    for (int index = 0; index < passes.length; index++) {
      Layer layer = layout.layers().get(index);
      passes[index] = layer.newPass(room, input);
      input = new LayerInput(passes[index].outputs, passes[index].deltas, null, null);
      if (room.addsGradientNoise()) {
        room.needNoise(layer.outputs());
      }
    }
    room.open();
  }

  /** For forward and backward passes; of batches, or of parts of batches. */
  static Workspace forTraining(
      Layout layout, int capacity, boolean inParts, Perturbation perturbation) {
    return new Workspace(layout, capacity, new Room(capacity, inParts, perturbation, false));
  }

  /** For forward passes only. */
  static Workspace forEvaluation(Layout layout, int capacity) {
    return new Workspace(layout, capacity, new Room(capacity, false, null, false));
  }

  /** Numbers in the arrays of {@link Network#trainingWorkspace}. */
  public static long trainingNumbers(Layout layout, int capacity, Perturbation perturbation) {
    return numbers(layout, capacity, new Room(capacity, false, perturbation, true));
  }

  /** Numbers in the arrays of {@link Network#partWorkspace}. */
  public static long partNumbers(Layout layout, Perturbation none) {
    return numbers(layout, PART_ROWS, new Room(PART_ROWS, true, none, true));
  }

  /** Numbers in the arrays of {@link Network#evaluationWorkspace}. */
  public static long evaluationNumbers(Layout layout, int capacity) {
    return numbers(layout, capacity, new Room(capacity, false, null, true));
  }

  private static long numbers(Layout layout, int capacity, Room room) {
    return new Workspace(layout, capacity, room).room.numbers();
  }

  /**
   * Sets the number of samples of the next batch, before they are gathered.
   *
   * @param rows from 1 to the capacity
   */
  public void resize(int rows) {
    room.resize(rows);
  }

  /** Samples of the batch. */
  public int rows() {
    return room.rows();
  }

  /** Rows a panel of the batch's matrices. */
  public int stride() {
    return room.stride();
  }
}
