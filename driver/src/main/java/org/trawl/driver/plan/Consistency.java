package org.trawl.driver.plan;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.trawl.core.network.Activation;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;

/** What keys of a point ask of each other. */
final class Consistency {
  /** The keys that belong to some optimizers only. */
  private static final List<Key> OPTIMIZER_KEYS =
      List.of(Keys.MOMENTUM, Keys.NESTEROV, Keys.BETA1, Keys.BETA2, Keys.EPSILON, Keys.DECAY);

  private final Complaints complaints;

  Consistency(Complaints complaints) {
    this.complaints = complaints;
  }

  /** Checks that no key contradicts another one. */
  boolean isConsistent(Point point) {
    int before = complaints.size();
    checkData(point);
    checkNetwork(point);
    checkOptimizer(point);
    checkSchedule(point);
    checkEarlyStopping(point);
    return before == complaints.size();
  }

  private void checkData(Point point) {
    Map<Key, Object> values = point.values();
    if (!values.get(Keys.FOLDS).equals(0L) && !isZero(values.get(Keys.VALIDATION))) {
      complaints.add(
          point, Keys.VALIDATION, "none, or 0, beside folds: each fold validates in turn");
    }
    if (point.changes(Keys.AUGMENT_SIGMA) && values.get(Keys.AUGMENT_COPIES).equals(0L)) {
      complaints.add(
          point, Keys.AUGMENT_SIGMA, "none, or 0, without data.augment.copies of at least 1");
    }
  }

  private void checkOptimizer(Point point) {
    Map<Key, Object> values = point.values();
    String optimizer = (String) values.get(Keys.OPTIMIZER);
    List<Key> own =
        switch (optimizer) {
          case "sgd" -> List.of(Keys.MOMENTUM, Keys.NESTEROV);
          case "adam" -> List.of(Keys.BETA1, Keys.BETA2, Keys.EPSILON);
          case "adamw" -> List.of(Keys.BETA1, Keys.BETA2, Keys.EPSILON, Keys.DECAY);
          default -> List.of(Keys.EPSILON);
        };
    List<Key> others = OPTIMIZER_KEYS.stream().filter(key -> !own.contains(key)).toList();
    for (Key key : others) {
      if (point.changes(key)) {
        complaints.add(
            point,
            key,
            key.defaultValue().isEmpty()
                ? "none with optimizer = " + optimizer
                : "none, or the default %s, with optimizer = %s"
                    .formatted(key.defaultText(), optimizer));
      }
    }
    boolean momentum = !values.get(Keys.MOMENTUM).equals(Keys.MOMENTUM.defaultValue().get());
    if (optimizer.equals("sgd") && values.get(Keys.NESTEROV).equals(true) && !momentum) {
      complaints.add(point, Keys.NESTEROV, "false without a momentum above 0");
    }
  }

  private void checkNetwork(Point point) {
    Map<Key, Object> values = point.values();
    if (values.get(Keys.ACTIVATION).equals(Activation.SOFTMAX.key())
        && ((List<?>) values.get(Keys.HIDDEN)).contains(1L)) {
      complaints.add(
          point,
          Keys.ACTIVATION,
          "another one with a hidden layer of one unit, whose softmax is always 1");
    }
    int layers = ((List<?>) values.get(Keys.HIDDEN)).size();
    if (values.get(Keys.DROPOUT) instanceof List<?> rates && rates.size() != layers) {
      complaints.add(
          point,
          Keys.DROPOUT,
          String.format(
              Locale.ROOT,
              "one rate, or one for each of the %d hidden layers of %s",
              layers,
              values.get(Keys.HIDDEN)));
    }
    String output = (String) values.get(Keys.OUTPUT);
    if (values.get(Keys.LOSS).equals("cross-entropy")
        && !List.of("softmax", "sigmoid").contains(output)) {
      complaints.add(point, Keys.OUTPUT, "softmax or sigmoid with loss = cross-entropy");
    }
    if (output.equals(Activation.LECUN_TANH.key())) {
      complaints.add(
          point, Keys.OUTPUT, "another one: the derivative of this does not follow from its value");
    }
    if (values.get(Keys.BATCH_NORM).equals(true) && values.get(Keys.BATCH_SIZE).equals(1L)) {
      complaints.add(
          point, Keys.BATCH_SIZE, "at least 2 with batch-norm: one sample has no variance");
    }
  }

  private void checkSchedule(Point point) {
    String kind = (String) point.values().get(Keys.SCHEDULE_KIND);
    if (point.changes(Keys.SCHEDULE_EVERY) && !kind.equals("step")) {
      complaints.add(
          point, Keys.SCHEDULE_EVERY, "none, or the default 1, with schedule.kind = " + kind);
    }
    if (point.changes(Keys.SCHEDULE_FACTOR) && !List.of("step", "exponential").contains(kind)) {
      complaints.add(
          point, Keys.SCHEDULE_FACTOR, "none, or the default 0.5, with schedule.kind = " + kind);
    }
    long warmUp = (Long) point.values().get(Keys.WARM_UP);
    if (warmUp >= (Long) point.values().get(Keys.EPOCHS)) {
      complaints.add(point, Keys.WARM_UP, "fewer epochs than training.epochs");
    }
  }

  private void checkEarlyStopping(Point point) {
    if (point.values().get(Keys.STOPPING_PATIENCE).equals(0L)) {
      for (Key key : List.of(Keys.STOPPING_METRIC, Keys.STOPPING_GAIN, Keys.RESTORE_BEST)) {
        if (point.changes(key)) {
          complaints.add(
              point,
              key,
              "none, or the default %s, without a training.early-stopping.patience above 0"
                  .formatted(key.defaultText()));
        }
      }
    }
  }

  private static boolean isZero(Object real) {
    return ((BigDecimal) real).signum() == 0;
  }
}
