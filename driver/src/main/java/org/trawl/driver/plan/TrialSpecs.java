package org.trawl.driver.plan;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.DataSpec.Augment;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.network.Activation;
import org.trawl.core.network.InitialWeights;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.EarlyStopping;
import org.trawl.core.training.TrainingSpec;
import org.trawl.core.training.TrainingSpec.Clip;
import org.trawl.core.training.TrainingSpec.Measures;
import org.trawl.core.training.TrainingSpec.Noise;
import org.trawl.core.training.TrainingSpec.Reduction;
import org.trawl.core.training.TrainingSpec.Schedule;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.PrepareSteps;

/** Maps the values of keys to the core's specification of a trial. */
final class TrialSpecs {
  private final Map<Key, Object> values;

  private TrialSpecs(Map<Key, Object> values) {
    this.values = values;
  }

  /**
   * The specification of a trial.
   *
   * @param values of all keys
   * @param initial the file of the key of that name, with its content
   * @throws IllegalArgumentException if the core refuses them
   */
  static TrialSpec of(
      Map<Key, Object> values, SourceSpec source, InitialWeights initial, long seed, int fold) {
    TrialSpecs specs = new TrialSpecs(values);
    return new TrialSpec(specs.data(source), specs.network(initial), specs.training(), seed, fold);
  }

  private DataSpec data(SourceSpec source) {
    return new DataSpec(
        source,
        new Part(real(Keys.VALIDATION)),
        new Part(real(Keys.TEST)),
        whole(Keys.FOLDS),
        flag(Keys.POOLED),
        whole(Keys.LIMIT),
        this.<String>list(Keys.PREPARE).stream().map(PrepareSteps::step).toList(),
        new Augment(real(Keys.AUGMENT_SIGMA), whole(Keys.AUGMENT_COPIES)));
  }

  private NetworkSpec network(InitialWeights initial) {
    List<Integer> hidden = this.<Long>list(Keys.HIDDEN).stream().map(Math::toIntExact).toList();
    return new NetworkSpec(
        hidden,
        constant(Activation.values(), Activation::key, text(Keys.ACTIVATION)),
        constant(Activation.values(), Activation::key, text(Keys.OUTPUT)),
        flag(Keys.BIAS),
        constant(Initializer.values(), Initializer::key, text(Keys.INITIALIZER)),
        rates(hidden.size()),
        flag(Keys.BATCH_NORM),
        initial);
  }

  private List<Double> rates(int layers) {
    return values.get(Keys.DROPOUT) instanceof BigDecimal rate
        ? Collections.nCopies(layers, rate.doubleValue())
        : this.<BigDecimal>list(Keys.DROPOUT).stream().map(BigDecimal::doubleValue).toList();
  }

  private TrainingSpec training() {
    return new TrainingSpec(
        optimizer(),
        real(Keys.LEARNING_RATE),
        constant(Loss.values(), Loss::key, text(Keys.LOSS)),
        Reduction.valueOf(text(Keys.REDUCTION).toUpperCase(Locale.ROOT)),
        real(Keys.L1),
        real(Keys.L2),
        values.get(Keys.BATCH_SIZE) instanceof Long ? whole(Keys.BATCH_SIZE) : TrainingSpec.ALL,
        whole(Keys.EPOCHS),
        flag(Keys.SHUFFLE),
        new Noise(
            real(Keys.NOISE_SIGMA),
            Noise.Into.valueOf(text(Keys.NOISE_INTO).toUpperCase(Locale.ROOT))),
        new Schedule(
            Schedule.Kind.valueOf(text(Keys.SCHEDULE_KIND).toUpperCase(Locale.ROOT)),
            whole(Keys.SCHEDULE_EVERY),
            real(Keys.SCHEDULE_FACTOR),
            whole(Keys.WARM_UP)),
        new Clip(real(Keys.CLIP_NORM), real(Keys.CLIP_VALUE)),
        new EarlyStopping(
            constant(
                EarlyStopping.Metric.values(),
                EarlyStopping.Metric::key,
                text(Keys.STOPPING_METRIC)),
            whole(Keys.STOPPING_PATIENCE),
            real(Keys.STOPPING_GAIN),
            flag(Keys.RESTORE_BEST)),
        new Measures(
            flag(Keys.DIAGNOSTICS),
            flag(Keys.EVALUATE_TRAIN),
            whole(Keys.TOP_K),
            whole(Keys.ROC_POINTS)));
  }

  private OptimizerSpec optimizer() {
    return switch (text(Keys.OPTIMIZER)) {
      case "sgd" -> new OptimizerSpec.Sgd(real(Keys.MOMENTUM), flag(Keys.NESTEROV));
      case "adam" -> new OptimizerSpec.Adam(real(Keys.BETA1), real(Keys.BETA2), real(Keys.EPSILON));
      case "adamw" ->
          new OptimizerSpec.AdamW(
              real(Keys.BETA1), real(Keys.BETA2), real(Keys.EPSILON), real(Keys.DECAY));
      case "rmsprop" -> new OptimizerSpec.RmsProp(real(Keys.EPSILON));
      case "adagrad" -> new OptimizerSpec.AdaGrad(real(Keys.EPSILON));
      default -> throw new IllegalStateException("No optimizer " + text(Keys.OPTIMIZER));
    };
  }

  private static <E> E constant(E[] constants, Function<E, String> word, String key) {
    return Arrays.stream(constants)
        .filter(constant -> word.apply(constant).equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("No constant for " + key));
  }

  private String text(Key key) {
    return (String) values.get(key);
  }

  private boolean flag(Key key) {
    return (Boolean) values.get(key);
  }

  private int whole(Key key) {
    return Math.toIntExact((Long) values.get(key));
  }

  private double real(Key key) {
    return ((BigDecimal) values.get(key)).doubleValue();
  }

  @SuppressWarnings("unchecked") // The key's type names the type of its elements.
  private <T> List<T> list(Key key) {
    return (List<T>) values.get(key);
  }
}
