package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.trawl.core.network.DenseTensors.biases;
import static org.trawl.core.network.DenseTensors.setWeights;
import static org.trawl.core.network.DenseTensors.weights;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerTensor;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;
import org.trawl.core.training.TrainingSpec.Schedule;

class StepTest {
  private static final OptimizerSpec SGD = new OptimizerSpec.Sgd(0, false);

  /**
   * One sample x = (1, 2) of class 1; two relu units, two classes; l2 = 0.5, rate 0.1.
   *
   * <pre>
   *   W1 = ( 1   -1  )   z1 = ( 1*1 - 1*2 , 0.5*1 + 0.5*2 ) = (-1, 1.5)   h = (0, 1.5)
   *        ( 0.5  0.5)
   *   W2 = ( 2  c )      z2 = ( 1.5 c, 0 ) = ( ln 3, 0 )                  with c = ln 3 / 1.5
   *        (-1  0 )      p  = ( 3/4, 1/4 )      loss = -ln 1/4 = ln 4
   *
   *   dz2 = p - (0, 1) = ( 3/4, -3/4 )
   *   dW2 = dz2 hᵀ = ( 0  1.125 )            db2 = ( 0.75, -0.75 )
   *                  ( 0 -1.125 )
   *   dh  = W2ᵀ dz2 = ( 2.25, 0.75 c ) = ( 2.25, ln 3 / 2 )
   *   dz1 = ( 0, ln 3 / 2 )                  the first unit is off
   *   dW1 = dz1 xᵀ = ( 0          0    )     db1 = ( 0, ln 3 / 2 )
   *                  ( ln 3 / 2   ln 3 )
   *
   *   penalty = 0.25 (1 + 1 + 0.25 + 0.25 + 4 + c² + 1 + 0) = 1.875 + 0.25 c²
   *   W = W - 0.1 (dW + 0.5 W) = 0.95 W - 0.1 dW
   *   b = b - 0.1 db                         no penalty on biases
   * </pre>
   */
  @Test
  void oneStepByHand() {
    double ln3 = Math.log(3);
    double c = ln3 / 1.5;
    NetworkSpec spec = network(Activation.RELU, List.of(2), 0, false);
    Network network = new Network(spec, 2, 2, Loss.CROSS_ENTROPY, Kernels.best());
    setWeights(network, 1, matrix(1, -1, 0.5, 0.5));
    setWeights(network, 2, matrix(2, c, -1, 0));
    Perturbation none = new Perturbation(network.layout(), 0, 0, new SeedStreams(0)::stream);
    Step step = new Step(training(SGD, 0.5, Noise.NONE, Clip.NONE), network, none, Kernels.best());
    Workspace workspace = network.trainingWorkspace(1, none);
    workspace.inputs[Panels.index(workspace.stride(), 0, 0)] = 1;
    workspace.inputs[Panels.index(workspace.stride(), 0, 1)] = 2;

    step.take(workspace, new int[] {1}, 0.1);

    assertEquals(Math.log(4), workspace.losses[0], 1e-6);
    float[] outputs = network.outputs(workspace);
    assertEquals(0.75, outputs[Panels.index(workspace.stride(), 0, 0)], 1e-6);
    assertEquals(0.25, outputs[Panels.index(workspace.stride(), 0, 1)], 1e-6);
    assertEquals(1.875 + 0.25 * c * c, step.penalty(), 1e-6);
    assertClose(
        matrix(0.95, -0.95, 0.475 - 0.05 * ln3, 0.475 - 0.1 * ln3).data, weights(network, 1).data);
    assertClose(new float[] {0, (float) (-0.05 * ln3)}, biases(network, 1));
    assertClose(matrix(1.9, 0.95 * c - 0.1125, -0.95, 0.1125).data, weights(network, 2).data);
    assertClose(new float[] {-0.075f, 0.075f}, biases(network, 2));
  }

  private static FMatrixRMaj matrix(double a, double b, double c, double d) {
    return new FMatrixRMaj(2, 2, true, (float) a, (float) b, (float) c, (float) d);
  }

  private static void assertClose(float[] expected, float[] actual) {
    assertArrayEquals(expected, actual, 1e-6f);
  }

  static Stream<Arguments> kindsOfSteps() {
    OptimizerSpec momentum = new OptimizerSpec.Sgd(0.9, false);
    OptimizerSpec nesterov = new OptimizerSpec.Sgd(0.9, true);
    OptimizerSpec adam = new OptimizerSpec.Adam(0.9, 0.999, 1e-8);
    OptimizerSpec adamW = new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.01);
    Noise noise = new Noise(0.1, Noise.Into.ACTIVATIONS);
    Noise gradientNoise = new Noise(0.1, Noise.Into.GRADIENTS);
    return Stream.of(
        Arguments.of("sgd", training(SGD, 0, Noise.NONE, Clip.NONE), 0.0),
        Arguments.of("momentum", training(momentum, 0, Noise.NONE, Clip.NONE), 0.0),
        Arguments.of("nesterov", training(nesterov, 0, Noise.NONE, Clip.NONE), 0.0),
        Arguments.of("adam", training(adam, 0, Noise.NONE, Clip.NONE), 0.0),
        Arguments.of("l2", training(SGD, 0.01, Noise.NONE, Clip.NONE), 0.0),
        Arguments.of("dropout", training(SGD, 0, Noise.NONE, Clip.NONE), 0.5),
        Arguments.of("noise", training(SGD, 0, noise, Clip.NONE), 0.0),
        Arguments.of("gradient noise", training(SGD, 0, gradientNoise, Clip.NONE), 0.0),
        Arguments.of("clip", training(SGD, 0, Noise.NONE, new Clip(0.1, 0.01)), 0.0),
        Arguments.of("adamw with all", training(adamW, 0.01, noise, new Clip(0.1, 0)), 0.5));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kindsOfSteps")
  void aStepAllocatesNothing(String name, TrainingSpec training, double dropout) {
    for (Activation activation : Activation.values()) {
      NetworkSpec spec = network(activation, List.of(9, 7), dropout, true);
      // The first steps load classes.
      checkAllocation(training, spec, Kernels.plain(), Duration.ofSeconds(1));
    }
  }

  /** Vectors are objects until the compiler has removed them. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("kindsOfSteps")
  void aStepOnTheVectorApiAllocatesNothingOnceCompiled(
      String name, TrainingSpec training, double dropout) {
    checkAllocation(
        training,
        network(Activation.TANH, List.of(9, 7), dropout, false),
        Kernels.best(),
        Duration.ofSeconds(30));
  }

  /** Runs blocks of 200 steps until one allocates nothing, at most so long. */
  private static void checkAllocation(
      TrainingSpec training, NetworkSpec spec, Kernels kernels, Duration patience) {
    SeedStreams streams = new SeedStreams(1);
    Network network = new Network(spec, 5, 3, Loss.CROSS_ENTROPY, kernels);
    network.initialize(streams::stream);
    Perturbation perturbation = perturbation(network, training.noise(), streams);
    Step step = new Step(training, network, perturbation, kernels);
    Workspace workspace = network.trainingWorkspace(4, perturbation);
    int[] classes = {0, 1, 2, 0};
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    int steps = 200;
    long end = System.nanoTime() + patience.toNanos();
    long allocated;
    do {
      long before = threads.getThreadAllocatedBytes(self);
      for (int i = 0; i < steps; i++) {
        step.take(workspace, classes, 0.01);
      }
      allocated = threads.getThreadAllocatedBytes(self) - before;
    } while (allocated >= steps && System.nanoTime() < end);
    assertTrue(allocated < steps, allocated + " bytes in " + steps + " steps");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kindsOfSteps")
  void bothKernelsComputeTheSameBits(String name, TrainingSpec training, double dropout) {
    assertTrue(Kernels.vectorModule(), "started without the module of the Vector API");
    for (List<Integer> hidden :
        List.of(List.<Integer>of(), List.of(1), List.of(33, 16), List.of(70, 5, 17))) {
      for (Activation activation : Activation.values()) {
        if (activation == Activation.SOFTMAX && hidden.contains(1)) {
          continue;
        }
        for (boolean batchNorm : new boolean[] {false, true}) {
          NetworkSpec spec = network(activation, hidden, dropout, batchNorm);
          Network plain = train(spec, training, Kernels.plain());
          Network best = train(spec, training, Kernels.best());
          assertArrayEquals(plain.parameters(), best.parameters(), 0f, spec::toString);
        }
      }
    }
  }

  private static Network train(NetworkSpec spec, TrainingSpec training, Kernels kernels) {
    int features = 67;
    int classes = 3;
    SeedStreams streams = new SeedStreams(2);
    Network network = new Network(spec, features, classes, Loss.CROSS_ENTROPY, kernels);
    network.initialize(streams::stream);
    Perturbation perturbation = perturbation(network, training.noise(), streams);
    Step step = new Step(training, network, perturbation, kernels);
    int capacity = 21;
    Workspace workspace = network.trainingWorkspace(capacity, perturbation);
    RandomStream samples = streams.stream("samples");
    for (int rows : new int[] {capacity, 1, 8, 17, capacity}) {
      workspace.resize(rows);
      int[] labels = new int[rows];
      for (int i = 0; i < rows; i++) {
        labels[i] = samples.nextInt(classes);
        for (int j = 0; j < features; j++) {
          int place = Panels.index(workspace.stride(), i, j);
          workspace.inputs[place] = (float) samples.nextDouble() + labels[i];
        }
      }
      step.take(workspace, labels, 0.01);
    }
    return network;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kindsOfSteps")
  void partsOfABatchComputeTheBitsOfTheWhole(String name, TrainingSpec training, double dropout) {
    if (dropout > 0 || training.noise().sigma() > 0) {
      return; // drawn for whole batches: never in parts
    }
    for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(130), List.of(20, 5, 17))) {
      for (Activation activation : List.of(Activation.RELU, Activation.LECUN_TANH)) {
        NetworkSpec spec = network(activation, hidden, 0, false);
        float[] whole = trainOnParts(spec, training, Kernels.best(), 600);
        for (Kernels kernels : List.of(Kernels.best(), Kernels.plain())) {
          float[] parts = trainOnParts(spec, training, kernels, Workspace.PART_ROWS);
          assertArrayEquals(whole, parts, 0f, spec::toString);
        }
      }
    }
  }

  /** Two steps on 600 and 300 samples, of which many features are 0, in parts. */
  private static float[] trainOnParts(
      NetworkSpec spec, TrainingSpec training, Kernels kernels, int largestPart) {
    int features = 30;
    int classes = 3;
    SeedStreams streams = new SeedStreams(2);
    Network network = new Network(spec, features, classes, Loss.CROSS_ENTROPY, kernels);
    network.initialize(streams::stream);
    Perturbation perturbation = perturbation(network, training.noise(), streams);
    Step step = new Step(training, network, perturbation, kernels);
    boolean inParts = largestPart == Workspace.PART_ROWS;
    Workspace workspace =
        inParts
            ? network.partWorkspace(perturbation)
            : network.trainingWorkspace(largestPart, perturbation);
    RandomStream samples = streams.stream("samples");
    for (int batch : new int[] {600, 300}) {
      for (int from = 0; from < batch; from += largestPart) {
        int rows = Math.min(largestPart, batch - from);
        workspace.resize(rows);
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
          labels[i] = samples.nextInt(classes);
          for (int j = 0; j < 32; j++) {
            int place = Panels.index(workspace.stride(), i, j);
            boolean zero = j >= features || (from + i + j / 8) % 3 == 0;
            workspace.inputs[place] = zero ? 0 : (float) samples.nextDouble() + labels[i];
          }
        }
        if (inParts) {
          workspace.rowTerms.findInRows(rows, features, workspace.inputs, workspace.stride());
          workspace.columnTerms.findInColumns(rows, features, workspace.inputs, workspace.stride());
          assertTrue(workspace.columnTerms.fewer());
          step.takePart(workspace, labels, batch, from == 0, from + rows == batch, 0.01);
        } else {
          step.take(workspace, labels, 0.01);
        }
      }
    }
    return network.parameters();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kindsOfSteps")
  void whatFillsUpThePanelsOfParametersStaysZero(
      String name, TrainingSpec training, double dropout) {
    for (Activation activation : Activation.values()) {
      NetworkSpec spec = network(activation, List.of(70, 5, 17), dropout, true);
      float[] parameters = train(spec, training, Kernels.best()).parameters().clone();
      for (Layer layer : Layout.of(spec, 67, 3).layers()) {
        for (LayerTensor tensor : layer.tensors()) {
          for (int j = 0; tensor.role().learnt() && j < tensor.outputs(); j++) {
            for (int i = 0; i < tensor.depth(); i++) {
              parameters[tensor.place(i, j)] = 0;
            }
          }
        }
      }
      assertArrayEquals(new float[parameters.length], parameters, spec::toString);
    }
  }

  private static Perturbation perturbation(Network network, Noise noise, SeedStreams streams) {
    boolean gradients = noise.into() == Noise.Into.GRADIENTS;
    double sigma = noise.sigma();
    return new Perturbation(
        network.layout(), gradients ? 0 : sigma, gradients ? sigma : 0, streams::stream);
  }

  private static NetworkSpec network(
      Activation activation, List<Integer> hidden, double dropout, boolean batchNorm) {
    return new NetworkSpec(
        hidden,
        activation,
        Activation.SOFTMAX,
        true,
        Initializer.GLOROT_UNIFORM,
        Collections.nCopies(hidden.size(), dropout),
        batchNorm);
  }

  private static TrainingSpec training(OptimizerSpec optimizer, double l2, Noise noise, Clip clip) {
    return new TrainingSpec(
        optimizer,
        0.01,
        Loss.CROSS_ENTROPY,
        Reduction.MEAN,
        0,
        l2,
        4,
        1,
        false,
        noise,
        Schedule.CONSTANT,
        clip);
  }
}
