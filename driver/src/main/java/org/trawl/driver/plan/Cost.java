package org.trawl.driver.plan;

import java.util.EnumMap;
import java.util.Map;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.Layer;
import org.trawl.core.network.LayerWork;
import org.trawl.core.network.Layout;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrainingSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Noise.Into;
import org.trawl.core.training.TrialSpec;

/**
 * What a trial costs: seconds of one core of the machine on which this was measured, once the JVM
 * has compiled everything, with kernels on vectors. Each kind of {@link Work} has its price. How
 * the costs of trials compare holds elsewhere too; how long they take is found by trying some.
 *
 * <p>Estimates alone depend on it: what a trial is, and where it is cut, does not.
 *
 * @param training of the steps of an epoch
 * @param evaluation after an epoch
 */
public record Cost(double training, double evaluation) {

  /**
   * Kinds of work, and what one of each takes: fitted to the epochs of 220 random trials (none to
   * ten hidden layers of 5 to 500 units, all optimizers, batches of 1 to all, four data sets) on
   * one core of an Intel Xeon with AVX-512. Half of them come to within 7 %, 95 % to within 34 %;
   * batches of one sample may take twice as long.
   */
  enum Work {
    /** Multiplying and adding, with what fills up panels. */
    PRODUCTS(1.7e-11),
    /** The same for few panels, which stay in the cache. */
    NARROW_PRODUCTS(1.1e-11),
    /** A parameter's share of a step: its gradient, and its update. */
    UPDATES(3.5e-10),
    /** The same with an optimizer that divides by a root. */
    SCALED_UPDATES(7.5e-10),
    /** A parameter's share of a step whose layers are watched. */
    WATCHED_UPDATES(1.3e-10),
    PENALTIES(4.1e-10),
    LIMITS(2.5e-10),
    /** A hidden unit's value, forth and back. */
    VALUES(6.1e-10),
    /** The same with exponential functions. */
    CURVED_VALUES(1.4e-9),
    /** A hidden unit's value that may be dropped. */
    DRAWN_VALUES(1.6e-9),
    NORMALIZED_VALUES(5.5e-10),
    /** A unit's value where layers are watched. */
    WATCHED_VALUES(8.4e-10),
    /** A normal number. */
    NOISE(5e-9),
    /** Gathering a feature of a sample. */
    INPUTS(6.7e-10),
    /** A class of an evaluated sample: its place in the order, for the curves. */
    RANKED_OUTPUTS(4.9e-8),
    SAMPLES(1.2e-8),
    /** A layer's share of a step, whatever its size. */
    LAYERS(5.5e-7),
    EPOCHS(4e-5);

    private final double seconds;

    Work(double seconds) {
      this.seconds = seconds;
    }

    /** What a layer does. */
    static Work of(LayerWork work) {
      return switch (work) {
        case PRODUCTS -> PRODUCTS;
        case NARROW_PRODUCTS -> NARROW_PRODUCTS;
        case VALUES -> VALUES;
        case CURVED_VALUES -> CURVED_VALUES;
        case DRAWN_VALUES -> DRAWN_VALUES;
        case NORMALIZED_VALUES -> NORMALIZED_VALUES;
      };
    }
  }

  /**
   * Of a trial.
   *
   * @param size of its data as prepared
   */
  public static Cost of(TrialSpec trial, PreparedSize size) {
    return new Cost(seconds(training(trial, size)), seconds(evaluation(trial, size)));
  }

  /** Of some epochs. */
  public double ofEpochs(int epochs) {
    return (training + evaluation) * epochs;
  }

  /** Of one step of an epoch. */
  public double ofStep(int rows, int batchSize) {
    return training / Math.ceil((double) rows / batchSize);
  }

  private static double seconds(Map<Work, Double> amounts) {
    return amounts.entrySet().stream()
        .mapToDouble(amount -> amount.getKey().seconds * amount.getValue())
        .sum();
  }

  /** How much work the steps of an epoch are. */
  static Map<Work, Double> training(TrialSpec trial, PreparedSize size) {
    Map<Work, Double> amounts = new EnumMap<>(Work.class);
    TrainingSpec training = trial.training();
    Layout layout = Layout.of(trial.network(), size.features(), size.classes());
    double rows = rows(trial, size);
    double steps = Math.ceil(rows / training.batchSize());
    for (Layer layer : layout.layers()) {
      boolean hidden = layer.number() < layout.layers().size();
      double values = rows * layer.panels() * Panels.WIDTH;
      layer.trainingWork().forEach((work, amount) -> add(amounts, Work.of(work), rows * amount));
      add(amounts, Work.NOISE, hidden && noise(training, Into.ACTIVATIONS) ? values : 0);
      add(amounts, Work.NOISE, noise(training, Into.GRADIENTS) ? values : 0);
      add(amounts, Work.WATCHED_VALUES, training.measures().diagnostics() ? values : 0);
      add(amounts, Work.LAYERS, steps);
    }
    double updates = steps * layout.length();
    boolean plain = training.optimizer() instanceof OptimizerSpec.Sgd;
    add(amounts, plain ? Work.UPDATES : Work.SCALED_UPDATES, updates);
    add(amounts, Work.WATCHED_UPDATES, training.measures().diagnostics() ? updates : 0);
    add(amounts, Work.PENALTIES, training.l1() > 0 || training.l2() > 0 ? updates : 0);
    add(amounts, Work.LIMITS, training.clip().equals(Clip.NONE) ? 0 : updates);
    add(amounts, Work.NOISE, noise(training, Into.INPUTS) ? rows * size.features() : 0);
    add(amounts, Work.INPUTS, rows * size.features());
    add(amounts, Work.SAMPLES, rows);
    return amounts;
  }

  /** How much work there is between the steps of two epochs. */
  static Map<Work, Double> evaluation(TrialSpec trial, PreparedSize size) {
    Map<Work, Double> amounts = new EnumMap<>(Work.class);
    Layout layout = Layout.of(trial.network(), size.features(), size.classes());
    double rows =
        evaluated(trial, size) + (trial.training().measures().train() ? rows(trial, size) : 0);
    for (Layer layer : layout.layers()) {
      layer.evaluationWork().forEach((work, amount) -> add(amounts, Work.of(work), rows * amount));
    }
    add(amounts, Work.INPUTS, rows * size.features());
    add(amounts, Work.RANKED_OUTPUTS, rows * size.classes());
    add(amounts, Work.SAMPLES, rows);
    add(amounts, Work.EPOCHS, 1);
    return amounts;
  }

  private static boolean noise(TrainingSpec training, Into into) {
    return training.noise().sigma() > 0 && training.noise().into() == into;
  }

  private static double rows(TrialSpec trial, PreparedSize size) {
    return Workload.trainingRows(trial, size) * (1.0 + trial.data().augment().copies());
  }

  private static void add(Map<Work, Double> amounts, Work work, double amount) {
    amounts.merge(work, amount, Double::sum);
  }

  /** Samples of the parts that are evaluated after each epoch. */
  private static double evaluated(TrialSpec trial, PreparedSize size) {
    DataSpec data = trial.data();
    long rows = data.limit() > 0 ? Math.min(size.rows(), data.limit()) : size.rows();
    long fold = data.folds() > 0 ? rows / data.folds() : 0;
    // A test part that is held out stands for the source's own.
    long own = data.pooled() || data.test().size() > 0 ? 0 : size.samples() - size.rows();
    return (double) own
        + fold
        + Workload.held(data.validation(), rows - fold)
        + Workload.held(data.test(), rows - fold);
  }
}
