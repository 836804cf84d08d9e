package org.trawl.core.kernel;

import static org.trawl.core.kernel.Lanes.FLOATS;
import static org.trawl.core.kernel.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The operations element by element, on vectors. */
sealed interface VectorElementwise extends Elementwise permits VectorKernels {
  @Override
  default void relu(float[] x, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, i).max(0f).intoArray(x, i);
    }
    for (; i < count; i++) {
      x[i] = Math.max(x[i], 0f);
    }
  }

  @Override
  default void reluDerivative(float[] output, float[] delta, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      VectorMask<Float> positive =
          FloatVector.fromArray(FLOATS, output, i).compare(VectorOperators.GT, 0f);
      FloatVector.zero(FLOATS)
          .blend(FloatVector.fromArray(FLOATS, delta, i), positive)
          .intoArray(delta, i);
    }
    for (; i < count; i++) {
      delta[i] = output[i] > 0f ? delta[i] : 0f;
    }
  }

  @Override
  default void sigmoid(float[] x, int count) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector e = Lanes.exp(FloatVector.fromArray(FLOATS, x, i).neg());
      one.div(e.add(one)).intoArray(x, i);
    }
    for (; i < count; i++) {
      x[i] = ElementaryFunctions.sigmoid(x[i]);
    }
  }

  @Override
  default void sigmoidDerivative(float[] output, float[] delta, int count) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector y = FloatVector.fromArray(FLOATS, output, i);
      FloatVector.fromArray(FLOATS, delta, i).mul(y.mul(one.sub(y))).intoArray(delta, i);
    }
    for (; i < count; i++) {
      delta[i] = delta[i] * (output[i] * (1f - output[i]));
    }
  }

  @Override
  default void tanh(float[] x, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      Lanes.tanh(FloatVector.fromArray(FLOATS, x, i)).intoArray(x, i);
    }
    for (; i < count; i++) {
      x[i] = ElementaryFunctions.tanh(x[i]);
    }
  }

  @Override
  default void tanhDerivative(float[] output, float[] delta, int count) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector y = FloatVector.fromArray(FLOATS, output, i);
      FloatVector.fromArray(FLOATS, delta, i).mul(y.neg().fma(y, one)).intoArray(delta, i);
    }
    for (; i < count; i++) {
      delta[i] = delta[i] * Math.fma(-output[i], output[i], 1f);
    }
  }

  @Override
  default void leakyRelu(float[] x, float slope, int count) {
    if (count % LANES != 0) {
      Elementwise.super.leakyRelu(x, slope, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(x, i);
    }
  }

  @Override
  default void leakyReluDerivative(float[] output, float slope, float[] delta, int count) {
    if (count % LANES != 0) {
      Elementwise.super.leakyReluDerivative(output, slope, delta, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector d = FloatVector.fromArray(FLOATS, delta, i);
      VectorMask<Float> positive =
          FloatVector.fromArray(FLOATS, output, i).compare(VectorOperators.GT, 0f);
      d.mul(slope).blend(d, positive).intoArray(delta, i);
    }
  }

  @Override
  default void elu(float[] x, int count) {
    if (count % LANES != 0) {
      Elementwise.super.elu(x, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      Lanes.expm1(v).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(x, i);
    }
  }

  @Override
  default void eluDerivative(float[] output, float[] delta, int count) {
    if (count % LANES != 0) {
      Elementwise.super.eluDerivative(output, delta, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector y = FloatVector.fromArray(FLOATS, output, i);
      FloatVector d = FloatVector.fromArray(FLOATS, delta, i);
      d.mul(y.add(1f)).blend(d, y.compare(VectorOperators.GT, 0f)).intoArray(delta, i);
    }
  }

  @Override
  default void softplus(float[] x, int count) {
    if (count % LANES != 0) {
      Elementwise.super.softplus(x, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector e = Lanes.exp(v.abs().neg());
      // As ElementaryFunctions.log1p.
      FloatVector sum = e.add(1f);
      FloatVector rest = Lanes.log(sum).add(e.sub(sum.sub(1f)).div(sum));
      v.max(0f).add(rest).intoArray(x, i);
    }
  }

  @Override
  default void softplusDerivative(float[] output, float[] delta, int count) {
    if (count % LANES != 0) {
      Elementwise.super.softplusDerivative(output, delta, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector slope = Lanes.expm1(FloatVector.fromArray(FLOATS, output, i).neg()).neg();
      FloatVector.fromArray(FLOATS, delta, i).mul(slope).intoArray(delta, i);
    }
  }

  @Override
  default void lecunTanh(float[] x, int count) {
    if (count % LANES != 0) {
      Elementwise.super.lecunTanh(x, count);
      return;
    }
    FloatVector scale = FloatVector.broadcast(FLOATS, LECUN_SCALE);
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector t = Lanes.tanh(v.mul(LECUN_SLOPE));
      scale.fma(t, v.mul(LECUN_TWIST)).intoArray(x, i);
    }
  }

  @Override
  default void lecunTanhDerivative(float[] z, float[] delta, int count) {
    if (count % LANES != 0) {
      Elementwise.super.lecunTanhDerivative(z, delta, count);
      return;
    }
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    FloatVector twist = FloatVector.broadcast(FLOATS, LECUN_TWIST);
    FloatVector scale = FloatVector.broadcast(FLOATS, LECUN_SCALE * LECUN_SLOPE);
    for (int i = 0; i < count; i += LANES) {
      FloatVector t = Lanes.tanh(FloatVector.fromArray(FLOATS, z, i).mul(LECUN_SLOPE));
      FloatVector slope = scale.fma(t.neg().fma(t, one), twist);
      FloatVector.fromArray(FLOATS, delta, i).mul(slope).intoArray(delta, i);
    }
  }

  @Override
  default void multiplyElements(float[] target, float[] factors, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, target, i)
          .mul(FloatVector.fromArray(FLOATS, factors, i))
          .intoArray(target, i);
    }
    for (; i < count; i++) {
      target[i] *= factors[i];
    }
  }

  @Override
  default void addMultiple(float[] x, float factor, float[] values, int count) {
    FloatVector factors = FloatVector.broadcast(FLOATS, factor);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      factors
          .fma(FloatVector.fromArray(FLOATS, values, i), FloatVector.fromArray(FLOATS, x, i))
          .intoArray(x, i);
    }
    for (; i < count; i++) {
      x[i] = Math.fma(factor, values[i], x[i]);
    }
  }
}
