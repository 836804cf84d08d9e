package org.trawl.driver.plan;

import java.util.Locale;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.preparation.PrepareStep.Balance.How;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.kernel.Panels;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerTensor;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Perturbation;
import org.trawl.core.network.Workspace;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Noise.Into;
import org.trawl.core.training.TrialSpec;

/**
 * What a trial takes, estimated from its specification.
 *
 * @param parameters weights and biases
 * @param bytes of memory, without the data set: the arrays of its network, optimizer, batch and
 *     evaluation, as {@code Trainer} allocates them
 * @param stateBytes of what a training goes on from: weights and what the optimizer keeps of each
 * @param multiplyAdds of all its epochs: each sample forward, and back to weights and to inputs
 * @param epochsOfSegment epochs of a segment of the journal: as many as take half a minute by a
 *     formula of the specification and the size of the data alone, which stays as it is, so that
 *     all machines and versions cut a trial alike; trials that differ in their epochs alone are cut
 *     alike. How long trials take is for {@link Cost}
 */
public record Workload(
    long parameters, long bytes, long stateBytes, double multiplyAdds, int epochsOfSegment) {
  /**
   * By these segments are cut, on all machines and for ever: what a core multiplies and adds in a
   * second, and what a sample, a step, and a parameter's share of a step take besides, roughly.
   */
  private static final double MULTIPLY_ADDS_A_SECOND = 4e10;

  private static final double SECONDS_A_SAMPLE = 1.5e-6;
  private static final double SECONDS_A_STEP = 5e-6;
  private static final double SECONDS_AN_UPDATE = 5e-10;

  /** What a segment of the journal takes at least, and so what a lost executor costs at most. */
  private static final double SECONDS_A_SEGMENT = 30;

  private static final int MOST_EPOCHS = Integer.MAX_VALUE;

  private static final long FLOAT = 4;

  /** Samples of an evaluation's pass. */
  private static final int EVALUATION_ROWS = 256;

  /**
   * Estimates a trial.
   *
   * @param dataset before it is prepared
   * @throws IllegalArgumentException if its parameters, or a batch, are too many for one array
   * @throws DataException if a step of the preparation cannot be applied
   */
  public static Workload of(TrialSpec trial, Dataset dataset) {
    return of(trial, PreparedSize.of(dataset, trial.data()));
  }

  /**
   * Estimates a trial.
   *
   * @param size of its data as prepared
   * @throws IllegalArgumentException if its parameters, or a batch, are too many for one array
   */
  public static Workload of(TrialSpec trial, PreparedSize size) {
    Layout layout = Layout.of(trial.network(), size.features(), size.classes());
    long rows = trainingRows(trial, size) * (1 + trial.data().augment().copies());
    double ofEpoch = 3.0 * layout.multiplyAdds() * rows;
    double steps = Math.ceil((double) rows / trial.training().batchSize());
    double secondsOfStep = SECONDS_A_STEP + layout.parameters() * SECONDS_AN_UPDATE;
    double secondsOfEpoch =
        ofEpoch / MULTIPLY_ADDS_A_SECOND + rows * SECONDS_A_SAMPLE + steps * secondsOfStep;
    int epochs = trial.training().epochs();
    return new Workload(
        layout.parameters(),
        FLOAT * values(trial, size, layout, rows),
        FLOAT * layout.length() * (1 + moments(trial.training().optimizer())),
        ofEpoch * epochs,
        // Of one epoch, not of all over their number: rounding must not cut trials differently.
        (int) Math.max(1, Math.min(Math.ceil(SECONDS_A_SEGMENT / secondsOfEpoch), MOST_EPOCHS)));
  }

  /**
   * Bytes of this JVM's heap that trials and their data may fill: two thirds, as much as the
   * parallel collector gives to what lives long.
   */
  public static long room() {
    return Runtime.getRuntime().maxMemory() / 3 * 2;
  }

  /** Bytes of a data set in memory. */
  public static long bytes(Dataset dataset) {
    long values = (long) dataset.samples().rows() * dataset.samples().columns();
    return values * (dataset.samples() instanceof Samples.Bytes ? 1 : FLOAT)
        + FLOAT * dataset.labels().length;
  }

  /**
   * Bytes of the samples of a trial's split with their noisy copies, kept once a JVM for all trials
   * of the split; 0 without copies.
   *
   * @param size of its data as prepared
   * @throws IllegalArgumentException if they are too many for one array
   */
  public static long augmentedBytes(TrialSpec trial, PreparedSize size) {
    long copies = trial.data().augment().copies();
    if (copies == 0) {
      return 0;
    }
    long train = trainingRows(trial, size);
    int limit = trial.data().limit();
    long own = (long) size.samples() - size.rows();
    long evaluated = held(trial, size);
    long rows = train * (1 + copies) + (limit > 0 ? Math.min(evaluated, limit + own) : evaluated);
    long values = rows * (size.sourceFeatures() + (size.bytes() > 0 ? size.features() : 0));
    if (values > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid augment.copies (at most %,d feature values with those of %s): %d",
              Integer.MAX_VALUE - 8,
              trial.data().source().name(),
              copies));
    }
    return FLOAT * (values + rows);
  }

  /** Samples that are evaluated, at most. */
  private static long held(TrialSpec trial, PreparedSize size) {
    return size.samples() - trainingRows(trial, size);
  }

  /** Numbers in all arrays of a trial; each has four bytes. */
  private static long values(TrialSpec trial, PreparedSize size, Layout layout, long rows) {
    long batchSize = Math.min(rows, trial.training().batchSize());
    int batch = (int) Math.min(rows, layout.normalizes() ? batchSize + 1 : batchSize);
    boolean inParts = trial.learnsInParts(layout, batch);
    int atOnce = inParts ? Workspace.PART_ROWS : batch;
    long largestPart = Math.max(held(trial, size), trial.training().measures().train() ? rows : 0);
    int evaluated = (int) Math.min(EVALUATION_ROWS, Math.max(1, largestPart));
    Clip clip = trial.training().clip();
    long copies =
        1
            + moments(trial.training().optimizer())
            + (clip.norm() > 0 ? 1 : 0)
            + (trial.training().earlyStopping().restores() ? 1 : 0);
    long largestTensor =
        layout.layers().stream()
            .flatMap(layer -> layer.tensors().stream())
            .mapToLong(LayerTensor::size)
            .max()
            .orElse(0);
    long classes = layout.layers().get(layout.layers().size() - 1).outputs();
    long areas = 2 * evaluatedParts(trial) * classes;
    return copies * layout.length()
        + largestTensor // a copy of a tensor at a time, to name the final weights
        + training(trial, layout, atOnce, inParts)
        + Workspace.evaluationNumbers(layout, evaluated)
        + (trial.training().measures().diagnostics() ? diagnostics(layout) : 0)
        + rows
        + Math.max(atOnce, EVALUATION_ROWS)
        + largestPart * (classes + 5) // all outputs of a part, and their order
        + largestPart * 2 // the pair of classes of each sample
        + (confusions(trial, size, classes) + areas) * trial.training().epochs();
  }

  /** Parts that are evaluated after an epoch, at most. */
  private static long evaluatedParts(TrialSpec trial) {
    return trial.training().measures().train() ? 3 : 2;
  }

  /** Numbers in the confusions of an epoch: of pairs of classes that occur, three a pair. */
  private static long confusions(TrialSpec trial, PreparedSize size, long classes) {
    long samples = trial.training().measures().train() ? size.samples() : held(trial, size);
    return 3 * Math.min(samples, evaluatedParts(trial) * classes * classes);
  }

  /** Numbers in the arrays of a batch on its way forth and back. */
  private static long training(TrialSpec trial, Layout layout, int batch, boolean inParts) {
    Noise noise = trial.training().noise();
    Perturbation perturbation =
        new Perturbation(
            layout,
            noise.into() == Into.ACTIVATIONS ? noise.sigma() : 0,
            noise.into() == Into.GRADIENTS ? noise.sigma() : 0,
            name -> new RandomStream(0));
    if (inParts) {
      return Workspace.partNumbers(layout, perturbation);
    }
    boolean noisy = noise.sigma() > 0 && noise.into() == Into.INPUTS;
    int features = layout.layers().get(0).inputs();
    return Workspace.trainingNumbers(layout, batch, perturbation)
        + (noisy ? Panels.length(Panels.paddedRows(batch), features) : 0);
  }

  /** Numbers that are kept of the layers; a double counts twice. */
  private static long diagnostics(Layout layout) {
    long values = 0;
    long widest = 0;
    for (Layer layer : layout.layers()) {
      long width = Panels.length(1, layer.outputs());
      values += width + 2L * layer.outputs() + 2 * 6;
      widest = Math.max(widest, width);
    }
    return values + 2 * widest;
  }

  private static long moments(OptimizerSpec optimizer) {
    if (optimizer instanceof OptimizerSpec.Sgd sgd) {
      return sgd.momentum() > 0 ? 1 : 0;
    }
    boolean two =
        optimizer instanceof OptimizerSpec.Adam || optimizer instanceof OptimizerSpec.AdamW;
    return two ? 2 : 1;
  }

  static long trainingRows(TrialSpec trial, PreparedSize size) {
    long rows = size.rows();
    if (trial.data().limit() > 0) {
      rows = Math.min(rows, trial.data().limit());
    }
    if (trial.data().folds() > 0) {
      rows -= rows / trial.data().folds();
    }
    long held = held(trial.data().validation(), rows) + held(trial.data().test(), rows);
    rows -= held;
    for (PrepareStep step : trial.data().prepare()) {
      if (step instanceof PrepareStep.Limit limit) {
        rows = Math.min(rows, limit.count());
      } else if (step instanceof PrepareStep.Balance balance && balance.how() == How.OVER) {
        rows = Math.min(Integer.MAX_VALUE, (long) size.classes() * size.largestClass());
      }
    }
    return Math.max(1, rows);
  }

  static long held(Part part, long rows) {
    return Math.round(part.size() < 1 ? part.size() * rows : part.size());
  }
}
