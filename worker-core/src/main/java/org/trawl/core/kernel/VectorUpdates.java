package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.DOUBLES;
import static org.trawl.core.kernel.Lanes.FLOATS;
import static org.trawl.core.kernel.Lanes.LANES;
import static org.trawl.core.kernel.Panels.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Norms and updates on vectors. */
sealed interface VectorUpdates extends Updates permits VectorKernels {
  @Override
  default double sumAbsolute(float[] x, int from, int count) {
    if (LANES != WIDTH || count % WIDTH != 0) {
      return Updates.super.sumAbsolute(x, from, count);
    }
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = DoubleVector.zero(DOUBLES);
    for (int i = from; i < from + count; i += WIDTH) {
      FloatVector magnitude = FloatVector.fromArray(FLOATS, x, i).abs();
      low = low.add((DoubleVector) magnitude.convertShape(VectorOperators.F2D, DOUBLES, 0));
      high = high.add((DoubleVector) magnitude.convertShape(VectorOperators.F2D, DOUBLES, 1));
    }
    return Lanes.sum(high, Lanes.sum(low, 0));
  }

  @Override
  default float largestAbsolute(float[] x, int from, int count) {
    FloatVector largest = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      largest = largest.max(FloatVector.fromArray(FLOATS, x, from + i).abs());
    }
    float rest = Updates.super.largestAbsolute(x, from + i, count - i);
    return Math.max(largest.reduceLanes(VectorOperators.MAX), rest);
  }

  @Override
  default double sumSquares(float[] x, int from, int count) {
    if (LANES != WIDTH || count % WIDTH != 0) {
      return Updates.super.sumSquares(x, from, count);
    }
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = DoubleVector.zero(DOUBLES);
    for (int i = from; i < from + count; i += WIDTH) {
      FloatVector value = FloatVector.fromArray(FLOATS, x, i);
      DoubleVector first = (DoubleVector) value.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector second = (DoubleVector) value.convertShape(VectorOperators.F2D, DOUBLES, 1);
      low = low.add(first.mul(first));
      high = high.add(second.mul(second));
    }
    return Lanes.sum(high, Lanes.sum(low, 0));
  }

  @Override
  default void addPenaltyGradient(
      float[] weights,
      int from,
      int count,
      float l1,
      float l2,
      float[] gradient,
      int gradientFrom) {
    FloatVector factor2 = FloatVector.broadcast(FLOATS, l2);
    FloatVector factor1 = FloatVector.broadcast(FLOATS, l1);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector w = FloatVector.fromArray(FLOATS, weights, from + i);
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      // As Math.signum. In a method of its own it was left apart, its vectors objects, in some
      // runs.
      FloatVector one = w.reinterpretAsInts().and(0x80000000).or(0x3F800000).reinterpretAsFloats();
      FloatVector sign = w.blend(one, w.abs().compare(VectorOperators.GT, 0f));
      factor1.fma(sign, factor2.fma(w, g)).intoArray(gradient, gradientFrom + i);
    }
    if (i < count) {
      Updates.super.addPenaltyGradient(
          weights, from + i, count - i, l1, l2, gradient, gradientFrom + i);
    }
  }

  @Override
  default void sgd(
      float[] weights, int from, int count, float[] gradient, int gradientFrom, float rate) {
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      step.fma(g, FloatVector.fromArray(FLOATS, weights, from + i)).intoArray(weights, from + i);
    }
    for (; i < count; i++) {
      weights[from + i] = Math.fma(-rate, gradient[gradientFrom + i], weights[from + i]);
    }
  }

  @Override
  default void sgdMomentum(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] velocity,
      float rate,
      float momentum) {
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    FloatVector m = FloatVector.broadcast(FLOATS, momentum);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector v = m.fma(FloatVector.fromArray(FLOATS, velocity, from + i), g);
      v.intoArray(velocity, from + i);
      step.fma(v, FloatVector.fromArray(FLOATS, weights, from + i)).intoArray(weights, from + i);
    }
    for (; i < count; i++) {
      float v = Math.fma(momentum, velocity[from + i], gradient[gradientFrom + i]);
      velocity[from + i] = v;
      weights[from + i] = Math.fma(-rate, v, weights[from + i]);
    }
  }

  @Override
  default void sgdNesterov(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] velocity,
      float rate,
      float momentum) {
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    FloatVector m = FloatVector.broadcast(FLOATS, momentum);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector v = m.fma(FloatVector.fromArray(FLOATS, velocity, from + i), g);
      v.intoArray(velocity, from + i);
      step.fma(m.fma(v, g), FloatVector.fromArray(FLOATS, weights, from + i))
          .intoArray(weights, from + i);
    }
    for (; i < count; i++) {
      float g = gradient[gradientFrom + i];
      float v = Math.fma(momentum, velocity[from + i], g);
      velocity[from + i] = v;
      weights[from + i] = Math.fma(-rate, Math.fma(momentum, v, g), weights[from + i]);
    }
  }

  @Override
  default void adam(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] first,
      float[] second,
      float step,
      float beta1,
      float beta2,
      float rootScale,
      float epsilon) {
    FloatVector keep1 = FloatVector.broadcast(FLOATS, beta1);
    FloatVector keep2 = FloatVector.broadcast(FLOATS, beta2);
    FloatVector scale = FloatVector.broadcast(FLOATS, rootScale);
    FloatVector floor = FloatVector.broadcast(FLOATS, epsilon);
    FloatVector negativeStep = FloatVector.broadcast(FLOATS, -step);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector m = keep1.fma(FloatVector.fromArray(FLOATS, first, from + i), g.mul(1f - beta1));
      FloatVector v =
          keep2.fma(FloatVector.fromArray(FLOATS, second, from + i), g.mul(g).mul(1f - beta2));
      m.intoArray(first, from + i);
      v.intoArray(second, from + i);
      FloatVector root = v.lanewise(VectorOperators.SQRT).fma(scale, floor);
      negativeStep
          .fma(m.div(root), FloatVector.fromArray(FLOATS, weights, from + i))
          .intoArray(weights, from + i);
    }
    if (i < count) {
      Updates.super.adam(
          weights,
          from + i,
          count - i,
          gradient,
          gradientFrom + i,
          first,
          second,
          step,
          beta1,
          beta2,
          rootScale,
          epsilon);
    }
  }

  @Override
  default void rmsprop(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] squares,
      float rate,
      float decay,
      float epsilon) {
    if (count % LANES != 0) {
      Updates.super.rmsprop(
          weights, from, count, gradient, gradientFrom, squares, rate, decay, epsilon);
      return;
    }
    FloatVector keep = FloatVector.broadcast(FLOATS, decay);
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    for (int i = 0; i < count; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector v =
          keep.fma(FloatVector.fromArray(FLOATS, squares, from + i), g.mul(g).mul(1f - decay));
      v.intoArray(squares, from + i);
      FloatVector root = v.lanewise(VectorOperators.SQRT).add(epsilon);
      step.fma(g.div(root), FloatVector.fromArray(FLOATS, weights, from + i))
          .intoArray(weights, from + i);
    }
  }

  @Override
  default void adagrad(
      float[] weights,
      int from,
      int count,
      float[] gradient,
      int gradientFrom,
      float[] squares,
      float rate,
      float epsilon) {
    if (count % LANES != 0) {
      Updates.super.adagrad(weights, from, count, gradient, gradientFrom, squares, rate, epsilon);
      return;
    }
    FloatVector step = FloatVector.broadcast(FLOATS, -rate);
    for (int i = 0; i < count; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
      FloatVector v = g.fma(g, FloatVector.fromArray(FLOATS, squares, from + i));
      v.intoArray(squares, from + i);
      FloatVector root = v.lanewise(VectorOperators.SQRT).add(epsilon);
      step.fma(g.div(root), FloatVector.fromArray(FLOATS, weights, from + i))
          .intoArray(weights, from + i);
    }
  }
}
