package org.trawl.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.trawl.core.network.DenseTensors.weights;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.kernel.Statistics;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.TrainingSpec.Noise;

class TrainerTest {
  /** 301 = 12 * 25 + 1; the test part is larger than what is evaluated at once. */
  private static final int TRAIN = 301;

  private static final int VALIDATION = 100;
  private static final int TEST = 300;
  private static final TrainingData RINGS = Toy.rings(TRAIN, VALIDATION, TEST);

  // Reproducibility

  @Test
  void theSameTrialTwiceGivesTheSameBits() {
    Toy toy = everything();
    TrainingResult first = toy.train(RINGS);
    assertEquals(Outcome.COMPLETED, first.outcome());
    assertEquals(toy.epochs, first.epochs().size());
    assertEquals(bits(first), bits(toy.train(RINGS)));
  }

  @Test
  void trainingsAtTheSameTimeGiveTheBitsOfEachAlone() throws Exception {
    List<Toy> toys = new ArrayList<>();
    for (long seed = 1; seed <= 12; seed++) {
      Toy toy = everything();
      toy.seed = seed;
      toys.add(toy);
    }
    List<List<Object>> alone = toys.stream().map(toy -> bits(toy.train(RINGS))).toList();
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      List<Future<TrainingResult>> together = new ArrayList<>();
      for (Toy toy : toys) {
        together.add(executor.submit(() -> toy.train(RINGS)));
      }
      for (int i = 0; i < toys.size(); i++) {
        assertEquals(alone.get(i), bits(together.get(i).get()), "seed " + toys.get(i).seed);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void anotherSeedGivesAnotherTraining() {
    Toy toy = everything();
    List<Object> first = bits(toy.train(RINGS));
    toy.seed = 2;
    assertNotEquals(first, bits(toy.train(RINGS)));
  }

  @Test
  void theFirstEpochsDoNotDependOnTheirNumber() {
    Toy toy = everything();
    List<EpochResult> few = toy.train(RINGS).epochs();
    toy.epochs = 2 * few.size();
    List<EpochResult> many = toy.train(RINGS).epochs();
    assertEquals(bits(few), bits(many.subList(0, few.size())));
  }

  @Test
  void theDataAreNotChanged() {
    TrainingData data = Toy.rings(TRAIN, VALIDATION, TEST);
    everything().train(data);
    assertArrayEquals(RINGS.train(), data.train());
    assertArrayEquals(
        ((Samples.Reals) RINGS.dataset().samples()).held().data,
        ((Samples.Reals) data.dataset().samples()).held().data);
  }

  @Test
  void bytesTrainLikeTheSameRealNumbers() {
    int rows = 60;
    byte[] bytes = new byte[rows * 5];
    FMatrixRMaj reals = new FMatrixRMaj(rows, 5);
    int[] labels = new int[rows];
    RandomStream stream = new RandomStream(32);
    for (int i = 0; i < bytes.length; i++) {
      int value = stream.nextInt(256);
      bytes[i] = (byte) value;
      reals.data[i] = value;
      labels[i / 5] = (labels[i / 5] + value) % 3;
    }
    Toy toy = everything();
    TrainingData ofBytes = Toy.data(new Samples.Bytes(bytes, rows, 5), labels, 3, 40, 10, 1 / 255f);
    TrainingData ofReals = Toy.data(new Samples.Reals(reals), labels, 3, 40, 10, 1 / 255f);
    assertEquals(bits(toy.train(ofReals)), bits(toy.train(ofBytes)));
  }

  // Batches, order and means

  /** Batches of one, odd ones with a last one of one, of all, and larger than the data. */
  @ParameterizedTest
  @CsvSource({
    "1, true",
    "25, true",
    "25, false",
    "64, false",
    "300, true",
    "301, true",
    "1000, false"
  })
  void anEpochIsTheStepsOfItsBatches(int batchSize, boolean shuffle) {
    Toy toy = new Toy();
    toy.batchSize = batchSize;
    toy.shuffle = shuffle;
    toy.l1 = 0.003;
    toy.l2 = 0.01;
    toy.optimizer = new OptimizerSpec.Sgd(0.5, false);
    checkAgainstSteps(toy);
  }

  @Test
  void allIsOneBatchOfTheWholeTrainingPart() {
    Toy toy = new Toy();
    toy.batchSize = TrainingSpec.ALL;
    checkAgainstSteps(toy);
    List<Object> all = bits(toy.train(RINGS));
    toy.batchSize = TRAIN;
    assertEquals(all, bits(toy.train(RINGS)));
    toy.batchSize = TRAIN + 1;
    assertEquals(all, bits(toy.train(RINGS)));
  }

  /** The loop written out: same losses, penalties and shares, weighted by samples. */
  private static void checkAgainstSteps(Toy toy) {
    List<EpochResult> epochs = toy.train(RINGS).epochs();
    SeedStreams streams = new SeedStreams(toy.seed);
    Network network = new Network(toy.network(), 2, 3, Loss.CROSS_ENTROPY, Kernels.best());
    network.initialize(streams::stream);
    Perturbation none = new Perturbation(network.layout(), 0, 0, streams::stream);
    Step step = new Step(toy.training(), network, none, Kernels.best());
    int[] order = RINGS.train().clone();
    RandomStream shuffles = streams.stream("order");
    int batchSize = Math.min(toy.batchSize, TRAIN);
    Workspace workspace = network.trainingWorkspace(batchSize, none);
    assertEquals(toy.epochs, epochs.size());
    for (EpochResult epoch : epochs) {
      if (toy.shuffle) {
        shuffles.shuffle(order);
      }
      double loss = 0;
      double penalty = 0;
      int right = 0;
      for (int from = 0; from < TRAIN; from += batchSize) {
        int[] batch = Arrays.copyOfRange(order, from, Math.min(TRAIN, from + batchSize));
        int[] classes = load(batch, workspace);
        step.take(workspace, classes, toy.learningRate);
        for (int i = 0; i < batch.length; i++) {
          loss += workspace.losses[i];
        }
        right += right(network, workspace, classes);
        penalty += step.penalty() * batch.length / TRAIN;
      }
      assertEquals(loss / TRAIN, epoch.trainLoss(), 1e-12);
      assertEquals(penalty, epoch.trainPenalty(), 1e-12);
      assertEquals((double) right / TRAIN, epoch.trainAccuracy());
      assertEquals(toy.learningRate, epoch.learningRate());
      checkEvaluation(network, RINGS.validation(), epoch.validation());
      checkEvaluation(network, RINGS.test(), epoch.test());
    }
  }

  private static void checkEvaluation(
      Network network, int[] rows, Optional<Evaluation> evaluation) {
    Workspace workspace = network.evaluationWorkspace(rows.length);
    int[] classes = load(rows, workspace);
    network.evaluate(workspace, classes);
    double loss = 0;
    int[] confusion = new int[9];
    for (int i = 0; i < rows.length; i++) {
      loss += workspace.losses[i];
      confusion[3 * classes[i] + largest(network, workspace, i)]++;
    }
    assertEquals(loss / rows.length, evaluation.orElseThrow().loss(), 1e-12);
    assertArrayEquals(confusion, evaluation.get().confusion());
    int right = right(network, workspace, classes);
    assertEquals((double) right / rows.length, evaluation.get().accuracy());
  }

  private static int[] load(int[] rows, Workspace workspace) {
    float[] points = ((Samples.Reals) RINGS.dataset().samples()).held().data;
    int[] classes = new int[rows.length];
    workspace.resize(rows.length);
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < 2; j++) {
        int place = Panels.index(workspace.stride(), i, j);
        workspace.inputs[place] = points[2 * rows[i] + j];
      }
      classes[i] = RINGS.dataset().labels()[rows[i]];
    }
    return classes;
  }

  private static int right(Network network, Workspace workspace, int[] classes) {
    int right = 0;
    for (int i = 0; i < classes.length; i++) {
      right += largest(network, workspace, i) == classes[i] ? 1 : 0;
    }
    return right;
  }

  private static int largest(Network network, Workspace workspace, int row) {
    float[] outputs = network.outputs(workspace);
    int from = Panels.index(workspace.stride(), row, 0);
    int largest = outputs[from + 1] > outputs[from] ? 1 : 0;
    return outputs[from + 2] > outputs[from + largest] ? 2 : largest;
  }

  @Test
  void shuffledEpochsTakeTheSamplesInOtherOrders() {
    Toy toy = new Toy();
    List<Object> shuffled = bits(toy.train(RINGS));
    toy.shuffle = false;
    List<Object> inOrder = bits(toy.train(RINGS));
    assertNotEquals(inOrder, shuffled);
  }

  @Test
  void theSampleOrderDoesNotDependOnOtherKeys() {
    // What dropout and noise draw leaves order and weights alone: at a rate of 0 the losses of
    // samples are the same, and only their order changes their sum.
    Toy toy = new Toy();
    toy.learningRate = 0;
    List<EpochResult> plain = toy.train(RINGS).epochs();
    toy.noise = new Noise(1e-30, Noise.Into.ACTIVATIONS);
    List<EpochResult> noisy = toy.train(RINGS).epochs();
    assertEquals(bits(plain), bits(noisy));
  }

  @Test
  void accuracyIsTheDiagonalOfTheConfusion() {
    for (EpochResult epoch : new Toy().train(RINGS).epochs()) {
      Evaluation test = epoch.test().orElseThrow();
      int[] confusion = test.confusion();
      assertEquals(TEST, Arrays.stream(confusion).sum());
      assertEquals((confusion[0] + confusion[4] + confusion[8]) / 300.0, test.accuracy());
    }
  }

  @Test
  void partsWithoutSamplesAreEmpty() {
    EpochResult neither = new Toy().train(Toy.rings(30, 0, 0)).epochs().get(0);
    assertEquals(Optional.empty(), neither.validation());
    assertEquals(Optional.empty(), neither.test());
    EpochResult validation = new Toy().train(Toy.rings(30, 1, 0)).epochs().get(0);
    assertTrue(validation.validation().isPresent());
    assertEquals(Optional.empty(), validation.test());
    EpochResult test = new Toy().train(Toy.rings(30, 0, 1)).epochs().get(0);
    assertEquals(Optional.empty(), test.validation());
    assertTrue(test.test().isPresent());
  }

  @Test
  void aTrainingPartWithoutSamplesIsRefused() {
    var exception =
        assertThrows(IllegalArgumentException.class, () -> new Toy().train(Toy.rings(0, 10, 10)));
    assertEquals("Cannot train on toy: no training samples", exception.getMessage());
  }

  // Learning

  @Test
  void aHiddenLayerLearnsWhatALinearModelCannot() {
    Toy toy = new Toy();
    toy.optimizer = Toy.ADAM;
    toy.learningRate = 0.02;
    toy.batchSize = 16;
    toy.epochs = 60;
    toy.hidden = List.of();
    EpochResult linear = last(toy.train(RINGS));
    assertTrue(linear.test().orElseThrow().accuracy() < 0.5, () -> "linear: " + linear);
    for (Activation activation :
        EnumSet.complementOf(EnumSet.of(Activation.IDENTITY, Activation.SOFTMAX))) {
      toy.hidden = List.of(16);
      toy.activation = activation;
      EpochResult epoch = last(toy.train(RINGS));
      assertTrue(epoch.test().orElseThrow().accuracy() > 0.95, () -> activation + ": " + epoch);
      assertTrue(epoch.trainLoss() < 0.25, () -> activation + ": " + epoch);
    }
  }

  @Test
  void sgdAndMomentumLearnToo() {
    Toy toy = new Toy();
    toy.hidden = List.of(16);
    toy.epochs = 150;
    toy.learningRate = 0.5;
    assertTrue(last(toy.train(RINGS)).test().orElseThrow().accuracy() > 0.95);
    toy.optimizer = new OptimizerSpec.Sgd(0.9, true);
    toy.learningRate = 0.1;
    toy.epochs = 60;
    assertTrue(last(toy.train(RINGS)).test().orElseThrow().accuracy() > 0.95);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRateOfZeroLearnsNothing(boolean adam) {
    Toy toy = new Toy();
    toy.optimizer = adam ? Toy.ADAM : new OptimizerSpec.Sgd(0.9, false);
    toy.learningRate = 0;
    toy.l2 = 0.1;
    toy.shuffle = false;
    List<EpochResult> epochs = toy.train(RINGS).epochs();
    assertEquals(bits(epochs.get(0)).subList(1, 11), bits(epochs.get(2)).subList(1, 11));
  }

  @Test
  void aLargerL2LeavesSmallerWeights() {
    Toy toy = new Toy();
    toy.epochs = 30;
    double before = Double.POSITIVE_INFINITY;
    for (double l2 : new double[] {0.001, 0.01, 0.1}) {
      toy.l2 = l2;
      double squares = last(toy.train(RINGS)).trainPenalty() / (l2 / 2);
      assertTrue(squares < before, l2 + ": " + squares);
      before = squares;
    }
  }

  // Noise

  @Test
  void noiseIntoActivationsLeavesALinearModelAloneAndIntoInputsDoesNot() {
    Toy toy = new Toy();
    toy.hidden = List.of();
    List<Object> without = bits(toy.train(RINGS));
    toy.noise = new Noise(0.5, Noise.Into.ACTIVATIONS);
    assertEquals(without, bits(toy.train(RINGS)));
    toy.noise = new Noise(0.5, Noise.Into.INPUTS);
    assertNotEquals(without, bits(toy.train(RINGS)));
  }

  @Test
  void noiseAndDropoutAreOffInEvaluation() {
    Toy toy = new Toy();
    toy.learningRate = 0;
    EpochResult without = last(toy.train(RINGS));
    List<Noise> noises = new ArrayList<>();
    for (Noise.Into into : List.of(Noise.Into.INPUTS, Noise.Into.ACTIVATIONS)) {
      noises.add(new Noise(1, into));
    }
    for (Noise noise : noises) {
      toy.noise = noise;
      toy.dropout = 0.5;
      EpochResult with = last(toy.train(RINGS));
      assertNotEquals(without.trainLoss(), with.trainLoss());
      assertEquals(without.validation().orElseThrow().loss(), with.validation().get().loss());
      assertEquals(without.test().orElseThrow().loss(), with.test().get().loss());
    }
  }

  /**
   * One feature, 1 or -1, decides the class, and a linear model that is not trained takes its sign,
   * or the opposite one: noise of sigma turns the sign with the probability of a normal number
   * above 1 / sigma.
   */
  @Test
  void noiseIntoInputsTurnsAsManySignsAsItsSigmaTells() {
    Toy toy = untrained();
    toy.hidden = List.of();
    double sigma = 0.8;
    toy.noise = new Noise(sigma, Noise.Into.INPUTS);
    toy.shuffle = false;
    double turned = checkTurned(toy, Statistics.normalTail(1 / sigma));
    toy.seed = 2;
    assertNotEquals(turned, checkTurned(toy, Statistics.normalTail(1 / sigma)), "another seed");
  }

  /** The same through one hidden unit without bias: its activation is the weight, or minus it. */
  @Test
  void noiseIntoActivationsTurnsAsManySignsAsItsSigmaTells() {
    Toy toy = untrained();
    Network network = new Network(toy.network(), 1, 2, Loss.CROSS_ENTROPY, Kernels.best());
    network.initialize(new SeedStreams(toy.seed)::stream);
    double weight = Math.abs(weights(network, 1).data[0]);
    double sigma = 0.8 * weight;
    toy.noise = new Noise(sigma, Noise.Into.ACTIVATIONS);
    checkTurned(toy, Statistics.normalTail(weight / sigma));
  }

  private static Toy untrained() {
    Toy toy = new Toy();
    toy.hidden = List.of(1);
    toy.activation = Activation.IDENTITY;
    toy.learningRate = 0;
    toy.epochs = 2;
    return toy;
  }

  /** The share of signs that were turned in the last epoch. */
  private static double checkTurned(Toy toy, double probability) {
    int rows = 10_000;
    FMatrixRMaj signs = new FMatrixRMaj(rows, 1);
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 2;
      signs.data[i] = 2 * labels[i] - 1;
    }
    TrainingData data = Toy.data(new Samples.Reals(signs), labels, 2, rows - 100, 100, 1);
    double deviation = Math.sqrt(probability * (1 - probability) / (rows - 100));
    double before = Double.NaN;
    double turned = Double.NaN;
    for (EpochResult epoch : toy.train(data).epochs()) {
      boolean opposite = epoch.validation().orElseThrow().accuracy() == 0;
      assertEquals(opposite ? 0 : 1, epoch.validation().get().accuracy());
      turned = opposite ? epoch.trainAccuracy() : 1 - epoch.trainAccuracy();
      assertEquals(probability, turned, Statistics.DEVIATIONS * deviation);
      assertNotEquals(before, epoch.trainLoss(), "other noise in another epoch");
      before = epoch.trainLoss();
    }
    return turned;
  }

  // Endings

  @ParameterizedTest
  @ValueSource(doubles = {1e20, 1e30, 1e300})
  void aHugeLearningRateDiverges(double rate) {
    Toy toy = new Toy();
    toy.activation = Activation.RELU;
    toy.hidden = List.of(7, 7, 7);
    toy.learningRate = rate;
    TrainingResult result = toy.train(RINGS);
    assertEquals(Outcome.DIVERGED, result.outcome());
    assertFinite(result);
  }

  /** A rate of 1 with l2 of 11 multiplies weights by -10 a step, past all floats after some 39. */
  @Test
  void aTrainingThatDivergesKeepsItsFiniteEpochs() {
    Toy toy = new Toy();
    toy.hidden = List.of();
    toy.batchSize = TrainingSpec.ALL;
    toy.learningRate = 1;
    toy.l2 = 11;
    toy.epochs = 100;
    List<EpochResult> seen = new ArrayList<>();
    TrainingResult result =
        Trainer.train(
            toy.trial(),
            RINGS,
            Kernels.best(),
            new Watcher() {
              @Override
              public void epochEnded(EpochResult epoch) {
                seen.add(epoch);
              }
            });
    assertEquals(Outcome.DIVERGED, result.outcome());
    int kept = result.epochs().size();
    assertTrue(kept >= 35 && kept <= 42, () -> kept + " epochs");
    assertEquals("loss not finite in epoch " + (kept + 1), result.message());
    assertEquals(seen, result.epochs());
    assertFinite(result);

    toy.epochs = kept;
    assertEquals(Outcome.COMPLETED, toy.train(RINGS).outcome());
    toy.epochs = kept + 1;
    assertEquals(Outcome.DIVERGED, toy.train(RINGS).outcome());
  }

  /** The losses of the only step come before its update, which no later one shows. */
  @Test
  void anUpdateOutOfRangeInTheLastStepDiverges() {
    Toy toy = new Toy();
    toy.batchSize = TrainingSpec.ALL;
    toy.epochs = 1;
    toy.learningRate = 1e40;
    for (TrainingData data : List.of(RINGS, Toy.rings(TRAIN, 0, 0))) {
      TrainingResult result = toy.train(data);
      assertEquals(Outcome.DIVERGED, result.outcome());
      assertEquals("loss not finite in epoch 1", result.message());
      assertEquals(List.of(), result.epochs());
    }
  }

  private static void assertFinite(TrainingResult result) {
    for (EpochResult epoch : result.epochs()) {
      assertTrue(Double.isFinite(epoch.trainLoss()), epoch::toString);
      assertTrue(Double.isFinite(epoch.trainPenalty()), epoch::toString);
      assertTrue(Double.isFinite(epoch.validation().orElseThrow().loss()), epoch::toString);
      assertTrue(Double.isFinite(epoch.test().orElseThrow().loss()), epoch::toString);
    }
  }

  /** 13 steps an epoch: the 30th is in the third. */
  @Test
  void cancellingEndsBetweenStepsAndKeepsTheFinishedEpochs() {
    Toy toy = new Toy();
    List<Object> undisturbed = bits(toy.train(RINGS).epochs().subList(0, 2));
    TrainingResult result = Trainer.train(toy.trial(), RINGS, Kernels.best(), cancellingAt(30));
    assertEquals(Outcome.CANCELLED, result.outcome());
    assertEquals("cancelled", result.message());
    assertEquals(undisturbed, bits(result.epochs()));

    TrainingResult atOnce = Trainer.train(toy.trial(), RINGS, Kernels.best(), cancellingAt(1));
    assertEquals(Outcome.CANCELLED, atOnce.outcome());
    assertEquals(List.of(), atOnce.epochs());

    TrainingResult afterTheLast =
        Trainer.train(toy.trial(), RINGS, Kernels.best(), cancellingAt(40));
    assertEquals(Outcome.COMPLETED, afterTheLast.outcome());
  }

  private static Watcher cancellingAt(int step) {
    return new Watcher() {
      private int asked;

      @Override
      public boolean cancelled() {
        return ++asked == step;
      }
    };
  }

  @Test
  void aCompletedTrainingSaysWhatItIs() {
    List<EpochResult> seen = new ArrayList<>();
    Watcher watcher =
        new Watcher() {
          @Override
          public void epochEnded(EpochResult epoch) {
            seen.add(epoch);
          }
        };
    TrainingResult result = Trainer.train(new Toy().trial(), RINGS, Kernels.best(), watcher);
    assertEquals("", result.message());
    assertEquals(2 * 7 + 7 + 7 * 3 + 3, result.parameters());
    assertEquals(List.of(1, 2, 3), result.epochs().stream().map(EpochResult::epoch).toList());
    assertEquals(seen, result.epochs());
    for (EpochResult epoch : result.epochs()) {
      assertTrue(epoch.seconds() > 0);
      assertEquals(TRAIN / epoch.seconds(), epoch.samplesPerSecond(), 1e-6 * TRAIN);
    }
  }

  // Memory

  /** Vectors are objects until the compiler has removed them, which takes some thousand steps. */
  @Test
  void whatAnEpochAllocatesDoesNotGrowWithItsSteps() {
    Toy toy = everything();
    toy.epochs = 200;
    long ofManySteps = Long.MAX_VALUE;
    long ofOneStep = 0;
    // The compiler works beside the test: on a busy machine it is done some rounds later.
    for (int round = 0; round < 30 && ofManySteps - ofOneStep >= TRAIN; round++) {
      toy.batchSize = 1;
      ofManySteps = leastBytesOfAnEpoch(toy);
      toy.batchSize = TRAIN;
      ofOneStep = leastBytesOfAnEpoch(toy);
    }
    assertTrue(
        ofManySteps - ofOneStep < TRAIN,
        String.format(
            Locale.ROOT, "%d bytes for a step, %d for %d", ofOneStep, ofManySteps, TRAIN));
  }

  private static long leastBytesOfAnEpoch(Toy toy) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long[] ends = new long[toy.epochs + 1];
    Watcher watcher =
        new Watcher() {
          @Override
          public void epochEnded(EpochResult epoch) {
            ends[epoch.epoch()] = threads.getThreadAllocatedBytes(self);
          }
        };
    Trainer.train(toy.trial(), RINGS, Kernels.best(), watcher);
    long least = Long.MAX_VALUE;
    for (int epoch = 2; epoch <= toy.epochs; epoch++) {
      least = Math.min(least, ends[epoch] - ends[epoch - 1]);
    }
    return least;
  }

  // Helpers

  /** Every source of randomness and every kind of operation of a step. */
  private static Toy everything() {
    Toy toy = new Toy();
    toy.hidden = List.of(9, 5);
    toy.optimizer = Toy.ADAM;
    toy.learningRate = 0.01;
    toy.dropout = 0.2;
    toy.noise = new Noise(0.1, Noise.Into.ACTIVATIONS);
    toy.l1 = 0.0001;
    toy.l2 = 0.001;
    return toy;
  }

  private static EpochResult last(TrainingResult result) {
    return result.epochs().get(result.epochs().size() - 1);
  }

  private static List<Object> bits(TrainingResult result) {
    List<Object> bits = new ArrayList<>(List.of(result.outcome(), result.message()));
    bits.addAll(bits(result.epochs()));
    return bits;
  }

  private static List<Object> bits(List<EpochResult> epochs) {
    return new ArrayList<>(epochs.stream().map(TrainerTest::bits).toList());
  }

  /** Everything that an epoch reports but its timing; doubles as their bits. */
  private static List<Object> bits(EpochResult epoch) {
    List<Object> bits = new ArrayList<>();
    bits.add(epoch.epoch());
    for (double value :
        new double[] {
          epoch.learningRate(), epoch.trainLoss(), epoch.trainPenalty(), epoch.trainAccuracy()
        }) {
      bits.add(Double.doubleToRawLongBits(value));
    }
    for (Optional<Evaluation> part : List.of(epoch.validation(), epoch.test())) {
      Evaluation evaluation = part.orElseThrow();
      bits.add(Double.doubleToRawLongBits(evaluation.loss()));
      bits.add(Double.doubleToRawLongBits(evaluation.accuracy()));
      bits.add(Arrays.stream(evaluation.confusion()).boxed().toList());
    }
    return bits;
  }
}
