package org.trawl.core.network;

import java.util.List;
import java.util.Map;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.LayerTensor.Role;

/**
 * The units of a layer, from the weighted sums of its inputs, z, to its outputs: batch
 * normalisation (Ioffe and Szegedy 2015), activation, noise, dropout, in this order. The output
 * layer's have none of them: its outputs are z.
 */
final class Units {
  /** Batch normalisation's addend to the variance, and the weight of a batch's statistics. */
  private static final float NORM_EPSILON = 1e-5f;

  private static final float NORM_MOMENTUM = 0.1f;

  private final int width;
  private final Kind kind;

  /** Of batch normalisation, each [width]; null without. The shifts follow the scales. */
  private final LayerTensor scales;

  private final LayerTensor shifts;
  private final LayerTensor means;
  private final LayerTensor variances;

  /**
   * What units do.
   *
   * @param dropout probability of dropping one
   * @param hidden whether they are not the network's outputs
   */
  record Kind(Activation activation, boolean batchNorm, double dropout, boolean hidden) {
    /** Units of the output layer. */
    static final Kind OUTPUT = new Kind(Activation.IDENTITY, false, 0, false);
  }

  /** Places what they learn. */
  Units(Layout.Builder at, int width, Kind kind) {
    this.width = width;
    this.kind = kind;
    this.scales = kind.batchNorm() ? at.tensor("norm.scale", Role.SCALES, width) : null;
    this.shifts = kind.batchNorm() ? at.tensor("norm.shift", Role.SHIFTS, width) : null;
    this.means = kind.batchNorm() ? at.tensor("norm.mean", Role.MEANS, width) : null;
    this.variances = kind.batchNorm() ? at.tensor("norm.variance", Role.VARIANCES, width) : null;
  }

  Activation activation() {
    return kind.activation();
  }

  boolean normalizes() {
    return kind.batchNorm();
  }

  boolean dropsOut() {
    return (float) kind.dropout() > 0;
  }

  /** Adds what they do to z before their activation. */
  void addOperations(List<LayerOperation> operations) {
    if (normalizes()) {
      operations.add(
          new LayerOperation(
              "BatchNormalization",
              List.of(scales, shifts, means, variances),
              Map.of("epsilon", NORM_EPSILON)));
    }
  }

  /** Adds the work of a sample, forth and back. */
  void addTrainingWork(Map<LayerWork, Long> work) {
    long values = (long) Panels.count(width) * Panels.WIDTH;
    add(work, values, values);
    if (dropsOut()) {
      work.put(LayerWork.DRAWN_VALUES, values);
    }
  }

  /** Adds the work of a sample on its way forth. */
  void addEvaluationWork(Map<LayerWork, Long> work) {
    long values = (long) Panels.count(width) * Panels.WIDTH;
    add(work, values / 2, values / 2);
  }

  private void add(Map<LayerWork, Long> work, long activated, long normalized) {
    if (kind.hidden()) {
      work.put(
          switch (kind.activation()) {
            case RELU, LEAKY_RELU, IDENTITY -> LayerWork.VALUES;
            default -> LayerWork.CURVED_VALUES;
          },
          activated);
    }
    if (normalizes()) {
      work.put(LayerWork.NORMALIZED_VALUES, normalized);
    }
  }

  /** Their part of a workspace. */
  Pass newPass(Room room) {
    return new Pass(room);
  }

  /** The arrays of units in a workspace, and what they do with them. */
  final class Pass {
    private final Room room;

    /** batch x width: z, then what the activation's derivative needs. */
    final float[] z;

    /** What the next layer reads: the same array unless that is something else. */
    final float[] outputs;

    /** batch x width: derivatives by the outputs, then by what the activation is applied to. */
    final float[] deltas;

    /** With dropout, 0 or 1 / (1 - rate); null without. */
    private final float[] mask;

    /** With batch normalisation, the values before scale and shift. */
    private final float[] normalized;

    /** With batch normalisation, of each unit mean and variance, and 1 / deviation. */
    private final float[] batchMeans;

    private final float[] batchVariances;
    private final float[] inverses;

    private Pass(Room room) {
      this.room = room;
      boolean training = room.training();
      boolean noisy = kind.hidden() && room.addsNoise();
      boolean beside =
          training && kind.hidden() && (kind.activation().keepsInput() || noisy || dropsOut());
      z = room.batch(width);
      outputs = beside ? room.batch(width) : z;
      deltas = training ? room.batch(width) : null;
      mask = training && dropsOut() ? room.batch(width) : null;
      normalized = normalizes() ? room.batch(width) : null;
      int vector = normalizes() ? Panels.length(1, width) : 0;
      batchMeans = new float[vector];
      batchVariances = new float[vector];
      inverses = new float[vector];
      if (noisy) {
        room.needNoise(width);
      }
      if (training) {
        room.needGradient(2 * Panels.length(1, width));
      }
    }

    /** From z to outputs, as {@link LayerPass#forward}. */
    void forward(boolean training) {
      if (normalizes()) {
        normalize(training);
      }
      if (kind.hidden()) {
        activate();
      }
    }

    /** By the statistics of the batch, or by the running ones. */
    private void normalize(boolean training) {
      int rows = room.rows();
      float[] running = room.statistics;
      if (training) {
        room.kernels.moments(rows, width, z, room.stride(), batchMeans, batchVariances);
        float unbiased = NORM_MOMENTUM * rows / (rows - 1);
        for (int j = 0; j < width; j++) {
          float mean = running[means.from() + j];
          float variance = running[variances.from() + j];
          running[means.from() + j] = Math.fma(NORM_MOMENTUM, batchMeans[j] - mean, mean);
          running[variances.from() + j] =
              Math.fma(unbiased, batchVariances[j], (1 - NORM_MOMENTUM) * variance);
        }
      } else {
        System.arraycopy(running, means.from(), batchMeans, 0, batchMeans.length);
        System.arraycopy(running, variances.from(), batchVariances, 0, batchVariances.length);
      }
      for (int j = 0; j < inverses.length; j++) {
        inverses[j] = 1f / (float) Math.sqrt(batchVariances[j] + NORM_EPSILON);
      }
      room.kernels.normalize(
          rows,
          width,
          z,
          room.stride(),
          batchMeans,
          inverses,
          room.parameters,
          scales.from(),
          shifts.from(),
          normalized);
    }

    /** In place or beside z. */
    private void activate() {
      int count = Panels.length(room.stride(), width);
      boolean beside = kind.activation().keepsInput() && outputs != z;
      if (beside) {
        System.arraycopy(z, 0, outputs, 0, count);
      }
      float[] activated = beside ? outputs : z;
      kind.activation().apply(room.kernels, room.rows(), width, activated, room.stride());
      if (activated != outputs) {
        System.arraycopy(activated, 0, outputs, 0, count);
      }
    }

    /**
     * As {@link LayerPass#perturb}.
     *
     * @param layer its number, from 1
     */
    void perturb(Perturbation perturbation, int layer) {
      int count = Panels.length(room.stride(), width);
      if (perturbation.sigma() > 0) {
        room.kernels.fillNormal(perturbation.noise(layer), room.noise, count);
        room.kernels.addMultiple(outputs, perturbation.sigma(), room.noise, count);
      }
      if (mask != null) {
        float rate = (float) kind.dropout();
        room.kernels.dropoutMask(perturbation.dropout(layer), rate, mask, count);
        room.kernels.multiplyElements(outputs, mask, count);
      }
    }

    /** As {@link LayerPass#derive}. */
    void derive() {
      int stride = room.stride();
      if (mask != null) {
        room.kernels.multiplyElements(deltas, mask, Panels.length(stride, width));
      }
      kind.activation().multiplyDerivative(room.kernels, room.rows(), width, z, stride, deltas);
    }

    /**
     * Passes on the gradients of scales and shifts, and the deltas become those by z, where units
     * are normalised.
     */
    void backward(GradientSink sink) {
      if (normalizes()) {
        room.kernels.normalizeDerivative(
            room.rows(),
            width,
            normalized,
            room.stride(),
            inverses,
            room.parameters,
            scales.from(),
            deltas,
            room.gradient);
        sink.biases(room.gradient, 0, scales.from(), 2 * scales.length());
      }
    }
  }
}
