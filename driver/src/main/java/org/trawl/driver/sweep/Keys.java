package org.trawl.driver.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Loss;
import org.trawl.core.training.EarlyStopping;

/**
 * Every key of a trial, in the order of sweep files and of the columns of the table trials. What a
 * sweep file accepts, what a column is called, what {@code trawl keys} prints and how a trial is
 * hashed all follow from this list.
 */
public final class Keys {
  private static final List<Key> ALL = new ArrayList<>();
  private static final List<String> OPTIMIZERS =
      List.of("sgd", "adam", "adamw", "rmsprop", "adagrad");

  // data
  public static final Key SOURCE =
      required(
          "data.source",
          "source",
          KeyType.SOURCE,
          Limit.NONE,
          "a name of conf/datasets.conf, or { format, train, test, .. } with the keys that are explained"
              + " there");
  public static final Key VALIDATION =
      key(
          "data.validation",
          "validation",
          KeyType.REAL,
          real("0.1"),
          Limit.PART,
          "part held out for validation: below 1 a share, from 1 a count, 0 for none");
  public static final Key TEST =
      key(
          "data.test",
          "test",
          KeyType.REAL,
          real("0"),
          Limit.PART,
          "part held out for testing: below 1 a share, from 1 a count, 0 for the source's own");
  public static final Key FOLDS =
      key(
          "data.folds",
          "folds",
          KeyType.WHOLE,
          0L,
          Limit.NONE_OR_SEVERAL,
          "folds of cross-validation, each a trial; 0 for none");
  public static final Key POOLED =
      flag(
          "data.pooled",
          "pooled",
          false,
          "whether all parts of the source are one pool before they are divided");
  public static final Key LIMIT =
      key(
          "data.limit",
          "sample_limit",
          KeyType.WHOLE,
          0L,
          Limit.NOT_NEGATIVE,
          "training samples taken before they are divided; 0 for all");
  public static final Key PREPARE =
      add(
          new Key(
              "data.prepare",
              "prepare",
              KeyType.STEPS,
              Optional.empty(),
              "what conf/datasets.conf says, else [unit] for images and [] for tables",
              PrepareSteps.words(),
              Limit.NONE,
              "steps of preparation, in order, each a word or an object with its options, such as { pca ="
                  + " 20 }, { hog { orientations = 10 } } or, for missing values, { impute = mean },"
                  + " where mean is median, most_frequent or a number too, and { impute { value ="
                  + " mean, indicator = true } } adds a feature for each that misses values"));
  public static final Key AUGMENT_SIGMA =
      key(
          "data.augment.noise-sigma",
          "augment_noise_sigma",
          KeyType.REAL,
          real("0"),
          Limit.NOT_NEGATIVE,
          "standard deviation of the noise of the copies, in the units of the source (pixels: 0 to"
              + " 255)");
  public static final Key AUGMENT_COPIES =
      key(
          "data.augment.copies",
          "augment_copies",
          KeyType.WHOLE,
          0L,
          Limit.NOT_NEGATIVE,
          "noisy copies of each training sample that are appended, the same ones in every epoch");

  // network
  public static final Key HIDDEN =
      required(
          "network.hidden",
          "hidden",
          KeyType.WIDTHS,
          Limit.COUNT,
          "widths of the hidden layers; [] for a linear model");
  public static final Key ACTIVATION =
      choice(
          "network.activation",
          "activation",
          Activation.RELU,
          Activation::key,
          Activation.values(),
          "of the hidden layers");
  public static final Key OUTPUT =
      choice(
          "network.output",
          "output",
          Activation.SOFTMAX,
          Activation::key,
          Activation.values(),
          "activation of the output layer");
  public static final Key BIAS = flag("network.bias", "bias", true, "whether layers have biases");
  public static final Key INITIALIZER =
      choice(
          "network.initializer",
          "initializer",
          Initializer.GLOROT_UNIFORM,
          Initializer::key,
          Initializer.values(),
          "how weights start");
  public static final Key DROPOUT =
      key(
          "network.dropout",
          "dropout",
          KeyType.RATES,
          real("0"),
          Limit.BELOW_ONE,
          "probability of dropping a hidden unit, one rate or one a layer");
  public static final Key BATCH_NORM =
      flag(
          "network.batch-norm",
          "batch_norm",
          false,
          "batch normalisation of hidden layers, before their activation");

  /** What a key of a file says where there is none. */
  public static final String NO_FILE = "none";

  public static final Key INITIAL =
      key(
          "network.initial",
          "initial",
          KeyType.FILE,
          NO_FILE,
          Limit.NONE,
          "a safetensors file of weights to start from; what it lacks starts as initializer says");

  // training
  public static final Key OPTIMIZER =
      text("training.optimizer", "optimizer", "sgd", OPTIMIZERS, "update rule");
  public static final Key LEARNING_RATE =
      required(
          "training.learning-rate",
          "learning_rate",
          KeyType.REAL,
          Limit.NOT_NEGATIVE,
          "step size of an update");
  public static final Key MOMENTUM =
      key(
          "training.momentum",
          "momentum",
          KeyType.REAL,
          real("0"),
          Limit.BELOW_ONE,
          "of sgd, in [0, 1)");
  public static final Key NESTEROV =
      flag("training.nesterov", "nesterov", false, "Nesterov's form of momentum");
  public static final Key BETA1 =
      key(
          "training.beta1",
          "beta1",
          KeyType.REAL,
          real("0.9"),
          Limit.BELOW_ONE,
          "decay of the mean of gradients, of adam and adamw, in [0, 1)");
  public static final Key BETA2 =
      key(
          "training.beta2",
          "beta2",
          KeyType.REAL,
          real("0.999"),
          Limit.BELOW_ONE,
          "decay of the mean of squared gradients, of adam and adamw, in [0, 1)");
  public static final Key EPSILON =
      add(
          new Key(
              "training.epsilon",
              "epsilon",
              KeyType.REAL,
              Optional.empty(),
              "1e-8, of adagrad 1e-10",
              List.of(),
              Limit.POSITIVE,
              "added to the root of the squared gradients; not of sgd"));
  public static final Key DECAY =
      key(
          "training.decay",
          "decay",
          KeyType.REAL,
          real("0.01"),
          Limit.NOT_NEGATIVE,
          "adamw's decay of weights, times the learning rate a step");
  public static final Key LOSS =
      choice(
          "training.loss",
          "loss",
          Loss.CROSS_ENTROPY,
          Loss::key,
          Loss.values(),
          "data loss of a sample");
  public static final Key REDUCTION =
      text(
          "training.reduction",
          "reduction",
          "mean",
          List.of("mean", "sum"),
          "of the samples' losses over a batch");
  public static final Key L1 =
      key(
          "training.l1",
          "l1",
          KeyType.REAL,
          real("0"),
          Limit.NOT_NEGATIVE,
          "penalty l1 * sum|w| over weights");
  public static final Key L2 =
      key(
          "training.l2",
          "l2",
          KeyType.REAL,
          real("0"),
          Limit.NOT_NEGATIVE,
          "penalty l2/2 * sum w² over weights");
  public static final Key BATCH_SIZE =
      key(
          "training.batch-size",
          "batch_size",
          KeyType.COUNT_OR_ALL,
          32L,
          Limit.COUNT,
          "samples a step; all for the whole training part (NULL in tables)");
  public static final Key EPOCHS =
      key(
          "training.epochs",
          "epochs",
          KeyType.WHOLE,
          10L,
          Limit.COUNT,
          "passes over the training part");
  public static final Key SHUFFLE =
      flag(
          "training.shuffle",
          "shuffle",
          true,
          "whether each epoch takes the samples in another order");
  public static final Key NOISE_SIGMA =
      key(
          "training.noise.sigma",
          "noise_sigma",
          KeyType.REAL,
          real("0"),
          Limit.NOT_NEGATIVE,
          "standard deviation of Gaussian noise added in training");
  public static final Key NOISE_INTO =
      text(
          "training.noise.into",
          "noise_into",
          "activations",
          List.of("inputs", "activations", "gradients"),
          "what the noise is added to: the samples, the activations of hidden layers, or the"
              + " derivatives of a sample's loss by pre-activations");
  public static final Key SCHEDULE_KIND =
      text(
          "training.schedule.kind",
          "schedule_kind",
          "constant",
          List.of("constant", "step", "exponential", "cosine"),
          "how the learning rate changes from epoch to epoch");
  public static final Key SCHEDULE_EVERY =
      key(
          "training.schedule.every",
          "schedule_every",
          KeyType.WHOLE,
          1L,
          Limit.COUNT,
          "epochs between two changes of a step schedule");
  public static final Key SCHEDULE_FACTOR =
      key(
          "training.schedule.factor",
          "schedule_factor",
          KeyType.REAL,
          real("0.5"),
          Limit.POSITIVE,
          "factor of the learning rate at each change, of step and exponential");
  public static final Key WARM_UP =
      key(
          "training.schedule.warm-up",
          "schedule_warm_up",
          KeyType.WHOLE,
          0L,
          Limit.NOT_NEGATIVE,
          "epochs over which the learning rate rises to its full value in equal steps");
  public static final Key CLIP_NORM =
      key(
          "training.clip.norm",
          "clip_norm",
          KeyType.REAL,
          real("0"),
          Limit.NOT_NEGATIVE,
          "length that a longer gradient is scaled to; 0 for no limit");
  public static final Key CLIP_VALUE =
      key(
          "training.clip.value",
          "clip_value",
          KeyType.REAL,
          real("0"),
          Limit.NOT_NEGATIVE,
          "largest magnitude of a gradient's element; 0 for no limit");
  public static final Key STOPPING_METRIC =
      choice(
          "training.early-stopping.metric",
          "early_stopping_metric",
          EarlyStopping.NONE.metric(),
          EarlyStopping.Metric::key,
          EarlyStopping.Metric.values(),
          "what early stopping watches: a metric of the training, or of a part that the data has");
  public static final Key STOPPING_PATIENCE =
      key(
          "training.early-stopping.patience",
          "early_stopping_patience",
          KeyType.WHOLE,
          0L,
          Limit.NOT_NEGATIVE,
          "epochs in a row without a gain after which the training ends; 0 to train all epochs");
  public static final Key STOPPING_GAIN =
      key(
          "training.early-stopping.minimum-gain",
          "early_stopping_minimum_gain",
          KeyType.REAL,
          real("0"),
          Limit.NOT_NEGATIVE,
          "a gain is a value better by more than this than the one at the last gain");
  public static final Key RESTORE_BEST =
      flag(
          "training.early-stopping.restore-best",
          "early_stopping_restore_best",
          true,
          "whether the network ends with the weights of its best epoch by the watched metric");
  public static final Key DIAGNOSTICS =
      flag(
          "training.diagnostics",
          "diagnostics",
          true,
          "whether gradients, activations and weights are watched, for the table layers");
  public static final Key EVALUATE_TRAIN =
      flag(
          "training.evaluate-train",
          "evaluate_train",
          false,
          "whether the whole training part is evaluated after each epoch, dropout and noise off");
  public static final Key TOP_K =
      key(
          "training.top-k",
          "top_k",
          KeyType.WHOLE,
          3L,
          Limit.COUNT,
          "how many classes of largest output count as right for top_k_accuracy");
  public static final Key ROC_POINTS =
      key(
          "training.roc-points",
          "roc_points",
          KeyType.WHOLE,
          0L,
          Limit.NONE_OR_SEVERAL,
          "points kept of each class's ROC curve, for the table roc; 0 for none");

  private Keys() {}

  /** The default of {@link #EPSILON}: PyTorch's. */
  public static BigDecimal epsilon(String optimizer) {
    return real(optimizer.equals("adagrad") ? "1e-10" : "1e-8");
  }

  /** All keys, in order. */
  public static List<Key> all() {
    return List.copyOf(ALL);
  }

  /** The key of a name: as written in a file, its column, or its last part where that is unique. */
  public static Optional<Key> find(String name) {
    List<Key> exact =
        ALL.stream()
            .filter(key -> key.path().equals(name) || key.column().equals(name.replace('-', '_')))
            .toList();
    List<Key> found =
        exact.isEmpty() ? ALL.stream().filter(key -> key.lastPart().equals(name)).toList() : exact;
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  private static BigDecimal real(String value) {
    return ValueReader.canonical(Double.parseDouble(value));
  }

  private static Key required(
      String path, String column, KeyType type, Limit limit, String meaning) {
    return add(new Key(path, column, type, Optional.empty(), "", List.of(), limit, meaning));
  }

  private static Key key(
      String path, String column, KeyType type, Object defaultValue, Limit limit, String meaning) {
    return add(
        new Key(path, column, type, Optional.of(defaultValue), "", List.of(), limit, meaning));
  }

  private static Key flag(String path, String column, boolean defaultValue, String meaning) {
    return key(path, column, KeyType.FLAG, defaultValue, Limit.NONE, meaning);
  }

  private static Key text(
      String path, String column, String defaultValue, List<String> choices, String meaning) {
    return add(
        new Key(
            path,
            column,
            KeyType.TEXT,
            Optional.of(defaultValue),
            "",
            choices,
            Limit.NONE,
            meaning));
  }

  private static <E> Key choice(
      String path,
      String column,
      E defaultValue,
      Function<E, String> word,
      E[] choices,
      String meaning) {
    List<String> words = Arrays.stream(choices).map(word).toList();
    return text(path, column, word.apply(defaultValue), words, meaning);
  }

  private static Key add(Key key) {
    ALL.add(key);
    return key;
  }
}
