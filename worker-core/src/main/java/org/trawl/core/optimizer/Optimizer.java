package org.trawl.core.optimizer;

import org.trawl.core.kernel.Kernels;

/** An update rule with its state. Not thread-safe: it belongs to one trial. */
public interface Optimizer {

  /**
   * One update.
   *
   * @param parameters overwritten
   * @param gradient of the same length
   * @param rate learning rate
   */
  void step(float[] parameters, float[] gradient, double rate);

  /**
   * The optimizer of a description.
   *
   * @param length of the parameters
   */
  static Optimizer of(OptimizerSpec spec, int length, Kernels kernels) {
    if (spec instanceof OptimizerSpec.Sgd sgd) {
      return sgd(sgd, length, kernels);
    }
    if (spec instanceof OptimizerSpec.Adam adam) {
      return new Adam(adam, length, kernels);
    }
    throw new IllegalStateException("No optimizer for " + spec);
  }

  private static Optimizer sgd(OptimizerSpec.Sgd spec, int length, Kernels kernels) {
    if (spec.momentum() == 0) {
      return (parameters, gradient, rate) ->
          kernels.sgd(parameters, gradient, length, (float) rate);
    }
    float[] velocity = new float[length];
    float momentum = (float) spec.momentum();
    if (spec.nesterov()) {
      return (parameters, gradient, rate) ->
          kernels.sgdNesterov(parameters, gradient, velocity, length, (float) rate, momentum);
    }
    return (parameters, gradient, rate) ->
        kernels.sgdMomentum(parameters, gradient, velocity, length, (float) rate, momentum);
  }

  /** The moments of Adam. */
  final class Adam implements Optimizer {
    private final OptimizerSpec.Adam spec;
    private final Kernels kernels;
    private final float[] first;
    private final float[] second;

    /** beta1 and beta2 to the power of the number of steps taken. */
    private double power1 = 1;

    private double power2 = 1;

    private Adam(OptimizerSpec.Adam spec, int length, Kernels kernels) {
      this.spec = spec;
      this.kernels = kernels;
      this.first = new float[length];
      this.second = new float[length];
    }

    @Override
    public void step(float[] parameters, float[] gradient, double rate) {
      power1 *= spec.beta1();
      power2 *= spec.beta2();
      kernels.adam(
          parameters,
          gradient,
          first,
          second,
          parameters.length,
          (float) (rate / (1 - power1)),
          (float) spec.beta1(),
          (float) spec.beta2(),
          (float) (1 / Math.sqrt(1 - power2)),
          (float) spec.epsilon());
    }
  }
}
