package org.trawl.core.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkState;
import org.trawl.core.network.NetworkTensors;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Tensor;
import org.trawl.core.network.Workspace;
import org.trawl.core.training.TrainingResult.Outcome;
import org.trawl.core.training.TrainingSpec.Noise;

/**
 * Trains one trial in the calling thread: epochs of steps, each a batch gathered, learnt from and
 * applied, then an evaluation of the validation and the test part.
 */
public final class Trainer {
  /** Samples a forward pass of an evaluation takes at once. */
  private static final int EVALUATION_ROWS = 256;

  private final TrainingSpec spec;
  private final TrainingData data;
  private final Kernels kernels;
  private final Network network;
  private final Step step;
  private final Workspace workspace;
  private final Workspace evaluation;
  private final Scores scores;

  /** All random streams that the training draws from, by name. */
  private final Map<String, RandomStream> streams = new LinkedHashMap<>();

  private final RandomStream order;
  private final RandomStream inputNoise;

  /** Normal numbers, as many as a batch has features; empty without noise into inputs. */
  private final float[] noise;

  private final int batchSize;

  /**
   * Whether a single sample left at the end of an epoch joins the batch before it: it alone has no
   * variance to normalise by.
   */
  private final boolean joinsLastSample;

  /** Whether a batch is learnt from part by part. */
  private final boolean inParts;

  /** What the best epoch left, for early stopping; null where that is not restored. */
  private final NetworkState best;

  private final int[] rows;

  /** Brings samples into workspaces. */
  private final Batches batches;

  /** The classes of the samples that were gathered last. */
  private final int[] classes;

  /** What early stopping watches, of all epochs so far. */
  private final List<Double> watched = new ArrayList<>();

  private double lossSum;
  private double penaltySum;
  private int right;

  private Trainer(TrialSpec trial, TrainingData data, Kernels kernels) {
    this(
        trial,
        new Network(
            trial.network(),
            data.features(),
            data.classes().size(),
            trial.training().loss(),
            kernels),
        data,
        kernels);
  }

  /** Trains a network, of which the trial says the rest. */
  Trainer(TrialSpec trial, Network network, TrainingData data, Kernels kernels) {
    this.spec = trial.training();
    this.data = data;
    this.kernels = kernels;
    SeedStreams seeds = new SeedStreams(trial.seed());
    Function<String, RandomStream> named = name -> streams.computeIfAbsent(name, seeds::stream);
    this.network = network;
    Layout layout = network.layout();
    network.initialize(named);
    Perturbation perturbation =
        new Perturbation(layout, noise(Noise.Into.ACTIVATIONS), noise(Noise.Into.GRADIENTS), named);
    step = new Step(spec, network, perturbation, kernels);
    rows = data.train().clone();
    batchSize = Math.min(spec.batchSize(), rows.length);
    joinsLastSample = layout.normalizes();
    if (joinsLastSample && batchSize == 1) {
      throw new IllegalArgumentException(
          "Invalid batch-size (at least 2 with batch-norm: one sample has no variance): 1");
    }
    int largestBatch = Math.min(rows.length, joinsLastSample ? batchSize + 1 : batchSize);
    inParts = trial.learnsInParts(layout, largestBatch);
    workspace =
        inParts
            ? network.partWorkspace(perturbation)
            : network.trainingWorkspace(largestBatch, perturbation);
    boolean looksForZeros =
        layout.layers().get(0).leavesOutZeros()
            && noise(Noise.Into.INPUTS) == 0
            && keepsZeros(data);
    int evaluated =
        Math.max(
            Math.max(data.validation().length, data.test().length),
            spec.measures().train() ? rows.length : 0);
    scores = new Scores(evaluated, data.classes().size());
    int evaluationRows = Math.max(1, Math.min(EVALUATION_ROWS, evaluated));
    evaluation = network.evaluationWorkspace(evaluationRows);
    int most = Math.max(workspace.losses.length, EVALUATION_ROWS);
    batches = new Batches(data, kernels, looksForZeros, largestBatch, most);
    classes = batches.classes();
    best = spec.earlyStopping().restores() ? network.newState() : null;
    order = named.apply("order");
    inputNoise = named.apply("noise/inputs");
    noise = new float[noise(Noise.Into.INPUTS) > 0 ? workspace.inputs.length : 0];
  }

  /**
   * Trains a network as specified.
   *
   * @param data the split and preparation of {@code trial.data()} for the trial's seed and fold
   * @param kernels decide how fast it is, not what results
   * @throws IllegalArgumentException if there are no training samples, or parts of the
   *     specification contradict each other
   */
  public static TrainingResult train(
      TrialSpec trial, TrainingData data, Kernels kernels, Watcher watcher) {
    return train(trial, data, kernels, Map.of(), watcher);
  }

  /**
   * Trains a network that starts from given weights.
   *
   * @param initial tensors by name, as {@link NetworkTensors} names them; what is missing starts as
   *     specified
   * @throws IllegalArgumentException likewise, and if the tensors are not the network's
   */
  public static TrainingResult train(
      TrialSpec trial,
      TrainingData data,
      Kernels kernels,
      Map<String, Tensor> initial,
      Watcher watcher) {
    return train(trial, data, kernels, initial, watcher, Optional.empty());
  }

  /**
   * Goes on with a training, with the bits of one that was never interrupted.
   *
   * @param from what it had become; empty to begin. Its epochs are not in the result
   * @throws IllegalArgumentException likewise, and if the state is of another training
   */
  public static TrainingResult train(
      TrialSpec trial,
      TrainingData data,
      Kernels kernels,
      Map<String, Tensor> initial,
      Watcher watcher,
      Optional<TrainingState> from) {
    if (data.train().length == 0) {
      throw new IllegalArgumentException(
          "Cannot train on %s: no training samples".formatted(data.dataset().name()));
    }
    EarlyStopping.Metric metric = trial.training().earlyStopping().metric();
    if (trial.training().earlyStopping().enabled()
        && ((metric.ofValidation() && data.validation().length == 0)
            || (metric.ofTest() && data.test().length == 0))) {
      throw new IllegalArgumentException(
          "Invalid early-stopping.metric (of a part that the data has): " + metric.key());
    }
    Trainer trainer = new Trainer(trial, data, kernels);
    NetworkTensors.load(initial, trainer.network);
    from.ifPresent(trainer::restore);
    return trainer.run(from.map(TrainingState::epoch).orElse(0) + 1, watcher);
  }

  /** Whether features that are 0 in the source are 0 when they are prepared. */
  private static boolean keepsZeros(TrainingData data) {
    boolean keeps = true;
    for (int j = 0; j < data.features(); j++) {
      keeps &= data.shift()[j] == 0 && data.scale()[j] > 0;
    }
    return keeps;
  }

  /** The sigma of the noise into a place; 0 for none. */
  private double noise(Noise.Into into) {
    return spec.noise().into() == into ? spec.noise().sigma() : 0;
  }

  private TrainingState state(int epoch) {
    TrainingState state =
        new TrainingState(epoch, network.layout().parameters(), WeightHash.of(network));
    network.newState().arrays().forEach((name, values) -> state.put("network." + name, values));
    step.optimizer().moments().forEach((name, values) -> state.put("optimizer." + name, values));
    state.put("optimizer.numbers", step.optimizer().numbers());
    streams.forEach((name, stream) -> state.put("stream." + name, new long[] {stream.position()}));
    state.put("order", rows);
    if (spec.earlyStopping().enabled()) {
      state.put(
          "early-stopping.watched", watched.stream().mapToDouble(Double::doubleValue).toArray());
    }
    if (best != null) {
      best.arrays().forEach((name, values) -> state.put("early-stopping.best." + name, values));
    }
    return state;
  }

  /** Goes on from what another training of the same specification had become. */
  void restore(TrainingState state) {
    NetworkState learnt = network.newState();
    learnt.arrays().forEach((name, values) -> state.read("network." + name, values));
    network.restore(learnt);
    step.optimizer().moments().forEach((name, values) -> state.read("optimizer." + name, values));
    state.read("optimizer.numbers", step.optimizer().numbers());
    streams.forEach(
        (name, stream) -> {
          long[] position = new long[1];
          state.read("stream." + name, position);
          stream.seek(position[0]);
        });
    state.read("order", rows);
    if (spec.earlyStopping().enabled()) {
      double[] values = new double[state.epoch()];
      state.read("early-stopping.watched", values);
      Arrays.stream(values).forEach(watched::add);
    }
    if (best != null) {
      best.arrays().forEach((name, values) -> state.read("early-stopping.best." + name, values));
    }
  }

  /** Trains from an epoch on, the first one unless it goes on with a training. */
  TrainingResult run(int first, Watcher watcher) {
    List<EpochResult> epochs = new ArrayList<>();
    Optional<String> before = spec.earlyStopping().reasonAfter(watched);
    if (before.isPresent()) { // of fewer epochs, which ended where this one would have stopped
      return completed(before.get(), epochs);
    }
    for (int epoch = first; epoch <= spec.epochs(); epoch++) {
      double rate = spec.learningRate() * spec.schedule().factor(epoch, spec.epochs());
      long started = System.nanoTime();
      Outcome outcome = trainEpoch(rate, watcher);
      List<LayerResult> layers = step.endEpoch();
      double seconds = (System.nanoTime() - started) * 1e-9;
      if (outcome == Outcome.CANCELLED) {
        return ended(outcome, "cancelled", epochs);
      }
      if (outcome == Outcome.DIVERGED) {
        return diverged(epoch, epochs);
      }
      EpochResult result =
          new EpochResult(
              epoch,
              rate,
              lossSum / rows.length,
              penaltySum / rows.length,
              (double) right / rows.length,
              spec.measures().train() ? evaluate(data.train()) : Optional.empty(),
              evaluate(data.validation()),
              evaluate(data.test()),
              layers,
              seconds,
              rows.length / seconds);
      if (!finite(result)) {
        return diverged(epoch, epochs);
      }
      epochs.add(result);
      if (spec.earlyStopping().enabled()) {
        watched.add(spec.earlyStopping().metric().value(result));
      }
      if (best != null && spec.earlyStopping().bestOf(watched) == epoch) {
        network.save(best);
      }
      watcher.epochEnded(result);
      watcher.learnt(result, network);
      watcher.resumable(epoch, () -> state(result.epoch()));
      Optional<String> reason = spec.earlyStopping().reasonAfter(watched);
      if (reason.isPresent()) {
        return completed(reason.get(), epochs);
      }
    }
    return completed("", epochs);
  }

  private TrainingResult completed(String message, List<EpochResult> epochs) {
    if (best != null) {
      network.restore(best);
    }
    return ended(Outcome.COMPLETED, message, epochs);
  }

  private TrainingResult diverged(int epoch, List<EpochResult> epochs) {
    return ended(Outcome.DIVERGED, "loss not finite in epoch " + epoch, epochs);
  }

  private TrainingResult ended(Outcome outcome, String message, List<EpochResult> epochs) {
    return new TrainingResult(
        outcome, message, epochs, network.layout().parameters(), WeightHash.of(network));
  }

  /** Whether what the epoch's last update left is finite: its weights and its evaluations. */
  private boolean finite(EpochResult epoch) {
    // Not by the kernels: this runs too seldom for a vector operation to be compiled.
    double sum = 0;
    for (float parameter : network.parameters()) {
      sum += Math.abs(parameter);
    }
    sum += epoch.train().map(Evaluation::loss).orElse(0.0);
    sum += epoch.validation().map(Evaluation::loss).orElse(0.0);
    sum += epoch.test().map(Evaluation::loss).orElse(0.0);
    return Double.isFinite(sum);
  }

  private Outcome trainEpoch(double rate, Watcher watcher) {
    lossSum = 0;
    penaltySum = 0;
    right = 0;
    step.beginEpoch(steps());
    if (spec.shuffle()) {
      order.shuffle(rows);
    }
    for (int from = 0; from < rows.length; ) {
      if (watcher.cancelled()) {
        return Outcome.CANCELLED;
      }
      int left = rows.length - from;
      int count = joinsLastSample && left == batchSize + 1 ? left : Math.min(batchSize, left);
      learn(from, count, rate);
      from += count;
      if (!Double.isFinite(lossSum + penaltySum)) {
        return Outcome.DIVERGED;
      }
    }
    return Outcome.COMPLETED;
  }

  /** The steps of an epoch. */
  private int steps() {
    int left = rows.length % batchSize;
    boolean joined = joinsLastSample && left == 1 && rows.length > 1;
    return rows.length / batchSize + (left == 0 || joined ? 0 : 1);
  }

  private void learn(int from, int count, double rate) {
    int[] batch = batches.sorted(rows, from, count);
    if (inParts) {
      for (int done = 0; done < count; done += Workspace.PART_ROWS) {
        int part = Math.min(Workspace.PART_ROWS, count - done);
        batches.gatherToLearn(batch, done, part, workspace);
        step.takePart(workspace, classes, count, done == 0, done + part == count, rate);
        tally(workspace, part);
      }
    } else {
      batches.gatherToLearn(batch, 0, count, workspace);
      addNoise();
      step.take(workspace, classes, rate);
      tally(workspace, count);
    }
    penaltySum += step.penalty() * count;
  }

  private void addNoise() {
    if (noise.length > 0) {
      float sigma = (float) spec.noise().sigma();
      int values = Panels.length(workspace.stride(), data.features());
      kernels.fillNormal(inputNoise, noise, values);
      kernels.addMultiple(workspace.inputs, sigma, noise, values);
    }
  }

  /** Adds the batch's losses and right answers to the epoch's. */
  private void tally(Workspace batch, int count) {
    int outputs = data.classes().size();
    float[] probabilities = network.outputs(batch);
    for (int i = 0; i < count; i++) {
      lossSum += batch.losses[i];
      if (largest(probabilities, batch.stride(), i, outputs) == classes[i]) {
        right++;
      }
    }
  }

  private Optional<Evaluation> evaluate(int[] part) {
    if (part.length == 0) {
      return Optional.empty();
    }
    int outputs = data.classes().size();
    long[] pairs = new long[part.length];
    double loss = 0;
    int correct = 0;
    scores.clear();
    for (int from = 0; from < part.length; from += EVALUATION_ROWS) {
      int count = Math.min(EVALUATION_ROWS, part.length - from);
      batches.gather(part, from, count, evaluation);
      network.evaluate(evaluation, classes);
      float[] probabilities = network.outputs(evaluation);
      for (int i = 0; i < count; i++) {
        int predicted = largest(probabilities, evaluation.stride(), i, outputs);
        loss += evaluation.losses[i];
        pairs[from + i] = (long) classes[i] * outputs + predicted;
        correct += predicted == classes[i] ? 1 : 0;
        scores.add(classes[i]);
        for (int type = 0; type < outputs; type++) {
          scores.set(type, probabilities[Panels.index(evaluation.stride(), i, type)]);
        }
      }
    }
    double[] areas = new double[outputs];
    List<RocCurve> curves = scores.roc(areas, spec.measures().rocPoints());
    return Optional.of(
        new Evaluation(
            loss / part.length,
            (double) correct / part.length,
            Confusion.of(outputs, pairs),
            scores.topKAccuracy(spec.measures().topK()),
            scores.calibrationError(),
            areas,
            curves));
  }

  /** The column of the largest value of a row, the first of equal ones. */
  private static int largest(float[] matrix, int stride, int row, int columns) {
    int largest = 0;
    float value = matrix[Panels.index(stride, row, 0)];
    for (int j = 1; j < columns; j++) {
      float other = matrix[Panels.index(stride, row, j)];
      if (other > value) {
        value = other;
        largest = j;
      }
    }
    return largest;
  }
}
