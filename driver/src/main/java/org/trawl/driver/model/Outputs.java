package org.trawl.driver.model;

import java.util.Arrays;
import java.util.Locale;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Panels;
import org.trawl.core.network.Network;
import org.trawl.core.network.Workspace;

/**
 * What a model puts out for samples: with softmax or sigmoid outputs, probabilities.
 *
 * @param classes number of classes
 * @param values rows x classes, row-major
 * @param losses of each sample, where its class is known; else of class 0
 */
public record Outputs(int classes, float[] values, float[] losses) {
  private static final int ROWS = 256;

  /** Samples as the model's data has them, before its preparation. */
  @FunctionalInterface
  private interface Raw {
    /**
     * Some of them.
     *
     * @return count x features, row-major
     */
    double[] samples(int from, int count);
  }

  /**
   * Puts samples through a model: through the whole of its preparation, then through its network.
   *
   * @param samples rows x features as the model's data has them, row-major; not modified
   */
  public static Outputs of(Model model, double[] samples, int rows) {
    check(model, rows == 0 ? 0 : samples.length / rows);
    int features = model.features();
    return of(
        model,
        (from, count) ->
            Arrays.copyOfRange(
                samples, from * features, Math.multiplyExact(from + count, features)),
        rows,
        new int[rows]);
  }

  /**
   * Puts samples of the model's data through it, with the losses of their labels.
   *
   * @param data before any preparation
   * @param rows which of its samples
   * @param labels class of each of them
   */
  public static Outputs of(Model model, Dataset data, int[] rows, int[] labels) {
    check(model, data.features());
    return of(
        model,
        (from, count) -> data.samples().gathered(Arrays.copyOfRange(rows, from, from + count)),
        rows.length,
        labels);
  }

  private static void check(Model model, int features) {
    if (features != model.features()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot predict by model %s: expected %d features a sample, found %d",
              model.trial(),
              model.features(),
              features));
    }
  }

  private static Outputs of(Model model, Raw raw, int rows, int[] labels) {
    Network network = model.newNetwork(Kernels.best());
    int classes = model.classes().size();
    float[] values = new float[Math.multiplyExact(rows, classes)];
    float[] losses = new float[rows];
    Workspace workspace = network.evaluationWorkspace(Math.max(1, Math.min(ROWS, rows)));
    for (int from = 0; from < rows; from += ROWS) {
      int count = Math.min(ROWS, rows - from);
      load(model.preparation().apply(raw.samples(from, count), count), count, workspace);
      network.evaluate(workspace, Arrays.copyOfRange(labels, from, from + count));
      float[] outputs = network.outputs(workspace);
      for (int i = 0; i < count; i++) {
        losses[from + i] = workspace.losses[i];
        for (int j = 0; j < classes; j++) {
          values[(from + i) * classes + j] = outputs[Panels.index(workspace.stride(), i, j)];
        }
      }
    }
    return new Outputs(classes, values, losses);
  }

  private static void load(float[] prepared, int count, Workspace workspace) {
    int inputs = prepared.length / count;
    workspace.resize(count);
    Arrays.fill(workspace.inputs, 0);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < inputs; j++) {
        workspace.inputs[Panels.index(workspace.stride(), i, j)] = prepared[i * inputs + j];
      }
    }
  }

  /** The number of samples. */
  public int rows() {
    return losses.length;
  }

  /** A class's output for a sample. */
  public float value(int row, int type) {
    return values[row * classes + type];
  }

  /** The class with the largest output, the first of equal ones. */
  public int predicted(int row) {
    int largest = 0;
    for (int type = 1; type < classes; type++) {
      if (value(row, type) > value(row, largest)) {
        largest = type;
      }
    }
    return largest;
  }
}
