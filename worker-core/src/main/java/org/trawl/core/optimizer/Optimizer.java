package org.trawl.core.optimizer;

import java.util.Map;
import org.trawl.core.kernel.Kernels;

/**
 * An update rule with its state, over the parameters that it was made for. Not thread-safe: it
 * belongs to one trial.
 */
public abstract class Optimizer {
  final float[] parameters;
  final Kernels kernels;
  float rate;

  Optimizer(float[] parameters, Kernels kernels) {
    this.parameters = parameters;
    this.kernels = kernels;
  }

  /**
   * The optimizer of a description.
   *
   * @param parameters of the network; each update overwrites a range of them
   */
  public static Optimizer of(OptimizerSpec spec, float[] parameters, Kernels kernels) {
    if (spec instanceof OptimizerSpec.Sgd sgd) {
      return sgd.momentum() == 0
          ? new Sgd(parameters, kernels)
          : new Momentum(sgd, parameters, kernels);
    }
    if (spec instanceof OptimizerSpec.Adam adam) {
      return new Adam(adam, 0, parameters, kernels);
    }
    if (spec instanceof OptimizerSpec.AdamW adam) {
      OptimizerSpec.Adam moments =
          new OptimizerSpec.Adam(adam.beta1(), adam.beta2(), adam.epsilon());
      return new Adam(moments, adam.decay(), parameters, kernels);
    }
    if (spec instanceof OptimizerSpec.RmsProp rmsProp) {
      return new RmsProp(rmsProp, parameters, kernels);
    }
    if (spec instanceof OptimizerSpec.AdaGrad adaGrad) {
      return new AdaGrad(adaGrad, parameters, kernels);
    }
    throw new IllegalStateException("No optimizer for " + spec);
  }

  /**
   * Begins a step, whose updates cover each parameter once.
   *
   * @param learningRate of the step
   */
  public void begin(double learningRate) {
    rate = (float) learningRate;
  }

  /**
   * The arrays that steps change besides the parameters, by name: the optimizer's own. Written back
   * into that of another optimizer of the same description, they let it go on where this one is.
   */
  public Map<String, float[]> moments() {
    return Map.of();
  }

  /** The single numbers that steps change, likewise. */
  public double[] numbers() {
    return new double[0];
  }

  /** Updates a range of weights, which a decay applies to. */
  public void updateWeights(float[] gradient, int gradientFrom, int from, int count) {
    update(gradient, gradientFrom, from, count);
  }

  /**
   * Updates a range of the parameters.
   *
   * @param gradient of the range, from gradientFrom
   * @param from the range's place in the parameters
   */
  public abstract void update(float[] gradient, int gradientFrom, int from, int count);

  private static final class Sgd extends Optimizer {
    Sgd(float[] parameters, Kernels kernels) {
      super(parameters, kernels);
    }

    @Override
    public void update(float[] gradient, int gradientFrom, int from, int count) {
      kernels.sgd(parameters, from, count, gradient, gradientFrom, rate);
    }
  }

  private static final class Momentum extends Optimizer {
    private final float momentum;
    private final boolean nesterov;
    private final float[] velocity;

    Momentum(OptimizerSpec.Sgd spec, float[] parameters, Kernels kernels) {
      super(parameters, kernels);
      this.momentum = (float) spec.momentum();
      this.nesterov = spec.nesterov();
      this.velocity = new float[parameters.length];
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of("velocity", velocity);
    }

    @Override
    public void update(float[] gradient, int gradientFrom, int from, int count) {
      if (nesterov) {
        kernels.sgdNesterov(
            parameters, from, count, gradient, gradientFrom, velocity, rate, momentum);
      } else {
        kernels.sgdMomentum(
            parameters, from, count, gradient, gradientFrom, velocity, rate, momentum);
      }
    }
  }

  private static final class Adam extends Optimizer {
    private final double decay;
    private final float beta1;
    private final float beta2;
    private final float epsilon;
    private final float[] first;
    private final float[] second;

    /** beta1 and beta2, as the moments use them, to the power of the number of steps begun. */
    private final double[] powers = {1, 1};

    private float step;
    private float rootScale;

    Adam(OptimizerSpec.Adam spec, double decay, float[] parameters, Kernels kernels) {
      super(parameters, kernels);
      this.beta1 = (float) spec.beta1();
      this.beta2 = (float) spec.beta2();
      this.epsilon = (float) spec.epsilon();
      this.decay = decay;
      this.first = new float[parameters.length];
      this.second = new float[parameters.length];
    }

    @Override
    public void begin(double learningRate) {
      super.begin(learningRate);
      powers[0] *= beta1;
      powers[1] *= beta2;
      step = (float) (learningRate / (1 - powers[0]));
      rootScale = (float) (1 / Math.sqrt(1 - powers[1]));
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of("first", first, "second", second);
    }

    @Override
    public double[] numbers() {
      return powers;
    }

    @Override
    public void updateWeights(float[] gradient, int gradientFrom, int from, int count) {
      if (decay > 0) {
        kernels.scale(parameters, from, count, (float) (1 - rate * decay));
      }
      update(gradient, gradientFrom, from, count);
    }

    @Override
    public void update(float[] gradient, int gradientFrom, int from, int count) {
      kernels.adam(
          parameters,
          from,
          count,
          gradient,
          gradientFrom,
          first,
          second,
          step,
          beta1,
          beta2,
          rootScale,
          epsilon);
    }
  }

  private static final class RmsProp extends Optimizer {
    private final OptimizerSpec.RmsProp spec;
    private final float[] squares;

    RmsProp(OptimizerSpec.RmsProp spec, float[] parameters, Kernels kernels) {
      super(parameters, kernels);
      this.spec = spec;
      this.squares = new float[parameters.length];
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of("squares", squares);
    }

    @Override
    public void update(float[] gradient, int gradientFrom, int from, int count) {
      float decay = (float) OptimizerSpec.RmsProp.ALPHA;
      float epsilon = (float) spec.epsilon();
      kernels.rmsprop(
          parameters, from, count, gradient, gradientFrom, squares, rate, decay, epsilon);
    }
  }

  private static final class AdaGrad extends Optimizer {
    private final OptimizerSpec.AdaGrad spec;
    private final float[] squares;

    AdaGrad(OptimizerSpec.AdaGrad spec, float[] parameters, Kernels kernels) {
      super(parameters, kernels);
      this.spec = spec;
      this.squares = new float[parameters.length];
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of("squares", squares);
    }

    @Override
    public void update(float[] gradient, int gradientFrom, int from, int count) {
      float epsilon = (float) spec.epsilon();
      kernels.adagrad(parameters, from, count, gradient, gradientFrom, squares, rate, epsilon);
    }
  }
}
