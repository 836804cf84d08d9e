package org.trawl.driver.plan;

import java.util.EnumMap;
import java.util.Map;
import org.trawl.core.data.DataSpec;
import org.trawl.core.data.PreparedSize;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Layout.LayerShape;
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

  /** Kinds of work. */
  enum Work {
    PRODUCTS(1e-11),
    NARROW_PRODUCTS(2e-11),
    UPDATES(1e-10),
    SCALED_UPDATES(3e-10),
    WATCHED_UPDATES(1e-10),
    PENALTIES(1e-10),
    LIMITS(1e-10),
    VALUES(1e-9),
    CURVED_VALUES(2e-9),
    DRAWN_VALUES(2e-9),
    NOISE(4e-9),
    NORMALIZED_VALUES(2e-9),
    WATCHED_VALUES(2e-9),
    INPUTS(2e-10),
    OUTPUTS(5e-9),
    EVALUATED_OUTPUTS(5e-9),
    SAMPLES(5e-8),
    LAYERS(1e-6),
    STEPS(1e-6),
    EPOCHS(1e-5);

    private final double seconds;

    Work(double seconds) {
      this.seconds = seconds;
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
    for (LayerShape layer : layout.layers()) {
      int index = layer.number() - 1;
      boolean hidden = layer.number() < layout.layers().size();
      double values = rows * layer.panels() * Panels.WIDTH;
      // Forward and the gradient; to the layer before, of which the first has none.
      add(amounts, products(layer.panels()), 2 * layer.inputs() * values);
      if (index > 0) {
        int panels = Panels.count(layer.inputs());
        add(amounts, products(panels), rows * layer.outputs() * panels * Panels.WIDTH);
      }
      if (hidden) {
        add(amounts, values(trial), values);
        add(amounts, Work.NORMALIZED_VALUES, layer.hasBatchNorm() ? values : 0);
        add(amounts, Work.DRAWN_VALUES, trial.network().dropout().get(index) > 0 ? values : 0);
        add(amounts, Work.NOISE, noise(training, Into.ACTIVATIONS) ? values : 0);
      }
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
    add(amounts, Work.OUTPUTS, rows * size.classes());
    add(amounts, Work.SAMPLES, rows);
    add(amounts, Work.STEPS, steps);
    return amounts;
  }

  /** How much work there is between the steps of two epochs. */
  static Map<Work, Double> evaluation(TrialSpec trial, PreparedSize size) {
    Map<Work, Double> amounts = new EnumMap<>(Work.class);
    Layout layout = Layout.of(trial.network(), size.features(), size.classes());
    double rows =
        evaluated(trial, size) + (trial.training().measures().train() ? rows(trial, size) : 0);
    for (LayerShape layer : layout.layers()) {
      double values = rows * layer.panels() * Panels.WIDTH;
      add(amounts, products(layer.panels()), layer.inputs() * values);
      boolean hidden = layer.number() < layout.layers().size();
      add(amounts, values(trial), hidden ? values / 2 : 0);
      add(amounts, Work.NORMALIZED_VALUES, layer.hasBatchNorm() ? values / 2 : 0);
    }
    add(amounts, Work.INPUTS, rows * size.features());
    add(amounts, Work.EVALUATED_OUTPUTS, rows * size.classes());
    add(amounts, Work.SAMPLES, rows);
    add(amounts, Work.EPOCHS, 1);
    return amounts;
  }

  /** Few panels of outputs leave the processor's arithmetic idle at times. */
  private static Work products(int panels) {
    return panels < 3 ? Work.NARROW_PRODUCTS : Work.PRODUCTS;
  }

  private static Work values(TrialSpec trial) {
    return switch (trial.network().activation()) {
      case RELU, LEAKY_RELU, IDENTITY -> Work.VALUES;
      default -> Work.CURVED_VALUES;
    };
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
    double pool = data.limit() > 0 ? Math.min(size.rows(), data.limit()) : size.rows();
    double own = data.pooled() ? 0 : size.samples() - size.rows();
    double fold = data.folds() > 0 ? pool / data.folds() : 0;
    return own
        + fold
        + Workload.held(data.validation(), Math.round(pool - fold))
        + Workload.held(data.test(), Math.round(pool - fold));
  }
}
