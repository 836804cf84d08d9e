package org.trawl.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.trawl.core.network.DenseTensors.biases;
import static org.trawl.core.network.DenseTensors.setBiases;
import static org.trawl.core.network.DenseTensors.setWeights;
import static org.trawl.core.network.DenseTensors.weights;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Statistics;
import org.trawl.core.training.SeedStreams;

/**
 * Dropout and noise as {@link Network#learn} applies them. Every unit of the identity networks here
 * has the activation 1 (weights 0, biases 1), so that what it puts out is its perturbation alone;
 * the gradient of the weights that read it, output times delta, shows it.
 */
class PerturbationTest {
  private static final int WIDTH = 400;
  private static final int STEPS = 50;
  private static final double RATE = 0.3;
  private static final float KEPT = 1f / (1f - 0.3f);

  @Test
  void dropoutDropsItsShareAndScalesTheRest() {
    double[] outputs = concatenate(new OneLayer(RATE, 0, 1).outputs(STEPS));
    int kept = 0;
    for (double output : outputs) {
      if (output != 0) {
        assertEquals(KEPT, output, 1e-6);
        kept++;
      }
    }
    double deviation = Math.sqrt(RATE * (1 - RATE) / outputs.length);
    assertEquals(1 - RATE, (double) kept / outputs.length, Statistics.DEVIATIONS * deviation);
    double bound = Statistics.DEVIATIONS * deviation * KEPT;
    assertEquals(1, Statistics.mean(outputs), bound, "the mean is kept");
  }

  @Test
  void dropoutOfSeveralRatesDropsTheirShares() {
    for (double rate : new double[] {0.01, 0.5, 0.9}) {
      double[] outputs = concatenate(new OneLayer(rate, 0, 2).outputs(STEPS));
      double dropped = Arrays.stream(outputs).filter(output -> output == 0).count();
      double deviation = Math.sqrt(rate * (1 - rate) * outputs.length);
      assertEquals(rate * outputs.length, dropped, Statistics.DEVIATIONS * deviation);
    }
  }

  @Test
  void dropoutDiffersBetweenStepsUnitsAndSeeds() {
    double[][] steps = new OneLayer(RATE, 0, 1).outputs(STEPS);
    double[][] ofNextSeed = new OneLayer(RATE, 0, 2).outputs(STEPS);
    checkIndependent(steps, ofNextSeed);
    assertTrue(!Arrays.equals(steps[0], steps[1]));
  }

  @Test
  void noiseDiffersBetweenStepsUnitsAndSeeds() {
    checkIndependent(
        new OneLayer(0, 0.5, 1).outputs(STEPS), new OneLayer(0, 0.5, 2).outputs(STEPS));
  }

  private static void checkIndependent(double[][] steps, double[][] ofNextSeed) {
    double[] all = concatenate(steps);
    for (int lag : new int[] {1, 2, WIDTH / 2, WIDTH, 2 * WIDTH}) {
      double[] now = Arrays.copyOf(all, all.length - lag);
      double[] later = Arrays.copyOfRange(all, lag, all.length);
      assertUncorrelated(now, later, "lag " + lag);
    }
    assertUncorrelated(all, concatenate(ofNextSeed), "seeds");
  }

  @Test
  void dropoutDiffersBetweenTheSamplesOfABatch() {
    int rows = 50;
    OneLayer layer = new OneLayer(RATE, 0, 3, rows);
    double[] kept = new double[WIDTH * STEPS];
    for (int step = 0; step < STEPS; step++) {
      double[] sums = layer.sumOfOutputs(rows);
      for (int i = 0; i < WIDTH; i++) {
        kept[step * WIDTH + i] = sums[i] / KEPT;
      }
    }
    // Binomial; were all samples dropped together, the variance would be rows times that.
    double variance = rows * RATE * (1 - RATE);
    double found = Math.pow(Statistics.deviation(kept), 2);
    double bound = Statistics.DEVIATIONS * Math.sqrt(2.0 / kept.length);
    assertEquals(1, found / variance, bound);
    assertEquals(rows * (1 - RATE), Statistics.mean(kept), 0.15);
  }

  @Test
  void noiseHasItsDeviationAndMeanZero() {
    double sigma = 0.25;
    double[] outputs = concatenate(new OneLayer(0, sigma, 4).outputs(STEPS));
    double root = Math.sqrt(outputs.length);
    assertEquals(1, Statistics.mean(outputs), Statistics.DEVIATIONS * sigma / root);
    double bound = Statistics.DEVIATIONS / root;
    assertEquals(1, Statistics.moment(outputs, 1, sigma, 2), bound * Math.sqrt(2));
    assertEquals(0, Statistics.moment(outputs, 1, sigma, 3), bound * Math.sqrt(15));
    assertEquals(3, Statistics.moment(outputs, 1, sigma, 4), bound * Math.sqrt(96));
  }

  @Test
  void noiseComesBeforeDropoutAndIsIndependentOfIt() {
    double[] noise = concatenate(new OneLayer(0, 0.25, 5).outputs(STEPS));
    double[] masks = concatenate(new OneLayer(RATE, 0, 5).outputs(STEPS));
    double[] both = concatenate(new OneLayer(RATE, 0.25, 5).outputs(STEPS));
    assertUncorrelated(noise, masks, "noise and dropout");
    for (int i = 0; i < both.length; i++) {
      assertEquals(noise[i] * masks[i], both[i], 1e-6);
    }
  }

  @Test
  void layersHaveRatesAndMasksOfTheirOwn() {
    double[] rates = {0.3, 0.6};
    NetworkSpec spec = spec(List.of(WIDTH, WIDTH), List.of(rates[0], rates[1]));
    Network network = new Network(spec, 1, 2, Loss.CROSS_ENTROPY, Kernels.best());
    setBiases(network, 1, ones());
    setBiases(network, 2, ones());
    FMatrixRMaj last = new FMatrixRMaj(2, WIDTH);
    Arrays.fill(last.data, 0, WIDTH, 0.001f);
    setWeights(network, 3, last);
    Perturbation perturbation =
        new Perturbation(network.layout(), 0, 0, new SeedStreams(6)::stream);
    Workspace workspace = network.trainingWorkspace(1, perturbation);
    float[] gradient = new float[network.parameters().length];
    Network gradients = new Network(spec, 1, 2, Loss.CROSS_ENTROPY, Kernels.best());
    double[][] first = new double[STEPS][WIDTH];
    double[][] second = new double[STEPS][WIDTH];
    for (int step = 0; step < STEPS; step++) {
      network.learn(workspace, new int[1], 1, perturbation, gradient);
      System.arraycopy(gradient, 0, gradients.parameters(), 0, gradient.length);
      double delta = network.outputs(workspace)[0] - 1;
      FMatrixRMaj ofSecond = weights(gradients, 2);
      FMatrixRMaj ofLast = weights(gradients, 3);
      int keptUnit = -1;
      for (int j = 0; j < WIDTH; j++) {
        second[step][j] = ofLast.get(0, j) / delta;
        keptUnit = second[step][j] != 0 ? j : keptUnit;
      }
      for (int i = 0; i < WIDTH; i++) {
        first[step][i] = ofSecond.get(keptUnit, i) / (0.001 * delta * second[step][keptUnit]);
      }
      // Nothing flows back through a dropped unit.
      for (int j = 0; j < WIDTH; j++) {
        assertEquals(second[step][j] == 0, biases(gradients, 2)[j] == 0);
        assertEquals(first[step][j] == 0, ofSecond.get(keptUnit, j) == 0);
      }
    }
    assertShare(rates[0], concatenate(first));
    assertShare(rates[1], concatenate(second));
    assertUncorrelated(concatenate(first), concatenate(second), "layers");
  }

  private static void assertShare(double rate, double[] outputs) {
    double dropped = Arrays.stream(outputs).filter(output -> output == 0).count();
    double bound = Statistics.DEVIATIONS * Math.sqrt(rate * (1 - rate) * outputs.length);
    assertEquals(rate * outputs.length, dropped, bound);
    assertEquals(1 / (1 - rate), Arrays.stream(outputs).max().orElseThrow(), 1e-5);
  }

  @Test
  void evaluationDropsAndAddsNothing() {
    for (boolean training : new boolean[] {false, true}) {
      OneLayer layer = new OneLayer(RATE, 0.5, 7);
      FMatrixRMaj last = new FMatrixRMaj(2, WIDTH);
      Arrays.fill(last.data, 0, WIDTH, 1f / WIDTH);
      setWeights(layer.network, 2, last);
      layer.outputs(1);
      Workspace workspace = training ? layer.workspace : layer.network.evaluationWorkspace(1);
      layer.network.evaluate(workspace, new int[1]);
      // The logits are the mean of 400 ones and 0.
      float expected = (float) (1 / (1 + Math.exp(-1)));
      assertEquals(expected, layer.network.outputs(workspace)[0], 1e-6);
      assertEquals(-Math.log(expected), workspace.losses[0], 1e-6);
    }
  }

  @Test
  void withoutRateAndSigmaLearningSeesTheActivations() {
    double[] outputs = concatenate(new OneLayer(0, 0, 8).outputs(2));
    double[] expected = new double[outputs.length];
    Arrays.fill(expected, 1);
    assertArrayEquals(expected, outputs);
  }

  /** A network of one hidden layer and two classes whose output weights are 0: p = 1/2. */
  private static final class OneLayer {
    final Network network;
    final Workspace workspace;
    private final Perturbation perturbation;
    private final Network gradients;

    OneLayer(double rate, double sigma, long seed) {
      this(rate, sigma, seed, 1);
    }

    OneLayer(double rate, double sigma, long seed, int rows) {
      NetworkSpec spec = spec(List.of(WIDTH), List.of(rate));
      network = new Network(spec, 1, 2, Loss.CROSS_ENTROPY, Kernels.best());
      gradients = new Network(spec, 1, 2, Loss.CROSS_ENTROPY, Kernels.best());
      setBiases(network, 1, ones());
      perturbation = new Perturbation(network.layout(), sigma, 0, new SeedStreams(seed)::stream);
      workspace = network.trainingWorkspace(rows, perturbation);
    }

    double[][] outputs(int steps) {
      double[][] outputs = new double[steps][];
      for (int step = 0; step < steps; step++) {
        outputs[step] = sumOfOutputs(1);
      }
      return outputs;
    }

    /** The outputs of one step's hidden layer, summed over the batch. */
    double[] sumOfOutputs(int rows) {
      network.learn(workspace, new int[rows], 1, perturbation, gradients.parameters());
      // All of class 0, each delta of output 1 is p - 0 = 1/2.
      float[] ofOutput1 = Arrays.copyOfRange(weights(gradients, 2).data, WIDTH, 2 * WIDTH);
      double[] outputs = new double[WIDTH];
      Arrays.setAll(outputs, i -> ofOutput1[i] / 0.5);
      return outputs;
    }
  }

  private static NetworkSpec spec(List<Integer> hidden, List<Double> dropout) {
    return new NetworkSpec(
        hidden, Activation.IDENTITY, Activation.SOFTMAX, true, Initializer.ZERO, dropout, false);
  }

  private static float[] ones() {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static double[] concatenate(double[][] arrays) {
    return Arrays.stream(arrays).flatMapToDouble(Arrays::stream).toArray();
  }

  private static void assertUncorrelated(double[] x, double[] y, String what) {
    assertEquals(0, Statistics.correlation(x, y), Statistics.correlationBound(x.length), what);
  }
}
