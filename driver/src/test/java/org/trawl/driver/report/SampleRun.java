package org.trawl.driver.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.results.WrittenRun;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/**
 * The rows of a run that never was: 3 learning rates x 2 networks x 2 activations x 3 repeats on
 * three classes of 50, 30 and 20 samples, some diverged, one failed, and those of sigmoid with the
 * lowest rate predict the largest class only.
 */
public final class SampleRun {
  static final Objective OBJECTIVE = new Objective("validation_accuracy", Direction.MAXIMIZE);
  static final List<String> CLASSES = List.of("cat", "dog", "bird");
  private static final int[] SUPPORT = {50, 30, 20};

  final List<Map<String, Object>> trials = new ArrayList<>();
  final List<Map<String, Object>> epochs = new ArrayList<>();
  final List<Map<String, Object>> classes = new ArrayList<>();
  final List<Map<String, Object>> confusion = new ArrayList<>();

  public SampleRun(String sweep) {
    Random random = new Random(7);
    for (double rate : List.of(0.005, 0.05, 0.5)) {
      for (List<Integer> hidden : List.of(List.of(50, 20), List.<Integer>of())) {
        for (String activation : List.of("sigmoid", "relu")) {
          for (int repeat = 1; repeat <= 3; repeat++) {
            add(sweep, rate, hidden, activation, repeat, random);
          }
        }
      }
    }
  }

  private void add(
      String sweep,
      double rate,
      List<Integer> hidden,
      String activation,
      int repeat,
      Random random) {
    String hash = String.format(Locale.ROOT, "%08x", trials.size() * 0x9E3779B1 + sweep.hashCode());
    Map<String, Object> trial = new LinkedHashMap<>();
    trial.put("sweep", sweep);
    trial.put("trial", hash);
    trial.put("point", String.format(Locale.ROOT, "%08x", (trials.size() / 3) * 0x85EBCA6B));
    trial.put("repeat", repeat);
    trial.put("fold", 0);
    trial.put("variant", null);
    boolean diverged = rate == 0.5 && hidden.size() == 2 && activation.equals("relu");
    boolean failed = trials.size() == 20;
    trial.put("status", diverged ? "DIVERGED" : failed ? "FAILED" : "COMPLETED");
    for (Key key : Keys.all()) {
      trial.put(key.column(), key.defaultValue().map(SampleRun::stored).orElse(null));
    }
    trial.put("source", "animals");
    trial.put("prepare", List.of("unit"));
    trial.put("learning_rate", rate);
    trial.put("hidden", hidden);
    trial.put("activation", activation);
    trial.put("epochs", 20);
    trial.put("seed", 8_000_000_000L + repeat);
    trials.add(trial);
    if (diverged || failed) {
      trial.put("message", diverged ? "train_loss is not finite in epoch 1" : "boom\nat line 2");
      trial.put("epochs_run", 0);
      return;
    }
    boolean lost = rate == 0.005 && activation.equals("sigmoid");
    double error = (lost ? 0.5 : 0.2 / (1 + rate * 10)) + 0.02 * random.nextDouble();
    int[][] counts = counts(lost, error, random);
    putEpochs(hash, trial, error);
    double right = 0;
    for (int actual = 0; actual < 3; actual++) {
      right += counts[actual][actual];
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("trial", hash);
      row.put("part", "validation");
      row.put("class", CLASSES.get(actual));
      row.put("recall", counts[actual][actual] / (double) SUPPORT[actual]);
      row.put("precision", 0.25);
      row.put("f1", 0.5);
      row.put("support", SUPPORT[actual]);
      row.put("roc_auc", null);
      classes.add(row);
      for (int predicted = 0; predicted < 3; predicted++) {
        Map<String, Object> cell = new LinkedHashMap<>();
        cell.put("trial", hash);
        cell.put("part", "validation");
        cell.put("actual", CLASSES.get(actual));
        cell.put("predicted", CLASSES.get(predicted));
        cell.put("count", counts[actual][predicted]);
        confusion.add(cell);
      }
    }
    trial.put("validation_accuracy", right / 100 - 1e-9 * trials.size());
    trial.put("validation_loss", error * 3);
    trial.put("train_loss", error * 2.5);
    trial.put("train_accuracy", 1 - error * 0.8);
    trial.put("macro_f1", 1 - error * 1.2);
    trial.put("seconds", 0.3 + random.nextDouble() / 10);
    trial.put("samples_per_second", 200_000 + 1000 * random.nextDouble());
    trial.put("parameters", 12_345L);
    trial.put("epochs_run", 20);
    trial.put("best_epoch", 18);
    trial.put("host", "localhost");
  }

  private static int[][] counts(boolean lost, double error, Random random) {
    int[][] counts = new int[3][3];
    for (int actual = 0; actual < 3; actual++) {
      for (int sample = 0; sample < SUPPORT[actual]; sample++) {
        boolean wrong = random.nextDouble() < error;
        counts[actual][lost ? 0 : wrong ? (actual + 1) % 3 : actual]++;
      }
    }
    return counts;
  }

  private void putEpochs(String hash, Map<String, Object> trial, double error) {
    for (int epoch = 1; epoch <= 20; epoch++) {
      double rest = error + (1 - error) * Math.exp(-epoch / 4.0);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("trial", hash);
      row.put("epoch", epoch);
      row.put("learning_rate", trial.get("learning_rate"));
      row.put("train_loss", rest * 2.5);
      row.put("train_penalty", 0.0);
      row.put("train_accuracy", 1 - rest * 0.8);
      row.put("validation_loss", rest * 3);
      row.put("validation_accuracy", 1 - rest - (epoch > 18 ? 0.001 : 0));
      row.put("test_loss", null);
      row.put("test_accuracy", null);
      row.put("seconds", 0.0171);
      row.put("samples_per_second", 200_000.0);
      epochs.add(row);
    }
  }

  /** A default as the table trials holds it. */
  private static Object stored(Object value) {
    if (value instanceof java.math.BigDecimal real) {
      return real.doubleValue();
    }
    return value instanceof Long whole ? (Object) whole.intValue() : value;
  }

  static List<Map<String, Object>> of(List<Map<String, Object>> rows, Object trial) {
    return rows.stream().filter(row -> row.get("trial").equals(trial)).toList();
  }

  /** The run as a folder with real tables. */
  public RunFolder write(Path folder, String sweep) {
    return WrittenRun.write(
        folder,
        sweep,
        OBJECTIVE,
        Map.of(
            Table.TRIALS, trials,
            Table.EPOCHS, epochs,
            Table.CLASSES, classes,
            Table.CONFUSION, confusion));
  }
}
